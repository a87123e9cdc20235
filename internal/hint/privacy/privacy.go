// Package privacy decides what of a program may leave the server for a model, and makes it ready: parts that are marked
// "no-ai" stay away, secrets are taken out, and of what is too long a window around the asker's place is used. Line numbers
// stay those of the file, whatever is left out. When in doubt, something stays here.
package privacy

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"codecollab.dev"
)

// Part is what may leave of a file.
type Part struct {
	Name  string
	Lines []Line // in order; lines that stay here have an empty text
	First int    // the number of the first line, from 1
	Of    int    // lines of the whole file

	Secrets int // places where a secret was taken out
	Marked  int // lines that a "no-ai" mark keeps here
}

// Line is one line of a part.
type Line struct {
	Text string
	Kept bool // kept here by a mark
}

// Whole reports whether the part is all of its file.
func (p *Part) Whole() bool { return p.First == 1 && len(p.Lines) == p.Of }

// Has reports whether a line of the file is in the part, and not kept here.
func (p *Part) Has(line int) bool {
	i := line - p.First
	return i >= 0 && i < len(p.Lines) && !p.Lines[i].Kept
}

// Prepare makes a file ready to leave. near is the line around which the window lies when the file has more than most
// characters; 0 is the beginning. Errors: "hint_binary" when the file is no text, "no_ai" when its mark keeps all of it here.
func Prepare(name, text string, near, most int) (Part, error) {
	if !isText(text) {
		return Part{}, codecollab.Errorf(codecollab.Invalid, "hint_binary", "%s is not text, so there is nothing to say about it.", name)
	}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	marked, whole := marks(lines)
	if whole {
		return Part{}, codecollab.Errorf(codecollab.Forbidden, "no_ai", "%s is marked no-ai: no model sees it.", name)
	}
	p := Part{Name: name, Lines: make([]Line, len(lines)), First: 1, Of: len(lines)}
	var scrub Scrubber
	for i, line := range lines {
		if marked[i] {
			p.Lines[i].Kept = true
			p.Marked++
			scrub.Text(line) // a private key goes on through a region
			continue
		}
		p.Lines[i].Text = scrub.Text(line)
	}
	p.Secrets = scrub.Found
	p.window(near, most)
	return p, nil
}

// window cuts a part to most characters around a line, which is in the middle where that is possible.
func (p *Part) window(near, most int) {
	total := 0
	for _, l := range p.Lines {
		total += len(l.Text) + 1
	}
	if total <= most {
		return
	}
	at := min(max(near, 1), len(p.Lines)) - 1
	if long := &p.Lines[at]; len(long.Text)+1 > most {
		long.Text = strings.ToValidUTF8(long.Text[:max(0, most-1)], "")
	}
	from, to := at, at+1
	left := most - len(p.Lines[at].Text) - 1
	for up, down := true, true; up || down; {
		if up = up && from > 0 && len(p.Lines[from-1].Text) < left; up {
			from--
			left -= len(p.Lines[from].Text) + 1
		}
		if down = down && to < len(p.Lines) && len(p.Lines[to].Text) < left; down {
			left -= len(p.Lines[to].Text) + 1
			to++
		}
	}
	p.Lines, p.First = p.Lines[from:to], from+1
}

// isText reports whether a text is one: no NUL, and hardly any other control characters.
func isText(text string) bool {
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return false
	}
	odd := 0
	for _, r := range text {
		if unicode.IsControl(r) && !strings.ContainsRune("\t\n\r\f\x1b", r) || r == utf8.RuneError {
			odd++
		}
	}
	return odd*50 <= len(text)
}

// Numbered is the part as a model gets it: each line with its number, so that it can name places.
func (p *Part) Numbered() string {
	var b strings.Builder
	for i, l := range p.Lines {
		text := l.Text
		if l.Kept {
			text = "[kept away]"
		}
		fmt.Fprintf(&b, "%d| %s\n", p.First+i, text)
	}
	return b.String()
}
