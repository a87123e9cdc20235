// Package bus carries short messages between the nodes of an installation: that a room has moved on, where carets are, what a
// program prints. It may lose any of them: what counts is in the log, and who needs to be sure asks there. One process needs no
// more than Memory; several nodes share one over Redis (internal/bus/redis).
package bus

import "sync"

// Bus carries messages under topics. Messages of one publisher under one topic arrive in their order, if they arrive. The
// publisher's own subscriptions hear them too. bustest has the tests that any Bus must pass.
type Bus interface {
	// Publish sends a message to everybody who has subscribed to the topic. It does not wait for them and tells no failure.
	// The message must not change afterwards.
	Publish(topic string, message []byte)
	// Subscribe calls f for every message under the topic from now on, one after the other; f must not wait for long: each
	// subscription has a queue of its own, and what does not fit into it is lost. No call begins after cancel has returned.
	Subscribe(topic string, f func(message []byte)) (cancel func())
	// Follow is Subscribe for those who have to be complete. It calls whole, in turn with f, when everything is heard from then
	// on: once at the beginning, and again whenever messages may have been lost. Then is the time to ask for what was missed.
	Follow(topic string, f func(message []byte), whole func()) (cancel func())
}

// Memory is a bus within one process.
type Memory struct {
	mu   sync.Mutex
	next int
	subs map[string]map[int]*queue
}

// NewMemory makes a bus without subscribers.
func NewMemory() *Memory { return &Memory{subs: map[string]map[int]*queue{}} }

// Subscribe implements Bus.
func (m *Memory) Subscribe(topic string, f func([]byte)) (cancel func()) {
	return m.add(topic, newQueue(f, nil))
}

// Follow implements Bus.
func (m *Memory) Follow(topic string, f func([]byte), whole func()) (cancel func()) {
	cancel, again := m.FollowAgain(topic, f, whole)
	again()
	return cancel
}

// FollowAgain is Follow for a bus of several processes, which knows when this one hears everything: again has whole called, and
// returns at once.
func (m *Memory) FollowAgain(topic string, f func([]byte), whole func()) (cancel, again func()) {
	q := newQueue(f, whole)
	return m.add(topic, q), q.again
}

func (m *Memory) add(topic string, q *queue) (cancel func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	id := m.next
	m.next++
	if m.subs[topic] == nil {
		m.subs[topic] = map[int]*queue{}
	}
	m.subs[topic][id] = q
	return func() {
		q.close()
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
	defer m.mu.Unlock()
	for _, q := range m.subs[topic] {
		q.put(message)
	}
}
