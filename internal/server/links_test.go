package server

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/wire"
)

func readBody(t *testing.T, resp *http.Response, into any) {
	t.Helper()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		t.Fatal(err)
	}
}

// enter tries to come in with a key; the answer is the role, or the code of the refusal.
func (h *house) enter(c *http.Client, client, key string) (*socketTalker, string) {
	h.t.Helper()
	ws := h.socket(c)
	ws.say(joinAs(client, key))
	m := waitFor(h.t, ws, func(m wire.Message) bool {
		switch m.(type) {
		case *wire.Joined, *wire.Error:
			return true
		}
		return false
	})
	if j, ok := m.(*wire.Joined); ok {
		return ws, j.Role
	}
	return ws, m.(*wire.Error).Code
}

func (h *house) wantEnter(c *http.Client, client, key, want string) *socketTalker {
	h.t.Helper()
	ws, got := h.enter(c, client, key)
	if got != want {
		h.t.Errorf("%s came in as %q, want %q", client, got, want)
	}
	return ws
}

func TestLinks(t *testing.T) {
	h := newHouse(t, roomy)
	ann, ben, cyd := h.as(rights.None), h.as(rights.None), h.as(rights.None)
	h.wantEnter(ann, "annannan", "", "no_access")
	h.wantEnter(ann, "annannan", "nonesuchnonesuchnonesuchno", "no_access")
	h.wantEnter(ann, "annannan", h.keys["viewer"], "viewer").ws.CloseNow()
	h.wantEnter(ann, "annannan", "", "viewer").ws.CloseNow()                   // a member needs no key
	h.wantEnter(ann, "annannan", h.keys["editor"], "editor").ws.CloseNow()     // a better link makes more of her
	h.wantEnter(ann, "annannan", h.keys["viewer"], "editor").ws.CloseNow()     // and a lesser one not less
	h.wantEnter(h.client, "ownerown", h.keys["viewer"], "owner").ws.CloseNow() // nor of the owner

	_, keys := h.newRoom()
	h.wantEnter(ben, "benbenbe", keys["editor"], "no_access") // another room's

	var answer struct{ Links map[string]string }
	h.call(h.client, "POST", "/api/v1/rooms/"+h.room+"/links/editor", "", http.StatusOK, &answer)
	_, fresh, _ := strings.Cut(answer.Links["editor"], "#")
	h.wantEnter(ben, "benbenbe", h.keys["editor"], "link_revoked")
	h.wantEnter(ben, "benbenbe", fresh, "editor").ws.CloseNow()
	h.wantEnter(ann, "annannan", h.keys["editor"], "editor").ws.CloseNow() // members stay

	h.call(h.client, "DELETE", "/api/v1/rooms/"+h.room+"/links/editor", "", http.StatusNoContent, nil)
	h.wantEnter(cyd, "cydcydcy", fresh, "link_revoked")
	h.call(h.client, "GET", "/api/v1/rooms/"+h.room+"/links", "", http.StatusOK, &answer)
	h.call(h.client, "POST", "/api/v1/rooms/"+h.room+"/links/owner", "", http.StatusBadRequest, nil)
	h.wantEnter(cyd, "cydcydcy", h.keys["viewer"], "viewer")
}

// A link's key in a header is enough for a program that never joins.
func TestAKeyInAHeader(t *testing.T) {
	h := newHouse(t)
	for key, want := range map[string]int{h.keys["editor"]: 200, h.keys["viewer"]: 403, "": 403} {
		req, err := http.NewRequestWithContext(t.Context(), "POST", h.http.URL+"/api/v1/rooms/"+h.room+"/format", strings.NewReader(`{"language":"python","content":"x"}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Room-Key", key)
		if got, code := h.do(newPerson(t), req); got != want {
			t.Errorf("with the key %q: %d %s, want %d", key, got, code, want)
		}
	}
}

// Who may see which link, and that the address is told.
func TestWhoSeesWhichLink(t *testing.T) {
	h := newHouse(t)
	for role, want := range map[rights.Role]int{rights.Owner: 2, rights.Editor: 2, rights.Viewer: 1} {
		c := h.as(role)
		var answer struct{ Links map[string]string }
		h.call(c, "GET", "/api/v1/rooms/"+h.room+"/links", "", http.StatusOK, &answer)
		if len(answer.Links) != want || answer.Links["viewer"] == "" {
			t.Errorf("%s sees %v", role, answer.Links)
		}
		ws := h.socket(c)
		ws.say(joinAs("address0", ""))
		j := wait(t, ws, func(*wire.Joined) bool { return true })
		key := h.keys["editor"]
		if role == rights.Viewer {
			key = h.keys["viewer"]
		}
		if j.Key != key {
			t.Errorf("%s is told the key %q, want %q", role, j.Key, key)
		}
		ws.ws.CloseNow()
		waitGone(t, h, "address0")
	}
}
