package run

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// Service runs what rooms ask for.
type Service struct {
	opt   Options
	queue Queue
	exec  Executor
	rooms Rooms

	ctx   context.Context // ends at Close
	stop  context.CancelFunc
	tasks sync.WaitGroup

	mu      sync.Mutex
	jobs    map[Job]*state
	waiting []Job // in the order of their coming
}

// state is what this process knows of a job that has no result.
type state struct {
	place   int    // told last; 0 once it runs
	stopped string // the person who stopped it
	cancel  context.CancelFunc
}

const (
	sweepEvery  = time.Minute
	finishTries = 5 // with growing pauses, about half a minute in all
)

// New starts the service on a queue, which it owns from here on.
func New(ctx context.Context, opt Options, q Queue, e Executor, rooms Rooms) (*Service, error) {
	s := &Service{opt: opt, queue: q, exec: e, rooms: rooms, jobs: map[Job]*state{}}
	s.ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	if err := q.Start(s.ctx, opt.Workers, s.work); err != nil {
		s.stop()
		return nil, err
	}
	s.tasks.Go(s.sweep)
	return s, nil
}

// Close kills what runs; it is run again at the next start, as is what waits.
func (s *Service) Close(ctx context.Context) error {
	s.stop()
	s.tasks.Wait()
	return s.queue.Close(ctx)
}

// Request queues a run that a room has asked for. It does not wait: should queueing fail, the sweep does it later.
func (s *Service) Request(room string, run int64) {
	if s.ctx.Err() == nil {
		s.tasks.Go(func() { s.request(Job{room, run}) })
	}
}

func (s *Service) request(j Job) {
	if !s.add(j) {
		return
	}
	if err := s.queue.Put(s.ctx, j); err != nil {
		s.opt.Log.Error("run not queued", "room", j.Room, "run", j.Run, "err", err)
		s.drop(j)
	}
}

func (s *Service) sweep() {
	t := time.NewTicker(sweepEvery)
	defer t.Stop()
	for {
		jobs, err := s.rooms.Unfinished(s.ctx)
		if err != nil && s.ctx.Err() == nil {
			s.opt.Log.Error("runs not swept", "err", err)
		}
		for _, j := range jobs {
			s.request(j)
		}
		select {
		case <-s.ctx.Done():
			return
		case <-t.C:
		}
	}
}

// add notes a job that waits; false when it is known already.
func (s *Service) add(j Job) bool {
	s.mu.Lock()
	known := s.jobs[j] != nil
	if !known {
		s.jobs[j] = &state{}
		s.waiting = append(s.waiting, j)
	}
	s.mu.Unlock()
	s.tellPlaces()
	return !known
}

// begin notes that a job runs; false when it was stopped before.
func (s *Service) begin(j Job, cancel context.CancelFunc) bool {
	s.mu.Lock()
	st := s.jobs[j]
	if st == nil {
		st = &state{}
		s.jobs[j] = st
	}
	st.cancel = cancel
	s.waiting = slices.DeleteFunc(s.waiting, func(w Job) bool { return w == j })
	ok := st.stopped == ""
	s.mu.Unlock()
	s.tellPlaces()
	return ok
}

// drop forgets a job that has a result, or none to come.
func (s *Service) drop(j Job) {
	s.mu.Lock()
	delete(s.jobs, j)
	s.waiting = slices.DeleteFunc(s.waiting, func(w Job) bool { return w == j })
	s.mu.Unlock()
	s.tellPlaces()
}

// tellPlaces tells those who wait where they stand, if that has changed.
func (s *Service) tellPlaces() {
	s.mu.Lock()
	defer s.mu.Unlock() // held while telling, so that a later place is never followed by an earlier one
	for i, j := range s.waiting {
		if st := s.jobs[j]; st.place != i+1 {
			st.place = i + 1
			s.rooms.Progress(j.Room, j.Run, "queued", st.place)
		}
	}
}

// Stop ends a run, whatever stage it is in, on behalf of a person; false when nothing of it is known.
func (s *Service) Stop(room string, run int64, by string) bool {
	j := Job{room, run}
	s.mu.Lock()
	st := s.jobs[j]
	if st == nil || st.stopped != "" {
		s.mu.Unlock()
		return st != nil
	}
	st.stopped = by
	cancel := st.cancel
	s.mu.Unlock()
	if cancel != nil {
		cancel() // its worker tells the result
		return true
	}
	s.tasks.Go(func() { s.finish(s.ctx, j, wire.Finish{Run: run, Stage: "run", Outcome: "stopped", By: by}) })
	return true
}

func (s *Service) stoppedBy(j Job) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.jobs[j]; st != nil {
		return st.stopped
	}
	return ""
}

// work is one attempt at one job.
func (s *Service) work(ctx context.Context, j Job, attempt int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if !s.begin(j, cancel) {
		return nil
	}
	p, err := s.rooms.Program(ctx, j.Room, j.Run)
	if code := codecollab.CodeOf(err); code == "no_room" || code == "no_run" {
		s.drop(j)
		return nil
	}
	out := newOutput(s.opt, func(stream, data string) { s.rooms.Output(j.Room, j.Run, stream, data) })
	f := wire.Finish{Stage: "run"}
	switch {
	case err != nil:
	case attempt > attempts:
		err = errors.New("the server stopped while the program ran, more than once")
	default:
		f, err = s.exec.Execute(ctx, p, func(e Event) { s.hear(j, out, e) })
	}
	out.close()
	f.Run = j.Run
	if by := s.stoppedBy(j); by != "" {
		f.Outcome, f.By, f.Message = "stopped", by, ""
	} else if err != nil {
		if ctx.Err() != nil || attempt < attempts {
			return err // tried again, at once or by the next process
		}
		s.opt.Log.Error("run failed", "room", j.Room, "run", j.Run, "err", err)
		f.Outcome, f.Message = "failed", "The program could not be run: "+err.Error()+"."
	}
	var omitted int64
	f.Output, omitted = out.kept()
	f.Omitted += omitted
	return s.finish(ctx, j, f)
}

// hear takes what the executor tells.
func (s *Service) hear(j Job, out *output, e Event) {
	switch e.Stage {
	case "":
		out.add(e.Stream, e.Data)
	case "compile":
		out.compiling = true
		s.rooms.Progress(j.Room, j.Run, "compiling", 0)
	default:
		out.compiling = false
		s.rooms.Progress(j.Room, j.Run, "running", 0)
	}
}

// finish puts a result into the log, patiently: the disk may be full for a moment.
func (s *Service) finish(ctx context.Context, j Job, f wire.Finish) error {
	ctx = context.WithoutCancel(ctx)
	var err error
	for try := range finishTries {
		if err = s.rooms.Finish(ctx, j.Room, f); err == nil || codecollab.CodeOf(err) == "no_run" || codecollab.CodeOf(err) == "no_room" {
			s.drop(j)
			return nil
		}
		select {
		case <-time.After(time.Second << try):
		case <-s.ctx.Done():
			return err
		}
	}
	s.drop(j) // the sweep finds it again
	return fmt.Errorf("the result of run %d in %s is not stored: %w", j.Run, j.Room, err)
}
