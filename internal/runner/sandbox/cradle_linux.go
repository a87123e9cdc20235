package sandbox

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// Where v2 serves all controllers, cells are born in their groups (clone3 with CLONE_INTO_CGROUP): no moment passes outside, and nothing is moved,
// which takes the kernel milliseconds. The nursery clones, and may do so only from a group to one beside it, of which it may write both and
// what they have in common.

// nurseryGroup is a name that sweep looks for, too.
const nurseryGroup = "cell-nursery"

var errNotUnified = errors.New("the controllers are not all on v2")

// cradle moves the nursery to where it can bear cells into their groups.
func (g *cgroups) cradle(nursery, user int) error {
	dir, err := (&group{at: g.at}).unified()
	if err != nil {
		return err
	}
	return cradleIn(dir, nursery, user)
}

func cradleIn(dir string, nursery, user int) error {
	place := filepath.Join(dir, nurseryGroup)
	if err := os.Mkdir(place, 0o755); err != nil && !os.IsExist(err) {
		return err
	}
	return errors.Join(write(place, "cgroup.procs", strconv.Itoa(nursery)), give(dir, user))
}

// unified is the one folder of the group.
func (g *group) unified() (string, error) {
	dirs := g.dirs()
	if len(dirs) != 1 || !g.at["memory"].v2 {
		return "", errNotUnified
	}
	return dirs[0], nil
}

// admit opens the group for a child of the nursery.
func (g *group) admit(user int) (*os.File, error) {
	dir, err := g.unified()
	if err != nil {
		return nil, err
	}
	if err := give(dir, user); err != nil {
		return nil, err
	}
	fd, err := unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	return os.NewFile(uintptr(fd), dir), err
}

// dismiss takes the group back.
func (g *group) dismiss(user int) error {
	dir, err := g.unified()
	if err != nil || user == os.Geteuid() {
		return err
	}
	return give(dir, os.Geteuid())
}

// give lets a user move processes into a group, and do nothing else with it.
func give(dir string, user int) error {
	return os.Chown(filepath.Join(dir, "cgroup.procs"), user, -1)
}
