package runner_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/runner"
)

// words says how a stage ended.
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
