package store

import (
	"context"
	"strings"

	"codecollab.dev"
)

// headsAtOnce bounds the rooms of one query.
const headsAtOnce = 500

// Heads implements room.Heads.
func (s *Store) Heads(ctx context.Context, rooms []string) (map[string]codecollab.Version, error) {
	out := make(map[string]codecollab.Version, len(rooms))
	for len(rooms) > 0 {
		n := min(len(rooms), headsAtOnce)
		if err := s.heads(ctx, rooms[:n], out); err != nil {
			return nil, err
		}
		rooms = rooms[n:]
	}
	return out, nil
}

func (s *Store) heads(ctx context.Context, rooms []string, out map[string]codecollab.Version) error {
	args := make([]any, len(rooms))
	for i, name := range rooms {
		args[i] = name
	}
	rows, err := s.read.QueryContext(ctx, "SELECT name, head FROM rooms WHERE name IN ("+strings.TrimSuffix(strings.Repeat("?, ", len(args)), ", ")+")", args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var head codecollab.Version
		if err := rows.Scan(&name, &head); err != nil {
			return err
		}
		out[name] = head
	}
	return rows.Err()
}
