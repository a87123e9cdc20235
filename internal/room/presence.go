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
	left    []string // sessions that were here
	timer   bool     // a tick is coming

	others map[string]*elsewhere // by node
	moved  map[string]*wire.Peer // of others, by session: not told here yet
	gone   []string              // sessions of others that have left
}

func newPresence() presence {
	return presence{
		peers: map[*Conn]*wire.Peer{}, changed: map[*Conn]bool{}, others: map[string]*elsewhere{}, moved: map[string]*wire.Peer{},
	}
}

// event moves every caret over an event. An insertion at a caret moves it along only when it is the caret's own.
func (p *presence) event(e *wire.Event) {
	switch e.Body.Payload.(type) {
	case *wire.Edit, *wire.Delete:
	default:
		return
	}
	for _, peer := range p.peers {
		moveOver(peer, e)
	}
	for _, node := range p.others {
		for _, peer := range node.peers {
			moveOver(peer, e)
		}
	}
}

func moveOver(peer *wire.Peer, e *wire.Event) {
	switch b := e.Body.Payload.(type) {
	case *wire.Edit:
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
	case *wire.Delete:
		if peer.File == b.File {
			peer.File, peer.Anchor, peer.Head = "", 0, 0
		}
	}
}

// here is everybody who is connected to this node.
func (p *presence) here() []wire.Peer {
	out := make([]wire.Peer, 0, len(p.peers))
	for _, peer := range p.peers {
		out = append(out, *peer)
	}
	return out
}

// all is everybody, for one who joins.
func (p *presence) all() []wire.Peer {
	out := p.here()
	for _, node := range p.others {
		for _, peer := range node.peers {
			out = append(out, *peer)
		}
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

// tick tells all changes since the last one: those of this node to the others, and all of them here, each with a single frame.
func (r *Room) tick() {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := &r.presence
	p.timer = false
	m := wire.Presence{Version: r.state.Version, Left: p.left}
	for c := range p.changed {
		if peer := p.peers[c]; peer != nil {
			m.People = append(m.People, *peer)
		}
	}
	if len(m.People)+len(m.Left) > 0 && !r.deleted {
		here := m
		r.tell(&note{People: &here})
	}
	for _, peer := range p.moved {
		m.People = append(m.People, *peer)
	}
	m.Left = append(m.Left, p.gone...)
	clear(p.changed)
	clear(p.moved)
	p.left, p.gone = nil, nil
	if len(m.People)+len(m.Left) > 0 && len(r.conns) > 0 {
		r.broadcast(&m)
	}
}
