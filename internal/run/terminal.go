package run

import (
	"strings"
	"sync"

	"codecollab.dev"
	"codecollab.dev/internal/excerpt"
	"codecollab.dev/internal/wire"
)

// terminal is the people's side of one attempt at a program.
type terminal struct {
	keys *Keys
	out  *output

	mu     sync.Mutex
	typist string // who types the line that is not finished; empty before its first key
}

// typed passes on what a person has typed. The mark of who it is goes into the output before that, so that it lies before
// what the terminal shows of it. What is typed is kept nowhere: it may be a password.
func (t *terminal) typed(person, data string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	err := t.keys.typed(data, func() {
		if t.typist != person {
			t.out.add(excerpt.Typed, person+"\n")
		}
	})
	if err != nil {
		return err
	}
	t.typist = person
	if strings.ContainsAny(data, "\r\n\x03\x04") { // Return, Ctrl+C and Ctrl+D end a line
		t.typist = ""
	}
	return nil
}

// typeHere gives it to a program of this node. Errors: "no_run", "input_full".
func (s *Service) typeHere(j Job, person, data string) error {
	s.mu.Lock()
	st := s.jobs[j]
	var t *terminal
	if st != nil {
		t = st.terminal
	}
	s.mu.Unlock()
	switch {
	case st == nil:
		return codecollab.Errorf(codecollab.NotFound, "no_run", "Run %d has ended, so nothing can be typed into it.", j.Run)
	case t == nil:
		return codecollab.Errorf(codecollab.NotFound, "no_run", "Run %d does not take what is typed, or not yet.", j.Run)
	}
	return t.typed(person, data)
}

func noRun(err error) bool { return err != nil && codecollab.CodeOf(err) == "no_run" }

// resizeHere does so with a run that this node knows.
func (s *Service) resizeHere(j Job, size wire.Size) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.jobs[j]
	if st == nil {
		return
	}
	st.size = &size
	if st.terminal != nil {
		st.terminal.keys.resize(size)
	}
}

// openTerminal makes the input side of a program that asks for a terminal.
func (s *Service) openTerminal(j Job, p *Program, out *output) {
	if p.Terminal == nil {
		return
	}
	p.Keys, p.Wall = newKeys(), s.opt.TerminalTime
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.jobs[j]; st != nil {
		if st.size != nil {
			p.Terminal = st.size
		}
		st.terminal = &terminal{keys: p.Keys, out: out}
	}
}

func (s *Service) closeTerminal(j Job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.jobs[j]; st != nil {
		st.terminal = nil
	}
}
