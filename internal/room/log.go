// Package room is a room: an append-only log of events, the fold of that log, and the loop that appends to it.
//
// # How an edit goes through
//
// A connection hands a batch to Room.Submit. The room's loop takes everything that waits, maps each edit over the
// events that its author had not seen, applies it to a draft of the state, and appends all the new events with one call
// of the Log. Only when that has returned (the events are durable) does the committed state move on, and only then do
// connections see the events: they read them from the room's tail, each with a cursor of its own.
//
// # What must always hold
//
//   - R1: nobody is shown an event that is not durable.
//   - R2: versions grow by one, without gap or double; the Log refuses an append that would break this.
//   - R3: a batch (client, seq) commits at most once; which was the last is part of the state, so of the log.
//   - R4: a refused batch changes nothing; neither does one that the store could not take.
//   - R5: an edit is mapped over one log entry at a time, in log order, ties broken by client id.
//   - R6: a slow connection slows nobody and holds no memory beyond the tail's limit.
//   - R7: what a person may do is decided by the roles of the log, at the moment of appending.
//
// The package knows neither SQL nor HTTP; the store satisfies Log, and the server reads tails.
package room

import (
	"context"

	"codecollab.dev"
)

// Record is one event as the log keeps it: opaque to the store but for what it must order and find by.
type Record struct {
	Version codecollab.Version
	At      int64  // ms since the Unix epoch
	Kind    string // wire.Payload.Kind
	Data    []byte // the wire.Event as JSON, exactly as it is sent
}

// Snapshot is the fold of a log up to a version, so that opening a room need not read all of it.
type Snapshot struct {
	Version codecollab.Version
	Data    []byte // stored form of State
}

// Log keeps the events of all rooms. roomtest has the tests that any Log must pass.
//
// Errors: "no_room" (NotFound) for a room that was never created; "room_exists" and "moved_on" (Conflict) as said
// below; "read_only" (Unavailable) when nothing can be written now; anything else is internal.
type Log interface {
	// Create makes a room with its first records. Conflict "room_exists" when there is one of that name.
	Create(ctx context.Context, room string, first []Record) error
	// Append adds records, whose versions follow expected, and returns once they are durable. Conflict "moved_on"
	// when the room's last version is not expected; then nothing was written. Without records it tells whether something
	// could be written now.
	Append(ctx context.Context, room string, expected codecollab.Version, records []Record) error
	// Read returns at most limit records after a version, in order; none when there are no more.
	Read(ctx context.Context, room string, after codecollab.Version, limit int) ([]Record, error)
	// Snapshot returns the newest snapshot that is not beyond atMost (0: the newest of all); the zero Snapshot when
	// there is none.
	Snapshot(ctx context.Context, room string, atMost codecollab.Version) (Snapshot, error)
	// Save keeps a snapshot; it may thin out older ones.
	Save(ctx context.Context, room string, s Snapshot) error
}

// IsMovedOn reports whether a Log refused an append because the room had moved on.
func IsMovedOn(err error) bool { return err != nil && codecollab.CodeOf(err) == "moved_on" }
