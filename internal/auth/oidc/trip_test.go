package oidc_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"codecollab.dev/internal/auth/oidc"
)

func TestTripsEndOnce(t *testing.T) {
	p := idp(t)
	way := provider(t, p, nil)
	b := visit(t, way)
	if _, err := b.finish(); err != nil {
		t.Fatal(err)
	}
	_, err := b.finish()
	wantRefusal(t, err, "bad_state", "used before")

	ann, eve := visit(t, way), visit(t, way)
	ann.sealed = eve.sealed
	_, err = ann.finish()
	wantRefusal(t, err, "bad_state", "not that of this browser")

	b = visit(t, way)
	b.sealed = ""
	_, err = b.finish()
	wantRefusal(t, err, "bad_state", "no cookie")

	b = visit(t, way)
	b.sealed = b.sealed[:len(b.sealed)-2] + "AA"
	_, err = b.finish()
	wantRefusal(t, err, "bad_state", "altered")

	b = visit(t, way)
	b.way = provider(t, p, func(_ *oidc.Settings, o *oidc.Options) { o.ID = "other" })
	_, err = b.finish()
	wantRefusal(t, err, "bad_state", `begun with "test" and came back to "other"`)

	b = visit(t, way)
	b.answer.Add("state", b.answer.Get("state"))
	_, err = b.finish()
	wantRefusal(t, err, "bad_state", "2 times")
}

func TestTripsTakeNotForEver(t *testing.T) {
	p := idp(t)
	var later atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	way := provider(t, p, func(_ *oidc.Settings, o *oidc.Options) { o.Trips, o.Now = trips(t, now), now })
	b := visit(t, way)
	later.Store(int64(15*time.Minute + time.Second))
	_, err := b.finish()
	wantRefusal(t, err, "bad_state", "it may take 15m")
}

// TestUsedForgets: what has been used is remembered for as long as it could be used again, and no longer.
func TestUsedForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		used := oidc.NewMemory(time.Now, 2)
		use := func(name string) bool {
			isNew, err := used.Use(context.Background(), name, time.Now().Add(time.Minute))
			return isNew && err == nil
		}
		if !use("a") || use("a") || !use("b") || use("c") {
			t.Error("a and b are new once, and there is no room for c")
		}
		time.Sleep(2 * time.Minute)
		if !use("c") {
			t.Error("what cannot be used any more takes room")
		}
	})
}
