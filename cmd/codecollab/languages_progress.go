package main

import (
	"fmt"
	"io"
	"strings"

	"codecollab.dev/internal/toolchain"
)

// progress shows events: a bar that is drawn over and over on a terminal, a line now and then elsewhere.
type progress struct {
	out      io.Writer
	terminal bool
	title    string
	tenth    int
	drawn    bool
}

func newProgress(w io.Writer) *progress { return &progress{out: w, terminal: isTerminal(w), tenth: -1} }

func (p *progress) event(e toolchain.Event) {
	where := ""
	if e.Steps > 0 {
		where = fmt.Sprintf("[%d/%d] ", e.Step, e.Steps)
	}
	if p.terminal {
		p.draw(where+e.Title, e)
		return
	}
	tenth := int(e.Percent / 10)
	switch {
	case e.Title != p.title:
		p.title, p.tenth = e.Title, 0
		fmt.Fprintf(p.out, "%s%s\n", where, e.Title)
	case e.Percent >= 0 && tenth > p.tenth:
		p.tenth = tenth
		fmt.Fprintf(p.out, "%s%s: %d %% %s\n", where, e.Title, tenth*10, e.Text)
	}
}

const barWidth = 20

// draw shows the step in words, and how far it is.
func (p *progress) draw(title string, e toolchain.Event) {
	if e.Title != p.title && p.drawn {
		fmt.Fprintln(p.out)
	}
	p.title, p.drawn = e.Title, true
	bar := ""
	if e.Percent >= 0 {
		full := min(barWidth, int(e.Percent*barWidth/100))
		bar = fmt.Sprintf(" %s%s %3.0f %%", strings.Repeat("█", full), strings.Repeat("░", barWidth-full), e.Percent)
	}
	text := []rune(e.Text)
	if len(text) > 48 {
		text = append(text[:47], '…')
	}
	fmt.Fprintf(p.out, "\r\x1b[K%s%s %s", title, bar, string(text))
}

// clear ends a line that was being drawn.
func (p *progress) clear() {
	if p.drawn {
		fmt.Fprintln(p.out)
	}
	p.drawn, p.title, p.tenth = false, "", -1
}
