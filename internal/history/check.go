package history

import (
	"fmt"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// CheckBlock reports what is wrong with a block that follows version after, and returns the last version in it.
func CheckBlock(p Part, after codecollab.Version) (codecollab.Version, error) {
	s, err := summaryOf(p)
	if err != nil {
		return after, err
	}
	events := int64(0)
	for _, c := range s.Cells {
		events += c.Events
	}
	switch {
	case s.From != after+1:
		return s.To, fmt.Errorf("history: a block from %d after one to %d", s.From, after)
	case s.To != p.Version:
		return s.To, fmt.Errorf("history: the block at %d is one to %d", p.Version, s.To)
	case events != s.To-s.From+1:
		return s.To, fmt.Errorf("history: the block from %d to %d counts %d events", s.From, s.To, events)
	}
	return s.To, nil
}

// CheckMark reports how a mark differs from the files that a room has at the mark's version.
func CheckMark(p Part, files []wire.File) error {
	s, err := stateOf(p)
	if err != nil {
		return err
	}
	if s.Version != p.Version || len(s.Files) != len(files) {
		return fmt.Errorf("history: the mark at %d is one of version %d with %d files, of %d", p.Version, s.Version, len(s.Files), len(files))
	}
	for i, f := range files {
		if have := s.Files[i]; have.ID != f.ID || have.Name != f.Name || have.Text.String() != f.Text {
			return fmt.Errorf("history: the mark at %d has another file %q", p.Version, f.Name)
		}
	}
	return nil
}
