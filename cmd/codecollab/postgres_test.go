package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"codecollab.dev/bench/syncclient"
	"codecollab.dev/internal/doctor"
	"codecollab.dev/internal/servicetest"
	"codecollab.dev/internal/store"
	dbengine "codecollab.dev/internal/store/engine"
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
	other := start(t, keysOf(t, p), "--database-url-file", secretFile(t, url))
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

func TestDoctorLooksAtThePostgres(t *testing.T) {
	pg := servicetest.OwnPostgres(t, "fsync=off", "max_connections=20")
	url := pg.URL(pg.Database(t))
	look := func(url string) (doctor.Report, int) {
		return consult(t, "--data", t.TempDir(), "--addr", "127.0.0.1:0", "--runner-url", "http://127.0.0.1:1", "--database-url-file", secretFile(t, url))
	}
	r, _ := look(url)
	if f := finding(t, r, "Storage", "database"); f.State != doctor.Weak || !strings.Contains(f.Found, "empty") || !strings.Contains(f.Remedy, "fsync") {
		t.Errorf("an empty database: %+v", f)
	}
	if f := finding(t, r, "Storage", "connections"); f.State != doctor.Weak || !strings.Contains(f.Remedy, "max_connections") {
		t.Errorf("too few connections: %+v", f)
	}
	server, err := dbengine.Dial(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), Database: server, Conns: 2})
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	r, _ = look(url)
	if f := finding(t, r, "Storage", "database"); !strings.Contains(f.Found, "0 rooms") {
		t.Errorf("a database with tables: %+v", f)
	}
	r, code := look(strings.Replace(url, "s3cret", "wrong", 1))
	if f := finding(t, r, "Storage", "database"); code != 1 || f.State != doctor.Bad || f.Remedy == "" {
		t.Errorf("a wrong password: %+v", f)
	}
}

// keysOf is a folder for another node of the same installation: it has the same keys.
func keysOf(t *testing.T, p *program) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"secret.key", "saml.pem"} {
		data, err := os.ReadFile(filepath.Join(p.data, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
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
