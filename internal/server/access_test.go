package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/wire"
)

func (h *house) access(rules string) {
	h.t.Helper()
	h.call(h.client, "PUT", "/api/v1/rooms/"+h.room+"/access", rules, http.StatusNoContent, nil)
}

// answers is what an owner says to somebody who waits.
func (h *house) answers(c *http.Client, admit bool, want int) {
	h.t.Helper()
	path := "/api/v1/rooms/" + h.room + "/knocks/" + h.personOf(c)
	h.call(h.client, "POST", path, fmt.Sprintf(`{"admit":%v}`, admit), want, nil)
}

// waits waits until an owner is told that exactly these people wait.
func waits(t *testing.T, owner talker, people ...string) {
	t.Helper()
	wait(t, owner, func(k *wire.Knocks) bool {
		if len(k.People) != len(people) {
			return false
		}
		for i, p := range k.People {
			if p.Person != people[i] || p.Name == "" || p.Role == "" || p.Since == 0 {
				return false
			}
		}
		return true
	})
}

func TestTheWaitingRoom(t *testing.T) {
	for way, open := range ways() {
		t.Run(way, func(t *testing.T) {
			h := newHouse(t)
			ben, cyd, dan := h.as(rights.None), h.as(rights.None), h.as(rights.None)
			owner := h.socket(h.client)
			h.joined(owner)
			h.access(`{"waiting":true}`)

			one := open(h, ben)
			one.say(joinAs("benbenbe", h.keys["editor"]))
			wait(t, one, func(w *wire.Waiting) bool { return w.Heartbeat > 0 })
			waits(t, owner, h.personOf(ben))
			two := open(h, ben) // another tab, or the same after a reload
			two.say(joinAs("benbenb2", h.keys["editor"]))
			wait(t, two, func(*wire.Waiting) bool { return true })
			h.answers(ben, true, http.StatusNoContent)
			for _, c := range []talker{one, two} {
				if j := wait(t, c, func(*wire.Joined) bool { return true }); j.Role != "editor" {
					t.Errorf("who was let in is %q", j.Role)
				}
			}
			waits(t, owner)
			h.answers(ben, true, http.StatusNotFound) // nobody waits any more
			one.say(batchOf(1, `{"kind":"chat","text":"hello"}`))
			wait(t, one, func(e *wire.Event) bool { return e.Seq == 1 })

			three := open(h, cyd)
			three.say(joinAs("cydcydcy", h.keys["viewer"]))
			wait(t, three, func(*wire.Waiting) bool { return true })
			waits(t, owner, h.personOf(cyd))
			h.answers(cyd, false, http.StatusNoContent)
			if e := waitError(t, three, "refused"); !e.Fatal || e.Retry {
				t.Errorf("%+v", e)
			}
			waits(t, owner)
			again := open(h, cyd)
			again.say(joinAs("cydcydcy", h.keys["viewer"]))
			waitError(t, again, "refused") // and no owner hears of it again for a while

			four := open(h, dan)
			four.say(joinAs("dandanda", h.keys["viewer"]))
			wait(t, four, func(*wire.Waiting) bool { return true })
			waits(t, owner, h.personOf(dan))
			h.access(`{"visibility":"invited"}`) // the door is another one now
			waitError(t, four, "sign_in")
			waits(t, owner)
		})
	}
}

func batchOf(seq int, body string) string {
	return fmt.Sprintf(`{"t":"batch","seq":%d,"base":1,"body":%s}`, seq, body)
}

// Who waits comes in when nobody has to wait any more, and is nobody's business but the owners'.
func TestKnocksAreForOwners(t *testing.T) {
	h := newHouse(t)
	editor, ben := h.newMember("editor"), h.as(rights.None)
	waitGone(t, h, "member01")
	h.access(`{"waiting":true}`)
	other := h.socket(editor)
	other.say(joinAs("editored", ""))
	wait(t, other, func(*wire.Joined) bool { return true })
	c := h.socket(ben)
	c.say(joinAs("benbenbe", h.keys["viewer"]))
	wait(t, c, func(*wire.Waiting) bool { return true })
	owner := h.socket(h.client) // who comes later is told, too
	h.joined(owner)
	waits(t, owner, h.personOf(ben))
	other.say(`{"t":"ping"}`)
	waitFor(t, other, func(m wire.Message) bool {
		if k, ok := m.(*wire.Knocks); ok {
			t.Errorf("an editor is told %+v", k)
		}
		return isPong(m)
	})
	h.call(editor, "POST", "/api/v1/rooms/"+h.room+"/knocks/"+h.personOf(ben), `{"admit":true}`, http.StatusForbidden, nil)
	h.access(`{"waiting":false}`)
	wait(t, c, func(j *wire.Joined) bool { return j.Role == "viewer" })
}

func TestPasscodes(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.PasscodeTries = 3 })
	here := h.newMember("editor")
	waitGone(t, h, "member01")
	conn := h.wantEnter(here, "herehere", "", "editor")
	set := func(code string) {
		h.call(h.client, "PUT", "/api/v1/rooms/"+h.room+"/passcode", fmt.Sprintf(`{"passcode":%q}`, code), http.StatusNoContent, nil)
	}
	set("open sesame")
	conn.say(batchOf(1, `{"kind":"chat","text":"still here"}`))
	wait(t, conn, func(e *wire.Event) bool { return e.Seq == 1 })
	h.call(here, "GET", "/api/v1/rooms/"+h.room, "", http.StatusOK, nil) // remembered

	ben := h.newPersonWith(h.keys["viewer"])
	h.wantEnter(ben.Client, "benbenbe", h.keys["viewer"], "passcode")
	for i, want := range []int{403, 204, 403, 429} { // the third is wrong again; then there were too many
		if got := ben.passcode(h, map[bool]string{true: "open sesame", false: "open barley"}[want == 204]); got != want {
			t.Errorf("try %d: %d, want %d", i, got, want)
		}
	}
	h.wantEnter(ben.Client, "benbenbe", h.keys["viewer"], "viewer").ws.CloseNow()
	if sealed, err := h.server.opt.Doors.Passcode(t.Context(), h.room); err != nil || strings.Contains(sealed, "sesame") || !strings.HasPrefix(sealed, "$argon2id$") {
		t.Errorf("what is kept is %q, %v", sealed, err)
	}
	waitGone(t, h, "benbenbe")
	set("open barley") // another one: who is not here gives it again
	h.wantEnter(ben.Client, "benbenbe", "", "passcode")
	set("")
	h.wantEnter(ben.Client, "benbenbe", "", "viewer")
}

// withKey is a person with a link.
type withKey struct {
	*http.Client
	key string
}

func (h *house) newPersonWith(key string) withKey { return withKey{h.as(rights.None), key} }

func (p withKey) passcode(h *house, code string) int {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), "POST", h.http.URL+"/api/v1/rooms/"+h.room+"/passcode", strings.NewReader(fmt.Sprintf(`{"passcode":%q}`, code)))
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set(keyHeader, p.key)
	got, _ := h.do(p.Client, req)
	return got
}

// A guest who signs in is in every room what the guest was, with what was on its way, and under the account's name.
func TestAGuestWhoSignsInKeepsTheirRights(t *testing.T) {
	h := newHouse(t)
	ben := h.newMember("editor")
	removed := h.as(rights.Removed)
	guest := h.personOf(h.client)
	c := h.socket(h.client)
	j := h.joined(c)
	file := j.Snapshot.Files[0].ID
	c.say(edit(1, j.Version, file, 9, "x"))
	wait(t, c, func(e *wire.Event) bool { return e.Seq == 1 })
	c.ws.CloseNow()

	account := h.register(h.client, "ann@example.org")
	h.lock(true) // an owner's matter, asked for before anything else
	c = h.socket(h.client)
	c.say(join) // with the client id that the guest had
	j = wait(t, c, func(*wire.Joined) bool { return true })
	if j.Role != "owner" || j.Person != account || j.Seq != 1 {
		t.Errorf("the account is %+v", j)
	}
	for _, m := range j.Snapshot.Members {
		if m.Person == guest {
			t.Errorf("the guest is still %q", m.Role)
		}
	}
	c.say(edit(2, j.Version, file, 10, "y"))
	wait(t, c, func(e *wire.Event) bool { return e.Seq == 2 && e.By == account })

	h.register(removed, "eve@example.org")
	h.wantEnter(removed, "eveeveev", h.keys["editor"], "removed") // signing in is no way back
	benID := h.register(ben, "ben@example.org")
	h.call(h.client, "PUT", "/api/v1/rooms/"+h.room+"/members/"+benID, `{"role":"viewer"}`, http.StatusNotFound, nil) // has not come yet
	h.wantEnter(ben, "benbenbe", "", "editor").ws.CloseNow()
}

func TestTheNameIsTheAccounts(t *testing.T) {
	h := newHouse(t)
	h.register(h.client, "ann@example.org")
	c := h.socket(h.client)
	c.say(strings.Replace(join, `"Ann"`, `"Mallory"`, 1))
	j := wait(t, c, func(*wire.Joined) bool { return true })
	c.say(`{"t":"profile","name":"Mallory","color":5}`)
	p := wait(t, c, func(p *wire.Presence) bool { return len(p.People) == 1 && p.People[0].Color == 5 })
	if me := p.People[0]; me.Name != "Ann" || !me.Verified {
		t.Errorf("others see %+v", me)
	}
	c.say(fmt.Sprintf(`{"t":"batch","seq":1,"base":%d,"body":{"kind":"chat","text":"hello"}}`, j.Version))
	wait(t, c, func(e *wire.Event) bool {
		n, ok := e.Body.Payload.(*wire.Person)
		if ok && (n.Name != "Ann" || !n.Verified) {
			t.Errorf("the log says %+v", n)
		}
		return e.Seq == 1
	})
}

func TestInvitations(t *testing.T) {
	h := newHouse(t)
	h.access(`{"visibility":"invited"}`)
	invite := func(who string, want int) {
		h.call(h.client, "POST", "/api/v1/rooms/"+h.room+"/invitations", fmt.Sprintf(`{"who":%q,"role":"editor"}`, who), want, nil)
	}
	ben, cyd := h.as(rights.None), h.as(rights.None)
	benID := h.register(ben, "ben@example.org")
	h.register(cyd, "cyd@example.org")
	invite(" "+strings.ToUpper(benID)+" ", http.StatusNoContent)
	invite("cyd@example.org", http.StatusNoContent)
	for _, who := range []string{"", "nobody", "Cyd <cyd@example.org>", "a@b@c"} {
		invite(who, http.StatusBadRequest)
	}
	h.wantEnter(cyd, "cydcydcy", "", "not_invited") // nobody has shown that the address is theirs
	h.prove("cyd@example.org")
	h.wantEnter(cyd, "cydcydcy", "", "editor").ws.CloseNow()
	h.wantEnter(ben, "benbenbe", "", "editor").ws.CloseNow()
	var left struct{ Invitations []struct{ Who string } }
	h.call(h.client, "GET", "/api/v1/rooms/"+h.room+"/invitations", "", http.StatusOK, &left)
	if len(left.Invitations) != 0 {
		t.Errorf("still invited: %+v", left)
	}
	h.give(ben, rights.Removed)
	invite(benID, http.StatusNoContent)
	h.wantEnter(ben, "benbenbe", "", "removed") // an owner's word about a person counts for more
}

// prove says that an account's address is its person's.
func (h *house) prove(email string) {
	h.t.Helper()
	a, _, err := h.door.db.PasswordOf(h.t.Context(), email)
	if err == nil {
		_, err = h.door.desk.Change(h.t.Context(), a.ID, func(a *auth.Account) error { a.Proven = true; return nil })
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

// Whoever comes in as a member of the organisation is in the room for as long as they are one.
func TestRoomsOfAnOrganisation(t *testing.T) {
	h := newHouse(t)
	owner := h.anOwner()
	path := "/api/v1/rooms/" + h.room
	h.call(h.client, "PUT", path+"/access", `{"visibility":"organisation","org":"other","org_role":"editor"}`, http.StatusForbidden, nil)
	h.call(h.client, "PUT", path+"/access", `{"visibility":"organisation"}`, http.StatusBadRequest, nil)
	h.access(`{"visibility":"organisation","org":"o1","org_role":"editor"}`)
	c := memberAs(auth.OrgMember)(h)
	ws := h.wantEnter(c, "memberme", "", "editor")
	ws.say(batchOf(1, `{"kind":"chat","text":"hello"}`))
	wait(t, ws, func(e *wire.Event) bool {
		if e.Body.Kind() == "role" {
			t.Error("a member of the organisation became one of the room")
		}
		return e.Seq == 1
	})
	h.call(c, "GET", "/api/v1/orgs/o1/rooms", "", http.StatusForbidden, nil)
	var list struct{ Rooms []struct{ Room string } }
	h.call(owner, "GET", "/api/v1/orgs/o1/rooms", "", http.StatusOK, &list)
	if len(list.Rooms) != 1 || list.Rooms[0].Room != h.room {
		t.Errorf("%+v", list)
	}
	if err := h.door.db.SetMember(t.Context(), auth.Membership{Org: "o1", Account: h.personOf(c)}); err != nil {
		t.Fatal(err)
	}
	h.door.desk.Forget(h.personOf(c)) // which organisations do
	if e := waitError(t, ws, "not_member"); !e.Fatal || e.Retry {
		t.Errorf("%+v", e)
	}
	h.wantEnter(c, "memberme", "", "not_member")
	h.access(`{"visibility":"link","org":""}`)
	h.call(owner, "GET", "/api/v1/orgs/o1/rooms", "", http.StatusOK, &list)
	if len(list.Rooms) != 0 {
		t.Errorf("a room that was taken away is in the list: %+v", list)
	}
}
