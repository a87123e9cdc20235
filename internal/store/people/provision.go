package people

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"codecollab.dev/internal/auth"
)

// ProvenBy satisfies auth.ProvisionStore.
func (s *Store) ProvenBy(ctx context.Context, email string) ([]auth.Account, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT "+accountColumns+" FROM accounts a"+
		" WHERE a.email = ? AND a.email <> '' AND a.proven ORDER BY a.created, a.id", email)
	return collect(rows, err, accountInto)
}

// ProvisionedBy satisfies auth.ProvisionStore.
func (s *Store) ProvisionedBy(ctx context.Context, org, subject, email string) (string, error) {
	var account string
	err := s.db.QueryRowContext(ctx, `SELECT account FROM scim_resources WHERE org = ?1 AND kind = 'User' AND account <> ''
		AND (external = ?2 AND ?2 <> '' OR name = ?4 OR ?3 <> '' AND (email = ?3 OR name = ?3))
		ORDER BY external = ?2 DESC, name = ?4 DESC, created LIMIT 1`, org, subject, email, strings.ToLower(subject)).Scan(&account)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return account, err
}

// Blocked satisfies auth.ProvisionStore.
func (s *Store) Blocked(ctx context.Context, org, account string) (bool, error) {
	var n int
	err := s.db.QueryRowContext(ctx, "SELECT count(*) FROM scim_resources WHERE account = ? AND org = ? AND kind = 'User' AND NOT active", account, org).Scan(&n)
	return n > 0, err
}

// Link satisfies auth.ProvisionStore.
func (s *Store) Link(ctx context.Context, account, provider, subject string) (bool, error) {
	linked := false
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		linked = false
		if err := s.lockRow(ctx, tx, "accounts", account); err != nil {
			return err
		}
		var n int
		err := tx.QueryRowContext(ctx, "SELECT count(*) FROM identities WHERE provider = ?1 AND (account = ?2 OR subject = ?3)", provider, account, subject).Scan(&n)
		if err != nil || n > 0 {
			return err
		}
		linked = true
		_, err = tx.ExecContext(ctx, "INSERT INTO identities (provider, subject, account, created) VALUES (?, ?, ?, ?)",
			provider, subject, account, time.Now().UnixMilli())
		return err
	})
	if isTaken(err) { // by another account, at the same moment
		return false, nil
	}
	return linked && err == nil, err
}

// DropTokens satisfies auth.Newcomers.
func (s *Store) DropTokens(ctx context.Context, account string) error {
	_, err := s.change(ctx, "DELETE FROM tokens WHERE account = ?", account)
	return err
}
