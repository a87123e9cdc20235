package toolchain

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// packages is what dpkg knows about a root.
type packages struct {
	whole    map[string]bool // installed and configured, with the names that they provide
	known    map[string]bool // of which anything is there, and be it a file of settings
	unsorted []string        // begun and not finished
}

// readPackages reads the list of dpkg. A root without one has no packages.
func readPackages(root string) (packages, error) {
	p := packages{whole: map[string]bool{}, known: map[string]bool{}}
	f, err := os.Open(filepath.Join(root, "/var/lib/dpkg/status"))
	if os.IsNotExist(err) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for {
		one := stanza(lines)
		if one == nil {
			break
		}
		p.add(one)
	}
	slices.Sort(p.unsorted)
	return p, lines.Err()
}

func (p *packages) add(one map[string]string) {
	name := one["Package"]
	state := strings.Fields(one["Status"]) // "install ok installed"
	if name == "" || len(state) != 3 || state[2] == "not-installed" {
		return
	}
	p.known[name] = true
	switch state[2] {
	case "installed":
		p.whole[name] = true
		for provided := range strings.SplitSeq(one["Provides"], ",") {
			if words := strings.Fields(provided); len(words) > 0 {
				p.whole[words[0]] = true
			}
		}
	case "config-files":
	default:
		p.unsorted = append(p.unsorted, name)
	}
}

// has tells whether all of these are installed.
func (p *packages) has(names []string) bool {
	return !slices.ContainsFunc(names, func(n string) bool { return !p.whole[n] })
}

// stanza reads the next paragraph of "Name: value" lines; longer values are cut to their first line. After the last it is nil.
func stanza(lines *bufio.Scanner) map[string]string {
	var one map[string]string
	for lines.Scan() {
		line := lines.Text()
		if line == "" {
			if one != nil {
				break
			}
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if line[0] == ' ' || line[0] == '\t' || !ok {
			continue
		}
		if one == nil {
			one = map[string]string{}
		}
		one[name] = strings.TrimSpace(value)
	}
	return one
}
