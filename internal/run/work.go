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
	"codecollab.dev/internal/trace"
	"codecollab.dev/internal/wire"
)

// errDied stands for attempts that nobody lived to tell of.
var errDied = codecollab.Errorf(codecollab.Unavailable, "server_died", "The server stopped while the program ran, %d times", attempts)

// work takes a job from the queue to its result in the log. An error means that there is none yet.
func (s *Service) work(ctx context.Context, j Job, attempt int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	known := s.take(j)
	defer s.drop(j)
	if !s.turn(ctx, j) {
		return errClosing
	}
	s.begin(j, cancel)
	seen := s.watch(j)
	ctx = trace.With(ctx, seen.span)
	defer seen.over()
	waits, err := known, error(nil)
	if !known {
		waits, err = s.waits(ctx, j)
	}
	f, files := forgotten(j), []Found(nil)
	if waits || s.stoppedBy(j) != "" { // a stop breaks off the asking too
		f, files, err = s.result(ctx, j, attempt)
	}
	switch {
	case nobodyWaits(err):
		return nil
	case err != nil:
		return err
	}
	storing := time.Now()
	err = s.store(ctx, j, f, files)
	seen.stored(storing, f, err)
	if err != nil {
		s.opt.Log.Error("the result of a run is not stored", "room", j.Room, "run", j.Run, "err", err)
		return err // a sweep finds it again
	}
	return nil
}

// errClosing says that a job's turn has not come before the service closed.
var errClosing = errors.New("the service is closing")

// take notes that a worker has a job; known is false when this process has not queued it.
func (s *Service) take(j Job) (known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known = s.jobs[j] != nil; !known {
		s.jobs[j] = &state{since: time.Now()}
	}
	return known
}

// begin notes that a job is being worked. One that was stopped before is cancelled at once.
func (s *Service) begin(j Job, cancel context.CancelFunc) {
	s.mu.Lock()
	st := s.jobs[j]
	st.cancel = cancel
	if st.stopped != "" {
		cancel()
	}
	s.line.start(j)
	s.mu.Unlock()
	s.tellPlaces()
	s.tellOthers(news{What: begun, Room: j.Room, Run: j.Run})
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
func (s *Service) result(ctx context.Context, j Job, attempt int) (f wire.Finish, files []Found, err error) {
	f, err = wire.Finish{Run: j.Run, Stage: "run", Output: []wire.Chunk{}}, errDied
	for ; attempt <= attempts; attempt++ {
		f, files, err = s.attempt(ctx, j, attempt)
		if err == nil || nobodyWaits(err) {
			return f, files, err
		}
		if ctx.Err() != nil {
			break
		}
		s.opt.Log.Error("run failed", "room", j.Room, "run", j.Run, "attempt", attempt, "err", err)
	}
	if by := s.stoppedBy(j); by != "" {
		f.Outcome, f.By = "stopped", by
		return f, nil, nil
	}
	if ctx.Err() != nil {
		return f, nil, ctx.Err()
	}
	f.Outcome, f.Message = "failed", apology(err)
	return f, nil, nil
}

// attempt runs the program once. With an error, the result has what is known all the same.
func (s *Service) attempt(ctx context.Context, j Job, n int) (f wire.Finish, files []Found, err error) {
	out := newOutput(s.opt, func(stream, data string) { s.rooms.Output(j.Room, j.Run, stream, data) })
	if n > 1 {
		s.tell(j, n, "queued") // for there is none of the output that was told
	}
	_, reading := trace.Start(ctx, "run.program")
	p, err := s.program(ctx, j)
	reading.End("")
	s.known(j, p.Language)
	begun := time.Now()
	if err == nil {
		s.openTerminal(j, &p, out)
		within, stages := newStages(ctx, n)
		f, err = s.execute(within, p, func(e Event) {
			stages.hear(e.State)
			if e.File != nil {
				files = append(files, *e.File)
			} else {
				s.hear(j, n, p.Keys, out, e)
			}
		})
		stages.end(err)
		s.closeTerminal(j)
	}
	out.close()
	if err != nil {
		f = wire.Finish{Wall: time.Since(begun).Milliseconds()}
	}
	if f.Stage == "" {
		f.Stage = out.stage
	}
	f.Run = j.Run
	f.Output, f.Omitted = out.kept.Result(f.Omitted)
	return f, files, err
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
func (s *Service) hear(j Job, attempt int, keys *Keys, out *output, e Event) {
	switch e.State {
	case "":
		stream := e.Stream
		if out.stage == "compile" {
			stream = "compile"
		}
		out.add(stream, e.Data)
		return
	case "compiling":
		out.stage = "compile"
	case "waiting":
		if keys != nil {
			keys.allRead()
		}
	default:
		out.stage = "run"
	}
	s.idle(j, e.State == "waiting")
	s.tell(j, attempt, e.State)
}

// tell says where a run is that does not wait in line.
func (s *Service) tell(j Job, attempt int, state string) {
	told := wire.RunState{Run: j.Run, State: state}
	if attempt > 1 {
		told.Attempt = attempt
	}
	s.telling.Lock()
	defer s.telling.Unlock()
	s.rooms.Progress(j.Room, told)
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

// store puts a result and its files where they stay, patiently: the disk may be full for a moment. That nobody waits for it is no error.
func (s *Service) store(ctx context.Context, j Job, f wire.Finish, files []Found) error {
	ctx = context.WithoutCancel(ctx) // the program is at its end, also when ctx is
	var err error
	for try := range storeTries {
		if err = s.rooms.Finish(ctx, j.Room, f, files); err == nil || nobodyWaits(err) {
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
	return err != nil && (code == "no_room" || code == "deleted" || code == "no_run")
}

// apology says for people why we failed. What is not meant for them is in the log.
func apology(err error) string {
	if e, ok := errors.AsType[*codecollab.Error](err); ok {
		return "The program could not be run: " + strings.TrimSuffix(e.Message, ".") + "."
	}
	return "The program could not be run; the server's log says why."
}
