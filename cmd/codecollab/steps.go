package main

import (
	"fmt"
	"io"
	"time"

	"codecollab.dev/internal/moving"
)

// steps shows how far long work is: one line that is drawn over and over on a terminal, a line now and then elsewhere.
type steps struct {
	out      io.Writer
	terminal bool
	doing    string
	told     time.Time
	drawn    bool
}

func newSteps(out io.Writer) *steps { return &steps{out: out, terminal: isTerminal(out)} }

const (
	drawEvery = 100 * time.Millisecond
	tellEvery = 10 * time.Second
)

// tell is called for every row, so it does nothing most of the time.
func (s *steps) tell(step moving.Step) {
	same := step.Doing == s.doing
	if same && step.Done%256 != 0 {
		return
	}
	now, every := time.Now(), tellEvery
	if s.terminal {
		every = drawEvery
	}
	if now.Sub(s.told) < every {
		s.doing = step.Doing
		return
	}
	s.doing, s.told = step.Doing, now
	line := step.Doing
	switch {
	case step.Total > 0:
		line = fmt.Sprintf("%s: %d of %d, %d %%", step.Doing, step.Done, step.Total, min(100, step.Done*100/step.Total))
	case step.Done > 0:
		line = fmt.Sprintf("%s: %d", step.Doing, step.Done)
	}
	if !s.terminal {
		fmt.Fprintln(s.out, line)
		return
	}
	s.drawn = true
	fmt.Fprintf(s.out, "\r\x1b[K%s", line)
}

// end takes the line away that was drawn.
func (s *steps) end() {
	if s.drawn {
		fmt.Fprint(s.out, "\r\x1b[K")
	}
}
