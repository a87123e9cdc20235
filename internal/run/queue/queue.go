// Package queue keeps the jobs of package run in a SQLite file of their own, by River.
//
// Of its own, because in the log's file jobs would compete with edits for the one writer. And not synced at every
// commit: a job that a power cut takes away is still requested in its room's log, where the sweep finds it.
package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/url"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"codecollab.dev/internal/run"
)

// Queue is a run.Queue.
type Queue struct {
	db     *sql.DB
	log    *slog.Logger
	client *river.Client[*sql.Tx]
}

// args are a job as River stores it. One is unique by both.
type args struct {
	Room string `json:"room" river:"unique"`
	Run  int64  `json:"run" river:"unique"`
}

// Kind implements river.JobArgs.
func (args) Kind() string { return "run" }

// Open opens the file, makes its tables, and gives jobs that a process left behind another chance.
func Open(ctx context.Context, file string, log *slog.Logger) (*Queue, error) {
	pragmas := url.Values{"_pragma": {"journal_mode(WAL)", "synchronous(NORMAL)", "busy_timeout(10000)"}, "_txlock": {"immediate"}}
	dsn := url.URL{Scheme: "file", Opaque: (&url.URL{Path: file}).EscapedPath(), RawQuery: pragmas.Encode()}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // as River asks for SQLite
	q := &Queue{db: db, log: slog.New(quiet{log.Handler()})}
	if err := q.prepare(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("the job queue %s: %w", file, err), db.Close())
	}
	return q, nil
}

func (q *Queue) prepare(ctx context.Context) error {
	m, err := rivermigrate.New(riversqlite.New(q.db), &rivermigrate.Config{Logger: q.log})
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	// River would wait an hour for a worker that is gone. This process owns the data folder, so they all are.
	_, err = q.db.ExecContext(ctx, `UPDATE river_job SET state = 'available' WHERE state = 'running'`)
	if err != nil {
		return err
	}
	// What an earlier process left comes before what this one puts in, whose ranks begin an hour ago.
	_, err = q.db.ExecContext(ctx, `UPDATE river_job SET scheduled_at = min(scheduled_at, datetime('now', '-1 hour', 'subsec'))
		WHERE state = 'available'`)
	return err
}

const (
	// An insert wakes the workers at once (see driver), so polling is only for what nobody has foreseen.
	pollEvery = time.Second
	cooldown  = time.Millisecond // between one fetch and the next; it would delay the second of two jobs
	keepEnded = time.Hour        // of no use but for looking at
)

// Start implements run.Queue. It may be called once.
func (q *Queue) Start(ctx context.Context, workers int, work func(context.Context, run.Job, int) error) error {
	all := river.NewWorkers()
	river.AddWorker(all, river.WorkFunc(func(ctx context.Context, job *river.Job[args]) error {
		err := work(ctx, run.Job{Room: job.Args.Room, Run: job.Args.Run}, job.Attempt)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil: // only Close ends it; River takes the attempt back and keeps the job
			return ctx.Err()
		}
		return river.JobCancel(err)
	}))
	client, err := river.NewClient(&driver{riversqlite.New(q.db)}, &river.Config{
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

// driver is River's for SQLite, but for one thing: it does not offer to listen. Listening means that inserts leave notes in
// a table, which is looked at every 50 ms: a run would wait 25 ms on average, and an idle server would ask 20 times a
// second. A client without a listener wakes the workers of its own process when it inserts, and there are no others.
type driver struct{ *riversqlite.Driver }

// SupportsListener implements riverdriver.Driver.
func (*driver) SupportsListener() bool { return false }

// SupportsListenNotify implements riverdriver.Driver.
func (*driver) SupportsListenNotify() bool { return false }

// dueAtOnce makes jobs available when they are put in. River would leave every job that has a time, even one that has
// passed, to a service that looks for those every five seconds.
type dueAtOnce struct{ river.HookDefaults }

// InsertBegin implements rivertype.HookInsertBegin.
func (*dueAtOnce) InsertBegin(_ context.Context, p *rivertype.JobInsertParams) error {
	p.State = rivertype.JobStateAvailable
	return nil
}

// Put implements run.Queue.
func (q *Queue) Put(ctx context.Context, j run.Job, rank time.Time) error {
	_, err := q.client.Insert(ctx, args{j.Room, j.Run}, &river.InsertOpts{
		MaxAttempts: math.MaxInt16, // package run counts them
		ScheduledAt: rank,          // what River sorts by
		UniqueOpts:  river.UniqueOpts{ByArgs: true, ByState: unfinished()},
	})
	return err
}

// unfinished are the states in which a job keeps another one of the same run away. One that has ended does not: a sweep
// puts a run in again that has no result after all.
func unfinished() []rivertype.JobState {
	return []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}
}

// Close implements run.Queue.
func (q *Queue) Close(ctx context.Context) error {
	if q.client == nil {
		return q.db.Close()
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
	return errors.Join(err, q.db.Close())
}

// quiet passes warnings and errors only.
type quiet struct{ slog.Handler }

// Enabled implements slog.Handler.
func (h quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}
