package cache_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"codecollab.dev/internal/bus/redis"
	"codecollab.dev/internal/hint/cache"
	"codecollab.dev/internal/hint/cache/cachetest"
	"codecollab.dev/internal/servicetest"
)

func TestMemory(t *testing.T) {
	cachetest.Run(t, func(*testing.T) (cache.Cache, func(time.Duration)) {
		var offset atomic.Int64
		start := time.Now()
		now := func() time.Time { return start.Add(time.Duration(offset.Load())) }
		return cache.NewMemory(1<<20, now), func(d time.Duration) { offset.Add(int64(d)) }
	})
}

func openRedis(t *testing.T, url string) *redis.Redis {
	t.Helper()
	r, err := redis.Open(t.Context(), redis.Options{URL: url, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	for end := time.Now().Add(20 * time.Second); !r.Health().OK; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("Redis is never there")
		}
	}
	return r
}

func TestRedis(t *testing.T) {
	server := servicetest.Redis(t)
	n := 0
	cachetest.Run(t, func(t *testing.T) (cache.Cache, func(time.Duration)) {
		n++
		url := strings.TrimSuffix(server.URL, "0") + fmt.Sprint(n)
		return openRedis(t, url), time.Sleep // Redis has a clock of its own
	})
}

func TestShared(t *testing.T) {
	server := servicetest.Redis(t)
	n := 0
	cachetest.Run(t, func(t *testing.T) (cache.Cache, func(time.Duration)) {
		n++
		url := strings.TrimSuffix(server.URL, "0") + fmt.Sprint(n)
		return cache.NewShared(cache.NewMemory(2<<20, time.Now), openRedis(t, url)), time.Sleep
	})
}

func TestSharedByNodes(t *testing.T) {
	server := servicetest.Redis(t)
	nodes := []*cache.Shared{}
	var last *redis.Redis
	for range 2 {
		last = openRedis(t, server.URL)
		nodes = append(nodes, cache.NewShared(cache.NewMemory(1<<20, time.Now), last))
	}
	has := func(n *cache.Shared, key string) bool {
		v, ok, err := n.Get(t.Context(), key)
		return err == nil && ok && string(v) == "v-"+key
	}
	_ = nodes[0].Put(t.Context(), "a", []byte("v-a"), time.Hour)
	if !has(nodes[1], "a") {
		t.Error("what one node has found, another one does not have")
	}
	server.Flush()
	if !has(nodes[1], "a") || has(nodes[1], "b") {
		t.Error("what was asked for once is not kept near")
	}
	server.Stop()
	if err := nodes[0].Put(t.Context(), "c", []byte("v-c"), time.Hour); err != nil || !has(nodes[0], "c") || has(nodes[1], "c") {
		t.Error("without Redis each node has its own:", err)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	const most = 100_000
	m := cache.NewMemory(most, time.Now)
	value := []byte(strings.Repeat("x", 1000))
	for i := range 1000 {
		_ = m.Put(t.Context(), fmt.Sprint(i), value, time.Hour)
		_, _, _ = m.Get(t.Context(), "0") // used all the time, so it stays
		if m.Bytes() > most {
			t.Fatalf("%d bytes after %d values", m.Bytes(), i+1)
		}
	}
	for key, want := range map[string]bool{"0": true, "1": false, "900": false, "999": true} {
		if _, ok, _ := m.Get(t.Context(), key); ok != want {
			t.Errorf("%s is there: %v", key, ok)
		}
	}
	_ = m.Put(t.Context(), "0", make([]byte, most), time.Hour)
	if _, ok, _ := m.Get(t.Context(), "0"); ok {
		t.Error("a value that is larger than all should not be kept, nor the one before it")
	}
}

func TestKeysOfDifferentPartsDiffer(t *testing.T) {
	seen := map[string][]string{}
	for _, parts := range [][]string{{}, {""}, {"", ""}, {"ab", "c"}, {"a", "bc"}, {"abc"}, {"a", "b", "c"}} {
		k := cache.Key(parts...)
		if other, ok := seen[k]; ok {
			t.Errorf("%q and %q have the same key", parts, other)
		}
		seen[k] = parts
	}
}

func TestThirtyPeopleShareOneAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var flights cache.Flights[string, string]
		var calls, shared atomic.Int32
		work := func(ctx context.Context, tell func(string)) (string, error) {
			calls.Add(1)
			for _, word := range []string{"Look ", "at ", "line 3."} {
				time.Sleep(time.Second)
				tell(word)
			}
			return "whole", nil
		}
		var all sync.WaitGroup
		for i := range 30 {
			all.Go(func() {
				time.Sleep(time.Duration(i) * 90 * time.Millisecond) // some come when most of it has been said
				seen := ""
				a, joined, err := flights.Join(t.Context(), "k", func(p string) { seen += p }, work)
				if a != "whole" || err != nil || seen != "Look at line 3." {
					t.Errorf("person %d: %q, told %q, %v", i, a, seen, err)
				}
				if joined {
					shared.Add(1)
				}
			})
		}
		all.Wait()
		if calls.Load() != 1 || shared.Load() != 29 {
			t.Errorf("%d calls, %d shared", calls.Load(), shared.Load())
		}
		// The flight is over: the next one who asks starts another.
		if _, joined, _ := flights.Join(t.Context(), "k", func(string) {}, work); joined || calls.Load() != 2 {
			t.Errorf("joined %v, %d calls", joined, calls.Load())
		}
	})
}

func TestTheLastOneWhoGoesCallsItOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var flights cache.Flights[string, string]
		var called, off atomic.Int32
		work := func(ctx context.Context, _ func(string)) (string, error) {
			called.Add(1)
			<-ctx.Done()
			off.Add(1)
			return "", ctx.Err()
		}
		one, stopOne := context.WithCancel(t.Context())
		two, stopTwo := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for _, ctx := range []context.Context{one, two} {
			all.Go(func() {
				if _, _, err := flights.Join(ctx, "k", func(string) {}, work); !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		stopOne()
		synctest.Wait()
		if off.Load() != 0 {
			t.Fatal("called off while somebody waits")
		}
		stopTwo()
		synctest.Wait()
		if off.Load() != 1 || called.Load() != 1 {
			t.Errorf("called off %d times of %d", off.Load(), called.Load())
		}
		all.Wait()
	})
}

func TestAFailureIsToldToAllAndNotKept(t *testing.T) {
	var flights cache.Flights[string, string]
	if _, _, err := flights.Join(t.Context(), "k", func(string) {}, func(context.Context, func(string)) (string, error) {
		panic("oops")
	}); err == nil || !strings.Contains(err.Error(), "oops") {
		t.Fatal(err)
	}
	a, joined, err := flights.Join(t.Context(), "k", func(string) {}, func(context.Context, func(string)) (string, error) { return "fine", nil })
	if a != "fine" || joined || err != nil {
		t.Fatal(a, joined, err)
	}
}

func TestRecentKeepsWhatWasUsedLast(t *testing.T) {
	now := time.Now()
	r := cache.NewRecent[int](3, time.Minute, func() time.Time { return now })
	for i := range 5 {
		r.Put(fmt.Sprint(i), i)
		r.Get("0")
	}
	for key, want := range map[string]bool{"0": true, "1": false, "2": false, "3": true, "4": true} {
		if _, ok := r.Get(key); ok != want {
			t.Errorf("%s is there: %v", key, ok)
		}
	}
	now = now.Add(time.Minute)
	if _, ok := r.Get("0"); ok {
		t.Error("it is there after its time")
	}
}
