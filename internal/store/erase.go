package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"codecollab.dev/internal/room"
	"codecollab.dev/internal/wire"
)

// Written is an event that somebody has written, and its room.
type Written struct {
	Room string
	room.Record
}

// WrittenBy calls f with the events of some kinds (none of them "edit") that people have written, room by room.
func (s *Store) WrittenBy(ctx context.Context, people, kinds []string, f func(Written) error) error {
	ids, args := placeholders(people)
	ks, more := placeholders(kinds)
	rows, err := s.read.QueryContext(ctx, `SELECT r.name, e.version, e.at, e.kind, e.data FROM events e JOIN rooms r ON r.id = e.room
		WHERE e.kind <> 'edit' AND e.kind IN (`+ks+`) AND json_extract(e.data, '$.by') IN (`+ids+`) ORDER BY e.room, e.version`, append(more, args...)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var w Written
		if err := rows.Scan(&w.Room, &w.Version, &w.At, &w.Kind, &w.Data); err != nil {
			return err
		}
		if err := f(w); err != nil {
			return err
		}
	}
	return rows.Err()
}

// RoomsOf names the rooms in which people have, or had, a name or a role.
func (s *Store) RoomsOf(ctx context.Context, people []string) ([]string, error) {
	ids, args := placeholders(people)
	rows, err := s.read.QueryContext(ctx, `SELECT name FROM rooms WHERE id IN (
		SELECT room FROM events WHERE kind <> 'edit' AND kind IN ('person', 'role', 'access', 'create')
			AND (json_extract(data, '$.by') IN (`+ids+`) OR json_extract(data, '$.body.person') IN (`+ids+`))
		UNION SELECT room FROM visits WHERE person IN (`+ids+`)) AND substr(name, 1, ?) <> ? ORDER BY id`,
		slices.Concat(args, args, args, []any{len(goneRoom), goneRoom})...)
	return texts(rows, err)
}

// Erase writes another name over that of some people in all that is kept of a room, and takes the room off their lists. This
// alone changes what is in a log: a name is in nothing that is computed from it, and the log goes on as it was. What the
// history has worked out is worked out again.
func (s *Store) Erase(ctx context.Context, name string, people []string, as string) error {
	return s.submit(ctx, func(ctx context.Context, tx *sql.Tx) error {
		id, err := s.roomIn(ctx, tx, name)
		if err != nil {
			return err
		}
		if err := eraseEvents(ctx, tx, id, people, as); err != nil {
			return err
		}
		if err := eraseSnapshots(ctx, tx, id, people, as); err != nil {
			return err
		}
		for _, table := range []string{"history_blocks", "history_marks"} {
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE room = ?", id); err != nil {
				return err
			}
		}
		ids, args := placeholders(people)
		for _, list := range []string{"visits WHERE room = ? AND person", "passed WHERE room = ? AND person", "invitations WHERE room = ? AND who"} {
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+list+" IN ("+ids+")", append([]any{id}, args...)...); err != nil {
				return err
			}
		}
		return nil
	})
}

// Uninvite takes back all invitations of somebody, by their e-mail address.
func (s *Store) Uninvite(ctx context.Context, email string) error {
	return s.submit(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM invitations WHERE who = ?", email)
		return err
	})
}

func eraseEvents(ctx context.Context, tx *sql.Tx, id int64, people []string, as string) error {
	ids, args := placeholders(people)
	found, err := blobs(ctx, tx, `SELECT version, data FROM events WHERE room = ? AND kind <> 'edit' AND kind = 'person'
		AND json_extract(data, '$.body.person') IN (`+ids+")", append([]any{id}, args...)...)
	if err != nil {
		return err
	}
	for version, data := range found {
		var e wire.Event
		if err := json.Unmarshal(data, &e); err != nil {
			return err
		}
		p, ok := e.Body.Payload.(*wire.Person)
		if !ok || p.Name == as {
			continue
		}
		p.Name = as
		if data, err = json.Marshal(e); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE events SET data = ? WHERE room = ? AND version = ?", data, id, version); err != nil {
			return err
		}
	}
	return nil
}

func eraseSnapshots(ctx context.Context, tx *sql.Tx, id int64, people []string, as string) error {
	return changeSnapshots(ctx, tx, id, "people", func(all []wire.Person) ([]wire.Person, bool) {
		changed := false
		for i := range all {
			if slices.Contains(people, all[i].Person) && all[i].Name != as {
				all[i].Name, changed = as, true
			}
		}
		return all, changed
	})
}

// blobs reads rows of a version and its data.
func blobs(ctx context.Context, tx *sql.Tx, query string, args ...any) (map[int64][]byte, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[int64][]byte{}
	for rows.Next() {
		var version int64
		var data []byte
		if err := rows.Scan(&version, &data); err != nil {
			return nil, err
		}
		out[version] = data
	}
	return out, rows.Err()
}

// LastOf says which of some people was in a room last; "" when none was.
func (s *Store) LastOf(ctx context.Context, name string, people []string) (last string, err error) {
	ids, args := placeholders(people)
	err = s.read.QueryRowContext(ctx, "SELECT person FROM visits WHERE room = (SELECT id FROM rooms WHERE name = ?) AND person IN ("+ids+
		") ORDER BY at DESC LIMIT 1", append([]any{name}, args...)...).Scan(&last)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return last, err
}

// IdleRooms names the rooms in which nobody was, and nothing happened, since a time (ms since the Unix epoch), at most so many.
func (s *Store) IdleRooms(ctx context.Context, since int64, most int) ([]string, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT name FROM rooms r WHERE created < ?1 AND substr(name, 1, ?2) <> ?3
		AND NOT EXISTS (SELECT 1 FROM visits WHERE room = r.id AND at >= ?1)
		AND coalesce((SELECT at FROM events WHERE room = r.id AND version = r.head), 0) < ?1 ORDER BY id LIMIT ?4`, since, len(goneRoom), goneRoom, most)
	return texts(rows, err)
}

// ForgetHintsBefore takes away what was asked before a time (ms since the Unix epoch), and says how much that was.
func (s *Store) ForgetHintsBefore(ctx context.Context, before int64) (int64, error) {
	res, err := s.hints.ExecContext(ctx, "DELETE FROM hints WHERE at < ?", before)
	if err != nil {
		return 0, storageError(err)
	}
	if _, err := s.hints.ExecContext(ctx, "DELETE FROM hint_votes WHERE NOT EXISTS (SELECT 1 FROM hints h WHERE h.room = hint_votes.room AND h.id = hint_votes.hint)"); err != nil {
		return 0, storageError(err)
	}
	return res.RowsAffected()
}

// Forgotten is the kind of chat events whose text is gone. It is that of the row alone: the event stays a chat message, without a text.
const Forgotten = "forgotten"

// forgetStep is how many messages are forgotten at a time, so that edits get in between.
const forgetStep = 200

// ForgetChat takes the text out of all chat messages that were written before a time (ms since the Unix epoch), and says how
// many those were. Their places in the log stay.
func (s *Store) ForgetChat(ctx context.Context, before int64) (n int64, err error) {
	for {
		step := int64(0)
		err := s.submit(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
			step, err = forgetSome(ctx, tx, before)
			return err
		})
		n += step
		if err != nil || step < forgetStep {
			return n, err
		}
	}
}

type place struct{ room, version int64 }

func forgetSome(ctx context.Context, tx *sql.Tx, before int64) (int64, error) {
	rows, err := tx.QueryContext(ctx, "SELECT room, version, data FROM events WHERE kind = 'chat' AND at < ? LIMIT ?", before, forgetStep)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	found := map[place][]byte{}
	for rows.Next() {
		var p place
		var data []byte
		if err := rows.Scan(&p.room, &p.version, &data); err != nil {
			return 0, err
		}
		found[p] = data
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	rooms := map[int64]bool{}
	for p, data := range found {
		rooms[p.room] = true
		if err := forgetOne(ctx, tx, p, data); err != nil {
			return 0, err
		}
	}
	for id := range rooms {
		if err := forgetInSnapshots(ctx, tx, id, before); err != nil {
			return 0, err
		}
	}
	return int64(len(found)), nil
}

func forgetOne(ctx context.Context, tx *sql.Tx, p place, data []byte) error {
	var e wire.Event
	if err := json.Unmarshal(data, &e); err != nil {
		return err
	}
	if c, ok := e.Body.Payload.(*wire.Chat); ok {
		c.Text = ""
	}
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE events SET kind = ?, data = ? WHERE room = ? AND version = ?", Forgotten, data, p.room, p.version)
	return err
}

func forgetInSnapshots(ctx context.Context, tx *sql.Tx, id, before int64) error {
	return changeSnapshots(ctx, tx, id, "chat", func(all []wire.ChatMessage) ([]wire.ChatMessage, bool) {
		kept := slices.DeleteFunc(slices.Clone(all), func(m wire.ChatMessage) bool { return m.At < before })
		return kept, len(kept) != len(all)
	})
}

// changeSnapshots changes one list in a room's snapshots. It knows nothing of the rest of them, and leaves it as it is.
func changeSnapshots[T any](ctx context.Context, tx *sql.Tx, id int64, list string, change func([]T) ([]T, bool)) error {
	found, err := blobs(ctx, tx, "SELECT version, data FROM snapshots WHERE room = ?", id)
	if err != nil {
		return err
	}
	for version, data := range found {
		var parts map[string]json.RawMessage
		var all []T
		err := json.Unmarshal(data, &parts)
		if err == nil && parts[list] != nil {
			err = json.Unmarshal(parts[list], &all)
		}
		if err != nil {
			return fmt.Errorf("snapshot at %d: %w", version, err)
		}
		all, changed := change(all)
		if !changed {
			continue
		}
		if parts[list], err = json.Marshal(all); err == nil {
			data, err = json.Marshal(parts)
		}
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE snapshots SET data = ? WHERE room = ? AND version = ?", data, id, version); err != nil {
			return err
		}
	}
	return nil
}

// HintsOf calls f with what people have asked, as columns by name.
func (s *Store) HintsOf(ctx context.Context, people []string, f func(map[string]any) error) error {
	ids, args := placeholders(people)
	rows, err := s.hints.QueryContext(ctx, "SELECT room, at, kind, level, outcome, source, model, sent, recipients FROM hints WHERE person IN ("+ids+") ORDER BY at", args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var room, kind, outcome, source, model, sent, to string
		var at, level int64
		if err := rows.Scan(&room, &at, &kind, &level, &outcome, &source, &model, &sent, &to); err != nil {
			return err
		}
		err := f(map[string]any{"room": room, "at": at, "kind": kind, "level": level, "outcome": outcome, "source": source, "model": model, "sent": sent, "to": to})
		if err != nil {
			return err
		}
	}
	return rows.Err()
}

// ForgetHints takes away what people have asked and what they thought of the answers.
func (s *Store) ForgetHints(ctx context.Context, people []string) error {
	ids, args := placeholders(people)
	var errs []error
	for _, table := range []string{"hints", "hint_votes"} {
		_, err := s.hints.ExecContext(ctx, "DELETE FROM "+table+" WHERE person IN ("+ids+")", args...)
		errs = append(errs, err)
	}
	return storageError(errors.Join(errs...))
}

// placeholders are as many question marks as there are values, which the other answer is.
func placeholders(values []string) (marks string, args []any) {
	for i, v := range values {
		if i > 0 {
			marks += ", "
		}
		marks += "?"
		args = append(args, v)
	}
	return marks, args
}

// texts are the rows of a query for one text each.
func texts(rows *sql.Rows, err error) ([]string, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		out = append(out, name)
	}
	return out, rows.Err()
}
