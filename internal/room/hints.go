package room

import (
	"context"
	"slices"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// recentHints is how many hints that were shown to all a room's state keeps; older ones are in the log.
const recentHints = 20

// applyHint forgets the oldest hints beyond recentHints.
func (s *State) applyHint(e *wire.Event, h *wire.Hint) {
	s.Told = append(s.Told, wire.HintRecord{Version: e.Version, At: e.At, By: e.By, Hint: *h})
	if n := len(s.Told) - recentHints; n > 0 {
		s.Told = slices.Clone(s.Told[n:])
	}
}

// checkHints refuses what is no choice.
func checkHints(h *wire.Hints) error {
	if h.Level < 1 || h.Level > 4 {
		return codecollab.Errorf(codecollab.Invalid, "bad_settings", "Levels of hints go from 1 to 4; %d is none.", h.Level)
	}
	return nil
}

// HintFacts is what a hint stands on, at one moment.
type HintFacts struct {
	State *State
	// Run is the last run, if it has ended and nothing has changed since that it depends on; else nil.
	Run *wire.RunRecord
}

// HintFacts tells what the room is now.
func (r *Room) HintFacts(ctx context.Context) (HintFacts, error) {
	f := HintFacts{State: r.committed()}
	if n := len(f.State.Runs); n > 0 && f.State.Runs[n-1].Finish != nil {
		run := f.State.Runs[n-1]
		same, err := r.unchanged(ctx, run.Run, f.State.Version)
		if err != nil {
			return f, err
		}
		if same {
			f.Run = &run
		}
	}
	return f, nil
}

// lookBack is how many events are looked at to find out whether something has changed. Past it, something has.
const lookBack = 1000

// unchanged reports whether the files at one version are those at another one.
func (r *Room) unchanged(ctx context.Context, from, to codecollab.Version) (bool, error) {
	if to-from > lookBack {
		return false, nil
	}
	same := true
	err := r.eachCommitted(ctx, from, to, func(e *wire.Event) error {
		switch e.Body.Payload.(type) {
		case *wire.Edit, *wire.Create, *wire.Rename, *wire.Delete:
			same = false
		}
		return nil
	})
	return same, err
}

// Tell shows a hint to everybody in the room, on behalf of the person who asked for it.
func (r *Room) Tell(ctx context.Context, person string, h wire.Hint) (codecollab.Version, error) {
	by := r.authorOf(person)
	return r.append(ctx, func(d *draft) error {
		if err := d.introduce(by); err != nil {
			return err
		}
		return d.add(wire.Event{By: person, Body: wire.Body{Payload: &h}})
	})
}
