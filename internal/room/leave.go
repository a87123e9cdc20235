package room

import (
	"context"
	"maps"
	"slices"

	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/wire"
)

// Share is what a person (by all ids that are theirs) is in a room, and leaves behind when they go.
type Share struct {
	Title string        // of the room
	Role  rights.Role   // the best that one of their ids has
	Name  string        // by which they go there
	Owner bool          // they own it
	Alone bool          // and nobody else does
	Heirs []wire.Person // who could own it then: its editors
}

// ShareOf says what a person is here, and leaves behind.
func (r *Room) ShareOf(people []string) Share {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := Share{Title: r.state.Title, Alone: true}
	for _, m := range r.state.wireMembers() {
		mine, role := slices.Contains(people, m.Person), rights.Role(m.Role)
		if mine && (out.Role == rights.None || rights.Better(role, out.Role)) {
			out.Role = role
		}
		switch {
		case role == rights.Owner && mine:
			out.Owner = true
		case role == rights.Owner:
			out.Alone = false
		case role == rights.Editor && !mine:
			p := r.state.People[m.Person]
			p.Person = m.Person
			out.Heirs = append(out.Heirs, p)
		}
	}
	for _, id := range people {
		if p, ok := r.state.People[id]; ok && out.Name == "" {
			out.Name = p.Name
		}
	}
	return out
}

// HandOn makes somebody an owner in the place of one who goes.
func (r *Room) HandOn(ctx context.Context, from, to string) error {
	_, err := r.append(ctx, func(d *draft) error {
		return d.add(wire.Event{By: from, Body: wire.Body{Payload: &wire.Role{Person: to, Role: string(rights.Owner)}}})
	})
	return err
}

// Rename gives people another name here, for all who look from now on. Those whom the room does not know stay unknown.
func (r *Room) Rename(ctx context.Context, people []string, name string) error {
	r.mu.Lock()
	known := maps.Clone(r.state.People)
	r.mu.Unlock()
	if !slices.ContainsFunc(people, func(id string) bool { p, ok := known[id]; return ok && p.Name != name }) {
		return nil
	}
	_, err := r.append(ctx, func(d *draft) error {
		for _, id := range people {
			p, ok := d.People[id]
			if !ok || p.Name == name {
				continue
			}
			p.Name = name
			if err := d.add(wire.Event{By: id, Body: wire.Body{Payload: &p}}); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// End ends a room without anybody's asking, unless a check says that it must not be; remove takes away what is kept of it.
func (rs *Rooms) End(ctx context.Context, id string, check func(*Room) error, remove func() error) error {
	var gone *Room
	err := rs.Use(ctx, id, func(r *Room) error {
		r.loading.Lock()
		defer r.loading.Unlock()
		if r.isDeleted() {
			return errDeleted()
		}
		if err := check(r); err != nil {
			return err
		}
		if err := remove(); err != nil {
			return err
		}
		r.deletedNow()
		gone = r
		return nil
	})
	if gone != nil {
		rs.tell(id, &note{Deleted: true})
		rs.dropped(gone)
	}
	return err
}

// Empty reports whether nobody is connected.
func (r *Room) Empty() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.conns) == 0
}
