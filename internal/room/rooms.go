package room

import (
	"context"
	"sync"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/wire"
)

// Rooms are the rooms of one server: each is loaded when somebody needs it and leaves memory when idle.
type Rooms struct {
	log Log
	bus Bus
	opt Options

	tally *tally
	nodes *nodes
	mine  []byte // what the notes of this node begin with

	mu    sync.Mutex
	rooms map[string]*entry
}

// entry is a room that is loaded or being loaded.
type entry struct {
	ready chan struct{} // closed once room or err is set
	room  *Room
	err   error
	uses  int // calls that hold the room; it is not let go meanwhile
}

// New makes a server's rooms. bus may be nil where there is one node, or none knows of the other. See Follow.
func New(log Log, bus Bus, opt Options) *Rooms {
	n := newNodes()
	return &Rooms{
		log: log, bus: bus, opt: opt, tally: newTally(), nodes: n, mine: []byte(`{"node":"` + n.self + `"`), rooms: map[string]*entry{},
	}
}

// Create makes a room: owned by a person, with a language and its first file. When it is closed, its name alone lets nobody in.
func (rs *Rooms) Create(ctx context.Context, id string, owner Author, language string, file wire.Create, closed bool) error {
	s := newState()
	d := &draft{State: s, room: &Room{id: id, opt: rs.opt}}
	c, err := d.prepareCreate(&file)
	if err != nil {
		return err
	}
	if err := d.checkLanguage(language); err != nil {
		return err
	}
	first := []wire.Payload{&wire.Language{Language: language}, c}
	if closed {
		first = append(first, &wire.Access{Closed: true})
	}
	for _, p := range first {
		if err := d.add(wire.Event{By: owner.Person, Body: wire.Body{Payload: p}}); err != nil {
			return err
		}
	}
	records, err := encode(d.events)
	if err != nil {
		return err
	}
	return rs.log.Create(ctx, id, records)
}

// Use calls f with the room in memory, loading it first. Error "no_room" when there is none of that name.
func (rs *Rooms) Use(ctx context.Context, id string, f func(*Room) error) error {
	e, mine := rs.hold(id)
	defer rs.letGo(id, e)
	if mine {
		// Others may wait for this load: it goes on even if the first to ask has gone.
		e.room, e.err = rs.load(context.WithoutCancel(ctx), id)
		close(e.ready)
	}
	select {
	case <-e.ready:
	case <-ctx.Done():
		return ctx.Err()
	}
	if e.err != nil {
		return e.err
	}
	return f(e.room)
}

func (rs *Rooms) hold(id string) (e *entry, mine bool) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	e, ok := rs.rooms[id]
	if !ok {
		e = &entry{ready: make(chan struct{})}
		rs.rooms[id] = e
	}
	e.uses++
	return e, !ok
}

// letGo forgets a room that could not be loaded, so that the next call tries again.
func (rs *Rooms) letGo(id string, e *entry) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	e.uses--
	select {
	case <-e.ready:
		if e.err != nil && rs.rooms[id] == e {
			delete(rs.rooms, id)
		}
	default:
	}
}

// load folds a room's log from its newest snapshot on.
func (rs *Rooms) load(ctx context.Context, id string) (*Room, error) {
	state, recent, saved, err := rs.fold(ctx, id, 0)
	if err != nil {
		return nil, err
	}
	r := &Room{
		id: id, opt: rs.opt, log: rs.log, rooms: rs, turn: turnOf(id), tally: rs.tally,
		state: state, recent: recent, tail: newTail(rs.opt.TailBytes),
		conns: map[*Conn]struct{}{}, presence: newPresence(), door: newDoor(), live: map[codecollab.Version]*liveRun{},
		writable: wire.Writable{OK: true}, saved: saved, emptyFrom: rs.opt.Now(),
	}
	for i := range state.Runs {
		if run := &state.Runs[i]; run.Finish == nil {
			r.live[run.Run] = newLiveRun(run.Run, &run.Request)
		}
	}
	r.settle()
	r.follow()
	return r, nil
}

// fold reads a room's state at a version (0: the head), with the events since the snapshot it began from.
func (rs *Rooms) fold(ctx context.Context, id string, at codecollab.Version) (*State, []wire.Event, codecollab.Version, error) {
	snap, err := rs.log.Snapshot(ctx, id, at)
	if err != nil {
		return nil, nil, 0, err
	}
	state, err := restore(snap)
	if err != nil {
		// A snapshot is a shortcut. When one is damaged the log itself still has everything.
		rs.opt.Log.Error("snapshot unreadable, reading the whole log", "room", id, "err", err)
		state = newState()
	}
	var recent []wire.Event
	for at == 0 || state.Version < at {
		records, err := rs.log.Read(ctx, id, state.Version, pageEvents)
		if err != nil {
			return nil, nil, 0, err
		}
		if len(records) == 0 {
			break
		}
		events, err := decode(records)
		if err != nil {
			return nil, nil, 0, err
		}
		for i := range events {
			if at != 0 && events[i].Version > at {
				break
			}
			if err := state.Apply(&events[i]); err != nil {
				return nil, nil, 0, err
			}
		}
		recent = append(recent, events...)
		recent = recent[max(0, len(recent)-keepRecent):]
	}
	return state, recent, snap.Version, nil
}

// At returns the room's state as it was at a version.
func (rs *Rooms) At(ctx context.Context, id string, v codecollab.Version) (*State, error) {
	state, _, _, err := rs.fold(ctx, id, v)
	if err == nil && state.Version != v {
		return nil, codecollab.Errorf(codecollab.NotFound, "no_version", "The room has no version %d.", v)
	}
	return state, err
}

// Delete ends a room for somebody: everybody is put out, nothing more is appended, and remove takes away what is kept of it.
func (rs *Rooms) Delete(ctx context.Context, id string, who Visitor, remove func() error) error {
	return rs.End(ctx, id, func(r *Room) error { return r.May(who, rights.End) }, remove)
}

func errDeleted() error {
	return codecollab.Errorf(codecollab.NotFound, "deleted", "This room has been deleted by its owner, with everything in it.")
}

// deletedNow puts everybody out of a room that is no more.
func (r *Room) deletedNow() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.deleted = true
	for c := range r.conns {
		r.end(c, errDeleted())
	}
	r.openDoor()
	clear(r.live)
	r.tally.set(r.id, nil)
}

func (r *Room) isDeleted() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.deleted
}

// Sweep lets idle rooms leave memory, each with a last snapshot. It returns how many are left.
func (rs *Rooms) Sweep() int {
	for id, r := range rs.idle() {
		r.save()
		rs.forget(id, r)
	}
	rs.mu.Lock()
	defer rs.mu.Unlock()
	return len(rs.rooms)
}

func (rs *Rooms) idle() map[string]*Room {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	out := map[string]*Room{}
	for id, e := range rs.rooms {
		if e.uses == 0 && e.room != nil && e.room.isIdle(rs.opt.Now().Add(-rs.opt.Idle)) {
			out[id] = e.room
		}
	}
	return out
}

func (rs *Rooms) forget(id string, r *Room) {
	rs.mu.Lock()
	e := rs.rooms[id]
	goes := e != nil && e.room == r && e.uses == 0 && r.isIdle(rs.opt.Now().Add(-rs.opt.Idle))
	if goes {
		delete(rs.rooms, id)
	}
	rs.mu.Unlock()
	if goes {
		r.unfollow()
	}
}

// isIdle reports whether nobody has been here since a time, and nothing goes on.
func (r *Room) isIdle(since time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.conns)+len(r.door.knocks) == 0 && !r.busy && len(r.live) == 0 && !r.emptyFrom.After(since)
}

// Close saves what has no snapshot yet. Appends that are under way are finished by the store.
func (rs *Rooms) Close() {
	rs.mu.Lock()
	var all []*Room
	for _, e := range rs.rooms {
		if e.room != nil {
			all = append(all, e.room)
		}
	}
	rs.mu.Unlock()
	for _, r := range all {
		r.unfollow()
		r.save()
	}
}
