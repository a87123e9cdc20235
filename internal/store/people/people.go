// Package people keeps accounts, sessions, organisations and the audit log in a SQLite file of their own, beside the rooms:
// a sign-in never waits for an edit, nor an edit for a sign-in.
package people

import (
	"context"
	"embed"
	"io/fs"

	"codecollab.dev/internal/store/engine"
)

//go:embed migrations
var migrations embed.FS

// Store is the file.
type Store struct{ db *engine.DB }

// Open opens people.db in a folder, and brings its tables up to date.
func Open(ctx context.Context, dir string) (*Store, error) {
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	db, err := engine.Folder(dir).Open(ctx, "people", folder, 4)
	if err != nil {
		return nil, err
	}
	return &Store{db: db}, nil
}

// Close closes the file.
func (s *Store) Close() error { return s.db.Close() }
