package server

import (
	"maps"
	"slices"
	"sync"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
)

const (
	endWithin    = 700 * time.Millisecond // a connection of somebody who is signed out closes by then, even if it takes nothing
	signInRetry  = 1000                   // ms, after which who has signed in comes back: their browser has its session by then
	recheckEvery = time.Minute            // of those who are connected for long: that their session goes on
)

// connected are the connections there are, so that they end with what their people came in by.
type connected struct {
	mu  sync.Mutex
	all map[*session]struct{}
}

func (k *connected) add(c *session) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.all == nil {
		k.all = map[*session]struct{}{}
	}
	k.all[c] = struct{}{}
}

func (k *connected) remove(c *session) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.all, c)
}

func (k *connected) list() []*session {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Collect(maps.Keys(k.all))
}

// ended closes the connections of somebody who is not to be in any more.
func (s *Server) ended(e auth.Ended) {
	for _, c := range s.connected.list() {
		if e.Of(c.id) {
			c.end(e)
		}
	}
}

// recheck asks now and then whether those who are connected still count, which also tells that they are there.
func (s *Server) recheck() {
	t := time.NewTicker(recheckEvery)
	defer t.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-t.C:
		}
		for _, c := range s.connected.list() {
			if c.id.Account == nil {
				continue
			}
			if err := s.opt.Gate.Again(s.ctx, c.id); codecollab.CodeOf(err) == "signed_out" {
				c.end(auth.Ended{Person: c.id.Person})
			}
			s.recheckMember(c)
		}
	}
}

// recheckMember asks whether somebody who is in a room as a member of its organisation still is one.
func (s *Server) recheckMember(c *session) {
	c.mu.Lock()
	conn := c.conn
	c.mu.Unlock()
	if conn == nil {
		return
	}
	org := conn.Org()
	if org == "" {
		return
	}
	m, err := s.membership(s.ctx, c.id, org)
	if err != nil {
		s.opt.Log.WarnContext(s.ctx, "a membership could not be looked up", "org", org, "err", err)
		return
	}
	conn.SetMember(m.Role != "", administers(c.id, m))
}

// end has a connection say why it ends, and end. Nothing that comes on it counts any more.
func (c *session) end(e auth.Ended) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.isOver() {
		return
	}
	c.signedIn = e.Signed
	close(c.over)
	time.AfterFunc(endWithin, c.cancel)
}

func (c *session) isOver() bool {
	select {
	case <-c.over:
		return true
	default:
		return false
	}
}
