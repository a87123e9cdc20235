package voice

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"codecollab.dev/internal/wire"
)

const engineSFU = "sfu"

// Options are what a desk is made of.
type Options struct {
	Engine *Engine
	Turn   *Relay          // our own TURN server; nil: none
	ICE    []wire.VoiceICE // other people's STUN and TURN servers
	// TurnShared makes credentials for an external TURN server; nil: it needs none, or there is none.
	TurnShared *SharedTurn

	Slots   int           // how many others somebody hears at once
	Room    int           // people in voice in one room
	All     int           // and on this node
	Grace   time.Duration // a call outlives the connection to the room by so long
	Bitrate int
	Node    string
	Bus     Bus    // nil: this is the only node
	Leases  Leases // nil: as above
	Log     *slog.Logger

	places *places
}

// Bus carries messages between nodes; any of them may get lost.
type Bus interface {
	Publish(topic string, message []byte)
	Subscribe(topic string, f func([]byte)) (cancel func())
	Follow(topic string, f func([]byte), whole func()) (cancel func())
}

// Leases say which node has what one node at a time has: here, the voice of a room.
type Leases interface {
	// Lease gives this node something for that time, if no other has it; the answer is who has it.
	Lease(ctx context.Context, name, node string, d time.Duration) (holder string, err error)
	// Release gives it back.
	Release(ctx context.Context, name, node string) error
}

// Desk is where clients of this node ask about voice. It has the stages of those rooms whose voice is here.
type Desk struct {
	opt Options

	mu     sync.Mutex
	seats  map[seatKey]*Seat
	rooms  map[string]*roomNews
	stages map[string]*stage
	nodes  map[seatKey]string // where those are connected who talk here
	held   map[string]holder  // who has the voice of a room, as last known
	asked  map[askKey]*time.Timer
	past   tally           // of stages that are over
	dirty  map[string]bool // rooms in which somebody's rights may have changed

	draining atomic.Bool
	poke     chan struct{}
	cancel   func()
	stop     context.CancelFunc
	done     sync.WaitGroup
}

type holder struct {
	node  string
	until time.Time
}

// roomNews is what this node knows of a room in which it has people.
type roomNews struct {
	seats  map[*Seat]struct{}
	people *wire.VoicePeople // as last heard
	at     time.Time
	cancel func()
}

const (
	beatEvery  = 200 * time.Millisecond
	renewEvery = 3 * time.Second
	leaseFor   = 12 * time.Second
	staleAfter = 10 * time.Second
)

// NewDesk opens a desk.
func NewDesk(opt Options) *Desk {
	opt.places = newPlaces(opt.Room, opt.All)
	d := &Desk{
		opt: opt, seats: map[seatKey]*Seat{}, rooms: map[string]*roomNews{}, stages: map[string]*stage{}, nodes: map[seatKey]string{},
		held: map[string]holder{}, asked: map[askKey]*time.Timer{}, dirty: map[string]bool{}, poke: make(chan struct{}, 1), cancel: func() {},
	}
	if opt.Bus != nil {
		d.cancel = opt.Bus.Subscribe(nodeTopic(opt.Node), d.fromNode)
	}
	ctx, stop := context.WithCancel(context.Background())
	d.stop = stop
	d.done.Go(func() { d.work(ctx) })
	return d
}

// Drain ends all calls, tells their people that they may begin others on another node, and takes no more.
func (d *Desk) Drain() {
	d.draining.Store(true)
	for room, s := range d.allStages() {
		s.close("moved", "This server stops. Voice goes on in a moment.")
		d.drop(room)
	}
}

// Close ends everything.
func (d *Desk) Close() error {
	d.Drain()
	d.stop()
	d.cancel()
	d.done.Wait()
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, t := range d.asked {
		t.Stop()
	}
	for _, n := range d.rooms {
		n.cancel()
	}
	return nil
}

// work does what has to be done now and then.
func (d *Desk) work(ctx context.Context) {
	beat, renew := time.NewTicker(beatEvery), time.NewTicker(renewEvery)
	defer beat.Stop()
	defer renew.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-beat.C:
			for _, s := range d.allStages() {
				s.beat(now)
			}
		case now := <-renew.C:
			d.renew(ctx, now)
		case <-d.poke:
			d.recheck()
		}
	}
}

func (d *Desk) allStages() map[string]*stage {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := make(map[string]*stage, len(d.stages))
	for room, s := range d.stages {
		all[room] = s
	}
	return all
}

// Rights is told that somebody's rights may have changed in a room. It never waits.
func (d *Desk) Rights(room string) {
	d.mu.Lock()
	if n := d.rooms[room]; n == nil || n.people == nil || len(n.people.People) == 0 {
		d.mu.Unlock()
		return
	}
	d.dirty[room] = true
	d.mu.Unlock()
	select {
	case d.poke <- struct{}{}:
	default:
	}
}

// recheck asks of all who talk in those rooms what they may do now.
func (d *Desk) recheck() {
	d.mu.Lock()
	var check []*Seat
	for room := range d.dirty {
		if n := d.rooms[room]; n != nil && n.people != nil {
			for _, p := range n.people.People {
				if s := d.seats[seatKey{room, p.Client}]; s != nil {
					check = append(check, s)
				}
			}
		}
	}
	clear(d.dirty)
	d.mu.Unlock()
	for _, s := range check {
		s.recheck()
	}
}

// stageOf is the stage of a room whose voice is here; it begins when there is none.
func (d *Desk) stageOf(room string) *stage {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.stages[room]
	if s == nil {
		s = newStage(room, d.opt.Engine, &d.opt, d.tell, func(p *wire.VoicePeople) { d.tellRoom(room, p) })
		d.stages[room] = s
	}
	return s
}

// here is the stage of a room, nil when its voice is not on this node.
func (d *Desk) here(room string) *stage {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.stages[room]
}

// forget takes a stage off, and keeps what it has counted.
func (d *Desk) forget(room string) {
	d.mu.Lock()
	s := d.stages[room]
	delete(d.stages, room)
	d.mu.Unlock()
	if s == nil {
		return
	}
	_, all := s.stats(time.Now()) // not under mu: a stage tells things to the desk under its own
	d.mu.Lock()
	defer d.mu.Unlock()
	d.past.plus(all)
}

// drop forgets a stage that is over.
func (d *Desk) drop(room string) {
	d.forget(room)
	d.mu.Lock()
	delete(d.held, room)
	for key := range d.nodes {
		if key.room == room {
			delete(d.nodes, key)
		}
	}
	d.mu.Unlock()
	if d.opt.Leases != nil {
		ctx, cancel := context.WithTimeout(context.Background(), leaseWithin)
		defer cancel()
		if err := d.opt.Leases.Release(ctx, roomTopic(room), d.opt.Node); err != nil {
			d.opt.Log.Warn("the voice of a room was not given back", "room", room, "err", err)
		}
	}
}
