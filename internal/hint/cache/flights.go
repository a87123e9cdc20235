package cache

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// Flights are the answers that are being made. Whoever asks for one that is under way is told all of it from its beginning,
// as if they had asked first. An answer is called off when nobody waits for it any more.
type Flights[Piece, Answer any] struct {
	mu  sync.Mutex
	now map[string]*flight[Piece, Answer]
}

type flight[Piece, Answer any] struct {
	stop    context.CancelFunc
	waiting int
	pieces  []Piece
	grown   chan struct{} // closed, and made anew, when there is more
	done    bool
	answer  Answer
	err     error
}

// Join makes the answer of a key with work, or joins the one who does already: then shared is true. on is told the pieces, in
// this goroutine. The ctx that work gets ends when nobody waits any more.
func (f *Flights[P, A]) Join(ctx context.Context, key string, on func(P), work func(ctx context.Context, tell func(P)) (A, error)) (a A, shared bool, err error) {
	fl, shared := f.board(ctx, key, work)
	defer f.leave(key, fl)
	told := 0
	for {
		f.mu.Lock()
		pieces, grown, done := fl.pieces[told:], fl.grown, fl.done
		a, err = fl.answer, fl.err
		f.mu.Unlock()
		for _, p := range pieces {
			on(p)
		}
		told += len(pieces)
		if done {
			return a, shared, err
		}
		select {
		case <-grown:
		case <-ctx.Done():
			var none A
			return none, shared, ctx.Err()
		}
	}
}

// board finds the flight of a key, or starts one.
func (f *Flights[P, A]) board(ctx context.Context, key string, work func(context.Context, func(P)) (A, error)) (*flight[P, A], bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if fl := f.now[key]; fl != nil {
		fl.waiting++
		return fl, true
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	fl := &flight[P, A]{stop: stop, waiting: 1, grown: make(chan struct{})}
	if f.now == nil {
		f.now = map[string]*flight[P, A]{}
	}
	f.now[key] = fl
	go f.fly(ctx, key, fl, work)
	return fl, false
}

func (f *Flights[P, A]) fly(ctx context.Context, key string, fl *flight[P, A], work func(context.Context, func(P)) (A, error)) {
	defer fl.stop()
	a, err := guarded(ctx, work, func(p P) {
		f.mu.Lock()
		defer f.mu.Unlock()
		fl.pieces = append(slices.Clip(fl.pieces), p)
		fl.wake()
	})
	f.mu.Lock()
	defer f.mu.Unlock()
	fl.answer, fl.err, fl.done = a, err, true
	if f.now[key] == fl {
		delete(f.now, key)
	}
	fl.wake()
}

// guarded turns a panic into an error: those who share an answer are not to wait for ever.
func guarded[P, A any](ctx context.Context, work func(context.Context, func(P)) (A, error), tell func(P)) (a A, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.Join(err, fmt.Errorf("making an answer: %v", p))
		}
	}()
	return work(ctx, tell)
}

// wake tells those who wait that there is more. The caller holds mu.
func (fl *flight[P, A]) wake() {
	close(fl.grown)
	fl.grown = make(chan struct{})
}

// leave is called by each who waits, once. The last one calls the flight off, so that the next who asks starts a new one.
func (f *Flights[P, A]) leave(key string, fl *flight[P, A]) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if fl.waiting--; fl.waiting == 0 && !fl.done {
		fl.stop()
		if f.now[key] == fl {
			delete(f.now, key)
		}
	}
}
