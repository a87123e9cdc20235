package sandbox

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// TestFindHierarchies reads hosts of each kind. The v2 folder must exist for its controllers to be read.
func TestFindHierarchies(t *testing.T) {
	v2 := t.TempDir()
	own := filepath.Join(v2, "system.slice/codecollab.service")
	if err := os.MkdirAll(own, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(own, "cgroup.controllers"), []byte("cpuset cpu io memory pids\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		mountinfo, self string
		want            map[string]hierarchy
	}{
		"v2": {
			"30 24 0:26 / " + v2 + " rw,nosuid shared:4 - cgroup2 cgroup2 rw\n",
			"0::/system.slice/codecollab.service\n",
			map[string]hierarchy{"memory": {own, true}, "pids": {own, true}, "cpu": {own, true}, "cpuacct": {own, true}},
		},
		"v2, in the leaf that an earlier sandbox has stepped into": {
			"30 24 0:26 / " + v2 + " rw,nosuid shared:4 - cgroup2 cgroup2 rw\n",
			"0::/system.slice/codecollab.service/codecollab-self\n",
			map[string]hierarchy{"memory": {own, true}, "pids": {own, true}, "cpu": {own, true}, "cpuacct": {own, true}},
		},
		"v1": {
			"31 24 0:27 / /cg/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n32 24 0:28 / /cg/memory rw - cgroup cgroup rw,memory\n33 24 0:29 / /cg/pids rw - cgroup cgroup rw,pids\n",
			"4:cpu,cpuacct:/a\n3:memory:/b\n2:pids:/\n",
			map[string]hierarchy{"memory": {"/cg/memory/b", false}, "pids": {"/cg/pids", false}, "cpu": {"/cg/cpu,cpuacct/a", false}, "cpuacct": {"/cg/cpu,cpuacct/a", false}},
		},
		"hybrid: memory on v1, the rest on v2": {
			"30 24 0:26 / " + v2 + " rw - cgroup2 cgroup2 rw\n32 24 0:28 / /cg/memory rw - cgroup cgroup rw,memory\n",
			"3:memory:/b\n0::/system.slice/codecollab.service\n",
			map[string]hierarchy{"memory": {"/cg/memory/b", false}, "pids": {own, true}, "cpu": {own, true}, "cpuacct": {own, true}},
		},
		"a container that sees only its own part": {
			"32 24 0:28 /docker/x /cg/memory rw - cgroup cgroup rw,memory\n", "3:memory:/docker/x/y\n",
			map[string]hierarchy{"memory": {"/cg/memory/y", false}},
		},
	} {
		got, err := findHierarchies(c.mountinfo, c.self)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %v", name, got)
		}
		for k, want := range c.want {
			if got[k] != want {
				t.Errorf("%s: %s is %v, want %v", name, k, got[k], want)
			}
		}
	}
}

// TestSweep removes what a dead supervisor left and nothing of a living one. Of one that cannot be seen, because it is in another
// pid namespace, only what is empty goes.
func TestSweep(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root: makes control groups")
	}
	g, err := newCgroups(supervisorName())
	if err != nil {
		t.Fatal(err)
	}
	defer g.close()
	parent := filepath.Dir(g.at["memory"].dir)
	dead := filepath.Join(parent, fmt.Sprintf("codecollab-1-99-%d", pidNamespace())) // process 1 did not start then
	unseen, gone := filepath.Join(parent, "codecollab-1-99-7"), filepath.Join(parent, "codecollab-1-98-7")
	living, busy := filepath.Join(g.at["memory"].dir, "cell-1"), filepath.Join(unseen, "cell-1")
	for _, dir := range []string{filepath.Join(dead, "cell-7"), living, busy, filepath.Join(gone, "cell-7")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	sleeper := exec.Command("sleep", "1h")
	if err := sleeper.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = sleeper.Process.Kill()
		_ = sleeper.Wait()
		if err := errors.Join(removeDir(busy), removeDir(unseen), removeDir(living)); err != nil {
			t.Error(err)
		}
	}()
	if err := write(busy, "cgroup.procs", strconv.Itoa(sleeper.Process.Pid)); err != nil {
		t.Fatal(err)
	}
	sweep(parent)
	for dir, stays := range map[string]bool{dead: false, gone: false, living: true, busy: true} {
		if _, err := os.Stat(dir); os.IsNotExist(err) == stays {
			t.Errorf("%s stays: %v, want %v", dir, !stays, stays)
		}
	}
	if err := sleeper.Process.Signal(syscall.Signal(0)); err != nil {
		t.Errorf("the process of the unseen one: %v", err)
	}
}
