package room_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/bus"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/wire"
)

// lossy is a bus that drops, doubles and delays.
type lossy struct {
	all                  *bus.Memory
	drop, double, delays atomic.Int32 // per cent

	mu  sync.Mutex
	rnd *rand.Rand
}

func newLossy(seed uint64) *lossy {
	return &lossy{all: bus.NewMemory(), rnd: rand.New(rand.NewPCG(seed, 1))}
}

func (l *lossy) set(drop, double, delay int32) {
	l.drop.Store(drop)
	l.double.Store(double)
	l.delays.Store(delay)
}

func (l *lossy) chance(percent int32) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return int32(l.rnd.IntN(100)) < percent
}

func (l *lossy) node() room.Bus { return lossyNode{l} }

type lossyNode struct{ *lossy }

func (l lossyNode) Publish(topic string, message []byte) { l.all.Publish(topic, message) }

func (l lossyNode) Follow(topic string, f func([]byte), whole func()) (cancel func()) {
	return l.all.Follow(topic, func(message []byte) {
		times := 1
		if l.chance(l.drop.Load()) {
			times = 0
		} else if l.chance(l.double.Load()) {
			times = 2
		}
		for range times {
			if l.chance(l.delays.Load()) {
				time.AfterFunc(time.Duration(rand.IntN(20))*time.Millisecond, func() { f(message) })
				continue
			}
			f(message)
		}
	}, whole)
}

// Three nodes on one log, with a bus that drops, doubles and delays a fifth of everything: all come to the same text, and know in
// the end who is where.
func TestNodesConvergeOverABadBus(t *testing.T) {
	seed := rand.Uint64N(1 << 32)
	if s, err := strconv.ParseUint(os.Getenv("CODECOLLAB_SEED"), 10, 64); err == nil {
		seed = s
	}
	t.Logf("CODECOLLAB_SEED=%d", seed)
	h := newHouse(t)
	wires := newLossy(seed)
	opt := options(t)
	opt.MaxPeople, opt.TailBytes, opt.Limits.FileUnits = 100, 4<<20, 10_000
	var n []*room.Rooms
	for range 3 {
		n = append(n, room.New(h.store, wires.node(), opt))
		h.follow(n[len(n)-1], quick(false))
	}
	wires.set(20, 20, 20)
	var all sync.WaitGroup
	last := make([]joiner, 6)
	for i := range last {
		all.Go(func() { last[i] = h.wander(n, i, rand.New(rand.NewPCG(seed, uint64(i)+2))) })
	}
	all.Wait()
	wires.set(0, 0, 0)
	var want []string
	for i, j := range last {
		if j.conn != nil {
			want = append(want, fmt.Sprintf("s%d", i))
		}
	}
	defer func() {
		for i, rooms := range n {
			if t.Failed() {
				t.Logf("node %d: %+v, of %v", i, h.people(rooms), want)
			}
		}
	}()
	eventually(t, "all nodes know the same people, at the same places", func() bool {
		for _, rooms := range n {
			if !slices.Equal(h.sessions(rooms), want) || !slices.Equal(h.people(rooms), h.people(n[0])) {
				return false
			}
		}
		return true
	})
	heads, err := h.store.Heads(t.Context(), []string{"r"})
	if err != nil {
		t.Fatal(err)
	}
	truth, err := h.rooms.At(t.Context(), "r", heads["r"])
	if err != nil {
		t.Fatal(err)
	}
	for i, rooms := range n {
		if got, want := h.text(rooms, file), truth.Files[0].Text.String(); got != want {
			t.Errorf("node %d has %q, the log says %q", i, got, want)
		}
	}
}

// wander has somebody join, type, move and leave on one node after the other. It returns where they are in the end, if anywhere.
func (h *house) wander(n []*room.Rooms, i int, rnd *rand.Rand) (at joiner) {
	client := strings.Repeat(string(rune('a'+i)), 8)
	base := codecollab.Version(2)
	for seq := int64(1); seq <= 25; {
		node := n[rnd.IntN(len(n))]
		if at.conn == nil {
			err := h.use(node, func(r *room.Room) error {
				joined, err := r.Join(context.Background(), room.Visitor{Person: "p" + client, Session: fmt.Sprintf("s%d", i)},
					&wire.Join{Protocol: codecollab.Protocol, Client: client, Name: client}, "build", 5000)
				if err == nil {
					at = joiner{conn: joined.Conn}
				}
				return err
			})
			if err != nil {
				h.t.Error(err)
				return at
			}
			continue
		}
		switch rnd.IntN(8) {
		case 0:
			at.conn.Leave()
			at.conn = nil
		case 1, 2, 3:
			_ = at.conn.SetPresence(&wire.SetPresence{Version: 2, File: file, Anchor: rnd.IntN(5), Head: rnd.IntN(5)})
		default:
			state, err := h.rooms.At(context.Background(), "r", base)
			if err != nil {
				h.t.Error(err)
				return at
			}
			length := state.Files[0].Text.Len()
			from := rnd.IntN(length + 1)
			res := h.send(node, client, seq, base, edit(length, from, from, client[:1]))
			if codecollab.CodeOf(res.err) == "future_version" {
				continue // this node has not heard of it yet
			}
			if res.err != nil {
				h.t.Error(res.err)
				return at
			}
			base = res.v
			seq++
		}
	}
	return at
}
