package doctor

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// screenWidth is the width of a usual terminal, in characters.
const screenWidth = 96

var marks = map[State]struct{ sign, color string }{
	OK:   {"✓", "32"},
	Weak: {"!", "33"},
	Bad:  {"✗", "31"},
}

// Write prints the screen. Signs and words carry the meaning; color only adds to them.
func (r Report) Write(w io.Writer, color bool) error {
	var b strings.Builder
	area := ""
	for _, f := range r.Findings {
		if f.Area != area {
			area = f.Area
			fmt.Fprintf(&b, "\n%s\n", paint(area, "1", color))
		}
		m := marks[f.State]
		fmt.Fprintf(&b, "  %s %s", paint(m.sign, m.color, color), hang(pad(f.Name), f.Found))
		if f.Remedy != "" {
			fmt.Fprintf(&b, "    %s", hang(pad("  to mend:"), f.Remedy))
		}
	}
	fmt.Fprintf(&b, "\n%s\n", r.verdict(color))
	_, err := io.WriteString(w, "CodeCollab doctor · "+r.Build+"\n"+b.String())
	return err
}

func (r Report) verdict(color bool) string {
	n := map[State]int{}
	for _, f := range r.Findings {
		n[f.State]++
	}
	words := map[State]string{
		OK:   "All is well.",
		Weak: "It works; what is marked ! is weaker than it could be.",
		Bad:  "Something does not work: see what is marked ✗.",
	}[r.State]
	return paint(words, marks[r.State].color, color) + fmt.Sprintf(" %d ok, %d weak, %d bad.", n[OK], n[Weak], n[Bad])
}

const nameWidth = 20

func pad(name string) string {
	return name + strings.Repeat(" ", max(1, nameWidth-utf8.RuneCountInString(name)))
}

// hang breaks a text into lines that begin below its first word.
func hang(first, text string) string {
	indent := 4 + utf8.RuneCountInString(first)
	line, out := first, ""
	width := 4 + utf8.RuneCountInString(first)
	fresh := true
	for word := range strings.FieldsSeq(text) {
		n := utf8.RuneCountInString(word)
		if !fresh && width+1+n > screenWidth {
			out += strings.TrimRight(line, " ") + "\n"
			line, width, fresh = strings.Repeat(" ", indent), indent, true
		}
		if !fresh {
			line += " "
			width++
		}
		line += word
		width += n
		fresh = false
	}
	return out + line + "\n"
}

func paint(text, code string, color bool) string {
	if !color {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
