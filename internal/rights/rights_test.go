package rights

import (
	"testing"

	"codecollab.dev"
)

// The whole matrix, written down a second time: "" is yes, "x/y" is x in an open room and y in a locked one.
var matrix = map[Action]map[Role][2]string{
	Read:         {None: both("no_access"), Removed: both("removed"), Viewer: both(""), Editor: both(""), Owner: both("")},
	Point:        {None: both("no_access"), Removed: both("removed"), Viewer: both(""), Editor: both(""), Owner: both("")},
	Chat:         {None: both("no_access"), Removed: both("removed"), Viewer: both(""), Editor: both(""), Owner: both("")},
	Edit:         {None: both("no_access"), Removed: both("removed"), Viewer: both("view_only"), Editor: {"", "locked"}, Owner: both("")},
	Run:          {None: both("no_access"), Removed: both("removed"), Viewer: both("view_only"), Editor: {"", "locked"}, Owner: both("")},
	Gather:       {None: both("no_access"), Removed: both("removed"), Viewer: both("view_only"), Editor: both(""), Owner: both("")},
	InviteViewer: {None: both("no_access"), Removed: both("removed"), Viewer: both(""), Editor: both(""), Owner: both("")},
	InviteEditor: {None: both("no_access"), Removed: both("removed"), Viewer: both("view_only"), Editor: both(""), Owner: both("")},
	Knock:        {None: both("no_access"), Removed: both("removed"), Viewer: both(""), Editor: both(""), Owner: both("")},
	Speak:        {None: both("no_access"), Removed: both("removed"), Viewer: both(""), Editor: both(""), Owner: both("")},
	End:          {None: both("no_access"), Removed: both("removed"), Viewer: both("owner_only"), Editor: both("owner_only"), Owner: both("")},
	Oversee:      {None: both("no_access"), Removed: both("removed"), Viewer: both("owner_only"), Editor: both("owner_only"), Owner: both("owner_only")},
	Manage:       {None: both("no_access"), Removed: both("removed"), Viewer: both("owner_only"), Editor: both("owner_only"), Owner: both("")},
}

func both(code string) [2]string { return [2]string{code, code} }

func TestTheMatrix(t *testing.T) {
	for _, do := range Actions() {
		for _, role := range Roles() {
			want, ok := matrix[do][role]
			if !ok {
				t.Errorf("nobody has decided whether %q may %s", role, do)
			}
			for i, locked := range []bool{false, true} {
				err := May(Standing{Role: role, Room: Room{Locked: locked}}, do)
				if got := code(err); got != want[i] {
					t.Errorf("%q, locked %v, %s: %q, want %q", role, locked, do, got, want[i])
				}
			}
		}
	}
}

func TestWhatIsNotKnownIsRefused(t *testing.T) {
	if May(Standing{Role: "king"}, Read) == nil || May(Standing{Role: Editor}, "dance") == nil || Valid("king") || Valid(None) {
		t.Error("an unknown role or action is allowed")
	}
	if Better(Removed, None) || Better(Editor, Owner) || !Better(Editor, Viewer) || !Better(Viewer, None) {
		t.Error("the order of the roles")
	}
}

func code(err error) string {
	if err == nil {
		return ""
	}
	return codecollab.CodeOf(err)
}
