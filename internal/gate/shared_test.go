package gate_test

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"codecollab.dev/internal/bus/redis"
	"codecollab.dev/internal/gate"
	"codecollab.dev/internal/servicetest"
)

// counting is what one node counts with.
type counting struct {
	redis   *redis.Redis
	buckets *gate.SharedBuckets
	tries   *gate.SharedAttempts
}

func newCounting(t *testing.T, url string) counting {
	t.Helper()
	r, err := redis.Open(t.Context(), redis.Options{URL: url, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	waitFor(t, "Redis", func() bool { return r.Health().OK })
	return counting{r, gate.NewSharedBuckets(r, gate.NewBuckets(100, time.Now)), gate.NewSharedAttempts(r, gate.NewAttempts(3, time.Minute, 100, time.Now))}
}

func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it does not come to this: ", what)
		}
	}
}

func TestNodesCountTogether(t *testing.T) {
	server := servicetest.Redis(t)
	n := []counting{newCounting(t, server.URL), newCounting(t, server.URL)}
	slow := gate.Rate{Burst: 6, Every: 10 * time.Minute}
	for i := range 6 {
		if wait := n[i%2].buckets.Take("ann", slow); wait != 0 {
			t.Fatalf("the %d. waits %v", i+1, wait)
		}
	}
	for i := range n {
		if wait := n[i].buckets.Take("ann", slow); wait <= 9*time.Minute || wait > 10*time.Minute {
			t.Errorf("one too many waits %v at node %d", wait, i)
		}
		if n[i].buckets.Take(fmt.Sprint("bob", i), slow) != 0 || n[i].buckets.Take("ann", gate.PerMinute(0)) != 0 {
			t.Error("somebody else waits, or somebody without a limit")
		}
	}
	quick := gate.Rate{Burst: 1, Every: 50 * time.Millisecond}
	n[0].buckets.Take("cy", quick)
	waitFor(t, "a bucket empties", func() bool { return n[1].buckets.Take("cy", quick) == 0 })

	server.Stop()
	waitFor(t, "Redis is away", func() bool { return !n[0].redis.Health().OK })
	for i := range 6 {
		if wait := n[0].buckets.Take("ann", slow); wait != 0 {
			t.Fatalf("alone, the %d. waits %v", i+1, wait)
		}
	}
	if n[0].buckets.Take("ann", slow) == 0 {
		t.Error("without Redis there is no limit")
	}
}

func TestNodesSlowDownTogether(t *testing.T) {
	server := servicetest.Redis(t)
	n := []counting{newCounting(t, server.URL), newCounting(t, server.URL)}
	for i := range 3 {
		if wait := n[i%2].tries.Try("ann"); wait != 0 {
			t.Fatalf("the %d. waits %v", i+1, wait)
		}
	}
	if wait := n[1].tries.Try("ann"); wait <= 0 || wait > time.Second {
		t.Errorf("the next waits %v", wait)
	}
	waitFor(t, "the wait ends", func() bool { return n[0].tries.Try("ann") == 0 })
	if wait := n[1].tries.Try("ann"); wait <= time.Second || wait > 2*time.Second {
		t.Errorf("the one after that waits %v", wait)
	}
	n[0].tries.Passed("ann")
	if wait := n[1].tries.Try("ann"); wait != 0 {
		t.Errorf("who has signed in waits %v", wait)
	}
}
