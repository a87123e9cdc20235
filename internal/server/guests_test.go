package server

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/gate"
	"codecollab.dev/internal/wire"
)

// guestsMay is a house that lets guests in as a setting says.
func guestsMay(t *testing.T, setting string) *house {
	t.Helper()
	h := newHouse(t)
	h.register(h.client, "ann@example.org")
	h.room, h.keys = h.newRoom()
	door := &testDoor{desk: h.door.desk, db: h.door.db, opt: h.door.opt}
	door.opt.Guests = setting
	var err error
	if door.Gate, err = gate.New(door.opt); err != nil {
		t.Fatal(err)
	}
	opt := h.server.opt
	opt.Gate = door
	s, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	h.http = httptest.NewServer(s)
	t.Cleanup(h.http.Close)
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return h
}

func TestGuestsComeInByALinkAlone(t *testing.T) {
	h := guestsMay(t, "invited")
	guest := newPerson(t)
	if status, code := h.status(guest, "POST", "/api/v1/rooms", "{}"); status != http.StatusForbidden || code != "account_needed" {
		t.Errorf("making a room: %d %s", status, code)
	}
	c := h.socket(guest)
	c.say(joinAs("aaaaaaaa", h.keys["editor"]))
	wait(t, c, func(j *wire.Joined) bool { return j.Role == "editor" })
	h.newRoom() // Ann may
}

func TestNobodyComesInWithoutAnAccount(t *testing.T) {
	h := guestsMay(t, "none")
	for name, open := range ways() {
		t.Run(name, func(t *testing.T) {
			guest := newPerson(t)
			for _, path := range []string{"/api/v1/me/rooms", "/api/v1/rooms/" + h.room, "/api/v1/me/sessions"} {
				if status, code := h.status(guest, "GET", path, ""); status != http.StatusUnauthorized || code != "sign_in" {
					t.Errorf("GET %s: %d %s", path, status, code)
				}
			}
			var me struct {
				Person string
				Ways   struct{ Guests bool }
			}
			h.call(guest, "GET", "/api/v1/me", "", 200, &me)
			if me.Person != "" || me.Ways.Guests || h.cookie(guest) != "" {
				t.Errorf("%+v, and the cookie %q", me, h.cookie(guest))
			}
			if e := waitError(t, open(h, guest), "sign_in"); !e.Fatal {
				t.Errorf("%+v", e)
			}
			h.signIn(guest, "ann@example.org", testPassword, http.StatusNoContent)
			c := open(h, guest)
			c.say(joinAs("aaaaaaaa"+name[:2], ""))
			wait(t, c, func(*wire.Joined) bool { return true })
		})
	}
}

// A tab that still has the cookie of a guest who has signed in in another one does not put a new guest in the place of the session.
func TestALateTabDoesNotSignOut(t *testing.T) {
	h := newHouse(t)
	old := h.withCookie(h.cookie(h.client))
	h.register(h.client, "ann@example.org")
	before := h.cookie(old)
	h.call(old, "GET", "/api/v1/me/rooms", "", 200, nil)
	c := h.socket(old)
	c.say(joinAs("aaaaaaaa", ""))
	waitError(t, c, "no_access")
	if h.cookie(old) != before {
		t.Error("it got another cookie")
	}
	h.call(old, "GET", "/api/v1/me", "", 200, nil)
	if h.cookie(old) == before {
		t.Error("a page that asks who it is stays with a token that opens nothing")
	}
}

// A program that shows a wrong token is told so, and not made a guest.
func TestAWrongTokenIsNoGuest(t *testing.T) {
	h := newHouse(t)
	for _, token := range []string{"nonsense", "ccs_nonsense", "cca_nonsense"} {
		if status, code := h.status(program(token), "GET", "/api/v1/me", ""); status != http.StatusUnauthorized || code != "signed_out" {
			t.Errorf("%q: %d %s", token, status, code)
		}
	}
	guest := program(auth.NewGuest().Token())
	if first, again := h.personOf(guest), h.personOf(guest); first != again {
		t.Error("a guest's token as a bearer token is nobody's")
	}
}
