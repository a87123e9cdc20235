package store

import (
	"context"
	"database/sql"
	"log/slog"
	"os"
	"time"

	"codecollab.dev/internal/store/engine"
)

const (
	checkpointEvery = 2 * time.Second
	// walCalm is the size of the write-ahead log below which it is left alone; beyond walMost the next checkpoint waits
	// for readers and gives the space back.
	walCalm = 4 << 20
	walMost = 64 << 20
)

// checkpoint moves the write-ahead log into the database now and then, on a connection of its own, so that no commit
// pays for it.
func checkpoint(ctx context.Context, file string, log *slog.Logger) {
	db, err := sql.Open("sqlite", engine.DSN(file, "busy_timeout(1000)", "synchronous(FULL)", "wal_autocheckpoint(0)"))
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
		mode := "PASSIVE"
		switch size := walSize(file); {
		case size < walCalm:
			continue
		case size > walMost:
			mode = "TRUNCATE"
		}
		var busy, frames, moved int
		err := db.QueryRowContext(ctx, "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &frames, &moved)
		if err != nil && ctx.Err() == nil {
			log.Warn("checkpoint failed", "err", err)
		}
	}
}

func walSize(file string) int64 {
	info, err := os.Stat(file + "-wal")
	if err != nil {
		return 0
	}
	return info.Size()
}
