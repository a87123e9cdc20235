package room

import (
	"encoding/json"
	"reflect"
	"testing"

	"codecollab.dev"
	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/wire"
)

// fold applies events that are written as they lie in logs, and restores what a snapshot of that has.
func fold(t *testing.T, events ...string) *State {
	t.Helper()
	s := newState()
	for i, text := range events {
		e := wire.Event{Version: int64(i + 1)}
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			t.Fatal(err)
		}
		e.Version = int64(i + 1)
		if err := s.Apply(&e); err != nil {
			t.Fatal(err)
		}
	}
	snap, err := s.snapshot()
	if err != nil {
		t.Fatal(err)
	}
	again, err := restore(snap)
	if err != nil {
		t.Fatal(err)
	}
	for _, person := range []string{"ann", "ben", "cyd", "uann"} {
		if a, b := s.standing(Author{Person: person}), again.standing(Author{Person: person}); a != b {
			t.Errorf("a snapshot makes %+v of %s, who is %+v", b, person, a)
		}
	}
	if !reflect.DeepEqual(s.wireMembers(), again.wireMembers()) {
		t.Errorf("a snapshot makes %+v of %+v", again.wireMembers(), s.wireMembers())
	}
	return s
}

const first = `{"by":"ann","body":{"kind":"language","language":"python"}}`

// Logs from before there was more than a role and an open or closed room say what they said.
func TestOldLogsFoldTheSame(t *testing.T) {
	s := fold(t, first, `{"by":"ben","body":{"kind":"person","person":"ben","name":"Ben","color":1}}`, `{"by":"ann","body":{"kind":"access","closed":true}}`,
		`{"by":"cyd","body":{"kind":"role","person":"cyd","role":"viewer"}}`)
	want := rights.Room{Visibility: rights.Link}
	for person, role := range map[string]rights.Role{"ann": rights.Owner, "ben": rights.Editor, "cyd": rights.Viewer, "dan": rights.None} {
		st := s.standing(Author{Person: person})
		if st.As() != role || st.Run != rights.ByRule || st.Given || st.Room != want {
			t.Errorf("%s: %+v", person, st)
		}
	}
	if s := fold(t, first); s.standing(Author{Person: "dan"}).As() != rights.Editor || s.demands().Visibility != rights.Open {
		t.Error("a room that was never closed is closed")
	}
}

// What an owner says about running leaves the role as it is, and whose word it was.
func TestFoldingWhoRuns(t *testing.T) {
	s := fold(t, first, `{"by":"ann","body":{"kind":"access","closed":true,"runners":"owners"}}`,
		`{"by":"ben","body":{"kind":"role","person":"ben","role":"viewer"}}`,
		`{"by":"ann","body":{"kind":"role","person":"ben","role":"","run":"yes"}}`,
		`{"by":"ann","body":{"kind":"role","person":"cyd","role":"","run":"no"}}`,
		`{"by":"ann","body":{"kind":"role","person":"ann","role":"","run":"no"}}`)
	if m := s.Members["ben"]; m != (Member{Role: rights.Viewer, Run: rights.Allowed}) {
		t.Errorf("%+v", m)
	}
	if st := s.standing(Author{Person: "cyd"}); st.As() != rights.None || st.Run != rights.Denied {
		t.Errorf("a word about running made somebody %+v", st)
	}
	if st := s.standing(Author{Person: "ann"}); st.As() != rights.Owner || rights.May(st, rights.Run) == nil || s.owners() != 1 {
		t.Errorf("the owner is %+v", st)
	}
}

// Whom an owner has muted is muted after signing in, too, and until an owner says otherwise.
func TestFoldingWhoIsHeard(t *testing.T) {
	muted := []string{first, `{"by":"ann","body":{"kind":"role","person":"ben","role":"","mute":"yes"}}`}
	s := fold(t, muted...)
	if err := s.may(Author{Person: "ben"}, rights.Speak); codecollab.CodeOf(err) != "muted" {
		t.Errorf("a muted person may speak: %v", err)
	}
	if err := s.may(Author{Person: "cyd"}, rights.Speak); err != nil {
		t.Errorf("nobody has muted cyd: %v", err)
	}
	s = fold(t, append(muted, `{"by":"uann","body":{"kind":"role","person":"uann","role":"editor","from":"ben"}}`)...)
	if !s.standing(Author{Person: "uann"}).Muted {
		t.Error("a guest who signs in is heard again")
	}
	s = fold(t, append(muted, `{"by":"ann","body":{"kind":"role","person":"ben","role":"","mute":"no"}}`)...)
	if s.standing(Author{Person: "ben"}).Muted {
		t.Error("an owner cannot take it back")
	}
}

// A guest's rights go to their account once, with all that an owner has said; the guest is nobody any more.
func TestInheriting(t *testing.T) {
	s := fold(t, first, `{"by":"ann","body":{"kind":"access","closed":true}}`,
		`{"by":"ann","body":{"kind":"role","person":"ben","role":"viewer","run":"yes"}}`,
		`{"by":"uann","body":{"kind":"role","person":"uann","role":"owner","from":"ann"}}`,
		`{"by":"ucyd","body":{"kind":"role","person":"ucyd","role":"viewer","from":"ben"}}`)
	if s.Owner != "uann" || s.RoleOf("ann") != rights.None || s.RoleOf("uann") != rights.Owner || s.owners() != 1 {
		t.Errorf("owner %q, ann %q, uann %q", s.Owner, s.RoleOf("ann"), s.RoleOf("uann"))
	}
	if m := s.Members["ucyd"]; m != (Member{Role: rights.Viewer, Given: true, Run: rights.Allowed}) {
		t.Errorf("%+v", m)
	}
	if _, ok := s.Members["ben"]; ok {
		t.Error("the guest is somebody still")
	}
}

func TestHeirs(t *testing.T) {
	s := newState()
	s.Owner, s.Access.Closed = "ann", true
	s.Members = map[string]Member{
		"viewer": {Role: rights.Viewer}, "editor": {Role: rights.Editor}, "removed": {Role: rights.Removed, Given: true},
		"umade": {Role: rights.Viewer, Given: true}, "uout": {Role: rights.Removed, Given: true}, "ueditor": {Role: rights.Editor},
	}
	for _, c := range []struct {
		person string
		former []string
		from   string
		role   rights.Role
	}{
		{"unew", []string{"viewer", "editor"}, "editor", rights.Editor},
		{"unew", []string{"ann", "editor"}, "ann", rights.Owner},
		{"unew", []string{"nobody"}, "", rights.None},
		{"unew", []string{"removed"}, "removed", rights.Removed},
		{"ueditor", []string{"viewer"}, "", rights.None},
		{"umade", []string{"editor"}, "", rights.None}, // an owner has said what the account is
		{"umade", []string{"ann"}, "ann", rights.Owner},
		{"uout", []string{"ann", "editor"}, "", rights.None},
	} {
		from, role, ok := s.heir(Author{Person: c.person, former: c.former})
		if from != c.from || role != c.role || ok != (c.from != "") {
			t.Errorf("%s, who was %v, gets %q from %q", c.person, c.former, role, from)
		}
	}
}

func TestRulesThatContradictEachOther(t *testing.T) {
	for _, a := range []wire.Access{
		{Waiting: true}, {Passcode: true}, {Visibility: "invited"}, // of a room that opens by its name
		{Closed: true, Visibility: "everybody"}, {Closed: true, Visibility: "organisation"}, {Closed: true, Visibility: "organisation", Org: "o"},
		{Closed: true, Org: "o", OrgRole: "owner"}, {Closed: true, Runners: "all"},
	} {
		if checkAccess(&a) == nil {
			t.Errorf("%+v is taken", a)
		}
	}
	for _, a := range []wire.Access{{}, {Runners: "named"}, {Closed: true}, {Closed: true, Visibility: "organisation", Org: "o", OrgRole: "viewer", Waiting: true, Passcode: true}} {
		if err := checkAccess(&a); err != nil {
			t.Errorf("%+v: %v", a, err)
		}
	}
}
