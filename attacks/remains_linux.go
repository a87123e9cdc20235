package attacks

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// remains is what an engine on this host consists of: things and how many of each. Ready cells are among them; what a
// job has left behind makes more of something than there was before.
type remains map[string]int

// adopt makes orphans among the descendants of this process its own children, so that what has cut its ties is found.
func adopt() error { return unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }

func owner(info fs.FileInfo) uint32 {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return s.Uid
	}
	return 0
}

// host is where the remains of an engine are looked for.
type host struct {
	engine  int      // process id
	folders []string // of the engine's alone
	ours    int      // the bait's process
}

// look counts what is there now.
func (h *host) look() remains {
	r := remains{}
	h.processes(r)
	h.mounts(r)
	h.groups(r)
	if fds, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", h.engine)); err == nil {
		r["open file of the engine"] = len(fds)
	}
	for _, dir := range h.folders {
		_ = filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err == nil {
				r["file "+path]++
			}
			return nil
		})
	}
	for _, dir := range []string{"/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run", "/work"} {
		marks, _ := filepath.Glob(dir + "/*attack-mark*")
		for _, path := range marks {
			r["file "+path]++
		}
	}
	for _, kind := range []string{"shm", "sem", "msg"} {
		r.lines("/proc/sysvipc/"+kind, func(line string) string {
			if f := strings.Fields(line); len(f) > 0 && f[0] == strconv.Itoa(0x0a77ac4) {
				return "System V " + kind
			}
			return ""
		})
	}
	return r
}

// processes counts the descendants of this process, but the engine and the bait, by what they are.
func (h *host) processes(r remains) {
	all, _ := filepath.Glob("/proc/[0-9]*/stat")
	parent, comm, dead := map[int]int{}, map[int]string{}, map[int]bool{}
	for _, path := range all {
		text, err := os.ReadFile(path)
		open, shut := strings.IndexByte(string(text), '('), strings.LastIndexByte(string(text), ')')
		if err != nil || open < 0 || shut < open {
			continue
		}
		pid, _ := strconv.Atoi(strings.TrimSpace(string(text[:open])))
		rest := strings.Fields(string(text[shut+1:]))
		parent[pid], _ = strconv.Atoi(rest[1])
		comm[pid], dead[pid] = string(text[open+1:shut]), rest[0] == "Z"
	}
	for pid, name := range comm {
		if pid == h.engine || pid == h.ours || !descends(pid, os.Getpid(), parent) {
			continue
		}
		if dead[pid] && parent[pid] == os.Getpid() { // adopted, and ended since
			_, _ = syscall.Wait4(pid, nil, syscall.WNOHANG, nil)
			continue
		}
		r["process "+name]++
	}
}

func descends(pid, from int, parent map[int]int) bool {
	for pid = parent[pid]; pid > 1; pid = parent[pid] {
		if pid == from {
			return true
		}
	}
	return false
}

var aCell = regexp.MustCompile(`/cell-\d+`)

func (h *host) mounts(r remains) {
	r.lines(fmt.Sprintf("/proc/%d/mountinfo", h.engine), func(line string) string {
		if f := strings.Fields(line); len(f) > 4 {
			return "mount at " + aCell.ReplaceAllString(f[4], "/cell-N") // where ready cells have mounts, others come and go
		}
		return ""
	})
}

// groups counts the engine's control groups: their names hold its process id.
func (h *host) groups(r remains) {
	own := fmt.Sprintf("codecollab-%d", h.engine)
	_ = filepath.WalkDir("/sys/fs/cgroup", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && strings.Contains(path, own) {
			r["control group"]++
		}
		return nil
	})
}

func (r remains) lines(path string, name func(line string) string) {
	text, _ := os.ReadFile(path)
	for line := range strings.Lines(string(text)) {
		if n := name(line); n != "" {
			r[n]++
		}
	}
}

// beyond says what there is more of than before; empty when nothing.
func (r remains) beyond(before remains) string {
	var more []string
	for _, name := range slices.Sorted(maps.Keys(r)) {
		if n := r[name] - before[name]; n > 0 {
			more = append(more, fmt.Sprintf("%d more %s", n, name))
		}
	}
	if len(more) > 5 {
		more = append(more[:5], fmt.Sprintf("and %d other things", len(more)-5))
	}
	return strings.Join(more, ", ")
}

// calm waits until the engine is at rest: nothing has changed for a while, and nothing but it and its cells runs.
func (h *host) calm(ctx context.Context) (remains, error) {
	last, since := h.look(), time.Now()
	for time.Since(since) < 1500*time.Millisecond {
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("the engine does not come to rest: %w", ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
		if now := h.look(); !maps.Equal(now, last) {
			last, since = now, time.Now()
		}
	}
	return last, nil
}

// settle waits until there is nothing more than before, and says what is still there when that takes too long.
func (h *host) settle(ctx context.Context, before remains, patience time.Duration) string {
	deadline := time.Now().Add(patience)
	for {
		more := h.look().beyond(before)
		if more == "" || time.Now().After(deadline) || ctx.Err() != nil {
			return more
		}
		time.Sleep(20 * time.Millisecond) // a condition is being polled
	}
}
