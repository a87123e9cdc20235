package people

import (
	"slices"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/auth"
)

func add(t *testing.T, s *Store, entries ...auth.Entry) {
	t.Helper()
	for _, e := range entries {
		if e.At.IsZero() {
			e.At = time.Now()
		}
		if err := s.Append(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheDatabaseRefusesToChangeTheAuditLog(t *testing.T) {
	both(t, func(t *testing.T, open func(t *testing.T) *Store) {
		s := open(t)
		old := time.Now().Add(-48 * time.Hour)
		add(t, s, auth.Entry{Action: auth.ActSignIn, Outcome: auth.OK, At: old}, auth.Entry{Action: auth.ActSignOut, Outcome: auth.OK})
		try := func(statement, want string) {
			t.Helper()
			_, err := s.db.ExecContext(t.Context(), statement)
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
				t.Errorf("%s: %v, want %q", statement, err, want)
			}
		}
		try("UPDATE audit SET name = 'x' WHERE seq = 1", "never changed")
		if s.db.Postgres {
			try("TRUNCATE audit", "never changed")
			try("INSERT INTO audit (seq, at, action, outcome) VALUES (1, 0, 'x', 'ok') ON CONFLICT (seq) DO UPDATE SET at = 0", "never changed")
		} else {
			try("INSERT OR REPLACE INTO audit (seq, at, action, outcome) VALUES (1, 0, 'x', 'ok')", "never changed")
		}
		try("DELETE FROM audit", "older than audit-keep")
		if n, err := s.KeepAudit(t.Context(), 72*time.Hour); n != 0 || err != nil {
			t.Errorf("%d lines that are young enough went, %v", n, err)
		}
		try("DELETE FROM audit WHERE seq = 1", "older than audit-keep")
		if n, err := s.KeepAudit(t.Context(), 24*time.Hour); n != 1 || err != nil {
			t.Errorf("%d old lines went, %v; want 1", n, err)
		}
		try("DELETE FROM audit", "older than audit-keep")
	})
}

func TestSearchingTheAuditLog(t *testing.T) {
	both(t, func(t *testing.T, open func(t *testing.T) *Store) {
		s := open(t)
		day := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		add(t, s,
			auth.Entry{At: day, Person: "u1", Name: "Ann Example", Action: auth.ActSignIn, Target: "u1", Outcome: auth.OK, Address: "192.0.2.1"},
			auth.Entry{At: day.Add(time.Hour), Action: auth.ActSignIn, Target: "u1", Outcome: "wrong_password", Address: "198.51.100.7", Detail: map[string]string{"via": "password"}},
			auth.Entry{At: day.Add(2 * time.Hour), Org: "o1", Person: "u2", Name: "50% Bob", Action: auth.ActRoleGiven, Target: "red-fox", Outcome: auth.OK,
				Detail: map[string]string{"person": "u1", "role": "viewer", "said": "zero \x00"}},
			auth.Entry{At: day.Add(3 * time.Hour), Org: "o2", Person: "u3", Name: "Cy", Action: auth.ActMemberAdded, Target: "u4", Outcome: auth.OK})
		for _, c := range []struct {
			name string
			q    auth.AuditQuery
			want []int64
		}{
			{"all, the newest first", auth.AuditQuery{All: true}, []int64{4, 3, 2, 1}},
			{"the oldest first", auth.AuditQuery{All: true, Oldest: true}, []int64{1, 2, 3, 4}},
			{"the installation's", auth.AuditQuery{}, []int64{2, 1}},
			{"an organisation's", auth.AuditQuery{Org: "o1"}, []int64{3}},
			{"another's", auth.AuditQuery{Org: "o1", Person: "u3"}, nil},
			{"an action", auth.AuditQuery{All: true, Actions: []string{auth.ActSignIn}}, []int64{2, 1}},
			{"one of some actions", auth.AuditQuery{All: true, Actions: []string{auth.ActRoleGiven, auth.ActMemberAdded}}, []int64{4, 3}},
			{"what failed", auth.AuditQuery{All: true, Outcome: "failed"}, []int64{2}},
			{"how it failed", auth.AuditQuery{All: true, Outcome: "wrong_password"}, []int64{2}},
			{"by or to a person", auth.AuditQuery{All: true, Person: "u1"}, []int64{3, 2, 1}},
			{"in a room", auth.AuditQuery{All: true, Room: "red-fox"}, []int64{3}},
			{"a name, whatever the case", auth.AuditQuery{All: true, Text: "ann ex"}, []int64{1}},
			{"a sign that SQL knows", auth.AuditQuery{All: true, Text: "50%"}, []int64{3}},
			{"an address", auth.AuditQuery{All: true, Text: "198.51"}, []int64{2}},
			{"a detail", auth.AuditQuery{All: true, Text: "viewer"}, []int64{3}},
			{"since and until", auth.AuditQuery{All: true, Since: day.Add(time.Hour), Until: day.Add(3 * time.Hour)}, []int64{3, 2}},
			{"the page behind", auth.AuditQuery{All: true, Before: 3}, []int64{2, 1}},
			{"from a number on", auth.AuditQuery{All: true, After: 2, Oldest: true}, []int64{3, 4}},
			{"only so many", auth.AuditQuery{All: true, Limit: 2}, []int64{4, 3}},
		} {
			if c.q.Limit == 0 {
				c.q.Limit = 10
			}
			got, err := s.Entries(t.Context(), c.q)
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			var seqs []int64
			for _, e := range got {
				seqs = append(seqs, e.Seq)
			}
			if !slices.Equal(seqs, c.want) {
				t.Errorf("%s: %v, want %v", c.name, seqs, c.want)
			}
		}
	})
}
