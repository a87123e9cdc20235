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

func scanSession(row scanner) (s auth.Session, err error) {
	scan, done := sessionInto(&s)
	err = row.Scan(scan...)
	done()
	return s, err
}

// sessionInto says where the columns of a session go, and turns what is kept into what is meant.
func sessionInto(s *auth.Session) (into []any, done func()) {
	var created, seen, expires, until int64
	return []any{&s.ID, &s.Account, &created, &seen, &expires, &until, &s.Agent, &s.Address, &s.Via, &s.Detail}, func() {
		s.Created, s.Seen, s.Expires, s.Until = timeOf(created), timeOf(seen), timeOf(expires), timeOf(until)
	}
}

// AddSession begins a session, and notes when its account was seen. Error "no_account": there is none that is active.
func (s *Store) AddSession(ctx context.Context, in auth.Session, hash []byte) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, "UPDATE accounts SET seen = ? WHERE id = ? AND active = 1", ms(in.Created), in.Account)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, errNoAccount())
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO sessions (id, hash, account, created, seen, expires, until, agent, address, via, detail)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, in.ID, hash, in.Account, ms(in.Created), ms(in.Seen), ms(in.Expires), ms(in.Until),
			in.Agent, in.Address, in.Via, in.Detail)
		return err
	})
}

// SessionBy finds a session and whose it is. Error "no_session".
func (s *Store) SessionBy(ctx context.Context, hash []byte) (auth.Session, auth.Account, error) {
	var out auth.Session
	var a auth.Account
	var created, seen int64
	into, done := sessionInto(&out)
	err := s.db.QueryRowContext(ctx, "SELECT "+sessionColumns+", "+accountColumns+
		" FROM sessions s JOIN accounts a ON a.id = s.account WHERE s.hash = ?", hash).
		Scan(append(into, &a.ID, &a.Name, &a.Color, &a.Email, &a.Proven, &a.Admin, &a.Active, &created, &seen)...)
	if errors.Is(err, sql.ErrNoRows) {
		err = codecollab.Errorf(codecollab.NotFound, "no_session", "There is no such session.")
	}
	done()
	a.Created, a.Seen = timeOf(created), timeOf(seen)
	return out, a, err
}

// UseSession notes that a session is used, and until when it is good now.
func (s *Store) UseSession(ctx context.Context, id string, seen, expires time.Time) error {
	_, err := s.db.ExecContext(ctx, "UPDATE sessions SET seen = ?, expires = ? WHERE id = ?", ms(seen), ms(expires), id)
	return err
}

// SessionsOf lists the sessions of an account, the one used last first.
func (s *Store) SessionsOf(ctx context.Context, account string) ([]auth.Session, error) {
	return list(ctx, s.db, scanSession, "SELECT "+sessionColumns+" FROM sessions s WHERE s.account = ? ORDER BY s.seen DESC, s.id", account)
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
	return list(ctx, s.db, text, query+" RETURNING id", args...)
}

// Expired takes away the sessions whose time is over, and returns them.
func (s *Store) Expired(ctx context.Context, now time.Time) ([]auth.Session, error) {
	return list(ctx, s.db, scanSession, `DELETE FROM sessions AS s WHERE s.expires <= ?
		RETURNING id, account, created, seen, expires, until, agent, address, via, detail`, ms(now))
}
