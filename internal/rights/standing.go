package rights

// Standing is where a person stands in a room: all that decides what they may do there.
type Standing struct {
	Role  Role  // that the log gives them
	Given bool  // an owner has given it: neither link nor organisation changes it
	Run   Grant // what an owner has said about their running programs
	Muted bool  // an owner does not want to hear them
	Room  Room
	Coming
}

// Coming is what is known beside the log of somebody who comes to a room.
type Coming struct {
	SignedIn bool
	Link     Role // what the link gives that they came by
	Invited  Role // what they were invited as, by the address or the id of their account
	Member   bool // they belong to the room's organisation
	Steward  bool // they administer it
	Passed   bool // they have given the room's passcode
}

// Room is what a room demands of everybody.
type Room struct {
	Locked     bool // only owners edit and run
	Visibility Visibility
	MemberRole Role    // what members of the organisation are here, where that opens the room
	Runners    Runners // who runs programs, unless an owner has said something else of a person
	Waiting    bool    // who comes by a link waits for an owner
	Passcode   bool    // there is one
	SignedIn   bool    // guests do not come in
}

// Visibility says who may come into a room that nobody has given them a role in.
type Visibility string

// The visibilities.
const (
	Open         Visibility = "open"         // whoever knows its name, as an editor: all rooms were, once
	Link         Visibility = "link"         // whoever has a link
	Invited      Visibility = "invited"      // who was invited
	Organisation Visibility = "organisation" // the members of its organisation, and whoever has a link
)

// Visibilities are all of them.
func Visibilities() []Visibility { return []Visibility{Open, Link, Invited, Organisation} }

// Runners are those who may run programs.
type Runners string

// Who may run programs. The zero value is Editors.
const (
	Editors Runners = "editors" // and owners
	Owners  Runners = "owners"
	Named   Runners = "named" // nobody but those to whom an owner has given the right
)

// Grant is what an owner has said about a person's running programs; nothing, at first.
type Grant string

// The grants.
const (
	ByRule  Grant = ""
	Allowed Grant = "yes"
	Denied  Grant = "no"
)

// As is what the person is in the room, all taken together: None for somebody who is outside, or waits there.
func (s Standing) As() Role {
	if s.Role == Removed || s.Given {
		return s.Role
	}
	role := better(s.Role, s.Invited)
	if s.Room.Visibility == Organisation && s.Member {
		role = better(role, s.Room.MemberRole)
	}
	if !s.Room.Waiting {
		role = better(role, s.byLink())
	}
	return role
}

// byLink is what comes of the link, in rooms that have links.
func (s Standing) byLink() Role {
	if s.Room.Visibility == Invited {
		return None
	}
	return s.Link
}

// waits reports whether only an owner's word is missing.
func (s Standing) waits() bool { return s.Room.Waiting && rank(s.byLink()) > 0 }

// Knocks is what somebody becomes whom an owner lets in.
func (s Standing) Knocks() Role { return s.byLink() }

func better(a, b Role) Role {
	if Better(b, a) {
		return b
	}
	return a
}
