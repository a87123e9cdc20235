package history

import (
	"encoding/json"
	"fmt"
	"slices"

	"codecollab.dev"
	"codecollab.dev/internal/text"
	"codecollab.dev/internal/wire"
)

// summary is what happened in a stretch of the log, in numbers: a block.
type summary struct {
	From    codecollab.Version `json:"from"`
	To      codecollab.Version `json:"to"`
	Bytes   int64              `json:"bytes"` // of the events
	Authors []string           `json:"authors"`
	People  []wire.Person      `json:"people,omitempty"` // as they went by at its end
	Cells   []cell             `json:"cells"`
	Gaps    []Gap              `json:"gaps,omitempty"`
	Runs    []Run              `json:"runs,omitempty"`
	Ends    []Run              `json:"ends,omitempty"` // of runs, wherever they began

	width  int64
	author map[string]int
}

// cell is a short stretch of a summary. The letters keep it short: there are tens of thousands in a long history.
type cell struct {
	Events int64      `json:"n"`
	First  int64      `json:"a"` // when its first event was
	Last   int64      `json:"z"`
	By     [][3]int64 `json:"b,omitempty"` // index of the author, units inserted, units deleted
	Runs   int64      `json:"r,omitempty"`
}

// cellEvents is how many events a cell of a block has.
const cellEvents = 32

// Gap is a pause in which nothing happened.
type Gap struct {
	Version codecollab.Version `json:"version"` // the first event after it
	Length  int64              `json:"length"`  // ms
}

// gapLength is the least pause that is told, in ms.
const gapLength = 5 * 60_000

// Run is a run of a program. Outcome is empty while it goes on.
type Run struct {
	Version codecollab.Version `json:"version"`
	At      int64              `json:"at,omitempty"`
	By      string             `json:"by,omitempty"`
	Outcome string             `json:"outcome,omitempty"` // that of wire.Finish
	Code    *int               `json:"code,omitempty"`
}

// newSummary begins one after a version, in cells of width events.
func newSummary(after codecollab.Version, width int64) *summary {
	return &summary{From: after + 1, To: after, width: width, author: map[string]int{}}
}

// add counts one event, of so many bytes; before is when the event before it was, 0 when there is none.
func (s *summary) add(e *wire.Event, bytes int, before int64) {
	if before != 0 && e.At-before >= gapLength {
		s.Gaps = append(s.Gaps, Gap{e.Version, e.At - before})
	}
	s.To = e.Version
	s.Bytes += int64(bytes)
	n := len(s.Cells)
	if n == 0 || s.Cells[n-1].Events >= s.width {
		s.Cells = append(s.Cells, cell{First: e.At})
		n++
	}
	c := &s.Cells[n-1]
	c.Events++
	c.Last = e.At
	switch b := e.Body.Payload.(type) {
	case *wire.Edit:
		ins, del := 0, 0
		for _, ed := range b.Edits {
			i := ed.Changes.Inserted()
			ins += i
			del += ed.Changes.Len() - (ed.Changes.NewLen() - i)
		}
		s.count(c, e.By, ins, del)
	case *wire.Create:
		s.count(c, e.By, text.Units(b.Text), 0)
	case *wire.Person:
		s.People = append(slices.DeleteFunc(s.People, func(p wire.Person) bool { return p.Person == b.Person }), *b)
	case *wire.Run:
		c.Runs++
		s.Runs = append(s.Runs, Run{Version: e.Version, At: e.At, By: e.By})
	case *wire.Finish:
		s.Ends = append(s.Ends, Run{Version: b.Run, Outcome: b.Outcome, Code: b.Code})
	}
}

func (s *summary) count(c *cell, by string, ins, del int) {
	i, ok := s.author[by]
	if !ok {
		i = len(s.Authors)
		s.author[by] = i
		s.Authors = append(s.Authors, by)
	}
	c.By = share(c.By, int64(i), int64(ins), int64(del))
}

// share adds to the part that an author has.
func share(list [][3]int64, author, ins, del int64) [][3]int64 {
	for i := range list {
		if list[i][0] == author {
			list[i][1] += ins
			list[i][2] += del
			return list
		}
	}
	return append(list, [3]int64{author, ins, del})
}

func (s *summary) block() (Part, error) {
	data, err := json.Marshal(s)
	return Part{Version: s.To, Data: data}, err
}

func summaryOf(p Part) (*summary, error) {
	s := &summary{}
	if err := json.Unmarshal(p.Data, s); err != nil {
		return nil, fmt.Errorf("history: block at %d: %w", p.Version, err)
	}
	if len(s.Cells) == 0 {
		return nil, fmt.Errorf("history: block at %d: it is empty", p.Version)
	}
	for _, c := range s.Cells {
		for _, by := range c.By {
			if by[0] < 0 || by[0] >= int64(len(s.Authors)) {
				return nil, fmt.Errorf("history: block at %d: no author %d", p.Version, by[0])
			}
		}
	}
	return s, nil
}
