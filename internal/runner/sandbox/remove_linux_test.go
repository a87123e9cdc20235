package sandbox

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// dig makes folders in folders, so many that no path leads to the last, in which there is a file; each is closed to its owner.
func dig(t *testing.T, dir string, depth int) {
	t.Helper()
	at, err := unix.Open(dir, unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	for range depth {
		err := unix.Mkdirat(at, "lifted-1", 0o700) // the remover's own kind of name
		next, err2 := unix.Openat(at, "lifted-1", unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
		if err = errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		_ = unix.Fchmod(at, 0)
		_ = unix.Close(at)
		at = next
	}
	file, err := unix.Openat(at, "file", unix.O_CREAT|unix.O_CLOEXEC, 0)
	if err = errors.Join(err, unix.Symlinkat("/", at, "link"), unix.Mkfifoat(at, "fifo", 0)); err != nil {
		t.Fatal(err)
	}
	_ = unix.Close(file)
	_ = unix.Close(at)
}

func TestRemoveFolderOpensFew(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cell")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	dig(t, dir, 5000)
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &before); err != nil {
		t.Fatal(err)
	}
	few := syscall.Rlimit{Cur: 64, Max: before.Max}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &few); err != nil {
		t.Fatal(err)
	}
	err := removeFolder(dir)
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &before); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is there still: %v", err)
	}
	if err := removeFolder(dir); err != nil {
		t.Errorf("what is gone already: %v", err)
	}
}
