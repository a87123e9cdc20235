package room

import (
	"context"

	"codecollab.dev"
	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/wire"
)

// applyAccess says who may come in from here on. Who has written something in an open room keeps what they could do.
func (s *State) applyAccess(a *wire.Access) {
	if a.Closed && !s.Access.Closed {
		for person := range s.People {
			if m := s.Members[person]; m.Role == rights.None {
				m.Role = s.RoleOf(person)
				s.Members[person] = m
			}
		}
	}
	s.Access = *a
}

// demands is what the room demands of everybody.
func (s *State) demands() rights.Room {
	a := &s.Access
	return rights.Room{
		Locked: s.Locked, Visibility: visibilityOf(a), MemberRole: rights.Role(a.OrgRole), Runners: rights.Runners(a.Runners),
		Waiting: a.Waiting, Passcode: a.Passcode, SignedIn: a.SignedIn,
	}
}

func visibilityOf(a *wire.Access) rights.Visibility {
	switch {
	case !a.Closed:
		return rights.Open
	case a.Visibility == "":
		return rights.Link
	}
	return rights.Visibility(a.Visibility)
}

// wireAccess is the room's access as clients get it; nil when nothing but Closed was ever said.
func (s *State) wireAccess() *wire.Access {
	if s.Access == (wire.Access{Closed: s.Access.Closed}) {
		return nil
	}
	a := s.Access
	return &a
}

// Access is who may come in now.
func (r *Room) Access() wire.Access {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state.Access
}

// SetAccess changes who may come in, for an owner. Those who are in an open room when it is closed stay.
//
// Errors: "owner_only" and the like, "bad_access".
func (r *Room) SetAccess(ctx context.Context, owner string, change func(*wire.Access)) error {
	here := r.authors()
	return r.manage(ctx, r.authorOf(owner), func(d *draft) error {
		next := d.Access
		change(&next)
		if next == d.Access {
			return nil
		}
		if err := checkAccess(&next); err != nil {
			return err
		}
		for _, a := range here {
			if !next.Closed || d.Access.Closed {
				break
			}
			if err := d.introduce(a); err != nil {
				return err
			}
		}
		return d.add(wire.Event{By: owner, Body: wire.Body{Payload: &next}})
	})
}

// checkAccess refuses what nobody could understand.
func checkAccess(a *wire.Access) error {
	role := rights.Role(a.OrgRole)
	switch {
	case !a.Closed && *a != (wire.Access{Runners: a.Runners}):
		return badAccess("a room that opens by its name has no other rules for who comes in")
	case a.Visibility != "" && a.Visibility != string(rights.Invited) && a.Visibility != string(rights.Organisation):
		return badAccess("visibility is link, invited or organisation")
	case a.Visibility == string(rights.Organisation) && a.Org == "":
		return badAccess("the room belongs to no organisation whose members could come in")
	case a.OrgRole != "" && role != rights.Editor && role != rights.Viewer, a.Visibility == string(rights.Organisation) && a.OrgRole == "":
		return badAccess("members of the organisation come in as editor or viewer")
	case a.Runners != "" && a.Runners != string(rights.Owners) && a.Runners != string(rights.Named):
		return badAccess("programs are run by editors, owners or named people")
	}
	return nil
}

func badAccess(why string) error {
	return codecollab.Errorf(codecollab.Invalid, "bad_access", "The room cannot be opened in that way: %s.", why)
}

// Org is the organisation of the connection's room; "" when it has none.
func (c *Conn) Org() string { return c.room.Access().Org }

// SetMember says whether the connection's person belongs to the room's organisation now, and administers it. Who is in the room as
// a member, and is none any more, is put out.
func (c *Conn) SetMember(member, steward bool) {
	r := c.room
	r.mu.Lock()
	defer r.mu.Unlock()
	c.author.coming.Member, c.author.coming.Steward = member, steward
	if err := r.state.may(c.author, rights.Read); err != nil {
		r.end(c, err)
	}
}

// PassAll takes everybody who is here as somebody who knows the passcode, and says who they are.
func (r *Room) PassAll() (people []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.conns {
		c.author.coming.Passed = true
		people = append(people, c.author.Person)
	}
	r.eachOther(func(peer *wire.Peer) { people = append(people, peer.Person) })
	r.tell(&note{Passed: true})
	return people
}

// TakeOver makes an administrator of the room's organisation an owner.
func (r *Room) TakeOver(ctx context.Context, v Visitor) error {
	a := v.author()
	_, err := r.append(ctx, func(d *draft) error {
		if err := d.may(a, rights.Oversee); err != nil {
			return err
		}
		if d.written(a.Person) == rights.Owner {
			return nil
		}
		if err := d.introduce(a); err != nil {
			return err
		}
		return d.add(wire.Event{By: a.Person, Body: wire.Body{Payload: &wire.Role{Person: a.Person, Role: string(rights.Owner)}}})
	})
	return err
}
