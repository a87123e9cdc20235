package fakeserver

import (
	"codecollab.dev"
	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/wire"
)

// Join answers a join: Joined, and what follows it up to the head of the log.
func (r *Room) Join(j *wire.Join) []wire.Message {
	joined := &wire.Joined{
		Protocol: codecollab.Protocol, Version: r.Version(), Seq: r.seqs[j.Client].seq,
		Heartbeat: 15_000, Writable: wire.Writable{OK: true},
	}
	if j.Resume == nil || *j.Resume > r.Version() {
		joined.Snapshot = r.snapshot()
		return []wire.Message{joined}
	}
	out := []wire.Message{joined}
	from := *j.Resume
	if r.CatchupFrom == 0 || int(r.Version()-from) <= r.CatchupFrom {
		return r.events(out, from, r.Version())
	}
	// The batch in flight is in the log: its author must see it in its place.
	if m := r.seqs[j.Client]; j.Seq > 0 && m.seq == j.Seq && m.version > from {
		out = r.events(out, from, m.version)
		from = m.version
	}
	if from == r.Version() {
		return out
	}
	return append(out, r.catchup(from))
}

func (r *Room) events(out []wire.Message, from, to codecollab.Version) []wire.Message {
	for i := from; i < to; i++ {
		out = append(out, &r.log[i])
	}
	return out
}

func (r *Room) snapshot() *wire.State {
	s := &wire.State{Version: r.Version()}
	for _, id := range r.order {
		if t, ok := r.files[id]; ok {
			s.Files = append(s.Files, wire.File{ID: id, Name: id, Text: t.String()})
		}
	}
	return s
}

// catchup composes the events after a version. A file that was deleted meanwhile has no edits in it.
func (r *Room) catchup(from codecollab.Version) *wire.Catchup {
	out := &wire.Catchup{From: from, To: r.Version()}
	composed := map[string]ot.ChangeSet{}
	for i := range r.log[from:] {
		ev := &r.log[int(from)+i]
		edit, ok := ev.Body.Payload.(*wire.Edit)
		if !ok {
			out.Events = append(out.Events, *ev)
			continue
		}
		for _, fe := range edit.Edits {
			compose(composed, fe)
		}
	}
	for _, id := range r.order {
		_, alive := r.files[id]
		if c, ok := composed[id]; ok && alive {
			out.Edits = append(out.Edits, wire.FileEdit{File: id, Changes: c})
		}
	}
	return out
}

func compose(all map[string]ot.ChangeSet, fe wire.FileEdit) {
	c, ok := all[fe.File]
	if !ok {
		all[fe.File] = fe.Changes
		return
	}
	c, err := c.Compose(fe.Changes)
	if err != nil {
		panic("two edits of one log do not compose: " + err.Error())
	}
	all[fe.File] = c
}
