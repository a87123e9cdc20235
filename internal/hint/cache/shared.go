package cache

import (
	"context"
	"time"
)

// Shared is a Cache of several nodes with a near one before it. What the far one cannot say or take is not missed: the near one
// alone does then.
type Shared struct {
	near *Memory
	far  Cache
}

// nearFor is how long a value of the far cache stays near: it does not say for how long it has it.
const nearFor = time.Minute

// farPrefix is before the keys of the far cache, which others use, too.
const farPrefix = "hint/"

// NewShared puts a near cache before a far one.
func NewShared(near *Memory, far Cache) *Shared { return &Shared{near, far} }

// Get implements Cache. Its error is always nil.
func (s *Shared) Get(ctx context.Context, key string) ([]byte, bool, error) {
	if value, ok, err := s.near.Get(ctx, key); err == nil && ok {
		return value, true, nil
	}
	value, ok, err := s.far.Get(ctx, farPrefix+key)
	if err != nil || !ok {
		return nil, false, nil // the health of the far one says why
	}
	return value, true, s.near.Put(ctx, key, value, nearFor)
}

// Put implements Cache. Its error is always nil.
func (s *Shared) Put(ctx context.Context, key string, value []byte, keep time.Duration) error {
	err := s.near.Put(ctx, key, value, keep)
	_ = s.far.Put(ctx, farPrefix+key, value, keep) // a value that others do not get costs them a call
	return err
}
