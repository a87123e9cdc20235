package auth_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/password"
	"codecollab.dev/internal/store/engine"
	"codecollab.dev/internal/store/people"
)

type noVisits struct{}

func (noVisits) MoveVisits(context.Context, string, string) error { return nil }

func newDesk(t *testing.T, change ...func(*auth.DeskOptions)) *auth.Desk {
	t.Helper()
	db, err := people.Open(t.Context(), engine.Folder(t.TempDir()), 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	opt := auth.DeskOptions{
		Store: db, Visits: noVisits{}, SessionIdle: time.Hour, SessionMax: 24 * time.Hour, Passwords: "open", PasswordMin: 10,
		Hasher:     password.New(password.Options{Memory: 64, Passes: 1, Lanes: 1, AtOnce: 2, Queue: 16}),
		TokensMost: 5, TokenMax: time.Hour, ProgramToken: time.Hour, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Now: time.Now,
	}
	for _, f := range change {
		f(&opt)
	}
	return auth.NewDesk(opt)
}

// Once somebody has been put out, no request that begins later finds them in, however many ask meanwhile and fill the memory.
func TestWhoIsOutStaysOut(t *testing.T) {
	d := newDesk(t)
	for i := range 5 {
		a, err := d.Arrive(t.Context(), auth.Arrival{Provider: "x", Subject: fmt.Sprint(i), Name: "Ann"})
		if err != nil {
			t.Fatal(err)
		}
		token, _, err := d.SignIn(t.Context(), a, auth.Session{Via: "x"})
		if err != nil {
			t.Fatal(err)
		}
		var out atomic.Bool
		var in atomic.Int64
		var asking sync.WaitGroup
		stop := make(chan struct{})
		for range 4 {
			asking.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					late := out.Load()
					_, _, err := d.Identify(t.Context(), token)
					if late && codecollab.CodeOf(err) != "signed_out" {
						t.Errorf("found in after having been put out: %v", err)
					}
					if err == nil {
						in.Add(1)
						d.Forget("somebody else") // makes readers' tickets void, and so reads likelier
					}
				}
			})
		}
		for in.Load() < 50 && !t.Failed() {
			if _, _, err := d.Identify(t.Context(), token); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := d.Change(t.Context(), a.ID, func(a *auth.Account) error { a.Active = false; return nil }); err != nil {
			t.Fatal(err)
		}
		out.Store(true)
		for range 50 {
			if _, _, err := d.Identify(t.Context(), token); codecollab.CodeOf(err) != "signed_out" {
				t.Fatalf("in again: %v", err)
			}
		}
		close(stop)
		asking.Wait()
	}
}

// A provider names people by its own name for them. Whoever has their address is somebody else.
func TestArriving(t *testing.T) {
	d := newDesk(t)
	arrive := func(provider, subject, email string, proven bool) auth.Account {
		t.Helper()
		a, err := d.Arrive(t.Context(), auth.Arrival{Provider: provider, Subject: subject, Email: email, Proven: proven})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	ann := arrive("x", "1", "Ann@Example.org", true)
	if ann.Name != "Ann" || ann.Email != "ann@example.org" || !ann.Proven || ann.Admin || !ann.Active {
		t.Errorf("%+v", ann)
	}
	for _, other := range []auth.Account{arrive("x", "2", "ann@example.org", true), arrive("y", "1", "ann@example.org", true)} {
		if other.ID == ann.ID {
			t.Error("an address was enough to be Ann")
		}
	}
	if again := arrive("x", "1", "ann@new.example.org", true); again.ID != ann.ID || again.Email != "ann@new.example.org" {
		t.Errorf("with another address: %+v", again)
	}
	if again := arrive("x", "1", "boss@example.org", false); again.Email != "ann@new.example.org" || !again.Proven {
		t.Errorf("an address that nobody vouches for took the place of one: %+v", again)
	}
	for _, bad := range []auth.Arrival{{Subject: "1"}, {Provider: "x"}} {
		if _, err := d.Arrive(t.Context(), bad); err == nil {
			t.Errorf("%+v arrives", bad)
		}
	}
	var first sync.WaitGroup
	ids := make([]string, 8)
	for i := range ids {
		first.Go(func() { ids[i] = arrive("x", "new", "", false).ID })
	}
	first.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Errorf("in several windows at once somebody becomes several people: %v", ids)
		}
	}
}

func TestNamesAreFitToBeShown(t *testing.T) {
	for _, c := range [][3]string{
		{"  Ann\nof\tGreen  Gables ", "", "Ann of Green Gables"}, {"", "ann@example.org", "ann"}, {"", "", "Somebody"},
		{"\u202eevil", "", "evil"}, {"\x00\x07", "x@y", "x"}, {"äöü", "", "äöü"}, {"a\xffb", "", "ab"},
	} {
		if got := auth.CleanName(c[0], c[1]); got != c[2] {
			t.Errorf("%q and %q: %q, want %q", c[0], c[1], got, c[2])
		}
	}
	if n := len([]rune(auth.CleanName(strings.Repeat("ä", 60), ""))); n != 40 {
		t.Errorf("a long name has %d characters", n)
	}
}
