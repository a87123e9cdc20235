package room

import (
	"context"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// liveRun is a run that goes on: where it is, and what it has printed, for those who join meanwhile.
type liveRun struct {
	state  string
	output []wire.Chunk
	bytes  int
}

// liveBytes bounds the output that is kept for joiners; the finish event has head and tail.
const liveBytes = 64 << 10

// noteRun follows the runs as they begin and end. The caller holds mu.
func (r *Room) noteRun(e *wire.Event) {
	switch b := e.Body.Payload.(type) {
	case *wire.Run:
		r.live[e.Version] = &liveRun{state: "queued"}
	case *wire.Finish:
		delete(r.live, b.Run)
	}
}

func (r *Room) liveNow() []wire.Live {
	var out []wire.Live
	for v, l := range r.live {
		out = append(out, wire.Live{Run: v, State: l.state, Output: append([]wire.Chunk{}, l.output...)})
	}
	return out
}

// Progress tells everyone where a run is: "queued" (with its place, from 1), "compiling" or "running".
func (r *Room) Progress(run codecollab.Version, state string, place int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.live[run]
	if l == nil {
		return
	}
	l.state = state
	r.broadcast(&wire.RunState{Run: run, State: state, Place: place})
}

// Output sends everyone a piece of what a running program prints.
func (r *Room) Output(run codecollab.Version, stream, data string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.live[run]
	if l == nil {
		return
	}
	if l.bytes < liveBytes {
		l.bytes += len(data)
		if n := len(l.output); n > 0 && l.output[n-1].Stream == stream {
			l.output[n-1].Data += data
		} else {
			l.output = append(l.output, wire.Chunk{Stream: stream, Data: data})
		}
	}
	r.broadcast(&wire.Output{Run: run, Stream: stream, Data: data})
}

// Finish puts the end of a run into the log. A second one for the same run is refused with "no_run".
func (r *Room) Finish(ctx context.Context, f wire.Finish) error {
	_, err := r.append(ctx, &f)
	return err
}

// prepareSystem adds an event of the server's own.
func (d *draft) prepareSystem(p wire.Payload) error {
	if f, ok := p.(*wire.Finish); ok {
		if rec := d.run(f.Run); rec == nil || rec.Finish != nil {
			return codecollab.Errorf(codecollab.NotFound, "no_run", "Run %d is not going on in this room.", f.Run)
		}
		if who, here := d.room.personHere(f.By); here { // one who stops a run may have written nothing yet
			if err := d.introduce(who); err != nil {
				return err
			}
		}
	}
	return d.add(wire.Event{Body: wire.Body{Payload: p}})
}

// Running reports whether a run has been asked for and not finished.
func (r *Room) Running(run codecollab.Version) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	rec := r.state.run(run)
	return rec != nil && rec.Finish == nil
}

// personHere finds a person among those who are connected.
func (r *Room) personHere(person string) (Author, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.conns {
		if c.author.Person == person {
			return c.author, true
		}
	}
	return Author{}, false
}
