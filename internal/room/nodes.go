package room

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"hash/fnv"
	"sync"
	"time"

	"codecollab.dev"
)

// Bus carries messages between nodes. It may lose them: the log decides, the bus only hints. See package bus, which has what the
// methods promise.
type Bus interface {
	Publish(topic string, message []byte)
	Follow(topic string, f func(message []byte), whole func()) (cancel func())
}

// Heads tells of rooms at which version they are. A room that is not there is missing in the answer.
type Heads interface {
	Heads(ctx context.Context, rooms []string) (map[string]codecollab.Version, error)
}

// Following is how a node keeps in step with others.
type Following struct {
	Beat time.Duration // it says so often that it is there, and is believed to be gone after goneAfter times that
	Poll time.Duration // the heads of rooms are looked up so often while the bus does not work
	Away func() bool   // the bus does not work
}

const (
	goneAfter = 5  // beats
	wholeTell = 10 // beats: so often each room tells all that it knows, should a message have been lost
	staleFor  = 30 // beats: what a node has told of a room is forgotten then, unless it tells again
	lookRarer = 20 // times Poll: the heads are looked up so often while the bus works
)

// nodes are the other nodes, as far as they have been heard of.
type nodes struct {
	self string // this node's name on the bus: another one at each start

	mu   sync.Mutex
	seen map[string]time.Time
}

func newNodes() *nodes { return &nodes{self: rand.Text(), seen: map[string]time.Time{}} }

func (n *nodes) saw(node string, now time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.seen[node] = now
}

// silent takes out those who have not been heard of since a time, and returns them.
func (n *nodes) silent(since time.Time) (gone []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for node, at := range n.seen {
		if at.Before(since) {
			delete(n.seen, node)
			gone = append(gone, node)
		}
	}
	return gone
}

// topicNodes is where nodes say that they are there.
const topicNodes = "nodes"

func topicOf(room string) string { return "room/" + room }

// beat is what a node says of itself.
type beat struct {
	Node string `json:"node"`
	Bye  bool   `json:"bye,omitempty"` // it ends
}

// Follow keeps the rooms in step with those of other nodes until ctx ends.
func (rs *Rooms) Follow(ctx context.Context, heads Heads, f Following) {
	var wait sync.WaitGroup
	wait.Go(func() { rs.followHeads(ctx, heads, f) })
	if rs.bus != nil {
		cancel := rs.bus.Follow(topicNodes, rs.heardBeat, func() {})
		wait.Go(func() { rs.beats(ctx, f.Beat) })
		defer cancel()
	}
	wait.Wait()
	rs.tellBeat(beat{Node: rs.nodes.self, Bye: true})
}

func (rs *Rooms) tellBeat(b beat) {
	if rs.bus == nil {
		return
	}
	if data, err := json.Marshal(b); err == nil { // it always can
		rs.bus.Publish(topicNodes, data)
	}
}

func (rs *Rooms) heardBeat(message []byte) {
	var b beat
	if err := json.Unmarshal(message, &b); err != nil || b.Node == rs.nodes.self {
		return
	}
	if !b.Bye {
		rs.nodes.saw(b.Node, rs.opt.Now())
		return
	}
	for _, r := range rs.loaded() {
		r.forgetNode(b.Node)
	}
}

// beats tells that this node is there, and looks who is not any more.
func (rs *Rooms) beats(ctx context.Context, every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	for n := 0; ; n++ {
		rs.tellBeat(beat{Node: rs.nodes.self})
		now := rs.opt.Now()
		gone := rs.nodes.silent(now.Add(-goneAfter * every))
		for _, r := range rs.loaded() {
			for _, node := range gone {
				r.forgetNode(node)
			}
			r.forgetStale(now.Add(-staleFor * every))
			if (n+r.turn)%wholeTell == 0 {
				r.remind()
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// followHeads looks up the heads of the rooms in memory: often while there is no other way to hear of them, and rarely otherwise.
func (rs *Rooms) followHeads(ctx context.Context, heads Heads, f Following) {
	t := time.NewTicker(f.Poll)
	defer t.Stop()
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		if rs.bus != nil && !f.Away() && n%lookRarer != 0 {
			continue
		}
		if err := rs.look(ctx, heads); err != nil && ctx.Err() == nil {
			rs.opt.Log.Warn("the heads of rooms cannot be looked up; it is tried again", "in", f.Poll, "err", err)
		}
	}
}

// look brings the rooms in memory to where the log is, with one question for all of them.
func (rs *Rooms) look(ctx context.Context, heads Heads) error {
	all := rs.loaded()
	if len(all) == 0 {
		return nil
	}
	ids := make([]string, len(all))
	for i, r := range all {
		ids[i] = r.id
	}
	at, err := heads.Heads(ctx, ids)
	if err != nil {
		return err
	}
	for _, r := range all {
		v, there := at[r.id]
		switch {
		case !there:
			r.endedElsewhere()
		case v > r.version():
			if err := r.refresh(ctx, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// Reread forgets, on all nodes, events of a room that are kept in memory: the log has been written anew, without names or texts
// that are to be forgotten.
func (rs *Rooms) Reread(id string) {
	for _, r := range rs.loaded() {
		if r.id == id {
			r.reread()
		}
	}
	rs.tell(id, &note{Reread: true})
}

func (r *Room) reread() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.recent = nil
}

// tell tells the other nodes something about a room.
func (rs *Rooms) tell(id string, n *note) {
	if rs.bus == nil {
		return
	}
	n.Node = rs.nodes.self
	data, err := json.Marshal(n)
	if err != nil {
		rs.opt.Log.Error("other nodes are not told", "room", id, "err", err)
		return
	}
	rs.bus.Publish(topicOf(id), data)
}

// turnOf spreads what rooms do now and then over the beats.
func turnOf(room string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(room)) // it cannot fail
	return int(h.Sum32() % wholeTell)
}

// dropped forgets a room that is no more.
func (rs *Rooms) dropped(r *Room) {
	rs.mu.Lock()
	if e := rs.rooms[r.id]; e != nil && e.room == r {
		delete(rs.rooms, r.id)
	}
	rs.mu.Unlock()
	r.unfollow()
}
