package room

import (
	"context"
	"maps"
	"slices"

	"codecollab.dev"
	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/wire"
)

// Member is a person with a role in the room.
type Member struct {
	Role rights.Role
	// Given is set when an owner has given the role: no link changes it. (Else whom an owner has made a viewer would only
	// have to open the editors' link.)
	Given bool
}

// RoleOf says what a person is in the room. In a room that is not closed, whoever knows its name is an editor.
func (s *State) RoleOf(person string) rights.Role {
	if m, ok := s.Members[person]; ok {
		return m.Role
	}
	switch {
	case person == "":
		return rights.None
	case person == s.Owner:
		return rights.Owner
	case !s.Closed:
		return rights.Editor
	}
	return rights.None
}

// roleOf is that of an author, who may have come by a link while nothing could be written.
func (s *State) roleOf(a Author) rights.Role {
	role := s.RoleOf(a.Person)
	if role == rights.None {
		return a.link
	}
	return role
}

func (s *State) may(a Author, do rights.Action) error { return rights.May(s.roleOf(a), s.Locked, do) }

func (s *State) owners() (n int) {
	if s.RoleOf(s.Owner) == rights.Owner {
		n++
	}
	for person, m := range s.Members {
		if m.Role == rights.Owner && person != s.Owner {
			n++
		}
	}
	return n
}

// applyAccess closes or opens the room. Who has written something in the open room keeps what they could do.
func (s *State) applyAccess(a *wire.Access) {
	if a.Closed && !s.Closed {
		for person := range s.People {
			if _, ok := s.Members[person]; !ok {
				s.Members[person] = Member{Role: s.RoleOf(person)}
			}
		}
	}
	s.Closed = a.Closed
}

func (s *State) wireMembers() []wire.Member {
	out := make([]wire.Member, 0, len(s.Members)+1)
	if _, ok := s.Members[s.Owner]; !ok && s.Owner != "" {
		out = append(out, wire.Member{Person: s.Owner, Role: string(rights.Owner)})
	}
	for _, person := range slices.Sorted(maps.Keys(s.Members)) {
		m := s.Members[person]
		out = append(out, wire.Member{Person: person, Role: string(m.Role), Given: m.Given})
	}
	return out
}

// May says why a person, who may have come by a link of some role, may not do something here; nil when they may.
func (r *Room) May(person string, link rights.Role, do rights.Action) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state.may(Author{Person: person, link: link}, do)
}

// Role is what the person of this connection is in the room now.
func (c *Conn) Role() rights.Role {
	c.room.mu.Lock()
	defer c.room.mu.Unlock()
	return c.room.state.roleOf(c.author)
}

// May says why the person of this connection may not do something now; nil when they may.
func (c *Conn) May(do rights.Action) error {
	c.room.mu.Lock()
	defer c.room.mu.Unlock()
	return c.room.state.may(c.author, do)
}

// enters makes whoever came by a link a member, unless they are one already who may as much, or whose role an owner has given.
func (d *draft) enters(a Author) error {
	m := d.Members[a.Person]
	if m.Given || !rights.Better(a.link, d.RoleOf(a.Person)) {
		return nil
	}
	if err := d.introduce(a); err != nil {
		return err
	}
	return d.add(wire.Event{By: a.Person, Body: wire.Body{Payload: &wire.Role{Person: a.Person, Role: string(a.link)}}})
}

// SetRole gives a person a role, for an owner.
//
// Errors: "owner_only" and the like, "bad_role", "no_person", "last_owner".
func (r *Room) SetRole(ctx context.Context, owner, person string, role rights.Role) error {
	if !rights.Valid(role) {
		return codecollab.Errorf(codecollab.Invalid, "bad_role", "A role is owner, editor, viewer or removed; %.20q is none.", role)
	}
	by, who := r.authorOf(owner), r.authorOf(person)
	return r.manage(ctx, by, func(d *draft) error {
		_, wrote := d.People[person]
		_, member := d.Members[person]
		switch {
		case !wrote && !member && person != d.Owner && who.Client == "":
			return codecollab.Errorf(codecollab.NotFound, "no_person", "There is no such person in this room.")
		case d.RoleOf(person) == rights.Owner && role != rights.Owner && d.owners() < 2:
			return codecollab.Errorf(codecollab.Conflict, "last_owner", "A room needs an owner. Make somebody else an owner first.")
		case member && d.Members[person].Given && d.Members[person].Role == role:
			return nil
		}
		if err := d.introduce(who); err != nil {
			return err
		}
		return d.add(wire.Event{By: owner, Body: wire.Body{Payload: &wire.Role{Person: person, Role: string(role)}}})
	})
}

// SetLock leaves editing to the owners, or gives it back, for an owner.
func (r *Room) SetLock(ctx context.Context, owner string, locked bool) error {
	return r.manage(ctx, r.authorOf(owner), func(d *draft) error {
		if d.Locked == locked {
			return nil
		}
		return d.add(wire.Event{By: owner, Body: wire.Body{Payload: &wire.Lock{Locked: locked}}})
	})
}

// SetClosed says whether the room's name alone lets people in, for an owner. Those who are here when it is closed stay.
func (r *Room) SetClosed(ctx context.Context, owner string, closed bool) error {
	here := r.authors()
	return r.manage(ctx, r.authorOf(owner), func(d *draft) error {
		if d.Closed == closed {
			return nil
		}
		for _, a := range here {
			if err := d.introduce(a); err != nil {
				return err
			}
		}
		return d.add(wire.Event{By: owner, Body: wire.Body{Payload: &wire.Access{Closed: closed}}})
	})
}

// manage appends what do adds, if an owner asks. That is decided at the very moment of appending.
func (r *Room) manage(ctx context.Context, owner Author, do func(*draft) error) error {
	_, err := r.append(ctx, func(d *draft) error {
		if err := d.may(owner, rights.Manage); err != nil {
			return err
		}
		if err := d.introduce(owner); err != nil {
			return err
		}
		return do(d)
	})
	return err
}

// authorOf is a person as they are here, or as the log knows them.
func (r *Room) authorOf(person string) Author {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.conns {
		if c.author.Person == person {
			return c.author
		}
	}
	p := r.state.People[person]
	return Author{Person: person, Name: p.Name, Color: p.Color}
}

// authors are all who are here.
func (r *Room) authors() (all []Author) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.conns {
		all = append(all, c.author)
	}
	return all
}

// turnOut ends the connections of those who may not be here any more. The caller holds mu.
func (r *Room) turnOut() {
	for c := range r.conns {
		if err := r.state.may(c.author, rights.Read); err != nil {
			r.end(c, err)
		}
	}
}

// Bring asks everybody to come to where this person is.
func (c *Conn) Bring() error {
	c.room.mu.Lock()
	defer c.room.mu.Unlock()
	if err := c.room.state.may(c.author, rights.Gather); err != nil {
		return err
	}
	c.room.broadcast(&wire.Brought{Session: c.session})
	return nil
}
