package run_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/run"
	"codecollab.dev/internal/run/queue"
	"codecollab.dev/internal/wire"
)

// terminals are rooms whose programs have a terminal.
type terminals struct{ *rooms }

// Program implements run.Rooms.
func (r terminals) Program(ctx context.Context, room string, n int64) (run.Program, error) {
	p, err := r.rooms.Program(ctx, room, n)
	p.Terminal = &wire.Size{Rows: 24, Cols: 80}
	return p, err
}

// echoes is an executor that shows what is typed until a line says "bye", and waits before each key. sizes are told, "0" at
// the beginning.
func echoes(fail *int) executor {
	return func(ctx context.Context, p run.Program, on func(run.Event)) (wire.Finish, error) {
		on(run.Event{State: "running"})
		on(run.Event{Stream: "stdout", Data: "> "})
		for all := ""; !strings.Contains(all, "bye"); {
			on(run.Event{State: "waiting"})
			data, size, err := p.Keys.Next(ctx)
			if err != nil {
				return wire.Finish{}, err
			}
			on(run.Event{State: "running"})
			if size != nil {
				on(run.Event{Stream: "stderr", Data: "resized"})
			}
			all += data
			if *fail > 0 && data != "" {
				*fail--
				return wire.Finish{}, codecollab.Errorf(codecollab.Unavailable, "runner_gone", "the runner went away")
			}
			on(run.Event{Stream: "stdout", Data: strings.ReplaceAll(data, "\r", "\r\n> ")})
		}
		return exited(), nil
	}
}

func has(r *rooms, j run.Job, text string) func() bool {
	return func() bool { return strings.HasSuffix(r.output[j], text) }
}

func typeIn(t *testing.T, s *run.Service, person, data string) {
	t.Helper()
	if err := s.Type("r", 1, person, data); err != nil {
		t.Fatal(err)
	}
}

// Each line is marked with who types it: before its first key, and when somebody else goes on.
func TestWhoTypes(t *testing.T) {
	r := newRooms()
	s := serve(t, file(t), 1, echoes(new(int)), terminals{r})
	defer shut(t, s, time.Minute)
	if err := s.Type("r", 1, "ann", "x"); codecollab.CodeOf(err) != "no_run" {
		t.Errorf("before there is a run: %v", err)
	}
	j := r.ask("r", 1)
	s.Request("r", 1)
	r.until(t, "it waits", func() bool { return r.last(j) == "waiting" })
	for _, c := range [][3]string{
		{"ann", "a", "[stdout]> [typed]ann\n[stdout]a"},
		{"ann", "b", "[stdout]b"}, // the same line, the same person
		{"ben", "c", "[typed]ben\n[stdout]c"},
		{"ben", "\r", "[stdout]\r\n> "},
		{"ben", "d", "[typed]ben\n[stdout]d"}, // another line
	} {
		typeIn(t, s, c[0], c[1])
		r.until(t, "the echo of "+c[1], has(r, j, c[2]))
	}
	s.Resize("r", 1, wire.Size{Rows: 9, Cols: 9})
	r.until(t, "the size is told", has(r, j, "[stderr]resized"))
	typeIn(t, s, "cleo", "bye")
	f := r.end(t, j)
	marks := ""
	for _, c := range f.Output {
		if c.Stream == "typed" {
			marks += c.Data
		}
	}
	if marks != "ann\nben\nben\ncleo\n" {
		t.Errorf("the result has the marks %q", marks)
	}
	if err := s.Type("r", 1, "ann", "x"); codecollab.CodeOf(err) != "no_run" {
		t.Errorf("after the end: %v", err)
	}
}

// A second attempt has a fresh terminal, of the size that the first had at its end, and what was told before is void.
func TestASecondAttemptHasAFreshTerminal(t *testing.T) {
	r, fail := newRooms(), 1
	s := serve(t, file(t), 1, echoes(&fail), terminals{r})
	defer shut(t, s, time.Minute)
	j := r.ask("r", 1)
	s.Request("r", 1)
	r.until(t, "it waits", func() bool { return r.last(j) == "waiting" })
	typeIn(t, s, "ann", "lost")
	r.until(t, "it waits again", func() bool { return r.last(j) == "waiting again 2" })
	typeIn(t, s, "ann", "bye")
	f := r.end(t, j)
	if f.Outcome != "exited" || len(f.Output) != 3 || f.Output[0].Data != "> " || f.Output[2].Data != "bye" {
		t.Errorf("%+v", f)
	}
}

// What a program does not read is bounded; it is refused, and the program goes on.
func TestInputThatNobodyReads(t *testing.T) {
	r, read := newRooms(), make(chan bool)
	s := serve(t, file(t), 1, executor(func(ctx context.Context, p run.Program, on func(run.Event)) (wire.Finish, error) {
		on(run.Event{State: "running"})
		<-read
		if _, _, err := p.Keys.Next(ctx); err != nil {
			return wire.Finish{}, err
		}
		on(run.Event{State: "waiting"})
		<-read
		return exited(), nil
	}), terminals{r})
	defer shut(t, s, time.Minute)
	j := r.ask("r", 1)
	s.Request("r", 1)
	r.until(t, "it runs", func() bool { return r.last(j) == "running" })
	piece := strings.Repeat("x", 64<<10)
	for range 16 {
		typeIn(t, s, "ann", piece)
	}
	err := s.Type("r", 1, "ben", piece)
	if codecollab.CodeOf(err) != "input_full" || !strings.Contains(err.Error(), "1024 KiB") {
		t.Errorf("the 17th: %v", err)
	}
	read <- true
	r.until(t, "it waits", func() bool { return r.last(j) == "waiting" })
	typeIn(t, s, "ben", piece)
	read <- true
	if f := r.end(t, j); f.Outcome != "exited" {
		t.Errorf("%+v", f)
	}
}

func TestFilesOfAProgram(t *testing.T) {
	r := newRooms()
	s := serve(t, file(t), 1, executor(func(_ context.Context, _ run.Program, on func(run.Event)) (wire.Finish, error) {
		on(run.Event{State: "running"})
		on(run.Event{File: &run.Found{Name: "a/b.png", Data: []byte("…")}})
		return exited(), nil
	}), r)
	defer shut(t, s, time.Minute)
	j := r.ask("r", 1)
	s.Request("r", 1)
	r.end(t, j)
	if files := r.files[j]; len(files) != 1 || files[0].Name != "a/b.png" {
		t.Errorf("%+v", files)
	}
}

// A program that waits for input holds nobody up; one that goes on may be one too many.
func TestAPromptHoldsNobodyUp(t *testing.T) {
	r := newRooms()
	q, err := queue.Open(t.Context(), file(t), log(t))
	if err != nil {
		t.Fatal(err)
	}
	prompt, plain := echoes(new(int)), make(chan string, 9)
	s, err := run.New(t.Context(), run.Options{Workers: 1, Idle: 2, HeadBytes: 100, TailBytes: 100, Log: log(t)}, q,
		executor(func(ctx context.Context, p run.Program, on func(run.Event)) (wire.Finish, error) {
			if strings.HasPrefix(p.Main, "r/") {
				return prompt(ctx, p, on)
			}
			return forever(plain, "running")(ctx, p, on)
		}), terminals{r})
	if err != nil {
		t.Fatal(err)
	}
	defer shut(t, s, time.Minute)
	j := r.ask("r", 1)
	s.Request("r", 1)
	r.until(t, "it waits", func() bool { return r.last(j) == "waiting" })
	for n, state := range []string{"running", "queued 1", "queued 2"} {
		other := r.ask("other", int64(n+1))
		s.Request("other", int64(n+1))
		r.until(t, "the next one is "+state, func() bool { return r.last(other) == state })
	}
	if got := within(t, plain); got != "other/1" {
		t.Errorf("%s has begun", got)
	}
	typeIn(t, s, "ann", "bye")
	if f := r.end(t, j); f.Outcome != "exited" {
		t.Errorf("%+v", f)
	}
	// While a program computes no other one begins, although workers are free.
	if len(plain) > 0 {
		t.Errorf("%s has begun beside another one", <-plain)
	}
	if !s.Stop("other", 2, "ann") || !s.Stop("other", 1, "ann") {
		t.Error("they are not known")
	}
	if got := within(t, plain); got != "other/3" {
		t.Errorf("%s has begun", got)
	}
	s.Stop("other", 3, "ann")
	r.end(t, run.Job{Room: "other", Run: 3})
}
