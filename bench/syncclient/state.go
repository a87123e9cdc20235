package syncclient

import (
	"fmt"

	"codecollab.dev"
	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/text"
	"codecollab.dev/internal/wire"
)

// State is what one client knows of one room, and what of its own is not confirmed yet. It is not safe for concurrent
// use.
type State struct {
	hooks    Hooks
	id       string
	version  codecollab.Version // of the last event applied
	language string
	order    []string // file ids, in the order of their creation
	docs     map[string]*Doc

	seq      int64 // the last batch number used
	flight   *flight
	commands []command
	packed   int64 // how many times pending edits have been made a batch

	started  bool               // a snapshot has been read
	online   bool               // joined has been read on this connection
	head     codecollab.Version // the log's head when this connection joined: nothing is sent before it is reached
	writable bool
	fresh    bool // the next join asks for a snapshot
	stats    Stats
}

// Hooks are called as things happen, in the goroutine that caused them; any may be nil. They must not call the State.
type Hooks struct {
	Event     func(*wire.Event)                       // an event of the log has been applied, own ones included
	Changed   func(file string, changes ot.ChangeSet) // the local text has changed, and not by Edit
	Flushed   func(seq int64, body wire.Payload)      // a new batch is about to be sent for the first time
	Confirmed func(*wire.Event)                       // the batch in flight is in the log
	Refused   func(Refusal)                           // the batch in flight will never be

	// Commit may give the committed text after an edit of an event in the place of changes.Apply: with it, many
	// clients of one process can share the text, and the work. nil: Apply.
	Commit func(v codecollab.Version, file string, before text.Text, changes ot.ChangeSet) (text.Text, error)
}

// Stats counts what should not happen (all but Catchups and Events should be 0 at the end) and what was seen.
type Stats struct {
	Events     int64 // events of the log, applied one by one
	Gaps       int64 // a version was left out
	Doubles    int64 // an event came twice on this client's way through the log
	Mismatches int64 // an own event was not what the client had made of it
	Strays     int64 // an own event with a number that was not in flight
	Resyncs    int64 // the State was thrown away for a snapshot
	Recovered  int64 // unconfirmed edits that had to be taken out of the text
	Diverged   int64 // files that the server found to differ (see Check)
	Catchups   int64 // events that came composed
}

// Refusal tells why a batch will never be in the log.
type Refusal struct {
	Seq     int64
	Code    string
	Message string
	Body    wire.Payload
}

// flight is the batch in flight, as it was sent: that is what is sent again.
type flight struct {
	seq  int64
	base codecollab.Version
	body wire.Payload
	due  bool // is to be sent, for the first time or again
	held bool // was refused for the moment: Release makes it due
}

// command is a payload other than an edit. It goes out once the edits typed before it have.
type command struct {
	body  wire.Payload
	after int64
}

// Broken says that the State does not fit the server's log any more. The next Join asks for a snapshot.
type Broken struct{ Reason string }

// Error implements error.
func (b *Broken) Error() string { return "the client's state is broken: " + b.Reason }

// NewState returns the State of a client that has not joined yet. The id is [a-z0-9]{8,32}.
func NewState(id string, hooks Hooks) *State {
	return &State{id: id, hooks: hooks, docs: map[string]*Doc{}}
}

// ID returns the client id.
func (s *State) ID() string { return s.id }

// Version returns the version of the last event applied; 0 before the first join.
func (s *State) Version() codecollab.Version { return s.version }

// Language returns the room's language.
func (s *State) Language() string { return s.language }

// Files returns the files in the order of their creation.
func (s *State) Files() []*Doc {
	out := make([]*Doc, 0, len(s.order))
	for _, id := range s.order {
		out = append(out, s.docs[id])
	}
	return out
}

// File returns one file, or nil when there is none with this id.
func (s *State) File(id string) *Doc { return s.docs[id] }

// Stats returns the counts so far.
func (s *State) Stats() Stats { return s.stats }

// Ready reports whether the client has joined and has applied everything that was in the log when it did.
func (s *State) Ready() bool { return s.online && s.started && s.version >= s.head }

// Quiet reports whether everything of this client's own is confirmed.
func (s *State) Quiet() bool {
	return s.flight == nil && len(s.commands) == 0 && !s.dirty()
}

func (s *State) dirty() bool {
	for _, d := range s.docs {
		if d.pending != nil {
			return true
		}
	}
	return false
}

// Edit changes the local text of a file. The error, of kind NotFound or Invalid, says that there is no such file or
// that the changes are for a text of another length.
func (s *State) Edit(file string, changes ot.ChangeSet) error {
	d := s.docs[file]
	if d == nil {
		return codecollab.Errorf(codecollab.NotFound, "no_file", "There is no file %s.", file)
	}
	return d.edit(changes)
}

// Do queues something that is not an edit (create, rename, delete, language, run). It takes effect in the State when
// its event comes back. Edits are made with Edit.
func (s *State) Do(body wire.Payload) {
	after := s.packed
	if s.dirty() {
		after++
	}
	s.commands = append(s.commands, command{body, after})
}

// Join returns the message to begin a connection with.
func (s *State) Join() *wire.Join {
	j := &wire.Join{Protocol: codecollab.Protocol, Oldest: codecollab.ProtocolOldest, Client: s.id}
	if s.started && !s.fresh {
		v := s.version
		j.Resume = &v
	}
	if s.flight != nil {
		j.Seq = s.flight.seq
	}
	return j
}

// Offline tells the State that the connection is gone.
func (s *State) Offline() { s.online = false }

// Release makes a batch that was refused for the moment be sent again.
func (s *State) Release() {
	if s.flight != nil && s.flight.held {
		s.flight.held, s.flight.due = false, true
	}
}

// Held reports whether a batch waits for Release.
func (s *State) Held() bool { return s.flight != nil && s.flight.held }

// Sendable reports whether Next may return a batch.
func (s *State) Sendable() bool {
	if !s.Ready() || !s.writable {
		return false
	}
	if s.flight != nil {
		return s.flight.due
	}
	return len(s.commands) > 0 || s.dirty()
}

// Next returns the batch to be sent now, or nil: one at a time, and nothing before the client has caught up with the
// log. A batch that is returned counts as sent.
func (s *State) Next() *wire.Batch {
	if !s.Sendable() || s.flight == nil && !s.pack() {
		return nil
	}
	f := s.flight
	f.due = false
	return &wire.Batch{Seq: f.seq, Base: f.base, Body: wire.Body{Payload: f.body}}
}

// pack makes a batch of what waits, and reports whether there was anything.
func (s *State) pack() bool {
	var body wire.Payload
	if len(s.commands) > 0 && s.commands[0].after <= s.packed {
		body, s.commands = s.commands[0].body, s.commands[1:]
	} else if edit := s.packEdits(); edit != nil {
		body = edit
		s.packed++
	} else {
		return false
	}
	s.seq++
	s.flight = &flight{seq: s.seq, base: s.version, body: body, due: true}
	if s.hooks.Flushed != nil {
		s.hooks.Flushed(s.seq, body)
	}
	return true
}

func (s *State) packEdits() *wire.Edit {
	var edits []wire.FileEdit
	for _, id := range s.order {
		d := s.docs[id]
		if d.pending == nil {
			continue
		}
		edits = append(edits, wire.FileEdit{File: id, Changes: *d.pending})
		d.flying, d.pending = d.pending, nil
	}
	if edits == nil {
		// The edits went with their file: a command that waits for them need not wait any longer.
		if len(s.commands) > 0 {
			s.packed = max(s.packed, s.commands[0].after)
		}
		return nil
	}
	return &wire.Edit{Edits: edits}
}

func (s *State) broken(format string, args ...any) error {
	s.fresh = true
	return &Broken{fmt.Sprintf(format, args...)}
}
