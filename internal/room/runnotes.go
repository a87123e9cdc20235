package room

import (
	"slices"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// liveNote is a run that a node executes: everything so far.
type liveNote struct {
	Run      codecollab.Version `json:"run"`
	State    wire.RunState      `json:"state"`
	Printed  int64              `json:"printed"` // bytes in all
	Output   []wire.Chunk       `json:"output,omitempty"`
	Terminal *wire.Size         `json:"terminal,omitempty"`
}

// outputNote is a piece of what a program prints at the node of the note.
type outputNote struct {
	Run     codecollab.Version `json:"run"`
	Attempt int                `json:"attempt,omitempty"`
	At      int64              `json:"at"` // bytes that it had printed before
	Stream  string             `json:"stream"`
	Data    string             `json:"data"`
}

// typistNote is somebody who has typed into a run.
type typistNote struct {
	Run      codecollab.Version `json:"run"`
	Person   string             `json:"person"`
	Name     string             `json:"name"`
	Color    int                `json:"color"`
	Verified bool               `json:"verified,omitempty"`
}

// runsHere are the runs that this node executes. The caller holds mu.
func (r *Room) runsHere() (out []liveNote) {
	for v, l := range r.live {
		if l.here {
			chunks, _ := l.output.Result(0)
			out = append(out, liveNote{Run: v, State: l.state, Printed: l.printed, Output: chunks, Terminal: l.terminal})
		}
	}
	return out
}

// heardRuns takes what a note tells of runs. The caller holds mu.
func (r *Room) heardRuns(n *note) {
	for i := range n.Runs {
		r.heardRun(&n.Runs[i])
	}
	if s := n.Progress; s != nil {
		if l := r.live[s.Run]; l != nil && l.believes(s.Attempt) {
			l.goesOn(s.State)
			r.progress(l, *s)
		}
	}
	if o := n.Output; o != nil {
		r.heardOutput(o)
	}
	if t := n.Terminal; t != nil {
		r.heardSize(t.Run, wire.Size{Rows: t.Rows, Cols: t.Cols})
	}
	if t := n.Typist; t != nil {
		if l := r.live[t.Run]; l != nil {
			l.typedBy(Author{Person: t.Person, Name: t.Name, Color: t.Color, Verified: t.Verified})
		}
	}
}

// believes reports whether what another node says of an attempt counts: one that this node executes itself it knows better.
func (l *liveRun) believes(attempt int) bool {
	return attempt > l.state.Attempt || attempt == l.state.Attempt && !l.here
}

// goesOn notes that another node has told a state.
func (l *liveRun) goesOn(state string) {
	if state != stateQueued {
		l.here, l.there = false, true
	}
}

func (l *liveRun) typedBy(a Author) (first bool) {
	if slices.ContainsFunc(l.typists, func(b Author) bool { return b.Person == a.Person }) {
		return false
	}
	l.typists = append(l.typists, a)
	return true
}

func (r *Room) heardSize(run codecollab.Version, size wire.Size) {
	l := r.live[run]
	if l == nil || l.terminal == nil || *l.terminal == size {
		return
	}
	l.terminal = &size
	r.broadcast(&wire.Terminal{Run: run, Rows: size.Rows, Cols: size.Cols})
}

// heardOutput takes a piece that follows. One that does not is left out: the node is asked for everything.
func (r *Room) heardOutput(o *outputNote) {
	l := r.live[o.Run]
	if l == nil || !l.believes(o.Attempt) {
		return
	}
	l.here, l.there = false, true
	if o.Attempt > l.state.Attempt {
		next := l.state
		next.Attempt = o.Attempt
		r.progress(l, next)
	}
	switch {
	case o.At == l.printed:
		r.output(l, o.Stream, o.Data)
	case o.At > l.printed && !l.asked:
		l.asked = true
		r.tell(&note{Ask: true})
	}
}

// heardRun takes everything that another node knows of a run: what is missing here is told here.
func (r *Room) heardRun(n *liveNote) {
	l := r.live[n.Run]
	if l == nil || !l.believes(n.State.Attempt) {
		return
	}
	l.here, l.there = false, true
	if l.state != n.State {
		r.progress(l, n.State)
	}
	if n.Terminal != nil {
		r.heardSize(n.Run, *n.Terminal)
	}
	for _, c := range lastBytes(n.Output, n.Printed-l.printed) {
		l.output.Add(c.Stream, c.Data)
		r.broadcast(&wire.Output{Run: n.Run, Stream: c.Stream, Data: c.Data})
	}
	l.printed, l.asked = max(l.printed, n.Printed), false
}

// lastBytes are the last so many bytes of an output, or what there is of them.
func lastBytes(chunks []wire.Chunk, most int64) (out []wire.Chunk) {
	for i := len(chunks) - 1; i >= 0 && most > 0; i-- {
		c := chunks[i]
		if n := int64(len(c.Data)); n > most {
			c.Data = c.Data[n-most:]
		}
		most -= int64(len(c.Data))
		out = append(out, c)
	}
	slices.Reverse(out)
	return out
}
