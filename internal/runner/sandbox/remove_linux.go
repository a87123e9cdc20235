package sandbox

import (
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// removeFolder removes what programs, which are gone, have left, however deep and whether they have closed it or not. It lifts every folder
// that it finds to the top before it looks into it, so that it has two of them open at a time; os.RemoveAll has one for each level,
// and a program would choose how many that are.
func removeFolder(dir string) error {
	top, err := os.Open(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer top.Close()
	r := remover{top: top}
	for {
		names, err := namesIn(top)
		if err != nil {
			return err
		}
		if len(names) == 0 {
			return os.Remove(dir)
		}
		for _, name := range names {
			if err := r.remove(name); err != nil {
				return fmt.Errorf("remove %q of %s: %w", name, dir, err)
			}
		}
	}
}

type remover struct {
	top  *os.File
	next int // number of the next folder that is lifted
}

// remove removes an entry of the top; folders below it are then beside it.
func (r *remover) remove(name string) error {
	top := int(r.top.Fd())
	if unlink(top, name) {
		return nil
	}
	if err := unix.Fchmodat(top, name, 0o700, 0); err != nil { // a folder: a link would be gone by now
		return err
	}
	fd, err := unix.Openat(top, name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	folder := os.NewFile(uintptr(fd), name)
	defer folder.Close()
	names, err := namesIn(folder)
	if err != nil {
		return err
	}
	for _, child := range names {
		if unlink(fd, child) {
			continue
		}
		if err := r.lift(fd, child); err != nil {
			return err
		}
	}
	return unix.Unlinkat(top, name, unix.AT_REMOVEDIR)
}

func (r *remover) lift(from int, name string) error {
	if err := unix.Fchmodat(from, name, 0o700, 0); err != nil { // who moves a folder changes its ".."
		return err
	}
	for {
		r.next++
		err := unix.Renameat(from, name, int(r.top.Fd()), fmt.Sprintf("lifted-%d", r.next))
		if err != unix.ENOTEMPTY && err != unix.EEXIST && err != unix.ENOTDIR { // a program may have had the same idea of a name
			return err
		}
	}
}

// unlink removes whatever is no folder.
func unlink(dir int, name string) bool { return unix.Unlinkat(dir, name, 0) == nil }

func namesIn(dir *os.File) ([]string, error) {
	if _, err := dir.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return dir.Readdirnames(-1)
}
