package main

import (
	"encoding/json"
	"net"
	"os/exec"
	"slices"
	"testing"

	"os"

	"codecollab.dev/internal/doctor"
)

// consult runs "codecollab doctor --json".
func consult(t *testing.T, args ...string) (doctor.Report, int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], append([]string{"doctor", "--json", "--runner-data", cacheDir(t)}, args...)...)
	out, err := cmd.Output()
	if _, failed := err.(*exec.ExitError); err != nil && !failed {
		t.Fatal(err)
	}
	var r doctor.Report
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return r, cmd.ProcessState.ExitCode()
}

func finding(t *testing.T, r doctor.Report, area, name string) doctor.Finding {
	t.Helper()
	i := slices.IndexFunc(r.Findings, func(f doctor.Finding) bool { return f.Area == area && f.Name == name })
	if i < 0 {
		t.Fatalf("nothing about %s, %s in %+v", area, name, r.Findings)
	}
	return r.Findings[i]
}

// The doctor looks at a host while a server runs on it, and changes nothing.
func TestDoctor(t *testing.T) {
	p := start(t, "")
	r, code := consult(t, "--data", p.data, "--addr", p.addr)
	if code != 0 || r.State == doctor.Bad {
		t.Errorf("exit %d: %+v", code, r)
	}
	for _, want := range []struct{ area, name string }{
		{"Machine", "clock"}, {"Isolation", "programs"}, {"Isolation", "namespaces"},
		{"Isolation", "control groups"}, {"Isolation", "uid map"}, {"Isolation", "seccomp"}, {"Isolation", "landlock"}, {"Languages", "installed"}, {"Storage", "data"}, {"Storage", "runner-data"},
	} {
		finding(t, r, want.area, want.name)
	}
	if f := finding(t, r, "Storage", "database"); f.State != doctor.OK {
		t.Errorf("the database of a running server: %+v", f)
	}
	if f := finding(t, r, "Network", "addr"); f.State != doctor.OK {
		t.Errorf("the address of a running server: %+v", f)
	}
}

func TestDoctorFindsWhatIsBroken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := "http://" + l.Addr().String()
	l.Close()
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/rooms.db", []byte("this is no database, and was one"), 0o600); err != nil {
		t.Fatal(err)
	}
	r, code := consult(t, "--data", dir, "--addr", "127.0.0.1:0", "--runner-url", dead)
	if code != 1 || r.State != doctor.Bad {
		t.Errorf("exit %d: %+v", code, r)
	}
	if f := finding(t, r, "Runners", dead); f.State != doctor.Bad || f.Remedy == "" {
		t.Errorf("a runner that is not there: %+v", f)
	}
	if f := finding(t, r, "Storage", "database"); f.State != doctor.Bad || f.Remedy == "" {
		t.Errorf("a damaged database: %+v", f)
	}
}
