package server

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"codecollab.dev/internal/auth"
)

// TestWhatIsDoneWithARoomIsInTheAuditLog does everything that an owner may do.
func TestWhatIsDoneWithARoomIsInTheAuditLog(t *testing.T) {
	h := newHouse(t)
	member := h.newMember("editor")
	var me struct{ Person string }
	h.call(member, "GET", "/api/v1/me", "", http.StatusOK, &me)
	room := "/api/v1/rooms/" + h.room
	var rotated struct{ Links map[string]string }
	h.call(h.client, "POST", room+"/links/editor", "", http.StatusOK, &rotated)
	h.call(h.client, "DELETE", room+"/links/viewer", "", http.StatusNoContent, nil)
	h.call(h.client, "PUT", room+"/lock", `{"locked":true}`, http.StatusNoContent, nil)
	h.call(h.client, "PUT", room+"/members/"+me.Person, `{"role":"viewer"}`, http.StatusNoContent, nil)
	h.call(h.client, "PUT", room+"/passcode", `{"passcode":"open sesame"}`, http.StatusNoContent, nil)
	h.call(h.client, "PUT", room+"/access", `{"visibility":"invited"}`, http.StatusNoContent, nil)
	h.call(member, "PUT", room+"/lock", `{"locked":false}`, http.StatusForbidden, nil) // not done, so not in it
	h.call(h.client, "DELETE", room, "", http.StatusNoContent, nil)

	lines, err := h.door.db.Entries(t.Context(), auth.AuditQuery{All: true, Room: h.room, Oldest: true, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var did []string
	_, key, _ := strings.Cut(rotated.Links["editor"], "#")
	for _, l := range lines {
		did = append(did, l.Action)
		if l.Person == "" || l.Target != h.room || l.Outcome != auth.OK || l.Address == "" {
			t.Errorf("a line is %+v", l)
		}
		for name, v := range l.Detail {
			if strings.Contains(v, key) || strings.Contains(v, "sesame") {
				t.Errorf("%s has the secret %s = %q", l.Action, name, v)
			}
		}
	}
	want := []string{auth.ActRoomMade, auth.ActLinkRotated, auth.ActLinkRevoked, auth.ActRoomLocked, auth.ActRoleGiven, auth.ActPasscodeSet, auth.ActRoomAccess, auth.ActRoomEnded}
	if !slices.Equal(did, want) {
		t.Errorf("the log says %v, want %v", did, want)
	}
}

func TestRoomsWithoutAnOrganisationMayStayOutOfTheAuditLog(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.AuditRooms = false })
	h.call(h.client, "DELETE", "/api/v1/rooms/"+h.room, "", http.StatusNoContent, nil)
	lines, err := h.door.db.Entries(t.Context(), auth.AuditQuery{All: true, Limit: 100})
	if err != nil || len(lines) != 0 {
		t.Errorf("the log has %+v, %v", lines, err)
	}
}
