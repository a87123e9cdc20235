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
	mu      sync.Mutex
	all     map[*session]struct{}
	changed map[string]bool // who is to be looked at again; "": all
	more    chan struct{}   // there is somebody to look at
}

// change notes that something about a person has changed, or about anybody.
func (k *connected) change(person string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.changed == nil {
		k.changed = map[string]bool{}
	}
	k.changed[person] = true
	select {
	case k.more <- struct{}{}:
	default: // it is known already
	}
}

// changes are those who have changed since the last call.
func (k *connected) changes() map[string]bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	out := k.changed
	k.changed = nil
	return out
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

// recheck asks whether those who are connected still count: now and then, which also tells that they are there, and when something
// about them has changed.
func (s *Server) recheck() {
	t := time.NewTicker(recheckEvery)
	defer t.Stop()
	for {
		who := map[string]bool{"": true}
		select {
		case <-s.ctx.Done():
			return
		case <-s.connected.more:
			who = s.connected.changes()
		case <-t.C:
		}
		for _, c := range s.connected.list() {
			if c.id.Account == nil || !who[c.id.Person] && !who[""] {
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

func (c *session) isOver() bool {
	select {
	case <-c.over:
		return true
	default:
		return false
	}
}
