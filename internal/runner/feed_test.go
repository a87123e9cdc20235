package runner

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
)

// TestFeedHasRoom: whoever fills a feed waits while more lies there than may, and goes on when it was taken.
func TestFeedHasRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFeed(10)
		f.add("0123456789", false)
		f.room(t.Context()) // just full is not crowded
		f.add("abc", false)
		through := false
		go func() { f.room(t.Context()); through = true }()
		synctest.Wait()
		if through {
			t.Fatal("there was room, with 13 bytes of 10")
		}
		if data, done := f.next(t.Context()); string(data) != "0123456789abc" || done {
			t.Fatalf("%q %v", data, done)
		}
		synctest.Wait()
		if !through {
			t.Fatal("there was no room in an empty feed")
		}
		f.add(strings.Repeat("x", 11), true)
		ctx, cancel := context.WithCancel(t.Context())
		gone := false
		go func() { f.room(ctx); gone = true }()
		synctest.Wait()
		cancel()
		synctest.Wait()
		if !gone {
			t.Fatal("it waited for room after all was over")
		}
		if data, done := f.next(ctx); len(data) != 11 || done {
			t.Fatalf("%q %v", data, done)
		}
		if _, done := f.next(ctx); !done {
			t.Fatal("there is no end")
		}
	})
}
