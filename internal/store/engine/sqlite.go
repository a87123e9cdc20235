package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite" // the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Folder is a folder of SQLite files, which is there.
type Folder string

// Open implements Source: the schema is NAME.db.
func (f Folder) Open(ctx context.Context, name string, migrations fs.FS, conns int) (*DB, error) {
	file := filepath.Join(string(f), name+".db")
	db, err := sql.Open("sqlite", DSN(file, "journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(10000)", "foreign_keys(1)"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	if err := Migrate(ctx, db, migrations); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", file, err), db.Close())
	}
	return &DB{DB: db}, nil
}

// DSN names a file for SQLite's driver.
func DSN(file string, pragmas ...string) string {
	q := url.Values{"_pragma": pragmas, "_txlock": {"immediate"}}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: file}).EscapedPath(), RawQuery: q.Encode()}).String()
}

// Migrate brings the tables of an SQLite file up to date. It refuses one of a newer binary.
func Migrate(ctx context.Context, db *sql.DB, migrations fs.FS) error {
	return up(ctx, goose.DialectSQLite3, db, migrations)
}

// sqliteFull reports whether SQLite says that the disk does not take any more.
func sqliteFull(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return false
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN:
		return true
	}
	return false
}
