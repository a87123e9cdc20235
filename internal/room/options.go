package room

import (
	"log/slog"
	"time"

	"codecollab.dev/internal/wire"
)

// Options are a server's settings for its rooms. Every field must be set; config has the defaults.
type Options struct {
	ChatKeep       time.Duration // how long chat messages are kept; 0: as long as the room
	Idle           time.Duration // a room without people leaves memory after this
	SnapshotEvents int           // a snapshot is saved after so many events
	TailBytes      int           // what a connection may lag behind before it is disconnected
	MaxPeople      int           // connections in one room
	KnockPause     time.Duration // whom an owner has refused may knock again after this
	Limits         wire.Limits
	PresenceTick   time.Duration // carets are told at most this often
	CatchupEvents  int           // a client that misses more than this gets them composed

	// Runs are the limits of unfinished runs now.
	Runs func() RunLimits
	// KnownLanguage reports whether the catalogue has the language of that id.
	KnownLanguage func(id string) bool
	// OnRun is told of every run request that has been committed here.
	OnRun func(room string, run int64)
	// OnMoved is told to which version this node has brought a room. It may not wait; nil: nobody is told.
	OnMoved func(room string, v int64)
	// OnRights is told that somebody's rights may have changed in a room. It may not wait, nor ask the room; nil: nobody is told.
	OnRights func(room string)
	Log      *slog.Logger
	Now      func() time.Time
}

// recentRuns is how many runs a room's state keeps, with their output, for those who join; older ones are in the log.
const recentRuns = 30
