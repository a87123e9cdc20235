package people

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
)

const sessionColumns = "s.id, s.account, s.created, s.seen, s.expires, s.until, s.agent, s.address, s.via, s.detail"

// sessionInto says where these go.
func sessionInto(s *auth.Session) []any {
	return []any{
		&s.ID, &s.Account, msTime{&s.Created}, msTime{&s.Seen}, msTime{&s.Expires}, msTime{&s.Until}, &s.Agent, &s.Address, &s.Via, &s.Detail,
	}
}

// AddSession begins a session, and notes when its account was seen. Error "no_account": there is none that is active.
func (s *Store) AddSession(ctx context.Context, in auth.Session, hash []byte) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, "UPDATE accounts SET seen = ? WHERE id = ? AND active", millis(in.Created), in.Account)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, errNoAccount())
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO sessions (id, hash, account, created, seen, expires, until, agent, address, via, detail)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, in.ID, hash, in.Account, millis(in.Created), millis(in.Seen), millis(in.Expires), millis(in.Until),
			in.Agent, in.Address, in.Via, in.Detail)
		return err
	})
}

// SessionBy finds a session and whose it is. Error "no_session".
func (s *Store) SessionBy(ctx context.Context, hash []byte) (out auth.Session, a auth.Account, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT "+sessionColumns+", "+accountColumns+
		" FROM sessions s JOIN accounts a ON a.id = s.account WHERE s.hash = ?", hash).Scan(append(sessionInto(&out), accountInto(&a)...)...)
	if errors.Is(err, sql.ErrNoRows) {
		err = codecollab.Errorf(codecollab.NotFound, "no_session", "There is no such session.")
	}
	return out, a, err
}

// UseSession notes that a session is used, and until when it is good now.
func (s *Store) UseSession(ctx context.Context, id string, seen, expires time.Time) error {
	_, err := s.db.ExecContext(ctx, "UPDATE sessions SET seen = ?, expires = ? WHERE id = ?", millis(seen), millis(expires), id)
	return err
}

// SessionsOf lists the sessions of an account, the one used last first.
func (s *Store) SessionsOf(ctx context.Context, account string) ([]auth.Session, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT "+sessionColumns+" FROM sessions s WHERE s.account = ? ORDER BY s.seen DESC, s.id", account)
	return collect(rows, err, sessionInto)
}

// EndSessions ends some sessions of an account, or all where none is named, and returns those that there were.
func (s *Store) EndSessions(ctx context.Context, account string, ids ...string) ([]string, error) {
	query, args := "DELETE FROM sessions WHERE account = ?", []any{account}
	if len(ids) > 0 {
		query += " AND id IN (?" + strings.Repeat(", ?", len(ids)-1) + ")"
		for _, id := range ids {
			args = append(args, id)
		}
	}
	rows, err := s.db.QueryContext(ctx, query+" RETURNING id", args...)
	return collect(rows, err, text)
}

// Expired takes away the sessions whose time is over, and returns them.
func (s *Store) Expired(ctx context.Context, now time.Time) ([]auth.Session, error) {
	rows, err := s.db.QueryContext(ctx, `DELETE FROM sessions WHERE expires <= ?
		RETURNING id, account, created, seen, expires, until, agent, address, via, detail`, millis(now))
	return collect(rows, err, sessionInto)
}
