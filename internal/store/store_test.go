package store

import (
	"context"
	"database/sql"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"codecollab.dev"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/room/roomtest"
	"codecollab.dev/internal/servicetest"
	"codecollab.dev/internal/store/engine"
)

func open(t testing.TB, opt Options) *Store {
	t.Helper()
	if opt.Dir == "" {
		opt.Dir = t.TempDir()
	}
	opt.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	s, err := Open(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// both runs a test on SQLite and on Postgres: each store that it opens by these options has the same content.
func both(t *testing.T, f func(t *testing.T, opt Options)) {
	t.Run("sqlite", func(t *testing.T) { f(t, Options{Dir: t.TempDir()}) })
	t.Run("postgres", func(t *testing.T) { f(t, Options{Dir: t.TempDir(), Database: postgres(t)}) })
}

// postgres is a fresh database.
func postgres(t testing.TB) *engine.Server {
	t.Helper()
	server, err := engine.Dial(t.Context(), servicetest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func TestLogConformance(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		roomtest.Log(t, func(t *testing.T) room.Log { return open(t, Options{}) })
	})
	t.Run("postgres", func(t *testing.T) {
		roomtest.Log(t, func(t *testing.T) room.Log { return open(t, Options{Database: postgres(t)}) })
	})
}

func TestASecondServerIsRefused(t *testing.T) {
	dir := t.TempDir()
	first := open(t, Options{Dir: dir})
	_, err := Open(t.Context(), Options{Dir: dir, Log: slog.New(slog.DiscardHandler)})
	if err == nil || !strings.Contains(err.Error(), "in use by another CodeCollab server") {
		t.Fatalf("second open: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, Options{Dir: dir})
}

func TestWhatWasWrittenIsThereAfterReopening(t *testing.T) {
	both(t, func(t *testing.T, opt Options) {
		s := open(t, opt)
		if err := s.Create(t.Context(), "a", roomtest.Records(0, 5)); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		got, err := open(t, opt).Read(t.Context(), "a", 0, 10)
		if err != nil || len(got) != 5 {
			t.Fatalf("%d records, %v", len(got), err)
		}
	})
}

// A database that may not grow stands for a full disk: SQLite reports both with SQLITE_FULL.
func TestAFullDiskIsReadOnlyAndHeals(t *testing.T) {
	s := open(t, Options{MaxPages: 60})
	if err := s.Create(t.Context(), "a", roomtest.Records(0, 1)); err != nil {
		t.Fatal(err)
	}
	big := strings.Repeat("x", 64<<10)
	head, err := int64(1), error(nil)
	for err == nil {
		rec := roomtest.Records(head, 1)
		rec[0].Data = []byte(big)
		if err = s.Append(t.Context(), "a", head, rec); err == nil {
			head++
		}
	}
	if codecollab.CodeOf(err) != "read_only" {
		t.Fatalf("full: %v", err)
	}
	got, err := s.Read(t.Context(), "a", 0, 1000)
	if err != nil || int64(len(got)) != head {
		t.Fatalf("%d of %d acknowledged records can be read: %v", len(got), head, err)
	}
	if _, err := s.lite.writer.conn.ExecContext(t.Context(), "PRAGMA max_page_count = 100000"); err != nil {
		t.Fatal(err)
	}
	if err := s.Append(t.Context(), "a", head, roomtest.Records(head, 1)); err != nil {
		t.Fatalf("after there was room again: %v", err)
	}
}

// One writer's failure must not fail those who share its commit.
func TestAFailureInAGroupIsNotShared(t *testing.T) {
	s := open(t, Options{})
	for _, name := range []string{"good", "bad"} {
		if err := s.Create(t.Context(), name, roomtest.Records(0, 1)); err != nil {
			t.Fatal(err)
		}
	}
	doubled := append(roomtest.Records(1, 1), roomtest.Records(1, 1)...)
	held, release := make(chan struct{}), make(chan struct{})
	go s.lite.writer.between(t.Context(), func(*sql.Conn) error {
		close(held)
		<-release // so that the two make one group
		return nil
	})
	<-held
	errs := make(chan error, 2)
	for i, f := range []func() error{
		func() error { return s.Append(t.Context(), "bad", 1, doubled) },
		func() error { return s.Append(t.Context(), "good", 1, roomtest.Records(1, 1)) },
	} {
		go func() { errs <- f() }()
		for len(s.lite.writer.todo) <= i {
			runtime.Gosched()
		}
	}
	close(release)
	bad, good := <-errs, <-errs
	if bad == nil {
		bad, good = good, bad
	}
	if bad == nil || good != nil {
		t.Fatalf("bad: %v, good: %v", bad, good)
	}
	if got, err := s.Read(t.Context(), "good", 1, 10); err != nil || len(got) != 1 {
		t.Fatalf("the good append: %d records, %v", len(got), err)
	}
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Dir: dir})
	if _, err := s.lite.writer.conn.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)"); err != nil {
		t.Fatal(err)
	}
	s.Close()
	_, err := Open(t.Context(), Options{Dir: dir, Log: slog.New(slog.DiscardHandler)})
	if err == nil || !strings.Contains(err.Error(), "newer CodeCollab") {
		t.Fatalf("newer database: %v", err)
	}
}

func TestAFolderThatCannotBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Options{Dir: filepath.Join(file, "data"), Log: slog.New(slog.DiscardHandler)}); err == nil {
		t.Fatal("opened")
	}
}

func TestRunsAreFoundWithoutReadingEdits(t *testing.T) {
	both(t, func(t *testing.T, opt Options) {
		s := open(t, opt)
		first := roomtest.Records(0, 4)
		first[1].Kind, first[3].Kind = "run", "finish"
		if err := s.Create(t.Context(), "a", first); err != nil {
			t.Fatal(err)
		}
		got, err := s.Runs(t.Context(), first[1].At)
		if err != nil || len(got) != 2 || got[0].Room != "a" || got[0].Kind != "run" || got[1].Kind != "finish" {
			t.Fatalf("%+v, %v", got, err)
		}
		if got, _ := s.Runs(t.Context(), first[1].At+1); len(got) != 1 {
			t.Fatalf("since later: %+v", got)
		}
	})
}

// writeDB is where a test writes by itself.
func (s *Store) writeDB() interface {
	Exec(query string, args ...any) (sql.Result, error)
} {
	if s.pg != nil {
		return s.pg
	}
	return liteWrites{s}
}

type liteWrites struct{ *Store }

func (s liteWrites) Exec(query string, args ...any) (res sql.Result, err error) {
	return res, s.submit(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		res, err = tx.ExecContext(ctx, query, args...)
		return err
	})
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if err == nil || codecollab.CodeOf(err) != code {
		t.Errorf("%v, want %q", err, code)
	}
}
