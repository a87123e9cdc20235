package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5/stdlib"

	"codecollab.dev/internal/store/engine"
)

// ServerFacts are what can be told of a Postgres database without being its node.
type ServerFacts struct {
	Facts
	Open     int // connections to the server, of everybody
	MostOpen int // that it lets in, those that it reserves for superusers not counted
}

// InspectServer looks at a database and changes nothing.
func InspectServer(ctx context.Context, server *engine.Server) (f ServerFacts, err error) {
	folder, err := fs.Sub(migrations, "migrations/postgres")
	if err != nil {
		return f, err
	}
	db := stdlib.OpenDB(*server.Config("rooms"))
	defer db.Close()
	if f.Tables, f.Known, err = engine.Versions(ctx, db, "rooms", folder); err != nil {
		return f, err
	}
	f.Exists = f.Tables > 0
	return f, f.ask(ctx, db)
}

func (f *ServerFacts) ask(ctx context.Context, db *sql.DB) error {
	err := db.QueryRowContext(ctx, `SELECT pg_database_size(current_database()), (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
		current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int`).Scan(&f.Bytes, &f.Open, &f.MostOpen)
	if err != nil || !f.Exists {
		return err
	}
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM rooms").Scan(&f.Rooms); err != nil {
		return fmt.Errorf("count rooms: %w", err)
	}
	return nil
}
