package run_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/run"
	"codecollab.dev/internal/run/queue"
	"codecollab.dev/internal/wire"
)

// A server that stops lets a short program end, and runs a long one again when it comes back.
func TestRestart(t *testing.T) {
	t.Run("a short program", func(t *testing.T) {
		r, begun, end := newRooms(), make(chan string, 1), make(chan struct{})
		s := serve(t, file(t), 1, executor(func(ctx context.Context, p run.Program, on func(run.Event)) (wire.Finish, error) {
			begun <- p.Main
			select {
			case <-end:
				return exited(), nil
			case <-ctx.Done():
				return wire.Finish{}, ctx.Err()
			}
		}), r)
		j := r.ask("r", 1)
		s.Request("r", 1)
		within(t, begun)
		time.AfterFunc(20*time.Millisecond, func() { close(end) })
		shut(t, s, time.Minute)
		if f := r.end(t, j); f.Outcome != "exited" {
			t.Errorf("%+v", f)
		}
	})
	t.Run("long programs, again and again", func(t *testing.T) {
		r, begun, where := newRooms(), make(chan string, 10), file(t)
		running, waiting := r.ask("r", 1), r.ask("s", 2)
		for range 3 { // more often than the attempts that a run has
			s := serve(t, where, 1, forever(begun, "running"), r)
			within(t, begun)
			shut(t, s, 2*time.Second)
			s.Request("r", 3) // is too late, and harmless
		}
		if len(r.finished) != 0 {
			t.Fatalf("%+v", r.finished)
		}
		if told := r.told[run.Job{Room: "r", Run: 3}]; len(told) > 0 {
			t.Errorf("of a request that came too late is told %v", told)
		}
		s := serve(t, where, 1, prints("x"), r)
		defer shut(t, s, time.Minute)
		if a, b := r.end(t, running), r.end(t, waiting); a.Outcome != "exited" || b.Outcome != "exited" {
			t.Errorf("%+v %+v", a, b)
		}
	})
}

// What an earlier process left in the queue is not run again when its result is known.
func TestLeftOver(t *testing.T) {
	leave := func(t *testing.T, where string) (*rooms, run.Job) {
		r, begun := newRooms(), make(chan string, 10)
		q, err := queue.Open(t.Context(), where, log(t))
		if err != nil {
			t.Fatal(err)
		}
		put := telling{q, make(chan run.Job, 10)}
		s := serveWith(t, put, 1, forever(begun, "running"), r)
		r.ask("r", 1)
		s.Request("r", 1)
		within(t, begun)
		within(t, put.put)
		waits := r.ask("s", 2)
		s.Request("s", 2)
		within(t, put.put)
		if !s.Stop("s", 2, "ben") {
			t.Error("a run that waits is not known")
		}
		r.end(t, waits)
		shut(t, s, 2*time.Second)
		return r, waits
	}
	again := func(t *testing.T, where string, r *rooms) (ran []string) {
		names := make(chan string, 10)
		s := serve(t, where, 1, executor(func(_ context.Context, p run.Program, _ func(run.Event)) (wire.Finish, error) {
			names <- p.Main
			return exited(), nil
		}), r)
		last := r.ask("z", 9) // behind all that was left
		s.Request("z", 9)
		r.end(t, last)
		shut(t, s, time.Minute)
		close(names)
		for name := range names {
			ran = append(ran, name)
		}
		slices.Sort(ran)
		return ran
	}
	t.Run("stopped while it waited", func(t *testing.T) {
		where := file(t)
		r, waits := leave(t, where)
		if got := strings.Join(again(t, where, r), " "); got != "r/1 z/9" {
			t.Errorf("%s ran", got)
		}
		if f := r.finished[waits]; f.Outcome != "stopped" || f.By != "ben" {
			t.Errorf("%+v", f)
		}
	})
	t.Run("ended, but the server died before the queue heard of it", func(t *testing.T) {
		where := file(t)
		die(t, where)
		r := newRooms()
		r.finished[r.ask("r", 1)] = exited()
		if got := strings.Join(again(t, where, r), " "); got != "z/9" {
			t.Errorf("%s ran", got)
		}
	})
	t.Run("so old that rooms do not list it any more", func(t *testing.T) {
		where := file(t)
		r, _ := leave(t, where)
		old := r.asked[0]
		r.asked = nil
		if got := strings.Join(again(t, where, r), " "); got != "z/9" {
			t.Errorf("%s ran", got)
		}
		if f := r.finished[old]; f.Outcome != "failed" || !strings.Contains(f.Message, "Run it again") {
			t.Errorf("%+v", f)
		}
	})
}
