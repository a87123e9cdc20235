package wal

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// datasync returns when f's bytes are on the disk, and what is needed to find them: fdatasync(2).
func datasync(f *os.File) error {
	for {
		if err := unix.Fdatasync(int(f.Fd())); !errors.Is(err, unix.EINTR) {
			return os.NewSyscallError("fdatasync", err)
		}
	}
}
