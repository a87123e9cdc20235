package wal

import (
	"context"
	"database/sql"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"codecollab.dev/internal/store/engine"
)

// connect gives a connection that writes to a database, made as it is wanted.
func connect(t *testing.T, file string) *sql.Conn {
	t.Helper()
	db, err := sql.Open("sqlite", engine.DSN(file, append(Pragmas(), "busy_timeout(10000)")...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	run(t, conn, "CREATE TABLE IF NOT EXISTS notes (n INTEGER PRIMARY KEY, text BLOB)")
	return conn
}

func run(t *testing.T, conn *sql.Conn, query string, args ...any) {
	t.Helper()
	if _, err := conn.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func open(t *testing.T, conn *sql.Conn, file string) *Log {
	t.Helper()
	l, err := Open(t.Context(), conn, file, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func write(t *testing.T, conn *sql.Conn, l *Log, rows int) {
	t.Helper()
	for range rows {
		run(t, conn, "INSERT INTO notes (text) VALUES (randomblob(3000))")
		if err := l.Sync(); err != nil {
			t.Fatal(err)
		}
	}
}

func rows(t *testing.T, conn *sql.Conn) (n int) {
	t.Helper()
	if err := conn.QueryRowContext(t.Context(), "SELECT count(*) FROM notes").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func size(t *testing.T, file string) int64 {
	t.Helper()
	info, err := os.Stat(path(file))
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// crashed gives what a machine leaves whose power fails: the files as they are, without anybody closing them.
func crashed(t *testing.T, file string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "crashed.db")
	for from, to := range map[string]string{file: to, path(file): path(to)} {
		data, err := os.ReadFile(from)
		if err == nil {
			err = os.WriteFile(to, data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return to
}

func TestWhatIsInTheLogOutlivesACrash(t *testing.T) {
	file := filepath.Join(t.TempDir(), "notes.db")
	conn := connect(t, file)
	run(t, conn, "INSERT INTO notes (text) VALUES ('from before the log had its room')")
	l := open(t, conn, file)
	if got := size(t, file); got != room {
		t.Errorf("the log has %d bytes, want %d", got, room)
	}
	write(t, conn, l, 20)
	after := crashed(t, file)
	again := connect(t, after)
	if got := rows(t, again); got != 21 {
		t.Errorf("%d rows, want 21", got)
	}
	write(t, again, open(t, again, after), 5)
	if got := rows(t, connect(t, crashed(t, after))); got != 26 {
		t.Errorf("%d rows after a second crash, want 26", got)
	}
}

// A log that an earlier version left has no room behind its frames.
func TestAShortLogGetsRoomBehindWhatIsInIt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "notes.db")
	run(t, connect(t, file), "INSERT INTO notes (text) VALUES (randomblob(100000))")
	after := crashed(t, file)
	if got := size(t, after); got == 0 || got >= room {
		t.Fatalf("the log has %d bytes", got)
	}
	conn := connect(t, after)
	open(t, conn, after)
	if got := size(t, after); got != room {
		t.Errorf("the log has %d bytes, want %d", got, room)
	}
	if got := rows(t, connect(t, crashed(t, after))); got != 1 {
		t.Errorf("%d rows, want 1", got)
	}
}

func TestTheLogStaysInItsRoom(t *testing.T) {
	file := filepath.Join(t.TempDir(), "notes.db")
	conn := connect(t, file)
	l := open(t, conn, file)
	other, err := sql.Open("sqlite", engine.DSN(file, "busy_timeout(1000)", "wal_autocheckpoint(0)"))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	other.SetMaxOpenConns(1)
	written := 0
	// Somebody always writes: there is more when the checkpoint in the background is done.
	between := func(_ context.Context, do func(*sql.Conn) error) error {
		write(t, conn, l, 20)
		written += 20
		return do(conn)
	}
	for range 14 { // some 2 MB each: more than is left alone, so that the log begins anew
		write(t, conn, l, 500)
		written += 500
		if err := shorten(t.Context(), other, between); err != nil {
			t.Fatal(err)
		}
	}
	if got := size(t, file); got != room {
		t.Errorf("the log has %d bytes, want %d", got, room)
	}
	if written == 14*500 {
		t.Error("the writer was never asked for the rest")
	}
	if got := rows(t, connect(t, crashed(t, file))); got != written {
		t.Errorf("%d rows, want %d", got, written)
	}
}
