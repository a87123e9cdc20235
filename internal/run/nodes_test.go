package run_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/bus"
	"codecollab.dev/internal/run"
	"codecollab.dev/internal/run/queue"
	"codecollab.dev/internal/servicetest"
	"codecollab.dev/internal/store/engine"
	"codecollab.dev/internal/wire"
)

// installation is some nodes with one queue in Postgres, one bus and one log of all rooms.
type installation struct {
	t      *testing.T
	server *engine.Server
	bus    *bus.Memory
	rooms  run.Rooms
}

func install(t *testing.T, r run.Rooms) *installation {
	t.Helper()
	server, err := engine.Dial(t.Context(), servicetest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	return &installation{t: t, server: server, bus: bus.NewMemory(), rooms: r}
}

// node starts one; without workers it runs nothing by itself.
func (i *installation) node(name string, workers int, e run.Executor) (*run.Service, *queue.Queue) {
	i.t.Helper()
	q, err := queue.Postgres(i.t.Context(), i.server.Config(queue.Schema), 4, name, log(i.t))
	if err != nil {
		i.t.Fatal(err)
	}
	s, err := run.New(i.t.Context(), run.Options{
		Workers: workers, HeadBytes: 1000, TailBytes: 1000, Log: log(i.t), Node: name, Others: i.bus,
	}, q, e, i.rooms)
	if err != nil {
		i.t.Fatal(err)
	}
	return s, q
}

// A run is stopped and typed into from whichever node its people are connected to.
func TestARunOnAnotherNode(t *testing.T) {
	r := newRooms()
	i := install(t, terminals{r})
	a, _ := i.node("a", 1, echoes(new(int)))
	defer shut(t, a, time.Minute)
	b, _ := i.node("b", 1, echoes(new(int)))
	defer shut(t, b, time.Minute)
	j := r.ask("r", 1)
	a.Request(j.Room, j.Run)
	r.until(t, "it waits for input", func() bool { return r.last(j) == "waiting" })
	for n := range 20 {
		typeIn(t, b, "ben", fmt.Sprintf("line %d\r", n))
	}
	r.until(t, "all lines, in their order", func() bool {
		at := 0
		for n := range 20 {
			next := strings.Index(r.output[j][at:], fmt.Sprintf("line %d\r", n))
			if next < 0 {
				return false
			}
			at += next
		}
		return true
	})
	b.Resize(j.Room, j.Run, wire.Size{Rows: 30, Cols: 100})
	r.until(t, "the size arrives", func() bool { return strings.Contains(r.output[j], "resized") })
	if !b.Stop(j.Room, j.Run, "ben") {
		t.Error("the node does not try")
	}
	if f := r.end(t, j); f.Outcome != "stopped" || f.By != "ben" {
		t.Errorf("%+v", f)
	}
}

// Where one node has no worker free another one takes the job, and no node keeps what is over.
func TestAnotherNodeHelpsOut(t *testing.T) {
	r := newRooms()
	i := install(t, r)
	begun := make(chan string, 10)
	busy, _ := i.node("busy", 1, forever(begun, "running"))
	defer shut(t, busy, 2*time.Second)
	long := r.ask("long", 1)
	busy.Request(long.Room, long.Run)
	within(t, begun)
	free, _ := i.node("free", 1, prints("done"))
	defer shut(t, free, time.Minute)
	var jobs []run.Job
	for n := range int64(5) {
		j := r.ask("r", n)
		jobs = append(jobs, j)
		busy.Request(j.Room, j.Run)
	}
	for _, j := range jobs {
		if f := r.end(t, j); f.Outcome != "exited" {
			t.Errorf("%+v", f)
		}
	}
	r.until(t, "the busy node knows its own run alone", func() bool {
		waiting, running := busy.Counts()
		return waiting == 0 && running == 1
	})
	busy.Stop(long.Room, long.Run, "ann")
	r.end(t, long)
	if r.twice > 0 {
		t.Errorf("%d results came twice", r.twice)
	}
}

// A node that dies in the midst of a run: another one runs it again, and what the first still has to say is too late.
func TestANodeDies(t *testing.T) {
	r := newRooms()
	i := install(t, r)
	begun, revive := make(chan string, 1), make(chan struct{})
	first, _ := i.node("first", 1, executor(func(_ context.Context, p run.Program, on func(run.Event)) (wire.Finish, error) {
		on(run.Event{State: "running"})
		begun <- p.Main
		<-revive // nobody hears of it for long
		on(run.Event{Stream: "stdout", Data: "late"})
		return exited(), nil
	}))
	defer shut(t, first, time.Minute)
	j := r.ask("r", 1)
	first.Request(j.Room, j.Run)
	within(t, begun)
	second, q := i.node("second", 1, prints("again"))
	defer shut(t, second, time.Minute)
	if n, err := q.Rescue(t.Context(), []string{"second"}); err != nil || n != 1 {
		t.Fatalf("%d jobs are taken back, %v", n, err)
	}
	if f := r.end(t, j); f.Outcome != "exited" || len(f.Output) != 1 || f.Output[0].Data != "again" {
		t.Errorf("%+v", f)
	}
	close(revive)
	r.until(t, "the first is told that there is a result", func() bool { return r.twice == 1 })
}
