package runner

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"codecollab.dev/internal/runner/sandbox"
	"codecollab.dev/internal/toolchain"
	"codecollab.dev/languages"
)

// search is what is known of one language. A language may be in several environments, each with a version of its own.
type search struct {
	languages.Language
	claimed atomic.Bool   // somebody looks for it, or has
	done    chan struct{} // closed when it was looked for everywhere once

	// Guarded by Server.mu. found is replaced, never changed; it is in the order of the environments.
	found  []*installed
	why    string // it is not here
	unsure int    // how often an environment could not be asked
}

// versionBounds are for the version commands.
var versionBounds = bounds{wall: 20 * time.Second, cpu: 10 * time.Second, memory: 512 << 20, tasks: 128}

// triesMost is how often a language is asked that could not be asked because the machine, or the sandbox, was not able to.
const triesMost = 3

// errUnsure is the failure to ask a language: it may be there or not.
type errUnsure struct{ error }

// askers is how many languages are looked for at a time.
const askers = 2

// detect looks for all languages, in cells, so that what is listed is what programs will meet, and then fills the compile
// caches that are missing.
func (s *Server) detect() {
	s.each(func(a *asker, l *search) { s.find(a, l) })
	s.remember()
	if s.stopping.Err() == nil {
		s.show()
	}
	close(s.detected)
	s.warmAll()
	s.watch()
}

// each hands all languages to a few askers.
func (s *Server) each(do func(*asker, *search)) {
	queue := make(chan *search)
	var asking sync.WaitGroup
	for range askers {
		asking.Go(func() {
			a := &asker{server: s}
			defer a.close()
			for l := range queue {
				do(a, l)
			}
		})
	}
	for _, l := range s.searches {
		if s.stopping.Err() != nil {
			break
		}
		queue <- l
	}
	close(queue)
	asking.Wait()
}

func (s *Server) warmAll() {
	for _, l := range s.list() {
		if s.stopping.Err() != nil {
			return
		}
		s.warm(l)
	}
}

// find looks for a language, unless somebody does so already.
func (s *Server) find(a *asker, l *search) {
	if l.claimed.CompareAndSwap(false, true) {
		s.look(a, l)
		close(l.done)
	}
}

// finder finds the runtimes of a language for a request. It waits until that language, and no other, has been looked for.
func (s *Server) finder(ctx context.Context) finder {
	return func(name string) ([]*installed, error) {
		l := s.searchFor(name)
		if l == nil {
			return nil, nil
		}
		s.begin(func() {
			a := &asker{server: s}
			defer a.close()
			s.find(a, l)
		})
		select {
		case <-l.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-s.stopping.Done():
			return nil, errStopped
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		return l.found, nil
	}
}

func (s *Server) searchFor(name string) *search {
	for _, l := range s.searches {
		if l.ID == name || slices.Contains(l.Aliases, name) {
			return l
		}
	}
	return nil
}

// look asks every environment for a language, and takes the answers over.
func (s *Server) look(a *asker, l *search) {
	var found []*installed
	var why reasons
	unsure := false
	for _, e := range s.environments() {
		i, err := s.versionIn(a, e, l.Language)
		if err != nil {
			why.add(e.Name, err.Error())
			unsure = unsure || errors.As(err, new(errUnsure))
			continue
		}
		found = append(found, i)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for n, i := range found {
		for _, before := range l.found {
			if before.environment == i.environment && before.version.Equal(i.version) && before.formats == i.formats {
				found[n] = before // it may be warm
			}
		}
	}
	if unsure {
		if l.unsure++; l.unsure < triesMost {
			s.askAgain.Store(true)
		}
	}
	l.found, l.why = found, ""
	if len(found) == 0 {
		l.why = why.String() + "; to install: codecollab languages install " + l.ID
		if l.Install.Note != "" {
			l.why += " (" + l.Install.Note + ")"
		}
	}
}

// reasons are why a language is not here, each with the environments of which it holds.
type reasons struct {
	texts []string
	where map[string][]string
}

func (r *reasons) add(environment, text string) {
	if r.where == nil {
		r.where = map[string][]string{}
	}
	if r.where[text] == nil {
		r.texts = append(r.texts, text)
	}
	r.where[text] = append(r.where[text], environment)
}

func (r *reasons) String() string {
	var parts []string
	for _, text := range r.texts {
		parts = append(parts, strings.Join(r.where[text], ", ")+": "+text)
	}
	return strings.Join(parts, "; ")
}

// versionIn finds out whether an environment has a language: first by a look at its files, then from what is remembered, and only
// then by asking it.
func (s *Server) versionIn(a *asker, e toolchain.Environment, l languages.Language) (*installed, error) {
	seen, err := s.presence(e, l)
	if err != nil {
		return nil, err
	}
	said, known := s.memory.recall(e, l, seen)
	if !known {
		if said, err = a.ask(e, l); err != nil {
			return nil, errUnsure{err}
		}
		s.memory.keep(e, l, seen, said)
	}
	if said.Why != "" {
		return nil, errors.New(said.Why)
	}
	v, err := versionIn(said.Version, `(.*)`)
	if err != nil {
		return nil, err
	}
	i := &installed{Language: l, environment: e, version: v, warm: make(chan struct{}), formats: s.formats(e, l)}
	if l.Cache.Source == "" {
		i.markWarm()
	}
	return i, nil
}

// asker has a cell for each environment in which it asks for versions.
type asker struct {
	server *Server
	cells  map[string]*sandbox.Cell
}

func (a *asker) close() {
	for _, c := range a.cells {
		c.Close()
	}
}

func (a *asker) cell(view string) (*sandbox.Cell, error) {
	if c := a.cells[view]; c != nil {
		return c, nil
	}
	c, err := a.server.sandbox.Special(view, 0, 0)
	if err != nil {
		return nil, err
	}
	if a.cells == nil {
		a.cells = map[string]*sandbox.Cell{}
	}
	a.cells[view] = c
	return c, nil
}

// ask runs the version command. The error is ours; a language that does not answer is an answer.
func (a *asker) ask(e toolchain.Environment, l languages.Language) (answered, error) {
	c, err := a.cell(askView(e))
	if err != nil {
		return answered{}, err
	}
	p := places{id: l.ID, memory: versionBounds.memory, cache: "/tmp/cache"}
	printed, r, err := a.server.chore(c, p.words(l.Version.Command, nil), p.environment(l, l.ID), versionBounds)
	if missing := (*sandbox.MissingProgram)(nil); errors.As(err, &missing) {
		return answered{Why: missing.Error()}, nil
	}
	if err != nil || r.Verdict != "" { // the cell may be dead
		c.Close()
		delete(a.cells, askView(e))
	}
	switch {
	case err != nil:
		return answered{}, err
	case r.Verdict != "": // the machine may have been busy: another time it may answer
		return answered{}, fmt.Errorf("the version command was stopped: %s", *r.Message)
	case !r.ok():
		return answered{Why: "the version command failed: " + tail(strings.TrimSpace(string(printed)))}, nil
	}
	v, err := versionIn(string(printed), l.Version.Pattern)
	if err != nil {
		return answered{Why: err.Error()}, nil
	}
	return answered{Version: v.String()}, nil
}

// list gives all runtimes found so far that can be chosen.
func (s *Server) list() []*installed {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*installed
	for _, l := range s.searches {
		all = append(all, choosable(l.found)...)
	}
	return all
}

// choosable leaves out of the runtimes of a language what has the same version as one before it, which is the one that is chosen.
func choosable(found []*installed) (some []*installed) {
	for _, i := range found {
		if !slices.ContainsFunc(some, func(before *installed) bool { return before.version.Equal(i.version) }) {
			some = append(some, i)
		}
	}
	return some
}

// show lets new cells see what there is by now.
func (s *Server) show() {
	if err := s.showViews(); err != nil {
		s.options.Logger.Error("environments and compile caches cannot be shown to programs", "err", err)
	}
}

// remember writes down what languages answered, for the next start.
func (s *Server) remember() {
	if err := s.memory.save(); err != nil {
		s.options.Logger.Warn("what languages there are cannot be remembered, so that the next start asks them again", "err", fmt.Errorf("versions.json: %w", err))
	}
}
