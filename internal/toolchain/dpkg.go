package toolchain

import (
	"bufio"
	"errors"
	"io/fs"
	"maps"
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
	records, err := readRecords(root)
	for _, r := range records {
		p.add(r.fields)
	}
	slices.Sort(p.unsorted)
	return p, err
}

// dpkgRecord is what dpkg knows of one package.
type dpkgRecord struct {
	fields map[string]string
	text   string
}

// readRecords reads dpkg's list, with the changes beside it that a dpkg that was killed has not taken over yet.
func readRecords(root string) (map[string]dpkgRecord, error) {
	dir := filepath.Join("/", root, "var/lib/dpkg")
	journal, err := filepath.Glob(filepath.Join(dir, "updates", "[0-9]*"))
	if err != nil {
		return nil, err
	}
	slices.Sort(journal)
	all := map[string]dpkgRecord{}
	for _, name := range append([]string{filepath.Join(dir, "status")}, journal...) {
		b, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for text := range strings.SplitSeq(string(b), "\n\n") {
			r := dpkgRecord{stanza(bufio.NewScanner(strings.NewReader(text))), text}
			if name := r.fields["Package"]; name != "" {
				all[name+":"+r.fields["Architecture"]] = r
			}
		}
	}
	return all, nil
}

// interrupted tells whether dpkg was stopped in the middle of something.
func interrupted(root string, p packages) bool {
	journal, _ := filepath.Glob(filepath.Join("/", root, "var/lib/dpkg/updates/[0-9]*"))
	return len(journal)+len(p.unsorted) > 0
}

// wholeStatus is dpkg's list with only those packages that are whole, for apt to plan with.
func wholeStatus(root string) (string, error) {
	records, err := readRecords(root)
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(records)) {
		if r := records[key]; strings.HasSuffix(r.fields["Status"], " installed") {
			b.WriteString(strings.TrimSpace(r.text) + "\n\n")
		}
	}
	return b.String(), err
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
