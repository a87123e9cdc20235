// Package engine opens what is kept: schemas, each of which is a file of SQLite or a schema of one Postgres database. It brings
// their tables up to date, and knows the few things in which the two differ, so that everybody else writes their SQL once:
//
//   - Placeholders are SQLite's, ? and ?1, for both.
//   - Yes and no are booleans in Go. Postgres' columns of them are BOOLEAN, SQLite's INTEGER; a query says "up", not "up = 1".
//   - ON CONFLICT DO UPDATE names its columns, and a column of the row that is there its table (visits.at).
//   - A parameter that a query uses as two types says its own: CAST(?2 AS BIGINT) = 0.
//   - Texts are compared as bytes, and LIKE is different in the two: compare lower(…) with a text that is lower already.
package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"codecollab.dev"
)

// Source is where schemas are: a Folder of SQLite files, or a *Server of Postgres.
type Source interface {
	// Open opens a schema, made when it is not there, and brings its tables up to date: by the .sql files of a folder for
	// SQLite, by those in its folder "postgres" for Postgres. At most conns connections are used. It refuses a schema that a newer
	// binary has made. What is committed is on the disk.
	Open(ctx context.Context, name string, migrations fs.FS, conns int) (*DB, error)
}

// DB is a schema that is open.
type DB struct {
	*sql.DB
	// Postgres: it is one; a few queries are better when they know.
	Postgres bool
}

// Tx runs f in a transaction. Rows that f has read may be changed by others meanwhile, in Postgres; see Lock and Alone. f may be
// run again when others were in its way.
func (db *DB) Tx(ctx context.Context, f func(*sql.Tx) error) error {
	return db.again(ctx, nil, f)
}

// Alone runs f in a transaction as if nobody else did anything at the same time. f may be run again when others were in its way,
// so what it does besides must not add up.
func (db *DB) Alone(ctx context.Context, f func(*sql.Tx) error) error {
	if !db.Postgres {
		return db.again(ctx, nil, f) // SQLite's begin by taking the one right to write
	}
	return db.again(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable}, f)
}

// Lock ends a query for rows that nobody else may change until the transaction ends: "SELECT … WHERE id = ?" + db.Lock().
func (db *DB) Lock() string {
	if db.Postgres {
		return " FOR NO KEY UPDATE"
	}
	return ""
}

// tries is how often a transaction is run that others were in the way of. The pauses between add up to some seconds.
const tries = 12

func (db *DB) again(ctx context.Context, opt *sql.TxOptions, f func(*sql.Tx) error) (err error) {
	for try := range tries {
		if err = db.once(ctx, opt, f); !inTheWay(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(rand.N(time.Millisecond << min(try, 9))):
		}
	}
	return err
}

func (db *DB) once(ctx context.Context, opt *sql.TxOptions, f func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, opt)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		if undo := tx.Rollback(); undo != nil && !errors.Is(undo, sql.ErrTxDone) {
			return fmt.Errorf("%w (and not rolled back: %v)", err, undo)
		}
		return err
	}
	return tx.Commit()
}

// SQLSTATEs of Postgres that are told apart; see its appendix A.
const (
	stateUnique     = "23505"
	stateSerialize  = "40001"
	stateDeadlock   = "40P01"
	stateReadOnly   = "25006"
	stateNoPassword = "28P01"
	stateNoLogin    = "28000"
	stateNoDatabase = "3D000"
	stateNotAllowed = "42501"
	stateNoTable    = "42P01"
)

// state is the SQLSTATE of an error of Postgres; "" of any other.
func state(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return ""
}

// inTheWay reports whether a transaction failed because of another one, and would not the next time.
func inTheWay(err error) bool {
	s := state(err)
	return s == stateSerialize || s == stateDeadlock
}

// IsTaken reports whether err says that such a row is there already.
func IsTaken(err error) bool {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY || e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE
	}
	return state(err) == stateUnique
}

// ReadOnly is err, or when it says that nothing can be written now, error "read_only" (Unavailable) in words.
func ReadOnly(err error) error {
	var why string
	switch {
	case err == nil:
		return nil
	case sqliteFull(err):
		why = "The server cannot write to its disk (it may be full)"
	case IsLost(err):
		why = "The server cannot reach its database"
	case isFull(err):
		why = "The server's database cannot write (its disk may be full, or it is only a copy)"
	default:
		return err
	}
	return &codecollab.Error{Kind: codecollab.Unavailable, Code: "read_only", Err: err,
		Message: why + ", so this room is read-only for now. What you type is kept in your browser and sent as soon as it can be."}
}

// refuseNewer refuses tables that a newer binary has made.
func refuseNewer(now, known int64) error {
	if now <= known {
		return nil
	}
	return fmt.Errorf("the database is of a newer CodeCollab (its tables have version %d, this binary knows %d); use that one", now, known)
}

// up brings tables up to date.
func up(ctx context.Context, dialect goose.Dialect, db *sql.DB, migrations fs.FS) error {
	p, err := goose.NewProvider(dialect, db, migrations)
	if err != nil {
		return err
	}
	now, known, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if err := refuseNewer(now, known); err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}
