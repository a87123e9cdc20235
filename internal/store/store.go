// Package store keeps rooms' logs in SQLite or Postgres, and what belongs to them: what programs left, what was asked of models. It
// satisfies room.Log.
//
// In SQLite everything that is written goes through one goroutine, which puts what waits into one transaction: while one fsync is
// under way the next group gathers (group commit). Reads use connections of their own and never wait for a write. Postgres does
// the same by itself, and has one statement for appending. All else is written once, for both (see package engine).
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
	"time"

	"codecollab.dev/internal/store/engine"
)

//go:embed migrations
var migrations embed.FS

// Store is what one server keeps.
type Store struct {
	lock  *os.File
	read  *sql.DB
	files *engine.DB // what programs left
	hints *engine.DB // what was asked of models
	log   *slog.Logger
	close func() error

	lite *lite      // SQLite alone
	pg   *engine.DB // Postgres alone: the schema of rooms, which read is, too

	patience time.Duration // with one answer of Postgres

	lockRows string // ends a query for rows that stay as they are until the transaction ends
}

// lite is what writes to SQLite.
type lite struct {
	write  *sql.DB // one connection, owned by the writer
	writer *writer
	stop   context.CancelFunc
	done   chan struct{}
}

// Options are what a store needs to know.
type Options struct {
	Dir string // created when it is not there
	Log *slog.Logger
	// Database is where rooms are kept; nil: in SQLite files of the folder.
	Database *engine.Server
	// Conns are the connections to Postgres for rooms, at most; 0 is a number that fits one node.
	Conns int
	// MaxPages bounds the SQLite file's size in pages of 4 KiB; 0 is no bound. Beyond it rooms are read-only.
	MaxPages int
}

// Open opens the store in a folder or a database, and brings its tables up to date. A second Open of the same folder, by
// whichever process, fails while the first is open: nodes that share a database have a folder each.
func Open(ctx context.Context, opt Options) (*Store, error) {
	if err := os.MkdirAll(opt.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder cannot be made: %w", err)
	}
	lock, err := lockFolder(opt.Dir)
	if err != nil {
		return nil, err
	}
	s := &Store{lock: lock, log: opt.Log}
	s.close = sync.OnceValue(s.closeOnce)
	if err := s.open(ctx, opt); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, opt Options) (err error) {
	source := engine.Source(engine.Folder(opt.Dir))
	if opt.Database == nil {
		err = s.openSQLite(ctx, opt)
	} else {
		source, err = opt.Database, s.openPostgres(ctx, opt)
	}
	if err == nil {
		s.files, err = s.openBeside(ctx, source, "files")
	}
	if err == nil {
		s.hints, err = s.openBeside(ctx, source, "hints")
	}
	return err
}

// openBeside opens what is not in the same file as rooms, so that no edit waits for it.
func (s *Store) openBeside(ctx context.Context, source engine.Source, name string) (*engine.DB, error) {
	folder, err := fs.Sub(migrations, "migrations/"+name)
	if err != nil {
		return nil, err
	}
	return source.Open(ctx, name, folder, BesideConns) // one may read while one writes
}

// BesideConns are the connections for what programs left, and as many for what was asked of models.
const BesideConns = 2

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

// submit waits until do's writes are durable or refused; do either writes all of its own and returns nil, or returns an error and
// then nothing of it is written. When ctx ends first the outcome is unknown.
func (s *Store) submit(ctx context.Context, do func(context.Context, *sql.Tx) error) error {
	if s.lite != nil {
		return s.lite.writer.submit(ctx, do)
	}
	return engine.ReadOnly(s.pg.Tx(ctx, func(tx *sql.Tx) error { return do(ctx, tx) }))
}

// Ping reports whether the store answers.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return s.read.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}

// Pool is how the connections are used by which rooms are read; on Postgres, also written.
func (s *Store) Pool() sql.DBStats { return s.read.Stats() }

// Close waits for the writes that were asked for, and closes. It may be called more than once.
func (s *Store) Close() error { return s.close() }

func (s *Store) closeOnce() error {
	var errs []error
	for _, db := range []*engine.DB{s.hints, s.files} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.lite != nil {
		errs = append(errs, s.lite.close())
	}
	if s.read != nil {
		errs = append(errs, s.read.Close())
	}
	return errors.Join(append(errs, s.lock.Close())...)
}
