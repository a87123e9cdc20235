package history

import (
	"context"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// Blamed is who wrote a file.
type Blamed struct {
	Version codecollab.Version `json:"version"`
	File    string             `json:"file"`
	People  []wire.Person      `json:"people"` // who wrote it, by the names that they had then
	Stints  []Stint            `json:"stints"`
	Spans   []int              `json:"spans"` // pairs: units, index into Stints; in the order of the text
}

// Blame tells who wrote a file as it was at a version.
func (a *Archive) Blame(ctx context.Context, room string, v codecollab.Version, file string) (*Blamed, error) {
	s, err := a.State(ctx, room, v)
	if err != nil {
		return nil, err
	}
	f := s.File(file)
	if f == nil {
		return nil, codecollab.Errorf(codecollab.NotFound, "no_file", "There was no file %.40q at version %d.", file, v)
	}
	return s.blamed(f), nil
}

func (s *State) blamed(f *File) *Blamed {
	table := stintTable{list: []Stint{}, index: map[*Stint]int{}}
	spans := table.spans(&f.Blame)
	out := &Blamed{Version: s.Version, File: f.ID, People: []wire.Person{}, Stints: table.list, Spans: spans}
	seen := map[string]bool{}
	for _, stint := range table.list {
		if p, ok := s.People[stint.By]; ok && !seen[stint.By] {
			seen[stint.By] = true
			out.People = append(out.People, p)
		}
	}
	return out
}
