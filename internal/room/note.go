package room

import (
	"bytes"
	"context"
	"encoding/json"
	"math"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// note is what a node tells the others about a room. What is durable is not in it: it says at which version the room is, and who
// is behind reads the log. Everything else is presence, which the log has not.
type note struct {
	Node    string             `json:"node"` // first: a node knows its own notes by it
	Version codecollab.Version `json:"version,omitempty"`

	Ask     bool           `json:"ask,omitempty"`     // tell all you know: I begin, or have missed something
	People  *wire.Presence `json:"people,omitempty"`  // who is connected to the node: changes, or everybody
	Waiting *[]wire.Knock  `json:"waiting,omitempty"` // who waits there to be let in: all of them
	Took    *tookNote      `json:"took,omitempty"`    // a client id has come to the node
	Refused string         `json:"refused,omitempty"` // somebody who waits and is not let in
	Passed  bool           `json:"passed,omitempty"`  // there will be a passcode: those who are here need none
	Brought *wire.Brought  `json:"brought,omitempty"`

	Runs     []liveNote     `json:"runs,omitempty"` // what is executed there: everything so far
	Progress *wire.RunState `json:"progress,omitempty"`
	Output   *outputNote    `json:"output,omitempty"`
	Terminal *wire.Terminal `json:"terminal,omitempty"`
	Typist   *typistNote    `json:"typist,omitempty"`
	Deleted  bool           `json:"deleted,omitempty"` // the room is no more
	Reread   bool           `json:"reread,omitempty"`  // the log has been written anew
}

// tell tells the other nodes. The caller holds mu, so that notes go out in the order in which things happened.
func (r *Room) tell(n *note) {
	if r.rooms == nil || r.rooms.bus == nil {
		return
	}
	n.Version = r.state.Version
	r.rooms.tell(r.id, n)
}

// follows reports whether there may be other nodes.
func (r *Room) follows() bool { return r.rooms != nil && r.rooms.bus != nil }

// follow begins to hear what other nodes tell.
func (r *Room) follow() {
	if !r.follows() {
		return
	}
	cancel := r.rooms.bus.Follow(topicOf(r.id), r.heard, r.whole)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cancel = cancel
	if r.deleted {
		cancel()
	}
}

// unfollow hears nothing more of other nodes.
func (r *Room) unfollow() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cancel != nil {
		r.cancel()
	}
}

// whole is called when everything is heard from now on, but something may have been missed until now.
func (r *Room) whole() {
	if r.isDeleted() {
		return
	}
	if err := r.refresh(context.Background(), math.MaxInt64); err != nil {
		r.missing(err)
	}
	r.tellWhole(true)
}

// tellWhole tells all that the log has not; with ask, others are to do the same.
func (r *Room) tellWhole(ask bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.deleted || !r.follows() {
		return
	}
	waiting := r.waitingHere()
	people := wire.Presence{Version: r.state.Version, All: true, People: r.presence.here()}
	r.tell(&note{Ask: ask, People: &people, Waiting: &waiting, Runs: r.runsHere()})
}

// remind tells all again, if there is anything: a message may have been lost.
func (r *Room) remind() {
	r.mu.Lock()
	nothing := len(r.presence.peers)+len(r.door.knocks)+len(r.runsHere()) == 0
	r.mu.Unlock()
	if !nothing {
		r.tellWhole(false)
	}
}

// missing handles that the log could not be read: the room may be no more.
func (r *Room) missing(err error) {
	if codecollab.CodeOf(err) == "no_room" {
		r.endedElsewhere()
		return
	}
	r.opt.Log.Warn("room not refreshed", "room", r.id, "err", err)
}

// endedElsewhere puts everybody out: another node has deleted the room.
func (r *Room) endedElsewhere() {
	if r.isDeleted() {
		return
	}
	r.deletedNow()
	if r.rooms != nil {
		r.rooms.dropped(r)
	}
}

// heard takes what another node tells.
func (r *Room) heard(message []byte) {
	if bytes.HasPrefix(message, r.rooms.mine) {
		return
	}
	var n note
	if err := json.Unmarshal(message, &n); err != nil || n.Node == "" {
		r.opt.Log.Warn("a message of another node is unreadable", "room", r.id, "err", err)
		return
	}
	r.rooms.nodes.saw(n.Node, r.opt.Now())
	if n.Deleted {
		r.endedElsewhere()
		return
	}
	if n.Version > r.version() {
		if err := r.refresh(context.Background(), n.Version); err != nil {
			r.missing(err)
		}
	}
	if n.Ask {
		r.tellWhole(false)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.deleted {
		return
	}
	r.heardPeople(&n)
	r.heardRuns(&n)
	if n.Reread {
		r.recent = nil
	}
}

// heardPeople takes what a note tells of people. The caller holds mu.
func (r *Room) heardPeople(n *note) {
	if n.People != nil {
		r.othersAre(n.Node, n.People)
	}
	if n.Waiting != nil {
		r.waitElsewhere(n.Node, *n.Waiting)
	}
	if n.Took != nil {
		r.tookOver(n.Took)
	}
	if n.Refused != "" {
		r.turnAway(n.Refused)
	}
	if n.Passed {
		for c := range r.conns {
			c.author.coming.Passed = true
		}
	}
	if n.Brought != nil {
		r.broadcast(n.Brought)
	}
}
