// Package crowd is people who work in rooms of a real installation while things happen to it: they type, chat and run programs,
// come back when their connection is lost, and remember all that they were told. Afterwards it compares what they remember
// with the log.
package crowd

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"codecollab.dev"
	"codecollab.dev/bench/syncclient"
	"codecollab.dev/internal/wire"
)

// Options say who does what.
type Options struct {
	URL   string
	Rooms int
	Users int     // in each room
	Rate  float64 // edits a second of each
	Runs  float64 // programs a second in each room, at about
	Seed  uint64
}

// Crowd is everybody.
type Crowd struct {
	opt   Options
	http  *http.Client
	rooms []*Room

	cancel  context.CancelCauseFunc
	hands   context.CancelFunc
	clients sync.WaitGroup
	typing  sync.WaitGroup
}

// Start makes the rooms, lets everybody join, and then type until Rest.
func Start(ctx context.Context, opt Options) (*Crowd, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	c := &Crowd{opt: opt, cancel: cancel, http: newHTTP()}
	for i := range opt.Rooms {
		r, err := c.newRoom(ctx, i)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("making room %d: %w", i, err), c.Leave())
		}
		c.rooms = append(c.rooms, r)
	}
	for _, p := range c.People() {
		c.clients.Go(func() {
			if err := p.client.Run(ctx); err != nil {
				p.sentAway(err)
			}
		})
	}
	ready, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	for _, p := range c.People() {
		if err := p.client.Wait(ready, func(s *syncclient.State) bool { return s.Ready() && len(s.Files()) > 0 }); err != nil {
			return nil, errors.Join(fmt.Errorf("person %d cannot join: %w", p.number, err), c.Leave())
		}
	}
	hands, rest := context.WithCancel(ctx)
	c.hands = rest
	for _, p := range c.People() {
		c.typing.Go(func() { p.work(hands) })
	}
	return c, nil
}

// newHTTP makes a connection for each request: those that are kept would stay with a node that has gone.
func newHTTP() *http.Client {
	return &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
}

// People are all of them.
func (c *Crowd) People() (all []*Person) {
	for _, r := range c.rooms {
		all = append(all, r.people...)
	}
	return all
}

// Rooms are all rooms.
func (c *Crowd) Rooms() []*Room { return c.rooms }

// Rest ends the typing and waits until everything is confirmed.
func (c *Crowd) Rest(ctx context.Context) error {
	c.hands()
	c.typing.Wait()
	for _, p := range c.People() {
		if err := p.client.Wait(ctx, func(s *syncclient.State) bool { return s.Ready() && s.Quiet() }); err != nil {
			return fmt.Errorf("person %d in room %s has something unconfirmed: %w", p.number, p.room.ID(), err)
		}
	}
	return nil
}

// Leave ends all connections.
func (c *Crowd) Leave() error {
	if c.hands != nil {
		c.hands()
	}
	c.cancel(nil)
	c.typing.Wait()
	c.clients.Wait()
	return nil
}

// Online counts who is connected.
func (c *Crowd) Online() (n int) {
	for _, p := range c.People() {
		if p.online() {
			n++
		}
	}
	return n
}

// SentAway are those whom the server has told not to come back: nobody has done anything that deserves it.
func (c *Crowd) SentAway() (all []error) {
	for _, p := range c.People() {
		if err := p.away(); err != nil {
			all = append(all, fmt.Errorf("person %d in room %s: %w", p.number, p.room.ID(), err))
		}
	}
	return all
}

// Outages are how long people were without a connection, each time that they lost one, since the last call.
func (c *Crowd) Outages() (all []time.Duration) {
	for _, p := range c.People() {
		all = append(all, p.takeOutages()...)
	}
	return all
}

// Latencies are the ages at which others saw edits, since the last call.
func (c *Crowd) Latencies() (all []time.Duration) {
	for _, r := range c.rooms {
		all = append(all, r.takeAges()...)
	}
	return all
}

// Counts are what has happened so far.
type Counts struct {
	Typed, Acknowledged, Runs, Refused, Reconnects, Resyncs, Catchups, Mismatches, Gaps, Strays int64
	Codes                                                                                       map[string]int64 // of refusals
}

// Counts adds everybody up.
func (c *Crowd) Counts() Counts {
	n := Counts{Codes: map[string]int64{}}
	for _, p := range c.People() {
		p.count(&n)
	}
	return n
}

// Room is one room and who is in it.
type Room struct {
	address string // with the key of its link
	owner   string // the token of who made it
	crowd   *Crowd
	people  []*Person

	mu    sync.Mutex
	seen  map[codecollab.Version]uint64 // what events were when somebody first heard of them
	odd   []string                      // where two have heard different things
	ages  []time.Duration
	typed map[batch]time.Time
}

type batch struct {
	client string
	seq    int64
}

// ID is its name.
func (r *Room) ID() string { id, _ := syncclient.Address(r.address); return id }

func (c *Crowd) newRoom(ctx context.Context, i int) (*Room, error) {
	r := &Room{crowd: c, seen: map[codecollab.Version]uint64{}, typed: map[batch]time.Time{}}
	for j := range c.opt.Users {
		token, err := patiently(ctx, func() (string, error) { return syncclient.Guest(ctx, c.http, c.opt.URL) })
		if err != nil {
			return nil, err
		}
		if r.address == "" {
			r.owner = token
			r.address, err = patiently(ctx, func() (string, error) {
				return syncclient.CreateRoom(ctx, c.http, c.opt.URL, token, "bash")
			})
			if err != nil {
				return nil, err
			}
		}
		r.people = append(r.people, newPerson(r, i*c.opt.Users+j, token))
	}
	return r, nil
}

// patiently repeats what may succeed later.
func patiently(ctx context.Context, request func() (string, error)) (string, error) {
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, 2*time.Second) {
		answer, err := request()
		if e, ok := errors.AsType[*codecollab.Error](err); err == nil || ok && e.Kind != codecollab.Unavailable && e.Kind != codecollab.Limit {
			return answer, err
		}
		select {
		case <-ctx.Done():
			return "", err
		case <-time.After(pause/2 + rand.N(pause)):
		}
	}
}

// heard notes an event that somebody was told of.
func (r *Room) heard(by string, ev *wire.Event) {
	sum := fingerprint(ev)
	r.mu.Lock()
	defer r.mu.Unlock()
	if at, ok := r.typed[batch{ev.Client, ev.Seq}]; ok && by != ev.Client {
		r.ages = append(r.ages, time.Since(at))
	}
	if before, ok := r.seen[ev.Version]; ok && before != sum {
		r.odd = append(r.odd, fmt.Sprintf("version %d is not the same for everybody", ev.Version))
	}
	r.seen[ev.Version] = sum
}

// sent notes when a batch was sent for the first time. Old ones are forgotten: whoever sees them so late was away.
func (r *Room) sent(b batch) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.typed[b] = time.Now()
	delete(r.typed, batch{b.client, b.seq - 50})
}

func (r *Room) takeAges() []time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	ages := r.ages
	r.ages = nil
	return ages
}

// Beat waits until each person has had something confirmed that was typed after now.
func (c *Crowd) Beat(ctx context.Context) error {
	type goal struct {
		p    *Person
		acks int64
	}
	var goals []goal
	for _, p := range c.People() {
		goals = append(goals, goal{p, p.confirmations() + 2}) // one may be under way
	}
	for _, g := range goals {
		for g.p.confirmations() < g.acks {
			select {
			case <-ctx.Done():
				return fmt.Errorf("person %d in room %s: %w", g.p.number, g.p.room.ID(), ctx.Err())
			case <-time.After(10 * time.Millisecond):
			}
		}
	}
	return nil
}
