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

// args are a job as River stores it.
type args struct {
	Room string `json:"room" river:"unique"`
	Run  int64  `json:"run" river:"unique"`
}

// Kind implements river.JobArgs.
func (args) Kind() string { return "run" }

// InsertOpts implements river.JobArgsWithInsertOpts: one job for each run. How often it is tried, package run decides.
func (args) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 2, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

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
	_, err = q.db.ExecContext(ctx, `UPDATE river_job SET state = 'available', max_attempts = max(max_attempts, attempt + 1) WHERE state = 'running'`)
	return err
}

// Start implements run.Queue.
func (q *Queue) Start(ctx context.Context, workers int, work func(context.Context, run.Job, int) error) error {
	all := river.NewWorkers()
	river.AddWorker(all, river.WorkFunc(func(ctx context.Context, job *river.Job[args]) error {
		return work(ctx, run.Job{Room: job.Args.Room, Run: job.Args.Run}, job.Attempt)
	}))
	var err error
	q.client, err = river.NewClient(riversqlite.New(q.db), &river.Config{
		Queues:  map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workers}},
		Workers: all,
		Logger:  q.log,
		// An insert wakes this process at once, so polling is only for jobs that wait for another attempt.
		FetchCooldown:     time.Millisecond,
		FetchPollInterval: time.Second,
		JobTimeout:        -1, // the runner has limits of its own
		RetryPolicy:       atOnce{},
	})
	if err != nil {
		return err
	}
	return q.client.Start(context.WithoutCancel(ctx))
}

// Put implements run.Queue.
func (q *Queue) Put(ctx context.Context, j run.Job) error {
	_, err := q.client.Insert(ctx, args{j.Room, j.Run}, nil)
	return err
}

// Close implements run.Queue.
func (q *Queue) Close(ctx context.Context) error {
	var err error
	if q.client != nil {
		err = q.client.StopAndCancel(ctx)
	}
	return errors.Join(err, q.db.Close())
}

// atOnce tries again without a pause: the person waits.
type atOnce struct{}

// NextRetry implements river.ClientRetryPolicy.
func (atOnce) NextRetry(*rivertype.JobRow) time.Time { return time.Now() }

// quiet passes warnings and errors only.
type quiet struct{ slog.Handler }

// Enabled implements slog.Handler.
func (h quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}
