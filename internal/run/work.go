package run

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// errDied stands for attempts that nobody lived to tell of.
var errDied = codecollab.Errorf(codecollab.Unavailable, "server_died", "The server stopped while the program ran, %d times", attempts)

// work takes a job from the queue to its result in the log. An error means that there is none yet.
func (s *Service) work(ctx context.Context, j Job, attempt int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	known := s.begin(j, cancel)
	defer s.drop(j)
	waits, err := known, error(nil)
	if !known {
		waits, err = s.waits(ctx, j)
	}
	f := forgotten(j)
	if waits || s.stoppedBy(j) != "" { // a stop breaks off the asking too
		f, err = s.result(ctx, j, attempt)
	}
	switch {
	case nobodyWaits(err):
		return nil
	case err != nil:
		return err
	}
	if err := s.store(ctx, j, f); err != nil {
		s.opt.Log.Error("the result of a run is not stored", "room", j.Room, "run", j.Run, "err", err)
		return err // a sweep finds it again
	}
	return nil
}

// begin notes that a job is being worked; known is false when this process has not queued it. One that was stopped before
// is cancelled at once.
func (s *Service) begin(j Job, cancel context.CancelFunc) (known bool) {
	s.mu.Lock()
	st := s.jobs[j]
	if known = st != nil; !known {
		st = &state{}
		s.jobs[j] = st
	}
	st.cancel = cancel
	if st.stopped != "" {
		cancel()
	}
	s.line.start(j)
	s.mu.Unlock()
	s.tellPlaces()
	return known
}

// waits reports whether a job that an earlier process left has no result yet. It may have one: the process ended before its
// queue heard of that, or the run was stopped while it waited.
func (s *Service) waits(ctx context.Context, j Job) (bool, error) {
	jobs, err := s.rooms.Unfinished(ctx)
	return slices.Contains(jobs, j), err
}

// forgotten is for a run that rooms do not list. Most have a result, and then it changes nothing; one that is too old to be
// listed gets an end.
func forgotten(j Job) wire.Finish {
	return wire.Finish{
		Run: j.Run, Stage: "run", Outcome: "failed", Output: []wire.Chunk{},
		Message: "The server was away for too long before the program's turn came. Run it again.",
	}
}

// result tries until there is a result. An error is that of Program when nobody waits, or of ctx.
func (s *Service) result(ctx context.Context, j Job, attempt int) (f wire.Finish, err error) {
	f, err = wire.Finish{Run: j.Run, Stage: "run", Output: []wire.Chunk{}}, errDied
	for ; attempt <= attempts; attempt++ {
		f, err = s.attempt(ctx, j)
		if err == nil || nobodyWaits(err) {
			return f, err
		}
		if ctx.Err() != nil {
			break
		}
		s.opt.Log.Error("run failed", "room", j.Room, "run", j.Run, "attempt", attempt, "err", err)
	}
	if by := s.stoppedBy(j); by != "" {
		f.Outcome, f.By = "stopped", by
		return f, nil
	}
	if ctx.Err() != nil {
		return f, ctx.Err()
	}
	f.Outcome, f.Message = "failed", apology(err)
	return f, nil
}

// attempt runs the program once. With an error, the result has what is known all the same.
func (s *Service) attempt(ctx context.Context, j Job) (wire.Finish, error) {
	out := newOutput(s.opt, func(stream, data string) { s.rooms.Output(j.Room, j.Run, stream, data) })
	var f wire.Finish
	p, err := s.program(ctx, j)
	begun := time.Now()
	if err == nil {
		f, err = s.execute(ctx, p, func(e Event) { s.hear(j, out, e) })
	}
	out.close()
	if err != nil {
		f = wire.Finish{Wall: time.Since(begun).Milliseconds()}
	}
	if f.Stage == "" {
		f.Stage = out.stage
	}
	f.Run = j.Run
	f.Output, f.Omitted = out.kept.result(f.Omitted)
	return f, err
}

func (s *Service) program(ctx context.Context, j Job) (Program, error) {
	if ctx.Err() != nil {
		return Program{}, ctx.Err()
	}
	return s.rooms.Program(ctx, j.Room, j.Run)
}

// execute makes a defect of the executor an error, for the queue would keep it to itself.
func (s *Service) execute(ctx context.Context, p Program, on func(Event)) (f wire.Finish, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	return s.exec.Execute(ctx, p, on)
}

// hear takes what the executor tells.
func (s *Service) hear(j Job, out *output, e Event) {
	if e.Stage == "" {
		out.add(e.Stream, e.Data)
		return
	}
	out.stage = e.Stage
	state := "running"
	if e.Stage == "compile" {
		state = "compiling"
	}
	s.telling.Lock()
	defer s.telling.Unlock()
	s.rooms.Progress(j.Room, j.Run, state, 0)
}

func (s *Service) stoppedBy(j Job) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.jobs[j]; st != nil {
		return st.stopped
	}
	return ""
}

// stopped is the result of a run that never began.
func stopped(j Job, by string) wire.Finish {
	return wire.Finish{Run: j.Run, Stage: "run", Outcome: "stopped", By: by, Output: []wire.Chunk{}}
}

// storeTries is how often it is tried to store a result, with growing pauses: half a minute in all.
const storeTries = 6

// store puts a result into the log, patiently: the disk may be full for a moment. That nobody waits for it is no error.
func (s *Service) store(ctx context.Context, j Job, f wire.Finish) error {
	ctx = context.WithoutCancel(ctx) // the program is at its end, also when ctx is
	var err error
	for try := range storeTries {
		if err = s.rooms.Finish(ctx, j.Room, f); err == nil || nobodyWaits(err) {
			return nil
		}
		if try == storeTries-1 {
			break
		}
		select {
		case <-time.After(time.Second << try):
		case <-s.ctx.Done():
			return err
		}
	}
	return err
}

// nobodyWaits reports whether err says that the room is gone, or has a result.
func nobodyWaits(err error) bool {
	code := codecollab.CodeOf(err)
	return err != nil && (code == "no_room" || code == "no_run")
}

// apology says for people why we failed. What is not meant for them is in the log.
func apology(err error) string {
	if e, ok := errors.AsType[*codecollab.Error](err); ok {
		return "The program could not be run: " + strings.TrimSuffix(e.Message, ".") + "."
	}
	return "The program could not be run; the server's log says why."
}
