package rights

import (
	"fmt"
	"testing"
)

// What a standing comes to: as what somebody is in the room, and why they may not read, run or edit; "" is yes.
var standings = []struct {
	name            string
	s               Standing
	as              Role
	read, run, edit string
}{
	{"a link", Standing{Coming: Coming{Link: Editor}}, Editor, "", "", ""},
	{"no link makes less of anybody", Standing{Role: Editor, Coming: Coming{Link: Viewer}}, Editor, "", "", ""},
	{"nor more of whom an owner has made a viewer", Standing{Role: Viewer, Given: true, Coming: Coming{Link: Editor}}, Viewer, "", "view_only", "view_only"},
	{"nor of whom an owner has removed", Standing{Role: Removed, Given: true, Coming: Coming{Link: Editor, Invited: Editor, Member: true, Passed: true}, Room: Room{Visibility: Organisation, MemberRole: Editor}}, Removed, "removed", "removed", "removed"},

	{"an owner may not run by themselves where nobody may", Standing{Role: Owner, Room: Room{Runners: Named}}, Owner, "", "not_runner", ""},
	{"but when they name themselves", Standing{Role: Owner, Run: Allowed, Room: Room{Runners: Named}}, Owner, "", "", ""},
	{"an editor where owners run", Standing{Role: Editor, Room: Room{Runners: Owners}}, Editor, "", "not_runner", ""},
	{"an owner where owners run", Standing{Role: Owner, Room: Room{Runners: Owners}}, Owner, "", "", ""},
	{"an editor who may not run", Standing{Role: Editor, Run: Denied}, Editor, "", "not_runner", ""},
	{"a viewer who may run", Standing{Role: Viewer, Run: Allowed}, Viewer, "", "", "view_only"},
	{"a viewer who may run, in a locked room", Standing{Role: Viewer, Run: Allowed, Room: Room{Locked: true}}, Viewer, "", "locked", "view_only"},
	{"an owner in a locked room", Standing{Role: Owner, Room: Room{Locked: true}}, Owner, "", "", ""},

	{"links do not open a room for the invited", Standing{Coming: Coming{Link: Editor, SignedIn: true}, Room: Room{Visibility: Invited}}, None, "not_invited", "not_invited", "not_invited"},
	{"who has not signed in may still be one of them", Standing{Coming: Coming{Link: Editor}, Room: Room{Visibility: Invited}}, None, "sign_in", "sign_in", "sign_in"},
	{"the invited", Standing{Coming: Coming{Invited: Viewer, SignedIn: true}, Room: Room{Visibility: Invited}}, Viewer, "", "view_only", "view_only"},
	{"who has a role needs no invitation", Standing{Role: Editor, Room: Room{Visibility: Invited}}, Editor, "", "", ""},

	{"a member of the organisation", Standing{Coming: Coming{Member: true, SignedIn: true}, Room: Room{Visibility: Organisation, MemberRole: Viewer}}, Viewer, "", "view_only", "view_only"},
	{"who also has a link", Standing{Coming: Coming{Member: true, SignedIn: true, Link: Editor}, Room: Room{Visibility: Organisation, MemberRole: Viewer}}, Editor, "", "", ""},
	{"somebody from elsewhere", Standing{Coming: Coming{SignedIn: true}, Room: Room{Visibility: Organisation, MemberRole: Editor}}, None, "not_member", "not_member", "not_member"},
	{"a guest", Standing{Room: Room{Visibility: Organisation, MemberRole: Editor}}, None, "sign_in", "sign_in", "sign_in"},
	{"a guest with a link", Standing{Coming: Coming{Link: Viewer}, Room: Room{Visibility: Organisation, MemberRole: Editor}}, Viewer, "", "view_only", "view_only"},
	{"members are nothing where links alone open", Standing{Coming: Coming{Member: true, SignedIn: true}, Room: Room{Visibility: Link, MemberRole: Editor}}, None, "no_access", "no_access", "no_access"},

	{"a passcode", Standing{Coming: Coming{Link: Editor}, Room: Room{Passcode: true}}, Editor, "passcode", "passcode", "passcode"},
	{"which was given", Standing{Coming: Coming{Link: Editor, Passed: true}, Room: Room{Passcode: true}}, Editor, "", "", ""},
	{"is asked of members, too", Standing{Role: Editor, Given: true, Room: Room{Passcode: true}}, Editor, "passcode", "passcode", "passcode"},
	{"but of no owner", Standing{Role: Owner, Room: Room{Passcode: true}}, Owner, "", "", ""},
	{"and not of strangers: they need not know that there is one", Standing{Room: Room{Passcode: true}}, None, "no_access", "no_access", "no_access"},
	{"a passcode opens nothing by itself", Standing{Coming: Coming{Passed: true}, Room: Room{Passcode: true}}, None, "no_access", "no_access", "no_access"},

	{"the waiting room", Standing{Coming: Coming{Link: Editor}, Room: Room{Waiting: true}}, None, "waiting", "waiting", "waiting"},
	{"is for strangers", Standing{Role: Viewer, Coming: Coming{Link: Editor}, Room: Room{Waiting: true}}, Viewer, "", "view_only", "view_only"},
	{"not for the invited", Standing{Coming: Coming{Invited: Editor, SignedIn: true}, Room: Room{Waiting: true}}, Editor, "", "", ""},
	{"not for members", Standing{Coming: Coming{Member: true, SignedIn: true, Link: Editor}, Room: Room{Waiting: true, Visibility: Organisation, MemberRole: Viewer}}, Viewer, "", "view_only", "view_only"},
	{"and comes after the passcode", Standing{Coming: Coming{Link: Editor}, Room: Room{Waiting: true, Passcode: true}}, None, "passcode", "passcode", "passcode"},
	{"nobody waits without a link", Standing{Room: Room{Waiting: true}}, None, "no_access", "no_access", "no_access"},

	{"a guest where people sign in", Standing{Role: Editor, Given: true, Room: Room{SignedIn: true}}, Editor, "sign_in", "sign_in", "sign_in"},
	{"somebody who has", Standing{Role: Editor, Coming: Coming{SignedIn: true}, Room: Room{SignedIn: true}}, Editor, "", "", ""},
	{"the guest whose room it is", Standing{Role: Owner, Room: Room{SignedIn: true}}, Owner, "", "", ""},
	{"an administrator who is not in the room", Standing{Coming: Coming{SignedIn: true, Member: true, Steward: true}, Room: Room{Visibility: Invited}}, None, "not_invited", "not_invited", "not_invited"},
}

func TestStandings(t *testing.T) {
	for _, c := range standings {
		if c.s.Room.Visibility == "" {
			c.s.Room.Visibility = Link
		}
		if got := c.s.As(); got != c.as {
			t.Errorf("%s: is %q, want %q", c.name, got, c.as)
		}
		for do, want := range map[Action]string{Read: c.read, Run: c.run, Edit: c.edit} {
			if got := code(May(c.s, do)); got != want {
				t.Errorf("%s, %s: %q, want %q", c.name, do, got, want)
			}
		}
	}
}

func TestKnocking(t *testing.T) {
	for want, s := range map[string]Standing{
		"":          {Coming: Coming{Link: Viewer}, Room: Room{Visibility: Link, Waiting: true, Passcode: true}},
		"no_access": {Room: Room{Visibility: Link, Waiting: true, Passcode: true}},
		"removed":   {Role: Removed, Given: true, Coming: Coming{Link: Viewer}, Room: Room{Visibility: Link, Waiting: true}},
		"sign_in":   {Coming: Coming{Link: Viewer}, Room: Room{Visibility: Link, Waiting: true, SignedIn: true}},
	} {
		if got := code(May(s, Knock)); got != want {
			t.Errorf("%+v: %q, want %q", s, got, want)
		}
	}
	if s := (Standing{Coming: Coming{Link: Viewer}, Room: Room{Visibility: Link, Waiting: true}}); s.Knocks() != Viewer {
		t.Errorf("whom an owner lets in becomes %q", s.Knocks())
	}
}

func TestMutedAndStewards(t *testing.T) {
	if got := code(May(Standing{Role: Editor, Muted: true}, Speak)); got != "muted" {
		t.Errorf("who is muted: %q", got)
	}
	if got := code(May(Standing{Role: Editor, Muted: true}, Chat)); got != "" {
		t.Errorf("who is muted may not write: %q", got)
	}
	steward := Standing{Role: Removed, Given: true, Coming: Coming{Steward: true}}
	for _, do := range Actions() {
		if got := code(May(steward, do)); (got == "") != (do == End || do == Oversee) {
			t.Errorf("an administrator whom an owner has removed, %s: %q", do, got)
		}
	}
}

// Goes through every standing that there can be, for what must hold in all of them.
func TestWhatHoldsInEveryStanding(t *testing.T) {
	n := 0
	every(func(s Standing) {
		n++
		outside := May(s, Read) != nil
		for _, do := range Actions() {
			err := May(s, do)
			switch {
			case s.Steward && (do == Oversee || do == End):
				continue
			case outside && do != Knock && err == nil:
				t.Fatalf("%+v may %s, and not read", s, do)
			case err == nil && do != Knock && s.As() == None:
				t.Fatalf("%+v is nobody, and may %s", s, do)
			case err == nil && least(do) == Owner && s.As() != Owner:
				t.Fatalf("%+v may %s, which is the owners'", s, do)
			}
		}
		if s.Role == Owner && May(s, Manage) != nil {
			t.Fatalf("an owner is locked out: %+v", s)
		}
		if s.Room.Visibility == Invited && !outside && s.Role == None && s.Invited == None {
			t.Fatalf("somebody came uninvited: %+v", s)
		}
	})
	if n < 100_000 {
		t.Errorf("only %d standings", n)
	}
}

func every(visit func(Standing)) {
	flags := []bool{false, true}
	for _, role := range Roles() {
		for _, link := range []Role{None, Editor} {
			for _, invited := range []Role{None, Editor} {
				for _, v := range Visibilities() {
					for _, runners := range []Runners{Editors, Owners, Named} {
						for _, run := range []Grant{ByRule, Allowed, Denied} {
							for bits := range 1 << 9 {
								bit := func(i int) bool { return flags[bits>>i&1] }
								visit(Standing{
									Role: role, Given: bit(0) && role != None, Run: run,
									Room:   Room{Locked: bit(1), Visibility: v, MemberRole: Viewer, Runners: runners, Waiting: bit(2), Passcode: bit(3), SignedIn: bit(4)},
									Coming: Coming{SignedIn: bit(5), Link: link, Invited: invited, Member: bit(6), Steward: bit(7), Passed: bit(8)},
								})
							}
						}
					}
				}
			}
		}
	}
}

func ExampleMay() {
	viewer := Standing{Role: Viewer, Room: Room{Visibility: Link}}
	fmt.Println(May(viewer, Read), May(viewer, Run))
	viewer.Run = Allowed
	fmt.Println(May(viewer, Run))
	// Output:
	// <nil> You may look at this room, and not change it. An owner of the room can make you an editor.
	// <nil>
}
