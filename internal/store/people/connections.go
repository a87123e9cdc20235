package people

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
)

const connections = "SELECT id, org, kind, name, enabled, sealed, created FROM connections"

func connectionInto(c *auth.SealedConnection) []any {
	return []any{&c.ID, &c.Org, &c.Kind, &c.Name, &c.Enabled, &c.Sealed, msTime{&c.Created}}
}

// Connection satisfies auth.ConnectionStore.
func (s *Store) Connection(ctx context.Context, id string) (auth.SealedConnection, error) {
	var c auth.SealedConnection
	err := s.db.QueryRowContext(ctx, connections+" WHERE id = ?", id).Scan(connectionInto(&c)...)
	if errors.Is(err, sql.ErrNoRows) {
		return c, auth.NoConnection()
	}
	return c, err
}

// Connections satisfies auth.ConnectionStore.
func (s *Store) Connections(ctx context.Context, org string) ([]auth.SealedConnection, error) {
	rows, err := s.db.QueryContext(ctx, connections+" WHERE org = ? ORDER BY created, id", org)
	return collect(rows, err, connectionInto)
}

// SaveConnection satisfies auth.ConnectionStore.
func (s *Store) SaveConnection(ctx context.Context, c auth.SealedConnection) error {
	_, err := s.change(ctx, `INSERT INTO connections (id, org, kind, name, enabled, sealed, created) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, enabled = excluded.enabled, sealed = excluded.sealed`,
		c.ID, c.Org, c.Kind, c.Name, c.Enabled, c.Sealed, millis(c.Created))
	return err
}

// DropConnection satisfies auth.ConnectionStore.
func (s *Store) DropConnection(ctx context.Context, org, id string) error {
	_, err := s.change(ctx, "DELETE FROM connections WHERE org = ? AND id = ?", org, id)
	return err
}

// SessionsVia satisfies auth.ConnectionStore.
func (s *Store) SessionsVia(ctx context.Context, via string) ([]string, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT DISTINCT account FROM sessions WHERE via = ?", via)
	return collect(rows, err, func(a *string) []any { return []any{a} })
}

const domains = "SELECT org, domain, token, verified, checked, failing, created, '_codecollab.' || domain FROM org_domains"

func domainInto(d *auth.Domain) []any {
	return []any{&d.Org, &d.Domain, &d.Token, msTime{&d.Verified}, msTime{&d.Checked}, msTime{&d.Failing}, msTime{&d.Created}, &d.Record}
}

// Domains satisfies auth.DomainStore.
func (s *Store) Domains(ctx context.Context, org string) ([]auth.Domain, error) {
	where := " WHERE org = ?"
	if org == "" {
		where = " WHERE ? = '' AND verified > 0"
	}
	rows, err := s.db.QueryContext(ctx, domains+where+" ORDER BY domain", org)
	return collect(rows, err, domainInto)
}

// SaveDomain satisfies auth.DomainStore.
func (s *Store) SaveDomain(ctx context.Context, d auth.Domain) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		var taken int
		err := tx.QueryRowContext(ctx, "SELECT count(*) FROM org_domains WHERE domain = ? AND org <> ? AND verified > 0", d.Domain, d.Org).Scan(&taken)
		if err != nil {
			return err
		}
		if taken > 0 && d.Holds() {
			return domainTaken()
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO org_domains (org, domain, token, verified, checked, failing, created) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (org, domain) DO UPDATE SET verified = excluded.verified, checked = excluded.checked, failing = excluded.failing`,
			d.Org, d.Domain, d.Token, millis(d.Verified), millis(d.Checked), millis(d.Failing), millis(d.Created))
		if isTaken(err) {
			return domainTaken()
		}
		return err
	})
}

func domainTaken() error {
	return codecollab.Errorf(codecollab.Conflict, "domain_taken", "This domain is verified for another organisation, which has to give it up first.")
}

// DropDomain satisfies auth.DomainStore.
func (s *Store) DropDomain(ctx context.Context, org, domain string) (bool, error) {
	n, err := s.change(ctx, "DELETE FROM org_domains WHERE org = ? AND domain = ?", org, domain)
	return n > 0, err
}

// OrgOf satisfies auth.DomainStore.
func (s *Store) OrgOf(ctx context.Context, domain string) (string, error) {
	var org string
	err := s.db.QueryRowContext(ctx, "SELECT org FROM org_domains WHERE domain = ? AND verified > 0", domain).Scan(&org)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return org, err
}

const invitations = "SELECT id, org, role, email, by, created, expires FROM org_invitations"

func invitationInto(i *auth.Invitation) []any {
	return []any{&i.ID, &i.Org, &i.Role, &i.Email, &i.By, msTime{&i.Created}, msTime{&i.Expires}}
}

// Invitations satisfies auth.InvitationStore.
func (s *Store) Invitations(ctx context.Context, org string, now time.Time) ([]auth.Invitation, error) {
	rows, err := s.db.QueryContext(ctx, invitations+" WHERE org = ? AND expires > ? ORDER BY created DESC, id", org, millis(now))
	return collect(rows, err, invitationInto)
}

// InvitationBy satisfies auth.InvitationStore.
func (s *Store) InvitationBy(ctx context.Context, hash []byte, now time.Time) (auth.Invitation, error) {
	var i auth.Invitation
	err := s.db.QueryRowContext(ctx, invitations+" WHERE hash = ? AND expires > ?", hash, millis(now)).Scan(invitationInto(&i)...)
	if errors.Is(err, sql.ErrNoRows) {
		return i, auth.NoInvitation()
	}
	return i, err
}

// SaveInvitation satisfies auth.InvitationStore. Those that are too old go.
func (s *Store) SaveInvitation(ctx context.Context, i auth.Invitation, hash []byte) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM org_invitations WHERE expires <= ?", millis(i.Created)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO org_invitations (id, org, hash, role, email, by, created, expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			i.ID, i.Org, hash, i.Role, i.Email, i.By, millis(i.Created), millis(i.Expires))
		return err
	})
}

// DropInvitation satisfies auth.InvitationStore.
func (s *Store) DropInvitation(ctx context.Context, org, id string) (bool, error) {
	n, err := s.change(ctx, "DELETE FROM org_invitations WHERE org = ? AND id = ?", org, id)
	return n > 0, err
}
