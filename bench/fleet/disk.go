package fleet

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// Disk is a small disk that can be filled: one in memory, so that nothing of this machine is at risk.
type Disk struct{ Dir string }

func mountSmall(dir string, bytes int64) (*Disk, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	if err := unix.Mount("codecollab", dir, "tmpfs", 0, fmt.Sprintf("size=%d,mode=755", bytes)); err != nil {
		return nil, fmt.Errorf("mounting a tmpfs: %w (root may)", err)
	}
	return &Disk{dir}, nil
}

func (d *Disk) ballast() string { return filepath.Join(d.Dir, "ballast") }

// Fill leaves no byte free.
func (d *Disk) Fill() error {
	f, err := os.Create(d.ballast())
	if err != nil {
		return err
	}
	block := make([]byte, 1<<20)
	for size := len(block); size > 0; {
		if _, err := f.Write(block[:size]); err != nil {
			size /= 2
			if !errors.Is(err, syscall.ENOSPC) {
				return errors.Join(err, f.Close())
			}
		}
	}
	return f.Close()
}

// Free takes away what Fill has put there.
func (d *Disk) Free() error { return os.Remove(d.ballast()) }

// Close takes the disk away.
func (d *Disk) Close() error { return unix.Unmount(d.Dir, unix.MNT_DETACH) }
