package people

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
)

const accountColumns = "a.id, a.name, a.color, coalesce(a.email, ''), a.proven, a.admin, a.active, a.created, a.seen"

// accountInto says where these go.
func accountInto(a *auth.Account) []any {
	return []any{&a.ID, &a.Name, &a.Color, &a.Email, &a.Proven, &a.Admin, &a.Active, msTime{&a.Created}, msTime{&a.Seen}}
}

// accountOf reads a row that has an account, if there is one.
func accountOf(row *sql.Row) (a auth.Account, err error) {
	if err = row.Scan(accountInto(&a)...); errors.Is(err, sql.ErrNoRows) {
		err = errNoAccount()
	}
	return a, err
}

func errNoAccount() error {
	return codecollab.Errorf(codecollab.NotFound, "no_account", "There is no such account.")
}

// Account returns an account. Error "no_account".
func (s *Store) Account(ctx context.Context, id string) (auth.Account, error) {
	return accountOf(s.db.QueryRowContext(ctx, "SELECT "+accountColumns+" FROM accounts a WHERE a.id = ?", id))
}

// AccountsWith lists the accounts with an address: nobody but administrators may learn whether there are any.
func (s *Store) AccountsWith(ctx context.Context, email string) ([]auth.Account, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT "+accountColumns+" FROM accounts a WHERE a.email = ? ORDER BY a.created, a.id", email)
	return collect(rows, err, accountInto)
}

// AccountBy finds the person that a provider calls by a name. Error "no_account".
func (s *Store) AccountBy(ctx context.Context, provider, subject string) (auth.Account, error) {
	return accountOf(s.db.QueryRowContext(ctx, "SELECT "+accountColumns+
		" FROM identities i JOIN accounts a ON a.id = i.account WHERE i.provider = ? AND i.subject = ?", provider, subject))
}

// AddAccount keeps a new person together with the name that a provider has for them. Error "taken": the name is somebody's.
func (s *Store) AddAccount(ctx context.Context, a auth.Account, provider, subject string) error {
	return takenOr(s.inTx(ctx, func(tx *sql.Tx) error { return addAccount(ctx, tx, a, provider, subject) }))
}

func addAccount(ctx context.Context, tx *sql.Tx, a auth.Account, provider, subject string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO accounts (id, name, color, email, proven, admin, active, created, seen)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.ID, a.Name, a.Color, emailOrNull(a.Email), a.Proven, a.Admin, a.Active, millis(a.Created), millis(a.Seen))
	if err != nil {
		return err
	}
	return addIdentity(ctx, tx, provider, subject, a.ID, a.Created)
}

func addIdentity(ctx context.Context, tx *sql.Tx, provider, subject, account string, at time.Time) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO identities (provider, subject, account, created) VALUES (?, ?, ?, ?)",
		provider, subject, account, millis(at))
	return err
}

// takenOr says of a row that is there already that it is somebody's.
func takenOr(err error) error {
	if isTaken(err) {
		return codecollab.Errorf(codecollab.Conflict, "taken", "There is such an account already.")
	}
	return err
}

// ChangeAccount changes what is known about a person as nobody else does at the same time. Error "no_account".
func (s *Store) ChangeAccount(ctx context.Context, id string, change func(*auth.Account) error) (a auth.Account, err error) {
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		if a, err = accountOf(tx.QueryRowContext(ctx, "SELECT "+accountColumns+" FROM accounts a WHERE a.id = ?"+s.db.Lock(), id)); err != nil {
			return err
		}
		if err := change(&a); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "UPDATE accounts SET name = ?, color = ?, email = ?, proven = ?, admin = ?, active = ? WHERE id = ?",
			a.Name, a.Color, emailOrNull(a.Email), a.Proven, a.Admin, a.Active, id)
		return err
	})
	return a, err
}

// emailOrNull keeps addresses that are not known as NULL: they are none that two people share.
func emailOrNull(email string) any {
	if email == "" {
		return nil
	}
	return email
}

// Adopt makes a guest part of an account. false: the guest is part of one already.
func (s *Store) Adopt(ctx context.Context, guest, account string) (bool, error) {
	n, err := s.change(ctx, "INSERT INTO former (guest, account) VALUES (?, ?) ON CONFLICT (guest) DO NOTHING", guest, account)
	return n > 0, err
}

// Adopted reports whether a guest is part of an account, or was one who had everything about them deleted: nobody goes by that
// id any more.
func (s *Store) Adopted(ctx context.Context, guest string) (is bool, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM former WHERE guest = ?1 UNION SELECT 1 FROM erased WHERE person = ?1)", guest).Scan(&is)
	return is, err
}

// Former lists the guests that an account once was.
func (s *Store) Former(ctx context.Context, account string) ([]string, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT guest FROM former WHERE account = ? ORDER BY guest", account)
	return collect(rows, err, text)
}
