package sandbox

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

// Bounds of a look through /work, whatever programs have put there.
const (
	maxDepth   = 32
	maxVisited = 20_000
	maxNamed   = 50 // left-out files that are named; the rest is counted
)

// gathering is one Collect under way.
type gathering struct {
	CollectLimits
	given   map[string][]byte
	found   []Found
	bytes   int64
	visited int
	skipped []string
	unnamed int
}

// Collect takes what programs left in /work: regular files, new or with other content than Write gave them, by path. The second
// list says in words what was left out, and why. It works after a stage that a limit has ended, too.
func (c *Cell) Collect(limits CollectLimits) ([]Found, []string, error) {
	if c.work == nil {
		return nil, nil, errors.New("the cell has no folder to collect from")
	}
	g := gathering{CollectLimits: limits, given: c.given}
	if err := g.folder(c.work, "", 0); err != nil {
		return nil, nil, fmt.Errorf("look through /work: %w", err)
	}
	if g.unnamed > 0 {
		g.skipped = append(g.skipped, fmt.Sprintf("and %d more", g.unnamed))
	}
	return g.found, g.skipped, nil
}

func (g *gathering) skip(name, why string, args ...any) {
	if len(g.skipped) >= maxNamed {
		g.unnamed++
		return
	}
	g.skipped = append(g.skipped, shown(name)+": "+fmt.Sprintf(why, args...))
}

func (g *gathering) folder(root *os.Root, at string, depth int) error {
	dir, err := root.Open(".")
	if err != nil {
		return err
	}
	entries, err := dir.ReadDir(maxVisited + 1)
	if err = errors.Join(err, dir.Close()); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	slices.SortFunc(entries, func(a, b os.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	for _, e := range entries {
		name := path.Join(at, e.Name())
		if g.visited++; g.visited > maxVisited {
			return nil
		}
		switch {
		case e.Type().IsRegular():
			g.file(root, e.Name(), name)
		case e.IsDir() && depth+1 >= maxDepth:
			g.skip(name, "folders more than %d deep are not looked into", maxDepth)
		case e.IsDir():
			sub, err := root.OpenRoot(e.Name())
			if err != nil {
				g.skip(name, "cannot be opened")
				continue
			}
			err = g.folder(sub, name, depth+1)
			if err = errors.Join(err, sub.Close()); err != nil {
				g.skip(name, "cannot be read")
			}
		case e.Type()&os.ModeSymlink == 0:
			g.skip(name, "no regular file")
		}
	}
	return nil
}

func (g *gathering) file(root *os.Root, entry, name string) {
	f, err := root.OpenFile(entry, os.O_RDONLY|unix.O_NONBLOCK|unix.O_NOFOLLOW, 0)
	if err != nil {
		g.skip(name, "cannot be read")
		return
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil || !st.Mode().IsRegular() { // another file may have taken the name
		g.skip(name, "no regular file")
		return
	}
	given, ours := g.given[name]
	if ours && st.Size() == int64(len(given)) {
		if same, err := io.ReadAll(io.LimitReader(f, st.Size()+1)); err == nil && bytes.Equal(same, given) {
			return
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return
		}
	}
	if g.Match != nil && !g.Match(name, st.Size()) {
		return
	}
	switch {
	case !plainName(name):
		g.skip(name, "the name has characters that no name should have")
	case len(g.found) >= g.Files:
		g.skip(name, "more than %d files", g.Files)
	case st.Size() > g.FileBytes:
		g.skip(name, "too large: %s, at most %s", size(st.Size()), size(g.FileBytes))
	case g.bytes+st.Size() > g.AllBytes:
		g.skip(name, "all files together may have %s", size(g.AllBytes))
	default:
		data, err := io.ReadAll(io.LimitReader(f, st.Size()))
		if err != nil {
			g.skip(name, "cannot be read")
			return
		}
		g.bytes += int64(len(data))
		g.found = append(g.found, Found{name, data})
	}
}

// plainName refuses what would be a trap for whoever sees or saves the name.
func plainName(name string) bool {
	return utf8.ValidString(name) && !slices.ContainsFunc([]rune(name), func(r rune) bool {
		return !unicode.IsPrint(r) || r == '\\'
	})
}

// shown is a name fit to be printed.
func shown(name string) string {
	if plainName(name) {
		return name
	}
	return fmt.Sprintf("%q", name)
}

func size(n int64) string {
	switch {
	case n >= 10<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 10<<10:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
