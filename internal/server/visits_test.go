package server

import (
	"net/http"
	"testing"
	"time"

	"codecollab.dev/internal/room"
)

func TestMyRooms(t *testing.T) {
	h := newHouse(t)
	list := func(c *http.Client) []room.Visited {
		var out struct{ Rooms []room.Visited }
		h.call(c, "GET", "/api/v1/me/rooms", "", http.StatusOK, &out)
		return out.Rooms
	}
	mine := list(h.client)
	if len(mine) != 1 || mine[0].Room != h.room || mine[0].Role != "owner" || mine[0].Language != "python" || mine[0].Changed == 0 {
		t.Fatalf("whoever makes a room has it: %+v", mine)
	}

	ben := newPerson(t)
	if got := list(ben); len(got) != 0 {
		t.Fatalf("somebody who has been nowhere has %+v", got)
	}
	s := h.socket(ben)
	s.say(joinAs("bbbbbbbb", h.keys["editor"]))
	s.hear()
	for deadline := time.Now().Add(10 * time.Second); len(list(ben)) == 0; {
		if time.Now().After(deadline) {
			t.Fatal("the visit is not noted")
		}
	}
	if got := list(ben); got[0].Room != h.room || got[0].Role != "editor" {
		t.Errorf("after a visit: %+v", got)
	}
	h.call(ben, "DELETE", "/api/v1/me/rooms/"+h.room, "", http.StatusNoContent, nil)
	if got := list(ben); len(got) != 0 {
		t.Errorf("after forgetting: %+v", got)
	}
	if got := list(h.client); len(got) != 1 {
		t.Errorf("somebody else's list: %+v", got)
	}
}

func TestListsSayWhenARoomEnds(t *testing.T) {
	for _, keep := range []time.Duration{0, 48 * time.Hour} {
		h := newHouse(t, func(o *Options) { o.RoomKeep = keep })
		var out struct{ Rooms []room.Visited }
		h.call(h.client, "GET", "/api/v1/me/rooms", "", http.StatusOK, &out)
		if len(out.Rooms) != 1 {
			t.Fatalf("%+v", out.Rooms)
		}
		r := out.Rooms[0]
		if want := r.Visited + keep.Milliseconds(); keep > 0 && (r.Ends < want || r.Ends > want+int64(time.Minute/time.Millisecond)) || keep == 0 && r.Ends != 0 {
			t.Errorf("kept for %v, it ends %d after the last visit", keep, r.Ends-r.Visited)
		}
	}
}
