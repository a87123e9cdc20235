package server

import (
	"fmt"
	"net/http"
	"testing"

	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/wire"
)

// deed is something that people try in a room: over HTTP, or by saying it on a connection.
type deed struct {
	name string
	do   rights.Action
	// method, path (below the room) and body of a request; status is what it answers when it is allowed.
	method, path, body string
	status             int
	code               string // of the failure that one who may do it gets; "" is not looked at
	// say is a message, with %d for the next number of a batch, %d for its base and %q for the file. Then ok tells the answer of one that is allowed.
	say string
	ok  func(wire.Message) bool
}

func event(kind string) func(wire.Message) bool {
	return func(m wire.Message) bool {
		e, ok := m.(*wire.Event)
		return ok && e.Body.Kind() == kind && e.Seq > 0
	}
}

func failure(code string) func(wire.Message) bool {
	return func(m wire.Message) bool {
		e, ok := m.(*wire.Error)
		return ok && e.Code == code
	}
}

func noVoice(code string) func(wire.Message) bool {
	return func(m wire.Message) bool {
		r, ok := m.(*wire.VoiceRefused)
		return ok && r.Code == code
	}
}

func isPong(m wire.Message) bool { _, ok := m.(*wire.Pong); return ok }

func batch(body string) string {
	return `{"t":"batch","seq":SEQ,"base":BASE,"body":` + body + `}`
}

// deeds are one of everything. Where a thing does not exist, its own error shows that the person might have done it.
func deeds() []deed {
	return []deed{
		{name: "look", do: rights.Read, method: "GET", status: 200},
		{name: "see past runs", do: rights.Read, method: "GET", path: "/runs", status: 200},
		{name: "see a past run", do: rights.Read, method: "GET", path: "/runs/99", status: 404},
		{name: "get a file of a run", do: rights.Read, method: "GET", path: "/runs/99/files/a.png", status: 404},
		{name: "read the chat", do: rights.Read, method: "GET", path: "/chat", status: 200},
		{name: "look back", do: rights.Read, method: "GET", path: "/history", status: 200},
		{name: "see an old state", do: rights.Read, method: "GET", path: "/history/state?version=1", status: 200},
		{name: "play events", do: rights.Read, method: "GET", path: "/history/events?from=1&to=2", status: 200},
		{name: "blame", do: rights.Read, method: "GET", path: "/history/blame?version=3&file=nonesuch", status: 404},
		{name: "format", do: rights.Edit, method: "POST", path: "/format", body: `{"language":"python","content":"x"}`, status: 200},
		{name: "see the links", do: rights.InviteViewer, method: "GET", path: "/links", status: 200},
		{name: "rotate a link", do: rights.Manage, method: "POST", path: "/links/viewer", status: 200},
		{name: "revoke a link", do: rights.Manage, method: "DELETE", path: "/links/viewer", status: 204},
		{name: "give a role", do: rights.Manage, method: "PUT", path: "/members/pnobody", body: `{"role":"viewer"}`, status: 404},
		{name: "lock", do: rights.Manage, method: "PUT", path: "/lock", body: `{"locked":LOCKED}`, status: 204},
		{name: "close", do: rights.Manage, method: "PUT", path: "/access", body: `{"closed":true}`, status: 204},
		{name: "say who runs", do: rights.Manage, method: "PUT", path: "/members/pnobody", body: `{"run":"yes"}`, status: 404, code: "no_person"},
		{name: "set a passcode", do: rights.Manage, method: "PUT", path: "/passcode", body: `{"passcode":"abc"}`, status: 400, code: "bad_passcode"},
		{name: "try a passcode", do: rights.Knock, method: "POST", path: "/passcode", body: `{"passcode":"wrong"}`, status: 204},
		{name: "let somebody in", do: rights.Manage, method: "POST", path: "/knocks/pnobody", body: `{"admit":true}`, status: 404, code: "no_knock"},
		{name: "refuse somebody", do: rights.Manage, method: "POST", path: "/knocks/pnobody", body: `{}`, status: 404, code: "no_knock"},
		{name: "see the invitations", do: rights.Manage, method: "GET", path: "/invitations", status: 200},
		{name: "invite", do: rights.Manage, method: "POST", path: "/invitations", body: `{"who":"x@example.org"}`, status: 204},
		{name: "take an invitation back", do: rights.Manage, method: "DELETE", path: "/invitations/x@example.org", status: 204},
		{name: "see who gives hints", do: rights.Read, method: "GET", path: "/hints", status: 200},
		{name: "ask for a hint", do: rights.Edit, method: "POST", path: "/hints", body: `{"file":"f","kind":"hint"}`, status: 403, code: "hints_off"},
		{name: "judge a hint", do: rights.Read, method: "POST", path: "/hints/none/vote", body: `{"up":true}`, status: 404, code: "no_hint"},
		{name: "see what was asked of models", do: rights.Manage, method: "GET", path: "/hints/log", status: 200},

		{name: "edit", do: rights.Edit, say: batch(`{"kind":"edit","edits":[{"file":"FILE","changes":[[0,"x"],LENGTH]}]}`), ok: event("edit")},
		{name: "create", do: rights.Edit, say: batch(`{"kind":"create","file":"fileSEQWAY","name":"a.py","text":""}`), ok: event("create")},
		{name: "rename", do: rights.Edit, say: batch(`{"kind":"rename","file":"FILE","name":"bSEQ.py"}`), ok: event("rename")},
		{name: "delete", do: rights.Edit, say: batch(`{"kind":"delete","file":"nonesuch"}`), ok: failure("no_file")},
		{name: "set the language", do: rights.Edit, say: batch(`{"kind":"language","language":"python"}`), ok: event("language")},
		{name: "set the title", do: rights.Edit, say: batch(`{"kind":"title","title":"t"}`), ok: event("title")},
		{name: "change settings", do: rights.Edit, say: batch(`{"kind":"settings","tab_width":4}`), ok: event("settings")},
		{name: "turn hints off", do: rights.Manage, say: batch(`{"kind":"hints","on":false,"level":1}`), ok: event("hints")},
		{name: "write a role by oneself", do: "nobody", say: batch(`{"kind":"role","person":"x","role":"owner"}`), ok: failure("bad_message")},
		{name: "write a name", do: "nobody", say: batch(`{"kind":"person","person":"x","name":"Eve"}`), ok: failure("bad_message")},
		{name: "write a lock", do: "nobody", say: batch(`{"kind":"lock","locked":true}`), ok: failure("bad_message")},
		{name: "write who may come in", do: "nobody", say: batch(`{"kind":"access","closed":false}`), ok: failure("bad_message")},
		{name: "write the end of a run", do: "nobody", say: batch(`{"kind":"finish","run":1}`), ok: failure("bad_message")},
		{name: "write a hint", do: "nobody", say: batch(`{"kind":"hint","text":"x"}`), ok: failure("bad_message")},
		{name: "ask for a sign of life", do: rights.Read, say: `{"t":"ping"}`, ok: isPong},
		{name: "take a name", do: rights.Read, say: `{"t":"profile","name":"Eve","color":3}` + "\n" + `{"t":"ping"}`, ok: isPong},
		{name: "compare", do: rights.Read, say: `{"t":"check","version":1,"files":{}}` + "\n" + `{"t":"ping"}`, ok: isPong},
		{name: "resize a terminal", do: rights.Run, say: `{"t":"resize","run":99,"rows":1,"cols":1}` + "\n" + `{"t":"ping"}`, ok: isPong},
		{name: "run", do: rights.Run, say: batch(`{"kind":"run","file":"nonesuch","language":"python"}`), ok: failure("no_file")},
		{name: "stop", do: rights.Run, say: `{"t":"stop","run":99}`, ok: failure("no_run")},
		{name: "type into a program", do: rights.Run, say: `{"t":"input","run":99,"data":"x"}`, ok: failure("no_run")},
		{name: "chat", do: rights.Chat, say: batch(`{"kind":"chat","text":"hello"}`), ok: event("chat")},
		{name: "bring everybody", do: rights.Gather, say: `{"t":"bring"}`, ok: func(m wire.Message) bool { _, ok := m.(*wire.Brought); return ok }},
		{name: "ask how one talks", do: rights.Speak, say: `{"t":"voice_ask"}`, ok: func(m wire.Message) bool { _, ok := m.(*wire.VoiceWays); return ok }},
		{name: "talk", do: rights.Speak, say: `{"t":"voice_offer","call":"aaaaaaaa","sdp":"x"}`, ok: noVoice("bad_sdp")},
		{name: "mute oneself", do: rights.Read, say: `{"t":"voice_mute","muted":true}`, ok: noVoice("no_call")},
		{name: "stop talking", do: rights.Read, say: `{"t":"voice_leave","call":"aaaaaaaa"}`, ok: noVoice("no_call")},
		{name: "show a caret", do: rights.Point, say: `{"t":"presence","version":1,"anchor":0,"head":0,"away":true}`, ok: func(m wire.Message) bool {
			p, ok := m.(*wire.Presence)
			return ok && len(p.People) == 1 && p.People[0].Away
		}},
	}
}

func ways() map[string]func(*house, *http.Client) talker {
	return map[string]func(*house, *http.Client) talker{
		"websocket": func(h *house, c *http.Client) talker { return h.socket(c) },
		"stream":    func(h *house, c *http.Client) talker { return h.stream(c) },
	}
}

// as is a person of a role.
func (h *house) as(role rights.Role) *http.Client {
	h.t.Helper()
	switch role {
	case rights.Owner:
		return h.client
	case rights.None:
		c := newPerson(h.t)
		h.call(c, "GET", "/api/v1/me", "", http.StatusOK, nil)
		return c
	case rights.Removed:
		c := h.newMember("editor")
		h.give(c, role)
		return c
	}
	return h.newMember(string(role))
}

func (h *house) personOf(c *http.Client) string {
	h.t.Helper()
	var me struct{ Person string }
	h.call(c, "GET", "/api/v1/me", "", http.StatusOK, &me)
	return me.Person
}

// give gives a person a role, for the owner.
func (h *house) give(c *http.Client, role rights.Role) {
	h.t.Helper()
	h.call(h.client, "PUT", "/api/v1/rooms/"+h.room+"/members/"+h.personOf(c), fmt.Sprintf(`{"role":%q}`, role), http.StatusNoContent, nil)
}

func (h *house) lock(locked bool) {
	h.t.Helper()
	h.call(h.client, "PUT", "/api/v1/rooms/"+h.room+"/lock", fmt.Sprintf(`{"locked":%v}`, locked), http.StatusNoContent, nil)
}

// waitFor reads on until a message is ok.
func waitFor(t *testing.T, c talker, ok func(wire.Message) bool) wire.Message {
	t.Helper()
	for {
		for _, m := range c.hear() {
			if ok(m) {
				return m
			}
		}
	}
}

// do sends a request and returns the status, and the code of a failure.
func (h *house) do(c *http.Client, req *http.Request) (status int, code string) {
	h.t.Helper()
	resp, err := c.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	var e struct{ Code string }
	if resp.StatusCode >= 400 {
		readBody(h.t, resp, &e)
	}
	return resp.StatusCode, e.Code
}

// In a room from before there were links, its name is enough, until an owner closes it.
func TestAnOpenRoom(t *testing.T) {
	h := newHouse(t)
	h.room = "old-room"
	owner := room.Author{Person: h.personOf(h.client)}
	file := wire.Create{File: "ffffffff", Name: "main.py", Text: "old"}
	if err := h.server.opt.Rooms.Create(t.Context(), h.room, owner, "python", file, false); err != nil {
		t.Fatal(err)
	}
	writer, watcher := h.as(rights.None), h.as(rights.None)
	one := h.socket(writer)
	one.say(joinAs("writer00", ""))
	j := wait(t, one, func(*wire.Joined) bool { return true })
	if j.Role != "editor" || j.Key != "" || j.Snapshot.Closed {
		t.Errorf("%+v", j)
	}
	one.say(edit(1, j.Version, "ffffffff", 3, "x"))
	wait(t, one, func(e *wire.Event) bool { return e.Seq == 1 })
	one.ws.CloseNow()
	two := h.socket(watcher)
	two.say(joinAs("watcher0", ""))
	wait(t, two, func(*wire.Joined) bool { return true })

	h.call(h.client, "PUT", "/api/v1/rooms/"+h.room+"/access", `{"closed":true}`, http.StatusNoContent, nil)
	wait(t, two, func(e *wire.Event) bool { return e.Body.Kind() == "access" })
	for name, c := range map[string]*http.Client{"who has written": writer, "who is here": watcher} {
		var info struct{ Role string }
		h.call(c, "GET", "/api/v1/rooms/"+h.room, "", http.StatusOK, &info)
		if info.Role != "editor" {
			t.Errorf("%s is %q", name, info.Role)
		}
	}
	h.call(h.as(rights.None), "GET", "/api/v1/rooms/"+h.room, "", http.StatusForbidden, nil)
	var answer struct{ Links map[string]string }
	h.call(h.client, "GET", "/api/v1/rooms/"+h.room+"/links", "", http.StatusOK, &answer)
	if len(answer.Links) != 2 {
		t.Errorf("a room that was closed has the links %v", answer.Links)
	}
}
