// Package authtest says what every store of people has to do: whatever keeps them runs the same tests.
package authtest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
)

// Store tests a store of people. open gives an empty one.
func Store(t *testing.T, open func(t *testing.T) auth.Store) {
	for name, test := range map[string]func(*testing.T, auth.Store){
		"accounts":                       accounts,
		"changes are not lost":           changes,
		"guests":                         guests,
		"identities":                     identities,
		"one way stays":                  oneWayStays,
		"passwords":                      passwords,
		"sessions":                       sessions,
		"no session of a closed account": closed,
		"what works once":                once,
		"once among many":                onceAmongMany,
		"answers":                        answers,
		"tokens":                         tokens,
		"passkeys":                       passkeys,
		"passkeys used twice":            passkeyTwice,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// noon is a moment that a store can keep: to the millisecond.
var noon = time.UnixMilli(1_790_000_000_123)

func account(id string) auth.Account {
	return auth.Account{ID: id, Name: "Ann " + id, Color: 3, Email: id + "@example.org", Proven: true, Active: true, Created: noon}
}

func hash(s string) []byte { return bytes.Repeat([]byte(s)[:1], 32) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want(t *testing.T, err error, code string) {
	t.Helper()
	if codecollab.CodeOf(err) != code || err == nil {
		t.Errorf("error %v, want %s", err, code)
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// sameAccount compares what is kept of people; times by the moment that they mean.
func sameAccount(t *testing.T, got, want auth.Account) {
	t.Helper()
	if !got.Created.Equal(want.Created) || !got.Seen.Equal(want.Seen) {
		t.Errorf("created %v seen %v, want %v and %v", got.Created, got.Seen, want.Created, want.Seen)
	}
	got.Created, got.Seen, want.Created, want.Seen = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	equal(t, "account", got, want)
}

func accounts(t *testing.T, s auth.Store) {
	ctx := t.Context()
	ann := account("uann")
	must(t, s.AddAccount(ctx, ann, "https://id.example.org", "4711"))
	got, err := s.Account(ctx, "uann")
	must(t, err)
	sameAccount(t, got, ann)
	got, err = s.AccountBy(ctx, "https://id.example.org", "4711")
	must(t, err)
	sameAccount(t, got, ann)

	_, err = s.Account(ctx, "unobody")
	want(t, err, "no_account")
	for _, other := range [][2]string{{"https://id.example.org", "4712"}, {"https://other.example.org", "4711"}, {"", ""}, {"https://id.example.org", ann.Email}} {
		_, err = s.AccountBy(ctx, other[0], other[1])
		want(t, err, "no_account")
	}
	// The name is somebody's: nothing of the second one is kept.
	want(t, s.AddAccount(ctx, account("ubob"), "https://id.example.org", "4711"), "taken")
	_, err = s.Account(ctx, "ubob")
	want(t, err, "no_account")
	// An address alone names nobody: two people may have the same.
	eve := account("ueve")
	eve.Email = ann.Email
	must(t, s.AddAccount(ctx, eve, "github", "1"))
	none := account("unone")
	none.Email, none.Proven = "", false
	must(t, s.AddAccount(ctx, none, "github", "2"))
	got, err = s.Account(ctx, "unone")
	must(t, err)
	sameAccount(t, got, none)
}

func changes(t *testing.T, s auth.Store) {
	ctx := t.Context()
	must(t, s.AddAccount(ctx, account("uann"), "x", "1"))
	_, err := s.ChangeAccount(ctx, "unobody", func(*auth.Account) error { return nil })
	want(t, err, "no_account")
	stop := errors.New("stop")
	if _, err = s.ChangeAccount(ctx, "uann", func(a *auth.Account) error { a.Name = "lost"; return stop }); !errors.Is(err, stop) {
		t.Errorf("error %v", err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 5 {
				if _, err := s.ChangeAccount(ctx, "uann", func(a *auth.Account) error { a.Color++; return nil }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	a, err := s.ChangeAccount(ctx, "uann", func(a *auth.Account) error {
		a.Name, a.Email, a.Proven, a.Admin, a.Active = "Eve", "", false, true, false
		return nil
	})
	must(t, err)
	equal(t, "colour after 40 changes", a.Color, 43)
	got, err := s.Account(ctx, "uann")
	must(t, err)
	sameAccount(t, got, auth.Account{ID: "uann", Name: "Eve", Color: 43, Admin: true, Created: noon})
}

func guests(t *testing.T, s auth.Store) {
	ctx := t.Context()
	must(t, s.AddAccount(ctx, account("uann"), "x", "1"))
	must(t, s.AddAccount(ctx, account("ubob"), "x", "2"))
	adopt := func(guest, account string, first bool) {
		t.Helper()
		ok, err := s.Adopt(ctx, guest, account)
		must(t, err)
		equal(t, "adopting "+guest, ok, first)
	}
	adopt("p2", "uann", true)
	adopt("p1", "uann", true)
	adopt("p1", "ubob", false)
	adopt("p1", "uann", false)
	for guest, is := range map[string]bool{"p1": true, "p2": true, "p3": false, "": false} {
		got, err := s.Adopted(ctx, guest)
		must(t, err)
		equal(t, "adopted "+guest, got, is)
	}
	former, err := s.Former(ctx, "uann")
	must(t, err)
	equal(t, "former", fmt.Sprint(former), "[p1 p2]")
	former, err = s.Former(ctx, "ubob")
	must(t, err)
	equal(t, "former of another", len(former), 0)
}

func passwords(t *testing.T, s auth.Store) {
	ctx := t.Context()
	has := func(is bool) {
		t.Helper()
		got, err := s.HasAdmin(ctx)
		must(t, err)
		equal(t, "has an administrator", got, is)
	}
	has(false)
	ann := account("uann")
	must(t, s.AddWithPassword(ctx, ann, "hash1"))
	want(t, s.AddWithPassword(ctx, auth.Account{ID: "ueve", Email: ann.Email, Active: true}, "hash2"), "taken")
	a, h, err := s.PasswordOf(ctx, ann.Email)
	must(t, err)
	sameAccount(t, a, ann)
	equal(t, "hash", h, "hash1")
	_, _, err = s.PasswordOf(ctx, "nobody@example.org")
	want(t, err, "no_account")

	// Whoever comes by a provider has no password until they set one, even with the same address; then the address must be free.
	eve := account("ueve")
	eve.Email = ann.Email
	must(t, s.AddAccount(ctx, eve, "github", "1"))
	want(t, s.SetPassword(ctx, "ueve", ann.Email, "hash3"), "taken")
	must(t, s.SetPassword(ctx, "ueve", "eve@example.org", "hash3"))
	must(t, s.SetPassword(ctx, "uann", "new@example.org", "hash4"))
	_, _, err = s.PasswordOf(ctx, ann.Email)
	want(t, err, "no_account")
	a, h, err = s.PasswordOf(ctx, "new@example.org")
	must(t, err)
	equal(t, "who has the new address", a.ID+" "+h, "uann hash4")
	if a, err = s.AccountBy(ctx, "github", "1"); err != nil || a.ID != "ueve" {
		t.Errorf("the other way in is gone: %v, %v", a, err)
	}

	admin := account("uadmin")
	admin.Admin, admin.Active = true, false
	must(t, s.AddWithPassword(ctx, admin, "hash"))
	has(false) // one who may not come in is none
	_, err = s.ChangeAccount(ctx, "uadmin", func(a *auth.Account) error { a.Active = true; return nil })
	must(t, err)
	has(true)
}

func session(id, account string, expires time.Time) auth.Session {
	return auth.Session{
		ID: id, Account: account, Created: noon, Seen: noon, Expires: expires, Until: noon.Add(24 * time.Hour),
		Agent: "Browser/1", Address: "192.0.2.1", Via: "password", Detail: `{"name":"x"}`,
	}
}

func sessions(t *testing.T, s auth.Store) {
	ctx := t.Context()
	must(t, s.AddAccount(ctx, account("uann"), "x", "1"))
	must(t, s.AddAccount(ctx, account("ubob"), "x", "2"))
	must(t, s.AddSession(ctx, session("s1", "uann", noon.Add(time.Hour)), hash("1")))
	must(t, s.AddSession(ctx, session("s2", "uann", noon.Add(2*time.Hour)), hash("2")))
	must(t, s.AddSession(ctx, session("s3", "ubob", noon.Add(time.Hour)), hash("3")))
	got, a, err := s.SessionBy(ctx, hash("1"))
	must(t, err)
	equal(t, "session", fmt.Sprintf("%s %s %s %s %s %s", got.ID, got.Account, got.Agent, got.Address, got.Via, got.Detail), `s1 uann Browser/1 192.0.2.1 password {"name":"x"}`)
	equal(t, "times", fmt.Sprint(got.Created.UnixMilli(), got.Seen.UnixMilli(), got.Expires.Sub(noon), got.Until.Sub(noon)), fmt.Sprint(noon.UnixMilli(), noon.UnixMilli(), time.Hour, 24*time.Hour))
	equal(t, "whose", a.ID, "uann")
	if !a.Seen.Equal(noon) {
		t.Errorf("the account was seen at %v", a.Seen)
	}
	_, _, err = s.SessionBy(ctx, hash("9"))
	want(t, err, "no_session")

	must(t, s.UseSession(ctx, "s1", noon.Add(time.Minute), noon.Add(90*time.Minute)))
	list, err := s.SessionsOf(ctx, "uann")
	must(t, err)
	if len(list) != 2 || list[0].ID != "s1" || !list[0].Seen.Equal(noon.Add(time.Minute)) || !list[0].Expires.Equal(noon.Add(90*time.Minute)) {
		t.Errorf("sessions %+v", list)
	}
	end := func(account string, want []string, ids ...string) {
		t.Helper()
		ended, err := s.EndSessions(ctx, account, ids...)
		must(t, err)
		slices.Sort(ended)
		equal(t, fmt.Sprint("ended of ", account, ids), fmt.Sprint(ended), fmt.Sprint(want))
	}
	end("ubob", []string{}, "s1") // it is somebody else's
	end("uann", []string{"s1"}, "s1", "s9")
	_, _, err = s.SessionBy(ctx, hash("1"))
	want(t, err, "no_session")
	must(t, s.AddSession(ctx, session("s4", "uann", noon.Add(time.Hour)), hash("4")))
	over, err := s.Expired(ctx, noon.Add(time.Hour))
	must(t, err)
	equal(t, "expired", len(over), 2) // s3 and s4, and not s2
	end("uann", []string{"s2"})
	end("uann", []string{})
}

func closed(t *testing.T, s auth.Store) {
	ctx := t.Context()
	must(t, s.AddAccount(ctx, account("uann"), "x", "1"))
	_, err := s.ChangeAccount(ctx, "uann", func(a *auth.Account) error { a.Active = false; return nil })
	must(t, err)
	want(t, s.AddSession(ctx, session("s1", "uann", noon.Add(time.Hour)), hash("1")), "no_account")
	want(t, s.AddSession(ctx, session("s1", "unobody", noon.Add(time.Hour)), hash("1")), "no_account")
	want(t, s.AddToken(ctx, auth.APIToken{ID: "t1", Account: "uann"}, hash("1"), 9), "no_account")
}
