package room

import (
	"slices"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// elsewhere is what one other node has told of a room.
type elsewhere struct {
	peers   map[string]*wire.Peer // by session
	waiting []wire.Knock
	told    time.Time // when it told everything last
}

// nodeOf finds what a node has told, or begins with nothing. The caller holds mu.
func (r *Room) nodeOf(node string) *elsewhere {
	e := r.presence.others[node]
	if e == nil {
		e = &elsewhere{peers: map[string]*wire.Peer{}, told: r.opt.Now()}
		r.presence.others[node] = e
	}
	return e
}

// othersAre takes who is connected to another node. The caller holds mu.
func (r *Room) othersAre(node string, m *wire.Presence) {
	e := r.nodeOf(node)
	if m.All {
		e.told = r.opt.Now()
		stays := map[string]bool{}
		for i := range m.People {
			stays[m.People[i].Session] = true
		}
		for session := range e.peers {
			if !stays[session] {
				r.otherLeft(e, session)
			}
		}
	}
	for i := range m.People {
		peer := m.People[i]
		r.mapPeer(&peer, m.Version)
		if have := e.peers[peer.Session]; have == nil || *have != peer {
			e.peers[peer.Session] = &peer
			r.presence.moved[peer.Session] = &peer
			r.tickSoon()
		}
	}
	for _, session := range m.Left {
		r.otherLeft(e, session)
	}
}

func (r *Room) otherLeft(e *elsewhere, session string) {
	if e.peers[session] == nil {
		return
	}
	delete(e.peers, session)
	delete(r.presence.moved, session)
	r.presence.gone = append(r.presence.gone, session)
	r.tickSoon()
}

// mapPeer brings the caret of somebody elsewhere from a version to the head, and into the text.
func (r *Room) mapPeer(peer *wire.Peer, at codecollab.Version) {
	f := r.state.file(peer.File)
	if f == nil {
		peer.File, peer.Anchor, peer.Head = "", 0, 0
		return
	}
	peer.Anchor, peer.Head = r.mapCaret(peer.Client, peer.File, at, peer.Anchor, peer.Head)
	peer.Anchor, peer.Head = min(peer.Anchor, f.Text.Len()), min(peer.Head, f.Text.Len())
}

// forgetNode takes out all that a node has told: it is gone.
func (r *Room) forgetNode(node string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forgetOther(node)
}

// forgetStale takes out what nodes have told that have not told it again since a time.
func (r *Room) forgetStale(since time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for node, e := range r.presence.others {
		if e.told.Before(since) {
			r.forgetOther(node)
		}
	}
}

func (r *Room) forgetOther(node string) {
	e := r.presence.others[node]
	if e == nil {
		return
	}
	for session := range e.peers {
		r.otherLeft(e, session)
	}
	delete(r.presence.others, node)
	if len(e.waiting) > 0 {
		r.tellKnocks()
	}
}

// waitElsewhere takes who waits at another node. The caller holds mu.
func (r *Room) waitElsewhere(node string, waiting []wire.Knock) {
	e := r.nodeOf(node)
	if !slices.Equal(e.waiting, waiting) {
		e.waiting = waiting
		r.tellKnocks()
	}
}

// tookNote is a client id that has come to the node of the note.
type tookNote struct {
	Client string   `json:"client"`
	People []string `json:"people"` // all ids of whose it is
	At     int64    `json:"at"`     // ms since the Unix epoch: it may have gone on to a third node since
}

// tookOver ends older connections of a client id that has come to another node. The caller holds mu.
func (r *Room) tookOver(n *tookNote) {
	for c := range r.conns {
		if c.author.Client == n.Client && slices.Contains(n.People, c.author.Person) && c.since < n.At {
			r.end(c, nil)
		}
	}
}

// forgetClient takes out connections of a client id to other nodes: it has come here. The caller holds mu.
func (r *Room) forgetClient(client string) {
	for _, e := range r.presence.others {
		for session, peer := range e.peers {
			if peer.Client == client {
				r.otherLeft(e, session)
			}
		}
	}
}

// eachOther calls f with everybody who is connected to another node. The caller holds mu.
func (r *Room) eachOther(f func(*wire.Peer)) {
	for _, e := range r.presence.others {
		for _, peer := range e.peers {
			f(peer)
		}
	}
}

// connected counts the connections to all nodes. The caller holds mu.
func (r *Room) connected() int {
	n := len(r.conns)
	for _, e := range r.presence.others {
		n += len(e.peers)
	}
	return n
}

func authorAt(p *wire.Peer) Author {
	return Author{Person: p.Person, Client: p.Client, Name: p.Name, Color: p.Color, Verified: p.Verified}
}
