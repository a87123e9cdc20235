package sandbox

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// baseTrees are in every cell. A link in the root (/bin → usr/bin) stays a link in the cell.
var baseTrees = []string{
	"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32",
	"/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime", "/etc/services",
	"/etc/protocols", "/etc/mime.types", "/etc/fonts", "/etc/ssl/openssl.cnf",
}

var devices = []string{"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"}

// plan turns a spec into a blueprint.
func plan(s Spec) (*blueprint, error) {
	b := &blueprint{Links: map[string]string{}, Disk: s.Disk, Inodes: s.Inodes, Files: s.Files}
	var trees []Tree
	for _, path := range baseTrees {
		trees = append(trees, Tree{From: path, To: path, Inside: true})
	}
	for _, t := range s.Trees {
		if t.To == "" {
			t.To = t.From
		}
		trees = append(trees, t)
	}
	own := ownRoot(s.Root)
	if own != "" {
		trees = b.planWhole(own, trees)
	}
	for _, t := range trees {
		root := ""
		if t.Inside {
			root = own
		}
		if err := b.plan(root, t); err != nil {
			return nil, err
		}
	}
	for _, path := range devices {
		b.Mounts = append(b.Mounts, mountPoint{From: path, To: path, Device: true})
	}
	return b, nil
}

// open opens the trees of the mounts, detached and read-only, in their order. A supervisor that is root does it, because it can reach folders
// that the cell's user cannot; one that is not has no right to, and leaves it to the cell.
func (b *blueprint) open() ([]*os.File, error) {
	var files []*os.File
	for _, m := range b.Mounts {
		attributes := uint64(unix.MOUNT_ATTR_RDONLY | unix.MOUNT_ATTR_NOSUID | unix.MOUNT_ATTR_NODEV)
		if m.Device {
			attributes = unix.MOUNT_ATTR_NOSUID | unix.MOUNT_ATTR_NOEXEC
		}
		f, err := openTree(m.Root, m.From, attributes)
		if err != nil {
			return nil, errors.Join(err, closeAll(files))
		}
		files = append(files, f)
	}
	return files, nil
}

func (b *blueprint) plan(root string, t Tree) error {
	if !filepath.IsAbs(t.To) || strings.Contains(t.To, "..") {
		return fmt.Errorf("tree %s: the place in the cell must be an absolute path, not %q", t.From, t.To)
	}
	if target, err := readLink(root, t.From); err == nil && insideUsr(t.From, target) {
		b.Links[t.To] = target
		return nil
	}
	mode, err := modeOf(root, t.From)
	if err != nil {
		return nil // this root has none
	}
	dir := mode&unix.S_IFMT == unix.S_IFDIR
	b.Mounts = append(b.Mounts, mountPoint{From: t.From, Root: root, To: t.To, Dir: dir, Overlay: t.Overlay && dir})
	return nil
}

func insideUsr(from, target string) bool {
	if !filepath.IsAbs(target) {
		target = filepath.Join(filepath.Dir(from), target)
	}
	return strings.HasPrefix(target, "/usr/")
}

// openTree gives a private copy of the mounts at path, with the attributes set on all of them.
func openTree(root, path string, attributes uint64) (*os.File, error) {
	place, err := openPath(root, path, 0)
	if err != nil {
		return nil, err
	}
	defer place.Close()
	fd, err := unix.OpenTree(int(place.Fd()), "", unix.OPEN_TREE_CLONE|unix.OPEN_TREE_CLOEXEC|unix.AT_RECURSIVE|unix.AT_EMPTY_PATH)
	if err != nil {
		return nil, fmt.Errorf("copy the mount of %s: %w", path, err)
	}
	f := os.NewFile(uintptr(fd), path)
	attr := unix.MountAttr{Attr_set: attributes, Propagation: unix.MS_PRIVATE}
	if err := unix.MountSetattr(fd, "", unix.AT_EMPTY_PATH|unix.AT_RECURSIVE, &attr); err != nil {
		f.Close()
		return nil, fmt.Errorf("make %s read-only: %w", path, err)
	}
	return f, nil
}

func closeAll(files []*os.File) error {
	var errs []error
	for _, f := range files {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}
