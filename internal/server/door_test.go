package server

import (
	"log/slog"
	"testing"
	"time"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/password"
	"codecollab.dev/internal/gate"
	"codecollab.dev/internal/store"
	"codecollab.dev/internal/store/people"
)

// testGate is the real door, on a real store of people.
func testGate(t *testing.T, dir string, rooms *store.Store, log *slog.Logger) *gate.Gate {
	t.Helper()
	db, err := people.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	desk := auth.NewDesk(auth.DeskOptions{
		Store: db, Visits: rooms, SessionIdle: time.Hour, SessionMax: 24 * time.Hour, Passwords: "open", PasswordMin: 10,
		Hasher: password.New(password.Options{Memory: 64, Passes: 1, Lanes: 1, AtOnce: 2, Queue: 16}), Log: log, Now: time.Now,
	})
	g, err := gate.New(gate.Options{Desk: desk, Log: log, Guests: "everyone", Passwords: "open"})
	if err != nil {
		t.Fatal(err)
	}
	return g
}
