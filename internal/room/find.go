package room

import (
	"context"

	"codecollab.dev"
)

// Find asks for records of some kinds, the newest first unless it says otherwise.
type Find struct {
	Kinds       []string           // never "edit", of which there may be millions
	After       codecollab.Version // only newer ones
	Before      codecollab.Version // only older ones; 0: up to the newest
	OldestFirst bool
	Limit       int
}

// Finder reads a room's log by kind. Error "no_room".
type Finder interface {
	Find(ctx context.Context, room string, f Find) ([]Record, error)
}
