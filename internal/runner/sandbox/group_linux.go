package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// ownTasks is what process 1 of a cell, a Go program, needs for its threads, on top of the program's tasks.
const ownTasks = 24

// ownMemory is what process 1 uses, on top of the program's memory, in bytes.
const ownMemory = 16 << 20

// group bounds one cell. Where v2 serves all controllers, all its folders are one.
type group struct {
	at        map[string]hierarchy
	ownMemory int64 // what is not the program's, but is in the group
	ownTasks  int
}

func (g *cgroups) newGroup(name string) (*group, error) {
	cell := &group{at: map[string]hierarchy{}, ownMemory: ownMemory, ownTasks: ownTasks}
	for _, c := range controllers {
		h := g.at[c]
		dir := filepath.Join(h.dir, name)
		if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, errors.Join(err, cell.remove())
		}
		cell.at[c] = hierarchy{dir: dir, v2: h.v2}
	}
	if m := cell.at["memory"]; m.v2 {
		if err := write(m.dir, "memory.oom.group", "1"); err != nil {
			return nil, errors.Join(err, cell.remove())
		}
	}
	return cell, nil
}

// dirs lists each folder once.
func (g *group) dirs() []string {
	var dirs []string
	for _, c := range controllers {
		if h, ok := g.at[c]; ok && !slices.Contains(dirs, h.dir) {
			dirs = append(dirs, h.dir)
		}
	}
	return dirs
}

// add moves a process in; costs up to milliseconds on v1, so it is done before the cell is needed.
func (g *group) add(pid int) error {
	for _, dir := range g.dirs() {
		if err := write(dir, "cgroup.procs", strconv.Itoa(pid)); err != nil {
			return fmt.Errorf("move process into %s: %w", dir, err)
		}
	}
	return nil
}

// holds tells whether the process is in every folder.
func (g *group) holds(pid int) error {
	for _, dir := range g.dirs() {
		if !slices.Contains(pidsIn(dir), pid) {
			return fmt.Errorf("the process is not in %s", dir)
		}
	}
	return nil
}

// processes are those in the group, by the supervisor's numbers.
func (g *group) processes() []int { return pidsIn(g.at["pids"].dir) }

// memory is the limit that has been set, in bytes.
func (g *group) memory() int64 {
	if m := g.at["memory"]; m.v2 {
		return number(m.dir, "memory.max")
	}
	return number(g.at["memory"].dir, "memory.limit_in_bytes")
}

// ociPath names the group in an OCI bundle. On v2 that is the path from the root of the hierarchy; on v1, where every controller may have us elsewhere, it is
// the path from our own folder.
func (g *group) ociPath() string {
	dir := g.at["memory"].dir
	if g.at["memory"].v2 {
		return "/" + relativeToMount(dir)
	}
	return filepath.Join(filepath.Base(filepath.Dir(dir)), filepath.Base(dir))
}

// kill ends all processes in the group, as far as they are there at this moment.
func (g *group) kill() {
	if p := g.at["pids"]; p.v2 && write(p.dir, "cgroup.kill", "1") == nil { // Linux 5.14
		return
	}
	for _, pid := range g.processes() {
		_ = unix.Kill(pid, unix.SIGKILL)
	}
}

// limit sets memory (bytes) and tasks and reads them back: a limit that was not taken is an error.
func (g *group) limit(memory int64, tasks int) error {
	m, p := g.at["memory"], g.at["pids"]
	memory = (memory + g.ownMemory) &^ int64(os.Getpagesize()-1)
	text := strconv.FormatInt(memory, 10)
	if m.v2 {
		if err := errors.Join(write(m.dir, "memory.max", text), optional(write(m.dir, "memory.swap.max", "0"))); err != nil {
			return err
		}
		if got := number(m.dir, "memory.max"); got != memory {
			return fmt.Errorf("memory.max is %d after writing %d", got, memory)
		}
	} else if err := limitV1(m.dir, text, memory); err != nil {
		return err
	}
	want := int64(tasks + g.ownTasks)
	if err := write(p.dir, "pids.max", strconv.FormatInt(want, 10)); err != nil {
		return err
	}
	if got := number(p.dir, "pids.max"); got != want {
		return fmt.Errorf("pids.max is %d after writing %d", got, want)
	}
	return nil
}

// limitV1 also bounds memory and swap together, where the kernel counts swap. The one may never exceed the other, so
// the order depends on whether the limit grows; both orders are tried.
func limitV1(dir, text string, memory int64) error {
	const plain, both = "memory.limit_in_bytes", "memory.memsw.limit_in_bytes"
	if write(dir, plain, text) != nil {
		if err := write(dir, both, text); err != nil {
			return err
		}
		if err := write(dir, plain, text); err != nil {
			return err
		}
	}
	if err := optional(write(dir, both, text)); err != nil {
		return err
	}
	if got := number(dir, plain); got != memory {
		return fmt.Errorf("%s is %d after writing %d", plain, got, memory)
	}
	return nil
}

// optional forgives a file that this kernel does not have.
func optional(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (g *group) usage() usage {
	var u usage
	if c := g.at["cpuacct"]; c.v2 {
		u.cpu = time.Duration(keyed(c.dir, "cpu.stat", "usage_usec")) * time.Microsecond
	} else {
		u.cpu = time.Duration(number(c.dir, "cpuacct.usage"))
	}
	if m := g.at["memory"]; m.v2 {
		u.oom = keyed(m.dir, "memory.events", "oom_kill")
		u.peakByte = number(m.dir, "memory.peak")
	} else {
		u.oom = keyed(m.dir, "memory.oom_control", "oom_kill")
		u.peakByte = number(m.dir, "memory.max_usage_in_bytes")
	}
	u.refused = keyed(g.at["pids"].dir, "pids.events", "max")
	return u
}

// resetPeak makes the next peak that of the next stage, where the kernel can.
func (g *group) resetPeak() {
	if m := g.at["memory"]; m.v2 {
		_ = write(m.dir, "memory.peak", "0")
	} else {
		_ = write(m.dir, "memory.max_usage_in_bytes", "0")
	}
}

func (g *group) remove() error {
	var errs []error
	for _, dir := range g.dirs() {
		errs = append(errs, removeDir(dir))
	}
	return errors.Join(errs...)
}

func number(dir, file string) int64 {
	text, _ := os.ReadFile(filepath.Join(dir, file))
	n, _ := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return n
}

func keyed(dir, file, key string) int64 {
	text, _ := os.ReadFile(filepath.Join(dir, file))
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) == 2 && f[0] == key {
			n, _ := strconv.ParseInt(f[1], 10, 64)
			return n
		}
	}
	return 0
}
