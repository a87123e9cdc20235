package moving

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/room/roomtest"
	"codecollab.dev/internal/servicetest"
	"codecollab.dev/internal/store"
)

func postgresPlace(t *testing.T) Place {
	return Place{Dir: t.TempDir(), URL: servicetest.Postgres(t)}
}

// TestThereAndBack moves an installation to Postgres and back, by migration and by backups, and compares all of it each time.
func TestThereAndBack(t *testing.T) {
	folder := furnished(t)
	want := sumsOf(t, folder, folder)
	server := postgresPlace(t)
	report, err := Migrate(t.Context(), folder, server, quiet)
	must(t, err)
	if !report.Well() || report.Rooms != 2 || report.Events != want["rooms.events"].rows {
		t.Errorf("moved: %+v", report)
	}
	same(t, "in Postgres", sumsOf(t, server, folder), want)
	same(t, "where it was", sumsOf(t, folder, folder), want)
	if _, err := Migrate(t.Context(), folder, server, quiet); err == nil || !strings.Contains(err.Error(), "is not empty") || strings.Contains(err.Error(), "password") {
		t.Errorf("into a full database: %v", err)
	}

	s, db := openBoth(t, server) // the nodes take it, and number on from where it was
	must(t, s.Create(t.Context(), "new-room", roomtest.Records(0, 2)), s.Append(t.Context(), "red-fox", headOf(t, s, "red-fox"), roomtest.Records(headOf(t, s, "red-fox"), 1)))
	must(t, db.Append(t.Context(), auth.Entry{Action: auth.ActSignIn, Outcome: auth.OK}))
	if a, hash, err := db.PasswordOf(t.Context(), "ann@example.com"); err != nil || hash != "$argon2id$of-a-password" || !a.Admin || a.Name != "Ann \uFFFD O'Hara" {
		t.Errorf("the account: %+v %q %v", a, hash, err)
	}
	if entries, err := db.Entries(t.Context(), auth.AuditQuery{All: true, Limit: 99}); err != nil || len(entries) != 6 || entries[0].Seq != 6 {
		t.Errorf("the audit log: %+v %v", entries, err)
	}
	must(t, s.DeleteRoom(t.Context(), "new-room"), db.Close(), s.Close())
	want = sumsOf(t, server, folder)

	to := filepath.Join(t.TempDir(), "b.tar.gz")
	made, err := Backup(t.Context(), server, to, "test", quiet)
	must(t, err)
	if made.Manifest.From != "postgres" {
		t.Errorf("made: %+v", made.Manifest)
	}
	for name, target := range map[string]Place{"a folder": {Dir: filepath.Join(t.TempDir(), "new")}, "another database": postgresPlace(t)} {
		out, err := Restore(t.Context(), to, target, quiet)
		must(t, err)
		if !slices.Equal(codes(out.Report), []string{"event_unreadable"}) { // roomtest's record is none that a room would write
			t.Errorf("restored into %s: %v", name, out.Report.Findings)
		}
		same(t, "restored into "+name, sumsOf(t, target, folder), want)
	}

	back := Place{Dir: t.TempDir()}
	must(t, os.WriteFile(filepath.Join(back.Dir, "secret.key"), []byte("of this node"), 0o600))
	_, err = Migrate(t.Context(), server, back, quiet)
	must(t, err)
	same(t, "back", sumsOf(t, back, back), want)
	if key, err := os.ReadFile(filepath.Join(back.Dir, "secret.key")); err != nil || string(key) != "of this node" {
		t.Errorf("the node's key: %q %v", key, err)
	}
	s, db = openBoth(t, back)
	must(t, db.Append(t.Context(), auth.Entry{Action: auth.ActSignIn, Outcome: auth.OK}))
	if entries, err := db.Entries(t.Context(), auth.AuditQuery{All: true, Limit: 1}); err != nil || entries[0].Seq != 7 {
		t.Errorf("the audit log: %+v %v", entries, err)
	}
	must(t, db.Close(), s.Close())
}

// A server that runs keeps its folder to itself.
func TestAFolderInUseIsNotMoved(t *testing.T) {
	folder, server := furnished(t), postgresPlace(t)
	s, db := openBoth(t, folder)
	if _, err := Migrate(t.Context(), folder, server, quiet); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("it is moved: %v", err)
	}
	must(t, db.Close(), s.Close())
	lock, err := store.Lock(folder.Dir)
	must(t, err, lock.Close())
	if _, err := Migrate(t.Context(), Place{Dir: filepath.Join(t.TempDir(), "typo")}, server, quiet); err == nil || !strings.Contains(err.Error(), "nothing that could be moved") {
		t.Errorf("a wrong name: %v", err)
	}
}

// Broken off anywhere, a migration leaves nothing, and is begun again.
func TestABrokenMigrationBeginsAgain(t *testing.T) {
	folder, server := furnished(t), postgresPlace(t)
	for _, at := range []string{"copying rooms.events", "copying people.audit", "copying files.run_files"} {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := Migrate(ctx, folder, server, func(s Step) {
			if s.Doing == at {
				cancel()
			}
		})
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", at, err)
		}
		db, err := sql.Open("pgx", server.URL)
		must(t, err)
		var n int
		must(t, db.QueryRow("SELECT (SELECT count(*) FROM rooms.rooms) + (SELECT count(*) FROM people.accounts)").Scan(&n), db.Close())
		if n != 0 {
			t.Errorf("%s: %d rows are left", at, n)
		}
	}
	_, err := Migrate(t.Context(), folder, server, quiet)
	must(t, err)
	same(t, "after all", sumsOf(t, server, folder), sumsOf(t, folder, folder))
}

// TestVerifyFindsDamageInPostgres is the short list of what TestVerifyFindsDamage does with SQLite.
func TestVerifyFindsDamageInPostgres(t *testing.T) {
	p := postgresPlace(t)
	furnish(t, p, "calm-heron", "red-fox")
	report, err := Verify(t.Context(), p, quiet)
	must(t, err)
	if !report.Well() || report.Rooms != 2 || report.Snapshots < 4 || report.Blocks != 12 {
		t.Fatalf("the good one: %+v", report)
	}
	db, err := sql.Open("pgx", p.URL)
	must(t, err)
	defer db.Close()
	const fox = "(SELECT id FROM rooms.rooms WHERE name = 'red-fox')"
	for _, c := range []struct{ statement, undo, want string }{
		{"UPDATE rooms.rooms SET head = head + 1 WHERE name = 'red-fox'", "UPDATE rooms.rooms SET head = head - 1 WHERE name = 'red-fox'", "head"},
		{"UPDATE rooms.events SET at = at + 1 WHERE room = " + fox + " AND version = 9", "UPDATE rooms.events SET at = at - 1 WHERE room = " + fox + " AND version = 9", "event_differs"},
		{"ALTER TABLE people.audit DISABLE TRIGGER audit_no_update", "ALTER TABLE people.audit ENABLE TRIGGER audit_no_update", "audit_open"},
		{"UPDATE rooms.events SET data = '{' WHERE room = " + fox + " AND version = 9", "", "event_unreadable"},
		{"DELETE FROM rooms.events WHERE room = " + fox + " AND version = 30", "", "gap"},
		{"DELETE FROM rooms.rooms WHERE name = 'red-fox'", "", "room_gone"},
	} {
		_, err := db.Exec(c.statement)
		must(t, err)
		report, err := Verify(t.Context(), p, quiet)
		must(t, err)
		if !slices.Contains(codes(report), c.want) {
			t.Errorf("%s: found %v", c.statement, report.Findings)
		}
		if c.undo != "" {
			_, err = db.Exec(c.undo)
			must(t, err)
		}
	}
}
