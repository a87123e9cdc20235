// Package rights says who may do what in a room. May is the one place where that is decided; the room asks it before
// it appends, and the server before it answers.
package rights

import "codecollab.dev"

// Role is what a person is in a room.
type Role string

// The roles. None is somebody who has not come in: the room's name alone opens nothing.
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
	Read         Action = "read"          // the text, the log, runs and their files
	Point        Action = "point"         // show where one's caret is
	Chat         Action = "chat"          // write to the others
	Edit         Action = "edit"          // texts, files, the language and settings of the room
	Run          Action = "run"           // start and stop programs, type into them, format
	Gather       Action = "gather"        // bring everybody to where one is
	InviteViewer Action = "invite_viewer" // see the link for viewers
	InviteEditor Action = "invite_editor" // see the link for editors
	Manage       Action = "manage"        // roles, links, the lock, the end of the room
)

// Roles and Actions are all there are: tests go through them.
func Roles() []Role { return []Role{None, Removed, Viewer, Editor, Owner} }

// Actions are all actions.
func Actions() []Action {
	return []Action{Read, Point, Chat, Edit, Run, Gather, InviteViewer, InviteEditor, Manage}
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
	case Read, Point, Chat, InviteViewer:
		return Viewer
	case Edit, Run, Gather, InviteEditor:
		return Editor
	}
	return Owner
}

// May says why somebody may not do something in a room: nil when they may.
//
// Errors: "no_access", "removed", "view_only", "locked", "owner_only", all Forbidden.
func May(role Role, locked bool, do Action) error {
	need := least(do)
	switch {
	case role == Removed:
		return codecollab.Errorf(codecollab.Forbidden, "removed", "An owner of this room has removed you from it.")
	case rank(role) == 0:
		return codecollab.Errorf(codecollab.Forbidden, "no_access", "This room opens by its link only. Ask somebody who is in it for the link.")
	case rank(role) < rank(need) && need == Owner:
		return codecollab.Errorf(codecollab.Forbidden, "owner_only", "Only an owner of this room may do this.")
	case rank(role) < rank(need):
		return codecollab.Errorf(codecollab.Forbidden, "view_only", "You may look at this room, and not change it. An owner of the room can make you an editor.")
	case locked && role != Owner && (do == Edit || do == Run):
		return codecollab.Errorf(codecollab.Forbidden, "locked", "An owner has locked this room: for now, only owners can change it or run programs.")
	}
	return nil
}
