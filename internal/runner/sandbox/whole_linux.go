package sandbox

import (
	"os"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// Of the host, cells see as little as will do. A root that was made to hold languages has no secrets, and its packages keep parts of
// themselves in these folders: they are shown whole, but for what tells of people, keys and packages, in which a program would see a
// machine that it is not on.
var whole = []wholeTree{
	{dir: "/etc", at: "/.etc", without: []string{"ssh", "shadow", "shadow-", "gshadow", "gshadow-", "passwd-", "group-", "subuid", "subgid",
		"sudoers", "sudoers.d", "machine-id", "resolv.conf"}},
	{dir: "/var/lib", at: "/.var-lib", without: []string{"dpkg", "apt"}},
	{dir: "/opt", at: "/.opt"},
}

// wholeTree is a folder that is shown at another place. In its own place are links to what is in there, so that cells can have other things
// beside it. What has no link is hidden from sight only; that it is not readable is the work of modes.
type wholeTree struct {
	dir, at string
	without []string
}

// planWhole adds what is shown of a root that is not the host's, and gives the trees that are still to be shown beside it.
func (b *blueprint) planWhole(root string, trees []Tree) []Tree {
	var all []Tree
	for _, w := range whole {
		all = append(all, Tree{From: w.dir, To: w.at, Inside: true})
		taken := map[string]bool{}
		for _, name := range w.without {
			taken[name] = true
		}
		if w.dir == "/etc" {
			for name := range etc {
				taken[name] = true
			}
		}
		trees = w.beside(trees, taken)
		for _, name := range listIn(root, w.dir) {
			if !taken[name] {
				b.Links[path.Join(w.dir, name)] = path.Join(w.at, name)
			}
		}
	}
	return append(all, trees...)
}

// beside gives the trees that the links do not lead to anyway, and takes the names that they need in the folder.
func (w wholeTree) beside(trees []Tree, taken map[string]bool) []Tree {
	var left []Tree
	for _, t := range trees {
		rest, here := strings.CutPrefix(t.To, w.dir+"/")
		name, _, _ := strings.Cut(rest, "/")
		if here && t.Inside && t.From == t.To && !taken[name] {
			continue
		}
		left = append(left, t)
	}
	for _, t := range left {
		if rest, here := strings.CutPrefix(t.To, w.dir+"/"); here {
			name, _, _ := strings.Cut(rest, "/")
			taken[name] = true
		}
	}
	return left
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
