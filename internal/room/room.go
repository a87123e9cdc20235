package room

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// Room is a room in memory. Its methods may be called by many goroutines.
type Room struct {
	id  string
	opt Options
	log Log
	// rooms are all rooms of this node; nil where a Room stands alone, in a draft of one that is to be made.
	rooms *Rooms
	turn  int // at which beats it reminds other nodes
	// tally is that of all rooms.
	tally *tally

	// loading is held while the log is read or appended to by this room, so that there is one writer here.
	loading sync.Mutex
	draft   *State // what the next event is prepared against; nil: the committed state; guarded by loading

	mu        sync.Mutex // guards all below; never held over IO
	state     *State     // committed: everything in it is durable
	recent    []wire.Event
	tail      *tail
	inbox     []*submission
	busy      bool // the loop is running
	conns     map[*Conn]struct{}
	presence  presence
	door      door
	live      map[codecollab.Version]*liveRun
	writable  wire.Writable
	probeIn   time.Duration      // the pause before the last probe of a read-only room
	saved     codecollab.Version // the version of the last snapshot
	emptyFrom time.Time          // since when nobody is here
	deleted   bool
	cancel    func() // ends hearing of other nodes; nil while there is nothing to end
}

// ID is the room's name.
func (r *Room) ID() string { return r.id }

// keepRecent is how many decoded events stay in memory for mapping; older ones are read from the log.
const keepRecent = 4096

// submission is one request to append, and how its outcome is told.
type submission struct {
	author Author
	batch  *wire.Batch
	at     *Stages                             // filled in before done is called; nil: nobody wants to know
	system func(*draft) error                  // instead of a batch: adds events of the server's own, or none
	done   func(v codecollab.Version, e error) // called once, not under any lock
}

// Submit asks for a batch to be appended. done is called once, when the event is durable (with its version) or refused.
// A duplicate is no error: done gets the version at which the batch had been committed, and again is true.
func (r *Room) Submit(a Author, b *wire.Batch, done func(v codecollab.Version, again bool, err error)) {
	r.SubmitTimed(a, b, nil, done)
}

// SubmitTimed is Submit that notes the times of the batch's stages, which are done when done is called.
func (r *Room) SubmitTimed(a Author, b *wire.Batch, at *Stages, done func(v codecollab.Version, again bool, err error)) {
	r.enqueue(&submission{author: a, batch: b, at: at, done: func(v codecollab.Version, err error) {
		if d, ok := err.(duplicate); ok {
			done(d.version, true, nil)
			return
		}
		done(v, false, err)
	}})
}

// append adds events of the server's own, what do adds to the draft, and waits until they are durable. When do fails it must
// leave the draft as it was; introductions may stay.
func (r *Room) append(ctx context.Context, do func(*draft) error) (codecollab.Version, error) {
	type outcome struct {
		v   codecollab.Version
		err error
	}
	c := make(chan outcome, 1)
	r.enqueue(&submission{system: do, done: func(v codecollab.Version, err error) { c <- outcome{v, err} }})
	select {
	case o := <-c:
		return o.v, o.err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func (r *Room) enqueue(s *submission) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.deleted {
		go s.done(0, errDeleted())
		return
	}
	r.inbox = append(r.inbox, s)
	if !r.busy {
		r.busy = true
		go r.loop()
	}
}

// loop appends until nothing waits. While one append is on its way to the disk, the next ones gather.
func (r *Room) loop() {
	for {
		r.mu.Lock()
		waiting := r.inbox
		r.inbox = nil
		if len(waiting) == 0 {
			r.busy = false
			r.mu.Unlock()
			return
		}
		r.mu.Unlock()
		r.commit(waiting)
	}
}

// commit appends the events of several submissions together, trying again for as long as other nodes get in between.
func (r *Room) commit(waiting []*submission) {
	ctx := context.Background() // an append that has begun is finished: its outcome must be known
	took := Stages{Taken: time.Now()}
	r.loading.Lock()
	if r.isDeleted() {
		r.loading.Unlock()
		for _, s := range waiting {
			s.done(0, errDeleted())
		}
		return
	}
	outcomes, events, err := r.tryCommit(ctx, waiting, &took)
	for IsMovedOn(err) {
		r.unreserve()
		if err = r.refreshLocked(ctx); err == nil {
			took.MovedOn++
			outcomes, events, err = r.tryCommit(ctx, waiting, &took)
		}
	}
	if err != nil {
		r.draft = nil // forget what was not stored (R4)
		r.unreserve()
	}
	r.loading.Unlock()
	if codecollab.CodeOf(err) == "no_room" {
		r.endedElsewhere()
		err = errDeleted()
	} else {
		r.noteStorage(err)
	}
	for i, s := range waiting {
		if s.at != nil {
			*s.at = took
		}
		if o := outcomes[i]; o.err != nil || err == nil {
			s.done(o.v, o.err)
		} else {
			s.done(0, storageError(err))
		}
	}
	r.afterCommit(events)
}

// unreserve gives back what runs have reserved that did not come into the log.
func (r *Room) unreserve() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.settle()
}

type outcome struct {
	v   codecollab.Version
	err error
}

// tryCommit prepares every submission and appends what they yield. Its error is the store's; those of single
// submissions are in outcomes.
func (r *Room) tryCommit(ctx context.Context, waiting []*submission, took *Stages) ([]outcome, []wire.Event, error) {
	outcomes := make([]outcome, len(waiting))
	if r.draft == nil {
		r.draft = r.committed()
	}
	expected := r.draft.Version
	d := &draft{State: r.draft, room: r}
	for i, s := range waiting {
		var err error
		if s.system != nil {
			err = s.system(d)
		} else {
			err = d.prepare(ctx, s.author, s.batch)
		}
		outcomes[i] = outcome{d.Version, err}
	}
	took.Ready = time.Now()
	took.Durable = took.Ready
	if len(d.events) == 0 {
		return outcomes, nil, nil
	}
	records, err := encode(d.events)
	if err == nil {
		err = r.log.Append(ctx, r.id, expected, records)
		took.Durable = time.Now()
	}
	if err != nil {
		r.draft = nil
		return outcomes, nil, err
	}
	return outcomes, d.events, r.publish(d.events, records)
}

func encode(events []wire.Event) ([]Record, error) {
	records := make([]Record, len(events))
	for i := range events {
		data, err := wire.Marshal(&events[i])
		if err != nil {
			return nil, err
		}
		records[i] = Record{Version: events[i].Version, At: events[i].At, Kind: events[i].Body.Kind(), Data: data}
	}
	return records, nil
}

func decode(records []Record) ([]wire.Event, error) {
	events := make([]wire.Event, len(records))
	for i, rec := range records {
		if err := json.Unmarshal(rec.Data, &events[i]); err != nil {
			return nil, err
		}
	}
	return events, nil
}

// committed is a copy of the committed state, to draft upon.
func (r *Room) committed() *State {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state.Clone()
}

// publish makes durable events visible (R1).
func (r *Room) publish(events []wire.Event, records []Record) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	durable := time.Now()
	runs, roles := false, false // whether any of the events is about those
	for i := range events {
		if err := r.state.Apply(&events[i]); err != nil {
			return err
		}
		r.presence.event(&events[i])
		runs = r.noteRun(&events[i]) || runs
		r.tail.pushMarked(records[i].Data, mark{events[i].Version, durable})
		switch events[i].Body.Payload.(type) {
		case *wire.Role, *wire.Access:
			roles = true
		}
	}
	if roles {
		r.turnOut()
		r.openDoor()
		r.tellKnocks()
		if r.opt.OnRights != nil {
			r.opt.OnRights(r.id)
		}
	}
	if runs {
		r.settle()
	}
	r.recent = append(r.recent, events...)
	if n := len(r.recent) - keepRecent; n > keepRecent/4 {
		r.recent = append([]wire.Event(nil), r.recent[n:]...)
	}
	r.trimTail()
	r.tail.wake()
	return nil
}

// trimTail lets go of frames that every connection has read. Not at every push: it looks at all connections.
func (r *Room) trimTail() {
	if len(r.tail.frames) < 256 {
		return
	}
	least := r.tail.end()
	for c := range r.conns {
		least = min(least, c.cursor)
	}
	r.tail.trim(least)
}

// refreshLocked reads what other nodes have appended. The caller holds loading.
func (r *Room) refreshLocked(ctx context.Context) error {
	r.draft = nil
	for {
		records, err := r.log.Read(ctx, r.id, r.version(), pageEvents)
		if err != nil || len(records) == 0 {
			return err
		}
		events, err := decode(records)
		if err != nil {
			return err
		}
		if err := r.publish(events, records); err != nil {
			return err
		}
		if len(records) < pageEvents {
			return nil
		}
	}
}

// pageEvents is how many events are read from the log at a time.
const pageEvents = 1000

// refresh brings the room to at least version v, which another node has announced.
func (r *Room) refresh(ctx context.Context, v codecollab.Version) error {
	r.loading.Lock()
	defer r.loading.Unlock()
	if r.version() >= v {
		return nil
	}
	return r.refreshLocked(ctx)
}

// since calls f with every event after base, those of the draft included, in order.
func (d *draft) since(ctx context.Context, base codecollab.Version, f func(*wire.Event) error) error {
	start := d.Version - int64(len(d.events)) // the last version that the log holds
	if err := d.room.eachCommitted(ctx, base, start, f); err != nil {
		return err
	}
	for i := range d.events {
		if d.events[i].Version > base {
			if err := f(&d.events[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// eachCommitted calls f with the events in (after, upTo], from memory where it has them.
func (r *Room) eachCommitted(ctx context.Context, after, upTo codecollab.Version, f func(*wire.Event) error) error {
	for after < upTo {
		events, err := r.page(ctx, after)
		if err != nil {
			return err
		}
		if len(events) == 0 {
			return errors.New("room: the log ends before version it has announced")
		}
		for i := range events {
			if events[i].Version > upTo {
				return nil
			}
			if err := f(&events[i]); err != nil {
				return err
			}
			after = events[i].Version
		}
	}
	return nil
}

// page returns some of the events after a version: all that memory has from there, or a page of the log.
func (r *Room) page(ctx context.Context, after codecollab.Version) ([]wire.Event, error) {
	r.mu.Lock()
	if n := len(r.recent); n > 0 && r.recent[0].Version <= after+1 {
		events := r.recent[min(int(after+1-r.recent[0].Version), n):]
		r.mu.Unlock()
		return events, nil // the elements never change once published
	}
	r.mu.Unlock()
	records, err := r.log.Read(ctx, r.id, after, pageEvents)
	if err != nil {
		return nil, err
	}
	return decode(records)
}

// broadcast sends a message that is not in the log to everyone here. The caller holds mu.
func (r *Room) broadcast(m wire.Message) {
	frame, err := wire.Marshal(m)
	if err != nil {
		r.opt.Log.Error("message cannot be encoded", "type", m.Type(), "err", err)
		return
	}
	r.tail.push(frame)
	r.trimTail()
	r.tail.wake()
}

// afterCommit does what may wait until the authors have their answers.
func (r *Room) afterCommit(events []wire.Event) {
	if len(events) == 0 {
		return
	}
	r.movedTo(events[len(events)-1].Version)
	for _, e := range events {
		if _, ok := e.Body.Payload.(*wire.Run); ok && r.opt.OnRun != nil {
			r.opt.OnRun(r.id, e.Version)
		}
	}
	if events[len(events)-1].Version-r.savedVersion() >= int64(r.opt.SnapshotEvents) {
		r.save()
	}
}

// movedTo tells that the room is at a version, which this node has made durable.
func (r *Room) movedTo(v codecollab.Version) {
	if r.follows() {
		r.rooms.tell(r.id, &note{Version: v})
	}
	if r.opt.OnMoved != nil {
		r.opt.OnMoved(r.id, v)
	}
}

// version is that of the last durable event here.
func (r *Room) version() codecollab.Version {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state.Version
}

func (r *Room) savedVersion() codecollab.Version {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.saved
}

// save keeps a snapshot. Losing one costs time at the next opening, not text, so a failure is only logged.
func (r *Room) save() {
	state := r.committed()
	if state.Version == r.savedVersion() || r.isDeleted() {
		return
	}
	snap, err := r.remembered(state).snapshot()
	if err == nil {
		err = r.log.Save(context.Background(), r.id, snap)
	}
	if err != nil {
		r.opt.Log.Warn("snapshot not saved", "room", r.id, "version", state.Version, "err", err)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.saved = max(r.saved, snap.Version)
}
