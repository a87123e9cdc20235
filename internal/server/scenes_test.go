package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/wire"
)

// scene is a room, and somebody before its door or in it.
type scene struct {
	name string
	// rules are what the owner says about who may come in; ORG is an organisation of theirs.
	rules    string
	passcode bool
	come     func(h *house) *http.Client // who tries everything
	key      string                      // the role of the link that they have; "": none
	s        rights.Standing             // how they stand
}

// someone is a person of a role who came by a link, or whom an owner has removed.
func someone(role rights.Role) func(*house) *http.Client {
	return func(h *house) *http.Client { return h.as(role) }
}

// signedIn is a stranger with an account.
func signedIn(h *house) *http.Client {
	c := newPerson(h.t)
	h.register(c, "ben@example.org")
	return c
}

// memberAs is somebody with an account and a place in the organisation.
func memberAs(role auth.OrgRole) func(*house) *http.Client {
	return func(h *house) *http.Client {
		c := signedIn(h)
		if err := h.door.db.SetMember(h.t.Context(), auth.Membership{Org: "o1", Account: h.personOf(c), Role: role, Source: "manual"}); err != nil {
			h.t.Fatal(err)
		}
		return c
	}
}

// invited is somebody whom the owner has invited by the id of their account.
func invited(h *house) *http.Client {
	c := signedIn(h)
	h.call(h.client, "POST", "/api/v1/rooms/"+h.room+"/invitations", fmt.Sprintf(`{"who":%q,"role":"viewer"}`, h.personOf(c)), http.StatusNoContent, nil)
	return c
}

// running is a member of whom an owner has said whether they run programs.
func running(role rights.Role, run rights.Grant) func(*house) *http.Client {
	return func(h *house) *http.Client {
		c := h.as(role)
		h.call(h.client, "PUT", "/api/v1/rooms/"+h.room+"/members/"+h.personOf(c), fmt.Sprintf(`{"run":%q}`, run), http.StatusNoContent, nil)
		return c
	}
}

// passed is a stranger with the link for editors who knows the passcode.
func passed(h *house) *http.Client {
	c := h.as(rights.None)
	req, err := http.NewRequestWithContext(h.t.Context(), "POST", h.http.URL+"/api/v1/rooms/"+h.room+"/passcode", strings.NewReader(`{"passcode":"open sesame"}`))
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set(keyHeader, h.keys["editor"])
	if got, code := h.do(c, req); got != http.StatusNoContent {
		h.t.Fatalf("the passcode: %d %s", got, code)
	}
	return c
}

func scenes() (all []scene) {
	byLink := rights.Room{Visibility: rights.Link}
	for _, role := range rights.Roles() {
		all = append(all,
			scene{name: "a room with links, " + string(role), come: someone(role), s: rights.Standing{Role: role, Room: byLink}},
			scene{name: "a locked room, " + string(role), come: someone(role), s: rights.Standing{Role: role, Room: rights.Room{Visibility: rights.Link, Locked: true}}})
	}
	const org = `{"visibility":"organisation","org":"ORG","org_role":"viewer"}`
	inOrg := rights.Room{Visibility: rights.Organisation, MemberRole: rights.Viewer}
	return append(all,
		scene{name: "with a link to edit", come: someone(rights.None), key: "editor", s: rights.Standing{Coming: rights.Coming{Link: rights.Editor}, Room: byLink}},
		scene{name: "with a link to view", come: someone(rights.None), key: "viewer", s: rights.Standing{Coming: rights.Coming{Link: rights.Viewer}, Room: byLink}},

		scene{name: "a viewer who runs", come: running(rights.Viewer, rights.Allowed), s: rights.Standing{Role: rights.Viewer, Run: rights.Allowed, Room: byLink}},
		scene{name: "an editor who does not", come: running(rights.Editor, rights.Denied), s: rights.Standing{Role: rights.Editor, Run: rights.Denied, Room: byLink}},
		scene{name: "owners run", rules: `{"runners":"owners"}`, come: someone(rights.Editor), s: rights.Standing{Role: rights.Editor, Room: rights.Room{Visibility: rights.Link, Runners: rights.Owners}}},
		scene{name: "nobody runs", rules: `{"runners":"named"}`, come: someone(rights.Owner), s: rights.Standing{Role: rights.Owner, Room: rights.Room{Visibility: rights.Link, Runners: rights.Named}}},
		scene{name: "nobody but", rules: `{"runners":"named"}`, come: running(rights.Editor, rights.Allowed), s: rights.Standing{Role: rights.Editor, Run: rights.Allowed, Room: rights.Room{Visibility: rights.Link, Runners: rights.Named}}},

		scene{name: "for the invited, a guest with a link", rules: `{"visibility":"invited"}`, come: someone(rights.None), key: "editor", s: rights.Standing{Coming: rights.Coming{Link: rights.Editor}, Room: rights.Room{Visibility: rights.Invited}}},
		scene{name: "for the invited, somebody else", rules: `{"visibility":"invited"}`, come: signedIn, key: "editor", s: rights.Standing{Coming: rights.Coming{Link: rights.Editor, SignedIn: true}, Room: rights.Room{Visibility: rights.Invited}}},
		scene{name: "for the invited, one of them", rules: `{"visibility":"invited"}`, come: invited, s: rights.Standing{Coming: rights.Coming{Invited: rights.Viewer, SignedIn: true}, Room: rights.Room{Visibility: rights.Invited}}},

		scene{name: "of an organisation, a guest", rules: org, come: someone(rights.None), s: rights.Standing{Room: inOrg}},
		scene{name: "of an organisation, a guest with a link", rules: org, come: someone(rights.None), key: "editor", s: rights.Standing{Coming: rights.Coming{Link: rights.Editor}, Room: inOrg}},
		scene{name: "of an organisation, somebody from elsewhere", rules: org, come: signedIn, s: rights.Standing{Coming: rights.Coming{SignedIn: true}, Room: inOrg}},
		scene{name: "of an organisation, a member", rules: org, come: memberAs(auth.OrgMember), s: rights.Standing{Coming: rights.Coming{SignedIn: true, Member: true}, Room: inOrg}},
		scene{name: "of an organisation, its administrator", rules: `{"visibility":"invited","org":"ORG"}`, come: memberAs(auth.OrgAdmin),
			s: rights.Standing{Coming: rights.Coming{SignedIn: true, Member: true, Steward: true}, Room: rights.Room{Visibility: rights.Invited}}},

		scene{name: "a passcode", passcode: true, come: someone(rights.None), key: "editor", s: rights.Standing{Coming: rights.Coming{Link: rights.Editor}, Room: rights.Room{Visibility: rights.Link, Passcode: true}}},
		scene{name: "a passcode, a stranger", passcode: true, come: someone(rights.None), s: rights.Standing{Room: rights.Room{Visibility: rights.Link, Passcode: true}}},
		scene{name: "a passcode that was given", passcode: true, come: passed, key: "editor", s: rights.Standing{Coming: rights.Coming{Link: rights.Editor, Passed: true}, Room: rights.Room{Visibility: rights.Link, Passcode: true}}},

		scene{name: "a waiting room", rules: `{"waiting":true}`, come: someone(rights.None), key: "editor", s: rights.Standing{Coming: rights.Coming{Link: rights.Editor}, Room: rights.Room{Visibility: rights.Link, Waiting: true}}},
		scene{name: "a waiting room, the invited", rules: `{"waiting":true}`, come: invited, s: rights.Standing{Coming: rights.Coming{Invited: rights.Viewer, SignedIn: true}, Room: rights.Room{Visibility: rights.Link, Waiting: true}}},

		scene{name: "for people who have signed in, a guest", rules: `{"signed_in":true}`, come: someone(rights.None), key: "editor", s: rights.Standing{Coming: rights.Coming{Link: rights.Editor}, Room: rights.Room{Visibility: rights.Link, SignedIn: true}}},
		scene{name: "for people who have signed in, one of them", rules: `{"signed_in":true}`, come: signedIn, key: "editor", s: rights.Standing{Coming: rights.Coming{Link: rights.Editor, SignedIn: true}, Room: rights.Room{Visibility: rights.Link, SignedIn: true}}},
	)
}

// The whole matrix: in every scene everything is tried that can be done in a room, over HTTP, WebSocket and its fallback.
func TestTheMatrixOfRights(t *testing.T) {
	for _, sc := range scenes() {
		t.Run(sc.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, withHints())
			h.client = h.anOwner()
			sc.rules = strings.ReplaceAll(sc.rules, "ORG", "o1")
			if sc.rules != "" {
				h.call(h.client, "PUT", "/api/v1/rooms/"+h.room+"/access", sc.rules, http.StatusNoContent, nil)
			}
			if sc.passcode {
				h.call(h.client, "PUT", "/api/v1/rooms/"+h.room+"/passcode", `{"passcode":"open sesame"}`, http.StatusNoContent, nil)
			}
			c := sc.come(h)
			if sc.s.Room.Locked {
				h.lock(true)
			}
			h.tryRequests(c, sc)
			for way, open := range ways() {
				t.Run(way, func(t *testing.T) { h.trySaying(t, open, c, sc) })
			}
			h.t = t
			h.tryLast(c, sc)
		})
	}
}

// anOwner is the person of the house, who has signed in since they made the room, and has an organisation.
func (h *house) anOwner() *http.Client {
	h.t.Helper()
	owner := h.register(h.client, "owner@example.org")
	if err := h.door.db.SaveOrg(h.t.Context(), auth.Org{ID: "o1", Name: "Example"}, owner); err != nil {
		h.t.Fatal(err)
	}
	return h.client
}

// lastDeeds are those that change what somebody is in the room, or end it.
func lastDeeds() []deed {
	return []deed{
		{name: "take over", do: rights.Oversee, method: "POST", path: "/takeover", status: 204},
		{name: "end the room", do: rights.End, method: "DELETE", status: 204},
	}
}

func (h *house) tryRequests(c *http.Client, sc scene) {
	h.t.Helper()
	for _, d := range deeds() {
		if d.method == "" {
			continue
		}
		want, code := d.status, d.code
		if err := rights.May(sc.s, d.do); err != nil {
			want, code = statusOf(err), codecollab.CodeOf(err)
		} else if d.name == "try a passcode" && sc.passcode {
			want, code = http.StatusForbidden, "wrong_passcode"
		}
		h.try(c, sc, d, want, code)
	}
}

// tryLast tries what an administrator of the organisation may do, too.
func (h *house) tryLast(c *http.Client, sc scene) {
	h.t.Helper()
	for _, d := range lastDeeds() {
		want, code := d.status, ""
		if err := rights.May(sc.s, d.do); err != nil {
			want, code = statusOf(err), codecollab.CodeOf(err)
		}
		h.try(c, sc, d, want, code)
		if d.do == rights.Oversee && code == "" {
			sc.s.Role = rights.Owner
			h.try(c, sc, deed{name: "lock, as the new owner", method: "PUT", path: "/lock", body: `{"locked":true}`}, http.StatusNoContent, "")
		}
	}
}

func (h *house) try(c *http.Client, sc scene, d deed, want int, code string) {
	h.t.Helper()
	body := strings.ReplaceAll(d.body, "LOCKED", fmt.Sprint(sc.s.Room.Locked))
	req, err := http.NewRequestWithContext(h.t.Context(), d.method, h.http.URL+"/api/v1/rooms/"+h.room+d.path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	if sc.key != "" {
		req.Header.Set(keyHeader, h.keys[sc.key])
	}
	got, said := h.do(c, req)
	if got != want || (code != "" && said != code) {
		h.t.Errorf("%s: %d %q, want %d %q", d.name, got, said, want, code)
	}
}

func statusOf(err error) int {
	e := err.(*codecollab.Error)
	return answer.Status(e.Kind, e.Code)
}

func codeOf(err error) string {
	if err == nil {
		return ""
	}
	return codecollab.CodeOf(err)
}

func (h *house) trySaying(t *testing.T, open func(*house, *http.Client) talker, c *http.Client, sc scene) {
	h.t = t
	conn := open(h, c)
	conn.say(joinAs("matrix"+strings.ReplaceAll(fmt.Sprintf("%p", conn), "0x", ""), h.keys[sc.key]))
	switch code := codeOf(rights.May(sc.s, rights.Read)); code {
	case "":
	case "waiting":
		h.tryWaiting(t, conn)
		return
	default:
		if e := waitError(t, conn, code); !e.Fatal || e.Retry {
			t.Errorf("joining: %+v", e)
		}
		return
	}
	j := wait(t, conn, func(*wire.Joined) bool { return true })
	if j.Role != string(sc.s.As()) {
		t.Errorf("the role is %q, want %q", j.Role, sc.s.As())
	}
	h.tryMessages(t, conn, j, sc)
}

// tryWaiting says something before the door: only signs of life are answered.
func (h *house) tryWaiting(t *testing.T, conn talker) {
	wait(t, conn, func(*wire.Waiting) bool { return true })
	conn.say(`{"t":"ping"}`)
	waitFor(t, conn, isPong)
	conn.say(`{"t":"batch","seq":1,"base":1,"body":{"kind":"chat","text":"hello"}}`)
	if e := waitError(t, conn, "not_joined"); !e.Fatal {
		t.Errorf("%+v", e)
	}
}

// refusalOf is a refusal, also one of voice.
func refusalOf(m wire.Message) *wire.Error {
	switch m := m.(type) {
	case *wire.Error:
		return m
	case *wire.VoiceRefused:
		return &wire.Error{Code: m.Code, Retry: m.Retry}
	}
	return nil
}

func (h *house) tryMessages(t *testing.T, conn talker, j *wire.Joined, sc scene) {
	file, base := j.Snapshot.Files[0], j.Version
	length := len(file.Text)
	for i, d := range deeds() {
		if d.say == "" {
			continue
		}
		conn.say(strings.NewReplacer("WAY", strings.ToLower(fmt.Sprintf("%T", conn)[8:14]), "SEQ", fmt.Sprint(i+1), "BASE", fmt.Sprint(base), "FILE", file.ID, "LENGTH", fmt.Sprint(length)).Replace(d.say))
		do := d.do
		if do == "nobody" {
			do = rights.Edit // that is asked first
		}
		want := codeOf(rights.May(sc.s, do))
		answer := waitFor(t, conn, func(m wire.Message) bool {
			return refusalOf(m) != nil || d.ok(m)
		})
		e := refusalOf(answer)
		switch {
		case want == "" && !d.ok(answer):
			t.Errorf("%s: %+v", d.name, answer)
		case want != "" && (e == nil || e.Code != want || e.Fatal || e.Retry):
			t.Errorf("%s: %+v, want %s", d.name, answer, want)
		}
		if done, ok := answer.(*wire.Event); ok {
			base = done.Version
			if done.Body.Kind() == "edit" {
				length++
			}
		}
	}
}
