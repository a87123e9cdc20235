package people

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
)

// Org satisfies auth.OrgStore.
func (s *Store) Org(ctx context.Context, id string) (auth.Org, error) {
	o := auth.Org{ID: id}
	err := s.db.QueryRowContext(ctx, "SELECT name, enforced, created FROM orgs WHERE id = ?", id).Scan(&o.Name, &o.Enforced, msTime{&o.Created})
	if errors.Is(err, sql.ErrNoRows) {
		return o, auth.NoOrg()
	}
	return o, err
}

// Orgs satisfies auth.OrgBook.
func (s *Store) Orgs(ctx context.Context) ([]auth.Org, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT id, name, enforced, created FROM orgs ORDER BY lower(name), id")
	return collect(rows, err, func(o *auth.Org) []any { return []any{&o.ID, &o.Name, &o.Enforced, msTime{&o.Created}} })
}

// SaveOrg satisfies auth.OrgStore.
func (s *Store) SaveOrg(ctx context.Context, o auth.Org, owner string) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO orgs (id, name, enforced, created) VALUES (?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, enforced = excluded.enforced`, o.ID, o.Name, o.Enforced, o.Created.UnixMilli())
		if err != nil || owner == "" {
			return err
		}
		return putMember(ctx, tx, auth.Membership{Org: o.ID, Account: owner, Role: auth.OrgOwner, Source: "manual"})
	})
}

// DropOrg satisfies auth.OrgStore.
func (s *Store) DropOrg(ctx context.Context, id string) error {
	n, err := s.change(ctx, "DELETE FROM orgs WHERE id = ?", id)
	if err == nil && n == 0 {
		return auth.NoOrg()
	}
	return err
}

// Members satisfies auth.OrgStore.
func (s *Store) Members(ctx context.Context, org string) ([]auth.Member, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT a.id, a.name, coalesce(a.email, ''), m.role, m.source, a.active, a.seen
		FROM org_members m JOIN accounts a ON a.id = m.account WHERE m.org = ?
		ORDER BY m.role <> 'owner', m.role <> 'admin', lower(a.name), a.id`, org)
	return collect(rows, err, func(m *auth.Member) []any {
		return []any{&m.Account, &m.Name, &m.Email, &m.Role, &m.Source, &m.Active, msTime{&m.Seen}}
	})
}

const memberships = "SELECT m.org, o.name, m.account, m.role, m.source FROM org_members m JOIN orgs o ON o.id = m.org WHERE m.account = ?"

func membershipInto(m *auth.Membership) []any {
	return []any{&m.Org, &m.OrgName, &m.Account, &m.Role, &m.Source}
}

// Memberships satisfies auth.OrgBook.
func (s *Store) Memberships(ctx context.Context, account string) ([]auth.Membership, error) {
	rows, err := s.db.QueryContext(ctx, memberships+" ORDER BY lower(o.name), o.id", account)
	return collect(rows, err, membershipInto)
}

// RoleIn satisfies auth.OrgBook.
func (s *Store) RoleIn(ctx context.Context, org, account string) (auth.Membership, error) {
	var m auth.Membership
	err := s.db.QueryRowContext(ctx, memberships+" AND m.org = ?", account, org).Scan(membershipInto(&m)...)
	if errors.Is(err, sql.ErrNoRows) {
		return auth.Membership{}, nil
	}
	return m, err
}

// CountMembers satisfies auth.OrgBook.
func (s *Store) CountMembers(ctx context.Context, org string) (n int, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT count(*) FROM org_members WHERE org = ?", org).Scan(&n)
	return n, err
}

// SetMember satisfies auth.OrgStore.
func (s *Store) SetMember(ctx context.Context, m auth.Membership) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		if err := s.lockRow(ctx, tx, "orgs", m.Org); err != nil {
			return err
		}
		var before, after int
		const owners = "SELECT count(*) FROM org_members WHERE org = ? AND role = 'owner'"
		if err := tx.QueryRowContext(ctx, owners, m.Org).Scan(&before); err != nil {
			return err
		}
		var err error
		if m.Role == "" {
			_, err = tx.ExecContext(ctx, "DELETE FROM org_members WHERE org = ? AND account = ?", m.Org, m.Account)
		} else {
			err = putMember(ctx, tx, m)
		}
		if err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, owners, m.Org).Scan(&after); err != nil {
			return err
		}
		if before > 0 && after == 0 {
			return codecollab.Errorf(codecollab.Conflict, "last_owner", "This is the last owner of the organisation. Make somebody else an owner first.")
		}
		return nil
	})
}

func putMember(ctx context.Context, tx *sql.Tx, m auth.Membership) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO org_members (org, account, role, source, created) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (org, account) DO UPDATE SET role = excluded.role, source = excluded.source`, m.Org, m.Account, m.Role, m.Source, time.Now().UnixMilli())
	return err
}

// ManagedBy satisfies auth.ManagedStore.
func (s *Store) ManagedBy(ctx context.Context, account string) (org string, ended bool, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT org, ended FROM managed WHERE account = ?", account).Scan(&org, &ended)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return org, ended, err
}

// SetEnded satisfies auth.ManagedStore.
func (s *Store) SetEnded(ctx context.Context, account string, ended bool) error {
	_, err := s.change(ctx, "UPDATE managed SET ended = ? WHERE account = ?", ended, account)
	return err
}

// Manage satisfies auth.ManagedStore.
func (s *Store) Manage(ctx context.Context, account, org string) error {
	_, err := s.change(ctx, "INSERT INTO managed (account, org) VALUES (?, ?) ON CONFLICT DO NOTHING", account, org)
	return err
}
