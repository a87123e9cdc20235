// Package history answers what a room was: its whole log at a glance, its files at any version, who wrote which part of
// them, and the events in between. It reads the log and never writes to it.
//
// A log grows without end, and an answer may not. Two things are kept beside it, both made from the log alone, so that they
// can be thrown away and made again:
//
//   - a block, for every so many events: what they did, in numbers (see summary). All blocks together are the overview;
//   - a mark: the state at the end of a block, with who wrote what (see State). A version is reached from the mark before it.
//
// An Archive makes both in the background, when a room has moved on. It never asks a room for anything and holds none.
//
// What must always hold: the state at a version, blame included, follows from the events up to it, wherever the marks lie.
//
// The package knows neither SQL nor HTTP; the store satisfies Log.
package history

import (
	"context"

	"codecollab.dev"
)

// Record is one event of a room's log.
type Record struct {
	Version codecollab.Version
	Kind    string // wire.Payload.Kind
	Data    []byte // the wire.Event as JSON
}

// Part is a block or a mark, opaque to whoever keeps it. Version is that of the last event in it.
type Part struct {
	Version codecollab.Version
	Data    []byte
}

// Log is what an archive needs of the store. historytest has the tests that any Log must pass.
//
// Errors: "no_room" (NotFound) for a room that was never created.
type Log interface {
	// Head returns the version of a room's last event.
	Head(ctx context.Context, room string) (codecollab.Version, error)
	// Events returns at most limit events after a version, in order.
	Events(ctx context.Context, room string, after codecollab.Version, limit int) ([]Record, error)
	// Blocks returns the blocks that end after a version, in order.
	Blocks(ctx context.Context, room string, after codecollab.Version) ([]Part, error)
	// Mark returns the newest mark that is not beyond atMost (0: the newest of all); the zero Part when there is none.
	Mark(ctx context.Context, room string, atMost codecollab.Version) (Part, error)
	// Keep adds a block, and a mark when its data is not nil. What is there already stays as it is: two who make the same
	// part make it equal.
	Keep(ctx context.Context, room string, block, mark Part) error
}
