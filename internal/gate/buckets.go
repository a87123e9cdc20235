package gate

import (
	"fmt"
	"sync"
	"time"
)

// Rate is how often something may be done: Burst times at once, and once more after each Every.
type Rate struct {
	Burst int
	Every time.Duration
}

// PerMinute is n times a minute, all of them at once if they like. Zero is no limit.
func PerMinute(n int) Rate {
	if n <= 0 {
		return Rate{}
	}
	return Rate{Burst: n, Every: time.Minute / time.Duration(n)}
}

// Limiter counts what is done. Buckets do in one process; what counts for several processes (Redis) can stand in their place.
type Limiter interface {
	// Take does something once in the name of key. When that is too often nothing is done, and wait is how long to wait.
	Take(key string, r Rate) (wait time.Duration)
}

// Buckets are a Limiter in memory. A key's bucket is one time: that at which it will be empty again (the generic cell rate
// algorithm), so what is not used any more can be forgotten without being missed.
type Buckets struct {
	most int // keys
	now  func() time.Time

	mu    sync.Mutex
	empty map[string]time.Time
	swept time.Time
}

// NewBuckets makes a Limiter that holds at most so many keys. Those who come when it is full share one bucket.
func NewBuckets(most int, now func() time.Time) *Buckets {
	return &Buckets{most: most, now: now, empty: map[string]time.Time{}}
}

// Take implements Limiter.
func (b *Buckets) Take(key string, r Rate) time.Duration {
	if r.Burst <= 0 {
		return 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	at, known := b.empty[key]
	if !known && !b.room(now) {
		key = fmt.Sprintf("all others %v", r)
		at = b.empty[key]
	}
	if at.Before(now) {
		at = now
	}
	at = at.Add(r.Every)
	if wait := at.Sub(now) - time.Duration(r.Burst)*r.Every; wait > 0 {
		return wait
	}
	b.empty[key] = at
	return 0
}

// room reports whether another key fits. It forgets those that are empty, at most once a second.
func (b *Buckets) room(now time.Time) bool {
	if len(b.empty) < b.most {
		return true
	}
	if now.Sub(b.swept) < time.Second {
		return false
	}
	b.swept = now
	for key, at := range b.empty {
		if !at.After(now) {
			delete(b.empty, key)
		}
	}
	return len(b.empty) < b.most
}

// Attempts slow down those who try again and again, for one name each. Trying counts at once, so that many at a time gain nothing.
type Attempts struct {
	free int           // attempts without a delay
	max  time.Duration // the longest delay
	most int           // names
	now  func() time.Time

	mu    sync.Mutex
	names map[string]attempt
}

type attempt struct {
	tries int
	until time.Time // nothing is tried before
}

// forgetAfter is how long after its delay a name begins afresh.
const forgetAfter = time.Hour

// NewAttempts allows so many attempts; after that each waits twice as long as the one before it, from a second up to max.
func NewAttempts(free int, max time.Duration, most int, now func() time.Time) *Attempts {
	return &Attempts{free: free, max: max, most: most, now: now, names: map[string]attempt{}}
}

// Try begins an attempt, or says how long to wait before the next.
func (a *Attempts) Try(name string) (wait time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	t := a.names[name]
	if wait := t.until.Sub(now); wait > 0 {
		return wait
	}
	if now.Sub(t.until) > forgetAfter {
		t = attempt{}
	}
	t.tries++
	t.until = now
	if over := t.tries - a.free; over >= 0 {
		t.until = now.Add(min(a.max, time.Second<<min(over, 30)))
	}
	if len(a.names) >= a.most {
		a.shrink(now)
	}
	a.names[name] = t
	return 0
}

// Passed forgets the attempts of a name: who they were has been shown.
func (a *Attempts) Passed(name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.names, name)
}

// shrink makes room: those who may begin afresh go, and where nobody may, whoever has tried least.
func (a *Attempts) shrink(now time.Time) {
	least, fewest := "", 0
	for name, t := range a.names {
		if now.Sub(t.until) > forgetAfter {
			delete(a.names, name)
		} else if least == "" || t.tries < fewest {
			least, fewest = name, t.tries
		}
	}
	if len(a.names) >= a.most {
		delete(a.names, least)
	}
}
