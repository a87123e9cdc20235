// Package lite opens SQLite files and brings their tables up to date, the same way for all of them.
package lite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// Open opens a file, made when it is not there, and brings its tables up to date by the migrations in a folder. At most conns
// connections are used. What is committed is on the disk.
func Open(ctx context.Context, file string, migrations fs.FS, conns int) (*sql.DB, error) {
	db, err := sql.Open("sqlite", DSN(file, "journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(10000)", "foreign_keys(1)"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	if err := Migrate(ctx, db, migrations); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", file, err), db.Close())
	}
	return db, nil
}

// DSN names a file for the driver.
func DSN(file string, pragmas ...string) string {
	q := url.Values{"_pragma": pragmas, "_txlock": {"immediate"}}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: file}).EscapedPath(), RawQuery: q.Encode()}).String()
}

// Migrate brings the tables of a database up to date. It refuses one of a newer binary.
func Migrate(ctx context.Context, db *sql.DB, migrations fs.FS) error {
	p, err := goose.NewProvider(goose.DialectSQLite3, db, migrations)
	if err != nil {
		return err
	}
	_, target, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if now, err := p.GetDBVersion(ctx); err != nil {
		return err
	} else if now > target {
		return fmt.Errorf("the database is of a newer CodeCollab (its tables have version %d, this binary knows %d); use that one", now, target)
	}
	_, err = p.Up(ctx)
	return err
}
