package room

import (
	"context"

	"codecollab.dev"
	"codecollab.dev/internal/excerpt"
	"codecollab.dev/internal/wire"
)

// liveRun is a run that goes on: where it is, and what it has printed, for those who join meanwhile.
type liveRun struct {
	state    wire.RunState
	terminal *wire.Size
	output   excerpt.Excerpt
	typists  []Author // who has typed into it: their names must be known when it is in the log
	here     bool     // this node executes it
	there    bool     // another one does
	printed  int64    // bytes in all
	asked    bool     // the node that executes it has been asked for all of it
}

// What is kept of the output of a run that goes on, for joiners; the finish event has more.
const (
	stateQueued = "queued"

	liveHead = 32 << 10
	liveTail = 64 << 10
)

func newLiveRun(run codecollab.Version, request *wire.Run) *liveRun {
	return &liveRun{
		state:    wire.RunState{Run: run, State: stateQueued},
		terminal: request.Terminal,
		output:   excerpt.Excerpt{HeadMost: liveHead, TailMost: liveTail},
	}
}

// noteRun follows the runs as they begin and end; true when one did. The caller holds mu.
func (r *Room) noteRun(e *wire.Event) bool {
	switch b := e.Body.Payload.(type) {
	case *wire.Run:
		r.live[e.Version] = newLiveRun(e.Version, b)
	case *wire.Finish:
		delete(r.live, b.Run)
	default:
		return false
	}
	return true
}

// settle tells the tally which runs are unfinished here. The caller holds mu.
func (r *Room) settle() { r.tally.set(r.id, r.state.Runs) }

func (r *Room) liveNow() []wire.Live {
	var out []wire.Live
	for v, l := range r.live {
		chunks, _ := l.output.Result(0)
		out = append(out, wire.Live{
			Run: v, State: l.state.State, Place: l.state.Place, Attempt: l.state.Attempt, Output: chunks, Terminal: l.terminal,
		})
	}
	return out
}

// Progress tells everyone where a run is. When its attempt grows, what it has printed is void.
func (r *Room) Progress(s wire.RunState) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.live[s.Run]
	if l == nil || s.Attempt < l.state.Attempt && s.State != stateQueued {
		return
	}
	s.Attempt = max(s.Attempt, l.state.Attempt)
	if s.State != stateQueued { // any node may tell the place in the queue
		l.here, l.there = true, false
	}
	r.tell(&note{Progress: &s})
	r.progress(l, s)
}

// progress takes where a run is. The caller holds mu.
func (r *Room) progress(l *liveRun, s wire.RunState) {
	if s.Attempt > l.state.Attempt {
		l.output = excerpt.Excerpt{HeadMost: liveHead, TailMost: liveTail}
		l.printed = 0
	}
	l.state = s
	r.broadcast(&s)
}

// Output sends everyone a piece of what a running program prints.
func (r *Room) Output(run codecollab.Version, stream, data string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.live[run]
	if l == nil || l.there { // another node has begun it anew
		return
	}
	l.here = true
	r.tell(&note{Output: &outputNote{Run: run, Attempt: l.state.Attempt, At: l.printed, Stream: stream, Data: data}})
	r.output(l, stream, data)
}

func (r *Room) output(l *liveRun, stream, data string) {
	l.output.Add(stream, data)
	l.printed += int64(len(data))
	r.broadcast(&wire.Output{Run: l.state.Run, Stream: stream, Data: data})
}

// Typing notes that this person types into a run, so that the log can tell their name.
func (c *Conn) Typing(run codecollab.Version) {
	r := c.room
	r.mu.Lock()
	defer r.mu.Unlock()
	a := c.author
	if l := r.live[run]; l != nil && l.typedBy(a) {
		r.tell(&note{Typist: &typistNote{Run: run, Person: a.Person, Name: a.Name, Color: a.Color, Verified: a.Verified}})
	}
}

// mostSide is the largest terminal, in rows and in columns: beyond any screen.
const mostSide = 1000

func cleanSize(s wire.Size) wire.Size {
	return wire.Size{Rows: min(max(s.Rows, 1), mostSide), Cols: min(max(s.Cols, 1), mostSide)}
}

// Resize gives a run's terminal another size and tells everyone; ok is false when this person did not ask for the run, or it has no
// terminal.
func (c *Conn) Resize(m *wire.Resize) (size wire.Size, ok bool) {
	r := c.room
	r.mu.Lock()
	defer r.mu.Unlock()
	l, rec := r.live[m.Run], r.state.run(m.Run)
	if l == nil || l.terminal == nil || rec == nil || rec.By != c.author.Person {
		return size, false
	}
	size = cleanSize(wire.Size{Rows: m.Rows, Cols: m.Cols})
	if *l.terminal != size {
		l.terminal = &size
		told := &wire.Terminal{Run: m.Run, Rows: size.Rows, Cols: size.Cols}
		r.broadcast(told)
		r.tell(&note{Terminal: told})
	}
	return size, true
}

// TerminalOf is the size of a run's terminal now; nil when it has none.
func (r *Room) TerminalOf(run codecollab.Version) *wire.Size {
	r.mu.Lock()
	defer r.mu.Unlock()
	if l := r.live[run]; l != nil {
		return l.terminal
	}
	return nil
}

// Finish puts the end of a run into the log. A second one for the same run is refused with "no_run".
func (r *Room) Finish(ctx context.Context, f wire.Finish) error {
	_, err := r.append(ctx, func(d *draft) error { return d.finish(&f) })
	return err
}

func (d *draft) finish(f *wire.Finish) error {
	if rec := d.run(f.Run); rec == nil || rec.Finish != nil {
		return codecollab.Errorf(codecollab.NotFound, "no_run", "Run %d is not going on in this room.", f.Run)
	}
	for _, who := range d.room.namedIn(f) { // they may have written nothing yet
		if err := d.introduce(who); err != nil {
			return err
		}
	}
	return d.add(wire.Event{Body: wire.Body{Payload: f}})
}

// Unfinished are the runs that go on here.
func (r *Room) Unfinished() (runs []codecollab.Version) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for run := range r.live {
		runs = append(runs, run)
	}
	return runs
}

// Running reports whether a run has been asked for and not finished.
func (r *Room) Running(run codecollab.Version) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	rec := r.state.run(run)
	return rec != nil && rec.Finish == nil
}

// namedIn are the people that the end of a run speaks of: who stopped it, and who typed.
func (r *Room) namedIn(f *wire.Finish) (all []Author) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if l := r.live[f.Run]; l != nil {
		all = append(all, l.typists...)
	}
	for c := range r.conns {
		if c.author.Person == f.By {
			return append(all, c.author)
		}
	}
	r.eachOther(func(peer *wire.Peer) {
		if peer.Person == f.By && f.By != "" {
			all = append(all, authorAt(peer))
		}
	})
	return all
}
