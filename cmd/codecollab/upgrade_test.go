package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"codecollab.dev/bench/syncclient"
	"codecollab.dev/internal/servicetest"
)

// While nodes are upgraded one after the other, a newer one has added to the tables. A node of before that runs goes on, and begins
// rooms, too; it does not start again.
func TestAnOlderNodeGoesOnUntilItStops(t *testing.T) {
	url := servicetest.Postgres(t)
	p := start(t, "", "--database-url-file", secretFile(t, url))
	room, token := p.room("python")
	ann := p.join(room, token, "annannann")
	ann.set("before")
	ann.settle()

	db, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"ALTER TABLE rooms.events ADD COLUMN later text NOT NULL DEFAULT 'new'", "ALTER TABLE rooms.rooms ADD COLUMN later bigint",
		"CREATE TABLE rooms.later (id bigint PRIMARY KEY)", "INSERT INTO rooms.goose_db_version (version_id, is_applied) VALUES (9999, true)",
	} {
		if _, err := db.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	if err := db.Close(t.Context()); err != nil {
		t.Fatal(err)
	}

	ann.append(" and behind")
	ann.settle()
	second, other := p.room("python")
	ben := p.join(second, other, "benbenben")
	ben.set("another")
	ben.settle()
	eve := p.join(room, token, "eveeveeve")
	eve.wait("everything is there", func(s *syncclient.State) bool { return s.Files()[0].Text().String() == "before and behind" })

	cmd := exec.Command(os.Args[0], "serve", "--addr", "127.0.0.1:0", "--data", keysOf(t, p), "--database-url-file", secretFile(t, url))
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "the database is of a newer CodeCollab") {
		t.Errorf("%v: a node of before starts on newer tables:\n%s", err, out)
	}
}
