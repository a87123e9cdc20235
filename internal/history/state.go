package history

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"codecollab.dev"
	"codecollab.dev/internal/text"
	"codecollab.dev/internal/wire"
)

// State is what a room was at a version: the fold of its log, as far as people look back at it.
type State struct {
	Version  codecollab.Version
	At       int64 // when its last event was
	Language string
	Files    []*File // in the order of their creation
	People   map[string]wire.Person
	stints   map[string]*Stint // the last one of each person
}

// File is a file, and who wrote it.
type File struct {
	ID, Name string
	Text     text.Text
	Blame    Blame
}

func newState() *State {
	return &State{People: map[string]wire.Person{}, stints: map[string]*Stint{}}
}

// File finds a file by its id; nil when there is none.
func (s *State) File(id string) *File {
	i := slices.IndexFunc(s.Files, func(f *File) bool { return f.ID == id })
	if i < 0 {
		return nil
	}
	return s.Files[i]
}

// stint is the one that an event belongs to.
func (s *State) stint(e *wire.Event) *Stint {
	last := s.stints[e.By]
	if last == nil || e.At < last.At || e.At-last.At >= stintLength {
		last = &Stint{By: e.By, Version: e.Version, At: e.At}
		s.stints[e.By] = last
	}
	return last
}

// apply folds one event in. It fails only when the event does not follow, or does not fit: then the log is damaged.
func (s *State) apply(e *wire.Event) error {
	if e.Version != s.Version+1 {
		return fmt.Errorf("history: event %d after version %d", e.Version, s.Version)
	}
	switch b := e.Body.Payload.(type) {
	case *wire.Edit:
		if err := s.edit(e, b); err != nil {
			return fmt.Errorf("history: event %d: %w", e.Version, err)
		}
	case *wire.Create:
		f := &File{ID: b.File, Name: b.Name, Text: text.Of(b.Text)}
		f.Blame.spans = join(nil, Span{f.Text.Len(), s.stint(e)})
		s.Files = append(s.Files, f)
	case *wire.Rename:
		if f := s.File(b.File); f != nil {
			f.Name = b.Name
		}
	case *wire.Delete:
		s.Files = slices.DeleteFunc(s.Files, func(f *File) bool { return f.ID == b.File })
	case *wire.Language:
		s.Language = b.Language
	case *wire.Person:
		s.People[b.Person] = *b
	}
	s.Version, s.At = e.Version, e.At
	return nil
}

func (s *State) edit(e *wire.Event, b *wire.Edit) error {
	by := s.stint(e)
	for _, ed := range b.Edits {
		f := s.File(ed.File)
		if f == nil {
			return fmt.Errorf("no file %q", ed.File)
		}
		next, err := ed.Changes.Apply(f.Text)
		if err != nil {
			return err
		}
		f.Text = next
		f.Blame.edit(ed.Changes, by)
	}
	return nil
}

// Answer is the state as it is told to people: without blame.
type Answer struct {
	Version  codecollab.Version `json:"version"`
	At       int64              `json:"at"`
	Language string             `json:"language"`
	Files    []wire.File        `json:"files"`
	People   []wire.Person      `json:"people"` // by the names that they had then
}

// Answer is the state as it is told to people.
func (s *State) Answer() *Answer {
	out := &Answer{Version: s.Version, At: s.At, Language: s.Language, Files: []wire.File{}, People: []wire.Person{}}
	for _, f := range s.Files {
		out.Files = append(out.Files, wire.File{ID: f.ID, Name: f.Name, Text: f.Text.String()})
	}
	for _, id := range slices.Sorted(maps.Keys(s.People)) {
		out.People = append(out.People, s.People[id])
	}
	return out
}

// stored is a State in a mark. Spans are pairs of a length and an index into Stints.
type stored struct {
	Version  codecollab.Version `json:"version"`
	At       int64              `json:"at"`
	Language string             `json:"language"`
	Files    []storedFile       `json:"files"`
	People   []wire.Person      `json:"people"`
	Stints   []Stint            `json:"stints"`
	Last     []int              `json:"last"` // the last stint of each person who has one
}

type storedFile struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Text  string `json:"text"`
	Spans []int  `json:"spans"`
}

// mark is the state as it is kept.
func (s *State) mark() (Part, error) {
	out := stored{Version: s.Version, At: s.At, Language: s.Language}
	table := stintTable{index: map[*Stint]int{}}
	for _, f := range s.Files {
		sf := storedFile{ID: f.ID, Name: f.Name, Text: f.Text.String(), Spans: table.spans(&f.Blame)}
		out.Files = append(out.Files, sf)
	}
	for _, id := range slices.Sorted(maps.Keys(s.People)) {
		out.People = append(out.People, s.People[id])
	}
	for _, id := range slices.Sorted(maps.Keys(s.stints)) {
		out.Last = append(out.Last, table.of(s.stints[id]))
	}
	out.Stints = table.list
	plain, err := json.Marshal(out)
	if err != nil {
		return Part{}, err
	}
	data, err := pack(plain)
	return Part{Version: s.Version, Data: data}, err
}

// stateOf is the state of a mark.
func stateOf(p Part) (*State, error) {
	s := newState()
	if p.Version == 0 {
		return s, nil
	}
	plain, err := unpack(p.Data)
	if err != nil {
		return nil, fmt.Errorf("history: mark at %d: %w", p.Version, err)
	}
	var in stored
	if err := json.Unmarshal(plain, &in); err != nil {
		return nil, fmt.Errorf("history: mark at %d: %w", p.Version, err)
	}
	s.Version, s.At, s.Language = in.Version, in.At, in.Language
	for _, f := range in.Files {
		file := &File{ID: f.ID, Name: f.Name, Text: text.Of(f.Text)}
		for i := 0; i+1 < len(f.Spans); i += 2 {
			n, of := f.Spans[i], f.Spans[i+1]
			if of < 0 || of >= len(in.Stints) {
				return nil, fmt.Errorf("history: mark at %d: no stint %d", p.Version, of)
			}
			file.Blame.spans = join(file.Blame.spans, Span{n, &in.Stints[of]})
		}
		if file.Blame.Len() != file.Text.Len() {
			return nil, fmt.Errorf("history: mark at %d: the spans of %q are not its text", p.Version, f.ID)
		}
		s.Files = append(s.Files, file)
	}
	for _, p := range in.People {
		s.People[p.Person] = p
	}
	for _, i := range in.Last {
		if i < 0 || i >= len(in.Stints) {
			return nil, fmt.Errorf("history: mark at %d: no stint %d", p.Version, i)
		}
		s.stints[in.Stints[i].By] = &in.Stints[i]
	}
	return s, nil
}

// stintTable numbers the stints that a mark or an answer speaks of.
type stintTable struct {
	list  []Stint
	index map[*Stint]int
}

func (t *stintTable) of(s *Stint) int {
	i, ok := t.index[s]
	if !ok {
		i = len(t.list)
		t.index[s] = i
		t.list = append(t.list, *s)
	}
	return i
}

// spans are those of a blame, each as its length and the number of its stint.
func (t *stintTable) spans(b *Blame) []int {
	out := make([]int, 0, 2*len(b.spans))
	for _, s := range b.spans {
		out = append(out, s.Len, t.of(s.Stint))
	}
	return out
}
