package gate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Tries slow down those who try again and again, for one name each. Attempts do in one process; see Buckets and Shared.
type Tries interface {
	// Try begins an attempt, or says how long to wait before the next.
	Try(name string) (wait time.Duration)
	// Passed forgets the attempts of a name: who they were has been shown.
	Passed(name string)
}

// Counter counts for several nodes. Its errors say that it cannot be asked now.
type Counter interface {
	// Take does something once in the name of key, at most burst times at once and once more after each every. wait is how long to
	// wait when that is too often; then nothing is done.
	Take(ctx context.Context, key string, burst int, every time.Duration) (wait time.Duration, err error)
	// Try begins an attempt in the name of key. So many are free; after that each waits twice as long as the one before it, from a
	// second up to most. What lies behind by forget is forgotten.
	Try(ctx context.Context, key string, free int, most, forget time.Duration) (wait time.Duration, err error)
	// Drop forgets a key's attempts.
	Drop(ctx context.Context, key string) error
}

// SharedBuckets are a Limiter of several nodes. While their counter cannot be asked, each node counts alone.
type SharedBuckets struct {
	all  Counter
	here *Buckets
}

// NewSharedBuckets makes a Limiter of a counter, and buckets for when it is away.
func NewSharedBuckets(all Counter, here *Buckets) *SharedBuckets { return &SharedBuckets{all, here} }

// Take implements Limiter.
func (s *SharedBuckets) Take(key string, r Rate) time.Duration {
	if r.Burst <= 0 {
		return 0
	}
	wait, err := s.all.Take(context.Background(), "rate/"+key, r.Burst, r.Every)
	if err != nil {
		return s.here.Take(key, r)
	}
	return wait
}

// SharedAttempts are Tries of several nodes. While their counter cannot be asked, each node counts alone.
type SharedAttempts struct {
	all  Counter
	here *Attempts
}

// NewSharedAttempts makes Tries of a counter, and attempts for when it is away, which have the limits.
func NewSharedAttempts(all Counter, here *Attempts) *SharedAttempts {
	return &SharedAttempts{all, here}
}

// Try implements Tries. What one node has seen while the counter was away counts there still.
func (s *SharedAttempts) Try(name string) time.Duration {
	wait, err := s.all.Try(context.Background(), triesKey(name), s.here.free, s.here.max, forgetAfter)
	if err != nil {
		return s.here.Try(name)
	}
	return wait
}

// triesKey is not the name itself: others need not read there who signs in.
func triesKey(name string) string {
	sum := sha256.Sum256([]byte(name))
	return "tries/" + hex.EncodeToString(sum[:16])
}

// Passed implements Tries.
func (s *SharedAttempts) Passed(name string) {
	s.here.Passed(name)
	_ = s.all.Drop(context.Background(), triesKey(name)) // it is forgotten in time by itself
}
