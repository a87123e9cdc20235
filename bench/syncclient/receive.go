package syncclient

import (
	"slices"

	"codecollab.dev"
	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/text"
	"codecollab.dev/internal/wire"
)

// Receive takes one message of the server. An error means that this connection must be given up; the State is ready
// for another one. A *Broken one also means that the State was found wrong and will be thrown away.
func (s *State) Receive(m wire.Message) error {
	switch m := m.(type) {
	case *wire.Joined:
		return s.joined(m)
	case *wire.Event:
		return s.event(m)
	case *wire.Catchup:
		return s.catchup(m)
	case *wire.Ack:
		return s.ack(m)
	case *wire.Error:
		return s.refused(m)
	case *wire.Writable:
		s.writable = m.OK
	case *wire.Checked:
		s.stats.Diverged += int64(len(m.Diverged))
		if len(m.Diverged) > 0 {
			return s.broken("%d files differ from the server's at version %d", len(m.Diverged), m.Version)
		}
	}
	return nil
}

func (s *State) joined(m *wire.Joined) error {
	if m.Snapshot != nil {
		s.reset(m.Snapshot)
	} else if !s.started {
		return s.broken("joined without a snapshot")
	}
	s.online, s.fresh, s.head, s.writable = true, false, m.Version, m.Writable.OK
	if f := s.flight; f != nil {
		f.due, f.held = m.Seq < f.seq, false
	}
	s.seq = max(s.seq, m.Seq)
	return nil
}

// reset starts from a snapshot. What was unconfirmed has no text to belong to any more and counts as recovered.
func (s *State) reset(snap *wire.State) {
	if s.started {
		s.stats.Resyncs++
	}
	for _, d := range s.docs {
		s.drop(d)
	}
	s.flight = nil
	s.started, s.version, s.language = true, snap.Version, snap.Language
	s.order, s.docs = nil, map[string]*Doc{}
	for _, f := range snap.Files {
		s.add(f)
	}
}

func (s *State) add(f wire.File) {
	s.order = append(s.order, f.ID)
	s.docs[f.ID] = newDoc(f)
}

func (s *State) drop(d *Doc) {
	if d.flying != nil {
		s.stats.Recovered++
	}
	if d.pending != nil {
		s.stats.Recovered++
	}
}

func (s *State) event(ev *wire.Event) error {
	switch {
	case !s.online:
		return s.broken("event %d before joined", ev.Version)
	case ev.Version <= s.version:
		s.stats.Doubles++
		return nil
	case ev.Version > s.version+1:
		s.stats.Gaps++
		return s.broken("event %d after %d", ev.Version, s.version)
	}
	own := ev.Client == s.id && ev.Seq > 0
	confirms := own && s.flight != nil && s.flight.seq == ev.Seq
	if own && !confirms {
		s.stats.Strays++
	}
	if err := s.apply(ev, confirms); err != nil {
		return s.broken("event %d: %v", ev.Version, err)
	}
	s.version = ev.Version
	s.stats.Events++
	if confirms {
		s.flight = nil
		call(s.hooks.Confirmed, ev)
	}
	call(s.hooks.Event, ev)
	return nil
}

func call[T any](hook func(T), arg T) {
	if hook != nil {
		hook(arg)
	}
}

func (s *State) apply(ev *wire.Event, confirms bool) error {
	switch b := ev.Body.Payload.(type) {
	case *wire.Edit:
		if confirms {
			return s.confirm(b, s.commitAt(ev.Version))
		}
		return s.remote(b.Edits, s.id < ev.Client, s.commitAt(ev.Version))
	case *wire.Create:
		s.add(wire.File{ID: b.File, Name: b.Name, Text: b.Text})
	case *wire.Rename:
		if d := s.docs[b.File]; d != nil {
			d.Name = b.Name
		}
	case *wire.Delete:
		if d := s.docs[b.File]; d != nil {
			s.drop(d)
			delete(s.docs, b.File)
			s.order = slices.DeleteFunc(s.order, func(id string) bool { return id == b.File })
		}
	case *wire.Language:
		s.language = b.Language
	}
	return nil
}

// commitAt returns how the event of a version is applied to the committed text.
func (s *State) commitAt(v codecollab.Version) commit {
	if s.hooks.Commit == nil {
		return applied
	}
	return func(file string, before text.Text, c ot.ChangeSet) (text.Text, error) {
		return s.hooks.Commit(v, file, before, c)
	}
}

func applied(_ string, before text.Text, c ot.ChangeSet) (text.Text, error) { return c.Apply(before) }

func (s *State) remote(edits []wire.FileEdit, first bool, commit commit) error {
	for _, e := range edits {
		d := s.docs[e.File]
		if d == nil {
			return codecollab.Errorf(codecollab.NotFound, "no_file", "An edit of the file %s, which does not exist.", e.File)
		}
		changed, err := d.remote(e.Changes, first, commit)
		if err != nil {
			return err
		}
		s.changed(e.File, changed)
	}
	return nil
}

func (s *State) changed(file string, c ot.ChangeSet) {
	if s.hooks.Changed != nil {
		s.hooks.Changed(file, c)
	}
}

func (s *State) confirm(b *wire.Edit, commit commit) error {
	for _, e := range b.Edits {
		d := s.docs[e.File]
		if d == nil {
			return codecollab.Errorf(codecollab.NotFound, "no_file", "An own edit of the file %s, which does not exist.", e.File)
		}
		same, changed, err := d.confirm(e.Changes, commit)
		if !same {
			s.stats.Mismatches++
		}
		if err != nil {
			return err
		}
		if !same {
			s.changed(e.File, changed)
		}
	}
	return s.leftOver()
}

// leftOver looks for files that the batch in flight has changed and the server's form of it has not.
func (s *State) leftOver() error {
	for _, d := range s.docs {
		if d.flying == nil {
			continue
		}
		s.stats.Mismatches++
		changed, err := d.takeBack()
		if err != nil {
			return err
		}
		s.changed(d.ID, changed)
	}
	return nil
}

// catchup applies many events at once. The batch in flight was not among them (the server has made sure), so it is
// sent again as rebased, at the new base. Who goes first at a tie is this client's own choice: nobody mirrors it.
func (s *State) catchup(m *wire.Catchup) error {
	if !s.online || m.From != s.version {
		s.stats.Gaps++
		return s.broken("a catchup from %d at %d", m.From, s.version)
	}
	for i := range m.Events {
		if err := s.apply(&m.Events[i], false); err != nil {
			return s.broken("catchup: %v", err)
		}
	}
	if err := s.remote(m.Edits, false, applied); err != nil {
		return s.broken("catchup: %v", err)
	}
	s.version = m.To
	s.stats.Catchups++
	s.rebaseFlight()
	return nil
}

func (s *State) rebaseFlight() {
	f := s.flight
	if f == nil {
		return
	}
	f.base, f.due = s.version, true
	if _, ok := f.body.(*wire.Edit); !ok {
		return
	}
	edit := &wire.Edit{}
	for _, id := range s.order {
		if d := s.docs[id]; d.flying != nil {
			edit.Edits = append(edit.Edits, wire.FileEdit{File: id, Changes: *d.flying})
		}
	}
	f.body = edit
	if len(edit.Edits) == 0 { // every file that it was about is gone
		s.flight = nil
	}
}

func (s *State) ack(m *wire.Ack) error {
	if s.flight == nil || s.flight.seq != m.Seq || m.Version > s.version {
		return nil // confirmed already, or its event is still to come
	}
	return s.broken("batch %d is in the log at %d, which has been seen without it", m.Seq, m.Version)
}

func (s *State) refused(m *wire.Error) error {
	f := s.flight
	about := f != nil && (m.Seq == f.seq || m.Seq == 0 && m.Code == "too_large")
	if !about {
		return nil
	}
	if m.Retry {
		f.held = true
		return nil
	}
	s.flight = nil
	for _, d := range s.docs {
		if d.flying == nil {
			continue
		}
		s.stats.Recovered++
		changed, err := d.takeBack()
		if err != nil {
			return s.broken("taking back batch %d: %v", f.seq, err)
		}
		s.changed(d.ID, changed)
	}
	call(s.hooks.Refused, Refusal{f.seq, m.Code, m.Message, f.body})
	return nil
}

// Check returns the question whether this client's texts are the server's, or nil while the client has something
// unconfirmed. An answer that says no makes Receive fail.
func (s *State) Check() *wire.Check {
	if !s.Ready() || !s.Quiet() {
		return nil
	}
	c := &wire.Check{Version: s.version, Files: map[string]uint32{}}
	for id, d := range s.docs {
		c.Files[id] = d.committed.Hash()
	}
	return c
}

// Presence returns the message that tells where this person's caret is, in the local text of a file.
func (s *State) Presence(file string, anchor, head int) (*wire.SetPresence, error) {
	d := s.docs[file]
	if d == nil {
		return nil, codecollab.Errorf(codecollab.NotFound, "no_file", "There is no file %s.", file)
	}
	a, err := d.toCommitted(anchor)
	if err != nil {
		return nil, err
	}
	h, err := d.toCommitted(head)
	return &wire.SetPresence{Version: s.version, File: file, Anchor: a, Head: h}, err
}
