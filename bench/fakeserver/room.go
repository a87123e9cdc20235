// Package fakeserver is the least server that speaks the protocol: rooms in memory, one lock, nothing durable. The
// sync client is tested against it, because it can be told to misbehave and needs no time to start. It is written
// from docs/protocol.md alone and shares no code with internal/room, so that one can find the other's mistakes.
package fakeserver

import (
	"fmt"

	"codecollab.dev"
	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/text"
	"codecollab.dev/internal/wire"
)

// Room is a log and its fold. It is not safe for concurrent use.
type Room struct {
	// CatchupFrom is the number of missing events above which Join composes them; 0 means never.
	CatchupFrom int

	start []wire.File // the files at version 0
	log   []wire.Event
	files map[string]text.Text
	order []string
	seqs  map[string]mark
	saved codecollab.Version // how far the Server has told and kept the log
}

// mark is a client's last batch in the log.
type mark struct {
	seq     int64
	version codecollab.Version
}

// NewRoom returns a room with these files at version 0.
func NewRoom(files ...wire.File) *Room {
	r := &Room{start: files, files: map[string]text.Text{}, seqs: map[string]mark{}}
	for _, f := range files {
		r.files[f.ID] = text.Of(f.Text)
		r.order = append(r.order, f.ID)
	}
	return r
}

// Text returns the text of a file.
func (r *Room) Text(file string) string { return r.files[file].String() }

// Version returns the head of the log.
func (r *Room) Version() codecollab.Version { return codecollab.Version(len(r.log)) }

// After returns the events after a version. They must not be changed.
func (r *Room) After(v codecollab.Version) []wire.Event { return r.log[v:] }

// Append takes a batch and returns what its author is to be told: nil when it is a new event, else an Ack or an Error.
func (r *Room) Append(client string, b *wire.Batch) wire.Message {
	last := r.seqs[client]
	switch {
	case b.Seq <= last.seq:
		return &wire.Ack{Seq: b.Seq, Version: last.version}
	case b.Base > r.Version():
		return refusal(b, "future_version")
	case b.Base < last.version:
		return refusal(b, "out_of_order")
	}
	body, code := r.prepare(client, b)
	if code != "" {
		return refusal(b, code)
	}
	r.commit(wire.Event{Client: client, Seq: b.Seq, Body: wire.Body{Payload: body}})
	return nil
}

func refusal(b *wire.Batch, code string) *wire.Error {
	return &wire.Error{Code: code, Message: "refused: " + code, Seq: b.Seq}
}

func (r *Room) prepare(client string, b *wire.Batch) (body wire.Payload, code string) {
	switch p := b.Body.Payload.(type) {
	case *wire.Edit:
		return r.transform(client, b.Base, p)
	case *wire.Create:
		if _, ok := r.files[p.File]; ok {
			return nil, "file_exists"
		}
	case *wire.Delete:
		if _, ok := r.files[p.File]; !ok {
			return nil, "no_file"
		}
	}
	return b.Body.Payload, ""
}

// transform maps each edit over every later event of the log, one by one.
func (r *Room) transform(client string, base codecollab.Version, e *wire.Edit) (*wire.Edit, string) {
	out := &wire.Edit{}
	for _, fe := range e.Edits {
		doc, ok := r.files[fe.File]
		if !ok {
			return nil, "no_file"
		}
		c := fe.Changes
		for _, ev := range r.log[base:] {
			over, ok := editOf(&ev, fe.File)
			if !ok {
				continue
			}
			var err error
			if c, err = c.Map(over, client < ev.Client); err != nil {
				return nil, "bad_edit"
			}
		}
		if _, err := c.Apply(doc); err != nil {
			return nil, "bad_edit"
		}
		out.Edits = append(out.Edits, wire.FileEdit{File: fe.File, Changes: c})
	}
	return out, ""
}

func editOf(ev *wire.Event, file string) (c ot.ChangeSet, ok bool) {
	e, is := ev.Body.Payload.(*wire.Edit)
	if !is {
		return c, false
	}
	for _, fe := range e.Edits {
		if fe.File == file {
			return fe.Changes, true
		}
	}
	return c, false
}

func (r *Room) commit(ev wire.Event) {
	ev.Version = r.Version() + 1
	r.log = append(r.log, ev)
	if ev.Client != "" {
		r.seqs[ev.Client] = mark{ev.Seq, ev.Version}
	}
	switch p := ev.Body.Payload.(type) {
	case *wire.Edit:
		for _, fe := range p.Edits {
			t, err := fe.Changes.Apply(r.files[fe.File])
			if err != nil {
				panic(fmt.Sprintf("an edit that was checked does not apply: %v", err))
			}
			r.files[fe.File] = t
		}
	case *wire.Create:
		r.files[p.File] = text.Of(p.Text)
		r.order = append(r.order, p.File)
	case *wire.Delete:
		delete(r.files, p.File)
	}
}
