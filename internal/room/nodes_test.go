package room_test

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/bus"
	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/wire"
)

// quick is following for tests: what takes seconds in life takes milliseconds.
func quick(away bool) room.Following {
	return room.Following{Beat: 20 * time.Millisecond, Poll: 5 * time.Millisecond, Away: func() bool { return away }}
}

// follow has rooms follow others until the test ends, or stop is called.
func (h *house) follow(rooms *room.Rooms, f room.Following) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	gone := make(chan struct{})
	go func() { defer close(gone); rooms.Follow(ctx, h.store, f) }()
	stop = func() { cancel(); <-gone }
	h.t.Cleanup(stop)
	return stop
}

// nodes makes so many nodes on one bus.
func (h *house) nodes(n int, change ...func(*room.Options)) (all []*room.Rooms) {
	b := bus.NewMemory()
	opt := options(h.t)
	for _, f := range change {
		f(&opt)
	}
	for range n {
		all = append(all, room.New(h.store, b, opt))
	}
	return all
}

func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it does not come to this: ", what)
		}
	}
}

func (h *house) people(rooms *room.Rooms) (all []wire.Peer) {
	_ = h.use(rooms, func(r *room.Room) error { all = r.PeopleNow(); return nil }) // none, when the room is gone
	slices.SortFunc(all, func(a, b wire.Peer) int { return cmp.Compare(a.Session, b.Session) })
	return all
}

func (h *house) sessions(rooms *room.Rooms) (all []string) {
	for _, p := range h.people(rooms) {
		all = append(all, p.Session)
	}
	return all
}

// listener reads one message after the other, and loses none.
type listener struct {
	joiner
	read []wire.Message
}

func (h *house) listen(rooms *room.Rooms, client string) *listener {
	h.t.Helper()
	return &listener{joiner: h.join(rooms, client, nil, 0)}
}

// hear reads on until a message of a type comes.
func hear[M wire.Message](t testing.TB, l *listener, ok func(M) bool) M {
	t.Helper()
	for {
		for len(l.read) > 0 {
			m := l.read[0]
			l.read = l.read[1:]
			if m, is := m.(M); is && ok(m) {
				return m
			}
		}
		l.read = l.next(t)
	}
}

func TestPeopleOfOtherNodesAreSeen(t *testing.T) {
	h := newHouse(t)
	n := h.nodes(2)
	a, b := h.listen(n[0], "aaaaaaaa"), h.listen(n[1], "bbbbbbbb")
	hear(t, a, func(p *wire.Presence) bool { return has(p, "sbbbbbbbb", 0, 0) })
	eventually(t, "the second node knows both", func() bool { return len(h.people(n[1])) == 2 })
	if err := b.conn.SetPresence(&wire.SetPresence{Version: 2, File: file, Anchor: 2, Head: 4}); err != nil {
		t.Fatal(err)
	}
	hear(t, a, func(p *wire.Presence) bool { return has(p, "sbbbbbbbb", 2, 4) })
	// An edit that goes in before their caret moves it, on the node that they are not on, too.
	if res := h.send(n[0], "aaaaaaaa", 1, 2, edit(5, 0, 0, "xyz")); res.err != nil {
		t.Fatal(res.err)
	}
	eventually(t, "both nodes have the caret there", func() bool {
		for _, rooms := range n {
			if !slices.ContainsFunc(h.people(rooms), func(p wire.Peer) bool { return p.Session == "sbbbbbbbb" && p.Anchor == 5 && p.Head == 7 }) {
				return false
			}
		}
		return true
	})
	late := h.listen(n[0], "cccccccc")
	if all := late.first[len(late.first)-1].(*wire.Presence); len(all.People) != 3 {
		t.Errorf("who joins is told of %d people", len(all.People))
	}
	b.conn.Leave()
	hear(t, a, func(p *wire.Presence) bool { return slices.Contains(p.Left, "sbbbbbbbb") })
}

func TestPeopleOfAllNodesCount(t *testing.T) {
	h := newHouse(t)
	n := h.nodes(2)
	for i := range 5 { // as many as there may be
		h.join(n[i%2], strings.Repeat(string(rune('a'+i)), 8), nil, 0)
	}
	eventually(t, "all are known", func() bool { return len(h.people(n[0])) == 5 })
	_, err := h.tryJoin(n[0], "pz", "zzzzzzzz", &wire.Join{Protocol: codecollab.Protocol, Client: "zzzzzzzz"})
	if codecollab.CodeOf(err) != "room_full" {
		t.Errorf("one too many: %v", err)
	}
}

func TestAConnectionToAnotherNodeReplacesTheOlder(t *testing.T) {
	h := newHouse(t)
	n := h.nodes(2)
	old := h.listen(n[0], "aaaaaaaa")
	h.listen(n[1], "bbbbbbbb")
	eventually(t, "they are known", func() bool { return len(h.people(n[1])) == 2 })
	_, err := h.tryJoin(n[1], "pother", "aaaaaaaa", &wire.Join{Protocol: codecollab.Protocol, Client: "aaaaaaaa"})
	if codecollab.CodeOf(err) != "client_taken" {
		t.Errorf("another person takes the client id: %v", err)
	}
	h.listen(n[1], "aaaaaaaa")
	select {
	case <-old.conn.Ended():
		if old.conn.Why() != nil {
			t.Errorf("ended because of %v", old.conn.Why())
		}
	case <-time.After(30 * time.Second):
		t.Error("the older connection stays")
	}
}

func TestANodeThatDiesTakesItsPeopleAlong(t *testing.T) {
	h := newHouse(t)
	n := h.nodes(2)
	h.follow(n[0], quick(false))
	stop := h.follow(n[1], quick(false))
	a := h.listen(n[0], "aaaaaaaa")
	h.listen(n[1], "bbbbbbbb")
	eventually(t, "both are seen", func() bool { return len(h.people(n[0])) == 2 })
	stop() // it says goodbye
	hear(t, a, func(p *wire.Presence) bool { return slices.Contains(p.Left, "sbbbbbbbb") })
}

// A node that hangs, or whose connection to the bus is cut, says nothing at all.
func TestASilentNodeTakesItsPeopleAlong(t *testing.T) {
	h := newHouse(t)
	wires := newLossy(1)
	n := []*room.Rooms{room.New(h.store, wires.node(), options(t)), room.New(h.store, wires.node(), options(t))}
	for _, rooms := range n {
		h.follow(rooms, quick(false))
	}
	a := h.listen(n[0], "aaaaaaaa")
	h.listen(n[1], "bbbbbbbb")
	eventually(t, "both are seen", func() bool { return len(h.people(n[0])) == 2 })
	wires.set(100, 0, 0)
	hear(t, a, func(p *wire.Presence) bool { return slices.Contains(p.Left, "sbbbbbbbb") })
	// What is durable goes on meanwhile, and who was lost comes back.
	if res := h.send(n[1], "bbbbbbbb", 1, 2, edit(5, 0, 0, "x")); res.err != nil {
		t.Fatal(res.err)
	}
	hear(t, a, func(e *wire.Event) bool { return e.Client == "bbbbbbbb" })
	wires.set(0, 0, 0)
	hear(t, a, func(p *wire.Presence) bool {
		return slices.ContainsFunc(p.People, func(p wire.Peer) bool { return p.Session == "sbbbbbbbb" })
	})
}

func TestKnocksReachOwnersOnOtherNodes(t *testing.T) {
	h := newHouse(t)
	n := h.nodes(2, func(o *room.Options) { o.KnockPause = time.Minute })
	for _, rooms := range n {
		if err := h.use(rooms, func(r *room.Room) error {
			return r.SetAccess(t.Context(), "powner", func(a *wire.Access) { a.Closed, a.Waiting = true, true })
		}); err != nil {
			t.Fatal(err)
		}
	}
	joined, err := h.tryJoin(n[0], "powner", "oooooooo", &wire.Join{Protocol: codecollab.Protocol, Client: "oooooooo"})
	if err != nil {
		t.Fatal(err)
	}
	owner := &listener{joiner: joined}
	knock := func(person string) (w *room.Waiting, err error) {
		err2 := h.use(n[1], func(r *room.Room) error {
			w, err = r.Knock(room.Visitor{Person: person, Coming: rights.Coming{Link: rights.Editor}}, &wire.Join{Client: "cccccccc", Name: "Cy"})
			return nil
		})
		if err2 != nil {
			t.Fatal(err2)
		}
		return w, err
	}
	answer := func(person string, admit bool) {
		t.Helper()
		if err := h.use(n[0], func(r *room.Room) error { return r.Answer(t.Context(), "powner", person, admit) }); err != nil {
			t.Fatal(err)
		}
	}
	waits := func(person string) {
		t.Helper()
		hear(t, owner, func(k *wire.Knocks) bool {
			return slices.ContainsFunc(k.People, func(k wire.Knock) bool { return k.Person == person && k.Name == "Cy" })
		})
	}
	w, err := knock("pgood")
	if err != nil {
		t.Fatal(err)
	}
	waits("pgood")
	moved := w.Moved()
	answer("pgood", true)
	<-moved
	eventually(t, "they may come in", func() bool {
		j, err := h.tryJoin(n[1], "pgood", "gggggggg", &wire.Join{Protocol: codecollab.Protocol, Client: "gggggggg"})
		if err == nil {
			t.Cleanup(j.conn.Leave)
		}
		return err == nil
	})
	w.Leave()

	w, err = knock("pbad")
	if err != nil {
		t.Fatal(err)
	}
	waits("pbad")
	answer("pbad", false)
	eventually(t, "refused", func() bool { return w.Refused() != nil })
	w.Leave()
	if _, err := knock("pbad"); codecollab.CodeOf(err) != "refused" {
		t.Errorf("knocks again at once: %v", err)
	}
}

func TestARoomDeletedOnOneNodeIsGoneOnAll(t *testing.T) {
	for _, c := range []struct {
		name string
		bus  room.Bus
	}{{"by the bus", bus.NewMemory()}, {"by looking", nil}} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t)
			n := []*room.Rooms{room.New(h.store, c.bus, options(t)), room.New(h.store, c.bus, options(t))}
			h.follow(n[1], quick(c.bus == nil))
			j := h.listen(n[1], "aaaaaaaa")
			if err := n[0].End(t.Context(), "r", func(*room.Room) error { return nil }, func() error { return h.store.DeleteRoom(t.Context(), "r") }); err != nil {
				t.Fatal(err)
			}
			<-j.conn.Ended()
			if codecollab.CodeOf(j.conn.Why()) != "deleted" {
				t.Errorf("ended because of %v", j.conn.Why())
			}
			eventually(t, "it is forgotten", func() bool {
				return codecollab.CodeOf(h.use(n[1], func(*room.Room) error { return nil })) == "no_room"
			})
		})
	}
}

func TestOutputReachesAllNodes(t *testing.T) {
	h := newHouse(t)
	n := h.nodes(3)
	a, b := h.listen(n[0], "aaaaaaaa"), h.listen(n[1], "bbbbbbbb")
	run := h.send(n[0], "aaaaaaaa", 1, 2, &wire.Run{File: file, Language: "python"}).v
	hear(t, b, func(e *wire.Event) bool { return e.Version == run })
	on := func(rooms *room.Rooms, f func(r *room.Room)) {
		t.Helper()
		if err := h.use(rooms, func(r *room.Room) error { f(r); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	on(n[0], func(r *room.Room) {
		r.Progress(wire.RunState{Run: run, State: "running", Attempt: 1})
		r.Output(run, "stdout", "one ")
		r.Output(run, "stderr", "two ")
	})
	for _, j := range []*listener{a, b} {
		hear(t, j, func(s *wire.RunState) bool { return s.State == "running" })
		if got := read(t, j, 8); got != "one two " {
			t.Errorf("read %q", got)
		}
	}
	// Somebody comes to a node that has not had the room: they get all of it, and what follows once.
	late := h.listen(n[2], "cccccccc")
	got := ""
	for _, l := range late.first[0].(*wire.Joined).Live {
		for _, c := range l.Output {
			got += c.Data
		}
	}
	on(n[0], func(r *room.Room) { r.Output(run, "stdout", "three") })
	if got += read(t, late, len("one two three")-len(got)); got != "one two three" {
		t.Errorf("the late one reads %q", got)
	}
	read(t, b, 5)
	// The node dies, and another one begins anew.
	on(n[2], func(r *room.Room) {
		r.Progress(wire.RunState{Run: run, State: "running", Attempt: 2})
		r.Output(run, "stdout", "again")
	})
	hear(t, b, func(s *wire.RunState) bool { return s.Attempt == 2 })
	if got := read(t, b, 5); got != "again" {
		t.Errorf("read %q", got)
	}
	on(n[0], func(r *room.Room) { r.Output(run, "stdout", "a ghost of the first attempt") })
	on(n[2], func(r *room.Room) { r.Output(run, "stdout", "!") })
	if got := read(t, b, 1); got != "!" {
		t.Errorf("read %q", got)
	}
	if err := h.use(n[2], func(r *room.Room) error { return r.Finish(t.Context(), wire.Finish{Run: run}) }); err != nil {
		t.Fatal(err)
	}
	hear(t, b, func(e *wire.Event) bool { f, ok := e.Body.Payload.(*wire.Finish); return ok && f.Run == run })
}

// read reads so many bytes of output.
func read(t *testing.T, j *listener, bytes int) (got string) {
	t.Helper()
	for len(got) < bytes {
		got += hear(t, j, func(*wire.Output) bool { return true }).Data
	}
	return got
}
