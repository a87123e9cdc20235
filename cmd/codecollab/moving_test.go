package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"codecollab.dev/bench/syncclient"
	"codecollab.dev/internal/moving"
	"codecollab.dev/internal/servicetest"
)

// say runs a command of the program, and returns what it printed and its exit status.
func say(t *testing.T, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// says is say for what has to work.
func says(t *testing.T, args ...string) string {
	t.Helper()
	out, errs, status := say(t, args...)
	if status != 0 {
		t.Fatalf("%v ends with %d: %s%s", args, status, out, errs)
	}
	return out
}

// wellAt runs verify, and makes sure that it finds nothing.
func wellAt(t *testing.T, args ...string) (report struct {
	Well          bool
	Rooms, Events int64
	Findings      []moving.Finding
}) {
	t.Helper()
	out := says(t, append([]string{"verify"}, append(args, "--json")...)...)
	if err := json.Unmarshal([]byte(out), &report); err != nil || !report.Well || report.Rooms == 0 {
		t.Fatalf("verify %v: %s (%v)", args, out, err)
	}
	return report
}

// lodging is a program in which somebody lives: an administrator, a room with what two people have typed, and a run.
type lodging struct {
	*program
	room, token string
	ann         *person
}

func furnish(t *testing.T, args ...string) *lodging {
	t.Helper()
	l := &lodging{program: start(t, "", append(args, "--password-memory", "8MiB")...)}
	l.setUp(newJar(t))
	l.room, l.token = l.program.room("python")
	l.ann = l.join(l.room, l.token, "annannann")
	_, other := l.program.room("python")
	ben := l.join(l.room, other, "benbenben")
	l.ann.set("print('kept')\n#")
	if f := l.ann.finish(l.ann.run("python")); f.Outcome != "exited" {
		t.Fatalf("the run: %+v", f)
	}
	ben.append(" <ben>")
	ben.settle()
	l.ann.wait("ann sees what ben typed", func(s *syncclient.State) bool { return strings.Contains(s.Files()[0].Text().String(), "<ben>") })
	return l
}

// inhabit makes sure that everything of a lodging is in a program: the text, the roles, the run, and who may come in.
func (l *lodging) inhabit(p *program) *person {
	p.t.Helper()
	if s := p.postAs(newJar(p.t), "/api/v1/auth/password", `{"email":"root@example.org","password":"correct horse battery"}`); s != http.StatusNoContent && s != http.StatusOK {
		p.t.Errorf("signing in: %d", s)
	}
	id, _ := syncclient.Address(l.room)
	var facts struct{ Role string }
	code, body := p.request("GET", "/api/v1/rooms/"+id, l.token, "")
	if err := json.Unmarshal([]byte(body), &facts); code != http.StatusOK || err != nil || facts.Role != "owner" {
		p.t.Errorf("the room: %d %s", code, body)
	}
	code, body = p.request("GET", "/api/v1/rooms/"+id+"/runs", l.token, "")
	if code != http.StatusOK || !strings.Contains(body, "exited") {
		p.t.Errorf("its runs: %d %s", code, body)
	}
	return p.join(l.room, l.token, "annagain1")
}

// TestABackupBesideAServer makes a backup while somebody types, and restores it: what was confirmed when it began is there, and what
// came after it is there up to one moment.
func TestABackupBesideAServer(t *testing.T) {
	l := furnish(t)
	for i := range 20 {
		l.ann.append(fmt.Sprintf(" <%d>", i))
	}
	l.ann.settle()
	before := l.ann.text()
	file := filepath.Join(t.TempDir(), "b.tar.gz")
	cmd := exec.CommandContext(t.Context(), os.Args[0], "backup", file, "--data", l.data)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for i, typing := 20, true; typing; i++ {
		l.ann.append(fmt.Sprintf(" <%d>", i))
		l.ann.settle()
		select {
		case err := <-done:
			if err != nil {
				t.Fatalf("backup: %v: %s", err, out.String())
			}
			typing = false
		default:
		}
	}
	if !strings.Contains(out.String(), "verified") || !strings.Contains(out.String(), "secret.key") {
		t.Errorf("backup says %s", out.String())
	}
	after := l.ann.text()
	wellAt(t, "--data", l.data) // beside the server
	wellAt(t, file)

	dir := filepath.Join(t.TempDir(), "new")
	says(t, "restore", file, "--data", dir)
	if _, errs, status := say(t, "restore", file, "--data", dir); status != 1 || !strings.Contains(errs, "is not empty") {
		t.Errorf("into a full folder: %d %s", status, errs)
	}
	wellAt(t, "--data", dir)
	restored := start(t, dir, "--password-memory", "8MiB")
	text := l.inhabit(restored).text()
	if !strings.HasPrefix(text, before) || !strings.HasPrefix(after, text) {
		t.Errorf("restored is %q, when the backup began it was %q", text, before)
	}
}

// TestMovingUp moves to Postgres, where several nodes go on with it. They have to have the same keys.
func TestMovingUp(t *testing.T) {
	l := furnish(t)
	database := filepath.Join(t.TempDir(), "database-url")
	if err := os.WriteFile(database, []byte(servicetest.Postgres(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	move := []string{"migrate", "--from", "sqlite", "--to=postgres", "--data", l.data, "--database-url-file", database}
	if _, errs, status := say(t, move...); status != 1 || !strings.Contains(errs, "in use") {
		t.Errorf("beside a server: %d %s", status, errs)
	}
	text := l.ann.text()
	l.kill()
	out := says(t, move...)
	if !strings.Contains(out, "compared row by row") || strings.Contains(out, "password") {
		t.Errorf("migrate says %s", out)
	}
	was, is := wellAt(t, "--data", l.data), wellAt(t, "--database-url-file", database)
	if was.Events != is.Events || was.Rooms != is.Rooms {
		t.Errorf("there are %+v, there were %+v", is, was)
	}
	p := start(t, l.data, "--database-url-file", database, "--password-memory", "8MiB")
	ann := l.inhabit(p)
	if ann.text() != text {
		t.Errorf("the text is %q, was %q", ann.text(), text)
	}

	node := filepath.Join(t.TempDir(), "node")
	refused := func(why string) {
		t.Helper()
		_, errs, status := say(t, "serve", "--addr", "127.0.0.1:0", "--data", node, "--database-url-file", database)
		if status != 1 || !strings.Contains(errs, why) || !strings.Contains(errs, "Copy") {
			t.Errorf("a node that should say %q: %d %s", why, status, errs)
		}
	}
	refused("this node has no secret.key")
	if err := os.WriteFile(filepath.Join(node, "secret.key"), []byte("0123456789abcdef0123456789abcdef"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused("another one than that of the other nodes")
	key, err := os.ReadFile(filepath.Join(l.data, "secret.key"))
	if err == nil {
		err = os.WriteFile(filepath.Join(node, "secret.key"), key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	second := start(t, node, "--database-url-file", database, "--password-memory", "8MiB")
	there := l.inhabit(second)
	ann.append(" <here>")
	there.wait("what is typed on one node is seen on the other", func(s *syncclient.State) bool {
		return strings.Contains(s.Files()[0].Text().String(), "<here>")
	})
	backup := filepath.Join(t.TempDir(), "folder")
	says(t, "backup", backup, "--data", node, "--database-url-file", database)
	wellAt(t, backup)
}

// A wrong call says how it goes.
func TestMovingSaysHowItGoes(t *testing.T) {
	for _, c := range [][]string{{"backup"}, {"restore"}, {"migrate"}, {"migrate", "--from", "sqlite", "--to", "sqlite"}, {"migrate", "--from", "sqlite", "--to", "postgres"}} {
		if _, errs, status := say(t, c...); status != 2 || !strings.Contains(errs, "codecollab "+c[0]) && !strings.Contains(errs, c[0]+" needs") {
			t.Errorf("%v: %d %s", c, status, errs)
		}
	}
	if _, errs, status := say(t, "verify", "--data", t.TempDir()); status != 1 || !strings.Contains(errs, "rooms.db") {
		t.Errorf("verify of nothing: %d %s", status, errs)
	}
}
