package soak

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"codecollab.dev/bench/crowd"
)

// openers is how many rooms are opened at a time.
const openers = 8

// openAndClose makes very many rooms, and each leaves memory soon after.
func (s *soak) openAndClose(ctx context.Context) error {
	s.say("opening and closing %d rooms", s.open)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next, done atomic.Int64
	s.opened = done.Load
	var all sync.WaitGroup
	for range openers {
		all.Go(func() {
			o, err := crowd.NewOpener(ctx, s.fleet.Front.URL())
			if err != nil {
				cancel(err)
				return
			}
			for next.Add(1) <= int64(s.open) && ctx.Err() == nil {
				if err := o.Open(ctx); err != nil {
					cancel(fmt.Errorf("after %d rooms: %w", done.Load(), err))
					return
				}
				done.Add(1)
			}
		})
	}
	watching, stop := context.WithCancel(ctx)
	var watcher sync.WaitGroup
	watcher.Go(func() { s.watch(watching) })
	all.Wait()
	stop()
	watcher.Wait()
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	s.atRest(ctx)
	return nil
}
