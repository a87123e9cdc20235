package server

import (
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"testing"
	"time"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/wire"
)

const testPassword = "correct horse battery"

// register makes an account in the browser c.
func (h *house) register(c *http.Client, email string) (account string) {
	h.t.Helper()
	h.call(c, "POST", "/api/v1/auth/register", fmt.Sprintf(`{"name":"Ann","email":%q,"password":%q}`, email, testPassword), http.StatusNoContent, nil)
	return h.personOf(c)
}

// signIn signs the browser c in.
func (h *house) signIn(c *http.Client, email, password string, want int) {
	h.t.Helper()
	h.call(c, "POST", "/api/v1/auth/password", fmt.Sprintf(`{"email":%q,"password":%q}`, email, password), want, nil)
}

func (h *house) cookie(c *http.Client) string {
	h.t.Helper()
	u, err := url.Parse(h.http.URL)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, k := range c.Jar.Cookies(u) {
		if k.Name == "codecollab" {
			return k.Value
		}
	}
	return ""
}

// withCookie is a browser that has a token.
func (h *house) withCookie(token string) *http.Client {
	h.t.Helper()
	c := newPerson(h.t)
	u, err := url.Parse(h.http.URL)
	if err != nil {
		h.t.Fatal(err)
	}
	c.Jar.SetCookies(u, []*http.Cookie{{Name: "codecollab", Value: token, Path: "/"}})
	return c
}

// within fails the test when f takes a second: so long may somebody be in who is out.
func within(t *testing.T, what string, f func()) {
	t.Helper()
	began := time.Now()
	f()
	if d := time.Since(began); d > time.Second {
		t.Errorf("%s took %v", what, d)
	}
}

func waitSignedOut(t *testing.T, c talker) {
	t.Helper()
	within(t, "closing", func() {
		if e := waitError(t, c, "signed_out"); !e.Fatal || e.Retry {
			t.Errorf("%+v", e)
		}
	})
}

func TestAGuestSignsInAndKeepsTheirRooms(t *testing.T) {
	h := newHouse(t)
	guest, token := h.personOf(h.client), h.cookie(h.client)
	open := h.socket(h.client)
	j := h.joined(open)
	file := j.Snapshot.Files[0].ID
	open.say(edit(1, j.Version, file, len(python.Sample), "guest "))
	written := wait(t, open, func(e *wire.Event) bool { return e.Seq == 1 })
	account := h.register(h.client, "Ann@Example.org")
	if account[0] != 'u' || account == guest {
		t.Fatalf("the guest %s is the account %s", guest, account)
	}
	within(t, "being told", func() {
		if bye := wait(t, open, func(*wire.Bye) bool { return true }); bye.Reason != "signed_in" || bye.Retry == 0 {
			t.Errorf("%+v", bye)
		}
	})
	// The tab comes back as the account, with all that the guest was, and goes on with the same client's next edit.
	back := h.socket(h.client)
	back.say(fmt.Sprintf(`{"t":"join","protocol":1,"client":"aaaaaaaa","name":"Ann","resume":%d}`, written.Version))
	again := wait(t, back, func(*wire.Joined) bool { return true })
	if again.Role != "owner" || again.Person != account || again.Seq != 1 {
		t.Errorf("back as %+v", again)
	}
	back.say(edit(2, again.Version, file, len(python.Sample)+6, "account "))
	if e := wait(t, back, func(e *wire.Event) bool { return e.Seq == 2 }); e.By != account {
		t.Errorf("the edit is of %s", e.By)
	}
	var mine struct{ Rooms []struct{ Room string } }
	h.call(h.client, "GET", "/api/v1/me/rooms", "", 200, &mine)
	if len(mine.Rooms) != 1 || mine.Rooms[0].Room != h.room {
		t.Errorf("rooms %+v", mine)
	}
	var me struct {
		Account struct{ Name, Email string }
		Via     string
	}
	h.call(h.client, "GET", "/api/v1/me", "", 200, &me)
	if me.Account.Name != "Ann" || me.Account.Email != "ann@example.org" || me.Via != "password" {
		t.Errorf("me %+v", me)
	}
	// What the guest was known by opens nothing any more: who has it is somebody new.
	thief := h.withCookie(token)
	if who := h.personOf(thief); who == guest || who == account {
		t.Errorf("an adopted token is %s", who)
	}
	h.call(thief, "GET", "/api/v1/me/rooms", "", 200, &mine)
	if len(mine.Rooms) != 0 {
		t.Errorf("it has the rooms %+v", mine)
	}
}

func TestSigningOutClosesWhatIsOpen(t *testing.T) {
	for name, open := range ways() {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.register(h.client, "ann@example.org")
			other := newPerson(t)
			h.signIn(other, "ann@example.org", testPassword, http.StatusNoContent)
			_, h.keys = h.newRoom()
			var made struct{ Room string }
			h.call(h.client, "POST", "/api/v1/rooms", `{}`, http.StatusCreated, &made)
			h.room = made.Room
			mine, theirs := open(h, h.client), open(h, other)
			mine.say(joinAs("aaaaaaaa", ""))
			theirs.say(joinAs("bbbbbbbb", ""))
			wait(t, mine, func(*wire.Joined) bool { return true })
			wait(t, theirs, func(*wire.Joined) bool { return true })

			old := h.withCookie(h.cookie(h.client))
			h.call(h.client, "POST", "/api/v1/auth/signout", `{}`, http.StatusNoContent, nil)
			waitSignedOut(t, mine)
			h.call(old, "GET", "/api/v1/me", "", http.StatusUnauthorized, nil)
			if c := h.cookie(h.client); c != "" {
				t.Errorf("the cookie is still %q", c)
			}
			if who := h.personOf(h.client); who[0] != 'p' {
				t.Errorf("after signing out one is %s", who)
			}
			theirs.say(`{"t":"ping"}`)
			wait(t, theirs, func(*wire.Pong) bool { return true })

			// A stale session that comes back is told so, and is not let in as a guest.
			again := open(h, old)
			waitSignedOut(t, again)

			h.call(other, "POST", "/api/v1/auth/signout", `{"everywhere":true}`, http.StatusNoContent, nil)
			waitSignedOut(t, theirs)
		})
	}
}

func TestSessionsAreListedAndRevoked(t *testing.T) {
	h := newHouse(t)
	h.register(h.client, "ann@example.org")
	other := newPerson(t)
	h.signIn(other, "ann@example.org", testPassword, http.StatusNoContent)
	var list struct {
		Sessions []struct {
			ID, Via, Address, Agent string
			Current                 bool
		}
	}
	h.call(h.client, "GET", "/api/v1/me/sessions", "", 200, &list)
	if len(list.Sessions) != 2 {
		t.Fatalf("%+v", list)
	}
	theirs := ""
	for _, s := range list.Sessions {
		if s.Via != "password" || s.Address != "127.0.0.1" || s.Agent == "" {
			t.Errorf("%+v", s)
		}
		if !s.Current {
			theirs = s.ID
		}
	}
	stranger := newPerson(t)
	h.register(stranger, "eve@example.org")
	h.call(stranger, "DELETE", "/api/v1/me/sessions/"+theirs, "", http.StatusNotFound, nil)
	h.call(newPerson(t), "DELETE", "/api/v1/me/sessions/"+theirs, "", http.StatusUnauthorized, nil)
	h.call(h.client, "DELETE", "/api/v1/me/sessions/"+theirs, "", http.StatusNoContent, nil)
	h.call(other, "GET", "/api/v1/me", "", http.StatusUnauthorized, nil)
	h.call(h.client, "GET", "/api/v1/me", "", 200, nil)
	h.call(h.client, "DELETE", "/api/v1/me/sessions/"+theirs, "", http.StatusNotFound, nil)
}

func TestSessionsEndByThemselves(t *testing.T) {
	h := newHouse(t) // idle: an hour; at most: a day
	h.register(h.client, "ann@example.org")
	for range 23 { // in use, and so renewed
		h.door.wait(59 * time.Minute)
		h.call(h.client, "GET", "/api/v1/me", "", 200, nil)
	}
	h.door.wait(2 * time.Hour)
	h.call(h.client, "GET", "/api/v1/me", "", http.StatusUnauthorized, nil)

	h.signIn(h.client, "ann@example.org", testPassword, http.StatusNoContent)
	h.door.wait(61 * time.Minute)
	h.call(h.client, "GET", "/api/v1/me", "", http.StatusUnauthorized, nil)

	// Used all the time, it ends with the day all the same, and so do its connections.
	h.signIn(h.client, "ann@example.org", testPassword, http.StatusNoContent)
	h.room, h.keys = h.newRoom()
	open := h.socket(h.client)
	h.joined(open)
	for range 24 {
		h.door.wait(59 * time.Minute)
		h.call(h.client, "GET", "/api/v1/me", "", 200, nil)
	}
	h.door.wait(30 * time.Minute)
	if err := h.door.desk.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	waitSignedOut(t, open)
}

func TestWhoIsDeactivatedIsOutWithinASecond(t *testing.T) {
	h := newHouse(t)
	account := h.register(h.client, "ann@example.org")
	h.room, h.keys = h.newRoom()
	socket, stream := h.socket(h.client), h.stream(h.client)
	h.joined(socket)
	stream.say(joinAs("bbbbbbbb", ""))
	wait(t, stream, func(*wire.Joined) bool { return true })
	within(t, "deactivating", func() {
		if _, err := h.door.desk.Change(t.Context(), account, func(a *auth.Account) error { a.Active = false; return nil }); err != nil {
			t.Fatal(err)
		}
		waitSignedOut(t, socket)
		waitSignedOut(t, stream)
		h.call(h.client, "GET", "/api/v1/me", "", http.StatusUnauthorized, nil)
	})
	h.signIn(newPerson(t), "ann@example.org", testPassword, http.StatusForbidden)
	h.signIn(newPerson(t), "ann@example.org", "not it at all", http.StatusUnauthorized)
}

// A client that reads nothing, not even why it is put out, cannot hold its connection open by that.
func TestAConnectionThatTakesNothingEndsToo(t *testing.T) {
	h := newHouse(t)
	h.register(h.client, "ann@example.org")
	h.room, h.keys = h.newRoom()
	h.joined(h.socket(h.client))
	if n := len(h.server.connected.list()); n != 1 {
		t.Fatalf("%d connections", n)
	}
	h.call(h.client, "POST", "/api/v1/auth/signout", `{"everywhere":true}`, http.StatusNoContent, nil)
	within(t, "ending", func() {
		for len(h.server.connected.list()) > 0 && t.Context().Err() == nil {
			runtime.Gosched()
		}
	})
}

func TestTheFirstAdministrator(t *testing.T) {
	h := newHouse(t)
	token, err := h.door.desk.SetupToken(t.Context())
	if err != nil || token == "" {
		t.Fatal(token, err)
	}
	newer, err := h.door.desk.SetupToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	setup := func(token, password string, want int) {
		t.Helper()
		body := fmt.Sprintf(`{"token":%q,"name":"Root","email":"root@example.org","password":%q}`, token, password)
		h.call(h.client, "POST", "/api/v1/auth/setup", body, want, nil)
	}
	setup(token, testPassword, http.StatusForbidden) // replaced
	setup(newer, "short", http.StatusBadRequest)     // and not used up
	setup(newer, testPassword, http.StatusNoContent)
	setup(newer, testPassword, http.StatusForbidden)
	var me struct{ Account struct{ Admin bool } }
	h.call(h.client, "GET", "/api/v1/me", "", 200, &me)
	if !me.Account.Admin {
		t.Error("the first administrator is none")
	}
	if again, err := h.door.desk.SetupToken(t.Context()); again != "" || err != nil {
		t.Errorf("with an administrator there is another link: %q, %v", again, err)
	}

	// An administrator makes a link by which somebody gets a new password; it works once, and signs them out elsewhere.
	ann := newPerson(t)
	account := h.register(ann, "ann@example.org")
	var made struct{ Path string }
	h.call(ann, "POST", "/api/v1/admin/people/"+account+"/reset", "", http.StatusForbidden, nil)
	h.call(h.client, "POST", "/api/v1/admin/people/"+account+"/reset", "", http.StatusCreated, &made)
	reset := fmt.Sprintf(`{"token":%q,"password":"another long password"}`, made.Path[len("/reset#"):])
	again := newPerson(t)
	h.call(again, "POST", "/api/v1/auth/reset", reset, http.StatusNoContent, nil)
	if h.personOf(again) != account {
		t.Error("after a reset somebody else is signed in")
	}
	h.call(ann, "GET", "/api/v1/me", "", http.StatusUnauthorized, nil)
	h.call(again, "POST", "/api/v1/auth/reset", reset, http.StatusForbidden, nil)
	h.signIn(newPerson(t), "ann@example.org", testPassword, http.StatusUnauthorized)
	h.signIn(newPerson(t), "ann@example.org", "another long password", http.StatusNoContent)
}

func TestPasswordsOfOneself(t *testing.T) {
	h := newHouse(t)
	h.register(h.client, "ann@example.org")
	other := newPerson(t)
	h.signIn(other, "ann@example.org", testPassword, http.StatusNoContent)
	set := func(old, new string, want int) {
		t.Helper()
		h.call(h.client, "PUT", "/api/v1/me/password", fmt.Sprintf(`{"old":%q,"new":%q}`, old, new), want, nil)
	}
	set("wrong", "another long password", http.StatusUnauthorized)
	set(testPassword, "short", http.StatusBadRequest)
	set(testPassword, "another long password", http.StatusNoContent)
	h.call(h.client, "GET", "/api/v1/me", "", 200, nil)
	h.call(other, "GET", "/api/v1/me", "", http.StatusUnauthorized, nil)
	h.call(newPerson(t), "POST", "/api/v1/auth/register", `{"name":"Eve","email":"ann@example.org","password":"`+testPassword+`"}`, http.StatusConflict, nil)
	h.signIn(newPerson(t), "nobody@example.org", testPassword, http.StatusUnauthorized)
}

// Other sites cannot have a browser sign in, out, or do anything: but what proves itself by other means gets through.
func TestOtherSitesCannotPost(t *testing.T) {
	h := newHouse(t)
	h.register(h.client, "ann@example.org")
	post := func(path string) int {
		req, err := http.NewRequestWithContext(t.Context(), "POST", h.http.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Origin", "https://evil.example.org")
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		resp, err := h.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	for _, path := range []string{"/api/v1/auth/signout", "/api/v1/auth/password", "/api/v1/rooms", "/api/v1/auth/setup", "/oauth/authorize"} {
		if got := post(path); got != http.StatusForbidden {
			t.Errorf("POST %s from elsewhere: %d", path, got)
		}
	}
	if got := post("/oauth/token"); got == http.StatusForbidden {
		t.Errorf("POST /oauth/token from elsewhere: %d", got)
	}
	h.call(h.client, "GET", "/api/v1/me/sessions", "", 200, nil)
}
