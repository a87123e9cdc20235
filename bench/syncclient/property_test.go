package syncclient

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"codecollab.dev/bench/fakeserver"
	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/text"
	"codecollab.dev/internal/wire"
)

var (
	seedFlag  = flag.Uint64("seed", 1, "the first seed of the property tests")
	roomsFlag = flag.Int("rooms", 3000, "how many random rooms the property tests make")
)

// TestRoomsConverge plays random sessions: several people edit several files while the transport loses connections
// with whatever they carried, the server composes what was missed, and batches are sent again. In the end everybody
// has the server's text, and every own event was what its author had made of it.
func TestRoomsConverge(t *testing.T) {
	rooms := *roomsFlag
	if testing.Short() {
		rooms /= 10
	}
	var total Stats
	for i := range rooms {
		seed := *seedFlag + uint64(i)
		w := newWorld(seed)
		if err := w.play(); err != nil {
			t.Fatalf("seed %d (go test -run TestRoomsConverge -rooms 1 -seed %d): %v", seed, seed, err)
		}
		for _, p := range w.people {
			total.Events += p.state.stats.Events
			total.Catchups += p.state.stats.Catchups
			total.Recovered += p.state.stats.Recovered
		}
	}
	t.Logf("%d rooms from seed %d: %d events, %d catchups, %d edits recovered", rooms, *seedFlag, total.Events, total.Catchups, total.Recovered)
	if total.Events == 0 || total.Catchups == 0 || total.Recovered == 0 {
		t.Error("the sessions leave something out")
	}
}

// world is one room, its people, and what is on the way between them.
type world struct {
	*rand.Rand
	room   *fakeserver.Room
	people []*person
	files  int
}

type person struct {
	state  *State
	mirror map[string]text.Text // kept up by the hook Changed and the own edits
	online bool
	up     []*wire.Batch
	down   []wire.Message
	cursor int64
}

func newWorld(seed uint64) *world {
	w := &world{Rand: rand.New(rand.NewPCG(seed, 0))}
	w.room = fakeserver.NewRoom(wire.File{ID: "file0000", Text: "hello 😀\nworld"})
	w.room.CatchupFrom = []int{0, 1, 4}[w.IntN(3)]
	for i := range 2 + w.IntN(3) {
		p := &person{mirror: map[string]text.Text{}}
		p.state = NewState(fmt.Sprintf("client%02d", (i*7)%5), Hooks{Changed: func(file string, c ot.ChangeSet) {
			t, known := p.mirror[file]
			if !known {
				return // created and edited in one catchup: follow takes the whole text
			}
			t, err := c.Apply(t)
			if err != nil {
				panic(err)
			}
			p.mirror[file] = t
		}})
		w.people = append(w.people, p)
		w.connect(p)
		p.receive(1)
	}
	return w
}

func (w *world) play() error {
	for range 160 {
		p := w.people[w.IntN(len(w.people))]
		if err := w.step(p); err != nil {
			return err
		}
	}
	return w.settle()
}

func (w *world) step(p *person) error {
	switch w.IntN(20) {
	case 0:
		w.cut(p)
	case 1:
		w.connect(p)
	case 2, 3:
		if w.IntN(8) == 0 {
			w.command(p)
		}
	case 4, 5, 6, 7, 8, 9:
		return w.edit(p)
	case 10, 11, 12:
		w.send(p)
	case 13, 14, 15:
		w.serve(p)
	default:
		return p.receive(1 + w.IntN(4))
	}
	return nil
}

// cut loses the connection: some of what was on the way up has arrived, nothing of what was on the way down.
func (w *world) cut(p *person) {
	for len(p.up) > 0 && w.IntN(2) == 0 {
		w.serve(p)
	}
	p.online, p.up, p.down = false, nil, nil
	p.state.Offline()
}

func (w *world) connect(p *person) {
	if p.online {
		return
	}
	p.online = true
	p.down = w.room.Join(p.state.Join())
	p.cursor = w.room.Version()
}

func (w *world) send(p *person) {
	if b := p.state.Next(); b != nil {
		p.up = append(p.up, b)
	}
}

func (w *world) serve(p *person) {
	if len(p.up) == 0 {
		return
	}
	b := p.up[0]
	p.up = p.up[1:]
	answer := w.room.Append(p.state.ID(), b)
	for _, q := range w.people {
		w.tail(q)
	}
	if answer != nil {
		p.down = append(p.down, answer)
	}
}

func (w *world) tail(p *person) {
	if !p.online {
		return
	}
	events := w.room.After(p.cursor)
	for i := range events {
		p.down = append(p.down, &events[i])
	}
	p.cursor = w.room.Version()
}

func (p *person) receive(n int) error {
	for ; n > 0 && len(p.down) > 0; n-- {
		m := p.down[0]
		p.down = p.down[1:]
		if err := p.state.Receive(m); err != nil {
			return err
		}
		p.follow(m)
	}
	return nil
}

// follow keeps the mirror's set of files.
func (p *person) follow(m wire.Message) {
	for _, d := range p.state.Files() {
		_, known := p.mirror[d.ID]
		j, fresh := m.(*wire.Joined)
		if !known || fresh && j.Snapshot != nil {
			p.mirror[d.ID] = d.Text()
		}
	}
}

func (w *world) command(p *person) {
	files := p.state.Files()
	if len(files) == 0 || w.IntN(2) == 0 {
		w.files++
		p.state.Do(&wire.Create{File: fmt.Sprintf("file%04d", w.files), Text: "new"})
		return
	}
	p.state.Do(&wire.Delete{File: files[w.IntN(len(files))].ID})
}

func (w *world) edit(p *person) error {
	files := p.state.Files()
	if len(files) == 0 {
		return nil
	}
	d := files[w.IntN(len(files))]
	c := w.change(d.Text())
	if err := p.state.Edit(d.ID, c); err != nil {
		return err
	}
	t, err := c.Apply(p.mirror[d.ID])
	p.mirror[d.ID] = t
	return err
}

// change makes a random change that does not cut a character in two.
func (w *world) change(t text.Text) ot.ChangeSet {
	from := w.place(t, 0)
	to := from
	if w.IntN(2) == 0 {
		to = w.place(t, from)
		to = min(to, from+4)
		if t.Splits(to) {
			to++
		}
	}
	return ot.Replace(t.Len(), from, to, []string{"", "a", "bc", "\n", "😀", "x\ny"}[w.IntN(6)])
}

func (w *world) place(t text.Text, from int) int {
	pos := from + w.IntN(t.Len()-from+1)
	if t.Splits(pos) {
		pos++
	}
	return pos
}

// settle lets everything arrive, and compares.
func (w *world) settle() error {
	for range 1000 {
		for _, p := range w.people {
			w.connect(p)
			w.send(p)
			w.serve(p)
			if err := p.receive(1 << 30); err != nil {
				return err
			}
		}
		busy := func(p *person) bool { return !p.state.Quiet() || p.state.Version() != w.room.Version() }
		if !slices.ContainsFunc(w.people, busy) {
			return w.compare()
		}
	}
	return fmt.Errorf("the room does not come to rest")
}

func (w *world) compare() error {
	for _, p := range w.people {
		s := p.state.Stats()
		if s.Gaps+s.Doubles+s.Mismatches+s.Strays+s.Resyncs > 0 {
			return fmt.Errorf("%s: %+v", p.state.ID(), s)
		}
		for _, d := range p.state.Files() {
			want := w.room.Text(d.ID)
			if got := d.Text().String(); got != want {
				return fmt.Errorf("%s has %q in %s, the server %q", p.state.ID(), got, d.ID, want)
			}
			if d.Committed().String() != want || p.mirror[d.ID].String() != want {
				return fmt.Errorf("%s: committed %q, mirror %q, server %q", p.state.ID(), d.Committed(), p.mirror[d.ID], want)
			}
		}
	}
	return nil
}
