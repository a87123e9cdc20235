// Package queue keeps the jobs of package run by River: in a SQLite file of their own, or in a schema of a Postgres database that
// several nodes share.
//
// SQLite's is a file of its own, because in the log's file jobs would compete with edits for the one writer. And it is not synced
// at every commit: a job that a power cut takes away is still requested in its room's log, where the sweep finds it.
package queue

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"codecollab.dev/internal/run"
)

// Queue is a run.Queue.
type Queue struct {
	log    *slog.Logger
	client client
	open   func(config *river.Config) (client, error)
	close  func() error
	rescue func(ctx context.Context, live []string) (int64, error)
	id     string // River's name of this process; "" is its own choice

	drained atomic.Bool
}

// client is what is needed of River's, which has a type of its own for each kind of transaction.
type client interface {
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	StopAndCancel(ctx context.Context) error
	Queues() *river.QueueBundle
	Insert(ctx context.Context, args river.JobArgs, opts *river.InsertOpts) (*rivertype.JobInsertResult, error)
}

// args are a job as River stores it. One is unique by both.
type args struct {
	Room string `json:"room" river:"unique"`
	Run  int64  `json:"run" river:"unique"`
}

// Kind implements river.JobArgs.
func (args) Kind() string { return "run" }

// migrate brings River's tables up to date.
func migrate[TTx any](ctx context.Context, d riverdriver.Driver[TTx], schema string, log *slog.Logger) error {
	m, err := rivermigrate.New(d, &rivermigrate.Config{Logger: log, Schema: schema})
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

const (
	// An insert wakes the workers of its own process at once (see the drivers), so polling is for what nobody has foreseen, and
	// for the jobs of other nodes that have no worker free.
	pollEvery = time.Second
	cooldown  = time.Millisecond // between one fetch and the next; it would delay the second of two jobs
	keepEnded = time.Hour        // of no use but for looking at
)

// Start implements run.Queue. It may be called once.
func (q *Queue) Start(ctx context.Context, workers int, work func(context.Context, run.Job, int) error) error {
	all := river.NewWorkers()
	river.AddWorker(all, river.WorkFunc(func(ctx context.Context, job *river.Job[args]) error {
		if q.drained.Load() {
			return river.JobSnooze(0) // it was on its way when Drain came; others take it
		}
		err := work(ctx, run.Job{Room: job.Args.Room, Run: job.Args.Run}, job.Attempt)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil: // only Close ends it; River takes the attempt back and keeps the job
			return ctx.Err()
		}
		return river.JobCancel(err)
	}))
	client, err := q.open(&river.Config{
		ID:                          q.id,
		Queues:                      map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workers}},
		Workers:                     all,
		Logger:                      q.log,
		FetchCooldown:               cooldown,
		FetchPollInterval:           pollEvery,
		JobTimeout:                  -1, // the runner has limits of its own
		CancelledJobRetentionPeriod: keepEnded,
		CompletedJobRetentionPeriod: keepEnded,
		Hooks:                       []rivertype.Hook{&dueAtOnce{}},
	})
	if err != nil {
		return err
	}
	q.client = client
	return client.Start(context.WithoutCancel(ctx))
}

// dueAtOnce makes jobs available when they are put in. River would leave every job that has a time, even one that has
// passed, to a service that looks for those every five seconds.
type dueAtOnce struct{ river.HookDefaults }

// InsertBegin implements rivertype.HookInsertBegin.
func (*dueAtOnce) InsertBegin(_ context.Context, p *rivertype.JobInsertParams) error {
	p.State = rivertype.JobStateAvailable
	return nil
}

// Put implements run.Queue.
func (q *Queue) Put(ctx context.Context, j run.Job, rank time.Time) (added bool, err error) {
	got, err := q.client.Insert(ctx, args{j.Room, j.Run}, &river.InsertOpts{
		MaxAttempts: math.MaxInt16, // package run counts them
		ScheduledAt: rank,          // what River sorts by
		UniqueOpts:  river.UniqueOpts{ByArgs: true, ByState: unfinished()},
	})
	return err == nil && !got.UniqueSkippedAsDuplicate, err
}

// unfinished are the states in which a job keeps another one of the same run away. One that has ended does not: a sweep
// puts a run in again that has no result after all.
func unfinished() []rivertype.JobState {
	return []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}
}

// Rescue gives jobs another chance that nodes work which are not among the live, and returns how many. River would wait an hour
// for them. A node that was only cut off may still end such a run: the first result in the room's log counts.
func (q *Queue) Rescue(ctx context.Context, live []string) (int64, error) { return q.rescue(ctx, live) }

// Drain implements run.Queue. After Start only.
func (q *Queue) Drain() {
	q.drained.Store(true)
	// Remove ends fetching, and would wait for what is at work, during which River takes no jobs in. Close waits for that.
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := q.client.Queues().Remove(ctx, river.QueueDefault); err != nil && !errors.Is(err, context.Canceled) {
		q.log.Error("the queue goes on to start jobs, though this node is being stopped", "err", err)
	}
}

// Close implements run.Queue.
func (q *Queue) Close(ctx context.Context) error {
	if q.client == nil {
		return q.close()
	}
	grace, cancel := context.WithCancel(ctx)
	defer cancel()
	if end, ok := ctx.Deadline(); ok {
		defer time.AfterFunc(time.Until(end)/2, cancel).Stop()
	}
	err := q.client.Stop(grace)
	if err != nil {
		err = q.client.StopAndCancel(ctx)
	}
	return errors.Join(err, q.close())
}

// quiet passes warnings and errors only.
type quiet struct{ slog.Handler }

// Enabled implements slog.Handler.
func (h quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}
