package sandbox

import (
	"os"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// Of the host, cells see as little as will do. A root that was made to hold languages has no secrets, and its packages keep parts of
// themselves in these folders: they are shown whole.
var wholeTrees = []string{"/opt", "/var/lib"}

// wholeEtc is where the root's own /etc is shown. /etc itself has links to what is in there, beside the cell's own files.
const wholeEtc = "/.etc"

// planWhole adds what is shown of a root that is not the host's, and gives the trees that are still to be shown beside it.
func (b *blueprint) planWhole(root string, trees []Tree) []Tree {
	all := []Tree{{From: "/etc", To: wholeEtc, Inside: true}}
	for _, dir := range wholeTrees {
		all = append(all, Tree{From: dir, To: dir, Inside: true})
	}
	taken := map[string]bool{}
	for name := range etc {
		taken[name] = true
	}
	for _, t := range trees {
		if t.Inside && t.From == t.To && isWhole(t.From) {
			continue
		}
		if rest, ok := strings.CutPrefix(t.To, "/etc/"); ok {
			name, _, _ := strings.Cut(rest, "/")
			taken[name] = true
		}
		all = append(all, t)
	}
	for _, name := range listIn(root, "/etc") {
		if !taken[name] {
			b.Links[path.Join("/etc", name)] = path.Join(wholeEtc, name)
		}
	}
	return all
}

func isWhole(name string) bool {
	for _, dir := range append([]string{"/etc"}, wholeTrees...) {
		if strings.HasPrefix(name, dir+"/") {
			return true
		}
	}
	return false
}

// listIn lists a folder of a root; nothing if there is none.
func listIn(root, dir string) []string {
	fd, err := openInside(root, dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC)
	if err != nil {
		return nil
	}
	f := os.NewFile(uintptr(fd), dir)
	defer f.Close()
	names, err := f.Readdirnames(-1)
	if err != nil {
		return nil
	}
	return names
}
