package runner_test

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/runner"
)

// attack is a program of attacks/ with what must come of it.
type attack struct {
	language string
	more     object
	check    func(t *testing.T, r *stage)
}

// harmless: it tried everything and nothing came of it.
func harmless(t *testing.T, r *stage) {
	t.Helper()
	if strings.Contains(r.Output, "ESCAPED") || !strings.Contains(r.Stdout, "HARMLESS") {
		t.Errorf("printed %q; %s", r.Output, words(r))
	}
}

// limited: it was stopped, or failed, for the limit, and the message says so.
func limited(verdict, status, message string) func(*testing.T, *stage) {
	return func(t *testing.T, r *stage) {
		t.Helper()
		if r.Verdict != verdict || r.Status == nil || *r.Status != status || r.Message == nil || !strings.Contains(*r.Message, message) {
			t.Errorf("want %s/%s/%q, got %s", verdict, status, message, words(r))
		}
	}
}

// killed: the kernel ended it for a system call. A kernel without 32-bit calls answers with SIGSEGV.
func killed(t *testing.T, r *stage) {
	t.Helper()
	if strings.Contains(r.Output, "ESCAPED") || r.Signal == nil || *r.Signal != "SIGSYS" && *r.Signal != "SIGSEGV" {
		t.Errorf("printed %q; %s", r.Output, words(r))
	}
}

func words(r *stage) string {
	var s strings.Builder
	fmt.Fprintf(&s, "verdict %q", r.Verdict)
	if r.Code != nil {
		fmt.Fprintf(&s, ", code %d", *r.Code)
	}
	for name, p := range map[string]*string{"signal": r.Signal, "status": r.Status, "message": r.Message} {
		if p != nil {
			fmt.Fprintf(&s, ", %s %q", name, *p)
		}
	}
	return s.String()
}

func TestAttacks(t *testing.T) {
	t.Setenv("RUNNER_TEST_SECRET", "SECRET")
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	abstract, err := net.Listen("unix", "@runner-test")
	if err != nil {
		t.Fatal(err)
	}
	defer abstract.Close()
	s, url := serve(t, runner.Options{Pool: 2})
	report, err := s.Report(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ok(t, url, program("bash", "true", nil))
	before := quiet(t)
	port := fmt.Sprint(tcp.Addr().(*net.TCPAddr).Port)
	short := object{"run_timeout": 1500}
	slow := object{"run_timeout": 60000, "run_cpu_time": 60000} // touching all memory takes long on a busy machine
	for name, a := range map[string]attack{
		"secrets.py":     {"python", nil, harmless},
		"network.py":     {"python", object{"args": []string{port, "runner-test"}}, harmless},
		"kernel.c":       {"c", nil, harmless},
		"i386.c":         {"c", nil, killed},
		"x32.c":          {"c", nil, killed},
		"forkbomb.sh":    {"bash", short, limited("wall", "TO", "1.5 s exceeded")},
		"threads.py":     {"python", nil, limited("tasks", "RE", "64 processes")},
		"memory.py":      {"python", slow, limited("memory", "SG", "256 MiB")},
		"memory_many.py": {"python", slow, limited("memory", "SG", "256 MiB")},
		"spin.py":        {"python", object{"run_cpu_time": 500}, limited("cpu", "TO", "0.5 s exceeded (CPU")},
		"disk.py":        {"python", slow, harmless},
		"full.py":        {"python", nil, limited("disk", "RE", "full")},
		"daemon.c":       {"c", nil, harmless},
		"links.sh":       {"bash", nil, harmless},
		"files.py":       {"python", nil, harmless},
		"persist.py":     {"python", nil, func(t *testing.T, r *stage) { harmless(t, r) }},
	} {
		t.Run(name, func(t *testing.T) {
			if why, missing := report.Missing[a.language]; missing {
				t.Skip(why)
			}
			source, err := os.ReadFile(filepath.Join("attacks", name))
			if err != nil {
				t.Fatal(err)
			}
			var last *stage
			for range 2 { // what the first leaves behind, the second would meet
				code, answer := post(t, url, program(a.language, string(source), a.more))
				if code != 200 {
					t.Fatalf("status %d: %s", code, answer.Message)
				}
				a.check(t, answer.Run)
				last = answer.Run
			}
			t.Logf("%d ms: %s", last.Wall, words(last))
			if r := ok(t, url, program("bash", "echo still here", nil)); r.Stdout != "still here\n" {
				t.Errorf("afterwards: %q", r.Stdout)
			}
		})
	}
	if now := quiet(t); now != before {
		t.Errorf("before: %s; now: %s", before, now)
	}
}

// quiet waits until nothing but the ready cells is there: compile caches are being made at first.
func quiet(t *testing.T) string {
	t.Helper()
	var now string
	within(t, 5*time.Minute, "only the ready cells are left", func() string {
		var cells, strays, mounts, groups, servers int
		now = leftovers(t)
		_, _ = fmt.Sscanf(now, "%d cells, %d strays, %d mounts, %d groups in %d", &cells, &strays, &mounts, &groups, &servers)
		if cells == 2 && strays == 0 && groups == 2*servers {
			return ""
		}
		return now
	})
	return now
}

// within waits until what is true: wait returns what is still wrong, or "".
func within(t *testing.T, limit time.Duration, what string, wait func() string) {
	t.Helper()
	deadline := time.Now().Add(limit)
	for wrong := wait(); wrong != ""; wrong = wait() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %v: %s", what, limit, wrong)
		}
		time.Sleep(10 * time.Millisecond) // polling a condition, not waiting a time
	}
}

// leftovers counts what this process's cells are made of: ready cells, which are always equally many, programs that
// name themselves left-behind, mounts of cells and control groups. Other runners on the machine are left out.
func leftovers(t *testing.T) string {
	t.Helper()
	own := fmt.Sprintf("codecollab-%d-", os.Getpid())
	cells, strays := 0, 0
	names, _ := filepath.Glob("/proc/[0-9]*")
	for _, p := range names {
		if group, _ := os.ReadFile(p + "/cgroup"); !bytes.Contains(group, []byte(own)) {
			continue
		}
		if line, _ := os.ReadFile(p + "/cmdline"); strings.HasPrefix(string(line), "codecollab-cell") {
			cells++
		}
		if comm, _ := os.ReadFile(p + "/comm"); bytes.Contains(comm, []byte("left-behind")) {
			strays++
		}
	}
	info, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	mounts := 0 // that look like a cell's; whatever else happens on this machine is not ours to judge
	for line := range strings.Lines(string(info)) {
		if strings.Contains(line, "1800000000") || strings.Contains(line, dataDir) || strings.Contains(line, "hidepid=invisible") {
			mounts++
		}
	}
	groups, servers := 0, 0 // of cells, and of this process as their supervisor: one in each hierarchy
	_ = filepath.WalkDir("/sys/fs/cgroup", func(path string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() && strings.Contains(path, own) {
			if strings.HasPrefix(d.Name(), "cell-") {
				groups++
			} else {
				servers++
			}
		}
		return nil
	})
	return fmt.Sprintf("%d cells, %d strays, %d mounts, %d groups in %d", cells, strays, mounts, groups, servers)
}

func TestFloods(t *testing.T) {
	_, url := serve(t, runner.Options{MaxOutput: 8 << 20, KeepOutput: 1000})
	for _, c := range []struct{ name, source, status string }{
		{"stdout", "yes", "OL"},
		{"stderr", "yes >&2", "EL"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, a := post(t, url, program("bash", c.source, nil))
			if code != 200 || a.Run.Status == nil || *a.Run.Status != c.status || a.Run.Verdict != "output" {
				t.Fatalf("status %d, %+v", code, a.Run)
			}
			if len(a.Run.Output) > 2200 || !strings.Contains(a.Run.Output, "bytes left out") {
				t.Errorf("%d bytes came, %.100q", len(a.Run.Output), a.Run.Output)
			}
		})
	}
	t.Run("much is no failure", func(t *testing.T) {
		r := ok(t, url, program("bash", "echo first; seq 100000; echo last", nil))
		if !strings.HasPrefix(r.Stdout, "first\n") || !strings.HasSuffix(r.Stdout, "last\n") || r.Truncated == nil {
			t.Errorf("%.60q…, %+v", r.Stdout, r.Truncated)
		}
	})
}
