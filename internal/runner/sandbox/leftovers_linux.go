package sandbox

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// unmountAll unmounts what is mounted below a folder, and removes the folder. Nothing is removed while anything is mounted there.
func unmountAll(dir string) error {
	below, err := mountsBelow(dir)
	if err != nil {
		return err
	}
	slices.Reverse(below) // the latest first
	for _, at := range below {
		if err := unix.Unmount(at, unix.MNT_DETACH|unix.UMOUNT_NOFOLLOW); err != nil {
			return fmt.Errorf("unmount %s: %w", at, err)
		}
	}
	if below, err = mountsBelow(dir); err != nil || len(below) > 0 {
		return errors.Join(err, fmt.Errorf("%d mounts are left below %s", len(below), dir))
	}
	return removeFolder(dir)
}

func mountsBelow(dir string) ([]string, error) {
	text, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	var found []string
	unescape := strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`)
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) > 4 {
			if at := unescape.Replace(f[4]); strings.HasPrefix(at, dir+"/") {
				found = append(found, at)
			}
		}
	}
	return found, nil
}

// relativeToMount is a folder's path from the top of the file system that it is in.
func relativeToMount(dir string) string {
	top := dir
	for {
		parent := filepath.Dir(top)
		var here, above unix.Stat_t
		if parent == top || unix.Stat(top, &here) != nil || unix.Stat(parent, &above) != nil || here.Dev != above.Dev {
			break
		}
		top = parent
	}
	rel, _ := filepath.Rel(top, dir)
	return rel
}

// groupFolders are this process's folders in all hierarchies of control groups. An OCI runtime makes groups in each of them, whether
// anybody has asked it to or not.
func groupFolders() ([]string, error) {
	mountinfo, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	self, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return nil, err
	}
	own := ownPaths(string(self))
	var dirs []string
	for line := range strings.Lines(string(mountinfo)) {
		left, right, ok := strings.Cut(line, " - ")
		l, r := strings.Fields(left), strings.Fields(right)
		if !ok || len(l) < 5 || len(r) < 3 {
			continue
		}
		if r[0] == "cgroup2" {
			dirs = append(dirs, strings.TrimSuffix(filepath.Join(l[4], below(l[3], own[""])), "/"+leafName))
		}
		if r[0] != "cgroup" {
			continue
		}
		for name := range strings.SplitSeq(r[2], ",") {
			if path, ok := own[name]; ok {
				dirs = append(dirs, filepath.Join(l[4], below(l[3], path)))
				break
			}
		}
	}
	return dirs, nil
}

// removeStray removes a group that is empty, in all hierarchies.
func removeStray(name ...string) error {
	dirs, err := groupFolders()
	errs := []error{err}
	for _, dir := range dirs {
		errs = append(errs, removeDir(filepath.Join(append([]string{dir}, name...)...)))
	}
	return errors.Join(errs...)
}

// sweepContainers removes what supervisors that are gone have left: their groups' processes have been killed, or are now.
func sweepContainers(runtime runtimeProgram, dir string) {
	left, _ := filepath.Glob(filepath.Join(dir, "codecollab-*-*"))
	groups, _ := groupFolders()
	for _, own := range groups {
		sweep(own)
	}
	for _, path := range left {
		if !deserted(filepath.Base(path)) {
			continue
		}
		cells, _ := filepath.Glob(filepath.Join(path, "cell-*"))
		for _, cell := range cells {
			_ = runtime.delete(filepath.Join(path, "state"), filepath.Base(path)+"-"+filepath.Base(cell))
			_ = unmountAll(cell)
		}
		_ = unmountAll(path)
	}
	for _, own := range groups {
		sweep(own) // what the runtime had still in use
	}
}
