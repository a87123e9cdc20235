package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"codecollab.dev/internal/runner/sandbox"
	"codecollab.dev/languages"
)

// treesOf lists what the manifests want cells to see beside /usr.
func treesOf(all languages.Catalogue, npm string) ([]sandbox.Tree, error) {
	var trees []sandbox.Tree
	for _, l := range all {
		for _, t := range l.Trees {
			from := strings.ReplaceAll(t.From, "{npm}", npm)
			if t.To != "" {
				trees = append(trees, sandbox.Tree{From: from, To: t.To})
				continue
			}
			matches, err := filepath.Glob(from)
			if err != nil {
				return nil, fmt.Errorf("languages: %s: tree %q: %w", l.ID, t.From, err)
			}
			for _, m := range matches {
				trees = append(trees, sandbox.Tree{From: m, To: m})
			}
		}
	}
	return trees, nil
}

// versionBounds are for the version commands.
var versionBounds = bounds{wall: 10 * time.Second, cpu: 10 * time.Second, memory: 512 << 20, tasks: 128}

// detect asks every language for its version, inside cells, so that what is listed is what programs will meet. Then it
// fills the compile caches that are missing.
func (s *Server) detect() {
	const workers = 2
	queue := make(chan languages.Language)
	var asking sync.WaitGroup
	for range workers {
		asking.Go(func() { s.ask(queue) })
	}
	for _, l := range s.catalogue {
		queue <- l
	}
	close(queue)
	asking.Wait()
	if err := s.showTrees(); err != nil {
		s.options.Logger.Error("compile caches cannot be shown to programs", "err", err)
	}
	close(s.detected)
	for _, l := range s.list() {
		if s.stopping.Err() != nil {
			return
		}
		s.warm(l)
	}
}

// ask serves the queue from one cell.
func (s *Server) ask(queue <-chan languages.Language) {
	cell, err := s.sandbox.Acquire(s.stopping)
	for l := range queue {
		var found *installed
		if err == nil {
			found, err = s.versionOf(cell, l)
		}
		s.note(l, found, err)
		if err != nil && !errors.As(err, new(*sandbox.MissingProgram)) && cell != nil { // the cell may be dead
			cell.Close()
			cell, err = s.sandbox.Acquire(s.stopping)
			continue
		}
		if cell != nil {
			err = nil
		}
	}
	if cell != nil {
		cell.Close()
	}
}

func reason(l languages.Language, err error) string {
	how := "apt-get install " + strings.Join(l.Install.Apt, " ")
	if l.Install.Note != "" {
		how += " (" + l.Install.Note + ")"
	}
	return fmt.Sprintf("%v; to install: %s", err, how)
}

func (s *Server) versionOf(c *sandbox.Cell, l languages.Language) (*installed, error) {
	p := places{memory: versionBounds.memory, cache: "/tmp/cache"}
	printed, r, err := s.chore(c, p.words(l.Version.Command, nil), p.environment(l, l.ID), versionBounds)
	if err != nil {
		return nil, err
	}
	if !r.ok() {
		return nil, fmt.Errorf("the version command failed: %s", strings.TrimSpace(string(printed)))
	}
	v, err := versionIn(string(printed), l.Version.Pattern)
	if err != nil {
		return nil, err
	}
	i := &installed{Language: l, version: v, warm: make(chan struct{})}
	if l.Cache.Source == "" {
		i.markWarm()
	}
	return i, nil
}

// memo is the sink of the runner's own stages.
type memo struct {
	mu  sync.Mutex
	out bytes.Buffer
	end *stageResult
}

func (m *memo) stage(string) {}

func (m *memo) data(_ string, p []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.out.Len() < 64<<10 {
		m.out.Write(p)
	}
}

func (m *memo) exit(_ string, r *stageResult) { m.end = r }

// chore runs a stage of the runner's own and gives what it printed.
func (s *Server) chore(c *sandbox.Cell, argv, env []string, b bounds) ([]byte, *stageResult, error) {
	var m memo
	_, err := s.runStage(s.stopping, c, "chore", argv, env, b, talk{in: closed}, &m)
	return m.out.Bytes(), m.end, err
}

// cacheDir is where the compile cache of a language is on the host; a new version or a new warming program makes a
// new one.
func (s *Server) cacheDir(l *installed) string {
	return filepath.Join(s.options.DataDir, "cache", fmt.Sprintf("%s-%s-%08x", l.ID, l.version, sum(l.WarmFile+strings.Join(l.Cache.Command, " "))))
}

// cachePlace is where programs find the cache.
func (s *Server) cachePlace(l *installed) string {
	if l.Cache.Source != "" {
		if _, err := os.Stat(s.cacheDir(l)); err == nil {
			return "/cache/" + l.ID
		}
	}
	return "/tmp/cache" // empty, but usable
}

// showTrees lets new cells see what manifests and compile caches there are by now, and marks languages that have their
// cache as warm.
func (s *Server) showTrees() error {
	s.shaping.Lock()
	defer s.shaping.Unlock()
	trees, err := treesOf(s.catalogue, s.options.npmDir())
	if err != nil {
		return err
	}
	var warm []*installed
	for _, l := range s.list() {
		if _, err := os.Stat(s.cacheDir(l)); err == nil && l.Cache.Source != "" {
			trees = append(trees, sandbox.Tree{From: s.cacheDir(l), To: "/cache/" + l.ID, Overlay: true})
			warm = append(warm, l)
		}
	}
	if !slices.Equal(trees, s.shown) {
		s.shown = trees
		s.sandbox.SetTrees(trees)
	}
	for _, l := range warm {
		l.markWarm()
	}
	return nil
}

func (s *Server) list() []*installed {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.found
}

// warm fills the compile cache of a language, if it is missing. Without a cache the language works, slowly.
func (s *Server) warm(l *installed) {
	select {
	case <-l.warm:
		return
	default:
	}
	if err := s.fillCache(l); err != nil && !errors.Is(err, context.Canceled) {
		s.options.Logger.Warn("the compile cache could not be filled; compiling will be slow", "language", l.ID, "err", err)
	}
	if err := s.showTrees(); err != nil {
		s.options.Logger.Error("the compile cache cannot be shown to programs", "language", l.ID, "err", err)
	}
	l.markWarm()
}
