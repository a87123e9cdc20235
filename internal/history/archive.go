package history

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// Options are an archive's settings. Every field must be set.
type Options struct {
	BlockEvents int // events in a block
	PageEvents  int // events in one answer of Events
	PageBytes   int // bytes in one answer of Events, more or less
	Readers     int // answers that are worked out at a time
	Log         *slog.Logger
}

// Archive answers for the history of all rooms. Its methods may be called by many goroutines.
type Archive struct {
	log   Log
	opt   Options
	slots chan struct{}

	mu     sync.Mutex
	heads  map[string]codecollab.Version // rooms that have moved on since they were last looked at
	behind map[string]codecollab.Version // the last block of rooms, as far as it is known
	wake   chan struct{}
}

// New makes an archive. Nothing is made in the background before Work is called.
func New(log Log, opt Options) *Archive {
	return &Archive{
		log: log, opt: opt, slots: make(chan struct{}, opt.Readers),
		heads: map[string]codecollab.Version{}, behind: map[string]codecollab.Version{}, wake: make(chan struct{}, 1),
	}
}

// lag is how many blocks may be missing at the end of a log, since they are made behind it.
const lag = 8

// pageEvents is how many events are read from the log at a time.
const pageEvents = 1000

// begin waits for a turn; the answer gives it back.
func (a *Archive) begin(ctx context.Context) (func(), error) {
	select {
	case a.slots <- struct{}{}:
		return func() { <-a.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// head is a room's last version, which v must not be beyond.
func (a *Archive) head(ctx context.Context, room string, v codecollab.Version) (codecollab.Version, error) {
	head, err := a.log.Head(ctx, room)
	if err == nil && v > head {
		err = codecollab.Errorf(codecollab.NotFound, "no_version", "The room has no version %d; its last one is %d.", v, head)
	}
	return head, err
}

// Overview is the history of a room in about so many buckets.
func (a *Archive) Overview(ctx context.Context, room string, buckets int) (*Overview, error) {
	if buckets < 1 || buckets > 2000 {
		return nil, bad("There can be 1 to 2000 buckets, not %d.", buckets)
	}
	end, err := a.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	head, err := a.head(ctx, room, 0)
	if err != nil {
		return nil, err
	}
	parts, ready, err := a.summaries(ctx, room, head, int64(buckets))
	if err != nil {
		return nil, err
	}
	o := overviewOf(parts, buckets)
	o.Version, o.Ready = head, ready
	if head-ready > 0 {
		a.Note(room, head)
	}
	return o, nil
}

// summaries are the blocks of a room, and one that is made now of the events after them. A short history has one alone,
// in narrower cells.
func (a *Archive) summaries(ctx context.Context, room string, head, buckets codecollab.Version) ([]*summary, codecollab.Version, error) {
	if head <= int64(a.opt.BlockEvents)*lag/2 {
		s, err := a.rest(ctx, room, newSummary(0, max(1, head/buckets)), 0, head)
		return []*summary{s}, s.To, err
	}
	kept, err := a.log.Blocks(ctx, room, 0)
	if err != nil {
		return nil, 0, err
	}
	parts := make([]*summary, 0, len(kept)+1)
	var last codecollab.Version
	var at int64
	for _, p := range kept {
		s, err := summaryOf(p)
		if err != nil {
			return nil, 0, err
		}
		if s.From != last+1 {
			return nil, 0, fmt.Errorf("history: a block from %d after one to %d", s.From, last)
		}
		parts, last, at = append(parts, s), s.To, s.Cells[len(s.Cells)-1].Last
	}
	if head-last > a.reach() {
		return parts, last, nil // it is being made
	}
	s, err := a.rest(ctx, room, newSummary(last, cellEvents), at, head)
	return append(parts, s), s.To, err
}

// reach is how many events are read for one answer where no block has been made yet.
func (a *Archive) reach() codecollab.Version { return int64(a.opt.BlockEvents) * lag }

// rest sums up the events after a summary; before is when the last one in it was.
func (a *Archive) rest(ctx context.Context, room string, s *summary, before int64, head codecollab.Version) (*summary, error) {
	err := a.each(ctx, room, s.To, head, func(e *wire.Event, bytes int) error {
		s.add(e, bytes, before)
		before = e.At
		return nil
	})
	return s, err
}

// State is what a room was at a version.
func (a *Archive) State(ctx context.Context, room string, v codecollab.Version) (*State, error) {
	if v < 1 {
		return nil, bad("The first version is 1; there is no version %d.", v)
	}
	end, err := a.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	head, err := a.head(ctx, room, v)
	if err != nil {
		return nil, err
	}
	return a.state(ctx, room, v, head)
}

func (a *Archive) state(ctx context.Context, room string, v, head codecollab.Version) (*State, error) {
	kept, err := a.log.Mark(ctx, room, v)
	if err != nil {
		return nil, err
	}
	if v-kept.Version > a.reach() {
		if err := a.made(ctx, room, kept.Version, v, head); err != nil {
			return nil, err
		}
	}
	s, err := stateOf(kept)
	if err != nil {
		return nil, err
	}
	return s, a.each(ctx, room, s.Version, v, func(e *wire.Event, _ int) error { return s.apply(e) })
}

// made is nil when the marks up to a version have been made, and lie far apart because they are large.
func (a *Archive) made(ctx context.Context, room string, mark, v, head codecollab.Version) error {
	blocks, err := a.log.Blocks(ctx, room, mark)
	if err != nil {
		return err
	}
	last := mark
	if len(blocks) > 0 {
		last = blocks[len(blocks)-1].Version
	}
	if v-last <= a.reach() {
		return nil
	}
	a.Note(room, head)
	return codecollab.Errorf(codecollab.Unavailable, "history_pending",
		"The history of this room is being looked through for the first time, and has come to version %d of %d. Try again in a moment.", last, head)
}

// Events returns the events of a room from a version up to another, both included, as JSON: those that are played, and no
// others (see played). When one answer does not hold them all, next is the first version that is missing, else 0.
func (a *Archive) Events(ctx context.Context, room string, from, to codecollab.Version) ([]json.RawMessage, codecollab.Version, error) {
	if from < 1 || to < from {
		return nil, 0, bad("Events are asked for from a version, 1 or more, up to the same or a later one; not from %d to %d.", from, to)
	}
	end, err := a.begin(ctx)
	if err != nil {
		return nil, 0, err
	}
	defer end()
	if _, err := a.head(ctx, room, to); err != nil {
		return nil, 0, err
	}
	records, err := a.log.Events(ctx, room, from-1, int(min(to-from+1, int64(a.opt.PageEvents))))
	if err != nil {
		return nil, 0, err
	}
	list := []json.RawMessage{}
	bytes, next := 0, from
	for _, r := range records {
		data, err := played(r)
		if err != nil {
			return nil, 0, err
		}
		if bytes > 0 && bytes+len(data) > a.opt.PageBytes {
			break
		}
		bytes += len(data)
		next = r.Version + 1
		if data != nil {
			list = append(list, data)
		}
	}
	if next > to {
		next = 0
	}
	return list, next, nil
}

// played is an event as it is sent for playing: without what a program printed, which may be much; nil when it is of a kind that
// is no part of what is played (what was said, who may do what).
func played(r Record) (json.RawMessage, error) {
	switch r.Kind {
	case "edit", "create", "rename", "delete", "language", "run", "person":
		return r.Data, nil
	case "finish":
	default:
		return nil, nil
	}
	e, err := decode(r)
	if err != nil {
		return nil, err
	}
	if f, ok := e.Body.Payload.(*wire.Finish); ok {
		f.Output = []wire.Chunk{}
	}
	return wire.Marshal(e)
}

// each calls f with the events after a version, up to another.
func (a *Archive) each(ctx context.Context, room string, after, upTo codecollab.Version, f func(e *wire.Event, bytes int) error) error {
	for after < upTo {
		records, err := a.log.Events(ctx, room, after, int(min(upTo-after, pageEvents)))
		if err != nil {
			return err
		}
		if len(records) == 0 {
			return fmt.Errorf("history: the log of %q ends at %d, before %d", room, after, upTo)
		}
		for _, r := range records {
			e, err := decode(r)
			if err != nil {
				return err
			}
			if err := f(e, len(r.Data)); err != nil {
				return err
			}
			after = e.Version
		}
	}
	return nil
}

func decode(r Record) (*wire.Event, error) {
	e := &wire.Event{}
	if err := json.Unmarshal(r.Data, e); err != nil {
		return nil, fmt.Errorf("history: event %d: %w", r.Version, err)
	}
	return e, nil
}

func bad(format string, args ...any) error {
	return codecollab.Errorf(codecollab.Invalid, "bad_version", format, args...)
}
