package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/hint/desk"
)

const hintColumns = "room, id, person, at, kind, level, outcome, source, model, cached, ahead, sent, recipients, tokens_in, tokens_out, cost, first_ms, total_ms"

// PutHint keeps a record, in the place of the one with its id, and forgets the oldest of the room beyond most, with their votes.
func (s *Store) PutHint(ctx context.Context, r desk.Record, most int) error {
	tx, err := s.hints.BeginTx(ctx, nil)
	if err != nil {
		return storageError(err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit there is nothing to roll back
	_, err = tx.ExecContext(ctx, "DELETE FROM hints WHERE room = ? AND id = ?", r.Room, r.ID)
	if err != nil {
		return storageError(err)
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO hints ("+hintColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		r.Room, r.ID, r.Person, r.At, r.Kind, r.Level, r.Outcome, r.Source, r.Model, r.Cached, r.Ahead, r.Sent, strings.Join(r.To, "\n"),
		r.TokensIn, r.TokensOut, r.Cost, r.FirstMS, r.TotalMS)
	if err != nil {
		return storageError(err)
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM hints WHERE room = ?1 AND at < (SELECT at FROM hints WHERE room = ?1 ORDER BY at DESC LIMIT 1 OFFSET ?2)`,
		r.Room, most-1)
	if err != nil {
		return storageError(err)
	}
	_, err = tx.ExecContext(ctx, "DELETE FROM hint_votes WHERE room = ?1 AND hint NOT IN (SELECT id FROM hints WHERE room = ?1)", r.Room)
	if err != nil {
		return storageError(err)
	}
	return storageError(tx.Commit())
}

// VoteHint notes what a person thinks of a hint; a later vote of theirs counts instead. Error "no_hint".
func (s *Store) VoteHint(ctx context.Context, room, id, person string, up bool) error {
	res, err := s.hints.ExecContext(ctx, `INSERT INTO hint_votes (room, hint, person, up)
		SELECT room, id, ?, ? FROM hints WHERE room = ? AND id = ? ON CONFLICT (room, hint, person) DO UPDATE SET up = excluded.up`, person, up, room, id)
	if err != nil {
		return storageError(err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, codecollab.Errorf(codecollab.NotFound, "no_hint", "There is no such hint in this room, or none any more."))
	}
	return nil
}

// Hints are the records of a room before a time (0: the newest), newest first.
func (s *Store) Hints(ctx context.Context, room string, before int64, limit int) ([]desk.Record, error) {
	rows, err := s.hints.QueryContext(ctx, "SELECT "+hintColumns+`,
		(SELECT count(*) FROM hint_votes v WHERE v.room = h.room AND v.hint = h.id AND v.up), (SELECT count(*) FROM hint_votes v WHERE v.room = h.room AND v.hint = h.id AND NOT v.up)
		FROM hints h WHERE room = ?1 AND (CAST(?2 AS BIGINT) = 0 OR at < ?2) ORDER BY at DESC, id LIMIT ?3`, room, before, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []desk.Record
	for rows.Next() {
		var r desk.Record
		var to string
		err := rows.Scan(&r.Room, &r.ID, &r.Person, &r.At, &r.Kind, &r.Level, &r.Outcome, &r.Source, &r.Model, &r.Cached, &r.Ahead, &r.Sent, &to,
			&r.TokensIn, &r.TokensOut, &r.Cost, &r.FirstMS, &r.TotalMS, &r.Up, &r.Down)
		if err != nil {
			return nil, err
		}
		if to != "" {
			r.To = strings.Split(to, "\n")
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// SpentTokens is what was spent under a key on a day.
func (s *Store) SpentTokens(ctx context.Context, day, key string) (n int, err error) {
	err = s.hints.QueryRowContext(ctx, "SELECT tokens FROM hint_tokens WHERE day = ? AND key = ?", day, key).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return n, err
}

// tokenDays is how long it is remembered what was spent on a day.
const tokenDays = 32

// SpendTokens adds to what was spent on a day, and forgets days that are long past.
func (s *Store) SpendTokens(ctx context.Context, day string, tokens map[string]int) error {
	tx, err := s.hints.BeginTx(ctx, nil)
	if err != nil {
		return storageError(err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit there is nothing to roll back
	for key, n := range tokens {
		_, err := tx.ExecContext(ctx, `INSERT INTO hint_tokens (day, key, tokens) VALUES (?, ?, ?)
			ON CONFLICT (day, key) DO UPDATE SET tokens = hint_tokens.tokens + excluded.tokens`, day, key, n)
		if err != nil {
			return storageError(err)
		}
	}
	if t, err := time.Parse(time.DateOnly, day); err == nil {
		if _, err := tx.ExecContext(ctx, "DELETE FROM hint_tokens WHERE day < ?", t.AddDate(0, 0, -tokenDays).Format(time.DateOnly)); err != nil {
			return storageError(err)
		}
	}
	return storageError(tx.Commit())
}

// deleteHints forgets what was asked in a room. What was spent stays: the limits of a day hold also for who deletes rooms.
func (s *Store) deleteHints(ctx context.Context, room string) error {
	_, err := s.hints.ExecContext(ctx, "DELETE FROM hints WHERE room = ?", room)
	if err == nil {
		_, err = s.hints.ExecContext(ctx, "DELETE FROM hint_votes WHERE room = ?", room)
	}
	return err
}
