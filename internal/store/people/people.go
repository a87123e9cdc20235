// Package people keeps accounts, sessions, organisations and the audit log in a schema of their own (with SQLite a file, people.db),
// beside the rooms: a sign-in never waits for an edit, nor an edit for a sign-in.
package people

import (
	"context"
	"embed"
	"io/fs"

	"codecollab.dev/internal/store/engine"
)

//go:embed migrations
var migrations embed.FS

// Store is the schema.
type Store struct{ db *engine.DB }

// Open opens what is kept of people, and brings its tables up to date. At most conns connections are used.
func Open(ctx context.Context, source engine.Source, conns int) (*Store, error) {
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	db, err := source.Open(ctx, "people", folder, conns)
	if err != nil {
		return nil, err
	}
	return &Store{db: db}, nil
}

// Close closes it.
func (s *Store) Close() error { return s.db.Close() }
