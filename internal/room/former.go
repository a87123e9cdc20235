package room

import (
	"context"

	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/wire"
)

// inherit is what a person becomes who was a guest here before they signed in. The guest is nobody any more, unless an owner has
// removed them.
func (s *State) inherit(m Member, b *wire.Role) Member {
	was := s.Members[b.From]
	m.Given = was.Given
	if was.Run != rights.ByRule {
		m.Run = was.Run
	}
	m.Muted = m.Muted || was.Muted // signing in is no way to be heard again
	if s.Owner == b.From {
		s.Owner = b.Person
	}
	if was.Role != rights.Removed {
		delete(s.Members, b.From)
	}
	return m
}

// heir finds the guest whose role here should be the author's; ok is false when there is none.
func (s *State) heir(a Author) (from string, role rights.Role, ok bool) {
	mine, given := s.written(a.Person), s.Members[a.Person].Given
	for _, guest := range a.former {
		theirs := s.written(guest)
		switch {
		case given && theirs != rights.Owner, mine == rights.Removed:
			continue // what an owner has said of the account counts
		case theirs == rights.Removed && mine != rights.Owner:
			return guest, theirs, true // signing in is no way back
		case rights.Better(theirs, mine) && !(ok && rights.Better(role, theirs)):
			from, role, ok = guest, theirs, true
		}
	}
	return from, role, ok
}

// Inherit gives the visitor what they were here as a guest, when that is more than they are.
func (r *Room) Inherit(ctx context.Context, v Visitor) error {
	if len(v.Former) == 0 {
		return nil
	}
	a := v.author()
	r.mu.Lock()
	_, _, waits := r.state.heir(a)
	r.mu.Unlock()
	if !waits {
		return nil
	}
	_, err := r.append(ctx, func(d *draft) error {
		from, role, ok := d.heir(a)
		if !ok {
			return nil
		}
		if err := d.introduce(a); err != nil {
			return err
		}
		return d.add(wire.Event{By: a.Person, Body: wire.Body{Payload: &wire.Role{Person: a.Person, Role: string(role), From: from}}})
	})
	return err
}
