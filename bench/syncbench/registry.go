package syncbench

import (
	"sync"
	"time"

	"codecollab.dev/internal/wire"
)

// registry knows when each edit was typed, so that whoever sees its event can tell how old it is. It works because all
// clients live in one process and share its clock. The map is complete before the first edit.
type registry struct{ authors map[string]*author }

// author is one client's batches that not everyone has seen yet.
type author struct {
	mu      sync.Mutex
	batches map[int64]*sent
	last    histogram // from typed to applied at the last of the receivers
}

type sent struct {
	typed []time.Time // one for each edit in the batch
	left  int         // receivers that have not applied it
}

func (r *registry) add(client string) *author {
	a := &author{batches: map[int64]*sent{}}
	r.authors[client] = a
	return a
}

// flushed notes that a batch is on its way. It must be called before the batch is sent.
func (a *author) flushed(seq int64, typed []time.Time, receivers int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.batches[seq] = &sent{typed, receivers}
}

// refused forgets a batch that nobody will see.
func (a *author) refused(seq int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.batches, seq)
}

// ages are one receiver's.
type ages struct {
	arrived histogram // when its machine had the edits
	applied histogram
}

// seen records the age of each edit of an event that has just been applied, and that had arrived a moment before.
func (r *registry) seen(ev *wire.Event, arrived, now time.Time, into *ages) {
	a := r.authors[ev.Client]
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	b := a.batches[ev.Seq]
	if b == nil {
		return
	}
	b.left--
	for _, t := range b.typed {
		into.applied.record(now.Sub(t))
		into.arrived.record(time.Duration(arrived.UnixNano() - t.UnixNano())) // wall clocks: the system knows no other
		if b.left == 0 {
			a.last.record(now.Sub(t))
		}
	}
	if b.left == 0 {
		delete(a.batches, ev.Seq)
	}
}
