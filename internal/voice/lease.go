package voice

import (
	"context"
	"encoding/json"
	"reflect"
	"time"
)

// listen hears of a room's voice on other nodes, while this one has people there.
func (d *Desk) listen(room string, n *roomNews) {
	if s := d.here(room); s != nil {
		d.news(room, s.list())
	}
	if d.opt.Bus == nil {
		return
	}
	ask := func() { d.publish(roomTopic(room), envelope{Kind: kindWho, Node: d.opt.Node, Room: room}) }
	cancel := d.opt.Bus.Follow(roomTopic(room), func(data []byte) { d.fromRoom(room, data) }, ask)
	d.mu.Lock()
	if d.rooms[room] == n {
		n.cancel = cancel
		cancel = func() {}
	}
	d.mu.Unlock()
	cancel() // everybody has left meanwhile
}

// fromRoom takes what comes under the topic of a room.
func (d *Desk) fromRoom(room string, data []byte) {
	var e envelope
	if err := json.Unmarshal(data, &e); err != nil || e.Node == d.opt.Node || e.Room != room {
		return
	}
	switch {
	case e.Kind == kindWho:
		if s := d.here(room); s != nil {
			d.publish(roomTopic(room), envelope{Kind: kindPeople, Node: d.opt.Node, Room: room, People: s.list()})
		}
	case e.Kind == kindPeople && e.People != nil:
		if !e.Leaving {
			d.holds(room, e.Node)
		}
		d.mu.Lock()
		if e.Leaving && d.held[room].node == e.Node {
			delete(d.held, room)
		}
		n := d.rooms[room]
		same := n != nil && n.people != nil && reflect.DeepEqual(n.people, e.People)
		if same {
			n.at = time.Now()
		}
		d.mu.Unlock()
		if !same {
			d.news(room, e.People)
		}
	}
}

// renew keeps the voice of rooms that people talk in, gives back what nobody uses, and notices when another node is silent.
func (d *Desk) renew(ctx context.Context, now time.Time) {
	for room, s := range d.allStages() {
		s.measure(now)
		if s.empty() && now.UnixNano()-s.used.Load() > int64(stageIdle) {
			d.drop(room)
			continue
		}
		if d.opt.Leases == nil {
			continue
		}
		node, err := d.claim(ctx, room)
		if err == nil && node != d.opt.Node {
			d.opt.Log.Warn("another node has the voice of a room", "room", room, "node", node)
			s.close("moved", "The voice of this room goes on at another server.")
			d.forget(room)
			continue
		}
		if d.opt.Bus != nil {
			d.publish(roomTopic(room), envelope{Kind: kindPeople, Node: d.opt.Node, Room: room, People: s.list()})
		}
	}
	d.findStale(now)
}

// findStale tells people when the node that has their room's voice has not been heard of.
func (d *Desk) findStale(now time.Time) {
	if d.opt.Bus == nil {
		return
	}
	var stale []string
	d.mu.Lock()
	for room, n := range d.rooms {
		if n.people == nil || len(n.people.People) == 0 || d.stages[room] != nil {
			continue
		}
		if silent := now.Sub(n.at); silent > staleAfter && !n.people.Stale || silent > 2*leaseFor {
			stale = append(stale, room)
		}
	}
	d.mu.Unlock()
	for _, room := range stale {
		d.silent(room, now)
	}
}

func (d *Desk) silent(room string, now time.Time) {
	d.mu.Lock()
	n := d.rooms[room]
	if n == nil || n.people == nil {
		d.mu.Unlock()
		return
	}
	p, at := *n.people, n.at
	p.Stale = true
	if now.Sub(at) > 2*leaseFor { // its lease has ended, and with it what it had
		p.People, p.Stale = nil, false
	}
	d.mu.Unlock()
	d.news(room, &p)
	d.mu.Lock()
	if n := d.rooms[room]; n != nil {
		n.at = at
	}
	d.mu.Unlock()
}
