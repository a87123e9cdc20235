package people

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
)

const tokenColumns = "t.id, t.account, t.name, t.scopes, t.created, t.seen, t.expires"

// tokenInto says where these go.
func tokenInto(t *auth.APIToken) []any {
	return []any{&t.ID, &t.Account, &t.Name, scopeList{&t.Scopes}, msTime{&t.Created}, msTime{&t.Seen}, msTime{&t.Expires}}
}

// scopeList reads scopes with spaces between.
type scopeList struct{ to *[]auth.Scope }

// Scan implements sql.Scanner.
func (l scopeList) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("%v is no list of scopes", v)
	}
	*l.to = []auth.Scope{} // never nil: that would be every scope
	for f := range strings.FieldsSeq(s) {
		*l.to = append(*l.to, auth.Scope(f))
	}
	return nil
}

// AddToken keeps a token, unless its account has so many. Errors: "no_account" (there is none that is active), "too_many_tokens".
func (s *Store) AddToken(ctx context.Context, t auth.APIToken, hash []byte, most int) error {
	scopes := make([]string, len(t.Scopes))
	for i, s := range t.Scopes {
		scopes[i] = string(s)
	}
	return s.inTx(ctx, func(tx *sql.Tx) error {
		var active bool
		var have int
		err := tx.QueryRowContext(ctx, "SELECT active FROM accounts WHERE id = ?"+s.db.Lock(), t.Account).Scan(&active)
		if err == nil {
			err = tx.QueryRowContext(ctx, "SELECT count(*) FROM tokens WHERE account = ?", t.Account).Scan(&have)
		}
		switch {
		case errors.Is(err, sql.ErrNoRows), err == nil && !active:
			return errNoAccount()
		case err != nil:
			return err
		case have >= most:
			return codecollab.Errorf(codecollab.Limit, "too_many_tokens", "There are %d API tokens of this account, and may be no more. Take some back first.", have)
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO tokens (id, hash, account, name, scopes, created, seen, expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			t.ID, hash, t.Account, t.Name, strings.Join(scopes, " "), millis(t.Created), millis(t.Seen), millis(t.Expires))
		return err
	})
}

// TokenBy finds a token and whose it is. Error "no_token".
func (s *Store) TokenBy(ctx context.Context, hash []byte) (t auth.APIToken, a auth.Account, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT "+tokenColumns+", "+accountColumns+
		" FROM tokens t JOIN accounts a ON a.id = t.account WHERE t.hash = ?", hash).Scan(append(tokenInto(&t), accountInto(&a)...)...)
	if errors.Is(err, sql.ErrNoRows) {
		err = codecollab.Errorf(codecollab.NotFound, "no_token", "There is no such API token.")
	}
	return t, a, err
}

// TokensOf lists the tokens of an account, the newest first.
func (s *Store) TokensOf(ctx context.Context, account string) ([]auth.APIToken, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT "+tokenColumns+" FROM tokens t WHERE t.account = ? ORDER BY t.created DESC, t.id", account)
	return collect(rows, err, tokenInto)
}

// UseToken notes that a token is used.
func (s *Store) UseToken(ctx context.Context, id string, seen time.Time) error {
	_, err := s.change(ctx, "UPDATE tokens SET seen = ? WHERE id = ?", millis(seen), id)
	return err
}

// EndToken ends a token of an account. false: it has no such token.
func (s *Store) EndToken(ctx context.Context, account, id string) (bool, error) {
	n, err := s.change(ctx, "DELETE FROM tokens WHERE account = ? AND id = ?", account, id)
	return n > 0, err
}
