package room

import (
	"context"
	"maps"
	"slices"
	"strings"

	"codecollab.dev"
	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/wire"
)

// Member is what the log says of a person's rights in the room.
type Member struct {
	Role rights.Role // None: only something about running was said
	// Given is set when an owner has given the role: no link changes it. (Else whom an owner has made a viewer would only
	// have to open the editors' link.)
	Given bool
	Run   rights.Grant
	Muted bool // an owner does not want them to be heard
}

// applyRole folds a role event in. What it does not say stays as it was.
func (s *State) applyRole(e *wire.Event, b *wire.Role) {
	m := s.Members[b.Person]
	if b.Role != "" {
		m.Role, m.Given = rights.Role(b.Role), e.By != b.Person
	}
	switch b.Run {
	case "rule":
		m.Run = rights.ByRule
	case string(rights.Allowed), string(rights.Denied):
		m.Run = rights.Grant(b.Run)
	}
	if b.Mute != "" {
		m.Muted = b.Mute == muteOn
	}
	if b.From != "" {
		m = s.inherit(m, b)
	}
	s.Members[b.Person] = m
}

// What a role event says of a person's talking.
const (
	muteOn  = "yes"
	muteOff = "no"
)

// RoleOf says what the log makes of a person. In a room that is not closed, whoever knows its name is an editor.
func (s *State) RoleOf(person string) rights.Role {
	role := s.written(person)
	if role == rights.None && person != "" && !s.Access.Closed {
		return rights.Editor
	}
	return role
}

// written is the role that the log has for a person, and no rule.
func (s *State) written(person string) rights.Role {
	if m := s.Members[person]; m.Role != rights.None {
		return m.Role
	}
	if person != "" && person == s.Owner {
		return rights.Owner
	}
	return rights.None
}

// standing is where an author stands in the room.
func (s *State) standing(a Author) rights.Standing {
	m := s.Members[a.Person]
	return rights.Standing{Role: s.RoleOf(a.Person), Given: m.Given, Run: m.Run, Muted: m.Muted, Room: s.demands(), Coming: a.coming}
}

func (s *State) may(a Author, do rights.Action) error { return rights.May(s.standing(a), do) }

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

func (s *State) wireMembers() []wire.Member {
	out := make([]wire.Member, 0, len(s.Members)+1)
	if _, ok := s.Members[s.Owner]; !ok && s.Owner != "" {
		out = append(out, wire.Member{Person: s.Owner, Role: string(rights.Owner)})
	}
	for _, person := range slices.Sorted(maps.Keys(s.Members)) {
		m := s.Members[person]
		role := m.Role
		if role == rights.None {
			role = s.written(person)
		}
		out = append(out, wire.Member{Person: person, Role: string(role), Given: m.Given, Run: string(m.Run), Muted: m.Muted})
	}
	// A snapshot that was read has the owner among the others: the same state has to be written the same way.
	slices.SortFunc(out, func(a, b wire.Member) int { return strings.Compare(a.Person, b.Person) })
	return out
}

// May says why a visitor may not do something here; nil when they may.
func (r *Room) May(v Visitor, do rights.Action) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state.may(v.author(), do)
}

// Role is what the person of this connection is in the room now.
func (c *Conn) Role() rights.Role {
	c.room.mu.Lock()
	defer c.room.mu.Unlock()
	return c.room.state.standing(c.author).As()
}

// May says why the person of this connection may not do something now; nil when they may.
func (c *Conn) May(do rights.Action) error {
	c.room.mu.Lock()
	defer c.room.mu.Unlock()
	return c.room.state.may(c.author, do)
}

// earns is the role that becomes an author's own by coming in: that of a link or an invitation. Members of an organisation are
// here for as long as they are its members, and no longer.
func (s *State) earns(a Author) rights.Role {
	if s.may(a, rights.Read) != nil {
		return rights.None
	}
	a.coming.Member = false
	if role := s.standing(a).As(); rights.Better(role, s.RoleOf(a.Person)) {
		return role
	}
	return rights.None
}

// enters makes whoever came by a link a member, unless they are one already who may as much, or whose role an owner has given.
func (d *draft) enters(a Author) error {
	role := d.earns(a)
	if role == rights.None {
		return nil
	}
	if err := d.introduce(a); err != nil {
		return err
	}
	return d.add(wire.Event{By: a.Person, Body: wire.Body{Payload: &wire.Role{Person: a.Person, Role: string(role)}}})
}

// Say is what an owner says about a person: a role, whether they run programs, whether they are heard.
type Say struct {
	Role rights.Role // None: as it was
	Run  string      // "yes", "no", "rule", or "": as it was
	Mute string      // "yes", "no", or "": as it was
}

func (s Say) check() error {
	if s.Role != rights.None && !rights.Valid(s.Role) || s.Role == rights.None && s.Run == "" && s.Mute == "" {
		return codecollab.Errorf(codecollab.Invalid, "bad_role", "A role is owner, editor, viewer or removed; %.20q is none.", s.Role)
	}
	if s.Mute != "" && s.Mute != muteOn && s.Mute != muteOff {
		return codecollab.Errorf(codecollab.Invalid, "bad_role", `Whether somebody is muted is "yes" or "no", not %.20q.`, s.Mute)
	}
	switch s.Run {
	case "", "rule", string(rights.Allowed), string(rights.Denied):
		return nil
	}
	return codecollab.Errorf(codecollab.Invalid, "bad_role", `Whether somebody runs programs is "yes", "no" or "rule", not %.20q.`, s.Run)
}

// SetMember gives a person a role, the right to run programs or that to be heard, for an owner.
//
// Errors: "owner_only" and the like, "bad_role", "no_person", "last_owner".
func (r *Room) SetMember(ctx context.Context, owner, person string, say Say) error {
	if err := say.check(); err != nil {
		return err
	}
	by, who := r.authorOf(owner), r.authorOf(person)
	return r.manage(ctx, by, func(d *draft) error {
		_, wrote := d.People[person]
		m, member := d.Members[person]
		switch {
		case !wrote && !member && person != d.Owner && who.Client == "":
			return codecollab.Errorf(codecollab.NotFound, "no_person", "There is no such person in this room.")
		case say.Role != rights.None && say.Role != rights.Owner && d.RoleOf(person) == rights.Owner && d.owners() < 2:
			return codecollab.Errorf(codecollab.Conflict, "last_owner", "A room needs an owner. Make somebody else an owner first.")
		case m.saysAlready(say):
			return nil
		}
		if err := d.introduce(who); err != nil {
			return err
		}
		return d.add(wire.Event{By: owner, Body: wire.Body{Payload: &wire.Role{Person: person, Role: string(say.Role), Run: say.Run, Mute: say.Mute}}})
	})
}

// saysAlready reports whether the log says so already.
func (m Member) saysAlready(say Say) bool {
	role := say.Role == rights.None || m.Given && m.Role == say.Role
	run := say.Run == "" || say.Run == string(m.Run) || say.Run == "rule" && m.Run == rights.ByRule
	mute := say.Mute == "" || (say.Mute == muteOn) == m.Muted
	return role && run && mute
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
	var there Author
	r.eachOther(func(peer *wire.Peer) {
		if peer.Person == person {
			there = authorAt(peer)
		}
	})
	if there.Person != "" {
		return there
	}
	p := r.state.People[person]
	return Author{Person: person, Name: p.Name, Color: p.Color, Verified: p.Verified}
}

// authors are all who are here.
func (r *Room) authors() (all []Author) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.conns {
		all = append(all, c.author)
	}
	r.eachOther(func(peer *wire.Peer) { all = append(all, authorAt(peer)) })
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
	m := &wire.Brought{Session: c.session}
	c.room.broadcast(m)
	c.room.tell(&note{Brought: m})
	return nil
}
