package room

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// Replay folds a log from its first event, so that what is kept beside the log can be compared with what follows from it.
type Replay struct{ state *State }

// NewReplay is one before the first event.
func NewReplay() *Replay { return &Replay{state: newState()} }

// Apply folds the next event in. It fails when the event does not follow, or does not fit: then the log is damaged.
func (r *Replay) Apply(e *wire.Event) error { return r.state.Apply(e) }

// Version is that of the last event.
func (r *Replay) Version() codecollab.Version { return r.state.Version }

// Files are the files as they are at Version.
func (r *Replay) Files() []wire.File { return r.state.Wire().Files }

// Differs names the parts in which a snapshot of Version is another than what the log comes to; none when it is the same.
func (r *Replay) Differs(snap Snapshot) ([]string, error) {
	kept, err := restore(snap)
	if err != nil {
		return nil, err
	}
	if snap.Version != r.state.Version {
		return nil, fmt.Errorf("room: the snapshot is of version %d, not %d", snap.Version, r.state.Version)
	}
	want := r.state.Clone()
	if isTail(kept.Chat.messages, want.Chat.messages) { // old messages leave a snapshot before they leave the log
		kept.Chat = want.Chat
	}
	have, err := parts(kept)
	if err != nil {
		return nil, err
	}
	come, err := parts(want)
	if err != nil {
		return nil, err
	}
	out := []string{}
	for _, name := range slices.Sorted(maps.Keys(come)) {
		if !bytes.Equal(have[name], come[name]) {
			out = append(out, name)
		}
		delete(have, name)
	}
	return append(out, slices.Sorted(maps.Keys(have))...), nil
}

func isTail(part, whole []wire.ChatMessage) bool {
	return len(part) <= len(whole) && slices.Equal(part, whole[len(whole)-len(part):])
}

// parts are a state as it is kept, by the names of its fields.
func parts(s *State) (map[string]json.RawMessage, error) {
	snap, err := s.snapshot()
	if err != nil {
		return nil, err
	}
	out := map[string]json.RawMessage{}
	return out, json.Unmarshal(snap.Data, &out)
}
