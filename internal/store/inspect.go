package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pressly/goose/v3"

	"codecollab.dev/internal/store/engine"
)

// Facts are what can be told of a folder's database without a server.
type Facts struct {
	Exists bool
	InUse  bool  // a server has it open
	Bytes  int64 // of the file, its log not counted
	Tables int64 // the version of its tables
	Known  int64 // the version that this program makes
	Rooms  int64
	// Damage is what SQLite's quick check complains of; empty when it is whole, or could not be checked in time.
	Damage  string
	Checked bool
}

// Inspect looks at the database in a folder and changes nothing, also while a server uses it. The check of its pages goes on
// until ctx ends.
func Inspect(ctx context.Context, dir string) (f Facts, err error) {
	file := filepath.Join(dir, "rooms.db")
	st, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err != nil {
		return f, err
	}
	f.Exists, f.Bytes = true, st.Size()
	lock, err := lockFolder(dir)
	f.InUse = err != nil
	if err == nil {
		defer lock.Close()
	}
	db, err := sql.Open("sqlite", engine.DSN(file, "query_only(1)", "busy_timeout(2000)"))
	if err != nil {
		return f, err
	}
	defer db.Close()
	if f.Tables, f.Known, err = versions(ctx, db); err != nil {
		return f, err
	}
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM rooms").Scan(&f.Rooms); err != nil {
		return f, fmt.Errorf("count rooms: %w", err)
	}
	var said string
	switch err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&said); {
	case ctx.Err() != nil: // too large to be read in time
	case err != nil:
		return f, err
	default:
		f.Checked = true
		if said != "ok" {
			f.Damage = said
		}
	}
	return f, nil
}

func versions(ctx context.Context, db *sql.DB) (now, known int64, err error) {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return 0, 0, err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, dir)
	if err != nil {
		return 0, 0, err
	}
	sources := p.ListSources()
	if n := len(sources); n > 0 {
		known = sources[n-1].Version
	}
	err = db.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&now)
	return now, known, err
}

// Lock takes a data folder for this process, as Open does, without opening what is in it. It fails while a server uses the folder.
func Lock(dir string) (io.Closer, error) { return lockFolder(dir) }
