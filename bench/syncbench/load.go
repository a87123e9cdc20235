package syncbench

import (
	"context"
	"fmt"
	"sync"
	"time"

	"codecollab.dev/bench/syncclient"
)

// load sets the rooms up, lets people type, waits for rest and compares.
func (b *bench) load(ctx context.Context, result *Result) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var clients sync.WaitGroup
	defer clients.Wait()
	defer cancel(nil) // before the wait

	if err := b.join(ctx, cancel, &clients); err != nil {
		return err
	}
	b.say("%d rooms with %d people each, seed %d: typing for %g s", b.rooms, b.users, b.seed, b.seconds)
	before := b.mark()
	if err := b.typing(ctx); err != nil {
		return err
	}
	result.measured(before, b.mark())
	b.say("waiting until everything is confirmed")
	start := time.Now()
	if err := b.settleDown(ctx); err != nil {
		return err
	}
	result.Settle = time.Since(start).Seconds()
	if err := b.lastKill(ctx); err != nil {
		return err
	}
	b.count(result)
	return b.verify(ctx, result)
}

// join makes the rooms and starts the clients. One that the server sends away for good ends the measurement.
func (b *bench) join(ctx context.Context, cancel context.CancelCauseFunc, clients *sync.WaitGroup) error {
	b.loads = make([]*roomLoad, b.rooms)
	err := each(ctx, len(b.loads), func(ctx context.Context, i int) (err error) {
		b.loads[i], err = b.setup(ctx, i)
		return err
	})
	if err != nil {
		return fmt.Errorf("setting up the rooms: %w", err)
	}
	for _, t := range b.typists() {
		clients.Go(func() {
			if err := t.client.Run(ctx); err != nil {
				cancel(fmt.Errorf("typist %d: %w", t.num, err))
			}
		})
	}
	ready, stop := context.WithTimeout(ctx, b.settle)
	defer stop()
	for _, t := range b.typists() {
		if err := t.client.Wait(ready, t.settleIn); err != nil {
			return fmt.Errorf("typist %d cannot join: %w", t.num, cause(ctx, err))
		}
	}
	return nil
}

// settleIn reports whether the client has joined; then the typist takes the room's first file and a place in it.
func (t *typist) settleIn(s *syncclient.State) bool {
	if !s.Ready() || len(s.Files()) == 0 {
		return false
	}
	d := s.Files()[0]
	t.file, t.caret = d.ID, outside(d.Text(), t.random.IntN(d.Text().Len()+1))
	return true
}

func cause(ctx context.Context, err error) error {
	if c := context.Cause(ctx); c != nil {
		return c
	}
	return err
}

func (b *bench) typists() []*typist {
	var out []*typist
	for _, r := range b.loads {
		out = append(out, r.typists...)
	}
	return out
}

// typing lets everybody type for the time of the load, and meanwhile kills the server as often as was asked for.
func (b *bench) typing(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	hands, stop := context.WithTimeout(ctx, time.Duration(b.seconds*float64(time.Second)))
	defer stop()
	var all sync.WaitGroup
	for _, t := range b.typists() {
		all.Go(func() {
			if err := t.run(hands, b.rate); err != nil {
				cancel(fmt.Errorf("typist %d: %w", t.num, err))
			}
		})
	}
	if b.killEvery > 0 {
		all.Go(func() {
			if err := b.killing(ctx, hands); err != nil {
				cancel(err)
			}
		})
	}
	all.Wait()
	return context.Cause(ctx)
}

// killing kills and restarts the server until nobody types any more.
func (b *bench) killing(ctx, hands context.Context) error {
	every := time.NewTicker(b.killEvery)
	defer every.Stop()
	for {
		select {
		case <-hands.Done():
			return nil
		case <-every.C:
		}
		if err := b.server.restart(ctx); err != nil {
			return fmt.Errorf("restarting the server: %w", err)
		}
	}
}

// lastKill makes the comparison one with what is on disk.
func (b *bench) lastKill(ctx context.Context) error {
	if b.killEvery == 0 {
		return nil
	}
	return b.server.restart(ctx)
}

// settleDown waits until everything that was typed is confirmed.
func (b *bench) settleDown(ctx context.Context) error {
	bounded, stop := context.WithTimeout(ctx, b.settle)
	defer stop()
	for _, t := range b.typists() {
		if err := t.client.Wait(bounded, (*syncclient.State).Quiet); err != nil {
			var joins, version int64
			t.client.With(func(s *syncclient.State) { version = s.Version() })
			joins = t.client.Joins()
			return fmt.Errorf("typist %d has unconfirmed edits after %v (version %d, %d connections): %w",
				t.num, b.settle, version, joins, cause(ctx, err))
		}
	}
	return nil
}
