// Package store keeps rooms' logs in SQLite. It satisfies room.Log.
//
// Everything that is written goes through one goroutine, which puts what waits into one transaction: while one fsync is
// under way the next group gathers (group commit). Reads use connections of their own and never wait for a write.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"codecollab.dev/internal/store/engine"
)

//go:embed migrations
var migrations embed.FS

// Store is a folder with the database of one server.
type Store struct {
	lock   *os.File
	write  *sql.DB // one connection, owned by the writer
	read   *sql.DB
	files  *engine.DB // what programs left
	hints  *engine.DB // what was asked of models
	writer *writer
	stop   context.CancelFunc
	done   chan struct{}
	close  func() error
}

// Options are what a store needs to know.
type Options struct {
	Dir string // created when it is not there
	Log *slog.Logger
	// MaxPages bounds the database's size in pages of 4 KiB; 0 is no bound. Beyond it rooms are read-only.
	MaxPages int
}

// Open opens the store in a folder, and brings its tables up to date. A second Open of the same folder, by whichever
// process, fails while the first is open.
func Open(ctx context.Context, opt Options) (*Store, error) {
	if err := os.MkdirAll(opt.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder cannot be made: %w", err)
	}
	lock, err := lockFolder(opt.Dir)
	if err != nil {
		return nil, err
	}
	s := &Store{lock: lock, done: make(chan struct{})}
	if err := s.open(ctx, opt); err != nil {
		lock.Close()
		return nil, err
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, opt Options) (err error) {
	file := filepath.Join(opt.Dir, "rooms.db")
	// FULL: a commit is on the disk when it returns. Checkpoints are made in the background, not by a commit.
	pragmas := []string{"journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(10000)", "foreign_keys(1)", "wal_autocheckpoint(0)"}
	if opt.MaxPages > 0 {
		pragmas = append(pragmas, fmt.Sprintf("max_page_count(%d)", opt.MaxPages))
	}
	if s.write, err = sql.Open("sqlite", engine.DSN(file, pragmas...)); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	if err := migrate(ctx, s.write, "migrations"); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", file, err), s.write.Close())
	}
	if err := finishDeletions(ctx, s.write); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", file, err), s.write.Close())
	}
	if s.read, err = sql.Open("sqlite", engine.DSN(file, "query_only(1)", "busy_timeout(10000)")); err != nil {
		return errors.Join(err, s.write.Close())
	}
	s.read.SetMaxOpenConns(4)
	s.read.SetMaxIdleConns(4)
	if s.files, err = openFiles(ctx, opt.Dir); err != nil {
		return errors.Join(err, s.read.Close(), s.write.Close())
	}
	if s.hints, err = openHints(ctx, opt.Dir); err != nil {
		return errors.Join(err, s.files.Close(), s.read.Close(), s.write.Close())
	}
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return errors.Join(err, s.hints.Close(), s.files.Close(), s.read.Close(), s.write.Close())
	}
	s.writer = newWriter(conn)
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.close = sync.OnceValue(s.closeOnce)
	go s.writer.run()
	go func() {
		defer close(s.done)
		checkpoint(ctx, file, opt.Log)
	}()
	return nil
}

// lockFolder takes the folder for this process. The lock goes with the process, however it ends.
func lockFolder(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the data folder cannot be used: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("the data folder %q is in use by another CodeCollab server; stop it, or give this one another folder with --data", dir)
		}
		return nil, fmt.Errorf("the data folder cannot be locked: %w", err)
	}
	return f, nil
}

func migrate(ctx context.Context, db *sql.DB, folder string) error {
	dir, err := fs.Sub(migrations, folder)
	if err != nil {
		return err
	}
	return engine.Migrate(ctx, db, dir)
}

// Ping reports whether the store answers.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return s.read.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}

// Close waits for the writes that were asked for, and closes. It may be called more than once.
func (s *Store) Close() error { return s.close() }

func (s *Store) closeOnce() error {
	s.stop()
	<-s.done
	s.writer.close()
	return errors.Join(s.hints.Close(), s.files.Close(), s.read.Close(), s.write.Close(), s.lock.Close())
}
