// Package wal knows what SQLite's write-ahead log is on a disk: how what was committed gets there soonest, and how the log stays
// short.
package wal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
)

// room is what the log has from the beginning, in bytes. A commit within it overwrites, and waits for the disk alone; one that
// makes the file longer waits for the file system's journal too, and so for all that others do to files.
const room = 32 << 20

// most is what the log keeps of the disk, in bytes, when it begins anew after it had to grow.
const most = 64 << 20

// Pragmas are for the connection that writes, whose commits Sync brings to the disk, and whose log Shorten keeps short.
func Pragmas() []string {
	return []string{"journal_mode(WAL)", "synchronous(NORMAL)", "wal_autocheckpoint(0)", fmt.Sprintf("journal_size_limit(%d)", most)}
}

// Log is a write-ahead log, opened beside SQLite to bring to the disk what SQLite has written. SQLite would do so with fsync, which
// waits for the file's times too; those are in the file system's journal.
type Log struct {
	// free are the open files that nobody waits on. The system reports a failure once to each open file, so two that share one might
	// both miss it, or one of them.
	free chan *os.File
	all  []*os.File
}

// Lanes is how many may wait for the disk at once without waiting for each other.
const Lanes = 2

// Open opens the log of the file database, to which conn writes, and gives it its room. Zeros are no frames for SQLite
// (https://sqlite.org/walformat.html#recovery). On a disk that is nearly full it goes without.
func Open(ctx context.Context, conn *sql.Conn, database string, log *slog.Logger) (l *Log, err error) {
	// In a transaction, since nobody else writes then, whoever it is.
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return nil, err
	}
	defer func() {
		_, rollback := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		err = errors.Join(err, rollback)
	}()
	l = &Log{free: make(chan *os.File, Lanes)}
	for range Lanes {
		file, err := os.OpenFile(path(database), os.O_WRONLY, 0) // SQLite has made it
		if err != nil {
			return nil, errors.Join(err, l.Close())
		}
		l.all = append(l.all, file)
		l.free <- file
	}
	if err := fill(l.all[0]); err != nil {
		log.Warn("the write-ahead log has no room of its own, so edits take longer to be saved", "bytes", room, "err", err)
	}
	return l, nil
}

func path(database string) string { return database + "-wal" }

// fill makes f as long as its room. A hole would not do, nor blocks that are only reserved: the file system keeps account of the
// first use of each.
func fill(f *os.File) error {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if size < room {
		if _, err := io.CopyN(f, zeros{}, room-size); err != nil {
			return errors.Join(err, f.Truncate(size))
		}
	}
	return f.Sync()
}

// zeros is read without end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// Sync returns when all that SQLite had written to the log before the call is on the disk. Several may call it at a time; each waits
// for what the others have begun as well.
func (l *Log) Sync() error {
	file := <-l.free
	defer func() { l.free <- file }()
	return datasync(file)
}

// Close closes the files; SQLite has one open itself.
func (l *Log) Close() (err error) {
	for _, f := range l.all {
		err = errors.Join(err, f.Close())
	}
	return err
}
