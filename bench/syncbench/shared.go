package syncbench

import (
	"sync"

	"codecollab.dev"
	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/text"
)

// sharedText applies each event to one file once, for all clients of a room that do not keep a text of their own. They
// still map, confirm and count like the others. The zero value is ready for use.
type sharedText struct {
	mu    sync.Mutex
	slots [256]struct { // by version, modulo the length
		version codecollab.Version
		file    string
		text    text.Text
	}
}

// commit is a hook Commit of syncclient.
func (s *sharedText) commit(v codecollab.Version, file string, before text.Text, c ot.ChangeSet) (text.Text, error) {
	slot := &s.slots[int(v)%len(s.slots)]
	s.mu.Lock()
	defer s.mu.Unlock()
	if slot.version == v && slot.file == file {
		return slot.text, nil
	}
	after, err := c.Apply(before)
	if err == nil {
		slot.version, slot.file, slot.text = v, file, after
	}
	return after, err
}
