// Package bus tells the parts of an installation that a room has moved on. It only hints, and may lose messages: the
// log decides. One process needs no more than this; more nodes will share one over Redis.
package bus

import "sync"

// Memory is a bus within one process.
type Memory struct {
	mu   sync.Mutex
	next int
	subs map[int]func(room string, version int64)
}

// NewMemory makes a bus without subscribers.
func NewMemory() *Memory { return &Memory{subs: map[int]func(string, int64){}} }

// Subscribe calls f, on a goroutine of the publisher, for every hint from now on; cancel ends that.
func (m *Memory) Subscribe(f func(room string, version int64)) (cancel func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	id := m.next
	m.next++
	m.subs[id] = f
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.subs, id)
	}
}

// Publish hints that a room is at a version. The publisher's own subscription hears it too.
func (m *Memory) Publish(room string, version int64) {
	m.mu.Lock()
	subs := make([]func(string, int64), 0, len(m.subs))
	for _, f := range m.subs {
		subs = append(subs, f)
	}
	m.mu.Unlock()
	for _, f := range subs {
		f(room, version)
	}
}
