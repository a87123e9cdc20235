package gate_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/password"
	"codecollab.dev/internal/gate"
	"codecollab.dev/internal/store"
	"codecollab.dev/internal/store/engine"
	"codecollab.dev/internal/store/people"
)

// benchDoor is a door on real files, with the passwords as costly as asked for.
func benchDoor(b *testing.B, cost password.Options) (http.Handler, *auth.Desk) {
	b.Helper()
	dir, log := b.TempDir(), slog.New(slog.DiscardHandler)
	rooms, err := store.Open(b.Context(), store.Options{Dir: dir, Log: log})
	if err != nil {
		b.Fatal(err)
	}
	db, err := people.Open(b.Context(), engine.Folder(dir), 4)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close(); rooms.Close() })
	desk := auth.NewDesk(auth.DeskOptions{
		Store: db, Visits: rooms, SessionIdle: time.Hour, SessionMax: 24 * time.Hour, Passwords: "open", PasswordMin: 10,
		Hasher: password.New(cost), TokensMost: 5, TokenMax: time.Hour, ProgramToken: time.Hour, Log: log, Now: time.Now,
	})
	g, err := gate.New(gate.Options{Desk: desk, Log: log, Guests: "everyone", Passwords: "open"})
	if err != nil {
		b.Fatal(err)
	}
	mux := http.NewServeMux()
	g.Routes(mux)
	return mux, desk
}

func ask(b *testing.B, h http.Handler, method, path, body, cookie string, want int) *http.Response {
	b.Helper()
	r := httptest.NewRequestWithContext(context.Background(), method, path, strings.NewReader(body))
	if cookie != "" {
		r.AddCookie(&http.Cookie{Name: "codecollab", Value: cookie})
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != want {
		b.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return w.Result()
}

func cookieIn(r *http.Response) string {
	for _, c := range r.Cookies() {
		if c.Name == "codecollab" {
			return c.Value
		}
	}
	return ""
}

// BenchmarkSignIn is a whole sign-in of a guest who keeps their rooms: the session, the guest's rooms, the lines of the audit log, all
// on the disk. "bare" has next to no argon2id in it, so it is what a login costs beside that; "argon2id" is as installed.
func BenchmarkSignIn(b *testing.B) {
	for name, cost := range map[string]password.Options{
		"bare": {Memory: 8, Passes: 1, Lanes: 1, AtOnce: 2, Queue: 64}, "argon2id": {Memory: 64 << 10, Passes: 3, Lanes: 4, AtOnce: 2, Queue: 64},
	} {
		b.Run(name, func(b *testing.B) {
			h, _ := benchDoor(b, cost)
			const who = `{"name":"Ann","email":"ann@example.org","password":"correct horse battery"}`
			ask(b, h, "POST", "/api/v1/auth/register", who, "", http.StatusNoContent)
			for b.Loop() {
				ask(b, h, "POST", "/api/v1/auth/password", who, auth.NewGuest().Token(), http.StatusNoContent)
			}
		})
	}
}

// BenchmarkWho is what every request pays to know who sends it: when it is remembered, and when it is read from the store.
func BenchmarkWho(b *testing.B) {
	for _, read := range []bool{false, true} {
		b.Run(fmt.Sprintf("read=%v", read), func(b *testing.B) {
			h, desk := benchDoor(b, password.Options{Memory: 8, Passes: 1, Lanes: 1, AtOnce: 2, Queue: 64})
			made := ask(b, h, "POST", "/api/v1/auth/register", `{"name":"Ann","email":"ann@example.org","password":"correct horse battery"}`, "", http.StatusNoContent)
			token := cookieIn(made)
			id, _, err := desk.Identify(b.Context(), token)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if read {
					desk.Forget(id.Person)
				}
				if _, _, err := desk.Identify(b.Context(), token); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
