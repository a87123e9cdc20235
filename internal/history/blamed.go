package history

import (
	"context"

	"codecollab.dev"
)

// Blamed is who wrote a file.
type Blamed struct {
	Version codecollab.Version `json:"version"`
	File    string             `json:"file"`
	Stints  []Stint            `json:"stints"`
	Spans   []int              `json:"spans"` // pairs: units, index into Stints; in the order of the text
}

// Blame tells who wrote a file as it was at a version.
func (a *Archive) Blame(ctx context.Context, room string, v codecollab.Version, file string) (*Blamed, *State, error) {
	s, err := a.State(ctx, room, v)
	if err != nil {
		return nil, nil, err
	}
	f := s.File(file)
	if f == nil {
		return nil, nil, codecollab.Errorf(codecollab.NotFound, "no_file", "There was no file %.40q at version %d.", file, v)
	}
	return f.blamed(v), s, nil
}

func (f *File) blamed(v codecollab.Version) *Blamed {
	table := stintTable{list: []Stint{}, index: map[*Stint]int{}}
	spans := table.spans(&f.Blame)
	return &Blamed{Version: v, File: f.ID, Stints: table.list, Spans: spans}
}
