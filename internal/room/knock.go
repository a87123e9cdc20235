package room

import (
	"cmp"
	"context"
	"slices"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/wire"
)

// door is where people wait until an owner lets them in. It is guarded by the room's mu, and no part of the log: who waits is gone
// when they go.
type door struct {
	knocks  map[string]*knock    // by person
	refused map[string]time.Time // whom an owner has refused, until when
	moved   chan struct{}        // closed when somebody who waits should look again
}

type knock struct {
	author  Author
	role    rights.Role
	since   time.Time
	tabs    int
	refused bool
}

func newDoor() door {
	return door{knocks: map[string]*knock{}, refused: map[string]time.Time{}, moved: make(chan struct{})}
}

// Waiting is the place of a connection before the door.
type Waiting struct {
	room   *Room
	person string
}

// Knock puts a visitor before the door, for owners to see, until Leave is called.
//
// Errors: "refused" when an owner has just said no, "room_full", "deleted".
func (r *Room) Knock(v Visitor, m *wire.Join) (*Waiting, error) {
	a := v.author()
	a.introduce(v, m)
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.opt.Now()
	switch until, ok := r.door.refused[a.Person]; {
	case r.deleted:
		return nil, errDeleted()
	case ok && now.Before(until):
		return nil, errRefused()
	case len(r.door.knocks) >= r.opt.MaxPeople:
		return nil, codecollab.Errorf(codecollab.Limit, "room_full", "%d people wait to come into this room already. Try again later.", r.opt.MaxPeople)
	}
	delete(r.door.refused, a.Person)
	k := r.door.knocks[a.Person]
	if k == nil {
		k = &knock{author: a, role: r.state.standing(a).Knocks(), since: now}
		r.door.knocks[a.Person] = k
		r.knocksChanged()
	}
	k.tabs++
	return &Waiting{r, a.Person}, nil
}

func errRefused() error {
	return codecollab.Errorf(codecollab.Forbidden, "refused", "An owner of this room did not let you in.")
}

// Moved is closed when the room has changed, so that joining may have another outcome.
func (w *Waiting) Moved() <-chan struct{} {
	w.room.mu.Lock()
	defer w.room.mu.Unlock()
	return w.room.door.moved
}

// Refused is an error once an owner has said no.
func (w *Waiting) Refused() error {
	w.room.mu.Lock()
	defer w.room.mu.Unlock()
	if k := w.room.door.knocks[w.person]; k == nil || k.refused {
		return errRefused()
	}
	return nil
}

// Leave takes the connection away from the door.
func (w *Waiting) Leave() {
	w.room.mu.Lock()
	defer w.room.mu.Unlock()
	k := w.room.door.knocks[w.person]
	if k == nil {
		return
	}
	if k.tabs--; k.tabs > 0 {
		return
	}
	delete(w.room.door.knocks, w.person)
	w.room.knocksChanged()
	if len(w.room.conns) == 0 {
		w.room.emptyFrom = w.room.opt.Now()
	}
}

// Answer lets somebody who waits in, or refuses them, for an owner. Errors: "owner_only" and the like, "no_knock".
func (r *Room) Answer(ctx context.Context, owner, person string, admit bool) error {
	if !admit {
		return r.refuse(owner, person)
	}
	return r.manage(ctx, r.authorOf(owner), func(d *draft) error {
		who, role, waits := r.whoWaits(person)
		if !waits {
			return errNoKnock()
		}
		if rights.Better(d.RoleOf(person), rights.None) {
			return nil // somebody else was faster
		}
		if err := d.introduce(who); err != nil {
			return err
		}
		return d.add(wire.Event{By: owner, Body: wire.Body{Payload: &wire.Role{Person: person, Role: role}}})
	})
}

// whoWaits finds somebody who waits, at this node or another one.
func (r *Room) whoWaits(person string) (who Author, role string, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if k := r.door.knocks[person]; k != nil {
		return k.author, string(k.role), true
	}
	for _, k := range r.waiting() {
		if k.Person == person {
			return Author{Person: k.Person, Name: k.Name, Color: k.Color, Verified: k.Verified}, k.Role, true
		}
	}
	return Author{}, "", false
}

func errNoKnock() error {
	return codecollab.Errorf(codecollab.NotFound, "no_knock", "This person does not wait any more.")
}

func (r *Room) refuse(owner, person string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.state.may(Author{Person: owner}, rights.Manage); err != nil {
		return err
	}
	if !slices.ContainsFunc(r.waiting(), func(k wire.Knock) bool { return k.Person == person }) && r.door.knocks[person] == nil {
		return errNoKnock()
	}
	r.turnAway(person)
	r.tell(&note{Refused: person})
	return nil
}

// turnAway refuses somebody, here or elsewhere. The caller holds mu.
func (r *Room) turnAway(person string) {
	r.door.refused[person] = r.opt.Now().Add(r.opt.KnockPause)
	if k := r.door.knocks[person]; k != nil {
		k.refused = true
	}
	for _, e := range r.presence.others {
		e.waiting = slices.DeleteFunc(e.waiting, func(k wire.Knock) bool { return k.Person == person })
	}
	r.openDoor()
	r.knocksChanged()
}

// knocksChanged tells owners, and other nodes, who waits. The caller holds mu.
func (r *Room) knocksChanged() {
	r.tellKnocks()
	waiting := r.waitingHere()
	r.tell(&note{Waiting: &waiting})
}

// openDoor makes everybody who waits look again. The caller holds mu.
func (r *Room) openDoor() {
	close(r.door.moved)
	r.door.moved = make(chan struct{})
	for person, until := range r.door.refused {
		if !r.opt.Now().Before(until) {
			delete(r.door.refused, person)
		}
	}
}

// tellKnocks tells owners who waits, and takes the list from those who are no owners any more. The caller holds mu.
func (r *Room) tellKnocks() {
	for c := range r.conns {
		r.tellKnocksTo(c)
	}
	r.tail.wake()
}

func (r *Room) tellKnocksTo(c *Conn) {
	list := wire.Knocks{People: []wire.Knock{}}
	if r.state.may(c.author, rights.Manage) == nil {
		list.People = r.waiting()
	}
	if len(list.People) == 0 && !c.knocks {
		return
	}
	frame, err := wire.Marshal(&list)
	if err != nil {
		r.opt.Log.Error("message cannot be encoded", "type", list.Type(), "err", err)
		return
	}
	c.owed, c.knocks = frame, len(list.People) > 0
}

// waiting are all who wait, here and at other nodes, the first to come first.
func (r *Room) waiting() []wire.Knock {
	out := r.waitingHere()
	for _, e := range r.presence.others {
		for _, k := range e.waiting {
			if !slices.ContainsFunc(out, func(have wire.Knock) bool { return have.Person == k.Person }) {
				out = append(out, k)
			}
		}
	}
	sortKnocks(out)
	return out
}

func sortKnocks(list []wire.Knock) {
	slices.SortFunc(list, func(a, b wire.Knock) int {
		return cmp.Or(cmp.Compare(a.Since, b.Since), cmp.Compare(a.Person, b.Person))
	})
}

func (r *Room) waitingHere() []wire.Knock {
	out := make([]wire.Knock, 0, len(r.door.knocks))
	for _, k := range r.door.knocks {
		if !k.refused {
			out = append(out, wire.Knock{Person: k.author.Person, Name: k.author.Name, Color: k.author.Color, Verified: k.author.Verified,
				Role: string(k.role), Since: k.since.UnixMilli()})
		}
	}
	sortKnocks(out)
	return out
}
