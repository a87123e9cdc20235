package engine_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"codecollab.dev"
	"codecollab.dev/internal/servicetest"
	"codecollab.dev/internal/store/engine"
)

const (
	liteTable = "-- +goose Up\nCREATE TABLE things (name TEXT PRIMARY KEY, n INTEGER NOT NULL, data BLOB, is INTEGER NOT NULL DEFAULT 0);"
	pgTable   = "-- +goose Up\nCREATE TABLE things (name TEXT PRIMARY KEY, n BIGINT NOT NULL, data BYTEA, is_so BOOLEAN NOT NULL DEFAULT false);"
)

func migrations() fs.FS {
	return fstest.MapFS{
		"0001_a.sql":          {Data: []byte(strings.Replace(liteTable, " is ", " is_so ", 1))},
		"0002_b.sql":          {Data: []byte("-- +goose Up\nCREATE INDEX things_n ON things (n);")},
		"postgres/0002_a.sql": {Data: []byte(pgTable)},
	}
}

// both runs a test with each engine.
func both(t *testing.T, f func(*testing.T, engine.Source)) {
	t.Run("sqlite", func(t *testing.T) { f(t, engine.Folder(t.TempDir())) })
	t.Run("postgres", func(t *testing.T) { f(t, dial(t, servicetest.Postgres(t))) })
}

func dial(t *testing.T, url string) *engine.Server {
	t.Helper()
	s, err := engine.Dial(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func open(t *testing.T, s engine.Source, conns int) *engine.DB {
	t.Helper()
	db, err := s.Open(t.Context(), "things", migrations(), conns)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestWhatIsTheSameInBoth(t *testing.T) {
	both(t, func(t *testing.T, s engine.Source) {
		db := open(t, s, 4)
		put := func(name string, n int64, is bool) error {
			_, err := db.ExecContext(t.Context(), "INSERT INTO things (name, n, data, is_so) VALUES (?, ?, ?, ?)", name, n, []byte{0, 0xff}, is)
			return err
		}
		if err := put("a", 1<<40, true); err != nil {
			t.Fatal(err)
		}
		if err := put("a", 2, false); !engine.IsTaken(err) {
			t.Errorf("a second a: %v", err)
		}
		if err := put("\x00\xff", 3, false); err != nil {
			t.Errorf("text that no Postgres takes: %v", err)
		}
		var n int64
		var is bool
		var data []byte
		err := db.QueryRowContext(t.Context(), "SELECT n, is_so, data FROM things WHERE name = ?1 AND name = ?1 AND is_so", "a").Scan(&n, &is, &data)
		if err != nil || n != 1<<40 || !is || string(data) != "\x00\xff" {
			t.Errorf("%d %v %q, %v", n, is, data, err)
		}
	})
}

func TestATransactionThatFailsLeavesNothing(t *testing.T) {
	both(t, func(t *testing.T, s engine.Source) {
		db := open(t, s, 4)
		no := errors.New("no")
		for _, run := range []func(context.Context, func(*sql.Tx) error) error{db.Tx, db.Alone} {
			err := run(t.Context(), func(tx *sql.Tx) error {
				if _, err := tx.ExecContext(t.Context(), "INSERT INTO things (name, n) VALUES ('x', 1)"); err != nil {
					t.Error(err)
				}
				return no
			})
			if !errors.Is(err, no) {
				t.Errorf("%v", err)
			}
		}
		var n int
		if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM things").Scan(&n); err != nil || n != 0 {
			t.Errorf("%d left, %v", n, err)
		}
	})
}

// Reading and then writing what was read loses nothing: alone, or with the rows locked.
func TestNothingIsLostBetweenReadingAndWriting(t *testing.T) {
	both(t, func(t *testing.T, s engine.Source) {
		db := open(t, s, 8)
		if _, err := db.ExecContext(t.Context(), "INSERT INTO things (name, n) VALUES ('a', 0)"); err != nil {
			t.Fatal(err)
		}
		add := func(lock string) func(tx *sql.Tx) error {
			return func(tx *sql.Tx) error {
				var n int
				if err := tx.QueryRowContext(t.Context(), "SELECT n FROM things WHERE name = ?"+lock, "a").Scan(&n); err != nil {
					return err
				}
				_, err := tx.ExecContext(t.Context(), "UPDATE things SET n = ? WHERE name = ?", n+1, "a")
				return err
			}
		}
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				for range 5 {
					err := db.Tx(t.Context(), add(db.Lock()))
					if i%2 == 0 {
						err = db.Alone(t.Context(), add(db.Lock()))
					}
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		var n int
		want := 8*5 + 4*5 // each of the even ones adds twice
		if err := db.QueryRowContext(t.Context(), "SELECT n FROM things").Scan(&n); err != nil || n != want {
			t.Errorf("%d of %d, %v", n, want, err)
		}
	})
}

func TestNewerTablesAreRefused(t *testing.T) {
	both(t, func(t *testing.T, s engine.Source) {
		db := open(t, s, 1)
		if _, err := db.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (?, ?)", 9999, true); err != nil {
			t.Fatal(err)
		}
		db.Close()
		_, err := s.Open(t.Context(), "things", migrations(), 1)
		if err == nil || !strings.Contains(err.Error(), "newer CodeCollab (its tables have version 9999, this binary knows 2)") {
			t.Fatalf("%v", err)
		}
	})
}

func TestNodesThatStartTogether(t *testing.T) {
	s := dial(t, servicetest.Postgres(t))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			db, err := s.Open(t.Context(), "things", migrations(), 1)
			if err != nil {
				t.Error(err)
				return
			}
			db.Close()
		})
	}
	all.Wait()
}

func TestALostDatabaseIsReadOnlyAndHeals(t *testing.T) {
	p := servicetest.OwnPostgres(t)
	name := p.Database(t)
	db := open(t, dial(t, p.URL(name)), 2)
	write := func() error {
		_, err := db.ExecContext(t.Context(), "INSERT INTO things (name, n) VALUES ('a', 1) ON CONFLICT (name) DO UPDATE SET n = things.n + 1")
		if codecollab.CodeOf(err) != "no_database" && engine.IsLost(err) {
			t.Errorf("not in words: %v", err)
		}
		return engine.ReadOnly(err)
	}
	want := func(what, code string) {
		t.Helper()
		if err := write(); (err != nil) != (code != "") || err != nil && codecollab.CodeOf(err) != code {
			t.Errorf("%s: %v", what, err)
		}
	}
	want("at first", "")
	p.Stop(t)
	want("stopped", "read_only")
	want("still stopped", "read_only")
	p.Start(t)
	want("started again", "")
	p.Crash(t)
	want("crashed", "read_only")
	p.Start(t)
	want("started again", "")
	p.Admin(t, "ALTER ROLE codecollab SET default_transaction_read_only = on", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'codecollab'")
	for range 3 { // the first may find that its connection is gone
		want("read-only", "read_only")
	}
	if _, err := engine.Dial(t.Context(), p.URL(name)); err == nil || !strings.Contains(err.Error(), "default_transaction_read_only") {
		t.Errorf("start on a read-only database: %v", err)
	}
	p.Admin(t, "ALTER ROLE codecollab SET default_transaction_read_only = off", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'codecollab'")
	_ = write() // as above
	want("writable again", "")
}

func TestWhatCannotBeUsedIsSaidInWords(t *testing.T) {
	good := servicetest.Postgres(t)
	from := func(old, with string) string { return strings.Replace(good, old, with, 1) }
	const secret = "s3cret"
	for _, c := range []struct{ name, url, want string }{
		{"no address", "localhost/codecollab", "begins with postgres://"},
		{"MySQL", "mysql://a:" + secret + "@b/c", "begins with postgres://"},
		{"a password with a slash", "postgres://a:" + secret + "/x@b:c/d", "%2F"},
		{"no port", "postgres://a:" + secret + "@127.0.0.1:99999/d", "cannot be read"},
		{"wrong password", from("s3cret", "s3cretwrong"), "look at the user and the password"},
		{"wrong user", from("codecollab:", "nobody:"), "look at the user and the password"},
		{"no such database", from("/test", "/none"), "CREATE DATABASE none"},
		{"nothing there", fmt.Sprintf("postgres://a:%s@127.0.0.1:1/d?sslmode=disable", secret), "nothing answers there"},
		{"no such host", fmt.Sprintf("postgres://a:%s@no-such-host.invalid/d", secret), "no host"},
		{"encryption that the server does not have", from("sslmode=disable", "sslmode=require"), "TLS"},
	} {
		_, err := engine.Dial(t.Context(), c.url)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the password is in %q", c.name, err)
		}
	}
}

func TestWhoMayMakeNoTablesIsTold(t *testing.T) {
	p := servicetest.OwnPostgres(t)
	name := p.Database(t)
	p.Admin(t, "CREATE ROLE guest LOGIN PASSWORD 'guest'")
	s := dial(t, strings.Replace(p.URL(name), p.URL(name)[:strings.Index(p.URL(name), "@")], "postgres://guest:guest", 1))
	_, err := s.Open(t.Context(), "things", migrations(), 1)
	if err == nil || !strings.Contains(err.Error(), "GRANT CREATE ON DATABASE") {
		t.Errorf("%v", err)
	}
}
