package sandbox

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"unsafe"

	"golang.org/x/sys/unix"
)

// newRoot is where a cell puts its root together, over a folder every host has. Its own mount namespace hides it.
const newRoot = "/tmp"

// etc is written into the cell; the host's own users, names and hosts are none of a program's business.
var etc = map[string]string{
	"passwd":        "root:x:0:0::/:/usr/sbin/nologin\nrunner:x:1000:1000::/work:/bin/sh\nnobody:x:65534:65534::/:/usr/sbin/nologin\n",
	"group":         "root:x:0:\nrunner:x:1000:\nnogroup:x:65534:\n",
	"hosts":         "127.0.0.1 localhost\n::1 localhost\n",
	"hostname":      "cell\n",
	"nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\n",
}

// masked are hidden from programs; frozen are left readable. Runtimes look at /proc/sys and /proc/meminfo.
var (
	maskedFiles = []string{"kcore", "keys", "key-users", "kmsg", "latency_stats", "timer_list", "sched_debug", "sysrq-trigger",
		"kallsyms", "config.gz", "kpagecount", "kpageflags", "kpagecgroup", "vmallocinfo", "modules", "slabinfo", "partitions", "diskstats"}
	maskedDirs = []string{"acpi", "scsi", "asound", "driver", "dynamic_debug"}
	frozen     = []string{"sys", "irq", "bus", "fs", "tty"}
)

// buildRoot makes the file system of the cell and moves into it. It runs in process 1.
func buildRoot(b *blueprint) error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make mounts private: %w", err)
	}
	trees, err := b.trees() // before the new root hides what is below its place
	if err != nil {
		return err
	}
	if err := tmpfs(newRoot, 16<<20, 4096, 0o755); err != nil {
		return err
	}
	if err := os.Chdir(newRoot); err != nil {
		return err
	}
	attachTrees := func(b *blueprint) error { return attachTrees(b, trees) }
	steps := []func(*blueprint) error{layOut, attachTrees, makeDev, makeProc, pivot}
	for _, step := range steps {
		if err := step(b); err != nil {
			return err
		}
	}
	if err := unix.Sethostname([]byte("cell")); err != nil {
		return fmt.Errorf("set host name: %w", err)
	}
	if err := loopbackUp(); err != nil {
		return fmt.Errorf("bring the loopback up: %w", err)
	}
	return nil
}

func tmpfs(at string, bytes, inodes int64, mode os.FileMode) error {
	options := fmt.Sprintf("size=%d,nr_inodes=%d,mode=%o", bytes, inodes, mode)
	if err := unix.Mount("tmpfs", at, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, options); err != nil {
		return fmt.Errorf("mount memory at %s: %w", at, err)
	}
	return nil
}

func layOut(b *blueprint) error {
	for _, dir := range []string{"etc", "proc", "dev", "work", "tmp", "run", "var", "home", ".lower", ".upper"} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	for path, target := range b.Links {
		if err := os.MkdirAll(filepath.Dir("."+path), 0o755); err != nil {
			return err
		}
		if err := os.Symlink(target, "."+path); err != nil {
			return err
		}
	}
	for name, text := range etc {
		if err := os.WriteFile("etc/"+name, []byte(text), 0o644); err != nil {
			return err
		}
	}
	if err := errors.Join(os.Symlink("/work", "home/runner"), os.Symlink("/tmp", "var/tmp")); err != nil {
		return err
	}
	if err := tmpfs("work", b.Disk, b.Inodes, 0o700); err != nil {
		return err
	}
	if err := os.Chown("work", programID, programID); err != nil {
		return err
	}
	if err := tmpfs("tmp", b.Disk, b.Inodes, 0o777|01000); err != nil {
		return err
	}
	return tmpfs(".upper", b.Disk, b.Inodes, 0o700)
}

// trees are the descriptors of the mounts.
func (b *blueprint) trees() ([]*os.File, error) {
	if b.Plain {
		return b.open()
	}
	var files []*os.File
	for i, m := range b.Mounts {
		files = append(files, os.NewFile(uintptr(treesFD+i), m.From))
	}
	return files, nil
}

func attachTrees(b *blueprint, trees []*os.File) error {
	for i, m := range b.Mounts {
		to := "." + m.To
		if m.Overlay {
			to = fmt.Sprintf(".lower/%d", i)
		}
		if err := attach(trees[i], to, m.Dir); err != nil {
			return fmt.Errorf("bind %s: %w", m.To, err)
		}
		if m.Overlay {
			if err := overlay(i, m.To); err != nil {
				return fmt.Errorf("overlay %s: %w", m.To, err)
			}
		}
	}
	return nil
}

func attach(tree *os.File, to string, dir bool) error {
	if err := mountPlace(to, dir); err != nil {
		return err
	}
	err := unix.MoveMount(int(tree.Fd()), "", unix.AT_FDCWD, to, unix.MOVE_MOUNT_F_EMPTY_PATH)
	return errors.Join(err, tree.Close())
}

func mountPlace(at string, dir bool) error {
	if dir {
		return os.MkdirAll(at, 0o755)
	}
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(at, os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	return f.Close()
}

func overlay(i int, to string) error {
	upper, work := fmt.Sprintf(".upper/u%d", i), fmt.Sprintf(".upper/w%d", i)
	for _, dir := range []string{upper, work, "." + to} {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return err
		}
		if err := os.Chmod(dir, 0o777); err != nil {
			return err
		}
	}
	options := fmt.Sprintf("lowerdir=%s/.lower/%d,upperdir=%s/%s,workdir=%s/%s,userxattr", newRoot, i, newRoot, upper, newRoot, work)
	return unix.Mount("overlay", "."+to, "overlay", unix.MS_NOSUID|unix.MS_NODEV, options)
}

func makeDev(b *blueprint) error {
	for _, dir := range []string{"dev/pts", "dev/shm"} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	if err := tmpfs("dev/shm", b.Disk, b.Inodes, 0o777|01000); err != nil {
		return err
	}
	if err := unix.Mount("devpts", "dev/pts", "devpts", unix.MS_NOSUID|unix.MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620"); err != nil {
		return fmt.Errorf("mount devpts: %w", err)
	}
	for name, target := range map[string]string{"ptmx": "pts/ptmx", "fd": "/proc/self/fd", "stdin": "/proc/self/fd/0",
		"stdout": "/proc/self/fd/1", "stderr": "/proc/self/fd/2"} {
		if err := os.Symlink(target, "dev/"+name); err != nil {
			return err
		}
	}
	return nil
}

func makeProc(*blueprint) error {
	const flags = unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC
	if err := unix.Mount("proc", "proc", "proc", flags, "hidepid=invisible"); err != nil {
		return fmt.Errorf("mount /proc (in a container this needs systempaths=unconfined): %w", err)
	}
	for _, name := range maskedFiles {
		if err := unix.Mount("dev/null", "proc/"+name, "", unix.MS_BIND, ""); err != nil && err != unix.ENOENT {
			return fmt.Errorf("hide /proc/%s: %w", name, err)
		}
	}
	for _, name := range maskedDirs {
		err := unix.Mount("tmpfs", "proc/"+name, "tmpfs", flags|unix.MS_RDONLY, "size=0,nr_inodes=2,mode=555")
		if err != nil && err != unix.ENOENT {
			return fmt.Errorf("hide /proc/%s: %w", name, err)
		}
	}
	for _, name := range frozen {
		if err := freeze("proc/" + name); err != nil && err != unix.ENOENT {
			return fmt.Errorf("make /proc/%s read-only: %w", name, err)
		}
	}
	return nil
}

// freeze makes a folder of an existing mount read-only.
func freeze(path string) error {
	if err := unix.Mount(path, path, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return err
	}
	attr := unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY}
	return unix.MountSetattr(unix.AT_FDCWD, path, unix.AT_RECURSIVE, &attr)
}

// pivot makes the new root the root, lets the host's go and freezes the root itself, not what is mounted on it.
func pivot(*blueprint) error {
	if err := unix.PivotRoot(".", "."); err != nil {
		return fmt.Errorf("pivot_root: %w", err)
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil {
		return fmt.Errorf("let go of the host's root: %w", err)
	}
	if err := os.Chdir("/"); err != nil {
		return err
	}
	for _, dir := range []string{".lower", ".upper"} {
		if err := os.Chmod(dir, 0o700); err != nil {
			return err
		}
	}
	attr := unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY}
	if err := unix.MountSetattr(unix.AT_FDCWD, "/", 0, &attr); err != nil {
		return fmt.Errorf("make the root read-only: %w", err)
	}
	return nil
}

func loopbackUp() error {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(s)
	var ifreq struct {
		name  [unix.IFNAMSIZ]byte
		flags uint16
		_     [22]byte
	}
	copy(ifreq.name[:], "lo")
	ifreq.flags = unix.IFF_UP | unix.IFF_RUNNING
	_, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(s), unix.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&ifreq)))
	if e != 0 {
		return e
	}
	return nil
}
