package fleet

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Disk is a small disk that can be filled and, when it is a file system of its own (ext4 on a loop device), be slow.
type Disk struct {
	Dir     string
	CanSlow bool

	image string // "" for one in memory
}

// mountSmall makes such a disk, or one in memory where there are no loop devices.
func mountSmall(dir string, bytes int64) (*Disk, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	d := &Disk{Dir: dir, image: dir + ".img"}
	loop := d.mountLoop(bytes)
	if loop == nil {
		return d, nil
	}
	_ = os.Remove(d.image)
	d.image = ""
	if err := unix.Mount("codecollab", dir, "tmpfs", 0, fmt.Sprintf("size=%d,mode=755", bytes)); err != nil {
		return nil, fmt.Errorf("%w; mounting a tmpfs: %w (root may)", loop, err)
	}
	return d, nil
}

func (d *Disk) mountLoop(bytes int64) error {
	f, err := os.Create(d.image)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Truncate(bytes), f.Close()); err != nil {
		return err
	}
	for _, command := range [][]string{{"mkfs.ext4", "-q", "-m", "0", d.image}, {"mount", "-o", "loop", d.image, d.Dir}} {
		if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w: %s", command[0], err, out)
		}
	}
	d.CanSlow = true
	return nil
}

// What ioctl_fs.h calls FIFREEZE and FITHAW.
const (
	freeze = 0xc0045877
	thaw   = 0xc0045878
)

// Slow lets everybody who writes to the disk wait for wait at a time, with moments between in which it works. end makes it what it
// was; the disk is never left alone while it waits.
func (d *Disk) Slow(wait time.Duration) (end func() error, err error) {
	dir, err := os.Open(d.Dir)
	if err != nil {
		return nil, err
	}
	turn := func(request uint) error { return unix.IoctlSetInt(int(dir.Fd()), request, 0) }
	if err := errors.Join(turn(freeze), turn(thaw)); err != nil {
		return nil, errors.Join(fmt.Errorf("the disk cannot be stopped: %w", err), dir.Close())
	}
	var done sync.WaitGroup
	stop := make(chan struct{})
	done.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(wait / 5):
			}
			if turn(freeze) == nil {
				time.Sleep(wait)
				_ = turn(thaw)
			}
		}
	})
	return func() error { close(stop); done.Wait(); return dir.Close() }, nil
}

func (d *Disk) ballast() string { return filepath.Join(d.Dir, "ballast") }

// Fill leaves no byte free.
func (d *Disk) Fill() error {
	f, err := os.Create(d.ballast())
	if err != nil {
		return err
	}
	at, size := int64(0), int64(64<<20)
	for size >= 4096 {
		if err := unix.Fallocate(int(f.Fd()), 0, at, size); err == nil {
			at += size
		} else if errors.Is(err, syscall.ENOSPC) {
			size /= 2
		} else {
			return errors.Join(err, f.Close())
		}
	}
	return f.Close()
}

// Free takes away what Fill has put there.
func (d *Disk) Free() error { return os.Remove(d.ballast()) }

// Close takes the disk away.
func (d *Disk) Close() error {
	err := unix.Unmount(d.Dir, 0)
	if errors.Is(err, unix.EBUSY) {
		err = unix.Unmount(d.Dir, unix.MNT_DETACH)
	}
	if d.image != "" {
		err = errors.Join(err, os.Remove(d.image))
	}
	return err
}
