package people

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
)

// PutOnce keeps something that works once.
func (s *Store) PutOnce(ctx context.Context, o auth.Once, hash []byte) error {
	_, err := s.db.ExecContext(ctx, "INSERT INTO once (kind, hash, account, data, expires) VALUES (?, ?, ?, ?, ?)",
		o.Kind, hash, o.Account, o.Data, millis(o.Expires))
	return err
}

// PeekOnce finds something that works once, and leaves it. Error "no_once".
func (s *Store) PeekOnce(ctx context.Context, kind string, hash []byte, now time.Time) (auth.Once, error) {
	return onceOf(s.db.QueryRowContext(ctx, "SELECT kind, account, data, expires FROM once WHERE kind = ? AND hash = ? AND expires > ?",
		kind, hash, millis(now)))
}

// TakeOnce takes something away that works once: of two who try at the same time, one gets it. Error "no_once".
func (s *Store) TakeOnce(ctx context.Context, kind string, hash []byte, now time.Time) (auth.Once, error) {
	return onceOf(s.db.QueryRowContext(ctx, "DELETE FROM once WHERE kind = ? AND hash = ? AND expires > ? RETURNING kind, account, data, expires",
		kind, hash, millis(now)))
}

func onceOf(row *sql.Row) (o auth.Once, err error) {
	err = row.Scan(&o.Kind, &o.Account, &o.Data, msTime{&o.Expires})
	if errors.Is(err, sql.ErrNoRows) {
		err = errNoOnce()
	}
	return o, err
}

// DropOnces takes away all of a kind that are about an account.
func (s *Store) DropOnces(ctx context.Context, kind, account string) error {
	_, err := s.change(ctx, "DELETE FROM once WHERE kind = ? AND account = ?", kind, account)
	return err
}

// SweepOnces takes away what is too old, API tokens with it.
func (s *Store) SweepOnces(ctx context.Context, now time.Time) error {
	_, err := s.change(ctx, "DELETE FROM once WHERE expires <= ?", millis(now))
	_, err2 := s.change(ctx, "DELETE FROM tokens WHERE expires > 0 AND expires <= ?", millis(now))
	return errors.Join(err, err2)
}

// AnswerOnce says of something that waits whom it is about. That can be said once. Error "no_once".
func (s *Store) AnswerOnce(ctx context.Context, kind string, hash []byte, account, data string, now time.Time) error {
	n, err := s.change(ctx, "UPDATE once SET account = ?, data = ? WHERE kind = ? AND hash = ? AND account = '' AND expires > ?",
		account, data, kind, hash, millis(now))
	if err == nil && n == 0 {
		return errNoOnce()
	}
	return err
}

func errNoOnce() error {
	return codecollab.Errorf(codecollab.NotFound, "no_once", "This has been used, or is too old.")
}
