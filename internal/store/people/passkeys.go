package people

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
)

const passkeyColumns = "id, account, credential, name, data, created, seen"

// passkeyInto says where these go.
func passkeyInto(k *auth.Passkey) []any {
	return []any{&k.ID, &k.Account, &k.Credential, &k.Name, &k.Data, msTime{&k.Created}, msTime{&k.Seen}}
}

// AddPasskey keeps a passkey, unless its account has so many. Errors: "taken", "too_many_passkeys".
func (s *Store) AddPasskey(ctx context.Context, k auth.Passkey, most int) error {
	return takenOr(s.inTx(ctx, func(tx *sql.Tx) error {
		if err := s.lockRow(ctx, tx, "accounts", k.Account); err != nil {
			return err
		}
		var have int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM passkeys WHERE account = ?", k.Account).Scan(&have); err != nil {
			return err
		}
		if have >= most {
			return codecollab.Errorf(codecollab.Limit, "too_many_passkeys", "There are %d passkeys of this account, and may be no more. Remove some first.", have)
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO passkeys ("+passkeyColumns+") VALUES (?, ?, ?, ?, ?, ?, ?)",
			k.ID, k.Account, k.Credential, k.Name, k.Data, millis(k.Created), millis(k.Seen))
		return err
	}))
}

// PasskeyBy finds a passkey by what its authenticator calls it. Error "no_passkey".
func (s *Store) PasskeyBy(ctx context.Context, credential []byte) (k auth.Passkey, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT "+passkeyColumns+" FROM passkeys WHERE credential = ?", credential).Scan(passkeyInto(&k)...)
	if errors.Is(err, sql.ErrNoRows) {
		err = codecollab.Errorf(codecollab.NotFound, "no_passkey", "There is no such passkey.")
	}
	return k, err
}

// Passkeys lists those of an account, the newest first.
func (s *Store) Passkeys(ctx context.Context, account string) ([]auth.Passkey, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT "+passkeyColumns+" FROM passkeys WHERE account = ? ORDER BY created DESC, id", account)
	return collect(rows, err, passkeyInto)
}

// UsePasskey notes a use, if nobody else has since the passkey was read.
func (s *Store) UsePasskey(ctx context.Context, k auth.Passkey, data string, seen time.Time) (bool, error) {
	n, err := s.change(ctx, "UPDATE passkeys SET data = ?, seen = ? WHERE id = ? AND data = ?", data, millis(seen), k.ID, k.Data)
	return n > 0, err
}

// EndPasskey takes a passkey away from an account. false: it has no such.
func (s *Store) EndPasskey(ctx context.Context, account, id string) (bool, error) {
	n, err := s.change(ctx, "DELETE FROM passkeys WHERE account = ? AND id = ?", account, id)
	return n > 0, err
}
