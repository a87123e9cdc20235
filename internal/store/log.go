package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"math"
	"strings"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/room"
)

func noRoom(name string) error {
	return codecollab.Errorf(codecollab.NotFound, "no_room", "There is no room %.80q.", name)
}

func movedOn(head, expected codecollab.Version) error {
	return codecollab.Errorf(codecollab.Conflict, "moved_on", "The room is at version %d, not %d.", head, expected)
}

// Create implements room.Log.
func (s *Store) Create(ctx context.Context, name string, first []room.Record) error {
	return s.submit(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var id int64
		err := tx.QueryRowContext(ctx, "INSERT INTO rooms (name, head, created) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
			name, int64(len(first)), time.Now().UnixMilli()).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return codecollab.Errorf(codecollab.Conflict, "room_exists", "There is a room %.80q already.", name)
		}
		if err != nil {
			return err
		}
		return insert(ctx, tx, id, first)
	})
}

// Append implements room.Log.
func (s *Store) Append(ctx context.Context, name string, expected codecollab.Version, records []room.Record) error {
	if s.pg != nil {
		return s.appendPostgres(ctx, name, expected, records)
	}
	return s.submit(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var id, head int64
		err := tx.QueryRowContext(ctx, "SELECT id, head FROM rooms WHERE name = ?", name).Scan(&id, &head)
		if errors.Is(err, sql.ErrNoRows) {
			return noRoom(name)
		}
		if err != nil {
			return err
		}
		if head != expected {
			return movedOn(head, expected)
		}
		if _, err := tx.ExecContext(ctx, "UPDATE rooms SET head = ? WHERE id = ?", head+int64(len(records)), id); err != nil {
			return err
		}
		return insert(ctx, tx, id, records)
	})
}

func insert(ctx context.Context, tx *sql.Tx, id int64, records []room.Record) error {
	for _, r := range records {
		_, err := tx.ExecContext(ctx, "INSERT INTO events (room, version, at, kind, data) VALUES (?, ?, ?, ?, ?)",
			id, r.Version, r.At, r.Kind, r.Data)
		if err != nil {
			return err
		}
	}
	return nil
}

// Read implements room.Log.
func (s *Store) Read(ctx context.Context, name string, after codecollab.Version, limit int) ([]room.Record, error) {
	id, err := s.roomID(ctx, name)
	if err != nil {
		return nil, err
	}
	return s.records(ctx, "SELECT version, at, kind, data FROM events WHERE room = ? AND version > ? ORDER BY version LIMIT ?", id, after, limit)
}

func (s *Store) records(ctx context.Context, query string, args ...any) ([]room.Record, error) {
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []room.Record
	for rows.Next() {
		var r room.Record
		if err := rows.Scan(&r.Version, &r.At, &r.Kind, &r.Data); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

func (s *Store) roomID(ctx context.Context, name string) (id int64, err error) {
	err = s.read.QueryRowContext(ctx, "SELECT id FROM rooms WHERE name = ?", name).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, noRoom(name)
	}
	return id, err
}

// Snapshot implements room.Log.
func (s *Store) Snapshot(ctx context.Context, name string, atMost codecollab.Version) (room.Snapshot, error) {
	id, err := s.roomID(ctx, name)
	if err != nil {
		return room.Snapshot{}, err
	}
	var snap room.Snapshot
	err = s.read.QueryRowContext(ctx,
		"SELECT version, data FROM snapshots WHERE room = ?1 AND (CAST(?2 AS BIGINT) = 0 OR version <= ?2) ORDER BY version DESC LIMIT 1", id, atMost).
		Scan(&snap.Version, &snap.Data)
	if errors.Is(err, sql.ErrNoRows) {
		return room.Snapshot{}, nil
	}
	return snap, err
}

// keepEvery is the distance at which old snapshots stay, so that any moment of a long history is near one.
const keepEvery = 16384

// Save implements room.Log. Of the older snapshots it keeps the first of every keepEvery versions.
func (s *Store) Save(ctx context.Context, name string, snap room.Snapshot) error {
	return s.submit(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var id int64
		err := tx.QueryRowContext(ctx, "SELECT id FROM rooms WHERE name = ?", name).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return noRoom(name)
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO snapshots (room, version, data) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
			id, snap.Version, snap.Data)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM snapshots WHERE room = ?1 AND version < ?2
			AND version NOT IN (SELECT min(version) FROM snapshots WHERE room = ?1 GROUP BY version / ?3)`,
			id, snap.Version, keepEvery)
		return err
	})
}

// Find implements room.Finder.
func (s *Store) Find(ctx context.Context, name string, f room.Find) ([]room.Record, error) {
	id, err := s.roomID(ctx, name)
	if err != nil {
		return nil, err
	}
	args := []any{id, f.After, cmp.Or(f.Before, math.MaxInt64)}
	for _, k := range f.Kinds {
		args = append(args, k)
	}
	order := "DESC"
	if f.OldestFirst {
		order = "ASC"
	}
	// Without its own condition repeated, the index of kinds could not be used.
	query := `SELECT version, at, kind, data FROM events WHERE room = ? AND version > ? AND version < ? AND kind <> 'edit'
		AND kind IN (` + strings.TrimSuffix(strings.Repeat("?, ", len(f.Kinds)), ", ") + ") ORDER BY version " + order + " LIMIT ?"
	return s.records(ctx, query, append(args, f.Limit)...)
}

// RunRecord is a record about a run, with its room.
type RunRecord struct {
	Room string
	room.Record
}

// Runs returns the records of runs that were asked for or finished since a time (ms since the Unix epoch), oldest first.
func (s *Store) Runs(ctx context.Context, since int64) ([]RunRecord, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT r.name, e.version, e.at, e.kind, e.data FROM events e JOIN rooms r ON r.id = e.room
		WHERE e.kind IN ('run', 'finish') AND e.at >= ? ORDER BY e.at, e.version`, since)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []RunRecord
	for rows.Next() {
		var r RunRecord
		if err := rows.Scan(&r.Room, &r.Version, &r.At, &r.Kind, &r.Data); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}
