package server

import (
	"log/slog"
	"sync"
	"testing"
	"time"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/passkey"
	"codecollab.dev/internal/auth/password"
	"codecollab.dev/internal/gate"
	"codecollab.dev/internal/store"
	"codecollab.dev/internal/store/engine"
	"codecollab.dev/internal/store/people"
)

// testDoor is the real door, on a real store of people, with a clock that tests can move on.
type testDoor struct {
	*gate.Gate
	desk *auth.Desk
	db   *people.Store
	opt  gate.Options

	mu    sync.Mutex
	later time.Duration
}

func newTestDoor(t *testing.T, dir string, rooms *store.Store, log *slog.Logger, change ...func(*gate.Options)) *testDoor {
	t.Helper()
	d := &testDoor{}
	var err error
	if d.db, err = people.Open(t.Context(), engine.Folder(dir), 4); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.db.Close() })
	d.desk = auth.NewDesk(auth.DeskOptions{
		Store: d.db, Visits: rooms, SessionIdle: time.Hour, SessionMax: 24 * time.Hour, Passwords: "open", PasswordMin: 10,
		Hasher:     testHasher(),
		TokensMost: 5, TokenMax: 24 * time.Hour, ProgramToken: 12 * time.Hour, Log: log, Now: d.now,
	})
	d.opt = gate.Options{
		Desk: d.desk, Directory: d.db, Log: log, Guests: "everyone", Passwords: "open",
		Passkeys: passkey.New(passkey.Options{Desk: d.desk, Store: d.db, Most: 3}),
	}
	for _, f := range change {
		f(&d.opt)
	}
	if d.Gate, err = gate.New(d.opt); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *testDoor) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return time.Now().Add(d.later)
}

// wait moves the clock on.
func (d *testDoor) wait(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.later += by
}

// testHasher is the real one, in a hurry.
func testHasher() *password.Hasher {
	return password.New(password.Options{Memory: 64, Passes: 1, Lanes: 1, AtOnce: 2, Queue: 16})
}
