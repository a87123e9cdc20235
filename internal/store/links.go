package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"codecollab.dev/internal/rights"
)

// Link says what a link's key gives: a role, or none when the room has no such link. A revoked one has ok false.
func (s *Store) Link(ctx context.Context, room, key string) (role rights.Role, ok bool, err error) {
	var revoked sql.NullInt64
	err = s.read.QueryRowContext(ctx, "SELECT role, revoked FROM links JOIN rooms ON rooms.id = links.room WHERE rooms.name = ? AND key = ?", room, key).
		Scan(&role, &revoked)
	if errors.Is(err, sql.ErrNoRows) {
		return rights.None, false, nil
	}
	return role, !revoked.Valid, err
}

// Links returns the keys of a room's links that work, by role.
func (s *Store) Links(ctx context.Context, room string) (map[rights.Role]string, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT role, key FROM links JOIN rooms ON rooms.id = links.room WHERE rooms.name = ? AND revoked IS NULL", room)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[rights.Role]string{}
	for rows.Next() {
		var role rights.Role
		var key string
		if err := rows.Scan(&role, &key); err != nil {
			return nil, err
		}
		out[role] = key
	}
	return out, rows.Err()
}

// SetLink gives a role's link another key, or none (""); the former one does not work any more. Error "no_room".
func (s *Store) SetLink(ctx context.Context, name string, role rights.Role, key string) error {
	now := time.Now().UnixMilli()
	return s.submit(ctx, func(ctx context.Context, tx *sql.Tx) error {
		id, err := s.roomIn(ctx, tx, name)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE links SET revoked = ? WHERE room = ? AND role = ? AND revoked IS NULL", now, id, role)
		if err != nil || key == "" {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO links (room, key, role, created) VALUES (?, ?, ?, ?)", id, key, role, now)
		return err
	})
}

// roomIn finds a room, which nobody else changes until the transaction ends.
func (s *Store) roomIn(ctx context.Context, tx *sql.Tx, name string) (id int64, err error) {
	err = tx.QueryRowContext(ctx, "SELECT id FROM rooms WHERE name = ?"+s.lockRows, name).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, noRoom(name)
	}
	return id, err
}

// DeleteRoom takes away all that is kept of a room, a long log in steps. Error "no_room".
func (s *Store) DeleteRoom(ctx context.Context, name string) error {
	var id int64
	err := s.submit(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		if id, err = s.roomIn(ctx, tx, name); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE rooms SET name = ? || CAST(id AS TEXT) WHERE id = ?", goneRoom, id)
		return err
	})
	ctx = context.WithoutCancel(ctx) // it is gone for everybody; what is left is tidying up
	if err == nil {
		err = s.deleteAll(ctx, id)
	}
	return errors.Join(err, s.DeleteFiles(ctx, name), s.deleteHints(ctx, name))
}

// goneRoom begins the name of a room whose events are being deleted. No room that people have made has a space in its name.
const goneRoom = "deleted "

// BeingDeleted reports whether a room of this name is on its way out.
func BeingDeleted(name string) bool { return strings.HasPrefix(name, goneRoom) }

// deleteStep is how many events are deleted at a time, so that the other rooms' edits get in between.
const deleteStep = 2000

// deleteAll deletes a room that is gone for everybody.
func (s *Store) deleteAll(ctx context.Context, id int64) (err error) {
	for left := int64(1); left > 0 && err == nil; {
		err = s.submit(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
			left, err = deleteSome(ctx, tx, id)
			return err
		})
	}
	return err
}

// deleteSome deletes some events of a room, and the room itself with the last of them; it says how many there were.
func deleteSome(ctx context.Context, tx *sql.Tx, id int64) (int64, error) {
	res, err := tx.ExecContext(ctx,
		"DELETE FROM events WHERE room = ?1 AND version IN (SELECT version FROM events WHERE room = ?1 ORDER BY version LIMIT ?2)", id, deleteStep)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		_, err = tx.ExecContext(ctx, "DELETE FROM rooms WHERE id = ?", id) // links and snapshots go with it
	}
	return n, err
}

// DeleteFiles takes away what the programs of a room left.
func (s *Store) DeleteFiles(ctx context.Context, room string) error {
	_, err := s.files.ExecContext(ctx, "DELETE FROM run_files WHERE room = ?", room)
	return storageError(err)
}
