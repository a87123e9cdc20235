// Package moving copies everything that an installation keeps from one place to another, and checks it there. "backup",
// "restore", "migrate" and "verify" are uses of it.
//
// There is one copier. Its rows come out of one consistent moment of the source, whatever is written there meanwhile; what has
// arrived is read again and compared, table by table and room by room. A backup is a folder of SQLite files, so that it can be
// looked into with any tool, and a database of either kind can be made of it.
package moving

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"codecollab.dev/internal/store/engine"
)

// Place is where an installation keeps its data: a Postgres database where URL is set, or else SQLite files in a folder.
type Place struct {
	Dir string
	URL string
}

// String names the place, without a password.
func (p Place) String() string {
	if p.URL == "" {
		return fmt.Sprintf("the folder %q", p.Dir)
	}
	u, err := url.Parse(p.URL)
	if err != nil {
		return "the Postgres database"
	}
	return fmt.Sprintf("the Postgres database %q at %s", filepath.Base(u.Path), u.Host)
}

// schemas are the parts of what is kept. In Postgres they are schemas, with SQLite files of the same name.
var schemas = []string{"rooms", "files", "hints", "people"}

// source is the place for stores.
func (p Place) source(ctx context.Context) (engine.Source, *engine.Server, error) {
	if p.URL == "" {
		return engine.Folder(p.Dir), nil, nil
	}
	server, err := engine.Dial(ctx, p.URL)
	return server, server, err
}

// config is how a Postgres is connected to for long work.
func (p Place) config(ctx context.Context) (*pgx.ConnConfig, error) {
	server, err := engine.Dial(ctx, p.URL)
	if err != nil {
		return nil, err
	}
	config := server.Config("rooms")
	config.RuntimeParams["idle_in_transaction_session_timeout"] = "0" // the other side may be slow
	return config, nil
}

func (p Place) file(schema string) string { return filepath.Join(p.Dir, schema+".db") }

// querier runs queries: a *sql.Conn or *sql.Tx.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// reader reads a place over one connection, in which tables are called schema.table, whatever the engine is.
type reader struct {
	Place
	db   *sql.DB
	conn *sql.Conn
}

// read opens a place for reading. Nothing of it is changed, also while a server uses it.
func (p Place) read(ctx context.Context) (_ *reader, err error) {
	r := &reader{Place: p}
	if p.URL != "" {
		config, err := p.config(ctx)
		if err != nil {
			return nil, err
		}
		r.db = stdlib.OpenDB(*config)
	} else if r.db, err = sql.Open("sqlite", "file::memory:?"+url.Values{"_pragma": {"busy_timeout(10000)"}}.Encode()); err != nil {
		return nil, err
	}
	if r.conn, err = r.db.Conn(ctx); err == nil && p.URL == "" {
		err = attach(ctx, r.conn, p, "PRAGMA query_only = 1")
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%v cannot be read: %w", p, err), r.close())
	}
	return r, nil
}

// attach brings the files of a folder into one connection.
func attach(ctx context.Context, c *sql.Conn, p Place, then ...string) error {
	for _, schema := range schemas {
		if _, err := os.Stat(p.file(schema)); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("there is no file %s in it", filepath.Base(p.file(schema)))
		} else if err != nil {
			return err
		}
		name := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: p.file(schema)}).EscapedPath(), RawQuery: "mode=rw"}).String()
		if _, err := c.ExecContext(ctx, "ATTACH ? AS "+schema, name); err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(p.file(schema)), err)
		}
	}
	for _, statement := range then {
		if _, err := c.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// moment begins a transaction that sees all schemas as they are now, until it is rolled back.
func (r *reader) moment(ctx context.Context) (*sql.Tx, error) {
	if r.URL != "" {
		return r.conn.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	}
	tx, err := r.conn.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	// A file is seen as it is when it is read first. Rooms come first: what they name is in the others by then.
	for _, schema := range schemas {
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM "+schema+".sqlite_master").Scan(&n); err != nil {
			return nil, errors.Join(fmt.Errorf("%s.db: %w", schema, err), tx.Rollback())
		}
	}
	return tx, nil
}

func (r *reader) close() error {
	var err error
	if r.conn != nil {
		err = r.conn.Close()
	}
	return errors.Join(err, r.db.Close())
}
