package doctor_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"codecollab.dev/internal/doctor"
)

func one(t *testing.T, c doctor.Check) doctor.Finding {
	t.Helper()
	found := c(t.Context())
	if len(found) != 1 {
		t.Fatalf("%d findings: %v", len(found), found)
	}
	return found[0]
}

func TestTheWorstFindingIsTheState(t *testing.T) {
	say := func(states ...doctor.State) doctor.Check {
		return func(context.Context) (out []doctor.Finding) {
			for _, s := range states {
				out = append(out, doctor.Finding{State: s})
			}
			return out
		}
	}
	for _, c := range []struct {
		checks []doctor.Check
		want   doctor.State
	}{
		{nil, doctor.OK},
		{[]doctor.Check{say(doctor.OK), say()}, doctor.OK},
		{[]doctor.Check{say(doctor.Weak, doctor.OK), say(doctor.OK)}, doctor.Weak},
		{[]doctor.Check{say(doctor.OK, doctor.Bad), say(doctor.Weak)}, doctor.Bad},
	} {
		if got := doctor.Examine(t.Context(), "test", c.checks...).State; got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestDisk(t *testing.T) {
	dir := t.TempDir()
	if f := one(t, doctor.Disk("data", filepath.Join(dir, "made", "later"))); f.State == doctor.Bad || !strings.Contains(f.Found, "free") {
		t.Errorf("a folder that is made later: %+v", f)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("something is left behind: %v %v", left, err)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if f := one(t, doctor.Disk("data", file)); f.State != doctor.Bad || !strings.Contains(f.Remedy, "--data") {
		t.Errorf("a file in the place of the folder: %+v", f)
	}
	if f := one(t, doctor.Disk("data", "/proc")); f.State != doctor.Bad {
		t.Errorf("where nothing can be written: %+v", f)
	}
	if f := one(t, doctor.Disk("data", "/dev/shm")); f.State != doctor.Weak && f.State != doctor.Bad {
		t.Errorf("memory in the place of a disk: %+v", f)
	}
}

func TestAddress(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if f := one(t, doctor.Address("addr", addr)); f.State != doctor.Bad || !strings.Contains(f.Remedy, "--addr") {
		t.Errorf("taken by something else: %+v", f)
	}
	l.Close()
	if f := one(t, doctor.Address("addr", addr)); f.State != doctor.OK {
		t.Errorf("free: %+v", f)
	}
	srv := httptest.NewServer(http.NotFoundHandler())
	defer srv.Close()
	if f := one(t, doctor.Address("addr", srv.Listener.Addr().String())); f.State != doctor.Bad {
		t.Errorf("another web server: %+v", f)
	}
	ours := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			http.NotFound(w, r)
		}
	}))
	defer ours.Close()
	if f := one(t, doctor.Address("addr", ours.Listener.Addr().String())); f.State != doctor.OK || !strings.Contains(f.Found, "running") {
		t.Errorf("our own: %+v", f)
	}
}

func TestTheScreen(t *testing.T) {
	r := doctor.Report{Build: "codecollab test", State: doctor.Weak, Findings: []doctor.Finding{
		{Area: "One", Name: "thing", State: doctor.OK, Found: "fine"},
		{Area: "One", Name: "other", State: doctor.Weak, Found: strings.Repeat("word ", 30), Remedy: "do this"},
		{Area: "Two", Name: "third", State: doctor.OK, Found: "fine"},
	}}
	var b strings.Builder
	if err := r.Write(&b, false); err != nil {
		t.Fatal(err)
	}
	out := b.String()
	for _, want := range []string{"One\n  ✓ thing", "  ! other", "to mend:", "do this", "Two\n", "2 ok, 1 weak, 0 bad"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	for line := range strings.Lines(out) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 96 {
			t.Errorf("a line of %d characters: %s", n, line)
		}
	}
	if strings.Contains(out, "\x1b") {
		t.Error("colours where none were asked for")
	}
	b.Reset()
	if err := r.Write(&b, true); err != nil || !strings.Contains(b.String(), "\x1b[33m!") {
		t.Errorf("no colours: %v\n%s", err, b.String())
	}
}
