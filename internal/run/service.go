package run

import (
	"context"
	"slices"
	"sync"
	"time"

	"codecollab.dev/internal/wire"
)

// Service runs what rooms ask for.
type Service struct {
	opt   Options
	queue Queue
	exec  Executor
	rooms Rooms

	deaf func() // hears other nodes no more; nil: there are none

	ctx   context.Context // ends at Close
	stop  context.CancelFunc
	tasks sync.WaitGroup

	// telling is held while rooms are told where runs are, so that no room hears an older thing after a newer one. It is
	// taken before mu.
	telling sync.Mutex

	mu     sync.Mutex // guards all below
	closed bool
	jobs   map[Job]*state
	line   *line
	ready  []Job        // those that workers have and that wait for a turn
	busy   int          // turns that are taken
	over   map[Job]bool // the jobs that ended since the sweep that goes on began; nil while none does
}

// state is what this process knows of a job that has no result.
type state struct {
	since    time.Time          // when it was asked for here
	language string             // once it is known
	stopped  string             // the person who stopped it
	cancel   context.CancelFunc // ends its program; nil while it waits

	may      chan struct{} // closed when its turn comes; nil while it does not wait for one
	turn     bool          // it has one
	terminal *terminal     // of the attempt that goes on; nil when there is none
	size     *wire.Size    // of the terminal, when it was changed
}

const sweepEvery = time.Minute

// New starts the service on a queue, which it owns from here on. It begins with what has been requested and has no
// result. ctx is used for its values only.
func New(ctx context.Context, opt Options, q Queue, e Executor, rooms Rooms) (*Service, error) {
	s := &Service{opt: opt, queue: q, exec: e, rooms: rooms, jobs: map[Job]*state{}, line: newLine(time.Now())}
	s.ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	if err := q.Start(s.ctx, opt.Workers+opt.Idle, s.work); err != nil {
		s.stop()
		return nil, err
	}
	if opt.Others != nil {
		s.deaf = opt.Others.Subscribe(topic, s.hearOthers)
	}
	s.tasks.Go(s.sweeps)
	return s, nil
}

// Drain begins no more runs here, where there are other nodes that do. What is asked for here still gets into the queue.
func (s *Service) Drain() { s.queue.Drain() }

// Close lets programs go on for half of the time until ctx ends, then kills those that still run. They are run again at
// the next start, as is what waits.
func (s *Service) Close(ctx context.Context) error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.stop()
	s.tasks.Wait()
	err := s.queue.Close(ctx)
	if s.deaf != nil {
		s.deaf() // people elsewhere may stop, until the end, what still runs
	}
	return err
}

// Request queues a run that a room has asked for. It does not wait: should queueing fail, a sweep does it later.
func (s *Service) Request(room string, run int64) {
	s.task(func() { s.request(Job{room, run}) })
}

// task does something beside the caller, unless the service is closed.
func (s *Service) task(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.tasks.Go(f)
	}
}

func (s *Service) request(j Job) {
	rank, ok := s.join(j)
	if !ok {
		return
	}
	s.tellPlaces()
	if _, err := s.queue.Put(s.ctx, j, rank); err != nil {
		s.notQueued(j, err)
		s.drop(j)
	}
}

func (s *Service) notQueued(j Job, err error) {
	if s.ctx.Err() == nil {
		s.opt.Log.Error("run not queued", "room", j.Room, "run", j.Run, "err", err)
	}
}

// again queues a run that a sweep has found. Where there are other nodes it may be theirs: only one that was in no queue is ours.
func (s *Service) again(j Job) {
	if s.opt.Others == nil {
		s.request(j)
		return
	}
	s.mu.Lock()
	s.line.rise(time.Now())
	known, rank := s.jobs[j] != nil || s.over[j], s.line.end(j.Room)
	s.mu.Unlock()
	if known {
		return
	}
	added, err := s.queue.Put(s.ctx, j, rank)
	if err != nil {
		s.notQueued(j, err)
		return
	}
	if !added {
		return
	}
	if _, ok := s.join(j); ok {
		s.tellPlaces()
	}
}

// join notes a job that waits; false when it is known already, or has just ended.
func (s *Service) join(j Job) (time.Time, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.jobs[j] != nil || s.over[j] {
		return time.Time{}, false
	}
	if s.opt.Others != nil {
		s.line.rise(time.Now())
	}
	s.jobs[j] = &state{since: time.Now()}
	return s.line.join(j), true
}

func (s *Service) sweeps() {
	t := time.NewTicker(sweepEvery)
	defer t.Stop()
	for {
		s.sweep()
		select {
		case <-s.ctx.Done():
			return
		case <-t.C:
		}
	}
}

// sweep queues what was requested and has neither job nor result.
func (s *Service) sweep() {
	s.track(map[Job]bool{})
	defer s.track(nil)
	jobs, err := s.rooms.Unfinished(s.ctx)
	if err != nil && s.ctx.Err() == nil {
		s.opt.Log.Error("runs not swept", "err", err)
	}
	for _, j := range jobs {
		if s.ctx.Err() != nil {
			return
		}
		s.again(j)
	}
}

// track begins to note in m which jobs end: the answer of Unfinished may be older than that.
func (s *Service) track(m map[Job]bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = m
}

// drop forgets a job that has a result, or none to come.
func (s *Service) drop(j Job) {
	s.mu.Lock()
	if st := s.jobs[j]; st != nil {
		s.giveTurn(st)
	}
	delete(s.jobs, j)
	s.line.leave(j)
	if s.over != nil {
		s.over[j] = true
	}
	s.mu.Unlock()
	s.tellPlaces()
}

// tellPlaces tells those who wait where they stand, if that has changed.
func (s *Service) tellPlaces() {
	s.telling.Lock()
	defer s.telling.Unlock()
	s.mu.Lock()
	news := s.line.news()
	s.mu.Unlock()
	for _, p := range news {
		s.rooms.Progress(p.job.Room, wire.RunState{Run: p.job.Run, State: "queued", Place: p.told})
	}
}

// stopHere ends a run that this node knows of; false when it does not.
func (s *Service) stopHere(j Job, by string) bool {
	s.mu.Lock()
	st := s.jobs[j]
	if st == nil || st.stopped != "" {
		s.mu.Unlock()
		return st != nil
	}
	st.stopped = by
	cancel := st.cancel
	s.line.leave(j)
	if st.may != nil { // its worker need not wait any more
		close(st.may)
		st.may = nil
		s.ready = slices.DeleteFunc(s.ready, func(r Job) bool { return r == j })
	}
	s.mu.Unlock()
	if cancel != nil {
		cancel() // its worker stores the result
		return true
	}
	// The queue still has it. It stays known until a worker has taken it, and then ends at once.
	s.task(func() {
		s.tellPlaces()
		_ = s.store(s.ctx, j, stopped(j, by), nil) // else its worker does
	})
	return true
}

// Counts are the runs that wait here, and those that go on.
func (s *Service) Counts() (waiting, running int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, st := range s.jobs {
		if st.cancel != nil {
			running++
		} else {
			waiting++
		}
	}
	return waiting, running
}
