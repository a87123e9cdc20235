package store

import (
	"context"
	"database/sql"
	"errors"

	"codecollab.dev"
	"codecollab.dev/internal/history"
)

// Archived is a store as package history needs it.
type Archived struct{ *Store }

// Head implements history.Log.
func (s Archived) Head(ctx context.Context, name string) (head codecollab.Version, err error) {
	err = s.read.QueryRowContext(ctx, "SELECT head FROM rooms WHERE name = ?", name).Scan(&head)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, noRoom(name)
	}
	return head, err
}

// Events implements history.Log.
func (s Archived) Events(ctx context.Context, name string, after codecollab.Version, limit int) ([]history.Record, error) {
	records, err := s.Read(ctx, name, after, limit)
	if err != nil {
		return nil, err
	}
	out := make([]history.Record, len(records))
	for i, r := range records {
		out[i] = history.Record{Version: r.Version, Kind: r.Kind, Data: r.Data}
	}
	return out, nil
}

// Blocks implements history.Log.
func (s Archived) Blocks(ctx context.Context, name string, after codecollab.Version) ([]history.Part, error) {
	id, err := s.roomID(ctx, name)
	if err != nil {
		return nil, err
	}
	rows, err := s.read.QueryContext(ctx,
		"SELECT version, data FROM history_blocks WHERE room = ? AND version > ? ORDER BY version", id, after)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []history.Part
	for rows.Next() {
		var p history.Part
		if err := rows.Scan(&p.Version, &p.Data); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// Mark implements history.Log.
func (s Archived) Mark(ctx context.Context, name string, atMost codecollab.Version) (p history.Part, err error) {
	id, err := s.roomID(ctx, name)
	if err != nil {
		return p, err
	}
	err = s.read.QueryRowContext(ctx,
		"SELECT version, data FROM history_marks WHERE room = ?1 AND (CAST(?2 AS BIGINT) = 0 OR version <= ?2) ORDER BY version DESC LIMIT 1", id, atMost).
		Scan(&p.Version, &p.Data)
	if errors.Is(err, sql.ErrNoRows) {
		return history.Part{}, nil
	}
	return p, err
}

// Keep implements history.Log.
func (s Archived) Keep(ctx context.Context, name string, block, mark history.Part) error {
	return s.submit(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var id int64
		err := tx.QueryRowContext(ctx, "SELECT id FROM rooms WHERE name = ?", name).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return noRoom(name)
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO history_blocks (room, version, data) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
			id, block.Version, block.Data)
		if err != nil || mark.Data == nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO history_marks (room, version, data) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
			id, mark.Version, mark.Data)
		return err
	})
}
