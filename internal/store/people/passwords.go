package people

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"codecollab.dev/internal/auth"
)

// byPassword is the provider of those who sign in with a password; the subject is their address. So one address has one password.
const byPassword = "password"

// AddWithPassword keeps a new person who signs in by their address with a password. Error "taken".
func (s *Store) AddWithPassword(ctx context.Context, a auth.Account, hash string) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		if err := addAccount(ctx, tx, a, byPassword, a.Email); err != nil {
			return err
		}
		return setHash(ctx, tx, a.ID, hash)
	})
	return takenOr(err)
}

// PasswordOf finds who signs in by an address, and the hash of their password; "" is none. Error "no_account".
func (s *Store) PasswordOf(ctx context.Context, email string) (a auth.Account, hash string, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT "+accountColumns+", coalesce(a.password, '') FROM identities i JOIN accounts a ON a.id = i.account"+
		" WHERE i.provider = ? AND i.subject = ?", byPassword, email).Scan(append(accountInto(&a), &hash)...)
	if errors.Is(err, sql.ErrNoRows) {
		err = errNoAccount()
	}
	return a, hash, err
}

// SetPassword gives an account another password, and the address by which it signs in. Error "taken".
func (s *Store) SetPassword(ctx context.Context, account, email, hash string) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM identities WHERE provider = ? AND account = ?", byPassword, account); err != nil {
			return err
		}
		if err := addIdentity(ctx, tx, byPassword, email, account, time.Now()); err != nil {
			return err
		}
		return setHash(ctx, tx, account, hash)
	})
	return takenOr(err)
}

func setHash(ctx context.Context, tx *sql.Tx, account, hash string) error {
	_, err := tx.ExecContext(ctx, "UPDATE accounts SET password = ? WHERE id = ?", hash, account)
	return err
}

// HasAdmin reports whether there is an administrator who can come in.
func (s *Store) HasAdmin(ctx context.Context) (has bool, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM accounts WHERE admin AND active)").Scan(&has)
	return has, err
}
