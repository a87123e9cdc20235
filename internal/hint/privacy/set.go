package privacy

import (
	"slices"
	"strings"
)

// File is a file of a program.
type File struct{ Name, Text string }

// Set is what may leave of a program: its main file, and others as far as there is room for them.
type Set struct {
	Main   Part
	Others []Part
	Left   []string // names of files that stay here, for want of room or because they are marked or no text

	kept    []string // lines that a mark keeps here
	secrets int
}

// NewSet makes a program ready to leave. The errors are those of Prepare, for the main file; others are left out without one.
func NewSet(files []File, main string, near, most int) (*Set, error) {
	s := &Set{}
	for _, f := range files {
		if f.Name == main {
			p, err := Prepare(f.Name, f.Text, near, most)
			if err != nil {
				return nil, err
			}
			s.Main = p
		}
		s.keep(f.Text)
	}
	left := most - s.Main.size()
	for _, f := range files {
		if f.Name == main {
			continue
		}
		p, err := Prepare(f.Name, f.Text, 0, most)
		if err != nil || p.size() > left || !p.Whole() {
			s.Left = append(s.Left, f.Name)
			continue
		}
		left -= p.size()
		s.Others = append(s.Others, p)
	}
	return s, nil
}

// keep notes the lines of a file that stay here, so that nothing that quotes them leaves either.
func (s *Set) keep(text string) {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	marked, whole := marks(lines)
	for i, line := range lines {
		// What is as short as a brace gives nothing away, and would tear holes into everything.
		if line = strings.TrimSpace(line); (marked[i] || whole) && len(line) > 3 {
			s.kept = append(s.kept, line)
		}
	}
	slices.SortFunc(s.kept, func(a, b string) int { return len(b) - len(a) })
}

// Text makes a text ready to leave that came about with the program, such as a message of its compiler or what it printed.
func (s *Set) Text(text string) string {
	for _, line := range s.kept {
		text = strings.ReplaceAll(text, line, "[kept away]")
	}
	clean, n := Scrub(text)
	s.secrets += n
	return clean
}

// Secrets are the places where a secret was taken out.
func (s *Set) Secrets() int {
	n := s.secrets + s.Main.Secrets
	for i := range s.Others {
		n += s.Others[i].Secrets
	}
	return n
}

// Marked are the lines that marks keep here, in the files that leave.
func (s *Set) Marked() int {
	n := s.Main.Marked
	for i := range s.Others {
		n += s.Others[i].Marked
	}
	return n
}

// Has reports whether a line of a file leaves.
func (s *Set) Has(file string, line int) bool {
	if file == s.Main.Name {
		return s.Main.Has(line)
	}
	return slices.ContainsFunc(s.Others, func(p Part) bool { return p.Name == file && p.Has(line) })
}

func (p *Part) size() (n int) {
	for _, l := range p.Lines {
		n += len(l.Text) + 1
	}
	return n
}
