package oidc_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"codecollab.dev/internal/auth/oidc"
	"codecollab.dev/internal/auth/oidc/oidctest"
)

func TestKeysAreFetchedSeldom(t *testing.T) {
	p := idp(t)
	var later atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	way := provider(t, p, func(_ *oidc.Settings, o *oidc.Options) { o.Trips, o.Now, o.Again = trips(t, now), now, 30*time.Second })
	if _, err := visit(t, way).finish(); err != nil {
		t.Fatal(err)
	}
	foreign := oidctest.New()
	defer foreign.Close()
	forged := func(claims map[string]any, _ string) string {
		return oidctest.Sign(signer(foreign), "unknown", claims, nil)
	}
	p.With(oidctest.Does{Token: forged})
	for range 5 {
		_, err := visit(t, way).finish()
		wantRefusal(t, err, "token_refused", `the key "unknown", which the provider does not publish (it publishes key-1)`)
	}
	if n := p.KeysAsked.Load(); n != 1 {
		t.Errorf("forged tokens made the server ask for keys %d times within the interval, not once", n)
	}
	later.Store(int64(31 * time.Second))
	p.With(oidctest.Does{Token: forged, Claims: func(c map[string]any) { c["iat"] = now().Unix() }})
	for range 5 {
		if _, err := visit(t, way).finish(); err == nil {
			t.Error("a forged token was taken")
		}
	}
	if n := p.KeysAsked.Load(); n != 2 {
		t.Errorf("after the interval keys were asked for %d times in all, not twice", n)
	}
}

func TestKeysRotate(t *testing.T) {
	p := idp(t)
	way := provider(t, p, func(_ *oidc.Settings, o *oidc.Options) { o.Again = time.Nanosecond })
	if _, err := visit(t, way).finish(); err != nil {
		t.Fatal(err)
	}
	next := oidctest.New()
	defer next.Close()
	key := next.Published()
	key.KeyID = "key-2"
	p.With(oidctest.Does{Keys: append(append(strange(), key), p.Published()), Token: func(claims map[string]any, _ string) string {
		return oidctest.Sign(signer(next), "key-2", claims, nil)
	}})
	if _, err := visit(t, way).finish(); err != nil {
		t.Error(err)
	}
}

func TestMetadataIsKeptAndRefreshed(t *testing.T) {
	p := idp(t)
	var later, asked atomic.Int64
	var down atomic.Bool
	now := func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	way := provider(t, p, func(_ *oidc.Settings, o *oidc.Options) { o.Trips, o.Now = trips(t, now), now })
	p.With(oidctest.Does{Answer: func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasPrefix(r.URL.Path, "/.well-known/") {
			return false
		}
		asked.Add(1)
		if down.Load() {
			http.Error(w, "down", http.StatusBadGateway)
		}
		return down.Load()
	}})
	begin := func() error {
		_, _, err := way.Begin(t.Context(), oidc.Errand{Back: back, To: "/"})
		return err
	}
	down.Store(true)
	for range 3 {
		wantRefusal(t, begin(), "provider_failed", "502")
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("a provider that is down was asked %d times at once", n)
	}
	down.Store(false)
	later.Add(int64(6 * time.Second))
	for range 3 {
		if err := begin(); err != nil {
			t.Error(err)
		}
	}
	if n := asked.Load(); n != 2 {
		t.Errorf("asked %d times", n)
	}
	down.Store(true)
	later.Add(int64(2 * time.Hour))
	if err := begin(); err != nil {
		t.Errorf("a provider that does not answer for a while locks people out: %v", err)
	}
	later.Add(int64(24 * time.Hour))
	wantRefusal(t, begin(), "provider_failed", "502")
}
