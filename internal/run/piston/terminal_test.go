package piston

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/run"
	"codecollab.dev/internal/wire"
)

// terminalRun is one run of a program through the real service: the room "r", run 1.
type terminalRun struct {
	program run.Program
	t       *testing.T
	service *run.Service
	end     chan wire.Finish

	mu      sync.Mutex
	changed chan struct{}
	all     heard
}

// newTerminalRun runs a program that has a terminal.
func newTerminalRun(t *testing.T, c *Client) *terminalRun {
	t.Helper()
	p := program()
	p.Terminal = &wire.Size{Rows: 24, Cols: 80}
	return newRun(t, c, p)
}

func newRun(t *testing.T, c *Client, p run.Program) *terminalRun {
	t.Helper()
	s := &terminalRun{program: p, t: t, end: make(chan wire.Finish, 1), changed: make(chan struct{})}
	var err error
	s.service, err = run.New(t.Context(), run.Options{Workers: 1, HeadBytes: 4096, TailBytes: 4096, Log: slog.New(slog.DiscardHandler)}, &oneJob{}, c, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.service.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	s.service.Request("r", 1)
	return s
}

func (s *terminalRun) keys(person, data string) {
	s.t.Helper()
	if err := s.service.Type("r", 1, person, data); err != nil {
		s.t.Error(err)
	}
}

func (s *terminalRun) note(e run.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all.on(e)
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *terminalRun) heard() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.String()
}

func (s *terminalRun) until(what string) {
	s.t.Helper()
	timeout := time.After(time.Minute)
	for {
		s.mu.Lock()
		ok, changed := strings.Contains(s.all.String(), what), s.changed
		s.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-timeout:
			s.t.Fatalf("never: %s; heard %q", what, s.heard())
		}
	}
}

// Program implements run.Rooms.
func (s *terminalRun) Program(context.Context, string, int64) (run.Program, error) {
	return s.program, nil
}

// Progress implements run.Rooms.
func (s *terminalRun) Progress(_ string, st wire.RunState) {
	if st.State != "queued" {
		s.note(run.Event{State: st.State})
	}
}

// Output implements run.Rooms.
func (s *terminalRun) Output(_ string, _ int64, stream, data string) {
	s.note(run.Event{Stream: stream, Data: data})
}

// Finish implements run.Rooms.
func (s *terminalRun) Finish(_ context.Context, _ string, f wire.Finish, files []run.Found) error {
	for i := range files {
		s.note(run.Event{File: &files[i]})
	}
	select {
	case s.end <- f:
		return nil
	default:
		return codecollab.Errorf(codecollab.NotFound, "no_run", "it has ended")
	}
}

// Unfinished implements run.Rooms.
func (s *terminalRun) Unfinished(context.Context) ([]run.Job, error) { return nil, nil }

// oneJob is a queue that works each job at once.
type oneJob struct {
	work func(context.Context, run.Job, int) error
	jobs sync.WaitGroup
}

// Start implements run.Queue.
func (q *oneJob) Start(_ context.Context, _ int, work func(context.Context, run.Job, int) error) error {
	q.work = work
	return nil
}

// Put implements run.Queue.
func (q *oneJob) Put(_ context.Context, j run.Job, _ time.Time) (bool, error) {
	q.jobs.Go(func() { _ = q.work(context.Background(), j, 1) })
	return true, nil
}

// Close implements run.Queue.
func (*oneJob) Drain() {}

func (q *oneJob) Close(context.Context) error { q.jobs.Wait(); return nil }
