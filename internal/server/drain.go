package server

import (
	"context"
	"math/rand/v2"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
)

// Leave says by /readyz that this node is not to be asked any more, and changes nothing else: whoever shares out the work has to see
// it first.
func (s *Server) Leave() { s.leaving.Store(true) }

// Move takes no more connections, and tells those that there are to move to other nodes, not all at once but spread over a time. It
// returns when they have gone, at the latest when ctx ends. Close comes next.
func (s *Server) Move(ctx context.Context, spread time.Duration) {
	s.full.Store(true)
	all := s.connected.list()
	rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	began := time.Now()
	for i, c := range all {
		due := began.Add(spread * time.Duration(i) / time.Duration(len(all)))
		if !sleep(ctx, time.Until(due)) {
			return
		}
		c.move()
	}
	for len(s.connected.list()) > 0 { // those too that came in while the others were told
		for _, c := range s.connected.list() {
			c.move()
		}
		if !sleep(ctx, endWithin/10) {
			return
		}
	}
}

// sleep waits; false when ctx ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// move has a connection go on at another node. What its client sends from here on is not taken: it is sent again there.
func (c *session) move() {
	c.finish(func() { c.moving = true })
}

// errMoving refuses a connection to a node that takes no more.
func (s *Server) errMoving() error {
	if !s.full.Load() {
		return nil
	}
	return codecollab.Errorf(codecollab.Unavailable, "moving", "This node is being stopped. The others go on: connect again.")
}

// end has a connection say why it ends, and end. Nothing that comes on it counts any more.
func (c *session) end(e auth.Ended) {
	c.finish(func() { c.signedIn = e.Signed })
}

// finish has a connection end, for a reason that why notes. The first reason counts.
func (c *session) finish(why func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.isOver() {
		return
	}
	why()
	close(c.over)
	time.AfterFunc(endWithin, c.cancel)
}
