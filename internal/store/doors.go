package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/room"
)

// inRoom writes something of one room, which must be there. Error "no_room".
func (s *Store) inRoom(ctx context.Context, name string, write func(ctx context.Context, tx *sql.Tx, id int64) error) error {
	return s.submit(ctx, func(ctx context.Context, tx *sql.Tx) error {
		id, err := s.roomIn(ctx, tx, name)
		if err != nil {
			return err
		}
		return write(ctx, tx, id)
	})
}

// Passcode returns the hash of a room's passcode; "" when there is none.
func (s *Store) Passcode(ctx context.Context, name string) (sealed string, err error) {
	err = s.read.QueryRowContext(ctx, "SELECT sealed FROM passcodes JOIN rooms ON rooms.id = passcodes.room WHERE rooms.name = ?", name).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return sealed, err
}

// SetPasscode gives a room another passcode, or none (""). Nobody knows it yet but those who are named.
func (s *Store) SetPasscode(ctx context.Context, name, sealed string, passed []string) error {
	return s.inRoom(ctx, name, func(ctx context.Context, tx *sql.Tx, id int64) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM passed WHERE room = ?", id); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM passcodes WHERE room = ?", id); err != nil || sealed == "" {
			return err
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO passcodes (room, sealed) VALUES (?, ?)", id, sealed); err != nil {
			return err
		}
		for _, person := range passed {
			if _, err := tx.ExecContext(ctx, "INSERT INTO passed (room, person) VALUES (?, ?) ON CONFLICT DO NOTHING", id, person); err != nil {
				return err
			}
		}
		return nil
	})
}

// Pass notes that a person knows the room's passcode.
func (s *Store) Pass(ctx context.Context, name, person string) error {
	return s.inRoom(ctx, name, func(ctx context.Context, tx *sql.Tx, id int64) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO passed (room, person) VALUES (?, ?) ON CONFLICT DO NOTHING", id, person)
		return err
	})
}

// Passed reports whether one of these people has given the room's passcode.
func (s *Store) Passed(ctx context.Context, name string, people []string) (bool, error) {
	var n int
	err := s.read.QueryRowContext(ctx, "SELECT count(*) FROM passed JOIN rooms ON rooms.id = passed.room WHERE rooms.name = ? AND person IN ("+
		marks(len(people))+")", args(name, people)...).Scan(&n)
	return n > 0, err
}

// Invitations returns whom a room still waits for, the last invited first.
func (s *Store) Invitations(ctx context.Context, name string) ([]room.Invitation, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT who, role, at FROM invitations JOIN rooms ON rooms.id = invitations.room
		WHERE rooms.name = ? ORDER BY at DESC, who`, name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []room.Invitation{}
	for rows.Next() {
		var i room.Invitation
		if err := rows.Scan(&i.Who, &i.Role, &i.At); err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	return out, rows.Err()
}

// Invite lets somebody in as something; with None, no longer.
func (s *Store) Invite(ctx context.Context, name, who string, role rights.Role) error {
	return s.inRoom(ctx, name, func(ctx context.Context, tx *sql.Tx, id int64) (err error) {
		if role == rights.None {
			_, err = tx.ExecContext(ctx, "DELETE FROM invitations WHERE room = ? AND who = ?", id, who)
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO invitations (room, who, role, at) VALUES (?, ?, ?, ?)
			ON CONFLICT (room, who) DO UPDATE SET role = excluded.role, at = excluded.at`, id, who, role, time.Now().UnixMilli())
		return err
	})
}

// Invited says as what one of these names is invited; None when it is not.
func (s *Store) Invited(ctx context.Context, name string, who []string) (best rights.Role, err error) {
	rows, err := s.read.QueryContext(ctx, "SELECT role FROM invitations JOIN rooms ON rooms.id = invitations.room WHERE rooms.name = ? AND who IN ("+
		marks(len(who))+")", args(name, who)...)
	if err != nil {
		return rights.None, err
	}
	defer rows.Close()
	for rows.Next() {
		var role rights.Role
		if err := rows.Scan(&role); err != nil {
			return rights.None, err
		}
		if rights.Better(role, best) {
			best = role
		}
	}
	return best, rows.Err()
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

func args(first string, rest []string) []any {
	out := []any{first}
	for _, v := range rest {
		out = append(out, v)
	}
	return out
}

// SetOrg says which organisation a room belongs to; "" is none.
func (s *Store) SetOrg(ctx context.Context, name, org string) error {
	return s.inRoom(ctx, name, func(ctx context.Context, tx *sql.Tx, id int64) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM room_orgs WHERE room = ?", id); err != nil || org == "" {
			return err
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO room_orgs (room, org) VALUES (?, ?)", id, org)
		return err
	})
}

// OrgRooms returns the rooms of an organisation, at most so many, the last changed first.
func (s *Store) OrgRooms(ctx context.Context, org string, most int) ([]room.Listed, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT r.name,
		(SELECT data FROM events WHERE room = r.id AND kind = 'title' AND kind <> 'edit' ORDER BY version DESC LIMIT 1),
		(SELECT data FROM events WHERE room = r.id AND kind = 'language' AND kind <> 'edit' ORDER BY version DESC LIMIT 1),
		(SELECT at FROM events WHERE room = r.id AND version = r.head) AS changed
		FROM room_orgs o JOIN rooms r ON r.id = o.room WHERE o.org = ? ORDER BY changed DESC, r.id DESC LIMIT ?`, org, most)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []room.Listed{}
	for rows.Next() {
		var v room.Visited
		var title, language []byte
		var changed sql.NullInt64
		if err := rows.Scan(&v.Room, &title, &language, &changed); err != nil {
			return nil, err
		}
		if err := errors.Join(about(&v, title), about(&v, language)); err != nil {
			return nil, err
		}
		out = append(out, room.Listed{Room: v.Room, Title: v.Title, Language: v.Language, Changed: changed.Int64})
	}
	return out, rows.Err()
}
