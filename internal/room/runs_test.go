package room_test

import (
	"fmt"
	"strings"
	"testing"

	"codecollab.dev"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/wire"
)

func (h *house) room(f func(*room.Room)) {
	h.t.Helper()
	if err := h.use(h.rooms, func(r *room.Room) error { f(r); return nil }); err != nil {
		h.t.Fatal(err)
	}
}

// One who joins late is told where a run is, the size of its terminal, and head and newest tail of its output; what a first
// attempt printed is void.
func TestLiveRuns(t *testing.T) {
	h := newHouse(t)
	v := h.ok("aaaaaaaa", 1, 2, &wire.Run{File: file, Language: "python", Stdin: "x", Terminal: &wire.Size{Rows: 24, Cols: 99999}})
	late := func() wire.Live {
		t.Helper()
		j := h.join(h.rooms, "cccccccc", nil, 0).first[0].(*wire.Joined)
		if len(j.Live) != 1 || j.Live[0].Run != v {
			t.Fatalf("%+v", j.Live)
		}
		return j.Live[0]
	}
	h.room(func(r *room.Room) {
		r.Progress(wire.RunState{Run: v, State: "queued", Place: 3})
	})
	if l := late(); l.Place != 3 || l.Terminal == nil || *l.Terminal != (wire.Size{Rows: 24, Cols: 1000}) {
		t.Errorf("%+v", l)
	}
	h.room(func(r *room.Room) {
		r.Progress(wire.RunState{Run: v, State: "running"})
		r.Output(v, "stdout", "first attempt")
		r.Progress(wire.RunState{Run: v, State: "running", Attempt: 2})
		r.Output(v, "stdout", "begin")
		for range 1000 {
			r.Output(v, "stdout", strings.Repeat("y", 1000))
		}
		r.Output(v, "stdout", "end")
		r.Progress(wire.RunState{Run: v, State: "waiting", Attempt: 2})
	})
	l := late()
	first, last, size := l.Output[0], l.Output[len(l.Output)-1], 0
	for _, c := range l.Output {
		size += len(c.Data)
	}
	if l.State != "waiting" || l.Attempt != 2 || !strings.HasPrefix(first.Data, "beginy") || !strings.HasSuffix(last.Data, "yend") {
		t.Errorf("%s %d %.20q", l.State, l.Attempt, first.Data)
	}
	if size > 100<<10 || last.Omitted+int64(size) != 1_000_008 {
		t.Errorf("%d bytes are told and %d left out", size, last.Omitted)
	}
}

// Only the one who asked for the run sets its size, within bounds, and everyone hears of it.
func TestResize(t *testing.T) {
	h := newHouse(t)
	a, b := h.join(h.rooms, "aaaaaaaa", nil, 0), h.join(h.rooms, "bbbbbbbb", nil, 0)
	v := h.ok("aaaaaaaa", 1, 2, &wire.Run{File: file, Language: "python", Terminal: &wire.Size{Rows: 24, Cols: 80}})
	if _, ok := b.conn.Resize(&wire.Resize{Run: v, Rows: 1, Cols: 1}); ok {
		t.Error("somebody else is obeyed")
	}
	if size, ok := a.conn.Resize(&wire.Resize{Run: v, Rows: -5, Cols: 1 << 30}); !ok || size != (wire.Size{Rows: 1, Cols: 1000}) {
		t.Errorf("%v %v", size, ok)
	}
	until(t, b, func(m *wire.Terminal) bool { return m.Run == v && m.Cols == 1000 })
	plain := h.ok("aaaaaaaa", 2, v, &wire.Run{File: file, Language: "python"})
	if _, ok := a.conn.Resize(&wire.Resize{Run: plain, Rows: 1, Cols: 1}); ok {
		t.Error("a run without a terminal has a size")
	}
}

// Who has typed is known by name when the run is in the log, also when they have left.
func TestTypistsAreIntroduced(t *testing.T) {
	h := newHouse(t)
	b := h.join(h.rooms, "bbbbbbbb", nil, 0)
	typist := h.join(h.rooms, "cccccccc", nil, 0)
	v := h.ok("aaaaaaaa", 1, 2, &wire.Run{File: file, Language: "python", Terminal: &wire.Size{Rows: 24, Cols: 80}})
	typist.conn.Typing(v)
	typist.conn.Leave()
	h.room(func(r *room.Room) {
		if err := r.Finish(t.Context(), wire.Finish{Run: v, Outcome: "exited"}); err != nil {
			t.Error(err)
		}
	})
	until(t, b, func(e *wire.Event) bool { p, ok := e.Body.Payload.(*wire.Person); return ok && p.Name == "cccccccc" })
}

// The limits of a person and of the whole server count over all rooms, whatever is refused or ends.
func TestLimitsOfRuns(t *testing.T) {
	h := newHouse(t)
	seq := map[string]int64{}
	ask := func(roomID, client string) error {
		seq[client+roomID]++
		err := error(nil)
		done := make(chan bool)
		use := h.rooms.Use(t.Context(), roomID, func(r *room.Room) error {
			b := &wire.Batch{Seq: seq[client+roomID], Base: r.Info(room.Visitor{}).Version, Body: wire.Body{Payload: &wire.Run{File: file, Language: "python"}}}
			r.Submit(room.Author{Person: "p" + client, Client: client, Name: client}, b, func(_ codecollab.Version, _ bool, e error) { err = e; close(done) })
			return nil
		})
		if use != nil {
			t.Fatal(use)
		}
		<-done
		return err
	}
	want := func(roomID, client, code string) {
		t.Helper()
		if err := ask(roomID, client); (err == nil) != (code == "") || err != nil && codecollab.CodeOf(err) != code {
			t.Errorf("%s in %s: %v, want %q", client, roomID, err, code)
		}
	}
	for i := range 4 {
		h.create(fmt.Sprint("room", i))
	}
	want("room0", "aaaaaaaa", "")
	want("room0", "bbbbbbbb", "")
	want("room0", "aaaaaaaa", "too_many_runs") // 2 in a room
	want("room1", "aaaaaaaa", "")
	want("room2", "aaaaaaaa", "")
	want("room3", "aaaaaaaa", "too_many_runs") // 3 of a person
	want("room3", "bbbbbbbb", "")
	if err := ask("room3", "cccccccc"); codecollab.CodeOf(err) != "queue_full" || !strings.Contains(err.Error(), "5 programs") { // 5 in all
		t.Errorf("the sixth: %v", err)
	}
	err := h.rooms.Use(t.Context(), "room1", func(r *room.Room) error {
		return r.Finish(t.Context(), wire.Finish{Run: 4, Outcome: "exited"})
	})
	if err != nil {
		t.Fatal(err)
	}
	want("room3", "aaaaaaaa", "")
}
