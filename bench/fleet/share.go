package fleet

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// group is a control group whose processes share a part of one CPU.
type group struct{ dir string }

// period is short, so that a process that has used up its part waits for moments only.
const period = 20 * time.Millisecond

// newGroup makes one (root, with the controller for CPU; version 1 or 2).
func newGroup(name string, share float64) (*group, error) {
	quota := strconv.FormatInt(int64(share*float64(period.Microseconds())), 10)
	length := strconv.FormatInt(period.Microseconds(), 10)
	name = fmt.Sprintf("codecollab-bench-%d-%s", os.Getpid(), name)
	old, now := filepath.Join("/sys/fs/cgroup/cpu", name), filepath.Join("/sys/fs/cgroup", name)
	files := map[string]string{filepath.Join(old, "cpu.cfs_period_us"): length, filepath.Join(old, "cpu.cfs_quota_us"): quota}
	dir := old
	if _, err := os.Stat(filepath.Dir(old)); err != nil {
		dir, files = now, map[string]string{filepath.Join(now, "cpu.max"): quota + " " + length}
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, fmt.Errorf("a share of a CPU needs control groups (root): %w", err)
	}
	for file, content := range files {
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			return nil, errors.Join(fmt.Errorf("a share of a CPU: %w", err), os.Remove(dir))
		}
	}
	return &group{dir}, nil
}

func (g *group) add(pid int) error {
	return os.WriteFile(filepath.Join(g.dir, "cgroup.procs"), []byte(strconv.Itoa(pid)), 0o644)
}

// remove takes it away; nothing may be left in it.
func (g *group) remove() error { return os.Remove(g.dir) }
