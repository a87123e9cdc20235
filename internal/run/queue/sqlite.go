package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// Open opens a SQLite file, makes its tables, and gives jobs that a process left behind another chance.
func Open(ctx context.Context, file string, log *slog.Logger) (*Queue, error) {
	pragmas := url.Values{"_pragma": {"journal_mode(WAL)", "synchronous(NORMAL)", "busy_timeout(10000)"}, "_txlock": {"immediate"}}
	dsn := url.URL{Scheme: "file", Opaque: (&url.URL{Path: file}).EscapedPath(), RawQuery: pragmas.Encode()}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // as River asks for SQLite
	log = slog.New(quiet{log.Handler()})
	if err := prepare(ctx, db, log); err != nil {
		return nil, errors.Join(fmt.Errorf("the job queue %s: %w", file, err), db.Close())
	}
	return &Queue{
		log:    log,
		open:   func(c *river.Config) (client, error) { return river.NewClient(&fileDriver{riversqlite.New(db)}, c) },
		rescue: func(context.Context, []string) (int64, error) { return 0, nil }, // nobody else has the folder
		close:  db.Close,
	}, nil
}

func prepare(ctx context.Context, db *sql.DB, log *slog.Logger) error {
	if err := migrate(ctx, riversqlite.New(db), "", log); err != nil {
		return err
	}
	// River would wait an hour for a worker that is gone. This process owns the data folder, so they all are.
	_, err := db.ExecContext(ctx, `UPDATE river_job SET state = 'available' WHERE state = 'running'`)
	if err != nil {
		return err
	}
	// What an earlier process left comes before what this one puts in, whose ranks begin an hour ago.
	_, err = db.ExecContext(ctx, `UPDATE river_job SET scheduled_at = min(scheduled_at, datetime('now', '-1 hour', 'subsec'))
		WHERE state = 'available'`)
	return err
}

// fileDriver is River's for SQLite, but for one thing: it does not offer to listen. Listening means that inserts leave notes in
// a table, which is looked at every 50 ms: a run would wait 25 ms on average, and an idle server would ask 20 times a
// second. A client without a listener wakes the workers of its own process when it inserts, and there are no others.
type fileDriver struct{ *riversqlite.Driver }

// SupportsListener implements riverdriver.Driver.
func (*fileDriver) SupportsListener() bool { return false }

// SupportsListenNotify implements riverdriver.Driver.
func (*fileDriver) SupportsListenNotify() bool { return false }
