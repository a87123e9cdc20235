package people

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/authtest"
	"codecollab.dev/internal/servicetest"
	"codecollab.dev/internal/store/engine"
)

// both runs a test with SQLite and with Postgres. open opens a store that is empty.
func both(t *testing.T, test func(t *testing.T, open func(t *testing.T) *Store)) {
	t.Run("sqlite", func(t *testing.T) {
		test(t, func(t *testing.T) *Store { return opened(t, engine.Folder(t.TempDir())) })
	})
	t.Run("postgres", func(t *testing.T) {
		test(t, func(t *testing.T) *Store { return opened(t, dial(t, servicetest.Postgres(t))) })
	})
}

func dial(t *testing.T, url string) *engine.Server {
	t.Helper()
	server, err := engine.Dial(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func opened(t *testing.T, source engine.Source) *Store {
	t.Helper()
	s, err := Open(t.Context(), source, 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestTheStoreOfPeople(t *testing.T) {
	both(t, func(t *testing.T, open func(t *testing.T) *Store) {
		authtest.Store(t, func(t *testing.T) auth.Store { return open(t) })
	})
}

// What the nodes agree about is what the first of them has said.
func TestNodesAgree(t *testing.T) {
	both(t, func(t *testing.T, open func(t *testing.T) *Store) {
		s := open(t)
		if v, err := s.Agreed(t.Context(), "key"); v != "" || err != nil {
			t.Errorf("before: %q, %v", v, err)
		}
		var all sync.WaitGroup
		var said sync.Map
		for i := range 8 {
			all.Go(func() {
				v, err := s.Agree(t.Context(), "key", fmt.Sprint(i))
				if err != nil {
					t.Error(err)
				}
				said.Store(v, true)
			})
		}
		all.Wait()
		n := 0
		said.Range(func(any, any) bool { n++; return true })
		if n != 1 {
			t.Errorf("%d different answers", n)
		}
		if err := s.Disagree(t.Context(), "key"); err != nil {
			t.Fatal(err)
		}
		if v, err := s.Agree(t.Context(), "key", "new"); v != "new" || err != nil {
			t.Errorf("after: %q, %v", v, err)
		}
	})
}

// A newer database refuses an older program.
func TestANewerDatabaseIsRefused(t *testing.T) {
	for name, source := range map[string]engine.Source{"sqlite": engine.Folder(t.TempDir()), "postgres": dial(t, servicetest.Postgres(t))} {
		t.Run(name, func(t *testing.T) {
			s, err := Open(t.Context(), source, 4)
			if err != nil {
				t.Fatal(err)
			}
			_, err = s.db.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)")
			if err = errors.Join(err, s.Close()); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(context.Background(), source, 4); err == nil || !strings.Contains(err.Error(), "of a newer CodeCollab") {
				t.Errorf("it is opened: %v", err)
			}
		})
	}
}
