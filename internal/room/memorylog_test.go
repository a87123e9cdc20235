package room_test

import (
	"context"
	"testing"

	"codecollab.dev"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/room/roomtest"
)

// memoryLog is a Log in memory. Only tests in fake time use it, since a real file does not take part in that; it
// passes the same conformance suite as the store.
type memoryLog struct {
	lock      chan struct{}
	records   map[string][]room.Record
	snapshots map[string][]room.Snapshot
}

func newMemoryLog(*testing.T) *memoryLog {
	return &memoryLog{lock: make(chan struct{}, 1), records: map[string][]room.Record{}, snapshots: map[string][]room.Snapshot{}}
}

func TestMemoryLogConformance(t *testing.T) {
	roomtest.Log(t, func(t *testing.T) room.Log { return newMemoryLog(t) })
}

func (m *memoryLog) with(name string, f func(have []room.Record) error) error {
	m.lock <- struct{}{}
	defer func() { <-m.lock }()
	have, ok := m.records[name]
	if !ok {
		return codecollab.Errorf(codecollab.NotFound, "no_room", "no room")
	}
	return f(have)
}

func (m *memoryLog) Create(_ context.Context, name string, first []room.Record) error {
	m.lock <- struct{}{}
	defer func() { <-m.lock }()
	if _, ok := m.records[name]; ok {
		return codecollab.Errorf(codecollab.Conflict, "room_exists", "exists")
	}
	m.records[name] = first
	return nil
}

func (m *memoryLog) Append(_ context.Context, name string, expected codecollab.Version, records []room.Record) error {
	return m.with(name, func(have []room.Record) error {
		if int64(len(have)) != expected {
			return codecollab.Errorf(codecollab.Conflict, "moved_on", "moved on")
		}
		m.records[name] = append(have, records...)
		return nil
	})
}

func (m *memoryLog) Read(_ context.Context, name string, after codecollab.Version, limit int) (out []room.Record, err error) {
	err = m.with(name, func(have []room.Record) error {
		have = have[min(int(after), len(have)):]
		out = append(out, have[:min(limit, len(have))]...)
		return nil
	})
	return out, err
}

func (m *memoryLog) Snapshot(_ context.Context, name string, atMost codecollab.Version) (best room.Snapshot, err error) {
	err = m.with(name, func([]room.Record) error {
		for _, s := range m.snapshots[name] {
			if s.Version > best.Version && (atMost == 0 || s.Version <= atMost) {
				best = s
			}
		}
		return nil
	})
	return best, err
}

func (m *memoryLog) Save(_ context.Context, name string, s room.Snapshot) error {
	return m.with(name, func([]room.Record) error {
		m.snapshots[name] = append(m.snapshots[name], s)
		return nil
	})
}
