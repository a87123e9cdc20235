package run_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/run"
	"codecollab.dev/internal/run/queue"
	"codecollab.dev/internal/wire"
)

func TestARun(t *testing.T) {
	r := newRooms()
	s := serve(t, file(t), 2, executor(func(_ context.Context, p run.Program, on func(run.Event)) (wire.Finish, error) {
		on(run.Event{State: "compiling"})
		on(run.Event{Stream: "stderr", Data: "a warning\n"})
		on(run.Event{State: "running"})
		on(run.Event{Stream: "stdout", Data: "Hello, "})
		on(run.Event{Stream: "stdout", Data: p.Main})
		on(run.Event{Stream: "stderr", Data: "oops"})
		return exited(), nil
	}), r)
	defer shut(t, s, time.Minute)
	j := r.ask("r", 3)
	s.Request("r", 3)
	f := r.end(t, j)
	want := []wire.Chunk{{Stream: "compile", Data: "a warning\n"}, {Stream: "stdout", Data: "Hello, r/3"}, {Stream: "stderr", Data: "oops"}}
	if !slices.Equal(f.Output, want) || f.Outcome != "exited" || f.Run != 3 || f.Wall != 7 || f.Omitted != 0 {
		t.Errorf("%+v", f)
	}
	if got := strings.Join(r.told[j], ", "); got != "queued 1, compiling, running" {
		t.Errorf("told: %s", got)
	}
	if got := r.output[j]; got != "[compile]a warning\n[stdout]Hello, r/3[stderr]oops" {
		t.Errorf("sent: %s", got)
	}
}

func TestStop(t *testing.T) {
	for state, stage := range map[string]string{"compiling": "compile", "running": "run", "waiting": "run"} {
		t.Run("while it is "+state, func(t *testing.T) {
			r, begun := newRooms(), make(chan string, 10)
			s := serve(t, file(t), 1, forever(begun, state), r)
			defer shut(t, s, time.Minute)
			j := r.ask("r", 1)
			s.Request("r", 1)
			within(t, begun)
			if !s.Stop("r", 1, "ben") || !s.Stop("r", 1, "cleo") {
				t.Error("a run that goes on is not known")
			}
			f := r.end(t, j)
			if f.Outcome != "stopped" || f.By != "ben" || f.Stage != stage || len(f.Output) != 1 || f.Message != "" {
				t.Errorf("%+v", f)
			}
			r.until(t, "it is forgotten", func() bool { return !s.Stop("r", 1, "ben") })
		})
	}
	t.Run("while it waits", func(t *testing.T) {
		r, begun := newRooms(), make(chan string, 10)
		s := serve(t, file(t), 1, forever(begun, "running"), r)
		defer shut(t, s, time.Minute)
		first := r.ask("r", 1)
		s.Request("r", 1)
		within(t, begun)
		second := r.ask("s", 2)
		s.Request("s", 2)
		r.until(t, "the second waits", func() bool { return len(r.told[second]) > 0 })
		third := r.ask("t", 3)
		s.Request("t", 3)
		r.until(t, "the third waits", func() bool { return r.last(third) == "queued 2" })
		if !s.Stop("s", 2, "ben") {
			t.Error("a run that waits is not known")
		}
		if f := r.end(t, second); f.Outcome != "stopped" || f.By != "ben" || f.Output == nil {
			t.Errorf("%+v", f)
		}
		r.until(t, "the third moves up", func() bool { return r.last(third) == "queued 1" })
		s.Stop("r", 1, "ben")
		r.end(t, first)
		if got := within(t, begun); got != "t/3" { // and not the second, which is still in the queue
			t.Errorf("%s began", got)
		}
		s.Stop("t", 3, "ben")
		r.end(t, third)
		r.until(t, "the second is forgotten", func() bool { return !s.Stop("s", 2, "ben") })
	})
	t.Run("what is not known", func(t *testing.T) {
		s := serve(t, file(t), 1, prints(""), newRooms())
		defer shut(t, s, time.Minute)
		if s.Stop("r", 1, "ben") {
			t.Error("it is known")
		}
	})
}

func TestWeFail(t *testing.T) {
	for _, c := range []struct {
		name  string
		err   error
		times int
		panic bool
		want  string // the message of a failure
	}{
		{name: "once", err: errors.New("dial tcp"), times: 1},
		{name: "in a panic", panic: true, times: 1},
		{name: "in panics", panic: true, times: 2, want: "The program could not be run; the server's log says why."},
		{name: "twice", err: errors.New("dial tcp 127.0.0.1"), times: 2, want: "The program could not be run; the server's log says why."},
		{name: "twice, and can say why", err: codecollab.Errorf(codecollab.Unavailable, "no_runner", "No runner is up."), times: 2,
			want: "The program could not be run: No runner is up."},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, calls := newRooms(), 0
			s := serve(t, file(t), 1, executor(func(ctx context.Context, p run.Program, on func(run.Event)) (wire.Finish, error) {
				on(run.Event{State: "running"})
				on(run.Event{Stream: "stdout", Data: "x"})
				if calls++; calls <= c.times {
					if c.panic {
						panic("a defect")
					}
					return wire.Finish{}, c.err
				}
				return exited(), nil
			}), r)
			defer shut(t, s, time.Minute)
			j := r.ask("r", 1)
			s.Request("r", 1)
			f := r.end(t, j)
			outcome := "exited"
			if c.want != "" {
				outcome = "failed"
			}
			if f.Outcome != outcome || f.Message != c.want || calls != 2 || len(f.Output) != 1 || f.Output[0].Data != "x" {
				t.Errorf("%d calls, %+v", calls, f)
			}
		})
	}
}

func TestTheResultIsStoredPatiently(t *testing.T) {
	r := newRooms()
	r.refuse = 1
	s := serve(t, file(t), 1, prints("x"), r)
	defer shut(t, s, time.Minute)
	j := r.ask("r", 1)
	s.Request("r", 1)
	if f := r.end(t, j); f.Outcome != "exited" {
		t.Errorf("%+v", f)
	}
}

func TestNobodyWaits(t *testing.T) {
	r := newRooms()
	gone := run.Job{Room: "gone", Run: 1}
	r.programs[gone] = codecollab.Errorf(codecollab.NotFound, "no_room", "there is no such room")
	s := serve(t, file(t), 1, prints("x"), r)
	defer shut(t, s, time.Minute)
	s.Request("gone", 1)
	j := r.ask("r", 2)
	s.Request("r", 2)
	r.end(t, j)
	if _, ok := r.finished[gone]; ok || len(r.told[gone]) == 0 {
		t.Error("it was run")
	}
}

func TestSweep(t *testing.T) {
	r := newRooms()
	a, b := r.ask("r", 1), r.ask("s", 2)
	s := serve(t, file(t), 1, prints("x"), r) // nobody calls Request
	defer shut(t, s, time.Minute)
	r.end(t, a)
	r.end(t, b)
	if r.twice != 0 {
		t.Error("a run was run twice")
	}
}

// stale are rooms whose list of the unfinished is old when it comes.
type stale struct {
	*rooms
	made, give chan struct{}
}

// Unfinished implements run.Rooms.
func (r stale) Unfinished(ctx context.Context) ([]run.Job, error) {
	jobs, err := r.rooms.Unfinished(ctx)
	r.made <- struct{}{}
	<-r.give
	return jobs, err
}

// A run that ends while the sweep asks what has not ended is not run again.
func TestSweepWithAnOldList(t *testing.T) {
	r := stale{newRooms(), make(chan struct{}), make(chan struct{})}
	j, behind := r.ask("r", 1), r.ask("s", 2) // the order of the list
	ran := make(chan string, 10)
	s := serve(t, file(t), 1, executor(func(_ context.Context, p run.Program, _ func(run.Event)) (wire.Finish, error) {
		ran <- p.Main
		return exited(), nil
	}), r)
	within(t, r.made)
	s.Request("r", 1)
	r.end(t, j)
	s.Request("z", 9)
	r.end(t, run.Job{Room: "z", Run: 9}) // so the only worker has left the first
	close(r.give)
	r.end(t, behind)
	shut(t, s, time.Minute)
	close(ran)
	var got []string
	for name := range ran {
		got = append(got, name)
	}
	if told := strings.Join(r.told[j], ", "); strings.Join(got, " ") != "r/1 z/9 s/2" || told != "queued 1" {
		t.Errorf("%v ran; of the first was told: %s", got, told)
	}
}

// 200 runs of three rooms: while a room waits, no other has had more turns than it, and one.
func TestTurns(t *testing.T) {
	r, begun := newRooms(), make(chan string, 300)
	gate := make(chan struct{})
	q, err := queue.Open(t.Context(), file(t), log(t))
	if err != nil {
		t.Fatal(err)
	}
	told := telling{q, make(chan run.Job, 300)}
	s := serveWith(t, told, 1, executor(func(_ context.Context, p run.Program, on func(run.Event)) (wire.Finish, error) {
		begun <- p.Main
		<-gate
		return exited(), nil
	}), r)
	defer shut(t, s, time.Minute)
	ask := func(room string, n int) {
		for i := range n {
			j := r.ask(room, int64(i))
			s.Request(room, j.Run)
			within(t, told.put)
		}
	}
	ask("x", 1)
	within(t, begun) // the worker is busy; there is one, for two may change places in beginning
	ask("greedy", 120)
	ask("b", 40)
	ask("c", 40)
	close(gate)
	r.until(t, "all have ended", func() bool { return len(r.finished) == 201 })
	close(begun)
	count := map[string]int{}
	for name := range begun {
		room, _, _ := strings.Cut(name, "/")
		count[room]++
		if n := count["greedy"]; count["b"] < 40 && n > count["b"]+1 || count["c"] < 40 && n > count["c"]+1 {
			t.Fatalf("unfair: %v", count)
		}
	}
	if fmt.Sprint(count) != "map[b:40 c:40 greedy:120]" {
		t.Errorf("%v", count)
	}
	if r.twice != 0 {
		t.Errorf("%d were run twice", r.twice)
	}
}
