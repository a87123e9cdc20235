package people

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/scim"
	"codecollab.dev/internal/store/engine"
)

const resourceColumns = "id, org, kind, name, external, email, account, active, role, data, version, created, changed"

func resourceInto(r *scim.Resource) []any {
	return []any{&r.ID, &r.Org, &r.Kind, &r.Name, &r.External, &r.Email, &r.Account, &r.Active, &r.Role, (*[]byte)(&r.Data), &r.Version,
		msTime{&r.Created}, msTime{&r.Changed}}
}

// Resource satisfies scim.Store.
func (s *Store) Resource(ctx context.Context, org, kind, id string) (scim.Resource, error) {
	var r scim.Resource
	err := s.db.QueryRowContext(ctx, "SELECT "+resourceColumns+" FROM scim_resources WHERE org = ? AND kind = ? AND id = ?", org, kind, id).Scan(resourceInto(&r)...)
	if errors.Is(err, sql.ErrNoRows) {
		return r, noResource(kind, id)
	}
	return r, err
}

// Resources satisfies scim.Store.
func (s *Store) Resources(ctx context.Context, org, kind string, l scim.Lookup) ([]scim.Resource, int, error) {
	where, args := " FROM scim_resources WHERE org = ? AND kind = ?", []any{org, kind}
	for _, c := range []struct{ column, value string }{{"name", l.Name}, {"external", l.External}, {"id", l.ID}} {
		if c.value != "" {
			where += " AND " + c.column + " = ?"
			args = append(args, c.value)
		}
	}
	var total int
	if err := s.db.QueryRowContext(ctx, "SELECT count(*)"+where, args...).Scan(&total); err != nil {
		return nil, 0, err
	}
	rows, err := s.db.QueryContext(ctx, "SELECT "+resourceColumns+where+" ORDER BY created, id LIMIT ? OFFSET ?", append(args, l.Most, l.From)...)
	out, err := collect(rows, err, resourceInto)
	return out, total, err
}

// Save satisfies scim.Store.
func (s *Store) Save(ctx context.Context, r scim.Resource, most int) error {
	if r.Version == 1 {
		return s.addResource(ctx, r, most)
	}
	n, err := s.change(ctx, `UPDATE scim_resources SET name = ?, external = ?, email = ?, account = ?, active = ?, data = ?, version = ?, changed = ?
		WHERE org = ? AND kind = ? AND id = ? AND version = ?`,
		r.Name, r.External, r.Email, r.Account, r.Active, engine.CleanJSON(string(r.Data)), r.Version, millis(r.Changed), r.Org, r.Kind, r.ID, r.Version-1)
	switch {
	case isTaken(err):
		return nameTaken(r)
	case err == nil && n == 0:
		return codecollab.Errorf(codecollab.Conflict, "scim_changed", "The resource was changed by another request at the same time. Read it again.")
	}
	return err
}

func (s *Store) addResource(ctx context.Context, r scim.Resource, most int) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		if err := s.lockRow(ctx, tx, "orgs", r.Org); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM scim_resources WHERE org = ? AND kind = ?", r.Org, r.Kind).Scan(&n); err != nil {
			return err
		}
		if n >= most {
			return codecollab.Errorf(codecollab.Limit, "scim_full", "The organisation has %d of these, which is as many as it may have.", n)
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO scim_resources ("+resourceColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			r.ID, r.Org, r.Kind, r.Name, r.External, r.Email, r.Account, r.Active, r.Role, engine.CleanJSON(string(r.Data)), r.Version, millis(r.Created), millis(r.Changed))
		if isTaken(err) {
			return nameTaken(r)
		}
		return err
	})
}

// Delete satisfies scim.Store.
func (s *Store) Delete(ctx context.Context, org, kind, id string) error {
	n, err := s.change(ctx, "DELETE FROM scim_resources WHERE org = ? AND kind = ? AND id = ?", org, kind, id)
	if err == nil && n == 0 {
		return noResource(kind, id)
	}
	return err
}

const scimMembers = `SELECT m.grp, m."user", %s FROM scim_members m JOIN scim_resources g ON g.id = m.grp JOIN scim_resources u ON u.id = m."user"
	WHERE g.org = ? AND %s = ? ORDER BY 3, 1, 2`

func memberInto(m *scim.Member) []any { return []any{&m.Group, &m.User, &m.Name} }

// Members of groups; see scim.Members.
type groupMembers struct{ *Store }

// GroupMembers satisfies scim.Members.
func (s *Store) GroupMembers() scim.Members { return groupMembers{s} }

// Members satisfies scim.Members.
func (s groupMembers) Members(ctx context.Context, org, group string) ([]scim.Member, error) {
	query := strings.Replace(strings.Replace(scimMembers, "%s", "coalesce(u.data ->> 'displayName', u.data ->> 'userName')", 1), "%s", "m.grp", 1)
	rows, err := s.db.QueryContext(ctx, query, org, group)
	return collect(rows, err, memberInto)
}

// GroupsOf satisfies scim.Members.
func (s groupMembers) GroupsOf(ctx context.Context, org, user string) ([]scim.Member, error) {
	query := strings.Replace(strings.Replace(scimMembers, "%s", "g.data ->> 'displayName'", 1), "%s", `m."user"`, 1)
	rows, err := s.db.QueryContext(ctx, query, org, user)
	return collect(rows, err, memberInto)
}

// ChangeMembers satisfies scim.Members.
func (s groupMembers) ChangeMembers(ctx context.Context, org, group string, add, remove []string) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		for _, user := range add {
			res, err := tx.ExecContext(ctx, `INSERT INTO scim_members (grp, "user") SELECT g.id, u.id FROM scim_resources g JOIN scim_resources u ON u.org = g.org
				WHERE g.org = ? AND g.id = ? AND g.kind = 'Group' AND u.id = ? AND u.kind = 'User' ON CONFLICT (grp, "user") DO UPDATE SET grp = excluded.grp`, org, group, user)
			if err != nil {
				return err
			}
			if n, err := res.RowsAffected(); err != nil || n == 0 {
				return errors.Join(err, codecollab.Errorf(codecollab.Invalid, "no_resource", "There is no user %s who could be a member.", user))
			}
		}
		for _, user := range remove {
			if _, err := tx.ExecContext(ctx, `DELETE FROM scim_members WHERE grp = ? AND "user" = ?`, group, user); err != nil {
				return err
			}
		}
		return nil
	})
}

// ScimGroups satisfies auth.GroupStore.
func (s *Store) ScimGroups(ctx context.Context, org string) ([]auth.ScimGroup, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT id, data ->> 'displayName', role, (SELECT count(*) FROM scim_members WHERE grp = g.id)
		FROM scim_resources g WHERE org = ? AND kind = 'Group' ORDER BY name`, org)
	return collect(rows, err, func(g *auth.ScimGroup) []any { return []any{&g.ID, &g.Name, &g.Role, &g.Members} })
}

// SetGroupRole satisfies auth.GroupStore.
func (s *Store) SetGroupRole(ctx context.Context, org, group string, role auth.OrgRole) ([]string, error) {
	n, err := s.change(ctx, "UPDATE scim_resources SET role = ? WHERE org = ? AND kind = 'Group' AND id = ?", role, org, group)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, codecollab.Errorf(codecollab.NotFound, "no_group", "The organisation has no such group.")
	}
	rows, err := s.db.QueryContext(ctx, `SELECT "user" FROM scim_members WHERE grp = ? ORDER BY "user"`, group)
	return collect(rows, err, text)
}

// RoleByGroups satisfies auth.GroupStore.
func (s *Store) RoleByGroups(ctx context.Context, org, user string) (auth.OrgRole, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT role, EXISTS (SELECT 1 FROM scim_members WHERE grp = g.id AND "user" = ?) FROM scim_resources g
		WHERE org = ? AND kind = 'Group' AND role <> ''`, user, org)
	type given struct {
		role auth.OrgRole
		in   bool
	}
	all, err := collect(rows, err, func(g *given) []any { return []any{&g.role, &g.in} })
	if err != nil || len(all) == 0 {
		return "", err
	}
	best := auth.OrgMember
	for _, g := range all {
		if g.in && g.role.Better(best) {
			best = g.role
		}
	}
	return best, nil
}

const scimTokens = "SELECT id, org, name, created, seen FROM scim_tokens"

func scimTokenInto(t *auth.ScimToken) []any {
	return []any{&t.ID, &t.Org, &t.Name, msTime{&t.Created}, msTime{&t.Seen}}
}

// SaveScimToken satisfies auth.ScimTokenStore.
func (s *Store) SaveScimToken(ctx context.Context, t auth.ScimToken, hash []byte) error {
	_, err := s.change(ctx, "INSERT INTO scim_tokens (id, org, hash, name, created) VALUES (?, ?, ?, ?, ?)", t.ID, t.Org, hash, t.Name, millis(t.Created))
	return err
}

// ScimTokens satisfies auth.ScimTokenStore.
func (s *Store) ScimTokens(ctx context.Context, org string) ([]auth.ScimToken, error) {
	rows, err := s.db.QueryContext(ctx, scimTokens+" WHERE org = ? ORDER BY created, id", org)
	return collect(rows, err, scimTokenInto)
}

// ScimTokenBy satisfies auth.ScimTokenStore.
func (s *Store) ScimTokenBy(ctx context.Context, hash []byte) (auth.ScimToken, error) {
	var t auth.ScimToken
	err := s.db.QueryRowContext(ctx, scimTokens+" WHERE hash = ?", hash).Scan(scimTokenInto(&t)...)
	if errors.Is(err, sql.ErrNoRows) {
		return t, auth.NoToken()
	}
	return t, err
}

// UseScimToken satisfies auth.ScimTokenStore.
func (s *Store) UseScimToken(ctx context.Context, id string, seen time.Time) error {
	_, err := s.change(ctx, "UPDATE scim_tokens SET seen = ? WHERE id = ?", millis(seen), id)
	return err
}

// DropScimToken satisfies auth.ScimTokenStore.
func (s *Store) DropScimToken(ctx context.Context, org, id string) (bool, error) {
	n, err := s.change(ctx, "DELETE FROM scim_tokens WHERE org = ? AND id = ?", org, id)
	return n > 0, err
}

func noResource(kind, id string) error {
	return codecollab.Errorf(codecollab.NotFound, "no_resource", "There is no %s %s.", strings.ToLower(kind), id)
}

func nameTaken(r scim.Resource) error {
	what := map[string]string{scim.User: "userName", scim.Group: "displayName"}[r.Kind]
	return codecollab.Errorf(codecollab.Conflict, "scim_taken", "There is another %s with this %s.", strings.ToLower(r.Kind), what)
}
