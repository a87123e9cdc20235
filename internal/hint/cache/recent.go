package cache

import (
	"container/list"
	"sync"
	"time"
)

// Recent keeps the values of this process that were used last, so many of them. Unlike a Cache it keeps them as they are.
type Recent[T any] struct {
	most int
	keep time.Duration
	now  func() time.Time

	mu    sync.Mutex
	byKey map[string]*list.Element
	order *list.List // of *recent[T], the last used first
}

type recent[T any] struct {
	key   string
	value T
	till  time.Time
}

// NewRecent keeps at most so many values for so long.
func NewRecent[T any](most int, keep time.Duration, now func() time.Time) *Recent[T] {
	return &Recent[T]{most: most, keep: keep, now: now, byKey: map[string]*list.Element{}, order: list.New()}
}

// Get returns a value that is kept.
func (r *Recent[T]) Get(key string) (value T, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	el := r.byKey[key]
	if el == nil {
		return value, false
	}
	e := el.Value.(*recent[T])
	if !r.now().Before(e.till) {
		r.drop(el)
		return value, false
	}
	r.order.MoveToFront(el)
	return e.value, true
}

// Put keeps a value, in the place of the one before.
func (r *Recent[T]) Put(key string, value T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if el := r.byKey[key]; el != nil {
		r.drop(el)
	}
	r.byKey[key] = r.order.PushFront(&recent[T]{key: key, value: value, till: r.now().Add(r.keep)})
	for len(r.byKey) > r.most {
		r.drop(r.order.Back())
	}
}

// drop takes a value out. The caller holds mu.
func (r *Recent[T]) drop(el *list.Element) {
	e := r.order.Remove(el).(*recent[T])
	delete(r.byKey, e.key)
}
