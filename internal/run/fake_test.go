package run_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/run"
	"codecollab.dev/internal/run/queue"
	"codecollab.dev/internal/wire"
)

// rooms are rooms in memory: what was requested, what was told, how it ended.
type rooms struct {
	mu       sync.Mutex
	changed  chan struct{} // closed and made anew whenever something does
	asked    []run.Job
	told     map[run.Job][]string // "queued 1", "running", …
	output   map[run.Job]string
	finished map[run.Job]wire.Finish
	files    map[run.Job][]run.Found
	twice    int // results for runs that had one
	refuse   int // so many calls of Finish fail
	programs map[run.Job]error
}

func newRooms() *rooms {
	return &rooms{
		changed: make(chan struct{}), told: map[run.Job][]string{}, output: map[run.Job]string{},
		finished: map[run.Job]wire.Finish{}, files: map[run.Job][]run.Found{}, programs: map[run.Job]error{},
	}
}

// change does something to the rooms.
func (r *rooms) change(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f()
	close(r.changed)
	r.changed = make(chan struct{})
}

// ask notes that a run was requested.
func (r *rooms) ask(room string, n int64) run.Job {
	j := run.Job{Room: room, Run: n}
	r.change(func() { r.asked = append(r.asked, j) })
	return j
}

// until waits for a condition on the rooms.
func (r *rooms) until(t *testing.T, what string, cond func() bool) {
	t.Helper()
	timeout := time.After(time.Minute)
	again := time.NewTicker(10 * time.Millisecond) // the service may change without telling a room
	defer again.Stop()
	for {
		r.mu.Lock()
		ok, changed := cond(), r.changed
		r.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-again.C:
		case <-timeout:
			t.Fatalf("never: %s", what)
		}
	}
}

// end waits for a run's result.
func (r *rooms) end(t *testing.T, j run.Job) wire.Finish {
	t.Helper()
	r.until(t, fmt.Sprint("the end of ", j), func() bool { _, ok := r.finished[j]; return ok })
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.finished[j]
}

// last is what was told of a run last. It is for conditions of until.
func (r *rooms) last(j run.Job) string {
	if told := r.told[j]; len(told) > 0 {
		return told[len(told)-1]
	}
	return ""
}

// Program implements run.Rooms. It says how things were when the run was requested, and so knows no result, as the real ones do.
func (r *rooms) Program(_ context.Context, room string, n int64) (run.Program, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return run.Program{Language: "python", Main: fmt.Sprint(room, "/", n)}, r.programs[run.Job{Room: room, Run: n}]
}

// Progress implements run.Rooms.
func (r *rooms) Progress(room string, s wire.RunState) {
	j, state := run.Job{Room: room, Run: s.Run}, s.State
	if s.Place > 0 {
		state = fmt.Sprint(state, " ", s.Place)
	}
	if s.Attempt > 0 {
		state = fmt.Sprint(state, " again ", s.Attempt)
	}
	r.change(func() { r.told[j] = append(r.told[j], state) })
}

// Output implements run.Rooms.
func (r *rooms) Output(room string, n int64, stream, data string) {
	r.change(func() { r.output[run.Job{Room: room, Run: n}] += "[" + stream + "]" + data })
}

// Finish implements run.Rooms.
func (r *rooms) Finish(_ context.Context, room string, f wire.Finish, files []run.Found) (err error) {
	j := run.Job{Room: room, Run: f.Run}
	r.change(func() {
		if r.refuse > 0 {
			r.refuse--
			err = codecollab.Errorf(codecollab.Unavailable, "read_only", "the disk is full")
			return
		}
		if _, ok := r.finished[j]; ok {
			r.twice++
			err = codecollab.Errorf(codecollab.NotFound, "no_run", "it has ended")
			return
		}
		r.finished[j] = f
		r.files[j] = files
	})
	return err
}

// Unfinished implements run.Rooms.
func (r *rooms) Unfinished(context.Context) ([]run.Job, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []run.Job
	for _, j := range r.asked {
		if _, ok := r.finished[j]; !ok {
			out = append(out, j)
		}
	}
	return out, nil
}

// executor does what a function says.
type executor func(ctx context.Context, p run.Program, on func(run.Event)) (wire.Finish, error)

// Execute implements run.Executor.
func (e executor) Execute(ctx context.Context, p run.Program, on func(run.Event)) (wire.Finish, error) {
	return e(ctx, p, on)
}

// prints is an executor whose programs print a text and end.
func prints(text string) executor {
	return func(_ context.Context, _ run.Program, on func(run.Event)) (wire.Finish, error) {
		on(run.Event{State: "running"})
		on(run.Event{Stream: "stdout", Data: text})
		return exited(), nil
	}
}

func exited() wire.Finish {
	return wire.Finish{Stage: "run", Outcome: "exited", Code: new(int), Wall: 7}
}

// forever is an executor whose programs run until they are killed; begun is told their names.
func forever(begun chan<- string, state string) executor {
	return func(ctx context.Context, p run.Program, on func(run.Event)) (wire.Finish, error) {
		on(run.Event{State: state})
		on(run.Event{Stream: "stdout", Data: "…"})
		begun <- p.Main
		<-ctx.Done()
		return wire.Finish{}, ctx.Err()
	}
}

func slogDiscard() *slog.Logger { return slog.New(slog.DiscardHandler) }

func log(t *testing.T) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// serve starts a service on a queue in a file.
func serve(t *testing.T, file string, workers int, e run.Executor, r run.Rooms) *run.Service {
	t.Helper()
	q, err := queue.Open(t.Context(), file, log(t))
	if err != nil {
		t.Fatal(err)
	}
	return serveWith(t, q, workers, e, r)
}

func serveWith(t *testing.T, q run.Queue, workers int, e run.Executor, r run.Rooms) *run.Service {
	t.Helper()
	s, err := run.New(t.Context(), run.Options{Workers: workers, HeadBytes: 1000, TailBytes: 1000, Log: log(t)}, q, e, r)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// telling is a queue that says when a job is in it.
type telling struct {
	*queue.Queue
	put chan run.Job
}

// Put implements run.Queue.
func (q telling) Put(ctx context.Context, j run.Job, rank time.Time) (bool, error) {
	added, err := q.Queue.Put(ctx, j, rank)
	q.put <- j
	return added, err
}

// shut closes a service; programs have half of the time to end.
func shut(t *testing.T, s *run.Service, within time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), within)
	defer cancel()
	if err := s.Close(ctx); err != nil {
		t.Error(err)
	}
}

func file(t *testing.T) string { return filepath.Join(t.TempDir(), "queue.db") }

// within takes the next value of a channel, or gives up.
func within[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(time.Minute):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}
