package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"codecollab.dev/bench/syncclient"
	"codecollab.dev/internal/servicetest"
)

// A room lives through an end of its database: it is read-only while that is away, what was typed meanwhile comes when it is back, and
// another node has all of it.
func TestTheDatabaseGoesAndComesBack(t *testing.T) {
	pg := servicetest.OwnPostgres(t)
	url := pg.URL(pg.Database(t))
	p := start(t, "", "--database-url-file", secretFile(t, url))
	room, token := p.room("python")
	ann := p.join(room, token, "annannann")
	ann.set("kept")
	ann.settle()
	pg.Stop(t)
	ann.append(" and more")
	ann.until("the room is read-only", func() bool {
		return len(ann.able) > 0 && !ann.able[0].OK && strings.Contains(ann.able[0].Reason, "cannot reach its database")
	})
	pg.Start(t)
	ann.settle()
	ann.until("the room is writable", func() bool { return ann.able[len(ann.able)-1].OK })
	pg.Crash(t)
	pg.Start(t)
	ann.append(" and most")
	ann.settle()
	_, second := p.room("python")
	other := start(t, "", "--database-url-file", secretFile(t, url))
	ben := other.join(room, second, "benbenben")
	ben.wait("everything is there", func(s *syncclient.State) bool { return s.Files()[0].Text().String() == "kept and more and most" })
	for _, node := range []*program{p, other} {
		if said := node.said(); strings.Contains(said, "s3cret") || !strings.Contains(said, "postgres=") {
			t.Errorf("the log has the password in it, or nothing of the database: %s", said)
		}
	}
}

func TestADatabaseThatCannotBeUsedIsSaidAtStart(t *testing.T) {
	pg := servicetest.OwnPostgres(t)
	name := pg.Database(t)
	good := pg.URL(name)
	standby := pg.Database(t)
	pg.Admin(t, "ALTER DATABASE "+standby+" SET default_transaction_read_only = on")
	for url, want := range map[string]string{
		strings.Replace(good, "s3cret", "s3cretly", 1): "look at the user and the password",
		"mysql://u:s3cret@h/d":                         "begins with postgres://",
		pg.URL(standby):                                "default_transaction_read_only",
		pg.URL("none"):                                 "CREATE DATABASE none",
	} {
		cmd := exec.Command(os.Args[0], "serve", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--database-url-file", secretFile(t, url))
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), want) || strings.Contains(string(out), "s3cret") {
			t.Errorf("%v, want %q, without a password:\n%s", err, want, out)
		}
	}
}

// secretFile is a file with a setting that everybody could read on the command line.
func secretFile(t *testing.T, secret string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(name, []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
