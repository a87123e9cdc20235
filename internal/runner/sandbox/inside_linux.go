package sandbox

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// ownRoot is the root of a view, or empty when that is the host's own.
func ownRoot(root string) string {
	if root = filepath.Clean(root); root == "/" || root == "." {
		return ""
	}
	return root
}

// openPath finds a path as a program would that has this root: no link and no ".." leads out of it. The descriptor stands for the
// file and cannot be read.
func openPath(root, name string, flags int) (*os.File, error) {
	flags |= unix.O_PATH | unix.O_CLOEXEC
	if root == "" {
		fd, err := unix.Open(name, flags, 0)
		return opened(fd, name, err)
	}
	fd, err := openInside(root, name, flags)
	return opened(fd, name, err)
}

func openInside(root, name string, flags int) (int, error) {
	dir, err := unix.Open(root, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	defer unix.Close(dir)
	return unix.Openat2(dir, name, &unix.OpenHow{Flags: uint64(flags), Resolve: unix.RESOLVE_IN_ROOT | unix.RESOLVE_NO_MAGICLINKS})
}

func opened(fd int, name string, err error) (*os.File, error) {
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return os.NewFile(uintptr(fd), name), nil
}

// modeOf is what a path is, behind all links.
func modeOf(root, name string) (uint32, error) {
	f, err := openPath(root, name, 0)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	var st unix.Stat_t
	err = unix.Fstat(int(f.Fd()), &st)
	return st.Mode, err
}

func readLink(root, name string) (string, error) {
	if root == "" {
		return os.Readlink(name)
	}
	f, err := openPath(root, name, unix.O_NOFOLLOW)
	if err != nil {
		return "", err
	}
	defer f.Close()
	target := make([]byte, unix.PathMax)
	n, err := unix.Readlinkat(int(f.Fd()), "", target)
	return string(target[:max(n, 0)]), err
}

// Stat looks at a path in a root, behind all links, which do not lead out of it. An empty root is the host's.
func Stat(root, name string) (fs.FileInfo, error) {
	if root = ownRoot(root); root == "" {
		return os.Stat(name)
	}
	f, err := openPath(root, name, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Stat()
}

// Glob lists the paths in a root that match a pattern of path.Match. An empty root is the host's.
func Glob(root, pattern string) ([]string, error) {
	if root = ownRoot(root); root == "" {
		return filepath.Glob(pattern)
	}
	if _, err := path.Match(pattern, ""); err != nil || !path.IsAbs(pattern) {
		return nil, fmt.Errorf("the pattern %q is not an absolute one: %w", pattern, path.ErrBadPattern)
	}
	found := []string{"/"}
	for part := range strings.SplitSeq(strings.Trim(pattern, "/"), "/") {
		var next []string
		for _, dir := range found {
			next = append(next, matches(root, dir, part)...)
		}
		found = next
	}
	return found, nil
}

// matches lists what is in one folder and matches one part of a pattern.
func matches(root, dir, part string) []string {
	if !strings.ContainsAny(part, `*?[\`) {
		if _, err := modeOf(root, path.Join(dir, part)); err != nil {
			return nil
		}
		return []string{path.Join(dir, part)}
	}
	var found []string
	for _, name := range listIn(root, dir) {
		if ok, _ := path.Match(part, name); ok {
			found = append(found, path.Join(dir, name))
		}
	}
	return found
}
