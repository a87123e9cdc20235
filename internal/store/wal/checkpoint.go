package wal

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"codecollab.dev/internal/store/engine"
)

const (
	checkpointEvery = 2 * time.Second
	// calm is how much of the log, in bytes, is left alone, so that checkpoints are few.
	calm = 16 << 20
	// frame is what a page takes in the log: itself and a header.
	frame = 4096 + 24
)

// Shorten moves the log into the database now and then until ctx ends, on a connection of its own, so that no commit pays for it.
// between runs a function on the connection that writes, when no transaction is open there.
func Shorten(ctx context.Context, database string, log *slog.Logger, between func(context.Context, func(*sql.Conn) error) error) {
	db, err := sql.Open("sqlite", engine.DSN(database, "busy_timeout(20)", "synchronous(FULL)", "wal_autocheckpoint(0)"))
	if err != nil {
		log.Error("no checkpoints", "err", err)
		return
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	ticker := time.NewTicker(checkpointEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if err := shorten(ctx, db, between); err != nil && ctx.Err() == nil {
			log.Warn("checkpoint failed", "err", err)
		}
	}
}

func shorten(ctx context.Context, db *sql.DB, between func(context.Context, func(*sql.Conn) error) error) error {
	if used, err := checkpoint(ctx, db, "NOOP"); err != nil || used < calm {
		return err
	}
	// Most of it while others write. The rest is little, and moved by the writer itself, since only what is moved wholly lets the log
	// begin anew; a writer that waited for somebody else to do that would look for the end of it at longer and longer times.
	if _, err := checkpoint(ctx, db, "PASSIVE"); err != nil {
		return err
	}
	return between(ctx, func(writer *sql.Conn) error {
		_, err := checkpoint(ctx, writer, "PASSIVE")
		return err
	})
}

// checkpoint gives back how many bytes of the log were in use.
func checkpoint(ctx context.Context, db querier, mode string) (int64, error) {
	var busy, frames, moved int64
	err := db.QueryRowContext(ctx, fmt.Sprintf("PRAGMA wal_checkpoint(%s)", mode)).Scan(&busy, &frames, &moved)
	return frames * frame, err
}

type querier interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}
