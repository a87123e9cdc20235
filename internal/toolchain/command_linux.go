package toolchain

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// command makes the process of t. With a root it is process 1 of a namespace: when it is killed, all that it started is gone, and
// so are its mounts, which nobody else has seen. Signals of the terminal do not reach it; the context does.
func (t task) command(ctx context.Context) (*exec.Cmd, error) {
	own := t.root != "" || t.alone
	argv := t.argv
	if t.root != "" {
		argv = append([]string{"chroot", t.root}, argv...)
	}
	if own {
		argv = append([]string{"/bin/sh", "-c", t.mounts() + `exec "$@"`, "sh"}, argv...)
	}
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = t.environ()
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if own {
		// Unshared rather than cloned: Go then cuts the new mounts off from the machine's.
		cmd.SysProcAttr.Unshareflags = syscall.CLONE_NEWNS
		cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWPID
		return cmd, nil
	}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // apt finishes the package that it is at
	return cmd, nil
}

// mounts is the part of a script that makes them.
func (t task) mounts() string {
	var b strings.Builder
	fmt.Fprintf(&b, "mount -t proc proc %s || exit 125\n", quote(filepath.Join("/", t.root, "proc")))
	for _, from := range slices.Sorted(maps.Keys(t.binds)) {
		fmt.Fprintf(&b, "mount --bind %s %s || exit 125\n", quote(from), quote(filepath.Join(t.root, t.binds[from])))
	}
	return b.String()
}

// quote makes one word of the shell.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// explain adds what an operator can do about a process that could not be started.
func explain(err error) error {
	if errors.Is(err, syscall.EPERM) {
		return fmt.Errorf("%w: environments need root and the right to make mounts (CAP_SYS_ADMIN); in a container without it, install into the "+
			"container itself: codecollab languages install --host", err)
	}
	return err
}

// lock keeps other processes from changing the store until the function that it returns is called.
func (s *Store) lock() (func(), error) {
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(s.dir, "installing.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder, _ := os.ReadFile(f.Name())
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("languages are being installed or removed in %s by process %s: wait until it has ended", s.dir, strings.TrimSpace(string(holder)))
		}
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	if err := f.Truncate(0); err == nil {
		_, _ = fmt.Fprintf(f, "%d\n", os.Getpid()) // only for the message above
	}
	return func() { f.Close() }, nil
}

// free is how many bytes the disk of the store has left.
func (s *Store) free() (int64, error) {
	dir := s.dir
	for {
		var st syscall.Statfs_t
		err := syscall.Statfs(dir, &st)
		if err == nil {
			return int64(st.Bavail) * st.Bsize, nil
		}
		if !errors.Is(err, syscall.ENOENT) || dir == filepath.Dir(dir) {
			return 0, err
		}
		dir = filepath.Dir(dir)
	}
}
