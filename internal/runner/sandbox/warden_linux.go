package sandbox

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// most processes and threads of a cell in the landlock tier, whatever its stage may have: the kernel's own limit, above which even a
// program between two looks does not get.
const mostTasks = 1024

// furnish makes a folder of the host the cell: it takes the place of building a root.
func (c *cell) furnish(f *folder) error {
	// What programs leave behind becomes ours, so that it can be found and ended.
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("become a subreaper: %w", err)
	}
	if err := unix.Setpriority(unix.PRIO_PROCESS, 0, 10); err != nil {
		return fmt.Errorf("lower the priority: %w", err)
	}
	if err := syscall.Setrlimit(unix.RLIMIT_NPROC, &syscall.Rlimit{Cur: mostTasks, Max: mostTasks}); f.Owner >= 0 && err != nil {
		return fmt.Errorf("limit processes: %w", err)
	}
	rules, err := ruleset(f)
	if err != nil {
		return err
	}
	strict := filter(strictCalls()...)
	c.giveUp = func() error { return giveUpHere(f, rules, strict) }
	c.place, c.owner, c.multiplexer = f.Dir+"/work", f.Owner, "/dev/ptmx"
	c.sweep = func() { killBelow(os.Getpid()) }
	c.rename = newRenamer(f.Names)
	c.full = func() Verdict { return "" } // the supervisor looks
	return nil
}

// ruleset makes the Landlock rules of a folder; see landlock(7).
func ruleset(f *folder) (int, error) {
	all := rights(f.ABI)
	attr := unix.LandlockRulesetAttr{Handled_access_fs: all}
	if f.ABI >= 4 {
		attr.Handled_access_net = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
	}
	if f.ABI >= 6 {
		attr.Scoped = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
	}
	const size = 3 * 8 // the fields that we know; a kernel that knows fewer wants the rest to be zero
	set, _, e := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), size, 0)
	if e != 0 {
		return 0, fmt.Errorf("make Landlock rules: %w", e)
	}
	for _, r := range f.Rules {
		if err := addRule(int(set), r, all); err != nil {
			return 0, fmt.Errorf("allow %s: %w", r.Path, err)
		}
	}
	return int(set), nil
}

func addRule(set int, r pathRule, all uint64) error {
	st, err := os.Stat(r.Path)
	if err != nil {
		return err
	}
	fd, err := unix.Open(r.Path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	attr := unix.LandlockPathBeneathAttr{Allowed_access: r.Kind.rights(st.Mode()) & all, Parent_fd: int32(fd)}
	_, _, e := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(set), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&attr)), 0, 0, 0)
	if e != 0 {
		return e
	}
	return nil
}

// giveUpHere takes everything from the calling thread that a program without namespaces must not have, and checks that it is gone.
func giveUpHere(f *folder, rules int, calls []unix.SockFilter) error {
	if f.Owner >= 0 {
		if err := errors.Join(dropGroups(), changeUser(uintptr(f.Owner))); err != nil {
			return err
		}
	}
	if err := dropCapabilities(); err != nil {
		return err
	}
	if _, _, e := unix.RawSyscall(unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(rules), 0, 0); e != 0 {
		return fmt.Errorf("take on the Landlock rules: %w", e)
	}
	if err := loadFilter(calls); err != nil {
		return fmt.Errorf("load the system call filter: %w", err)
	}
	if err := noCapabilities(); err != nil {
		return err
	}
	if fd, err := unix.Open(filepath.Dir(f.Dir), unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0); err == nil {
		return errors.Join(errors.New("the Landlock rules do not hold"), unix.Close(fd))
	}
	if fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0); err == nil {
		return errors.Join(errors.New("the system call filter does not hold"), unix.Close(fd))
	}
	return nil
}

// newRenamer puts the host's names in the place of those that cells of namespaces have, wherever a word names one.
func newRenamer(names map[string]string) func(string) string {
	return func(word string) string {
		var out strings.Builder
		for i := 0; i < len(word); {
			if i == 0 || strings.IndexByte("=:, ", word[i-1]) >= 0 {
				if from, to := longest(names, word[i:]); from != "" {
					out.WriteString(to)
					i += len(from)
					continue
				}
			}
			out.WriteByte(word[i])
			i++
		}
		return out.String()
	}
}

// longest is the longest name that s begins with, as a whole path or a folder of one.
func longest(names map[string]string, s string) (from, to string) {
	for f, t := range names {
		rest, ok := strings.CutPrefix(s, f)
		if ok && len(f) > len(from) && (rest == "" || strings.IndexByte("/:, ", rest[0]) >= 0) {
			from, to = f, t
		}
	}
	return from, to
}
