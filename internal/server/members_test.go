package server

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/wire"
)

// roomy lets many people into a room.
func roomy(*Options) {}

// waitGone waits until nobody of a client id is in the room.
func waitGone(t *testing.T, h *house, client string) {
	t.Helper()
	ws := h.socket(h.client)
	ws.say(joinAs("witness0", ""))
	wait(t, ws, func(*wire.Joined) bool { return true })
	here := map[string]string{}
	for first := true; first || has(here, client); first = false {
		p := wait(t, ws, func(*wire.Presence) bool { return true })
		for _, peer := range p.People {
			here[peer.Session] = peer.Client
		}
		for _, session := range p.Left {
			delete(here, session)
		}
	}
	ws.ws.CloseNow()
}

func has(here map[string]string, client string) bool {
	for _, c := range here {
		if c == client {
			return true
		}
	}
	return false
}

// A role that an owner gives counts at once on connections that are open, and no link changes it.
func TestRolesChangeWhileConnected(t *testing.T) {
	for way, open := range ways() {
		t.Run(way, func(t *testing.T) {
			h := newHouse(t)
			ben := h.newMember("editor")
			waitGone(t, h, "member01")
			c := open(h, ben)
			c.say(joinAs("benbenbe", ""))
			j := wait(t, c, func(*wire.Joined) bool { return true })
			file := j.Snapshot.Files[0].ID
			c.say(edit(1, j.Version, file, 9, "x"))
			wait(t, c, func(e *wire.Event) bool { return e.Seq == 1 })

			h.give(ben, rights.Viewer)
			role := wait(t, c, func(e *wire.Event) bool { return e.Body.Kind() == "role" })
			if b := role.Body.Payload.(*wire.Role); b.Person != j.Person || b.Role != "viewer" || role.By == j.Person {
				t.Errorf("%+v", role)
			}
			c.say(edit(2, role.Version, file, 10, "y"))
			if e := waitError(t, c, "view_only"); e.Seq != 2 || e.Retry || e.Fatal {
				t.Errorf("%+v", e)
			}
			c.say(edit(1, j.Version, file, 9, "x")) // what was committed stays acknowledged
			wait(t, c, func(a *wire.Ack) bool { return a.Seq == 1 })
			h.wantEnter(ben, "benother", h.keys["editor"], "viewer").ws.CloseNow() // the link is no way around it

			h.give(ben, rights.Editor)
			role = wait(t, c, func(e *wire.Event) bool { return e.Body.Kind() == "role" })
			c.say(edit(3, role.Version, file, 10, "z"))
			wait(t, c, func(e *wire.Event) bool { return e.Seq == 3 })

			h.lock(true)
			lock := wait(t, c, func(e *wire.Event) bool { return e.Body.Kind() == "lock" })
			c.say(edit(4, lock.Version, file, 11, "z"))
			waitError(t, c, "locked")
			h.lock(false)
			lock = wait(t, c, func(e *wire.Event) bool { return e.Body.Kind() == "lock" })
			c.say(edit(5, lock.Version, file, 11, "z"))
			wait(t, c, func(e *wire.Event) bool { return e.Seq == 5 })

			h.give(ben, rights.Removed)
			if e := waitError(t, c, "removed"); !e.Fatal || e.Retry {
				t.Errorf("%+v", e)
			}
			h.wantEnter(ben, "benbenbe", h.keys["editor"], "removed")
		})
	}
}

func TestARoomKeepsAnOwner(t *testing.T) {
	h := newHouse(t)
	path := "/api/v1/rooms/" + h.room + "/members/"
	me, ben := h.personOf(h.client), h.newMember("viewer")
	var e struct{ Code string }
	h.call(h.client, "PUT", path+me, `{"role":"viewer"}`, http.StatusConflict, &e)
	if e.Code != "last_owner" {
		t.Errorf("%+v", e)
	}
	h.call(h.client, "PUT", path+"pnobody", `{"role":"viewer"}`, http.StatusNotFound, &e)
	h.call(h.client, "PUT", path+me, `{"role":"king"}`, http.StatusBadRequest, &e)
	h.give(ben, rights.Owner)
	h.call(ben, "PUT", path+me, `{"role":"viewer"}`, http.StatusNoContent, nil)
	h.call(h.client, "PUT", path+me, `{"role":"owner"}`, http.StatusForbidden, &e)
	if e.Code != "owner_only" {
		t.Errorf("%+v", e)
	}
}

// Roles, the lock and what is closed are part of the log: another process folds the same.
func TestRolesAreInTheLog(t *testing.T) {
	h := newHouse(t)
	ben := h.newMember("editor")
	h.give(ben, rights.Removed)
	h.lock(true)
	again := room.New(h.server.opt.Keeper.(room.Log), nil, room.Options{TailBytes: 1 << 20, Now: time.Now})
	err := again.Use(t.Context(), h.room, func(r *room.Room) error {
		if i := r.Info(room.Visitor{Person: h.personOf(ben), Coming: rights.Coming{Link: rights.Editor}}); i.Role != rights.Removed || !i.Locked || !i.Access.Closed {
			t.Errorf("%+v", i)
		}
		if i := r.Info(room.Visitor{Person: h.personOf(h.client)}); i.Role != rights.Owner {
			t.Errorf("%+v", i)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestARoomIsDeleted(t *testing.T) {
	h := newHouse(t)
	ben := h.newMember("editor")
	waitGone(t, h, "member01")
	c := h.wantEnter(ben, "benbenbe", "", "editor")
	h.call(h.client, "DELETE", "/api/v1/rooms/"+h.room, "", http.StatusNoContent, nil)
	if e := waitError(t, c, "deleted"); !e.Fatal || e.Retry {
		t.Errorf("%+v", e)
	}
	for _, who := range []*http.Client{h.client, ben} {
		h.call(who, "GET", "/api/v1/rooms/"+h.room, "", http.StatusNotFound, nil)
	}
	h.call(h.client, "GET", "/api/v1/rooms/"+h.room+"/socket", "", http.StatusNotFound, nil)
}

// Who calls the others is named by the session, and nothing of it is kept.
func TestBringingEverybody(t *testing.T) {
	h := newHouse(t)
	ann, ben := h.socket(h.client), h.socket(h.newMember("viewer"))
	j := h.joined(ann)
	ben.say(joinAs("benbenbe", ""))
	wait(t, ben, func(*wire.Joined) bool { return true })
	ann.say(`{"t":"presence","version":3,"file":"` + j.Snapshot.Files[0].ID + `","anchor":1,"head":2,"top":7}`)
	wait(t, ben, func(p *wire.Presence) bool {
		return slices.ContainsFunc(p.People, func(p wire.Peer) bool { return p.Session == j.Session && p.Top == 7 })
	})
	ann.say(`{"t":"bring"}`)
	if b := wait(t, ben, func(*wire.Brought) bool { return true }); b.Session != j.Session {
		t.Errorf("%+v", b)
	}
}
