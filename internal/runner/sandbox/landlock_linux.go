package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

const landlockName = "landlock + seccomp + rlimits"

// wardenName is argv[0] of a cell's first process in the landlock tier.
const wardenName = "codecollab-warden"

// The least versions of Landlock's interface: truncation is covered from 3 on, signals from 6 on. Where programs have a user of their own,
// that keeps their signals in.
const (
	landlockOwnUser  = 3
	landlockSameUser = 6
)

// landlock is the weaker tier: programs stay in the host's namespaces, where Landlock and a stricter filter keep them away from everything,
// and the supervisor looks at what they use, for there are no control groups that bound it. It needs no privilege.
type landlock struct {
	dir string // of this supervisor's cells
	abi int
	own bool // programs have a user of their own, one for each cell
}

func newLandlock(c Config) (tier, error) {
	t := &landlock{abi: landlockABI(), own: os.Geteuid() == 0}
	least := landlockSameUser
	if t.own {
		least = landlockOwnUser
	}
	if t.abi < least {
		return nil, refused(landlockName, fmt.Errorf("the kernel's Landlock has version %d, and %d is needed", t.abi, least))
	}
	sweepFolders(c.Dir)
	t.dir = filepath.Join(c.Dir, supervisorName())
	// Everybody may pass, nobody may look around: a cell's folder itself belongs to its program.
	for _, dir := range []string{c.Dir, t.dir} {
		if err := os.MkdirAll(dir, 0o711); err != nil {
			return nil, refused(landlockName, err)
		}
	}
	return t, nil
}

func (t *landlock) report() Report {
	notes := []string{
		"weaker than namespaces: programs share the host's namespaces, and Landlock and a system call filter keep them away from its files, processes and networks",
		fmt.Sprintf("memory, processes, CPU time and disk are looked at every %v rather than bounded by the kernel, so that a program exceeds its limits for a moment", watchEvery),
		"programs have no sockets, no /dev/shm, little of /proc, and /tmp only as TMPDIR",
		"only languages of the host itself can be run, none of other environments",
	}
	if !t.own {
		notes = append(notes, "programs run as the runner's own user; run it as root to give each cell a user of its own")
	}
	return Report{Tier: landlockName, OneRoot: true, Notes: notes}
}

func (t *landlock) close() error { return os.Remove(t.dir) }

// sweepFolders removes what supervisors that are gone have left.
func sweepFolders(dir string) {
	left, _ := filepath.Glob(filepath.Join(dir, "codecollab-*-*"))
	for _, path := range left {
		if deserted(filepath.Base(path)) {
			_ = removeFolder(path)
		}
	}
}

// userOf is the host's number of a cell's user. No host gives out users this high, and none of two cells at a time have the same.
func userOf(number int64) int { return firstHostID + 100_000 + int(number%1_000_000) }

func (t *landlock) launch(number int64, spec Spec, _ int64) (*launched, error) {
	l := &launched{owner: -1}
	if t.own {
		l.owner = userOf(number)
	}
	dir := filepath.Join(t.dir, fmt.Sprintf("cell-%d", number))
	var err error
	if l.plan, err = t.plan(spec, dir, l.owner); err != nil {
		return nil, err
	}
	if err := makeFolder(dir, l.owner); err != nil {
		return nil, errors.Join(err, removeFolder(dir))
	}
	if err := t.start(l); err != nil {
		return nil, errors.Join(err, removeFolder(dir))
	}
	l.bounds = newWatched(l.first.pid, l.owner, dir, spec)
	return l, nil
}

func makeFolder(dir string, owner int) error {
	for _, path := range []string{dir, filepath.Join(dir, "work"), filepath.Join(dir, "tmp")} {
		if err := os.Mkdir(path, 0o700); err != nil {
			return err
		}
		if owner < 0 {
			continue
		}
		if err := os.Chown(path, owner, owner); err != nil {
			return err
		}
	}
	return nil
}

func (t *landlock) start(l *launched) error {
	conn, theirs, err := socketPair()
	if err != nil {
		return err
	}
	defer theirs.Close()
	cmd := &exec.Cmd{Path: "/proc/self/exe", Args: []string{wardenName}, Env: cellEnv, ExtraFiles: []*os.File{theirs},
		SysProcAttr: &syscall.SysProcAttr{Setsid: true}}
	if err := cmd.Start(); err != nil {
		return errors.Join(err, conn.Close())
	}
	l.conn = conn
	l.first = process{
		pid:  cmd.Process.Pid,
		kill: func() { killBelow(cmd.Process.Pid); _ = cmd.Process.Kill() },
		wait: func() { _ = cmd.Wait() },
	}
	return nil
}

// plan says what a cell's programs may reach, and under which other names they know it.
func (t *landlock) plan(spec Spec, dir string, owner int) (*blueprint, error) {
	if ownRoot(spec.Root) != "" {
		return nil, ErrOneRoot
	}
	f := &folder{Dir: dir, Owner: owner, ABI: t.abi, Names: map[string]string{"/work": dir + "/work", "/tmp": dir + "/tmp"}}
	for _, path := range append(append([]string{}, baseTrees...), hostFiles...) {
		f.allow(path, readOnly)
	}
	for _, tree := range spec.Trees {
		if f.allow(tree.From, readOnly) && tree.To != "" && tree.To != tree.From {
			f.Names[tree.To] = tree.From
		}
	}
	for _, path := range devices {
		f.allow(path, device)
	}
	if !f.allow(dir, readWrite) {
		f.Rules = append(f.Rules, pathRule{Path: dir, Kind: readWrite}) // it is made in a moment
	}
	return &blueprint{Disk: spec.Disk, Inodes: spec.Inodes, Files: spec.Files, Folder: f}, nil
}

// hostFiles are what runtimes read of the host beside their own trees. None of it tells more than that there is a host.
var hostFiles = []string{
	"/etc/passwd", "/etc/group", "/etc/hosts", "/etc/nsswitch.conf", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/version",
	"/proc/filesystems", "/proc/loadavg", "/proc/uptime", "/proc/sys/kernel/osrelease", "/proc/sys/kernel/pid_max", "/proc/sys/kernel/threads-max",
	"/proc/sys/kernel/cap_last_cap", "/proc/sys/kernel/ngroups_max", "/proc/sys/kernel/random/uuid", "/proc/sys/kernel/random/boot_id",
	"/proc/sys/vm/overcommit_memory", "/proc/sys/vm/max_map_count", "/proc/sys/fs/pipe-max-size", "/sys/kernel/mm/transparent_hugepage",
	"/sys/devices/system/cpu", "/sys/devices/system/node",
}

// folder is a cell that is no more than a folder of the host.
type folder struct {
	Dir   string            `json:"dir"`
	Owner int               `json:"owner"` // negative: the supervisor's own
	ABI   int               `json:"abi"`   // of Landlock
	Rules []pathRule        `json:"rules"`
	Names map[string]string `json:"names"` // path as in cells of namespaces → path of the host
}

type pathRule struct {
	Path string `json:"path"`
	Kind access `json:"kind"`
}

type access int

const (
	readOnly access = iota
	readWrite
	device
)

// allow adds a rule for a path that is there.
func (f *folder) allow(path string, kind access) bool {
	if _, err := os.Stat(path); err != nil {
		return false
	}
	f.Rules = append(f.Rules, pathRule{path, kind})
	return true
}

// landlockABI is the version of the kernel's Landlock; 0 where there is none.
func landlockABI() int {
	v, _, e := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if e != 0 {
		return 0
	}
	return int(v)
}

// rights are the kinds of access to files that a version of Landlock knows.
func rights(abi int) uint64 {
	all := uint64(1)<<13 - 1
	for _, later := range []struct {
		abi int
		bit uint64
	}{{2, unix.LANDLOCK_ACCESS_FS_REFER}, {3, unix.LANDLOCK_ACCESS_FS_TRUNCATE}, {5, unix.LANDLOCK_ACCESS_FS_IOCTL_DEV}} {
		if abi >= later.abi {
			all |= later.bit
		}
	}
	return all
}

func (a access) rights(mode fs.FileMode) uint64 {
	const (
		read  = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE
		nodes = unix.LANDLOCK_ACCESS_FS_MAKE_CHAR | unix.LANDLOCK_ACCESS_FS_MAKE_BLOCK
	)
	switch {
	case a == device:
		return unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE | unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
	case a == readWrite:
		return ^uint64(nodes | unix.LANDLOCK_ACCESS_FS_IOCTL_DEV)
	case mode.IsDir():
		return read | unix.LANDLOCK_ACCESS_FS_READ_DIR
	}
	return read
}
