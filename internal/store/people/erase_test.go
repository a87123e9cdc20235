package people

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
)

// newAccount makes somebody.
func newAccount(t *testing.T, s *Store, id string, change ...func(*auth.Account)) auth.Account {
	t.Helper()
	a := auth.Account{ID: id, Name: "Name of " + id, Email: id + "@example.com", Active: true, Created: time.Now()}
	for _, f := range change {
		f(&a)
	}
	if err := s.AddAccount(t.Context(), a, "test", "subject of "+id); err != nil {
		t.Fatal(err)
	}
	return a
}

func do(t *testing.T, s *Store, query string, args ...any) {
	t.Helper()
	if _, err := s.db.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}

// TestNothingIsLeftOfADeletedAccount looks through all columns of all tables, also of those that come later.
func TestNothingIsLeftOfADeletedAccount(t *testing.T) {
	both(t, func(t *testing.T, open func(t *testing.T) *Store) {
		s := open(t)
		ctx := t.Context()
		newAccount(t, s, "uroot", func(a *auth.Account) { a.Admin = true })
		ann := newAccount(t, s, "uann")
		now := time.Now()
		if _, err := s.Adopt(ctx, "pguest", ann.ID); err != nil {
			t.Fatal(err)
		}
		session := auth.Session{ID: "s1", Account: ann.ID, Created: now, Expires: now.Add(time.Hour), Until: now.Add(time.Hour), Agent: "Annscape", Address: "192.0.2.7"}
		if err := s.AddSession(ctx, session, []byte("hash")); err != nil {
			t.Fatal(err)
		}
		if err := s.SaveOrg(ctx, auth.Org{ID: "oalone", Name: "Alone", Created: now}, ann.ID); err != nil {
			t.Fatal(err)
		}
		if err := s.SaveOrg(ctx, auth.Org{ID: "oothers", Name: "Others", Created: now}, "uroot"); err != nil {
			t.Fatal(err)
		}
		if err := s.SetMember(ctx, auth.Membership{Org: "oothers", Account: ann.ID, Role: auth.OrgMember, Source: "manual"}); err != nil {
			t.Fatal(err)
		}
		do(t, s, "INSERT INTO tokens (id, hash, account, name, scopes, created) VALUES ('t1', ?, ?, 'Ann''s token', 'rooms', 1)", []byte{1}, ann.ID)
		do(t, s, "INSERT INTO passkeys (id, credential, account, name, data, created) VALUES ('k1', ?, ?, 'Ann''s key', '{}', 1)", []byte{1}, ann.ID)
		do(t, s, "INSERT INTO once (kind, hash, account, expires) VALUES ('reset', ?, ?, 1)", []byte{1}, ann.ID)
		do(t, s, "INSERT INTO org_invitations (id, org, hash, role, email, by, created, expires) VALUES ('i1', 'oothers', ?, 'member', ?, 'uroot', 1, 1)", []byte{1}, ann.Email)
		add(t, s, auth.Entry{Person: ann.ID, Name: ann.Name, Action: auth.ActSignIn, Target: ann.ID, Outcome: auth.OK, Address: "192.0.2.7", Agent: "Annscape"},
			auth.Entry{Person: "uroot", Name: "Root", Action: auth.ActPersonMade, Target: ann.ID, Outcome: auth.OK, Detail: map[string]string{"email": ann.Email, "via": "x"}})

		kept, err := s.Belongings(ctx, ann.ID)
		if err != nil || len(kept.Sessions) != 1 || len(kept.Tokens) != 1 || len(kept.Passkeys) != 1 || len(kept.Memberships) != 2 || len(kept.Identities) != 1 || !slices.Equal(kept.Former, []string{"pguest"}) {
			t.Errorf("before, it is %+v, %v", kept, err)
		}
		ids, err := s.DeleteAccount(ctx, ann.ID)
		if err != nil || !slices.Equal(ids, []string{ann.ID, "pguest"}) {
			t.Fatalf("%v, %v", ids, err)
		}
		for _, found := range mentions(t, s, ann.ID, ann.Email, ann.Name, "pguest", "Annscape", "192.0.2.7", "Ann's", "subject of "+ann.ID) {
			if !strings.HasPrefix(found, "audit.") && !strings.HasPrefix(found, "erased.") {
				t.Errorf("%s is left", found)
			}
		}
		if gone, err := s.Adopted(ctx, "pguest"); err != nil || !gone {
			t.Errorf("the guest's token is good again: %v, %v", gone, err)
		}
		if _, err := s.Org(ctx, "oalone"); codecollab.CodeOf(err) != "no_org" {
			t.Errorf("the organisation of nobody: %v", err)
		}
		lines, err := s.Entries(ctx, auth.AuditQuery{All: true, Limit: 9})
		if err != nil || len(lines) != 2 {
			t.Fatalf("%+v, %v", lines, err)
		}
		if l := lines[1]; l.Name != auth.DeletedPerson || l.Address != "" || l.Agent != "" || l.Person != ann.ID {
			t.Errorf("what she did is %+v", l)
		}
		if l := lines[0]; l.Name != "Root" || l.Detail["email"] != "" || l.Detail["via"] != "x" {
			t.Errorf("what was done to her is %+v", l)
		}
		for _, text := range []string{ann.Name, ann.Email, "192.0.2.7"} {
			if found, err := s.Entries(ctx, auth.AuditQuery{All: true, Text: text, Limit: 9}); err != nil || len(found) != 0 {
				t.Errorf("%q finds %+v, %v", text, found, err)
			}
		}
		if left, err := s.Unerased(ctx); err != nil || len(left) != 2 {
			t.Errorf("rooms are to be looked through for %v, %v", left, err)
		}
		if err := s.Erased(ctx, ids); err != nil {
			t.Fatal(err)
		}
		if left, err := s.Unerased(ctx); err != nil || len(left) != 0 {
			t.Errorf("after that for %v, %v", left, err)
		}
	})
}

// mentions finds the columns in which one of some texts is.
func mentions(t *testing.T, s *Store, texts ...string) (found []string) {
	t.Helper()
	query := "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
	has := "SELECT count(*) FROM %q WHERE instr(%q, ?) > 0"
	if s.db.Postgres {
		query = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'people'"
		has = "SELECT count(*) FROM %q WHERE strpos(%q::text, ?) > 0"
	}
	rows, err := s.db.QueryContext(t.Context(), query)
	type column struct{ table, name string }
	columns, err := collect(rows, err, func(c *column) []any { return []any{&c.table, &c.name} })
	if err != nil || len(columns) < 50 {
		t.Fatalf("only %d columns, %v", len(columns), err)
	}
	for _, c := range columns {
		for _, text := range texts {
			var n int
			if err := s.db.QueryRowContext(t.Context(), fmt.Sprintf(has, c.table, c.name), text).Scan(&n); err != nil {
				t.Fatal(err)
			}
			if n > 0 {
				found = append(found, c.table+"."+c.name+": "+text)
			}
		}
	}
	return found
}

func TestWhoIsNeededStays(t *testing.T) {
	both(t, func(t *testing.T, open func(t *testing.T) *Store) {
		s := open(t)
		ctx := t.Context()
		newAccount(t, s, "uroot", func(a *auth.Account) { a.Admin = true })
		newAccount(t, s, "uann")
		newAccount(t, s, "uben")
		newAccount(t, s, "ucy")
		if err := s.SaveOrg(ctx, auth.Org{ID: "o1", Name: "One", Created: time.Now()}, "uann"); err != nil {
			t.Fatal(err)
		}
		if err := s.SetMember(ctx, auth.Membership{Org: "o1", Account: "uben", Role: auth.OrgAdmin, Source: "manual"}); err != nil {
			t.Fatal(err)
		}
		if err := s.Manage(ctx, "ucy", "o1"); err != nil {
			t.Fatal(err)
		}
		for id, want := range map[string]string{"uroot": "last_admin", "uann": "last_owner", "ucy": "managed"} {
			if _, err := s.DeleteAccount(ctx, id); codecollab.CodeOf(err) != want || err == nil {
				t.Errorf("%s: %v, want %s", id, err, want)
			}
			if _, err := s.Account(ctx, id); err != nil {
				t.Errorf("%s is gone all the same: %v", id, err)
			}
		}
		if _, err := s.DeleteAccount(ctx, "uben"); err != nil {
			t.Errorf("uben: %v", err)
		}
		if _, err := s.DeleteAccount(ctx, "uann"); err != nil {
			t.Errorf("uann, who is alone now: %v", err)
		}
	})
}
