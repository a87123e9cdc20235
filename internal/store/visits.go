package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"codecollab.dev/internal/room"
	"codecollab.dev/internal/wire"
)

// visitEvery is how exactly the time of the last visit is known. Those who reconnect all the time write nothing.
const visitEvery = 10 * time.Minute

// Visit notes that a person has been in a room, and as what. A room that is not there is no error: nobody has been in it.
func (s *Store) Visit(ctx context.Context, name, person, role string) error {
	now := time.Now().UnixMilli()
	var known int
	err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM visits JOIN rooms ON rooms.id = visits.room
		WHERE person = ? AND rooms.name = ? AND role = ? AND at > ?`, person, name, role, now-visitEvery.Milliseconds()).Scan(&known)
	if err != nil || known > 0 {
		return err
	}
	return s.submit(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO visits (person, room, role, at) SELECT ?1, id, ?3, ?4 FROM rooms WHERE name = ?2
			ON CONFLICT (person, room) DO UPDATE SET role = excluded.role, at = excluded.at`, person, name, role, now)
		return err
	})
}

// SetVisitRole notes that a person who has been in a room is something else there now.
func (s *Store) SetVisitRole(ctx context.Context, name, person, role string) error {
	return s.submit(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE visits SET role = ? WHERE person = ? AND room = (SELECT id FROM rooms WHERE name = ?)", role, person, name)
		return err
	})
}

// ForgetVisit takes a room off a person's list.
func (s *Store) ForgetVisit(ctx context.Context, name, person string) error {
	return s.submit(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM visits WHERE person = ? AND room = (SELECT id FROM rooms WHERE name = ?)", person, name)
		return err
	})
}

// MoveVisits makes the rooms that one person has been in those of another. Where both have been, the later visit stays.
func (s *Store) MoveVisits(ctx context.Context, from, to string) error {
	return s.submit(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO visits (person, room, role, at) SELECT ?2, room, role, at FROM visits WHERE person = ?1
			ON CONFLICT (person, room) DO UPDATE SET role = excluded.role, at = excluded.at WHERE excluded.at > visits.at`, from, to); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "DELETE FROM visits WHERE person = ?", from)
		return err
	})
}

// Visited returns the rooms that a person has been in, at most so many, the last one first.
func (s *Store) Visited(ctx context.Context, person string, most int) ([]room.Visited, error) {
	// "kind <> 'edit'" says that the index of kinds can answer.
	rows, err := s.read.QueryContext(ctx, `SELECT r.name, v.role, v.at,
		(SELECT data FROM events WHERE room = r.id AND kind = 'title' AND kind <> 'edit' ORDER BY version DESC LIMIT 1),
		(SELECT data FROM events WHERE room = r.id AND kind = 'language' AND kind <> 'edit' ORDER BY version DESC LIMIT 1),
		(SELECT at FROM events WHERE room = r.id AND version = r.head), (SELECT max(at) FROM visits WHERE room = r.id)
		FROM visits v JOIN rooms r ON r.id = v.room WHERE v.person = ? ORDER BY v.at DESC, r.id DESC LIMIT ?`, person, most)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []room.Visited{}
	for rows.Next() {
		var v room.Visited
		var title, language []byte
		var changed sql.NullInt64
		if err := rows.Scan(&v.Room, &v.Role, &v.Visited, &title, &language, &changed, &v.Last); err != nil {
			return nil, err
		}
		v.Changed = changed.Int64
		if err := errors.Join(about(&v, title), about(&v, language)); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// about reads from an event what it says about its room; there may be none.
func about(v *room.Visited, event []byte) error {
	if event == nil {
		return nil
	}
	var e wire.Event
	if err := json.Unmarshal(event, &e); err != nil {
		return err
	}
	switch p := e.Body.Payload.(type) {
	case *wire.Title:
		v.Title = p.Title
	case *wire.Language:
		v.Language = p.Language
	}
	return nil
}
