package queue

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// Schema is that of the queue's tables in Postgres.
const Schema = "queue"

// migrating is the advisory lock under which one node at a time makes the tables.
const migrating = 0x636f646571756575 // "codequeu"

// Postgres opens the queue of an installation, at most conns connections, and makes its tables. node names this process among
// those that work jobs: no other may have the name, nor an earlier one.
func Postgres(ctx context.Context, at *pgx.ConnConfig, conns int, node string, log *slog.Logger) (*Queue, error) {
	config, err := pgxpool.ParseConfig("")
	if err != nil {
		return nil, err
	}
	config.ConnConfig, config.MaxConns = at, int32(max(conns, 2)) // one for the work and one for River's own
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("the job queue: %w", err)
	}
	log = slog.New(quiet{log.Handler()})
	if err := prepareSchema(ctx, pool, log); err != nil {
		pool.Close()
		return nil, fmt.Errorf("the job queue: %w", err)
	}
	return &Queue{
		log: log,
		id:  node,
		open: func(c *river.Config) (client, error) {
			c.Schema = Schema
			return river.NewClient(&poolDriver{riverpgxv5.New(pool)}, c)
		},
		rescue: func(ctx context.Context, live []string) (int64, error) {
			got, err := pool.Exec(ctx, `UPDATE river_job SET state = 'available', scheduled_at = least(scheduled_at, now() - interval '1 hour')
				WHERE state = 'running' AND NOT coalesce(attempted_by[array_upper(attempted_by, 1)] = ANY($1), false)`, live)
			return got.RowsAffected(), err
		},
		close: func() error { pool.Close(); return nil },
	}, nil
}

func prepareSchema(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger) error {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	if _, err := c.Exec(ctx, "SELECT pg_advisory_lock($1)", migrating); err != nil {
		return err
	}
	defer func() { _, _ = c.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", migrating) }()
	var is bool
	if err := c.QueryRow(ctx, "SELECT to_regnamespace($1) IS NOT NULL", Schema).Scan(&is); err != nil {
		return err
	}
	if !is {
		if _, err := c.Exec(ctx, "CREATE SCHEMA "+pgx.Identifier{Schema}.Sanitize()); err != nil {
			return err
		}
	}
	if err := migrate(ctx, riverpgxv5.New(pool), Schema, log); err != nil {
		return err
	}
	// What a node that stopped has given back comes before what is new.
	_, err = c.Exec(ctx, `UPDATE river_job SET scheduled_at = now() - interval '1 hour' WHERE state = 'available' AND scheduled_at > now() - interval '1 hour'`)
	return err
}

// poolDriver is River's for Postgres, but for one thing: it does not listen. River holds notes back so that there are at most five
// a second, and a run would wait for them. A client without a listener wakes the workers of its own process when it inserts;
// other nodes look every second for what nobody works there.
type poolDriver struct{ *riverpgxv5.Driver }

// SupportsListener implements riverdriver.Driver.
func (*poolDriver) SupportsListener() bool { return false }

// SupportsListenNotify implements riverdriver.Driver.
func (*poolDriver) SupportsListenNotify() bool { return false }
