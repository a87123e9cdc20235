package history

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"
	"unicode/utf16"

	"codecollab.dev"
	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/wire"
)

// model is the naive history of a room: every unit of a text carries who wrote it.
type model struct {
	files  []*modelFile
	stints map[string]Stint
}

type modelFile struct {
	id, name string
	units    []uint16
	by       []Stint
}

func (m *model) stint(e *wire.Event) Stint {
	last, ok := m.stints[e.By]
	if !ok || e.At < last.At || e.At-last.At >= stintLength {
		last = Stint{By: e.By, Version: e.Version, At: e.At}
		m.stints[e.By] = last
	}
	return last
}

func (f *modelFile) replace(from, to int, ins string, by Stint) {
	units := utf16.Encode([]rune(ins))
	f.units = slices.Replace(f.units, from, to, units...)
	f.by = slices.Replace(f.by, from, to, slices.Repeat([]Stint{by}, len(units))...)
}

// writer makes events at random, and plays them on the model.
type writer struct {
	model
	r      *rand.Rand
	at     int64
	events []wire.Event
	runs   []codecollab.Version
}

func newWriter(seed uint64) *writer {
	return &writer{model: model{stints: map[string]Stint{}}, r: rand.New(rand.NewPCG(seed, 7)), at: 1_700_000_000_000}
}

var people = []string{"p-ann", "p-ben", "p-cleo"}

func (w *writer) step() {
	w.at += int64(w.r.IntN(3000))
	if w.r.IntN(40) == 0 {
		w.at += int64(w.r.IntN(600_000))
	}
	e := wire.Event{Version: int64(len(w.events)) + 1, At: w.at, By: people[w.r.IntN(len(people))]}
	e.Body.Payload = w.payload(&e)
	w.events = append(w.events, e)
}

func (w *writer) payload(e *wire.Event) wire.Payload {
	switch n := w.r.IntN(60); {
	case len(w.files) == 0 || n == 0:
		f := &modelFile{id: fmt.Sprintf("file%06d", e.Version), name: fmt.Sprintf("f%d.py", e.Version)}
		f.replace(0, 0, "größer 😀\n", w.stint(e))
		w.files = append(w.files, f)
		return &wire.Create{File: f.id, Name: f.name, Text: "größer 😀\n"}
	case n == 1 && len(w.files) > 1:
		i := w.r.IntN(len(w.files))
		id := w.files[i].id
		w.files = slices.Delete(w.files, i, i+1)
		return &wire.Delete{File: id}
	case n == 2:
		f := w.files[w.r.IntN(len(w.files))]
		f.name = fmt.Sprintf("renamed%d.py", e.Version)
		return &wire.Rename{File: f.id, Name: f.name}
	case n == 3:
		w.runs = append(w.runs, e.Version)
		return &wire.Run{File: w.files[0].id, Language: "python"}
	case n == 4 && len(w.runs) > 0:
		code := 1
		return &wire.Finish{Run: w.runs[w.r.IntN(len(w.runs))], Outcome: "exited", Code: &code, Output: []wire.Chunk{{Stream: "stdout", Data: "out"}}}
	case n == 5:
		return &wire.Person{Person: e.By, Name: "Name of " + e.By, Color: w.r.IntN(8)}
	}
	return w.edit(e)
}

// edit changes one or two places of a file, sometimes of two files.
func (w *writer) edit(e *wire.Event) wire.Payload {
	by := w.stint(e)
	out := &wire.Edit{}
	for _, f := range w.r.Perm(len(w.files))[:1+w.r.IntN(min(2, len(w.files)))] {
		out.Edits = append(out.Edits, wire.FileEdit{File: w.files[f].id, Changes: w.change(w.files[f], by)})
	}
	return out
}

func (w *writer) change(f *modelFile, by Stint) ot.ChangeSet {
	length := len(f.units)
	var edits []ot.Edit
	pos := 0
	for range 1 + w.r.IntN(2) {
		from := w.whole(f, pos+w.r.IntN(length-pos+1))
		to := w.whole(f, min(length, from+w.r.IntN(4)*w.r.IntN(4)))
		edits = append(edits, ot.Edit{From: from, To: to, Insert: []string{"", "x", "ab\n", "ü😀", "long text of one"}[w.r.IntN(5)]})
		pos = to
	}
	c, err := ot.ReplaceAll(length, edits...)
	if err != nil {
		panic(err)
	}
	for _, ed := range slices.Backward(edits) {
		f.replace(ed.From, ed.To, ed.Insert, by)
	}
	return c
}

// whole moves a position out of the middle of a character.
func (w *writer) whole(f *modelFile, pos int) int {
	if pos > 0 && pos < len(f.units) && utf16.IsSurrogate(rune(f.units[pos-1])) && f.units[pos-1] < 0xdc00 {
		return pos + 1
	}
	return pos
}

// compare checks a state against the model.
func (m *model) compare(t *testing.T, s *State) {
	t.Helper()
	if len(s.Files) != len(m.files) {
		t.Fatalf("version %d: %d files, want %d", s.Version, len(s.Files), len(m.files))
	}
	for i, want := range m.files {
		got := s.Files[i]
		if got.ID != want.id || got.Name != want.name || got.Text.String() != string(utf16.Decode(want.units)) {
			t.Fatalf("version %d: file %d is %q %q, want %q %q", s.Version, i, got.Name, got.Text.String(), want.name, string(utf16.Decode(want.units)))
		}
		at := 0
		for j, span := range got.Blame.Spans() {
			if span.Len <= 0 || j > 0 && got.Blame.Spans()[j-1].Stint == span.Stint {
				t.Fatalf("version %d: span %d of %q is empty or not joined", s.Version, j, got.Name)
			}
			for range span.Len {
				if at >= len(want.by) || want.by[at] != *span.Stint {
					t.Fatalf("version %d: unit %d of %q is blamed on %+v, want %+v", s.Version, at, got.Name, *span.Stint, want.by[at])
				}
				at++
			}
		}
		if at != len(want.by) {
			t.Fatalf("version %d: %d units of %q are blamed, want %d", s.Version, at, got.Name, len(want.by))
		}
	}
}

// seed is one to try; CODECOLLAB_SEED=n repeats one.
func seed(t *testing.T) uint64 {
	n := uint64(time.Now().UnixNano())
	if given, err := strconv.ParseUint(os.Getenv("CODECOLLAB_SEED"), 10, 64); err == nil {
		n = given
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("repeat this with CODECOLLAB_SEED=%d", n)
		}
	})
	return n
}

// memory is a Log of one room.
type memory struct {
	records []Record
	blocks  map[codecollab.Version]Part
	marks   map[codecollab.Version]Part
	read    int // events that were read
}

func newMemory(t *testing.T, events []wire.Event) *memory {
	m := &memory{blocks: map[codecollab.Version]Part{}, marks: map[codecollab.Version]Part{}}
	for i := range events {
		data, err := wire.Marshal(&events[i])
		if err != nil {
			t.Fatal(err)
		}
		m.records = append(m.records, Record{Version: events[i].Version, Kind: events[i].Body.Kind(), Data: data})
	}
	return m
}

func (m *memory) Head(context.Context, string) (codecollab.Version, error) {
	return int64(len(m.records)), nil
}

func (m *memory) Events(_ context.Context, _ string, after codecollab.Version, limit int) ([]Record, error) {
	list := m.records[min(after, int64(len(m.records))):]
	list = list[:min(limit, len(list))]
	m.read += len(list)
	return list, nil
}

func (m *memory) Blocks(_ context.Context, _ string, after codecollab.Version) (out []Part, _ error) {
	for _, v := range slices.Sorted(maps.Keys(m.blocks)) {
		if v > after {
			out = append(out, m.blocks[v])
		}
	}
	return out, nil
}

func (m *memory) Mark(_ context.Context, _ string, atMost codecollab.Version) (p Part, _ error) {
	for _, v := range slices.Sorted(maps.Keys(m.marks)) {
		if atMost == 0 || v <= atMost {
			p = m.marks[v]
		}
	}
	return p, nil
}

func (m *memory) Keep(_ context.Context, _ string, block, mark Part) error {
	if _, ok := m.blocks[block.Version]; !ok {
		m.blocks[block.Version] = block
	}
	if _, ok := m.marks[mark.Version]; !ok && mark.Data != nil {
		m.marks[mark.Version] = mark
	}
	return nil
}
