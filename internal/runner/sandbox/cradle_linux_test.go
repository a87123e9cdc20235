package sandbox

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// unifiedMount is where v2 is mounted, with or without controllers.
func unifiedMount(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		left, right, _ := strings.Cut(line, " - ")
		if f := strings.Fields(left); strings.HasPrefix(right, "cgroup2 ") && strings.Contains(f[5], "rw") {
			return f[4]
		}
	}
	t.Skip("no v2 is mounted")
	return ""
}

// TestBornInAGroup needs no controller, so it runs on hybrid hosts, too.
func TestBornInAGroup(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root: makes control groups")
	}
	dir, err := os.MkdirTemp(unifiedMount(t), "cradle-test-")
	if err != nil {
		t.Fatal(err)
	}
	cell := filepath.Join(dir, "cell-1")
	if err := os.Mkdir(cell, 0o755); err != nil {
		t.Fatal(err)
	}
	n, err := startNursery(false)
	if err != nil {
		t.Fatal(err)
	}
	conn, theirs, err := socketPair()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	defer theirs.Close()
	g := &group{at: map[string]hierarchy{}}
	for _, c := range controllers {
		g.at[c] = hierarchy{dir: cell, v2: true}
	}
	t.Cleanup(func() {
		n.close()
		for _, d := range []string{cell, filepath.Join(dir, nurseryGroup), dir} {
			if err := removeDir(d); err != nil {
				t.Error(err)
			}
		}
	})
	tier := &namespaces{nursery: n, cgroups: &cgroups{at: map[string]hierarchy{}}}
	if _, err := tier.born(g, []*os.File{theirs}); err == nil {
		t.Fatal("a cell is born into a group that the nursery may not reach")
	}
	if err := cradleIn(dir, n.cmd.Process.Pid, tier.nurseID()); err != nil {
		t.Fatal(err)
	}
	p, err := tier.born(g, []*os.File{theirs})
	if err != nil {
		t.Fatal(err)
	}
	in := slices.Contains(pidsIn(cell), p.pid)
	p.kill()
	p.wait()
	if !in {
		t.Error("the cell is not in its group")
	}
	if st, err := os.Stat(filepath.Join(cell, "cgroup.procs")); err != nil || ownerOf(st) != os.Geteuid() {
		t.Errorf("the group still belongs to the nursery (%v)", err)
	}
}

func ownerOf(st os.FileInfo) int { return int(st.Sys().(*syscall.Stat_t).Uid) }
