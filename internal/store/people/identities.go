package people

import (
	"context"
	"database/sql"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
)

const identityQuery = "SELECT provider, subject, created FROM identities WHERE account = ? ORDER BY created, provider"

// identityInto says where the columns of one go.
func identityInto(i *auth.KnownAs) []any { return []any{&i.Provider, &i.Subject, msTime{&i.Created}} }

// IdentitiesOf lists what providers call a person, the oldest first.
func (s *Store) IdentitiesOf(ctx context.Context, account string) ([]auth.KnownAs, error) {
	rows, err := s.db.QueryContext(ctx, identityQuery, account)
	return collect(rows, err, identityInto)
}

// AddIdentity gives an account one more. Errors: "taken": it is somebody's; "no_account".
func (s *Store) AddIdentity(ctx context.Context, account string, k auth.KnownAs) error {
	return takenOr(s.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := accountOf(tx.QueryRowContext(ctx, "SELECT "+accountColumns+" FROM accounts a WHERE a.id = ?", account)); err != nil {
			return err
		}
		return addIdentity(ctx, tx, k.Provider, k.Subject, account, k.Created)
	}))
}

// EndIdentity takes what a provider calls a person away from them, if enough says that what stays is. Errors: "no_identity", and those
// of enough.
func (s *Store) EndIdentity(ctx context.Context, account, provider string, enough func(left []auth.KnownAs, passkeys int) error) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		// The account is written first, so that two who take the last two ways away wait for each other.
		if _, err := tx.ExecContext(ctx, "UPDATE accounts SET seen = seen WHERE id = ?", account); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, "DELETE FROM identities WHERE account = ? AND provider = ?", account, provider)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return orNone(err)
		}
		rows, err := tx.QueryContext(ctx, identityQuery, account)
		left, err := collect(rows, err, identityInto)
		if err != nil {
			return err
		}
		var passkeys int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM passkeys WHERE account = ?", account).Scan(&passkeys); err != nil {
			return err
		}
		return enough(left, passkeys)
	})
}

func orNone(err error) error {
	if err != nil {
		return err
	}
	return codecollab.Errorf(codecollab.NotFound, "no_identity", "Your account is not connected there, or not any more.")
}
