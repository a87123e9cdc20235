package people

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
)

// Belongings are what is kept of a person here, for the person: no hash, no key.
func (s *Store) Belongings(ctx context.Context, account string) (auth.Belongings, error) {
	var b auth.Belongings
	var errs []error
	read := func(err error) { errs = append(errs, err) }
	a, err := s.Account(ctx, account)
	read(err)
	b.Account = a
	b.Sessions, err = s.SessionsOf(ctx, account)
	read(err)
	b.Memberships, err = s.Memberships(ctx, account)
	read(err)
	b.Former, err = s.Former(ctx, account)
	read(err)
	b.Identities, err = s.IdentitiesOf(ctx, account)
	read(err)
	rows, err := s.db.QueryContext(ctx, "SELECT id, name, scopes, created, seen, expires FROM tokens WHERE account = ? ORDER BY created", account)
	b.Tokens, err = collect(rows, err, func(t *auth.KnownToken) []any {
		return []any{&t.ID, &t.Name, &t.Scopes, msTime{&t.Created}, msTime{&t.Seen}, msTime{&t.Expires}}
	})
	read(err)
	rows, err = s.db.QueryContext(ctx, "SELECT id, name, created, seen FROM passkeys WHERE account = ? ORDER BY created", account)
	b.Passkeys, err = collect(rows, err, func(p *auth.KnownPasskey) []any { return []any{&p.ID, &p.Name, msTime{&p.Created}, msTime{&p.Seen}} })
	read(err)
	return b, errors.Join(errs...)
}

// DeleteAccount takes an account away, with its sessions, tokens, passkeys, memberships and the names that providers have for it. It
// notes the ids by which the person went as erased, and returns them. Organisations in which they were alone go, too. Errors:
// "no_account", "last_admin", "last_owner", "managed".
func (s *Store) DeleteAccount(ctx context.Context, account string) (ids []string, err error) {
	a, err := s.Account(ctx, account)
	if err != nil {
		return nil, err
	}
	former, err := s.Former(ctx, account)
	if err != nil {
		return nil, err
	}
	ids = append([]string{account}, former...)
	return ids, s.db.Alone(ctx, func(tx *sql.Tx) error {
		if err := mayGo(ctx, tx, account); err != nil {
			return err
		}
		for _, id := range ids {
			if err := erase(ctx, tx, id); err != nil {
				return err
			}
		}
		for _, q := range []struct {
			query string
			arg   any
		}{
			{"DELETE FROM orgs WHERE id IN (SELECT org FROM org_members GROUP BY org HAVING count(*) = 1 AND max(account) = ?)", account},
			{"DELETE FROM once WHERE account = ?", account},
			{"DELETE FROM org_invitations WHERE email <> '' AND email = ?", a.Email},
			{"DELETE FROM scim_resources WHERE account = ?", account},
			{"DELETE FROM accounts WHERE id = ?", account},
		} {
			if _, err := tx.ExecContext(ctx, q.query, q.arg); err != nil {
				return err
			}
		}
		return nil
	})
}

// EraseGuest notes a guest as erased: their token opens nothing any more.
func (s *Store) EraseGuest(ctx context.Context, guest string) error {
	return s.inTx(ctx, func(tx *sql.Tx) error { return erase(ctx, tx, guest) })
}

func erase(ctx context.Context, tx *sql.Tx, person string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO erased (person, at) VALUES (?, ?) ON CONFLICT (person) DO UPDATE SET done = false", person, millis(time.Now()))
	return err
}

// mayGo refuses the deletion of those whom others need.
func mayGo(ctx context.Context, tx *sql.Tx, account string) error {
	for _, c := range []struct{ query, code, message string }{
		{`SELECT 1 FROM accounts WHERE id = ?1 AND admin AND NOT EXISTS (SELECT 1 FROM accounts WHERE admin AND active AND id <> ?1)
			AND EXISTS (SELECT 1 FROM accounts WHERE id <> ?1)`,
			"last_admin", "You are the only administrator of this installation. Make somebody else one first."},
		{`SELECT 1 FROM org_members m WHERE account = ?1 AND role = 'owner'
			AND NOT EXISTS (SELECT 1 FROM org_members WHERE org = m.org AND role = 'owner' AND account <> ?1)
			AND EXISTS (SELECT 1 FROM org_members WHERE org = m.org AND account <> ?1)`,
			"last_owner", "You are the only owner of an organisation in which there are others. Make one of them an owner first, or delete the organisation."},
		{"SELECT 1 FROM managed WHERE account = ?1", "managed",
			"Your account belongs to your organisation, which also keeps who is in it. Ask its administrators to remove you."},
	} {
		var one int
		switch err := tx.QueryRowContext(ctx, c.query, account).Scan(&one); {
		case err == nil:
			return codecollab.Errorf(codecollab.Conflict, c.code, "%s", c.message)
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
	}
	return nil
}

// MayGo is nil when an account may be deleted, and else says why not. Errors: those of DeleteAccount.
func (s *Store) MayGo(ctx context.Context, account string) error {
	return s.inTx(ctx, func(tx *sql.Tx) error { return mayGo(ctx, tx, account) })
}

// Unerased are those whose names rooms may still have.
func (s *Store) Unerased(ctx context.Context) ([]string, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT person FROM erased WHERE NOT done ORDER BY person")
	return collect(rows, err, text)
}

// Erased notes that no room has these people's names any more.
func (s *Store) Erased(ctx context.Context, people []string) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		for _, id := range people {
			if _, err := tx.ExecContext(ctx, "UPDATE erased SET done = true WHERE person = ?", id); err != nil {
				return err
			}
		}
		return nil
	})
}
