package gate

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func TestBucketsFillAndDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBuckets(100, time.Now)
		r := PerMinute(6)
		for i := range 6 {
			if wait := b.Take("ann", r); wait != 0 {
				t.Fatalf("the %d. waits %v", i+1, wait)
			}
		}
		if wait := b.Take("ann", r); wait != 10*time.Second {
			t.Errorf("one too many waits %v, want 10s", wait)
		}
		if wait := b.Take("bob", r); wait != 0 {
			t.Errorf("somebody else waits %v", wait)
		}
		time.Sleep(10 * time.Second)
		if wait := b.Take("ann", r); wait != 0 {
			t.Errorf("after the wait it is still %v", wait)
		}
		if wait := b.Take("ann", r); wait != 10*time.Second {
			t.Errorf("and the next waits %v", wait)
		}
		for range 1000 {
			if b.Take("ann", PerMinute(0)) != 0 {
				t.Fatal("no limit has a limit")
			}
		}
	})
}

func TestBucketsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBuckets(50, time.Now)
		r := PerMinute(5)
		waited := 0
		for i := range 10_000 {
			if b.Take(fmt.Sprint("stranger ", i), r) > 0 {
				waited++
			}
		}
		if len(b.empty) > 51 || waited != 10_000-50-5 {
			t.Errorf("%d keys are held, and %d had to wait", len(b.empty), waited)
		}
		if b.Take("stranger 1", r) != 0 {
			t.Error("whoever was there before shares the bucket of the crowd")
		}
		time.Sleep(2 * time.Minute)
		if b.Take("another", r) != 0 || len(b.empty) != 1 {
			t.Errorf("after a while %d keys are held", len(b.empty))
		}
	})
}

func TestAttemptsWaitLongerAndLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := NewAttempts(3, 8*time.Second, 10, time.Now)
		var waits []time.Duration
		for range 8 {
			wait := a.Try("ann")
			waits = append(waits, wait)
			if wait > 0 {
				if again := a.Try("ann"); again != wait {
					t.Errorf("asking alone changed the wait from %v to %v", wait, again)
				}
				time.Sleep(wait)
				a.Try("ann")
			}
		}
		if want := "[0s 0s 0s 1s 2s 4s 8s 8s]"; fmt.Sprint(waits) != want {
			t.Errorf("the waits are %v, want %v", waits, want)
		}
		if a.Try("bob") != 0 {
			t.Error("somebody else waits")
		}
		a.Passed("ann")
		if a.Try("ann") != 0 {
			t.Error("who has signed in waits")
		}
		for i := range 1000 {
			a.Try(fmt.Sprint("name ", i))
		}
		if len(a.names) > 10 {
			t.Errorf("%d names are held", len(a.names))
		}
		for range 4 {
			a.Try("cy")
		}
		time.Sleep(9*time.Second + forgetAfter)
		if a.Try("cy") != 0 || a.names["cy"].tries != 1 {
			t.Errorf("after an hour it still is attempt %d", a.names["cy"].tries)
		}
	})
}
