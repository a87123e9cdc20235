// Package cache keeps answers for a while, and lets those who ask the same at the same time share one answer.
package cache

import (
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"sync"
	"time"
)

// Cache keeps values for some time. It may forget them earlier: losing one costs a call. cachetest has the tests that any
// Cache must pass.
type Cache interface {
	// Get returns a value that is kept; ok is false when there is none, or none any more. The value may not be changed.
	Get(ctx context.Context, key string) (value []byte, ok bool, err error)
	// Put keeps a value for some time, in the place of the one before.
	Put(ctx context.Context, key string, value []byte, keep time.Duration) error
}

// Key makes a key of parts. No two lists of parts have the same one.
func Key(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write([]byte(p))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Memory is a Cache in the memory of one process. When it is full, what was used longest ago goes.
type Memory struct {
	most int
	now  func() time.Time

	mu    sync.Mutex
	bytes int
	byKey map[string]*list.Element
	order *list.List // of *entry, the last used first
}

type entry struct {
	key   string
	value []byte
	till  time.Time
}

// entryCost is what an entry costs beside its key and value, roughly.
const entryCost = 200

func (e *entry) cost() int { return len(e.key) + len(e.value) + entryCost }

// NewMemory makes a cache of so many bytes.
func NewMemory(most int, now func() time.Time) *Memory {
	return &Memory{most: most, now: now, byKey: map[string]*list.Element{}, order: list.New()}
}

// Get implements Cache.
func (m *Memory) Get(_ context.Context, key string) ([]byte, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	el := m.byKey[key]
	if el == nil {
		return nil, false, nil
	}
	e := el.Value.(*entry)
	if !m.now().Before(e.till) {
		m.drop(el)
		return nil, false, nil
	}
	m.order.MoveToFront(el)
	return e.value, true, nil
}

// Put implements Cache.
func (m *Memory) Put(_ context.Context, key string, value []byte, keep time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if el := m.byKey[key]; el != nil {
		m.drop(el)
	}
	e := &entry{key: key, value: append([]byte(nil), value...), till: m.now().Add(keep)}
	if e.cost() > m.most || keep <= 0 {
		return nil
	}
	m.byKey[key] = m.order.PushFront(e)
	m.bytes += e.cost()
	for m.bytes > m.most {
		m.drop(m.order.Back())
	}
	return nil
}

// drop takes an entry out. The caller holds mu.
func (m *Memory) drop(el *list.Element) {
	e := m.order.Remove(el).(*entry)
	delete(m.byKey, e.key)
	m.bytes -= e.cost()
}

// Bytes is what is kept now.
func (m *Memory) Bytes() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.bytes
}
