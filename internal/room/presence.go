package room

import (
	"time"

	"codecollab.dev/internal/wire"
)

// presence knows where everyone's caret is, in the coordinates of the committed text, and what has not been told yet.
// It is guarded by the room's mu.
type presence struct {
	peers   map[*Conn]*wire.Peer
	changed map[*Conn]bool
	left    []string
	timer   bool // a tick is coming
}

func newPresence() presence {
	return presence{peers: map[*Conn]*wire.Peer{}, changed: map[*Conn]bool{}}
}

// event moves every caret over an event. An insertion at a caret moves it along only when it is the caret's own.
func (p *presence) event(e *wire.Event) {
	switch b := e.Body.Payload.(type) {
	case *wire.Edit:
		for _, peer := range p.peers {
			for _, ed := range b.Edits {
				if ed.File == peer.File {
					assoc := -1
					if peer.Client == e.Client {
						assoc = 1
					}
					peer.Anchor = ed.Changes.MapPos(peer.Anchor, assoc)
					peer.Head = ed.Changes.MapPos(peer.Head, assoc)
				}
			}
		}
	case *wire.Delete:
		for _, peer := range p.peers {
			if peer.File == b.File {
				peer.File, peer.Anchor, peer.Head = "", 0, 0
			}
		}
	}
}

// all is everybody, for one who joins.
func (p *presence) all() []wire.Peer {
	out := make([]wire.Peer, 0, len(p.peers))
	for _, peer := range p.peers {
		out = append(out, *peer)
	}
	return out
}

// touch says that a connection's presence must be told. The caller holds mu.
func (r *Room) touch(c *Conn) {
	r.presence.changed[c] = true
	r.tickSoon()
}

func (r *Room) tickSoon() {
	if !r.presence.timer {
		r.presence.timer = true
		time.AfterFunc(r.opt.PresenceTick, r.tick)
	}
}

// tick tells all changes since the last one with a single frame.
func (r *Room) tick() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.presence.timer = false
	m := wire.Presence{Version: r.state.Version, Left: r.presence.left}
	for c := range r.presence.changed {
		if peer := r.presence.peers[c]; peer != nil {
			m.People = append(m.People, *peer)
		}
	}
	clear(r.presence.changed)
	r.presence.left = nil
	if len(m.People)+len(m.Left) > 0 && len(r.conns) > 0 {
		r.broadcast(&m)
	}
}
