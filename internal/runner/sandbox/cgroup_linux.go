package sandbox

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// controllers are needed, all of them: without one a program could take what it bounds.
var controllers = []string{"memory", "pids", "cpu", "cpuacct"}

// hierarchy is the folder of one controller below which this process may make groups.
type hierarchy struct {
	dir string
	v2  bool
}

// cgroups is where this supervisor's groups are: one folder a controller, named after the supervisor, and in it one
// a cell. On v1 and hybrid hosts the controllers differ in place and kind, so each is looked at by itself.
type cgroups struct {
	at map[string]hierarchy // controller → the supervisor's own folder
}

// findHierarchies reads where controllers are mounted and where in them this process is.
func findHierarchies(mountinfo, self string) (map[string]hierarchy, error) {
	own := ownPaths(self)
	found := map[string]hierarchy{}
	unified := ""
	scan := bufio.NewScanner(strings.NewReader(mountinfo))
	for scan.Scan() {
		left, right, ok := strings.Cut(scan.Text(), " - ")
		l, r := strings.Fields(left), strings.Fields(right)
		if !ok || len(l) < 5 || len(r) < 3 {
			continue
		}
		root, at := l[3], l[4]
		switch r[0] {
		case "cgroup2":
			unified = strings.TrimSuffix(filepath.Join(at, below(root, own[""])), "/"+leafName) // we may have stepped aside already
		case "cgroup":
			for name := range strings.SplitSeq(r[2], ",") {
				if slices.Contains(controllers, name) {
					found[name] = hierarchy{dir: filepath.Join(at, below(root, own[name]))}
				}
			}
		}
	}
	if unified == "" {
		return found, nil
	}
	have, err := os.ReadFile(filepath.Join(unified, "cgroup.controllers"))
	if err != nil {
		return found, nil // v2 is mounted but not ours to use
	}
	for name := range strings.FieldsSeq(string(have)) {
		if _, taken := found[name]; !taken && slices.Contains(controllers, name) {
			found[name] = hierarchy{dir: unified, v2: true}
		}
	}
	if h, ok := found["cpu"]; ok && h.v2 {
		found["cpuacct"] = h // v2 counts in cpu.stat, without a controller of its own
	}
	return found, nil
}

// ownPaths reads the text of /proc/self/cgroup: controller, or name=…, or "" for v2 → path.
func ownPaths(self string) map[string]string {
	own := map[string]string{}
	for line := range strings.Lines(self) {
		part := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(part) != 3 {
			continue
		}
		for name := range strings.SplitSeq(part[1], ",") {
			own[name] = part[2]
		}
	}
	return own
}

// below is path as seen from a mount that shows only root of the hierarchy.
func below(root, path string) string {
	if root == "/" {
		return path
	}
	rel, err := filepath.Rel(root, path)
	if err != nil || strings.HasPrefix(rel, "..") {
		return "/"
	}
	return rel
}

// ownHierarchies are those of this process.
func ownHierarchies() (map[string]hierarchy, error) {
	mountinfo, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	self, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return nil, err
	}
	return findHierarchies(string(mountinfo), string(self))
}

// newCgroups makes the supervisor's folders, and gives runs less of the CPU than everything else has.
func newCgroups(name string) (*cgroups, error) {
	found, err := ownHierarchies()
	if err != nil {
		return nil, err
	}
	for _, c := range controllers {
		if _, ok := found[c]; !ok {
			return nil, fmt.Errorf("no cgroup controller %q for this process", c)
		}
	}
	for _, c := range controllers {
		sweep(found[c].dir)
	}
	g := &cgroups{at: map[string]hierarchy{}}
	for _, c := range controllers {
		h := found[c]
		if h.v2 {
			if err := delegate(h.dir); err != nil {
				return nil, err
			}
		}
		dir := filepath.Join(h.dir, name)
		if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		g.at[c] = hierarchy{dir: dir, v2: h.v2}
		if h.v2 {
			if err := write(dir, "cgroup.subtree_control", "+memory +pids +cpu"); err != nil {
				return nil, err
			}
		}
	}
	return g, g.lowerWeight()
}

// All cells together get half of what one other group gets, or on v1 one other task of the parent group: little enough to
// leave a server's threads alone, and not so little that a busy host starves runs into their time limits (a tenth did).
func (g *cgroups) lowerWeight() error {
	if h := g.at["cpu"]; h.v2 {
		return write(h.dir, "cpu.weight", "50") // of 100
	}
	return write(g.at["cpu"].dir, "cpu.shares", "512") // of 1024
}

// leafName is the group that this program steps aside into.
const leafName = "codecollab-self"

// delegate lets children of a v2 group have controllers. The kernel wants a group with such children to hold no
// process itself, so this program steps aside into a leaf; it never moves what is not itself.
func delegate(dir string) error {
	const want = "+memory +pids +cpu"
	if write(dir, "cgroup.subtree_control", want) == nil {
		return nil
	}
	leaf := filepath.Join(dir, leafName)
	if err := os.Mkdir(leaf, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	exe, _ := os.Readlink("/proc/self/exe")
	for _, pid := range pidsIn(dir) {
		if other, _ := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid)); other == exe {
			if err := write(leaf, "cgroup.procs", strconv.Itoa(pid)); err != nil {
				return err
			}
		}
	}
	return write(dir, "cgroup.subtree_control", want)
}

// close removes the supervisor's own folders; they must be empty.
func (g *cgroups) close() error {
	var errs []error
	for _, c := range controllers {
		if g.at[c].v2 {
			errs = append(errs, removeDir(filepath.Join(g.at[c].dir, nurseryGroup)))
		}
		errs = append(errs, removeDir(g.at[c].dir))
	}
	return errors.Join(errs...)
}

// describe says which version serves each controller.
func (g *cgroups) describe() []string {
	var out []string
	for _, c := range controllers {
		v := "v1"
		if g.at[c].v2 {
			v = "v2"
		}
		out = append(out, c+": "+v)
	}
	return out
}

// sweep removes what supervisors that are gone left below dir, and touches no cell of a living one. Nobody knows from here whether a
// supervisor of another pid namespace lives, which is what two containers with the same control groups are to each other: of its
// groups only those go that nobody is in, and the kernel sees to that.
func sweep(dir string) {
	groups, _ := filepath.Glob(filepath.Join(dir, "codecollab-*-*"))
	for _, group := range groups {
		name := filepath.Base(group)
		if !deserted(name) {
			continue
		}
		remove := removeDir
		if foreign(name) {
			remove = os.Remove // not patient with what may be in use
		}
		cells, _ := filepath.Glob(filepath.Join(group, "cell-*"))
		for _, cell := range cells {
			if !foreign(name) {
				killAll(cell)
			}
			_ = remove(cell)
		}
		_ = remove(group)
	}
}

func killAll(group string) {
	for _, p := range pidsIn(group) {
		if proc, err := os.FindProcess(p); err == nil {
			_ = proc.Kill()
		}
	}
}

// supervisorName names the folders of this process by its number, when it started, lest the number has been given out again, and the
// namespace in which that is so.
func supervisorName() string {
	return fmt.Sprintf("codecollab-%d-%d-%d", os.Getpid(), startTime(os.Getpid()), pidNamespace())
}

// deserted tells whether a name is that of a supervisor which is gone, or which cannot be seen from here.
func deserted(name string) bool {
	pid, started, namespace, ok := readName(name)
	return ok && (namespace != pidNamespace() || startTime(pid) != started)
}

// foreign tells whether a name is that of a supervisor in another pid namespace.
func foreign(name string) bool {
	_, _, namespace, ok := readName(name)
	return ok && namespace != pidNamespace()
}

func readName(name string) (pid int, started, namespace uint64, ok bool) {
	n, _ := fmt.Sscanf(name, "codecollab-%d-%d-%d", &pid, &started, &namespace)
	return pid, started, namespace, n == 3
}

// pidNamespace is the kernel's number of the namespace that this process sees processes in.
func pidNamespace() (number uint64) {
	link, _ := os.Readlink("/proc/self/ns/pid")
	_, _ = fmt.Sscanf(link, "pid:[%d]", &number)
	return number
}

// startTime is when a process started, in clock ticks since boot; 0 if there is none.
func startTime(pid int) uint64 {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(stat[strings.LastIndexByte(string(stat), ')')+1:]), " ")
	fields := strings.Fields(rest) // from the state, which is field 3
	if len(fields) < 20 {
		return 0
	}
	t, _ := strconv.ParseUint(fields[19], 10, 64)
	return t
}

func pidsIn(dir string) []int {
	text, _ := os.ReadFile(filepath.Join(dir, "cgroup.procs"))
	var pids []int
	for f := range strings.FieldsSeq(string(text)) {
		if pid, err := strconv.Atoi(f); err == nil && pid > 1 { // 0 is a process of a namespace we cannot see into
			pids = append(pids, pid)
		}
	}
	return pids
}

// removeDir removes a group. The kernel lets go of it a moment after its last process has been reaped.
func removeDir(dir string) error {
	var err error
	for wait := time.Millisecond; wait < 500*time.Millisecond; wait *= 2 {
		if err = os.Remove(dir); err == nil || errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		time.Sleep(wait)
	}
	return err
}

func write(dir, file, value string) error {
	f, err := os.OpenFile(filepath.Join(dir, file), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.WriteString(value)
	return err
}
