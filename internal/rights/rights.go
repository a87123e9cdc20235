// Package rights says who may do what in a room. May is the one place where that is decided: the room asks it before it
// appends, the server before it answers, and voice before it lets anybody speak.
package rights

import "codecollab.dev"

// Role is what a person is in a room.
type Role string

// The roles. None is somebody who has not come in.
const (
	None    Role = ""
	Removed Role = "removed" // an owner does not want them here; no link brings them back
	Viewer  Role = "viewer"
	Editor  Role = "editor"
	Owner   Role = "owner"
)

// Action is something that a person may want to do in a room.
type Action string

// The actions.
const (
	Knock        Action = "knock"         // give the passcode, or wait for an owner
	Read         Action = "read"          // the text, the log, runs and their files
	Point        Action = "point"         // show where one's caret is
	Chat         Action = "chat"          // write to the others
	Speak        Action = "speak"         // talk to the others
	Edit         Action = "edit"          // texts, files, the language and settings of the room; format; ask for hints
	Run          Action = "run"           // start and stop programs, type into them
	Gather       Action = "gather"        // bring everybody to where one is
	InviteViewer Action = "invite_viewer" // see the link for viewers
	InviteEditor Action = "invite_editor" // see the link for editors
	Manage       Action = "manage"        // roles, links, who comes in, the lock
	End          Action = "end"           // delete the room
	Oversee      Action = "oversee"       // take over a room of one's organisation
)

// Roles are all roles: tests go through them.
func Roles() []Role { return []Role{None, Removed, Viewer, Editor, Owner} }

// Actions are all actions.
func Actions() []Action {
	return []Action{Knock, Read, Point, Chat, Speak, Edit, Run, Gather, InviteViewer, InviteEditor, Manage, End, Oversee}
}

// Valid reports whether an owner can give the role to somebody.
func Valid(r Role) bool { return r == Removed || rank(r) > 0 }

// Better reports whether a allows more than b.
func Better(a, b Role) bool { return rank(a) > rank(b) }

func rank(r Role) int {
	switch r {
	case Viewer:
		return 1
	case Editor:
		return 2
	case Owner:
		return 3
	}
	return 0
}

// least is the lowest role that may do something. What nobody has thought of is the owner's.
func least(do Action) Role {
	switch do {
	case Knock, Read, Point, Chat, Speak, InviteViewer:
		return Viewer
	case Edit, Run, Gather, InviteEditor:
		return Editor
	}
	return Owner
}

// May says why somebody may not do something in a room: nil when they may.
//
// Errors: "no_access", "not_invited", "not_member", "passcode", "waiting", "removed", "view_only", "locked", "muted",
// "not_runner", "owner_only", all Forbidden, and "sign_in", which is Unknown.
func May(s Standing, do Action) error {
	if s.Steward && (do == Oversee || do == End) {
		return nil // the organisation's rights over its rooms do not depend on whether its administrators are in them
	}
	if err := s.outside(do); err != nil {
		return err
	}
	role, need := s.As(), least(do)
	switch {
	case do == Knock:
		return nil
	case do == Run:
		return s.mayRun(role)
	case rank(role) < rank(need) && need == Owner:
		return forbidden("owner_only", "Only an owner of this room may do this.")
	case rank(role) < rank(need):
		return viewOnly()
	case do == Oversee:
		return forbidden("owner_only", "Only administrators of the room's organisation may do this.")
	case do == Speak && s.Muted:
		return forbidden("muted", "An owner of this room has muted you.")
	case do == Edit && s.Room.Locked && role != Owner:
		return locked()
	}
	return nil
}

// outside says why somebody is not in the room at all.
func (s Standing) outside(do Action) error {
	role := s.As()
	switch {
	case role == Removed:
		return forbidden("removed", "An owner of this room has removed you from it.")
	case role == Owner:
		return nil // no door is locked for those who have the keys
	case s.Room.SignedIn && !s.SignedIn:
		return signIn("Only people who have signed in may enter this room. Sign in, and come again.")
	case rank(role) == 0 && !s.waits():
		return s.stranger()
	case s.Room.Passcode && !s.Passed && do != Knock:
		return forbidden("passcode", "This room asks for a passcode. Whoever gave you the link knows it.")
	case rank(role) == 0 && do != Knock:
		return forbidden("waiting", "An owner of this room lets people in one by one. They have been told that you are waiting.")
	case rank(role) == 0:
		return nil // may knock
	}
	return nil
}

// stranger says why the room is closed to somebody who is nothing in it.
func (s Standing) stranger() error {
	switch {
	case s.Room.Visibility != Invited && s.Room.Visibility != Organisation:
		return forbidden("no_access", "This room opens by its link only. Ask somebody who is in it for the link.")
	case !s.SignedIn:
		return signIn("This room is for people whom it knows. Sign in, so that it can tell whether you are one of them.")
	case s.Room.Visibility == Invited:
		return forbidden("not_invited", "This room is for those who were invited. Ask an owner of it to invite you by the e-mail address of your account.")
	}
	return forbidden("not_member", "This room is for the members of an organisation, and you are none. Ask somebody who is in it for a link.")
}

func (s Standing) mayRun(role Role) error {
	switch {
	case s.Run == Denied:
		return forbidden("not_runner", "An owner of this room has decided that you run no programs here.")
	case s.Run != Allowed && rank(role) < rank(Editor):
		return viewOnly()
	case s.Run != Allowed && (s.Room.Runners == Named || s.Room.Runners == Owners && role != Owner):
		return forbidden("not_runner", "You may not run programs in this room. An owner of the room can allow it.")
	case s.Room.Locked && role != Owner:
		return locked()
	}
	return nil
}

func viewOnly() error {
	return forbidden("view_only", "You may look at this room, and not change it. An owner of the room can make you an editor.")
}

func locked() error {
	return forbidden("locked", "An owner has locked this room: for now, only owners can change it or run programs.")
}

func signIn(message string) error {
	return codecollab.Errorf(codecollab.Unknown, "sign_in", "%s", message)
}

func forbidden(code, message string) error {
	return codecollab.Errorf(codecollab.Forbidden, code, "%s", message)
}
