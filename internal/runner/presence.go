package runner

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"codecollab.dev/internal/runner/sandbox"
	"codecollab.dev/internal/toolchain"
	"codecollab.dev/languages"
)

// presence looks on the disk whether an environment can have a language at all: whether the programs of its commands are there, and
// what npm and Go install for it. It gives what identifies what it saw, so that an answer can be remembered until that changes.
func (s *Server) presence(e toolchain.Environment, l languages.Language) (seen string, err error) {
	tools := ""
	if usesTools(l) {
		st, err := os.Stat(filepath.Join(s.options.toolsDir(), l.ID))
		if err != nil {
			return "", errors.New("its npm or Go programs are not installed")
		}
		tools = stampOf(st)
	}
	st, where, err := s.program(e, l, l.Version.Command[0])
	if err != nil {
		return "", err
	}
	for _, c := range [][]string{l.Compile.Command, l.Run.Command} {
		if len(c) == 0 || ofTheJob(c[0]) {
			continue
		}
		if _, _, err := s.program(e, l, c[0]); err != nil {
			return "", err
		}
	}
	manifest, err := json.Marshal([]any{l.Version, l.Path, l.Env, l.Trees, l.Lib})
	if err != nil {
		return "", err
	}
	changed := e.Changed.String()
	if e.Name == toolchain.Host {
		changed = where + " " + stampOf(st)
	}
	return fmt.Sprintf("%08x %s %s %s", sum(string(manifest)), s.sandbox.Report().Tier, changed, tools), nil
}

// ofTheJob tells whether a program is one that the job itself makes or brings.
func ofTheJob(name string) bool {
	return strings.HasPrefix(name, "./") || strings.Contains(name, "{file}") || strings.Contains(name, "{stem}")
}

// stampOf identifies a state of a file or folder.
func stampOf(st fs.FileInfo) string {
	return fmt.Sprintf("%d/%d/%d", inode(st), st.Size(), st.ModTime().UnixNano())
}

// usesTools tells whether a language cannot do without what npm or Go installs.
func usesTools(l languages.Language) bool {
	words := slices.Concat(l.Version.Command, l.Compile.Command, l.Run.Command, l.Path)
	for _, v := range l.Env {
		words = append(words, v)
	}
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(w, "{tools}") })
}

// program finds the file that cells of an environment would run by this name.
func (s *Server) program(e toolchain.Environment, l languages.Language, name string) (st fs.FileInfo, where string, err error) {
	p := places{id: l.ID}
	name = p.fill(name)
	dirs := strings.Split(p.path(l), ":")
	if strings.Contains(name, "/") {
		dirs, name = []string{path.Dir(name)}, path.Base(name)
	}
	for _, dir := range dirs {
		where = path.Join(dir, name)
		if st, err = s.stat(e, where); err == nil && st.Mode().IsRegular() && st.Mode()&0o111 != 0 {
			return st, where, nil
		}
	}
	return nil, "", fmt.Errorf("there is no program %s", name)
}

// stat looks at a path as cells of an environment have it.
func (s *Server) stat(e toolchain.Environment, name string) (fs.FileInfo, error) {
	for place, dir := range map[string]string{toolsPlace: s.options.toolsDir(), driversPlace: s.options.driversDir()} {
		if rest, ok := strings.CutPrefix(name, place+"/"); ok {
			return os.Stat(filepath.Join(dir, filepath.FromSlash(rest)))
		}
	}
	return sandbox.Stat(e.Root, name)
}

// formats tells whether the formatter of a language is there.
func (s *Server) formats(e toolchain.Environment, l languages.Language) bool {
	if len(l.Format.Command) == 0 {
		return false
	}
	for n, word := range l.Format.Command {
		switch {
		case n == 0:
			if _, _, err := s.program(e, l, word); err != nil {
				return false
			}
		case strings.HasPrefix(word, "{tools}/"):
			if _, err := s.stat(e, places{id: l.ID}.fill(word)); err != nil {
				return false
			}
		}
	}
	return true
}

// analysers are those of a language that are there.
func (s *Server) analysers(e toolchain.Environment, l languages.Language) (here []string) {
	for _, word := range l.Analyse.Programs {
		if _, _, err := s.program(e, l, word); err == nil {
			here = append(here, strings.TrimSuffix(strings.TrimSuffix(path.Base(word), ".js"), "3"))
		}
	}
	slices.Sort(here)
	return slices.Compact(here)
}

// answered is what a version command said: the version, or why there is none.
type answered struct {
	Seen    string `json:"seen"`
	Version string `json:"version,omitempty"`
	Why     string `json:"why,omitempty"`
}

// memory keeps what languages answered from one start to the next, in DATA/versions.json.
type memory struct {
	path string
	mu   sync.Mutex
	all  map[string]answered // by environment and language
	news map[string]answered // not yet written
}

// openMemory reads what is remembered. What cannot be read is not known.
func openMemory(path string) *memory {
	m := &memory{path: path, all: map[string]answered{}, news: map[string]answered{}}
	m.all = m.read()
	return m
}

func (m *memory) read() map[string]answered {
	all := map[string]answered{}
	if b, err := os.ReadFile(m.path); err == nil && json.Unmarshal(b, &all) != nil {
		return map[string]answered{}
	}
	return all
}

func memoryKey(e toolchain.Environment, l languages.Language) string { return e.Name + "/" + l.ID }

func (m *memory) recall(e toolchain.Environment, l languages.Language, seen string) (answered, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.all[memoryKey(e, l)]
	if a.Why != "" {
		seen += otherwise(e)
	}
	return a, ok && a.Seen == seen
}

func (m *memory) keep(e toolchain.Environment, l languages.Language, seen string, a answered) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if a.Seen = seen; a.Why != "" {
		a.Seen += otherwise(e)
	}
	m.all[memoryKey(e, l)], m.news[memoryKey(e, l)] = a, a
}

// otherwise changes when a language that did not answer may do so after all: with another program of ours, whose cells may show more, and on
// the host when something is installed.
func otherwise(e toolchain.Environment) string {
	state := ""
	if self, err := os.Executable(); err == nil {
		if st, err := os.Stat(self); err == nil {
			state = " " + stampOf(st)
		}
	}
	if e.Name != toolchain.Host {
		return state
	}
	if st, err := os.Stat("/var/lib/dpkg/status"); err == nil {
		state += " " + stampOf(st)
	}
	return state
}

// save writes what is new. Another process may have written meanwhile: what it found stays.
func (m *memory) save() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.news) == 0 {
		return nil
	}
	all := m.read()
	for key, a := range m.news {
		all[key] = a
	}
	text, err := json.MarshalIndent(all, "", "\t")
	if err != nil {
		return err
	}
	if err := writeWhole(m.path, string(text)+"\n", 0o644); err != nil {
		return err
	}
	m.news = map[string]answered{}
	return nil
}
