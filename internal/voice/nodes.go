package voice

import (
	"context"
	"encoding/json"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// What a seat says to the node that has its room's voice.
const (
	kindAsk    = "ask"
	kindOffer  = "offer"
	kindMute   = "mute"
	kindLeave  = "leave"
	kindGone   = "gone"   // the client's connection to the room is lost
	kindBack   = "back"   // it is there again
	kindOut    = "out"    // the person is not in the room any more
	kindRights = "rights" // what they may do now
	kindWho    = "who"    // under the topic of the room: who has the voice, and who is in it?
	kindPeople = "people" // under the topic of the room: the answer, and every change
	kindTell   = "tell"   // from there to a seat
)

// envelope is what goes from a seat to the node that has the room's voice, and back; over the bus, when that is another one.
type envelope struct {
	Kind   string            `json:"kind"`
	Node   string            `json:"node"` // of the sender
	Room   string            `json:"room"`
	Client string            `json:"client,omitempty"`
	Person string            `json:"person,omitempty"`
	Silent bool              `json:"silent,omitempty"`
	Code   string            `json:"code,omitempty"`
	Why    string            `json:"why,omitempty"`
	Call   string            `json:"call,omitempty"`
	Muted  bool              `json:"muted,omitempty"`
	Offer  *wire.VoiceOffer  `json:"offer,omitempty"`
	Tell   json.RawMessage   `json:"tell,omitempty"`
	People *wire.VoicePeople `json:"people,omitempty"`
	// Leaving is set by a node that stops: it has the voice of the room no longer.
	Leaving bool `json:"leaving,omitempty"`
}

func (s *Seat) envelope(kind string) envelope {
	return envelope{Kind: kind, Node: s.desk.opt.Node, Room: s.who.Room, Client: s.who.Client, Person: s.who.Person}
}

func nodeTopic(node string) string { return "voice/" + node }
func roomTopic(room string) string { return "voice-room/" + room }

const (
	leaseWithin  = 2 * time.Second
	answerWithin = 6 * time.Second
	stageIdle    = 90 * time.Second // who has asked how to talk does so within this time
)

// askKey names a question that a seat waits for an answer to.
type askKey struct {
	seat seatKey
	call string
}

// send brings what a seat says to where its room's voice is.
func (d *Desk) send(ctx context.Context, e envelope) error {
	node, err := d.holderOf(ctx, e.Room, e.Kind == kindAsk || e.Kind == kindOffer)
	if err != nil {
		return err
	}
	switch node {
	case "":
		if e.Kind == kindMute || e.Kind == kindLeave {
			return errNoCall()
		}
		return nil // nobody has the room's voice, so nobody has to know
	case d.opt.Node:
		return d.serve(e)
	}
	if e.Kind == kindAsk || e.Kind == kindOffer {
		d.await(e)
	}
	d.publish(nodeTopic(node), e)
	return nil
}

func (d *Desk) publish(topic string, e envelope) {
	data, err := json.Marshal(e)
	if err != nil {
		d.opt.Log.Error("a message about voice cannot be encoded", "kind", e.Kind, "err", err)
		return
	}
	d.opt.Bus.Publish(topic, data)
}

// holderOf is the node that has a room's voice; "" when none has. claim: this one takes it then.
func (d *Desk) holderOf(ctx context.Context, room string, claim bool) (string, error) {
	if d.opt.Leases == nil {
		return d.opt.Node, nil
	}
	d.mu.Lock()
	known := d.held[room]
	d.mu.Unlock()
	if time.Now().Before(known.until) {
		return known.node, nil
	}
	if !claim {
		return "", nil
	}
	return d.claim(ctx, room)
}

// claim takes a room's voice for this node, or finds out who has it.
func (d *Desk) claim(ctx context.Context, room string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, leaseWithin)
	defer cancel()
	node, err := d.opt.Leases.Lease(ctx, roomTopic(room), d.opt.Node, leaseFor)
	if err != nil {
		d.opt.Log.Warn("it is not known which node has the voice of a room", "room", room, "err", err)
		return "", codecollab.Errorf(codecollab.Unavailable, codeBusy, "The database does not say where the voice of this room is. Try again in a moment.")
	}
	d.holds(room, node)
	if node != d.opt.Node && d.opt.Bus == nil {
		return "", codecollab.Errorf(codecollab.Unavailable, codeBusy,
			"The voice of this room is on another server, which this one cannot ask: for that, the nodes of an installation need redis-url.")
	}
	return node, nil
}

// holds notes who has a room's voice. For a while that is believed; then the database is asked again.
func (d *Desk) holds(room, node string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.held[room] = holder{node, time.Now().Add(leaseFor / 2)}
}

// await refuses what another node does not answer.
func (d *Desk) await(e envelope) {
	key := askKey{seat: seatKey{e.Room, e.Client}}
	if e.Offer != nil {
		key.call = e.Offer.Call
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if old := d.asked[key]; old != nil {
		old.Stop()
	}
	d.asked[key] = time.AfterFunc(answerWithin, func() {
		d.mu.Lock()
		s := d.seats[key.seat]
		delete(d.asked, key)
		delete(d.held, e.Room) // perhaps it is another node by now
		d.mu.Unlock()
		if s != nil {
			s.who.Tell(refusal(key.call, codecollab.Errorf(codecollab.Unavailable, codeBusy,
				"The server that has the voice of this room does not answer. Try again in a moment.")))
		}
	})
}

// serve deals with what a seat of any node says, where its room's voice is.
func (d *Desk) serve(e envelope) error {
	key := seatKey{e.Room, e.Client}
	s := d.here(e.Room)
	if s == nil && e.Kind != kindAsk && e.Kind != kindOffer {
		if e.Kind == kindMute || e.Kind == kindLeave {
			return errNoCall()
		}
		return nil
	}
	if d.draining.Load() {
		return codecollab.Errorf(codecollab.Unavailable, codeBusy, "This server stops. Try again in a moment.")
	}
	if s == nil {
		s = d.stageOf(e.Room)
	}
	d.mu.Lock()
	d.nodes[key] = e.Node
	d.mu.Unlock()
	s.used.Store(time.Now().UnixNano())
	switch e.Kind {
	case kindAsk:
		d.tell(key, d.ways(e.Client))
	case kindOffer:
		answer, err := s.offer(newcomer{client: e.Client, person: e.Person, silent: e.Silent, offer: e.Offer})
		if err != nil {
			return err
		}
		d.tell(key, answer)
		s.away(e.Client, false)
	case kindMute:
		return s.mute(e.Client, e.Muted)
	case kindLeave:
		return s.leave(e.Client, e.Call)
	case kindGone:
		s.away(e.Client, true)
	case kindBack:
		s.away(e.Client, false)
	case kindOut:
		s.rights(e.Client, false, codecollab.Errorf(codecollab.Forbidden, "removed", "You are not in this room any more."))
	case kindRights:
		var refused error
		if e.Code != "" {
			refused = codecollab.Errorf(codecollab.Forbidden, e.Code, "%s", e.Why)
		}
		s.rights(e.Client, e.Silent, refused)
	}
	return nil
}

// fromNode takes what comes to this node over the bus.
func (d *Desk) fromNode(data []byte) {
	var e envelope
	if err := json.Unmarshal(data, &e); err != nil {
		d.opt.Log.Warn("a message about voice is unreadable", "err", err)
		return
	}
	if e.Kind == kindTell {
		m, err := wire.ParseServer(e.Tell)
		if err != nil {
			d.opt.Log.Warn("a message about voice is unreadable", "err", err)
			return
		}
		if !e.Leaving {
			d.holds(e.Room, e.Node)
		}
		d.toSeat(seatKey{e.Room, e.Client}, m)
		return
	}
	// Not on the bus's goroutine: answering an offer takes a while.
	d.done.Go(func() {
		if err := d.serve(e); err != nil {
			call := e.Call
			if e.Offer != nil {
				call = e.Offer.Call
			}
			d.tell(seatKey{e.Room, e.Client}, refusal(call, err))
		}
	})
}

// tell brings a message to a client of a room whose voice is here.
func (d *Desk) tell(to seatKey, m wire.Message) {
	d.mu.Lock()
	node := d.nodes[to]
	d.mu.Unlock()
	if node == d.opt.Node || d.opt.Bus == nil {
		d.toSeat(to, m)
		return
	}
	if node == "" {
		return
	}
	data, err := wire.Marshal(m)
	if err != nil {
		d.opt.Log.Error("a message about voice cannot be encoded", "type", m.Type(), "err", err)
		return
	}
	d.publish(nodeTopic(node), envelope{
		Kind: kindTell, Node: d.opt.Node, Room: to.room, Client: to.client, Tell: data, Leaving: d.draining.Load(),
	})
}

// toSeat tells a client of this node something.
func (d *Desk) toSeat(to seatKey, m wire.Message) {
	key := askKey{seat: to}
	switch m := m.(type) {
	case *wire.VoiceAnswer:
		key.call = m.Call
	case *wire.VoiceRefused:
		key.call = m.Call
	}
	d.mu.Lock()
	s := d.seats[to]
	if t := d.asked[key]; t != nil {
		t.Stop()
		delete(d.asked, key)
	}
	d.mu.Unlock()
	if s == nil {
		return
	}
	s.who.Tell(m)
	if _, ok := m.(*wire.VoiceAnswer); ok {
		d.done.Go(s.recheck) // rights may have changed while it was on its way
	}
}

// tellRoom tells everybody in a room who talks there.
func (d *Desk) tellRoom(room string, p *wire.VoicePeople) {
	d.news(room, p)
	if d.opt.Bus != nil {
		d.publish(roomTopic(room), envelope{Kind: kindPeople, Node: d.opt.Node, Room: room, People: p, Leaving: d.draining.Load()})
	}
}

// news tells the people of this node who talks in a room.
func (d *Desk) news(room string, p *wire.VoicePeople) {
	d.mu.Lock()
	n := d.rooms[room]
	var tell []*Seat
	if n != nil {
		n.people, n.at = p, time.Now()
		for s := range n.seats {
			if s.expire == nil {
				tell = append(tell, s)
			}
		}
	}
	d.mu.Unlock()
	for _, s := range tell {
		s.who.Tell(p)
	}
}
