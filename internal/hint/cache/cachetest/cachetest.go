// Package cachetest has the tests that every cache.Cache must pass.
package cachetest

import (
	"bytes"
	"fmt"
	"sync"
	"testing"
	"time"

	"codecollab.dev/internal/hint/cache"
)

// Run tests a Cache. fresh makes an empty one with room for at least 1 MiB, and a function that lets time pass for it.
func Run(t *testing.T, fresh func(t *testing.T) (c cache.Cache, pass func(time.Duration))) {
	get := func(t *testing.T, c cache.Cache, key string) ([]byte, bool) {
		t.Helper()
		v, ok, err := c.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		return v, ok
	}
	put := func(t *testing.T, c cache.Cache, key string, value []byte, keep time.Duration) {
		t.Helper()
		if err := c.Put(t.Context(), key, value, keep); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("what was put is there, byte by byte", func(t *testing.T) {
		c, _ := fresh(t)
		value := []byte("a\x00\xff\nb")
		put(t, c, "k", value, time.Hour)
		value[0] = 'z' // the cache has its own copy
		if v, ok := get(t, c, "k"); !ok || !bytes.Equal(v, []byte("a\x00\xff\nb")) {
			t.Fatalf("got %q, %v", v, ok)
		}
		if v, ok := get(t, c, "another"); ok {
			t.Fatalf("there is %q under a key that was never put", v)
		}
	})
	t.Run("the newer value wins, and an empty one is a value", func(t *testing.T) {
		c, _ := fresh(t)
		put(t, c, "k", []byte("old"), time.Hour)
		put(t, c, "k", nil, time.Hour)
		if v, ok := get(t, c, "k"); !ok || len(v) != 0 {
			t.Fatalf("got %q, %v", v, ok)
		}
	})
	t.Run("after its time it is gone, and not before", func(t *testing.T) {
		c, pass := fresh(t)
		put(t, c, "short", []byte("x"), 2*time.Second)
		put(t, c, "long", []byte("y"), time.Hour)
		if _, ok := get(t, c, "short"); !ok {
			t.Fatal("it is gone at once")
		}
		pass(3 * time.Second)
		if _, ok := get(t, c, "short"); ok {
			t.Fatal("it is there after its time")
		}
		if _, ok := get(t, c, "long"); !ok {
			t.Fatal("the other one has gone with it")
		}
	})
	t.Run("many at once", func(t *testing.T) {
		c, _ := fresh(t)
		var all sync.WaitGroup
		for i := range 16 {
			all.Go(func() {
				for n := range 50 {
					key := fmt.Sprint("k", n)
					if err := c.Put(t.Context(), key, []byte(key), time.Hour); err != nil {
						t.Error(err)
					}
					if v, ok, err := c.Get(t.Context(), key); err != nil || !ok || string(v) != key {
						t.Errorf("reader %d: %q, %v, %v", i, v, ok, err)
					}
				}
			})
		}
		all.Wait()
	})
}
