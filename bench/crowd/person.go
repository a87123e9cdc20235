package crowd

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"sync"
	"time"

	"codecollab.dev"
	"codecollab.dev/bench/syncclient"
	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/text"
	"codecollab.dev/internal/wire"
)

// Person types in one room.
type Person struct {
	number int
	id     string // of the client
	room   *Room
	client *syncclient.Client
	random *rand.Rand

	mu        sync.Mutex
	acked     map[int64]ack // by number of the batch
	acks      int64
	typed     int64
	runs      int64
	refused   map[string]int64
	joined    bool
	lost      time.Time // when the connection was
	outages   []time.Duration
	forbidden error
}

// ack is what a person was told of a batch of their own.
type ack struct {
	version codecollab.Version
	sum     uint64
}

func newPerson(r *Room, number int, token string) *Person {
	random := rand.New(rand.NewPCG(r.crowd.opt.Seed, uint64(number)))
	p := &Person{
		number: number, room: r, random: random, acked: map[int64]ack{}, refused: map[string]int64{},
		id: fmt.Sprintf("%c%06dx%04d", 'a'+rune(random.IntN(26)), number, random.IntN(10_000)), // its order is not that of the numbers: ids break ties
	}
	p.client = syncclient.New(syncclient.Config{
		URL: r.crowd.opt.URL, Room: r.address, Token: token, ID: p.id, Name: fmt.Sprintf("person %d", number), Color: number % 12,
		HTTP: r.crowd.http, Online: p.connected,
		Hooks: syncclient.Hooks{
			Event:     func(ev *wire.Event) { r.heard(p.id, ev) },
			Flushed:   func(seq int64, _ wire.Payload) { r.sent(batch{p.id, seq}) },
			Confirmed: p.confirmed,
			Refused: func(x syncclient.Refusal) {
				p.mu.Lock()
				defer p.mu.Unlock()
				p.refused[x.Code]++
			},
		},
	})
	return p
}

func (p *Person) confirmed(ev *wire.Event) {
	sum := fingerprint(ev)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.acks++
	p.acked[ev.Seq] = ack{ev.Version, sum}
}

func (p *Person) connected(joined bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if joined && !p.lost.IsZero() {
		p.outages = append(p.outages, time.Since(p.lost))
	}
	p.joined = joined
	if !joined {
		p.lost = time.Now()
	}
}

func (p *Person) sentAway(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forbidden = err
}

func (p *Person) away() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.forbidden
}

func (p *Person) online() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.joined
}

func (p *Person) takeOutages() []time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := p.outages
	p.outages = nil
	return all
}

func (p *Person) count(n *Counts) {
	var stats syncclient.Stats
	p.client.With(func(s *syncclient.State) { stats = s.Stats() })
	p.mu.Lock()
	defer p.mu.Unlock()
	n.Typed += p.typed
	n.Acknowledged += p.acks
	n.Runs += p.runs
	for code, times := range p.refused {
		n.Codes[code] += times
		n.Refused += times
	}
	n.Reconnects += max(0, p.client.Joins()-1)
	n.Resyncs += stats.Resyncs
	n.Catchups += stats.Catchups
	n.Mismatches += stats.Mismatches
	n.Gaps += stats.Gaps
	n.Strays += stats.Strays
}

// work types until ctx ends, with pauses of half to one and a half of the mean.
func (p *Person) work(ctx context.Context) {
	mean := time.Duration(float64(time.Second) / p.room.crowd.opt.Rate)
	timer := time.NewTimer(rand.N(mean))
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		p.act()
		timer.Reset(mean/2 + rand.N(mean))
	}
}

// act is one thing that people do: mostly they type.
func (p *Person) act() {
	opt := p.room.crowd.opt
	switch {
	case p.random.Float64() < opt.Runs/opt.Rate/float64(opt.Users):
		p.run()
	case p.random.IntN(40) == 0:
		p.client.Do(&wire.Chat{Text: fmt.Sprintf("message %d", p.random.IntN(1000))})
	default:
		file := ""
		p.client.With(func(s *syncclient.State) {
			if files := s.Files(); len(files) > 0 {
				file = files[0].ID
			}
		})
		// There is no file after a broken state until the next connection: then nobody types, either.
		if p.client.Edit(file, p.edit) == nil {
			p.mu.Lock()
			p.typed++
			p.mu.Unlock()
		}
	}
}

// edit inserts something unique somewhere, or takes something away; texts stay at about the length of a program.
func (p *Person) edit(doc text.Text) ot.ChangeSet {
	at := p.random.IntN(doc.Len() + 1)
	if doc.Splits(at) {
		at--
	}
	if p.random.IntN(4) == 0 || doc.Len() > 20_000 {
		to := min(doc.Len(), at+p.random.IntN(40))
		if doc.Splits(to) {
			to--
		}
		if to > at {
			return ot.Replace(doc.Len(), at, to, "")
		}
	}
	words := []string{"x", " é", "\n", "😀", "# ", "echo "}
	return ot.Replace(doc.Len(), at, at, fmt.Sprintf("%s%d.%d ", words[p.random.IntN(len(words))], p.number, p.random.IntN(1_000_000)))
}

// program is what they run: it takes a moment, says something, and ends by itself.
const program = "echo begun\nsleep 0.3\necho done\n"

// run asks for the program, and brings it first where it lacks.
func (p *Person) run() {
	p.client.With(func(s *syncclient.State) {
		for _, d := range s.Files() {
			if d.Name == "program.sh" {
				s.Do(&wire.Run{File: d.ID, Language: "bash"})
				p.mu.Lock()
				p.runs++
				p.mu.Unlock()
				return
			}
		}
		if p.number%p.room.crowd.opt.Users == 0 && s.Ready() && s.Quiet() {
			s.Do(&wire.Create{File: fmt.Sprintf("program%08d", p.random.IntN(100_000_000)), Name: "program.sh", Text: program})
		}
	})
}

// fingerprint tells events apart.
func fingerprint(ev *wire.Event) uint64 {
	line, err := wire.Marshal(ev)
	if err != nil {
		panic("an event that was read cannot be written: " + err.Error())
	}
	h := fnv.New64a()
	_, _ = h.Write(line)
	return h.Sum64()
}

func (p *Person) confirmations() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.acks
}
