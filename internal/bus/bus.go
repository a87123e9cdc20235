// Package bus carries short messages between the nodes of an installation: that a room has moved on, where carets are, what a
// program prints. It may lose any of them: what counts is in the log, and who needs to be sure asks there. One process needs no
// more than Memory; several nodes share one over Redis (internal/bus/redis).
package bus

import "sync"

// Bus carries messages under topics. Messages of one publisher under one topic arrive in their order, if they arrive. The
// publisher's own subscriptions hear them too.
type Bus interface {
	// Publish sends a message to everybody who has subscribed to the topic. It does not wait for them and tells no failure.
	// The message must not change afterwards.
	Publish(topic string, message []byte)
	// Subscribe calls f for every message under the topic from now on, one after the other; f must not wait for long. No call
	// begins after cancel has returned.
	Subscribe(topic string, f func(message []byte)) (cancel func())
}

// Memory is a bus within one process.
type Memory struct {
	mu   sync.Mutex
	next int
	subs map[string]map[int]func([]byte)
}

// NewMemory makes a bus without subscribers.
func NewMemory() *Memory { return &Memory{subs: map[string]map[int]func([]byte){}} }

// Subscribe implements Bus. f is called on a goroutine of the publisher.
func (m *Memory) Subscribe(topic string, f func([]byte)) (cancel func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	id := m.next
	m.next++
	if m.subs[topic] == nil {
		m.subs[topic] = map[int]func([]byte){}
	}
	m.subs[topic][id] = f
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.subs[topic], id)
		if len(m.subs[topic]) == 0 {
			delete(m.subs, topic)
		}
	}
}

// Publish implements Bus.
func (m *Memory) Publish(topic string, message []byte) {
	m.mu.Lock()
	subs := make([]func([]byte), 0, len(m.subs[topic]))
	for _, f := range m.subs[topic] {
		subs = append(subs, f)
	}
	m.mu.Unlock()
	for _, f := range subs {
		f(message)
	}
}
