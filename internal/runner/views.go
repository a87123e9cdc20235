package runner

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"codecollab.dev/internal/runner/sandbox"
	"codecollab.dev/internal/toolchain"
	"codecollab.dev/languages"
)

// toolsDir is what npm and Go installed, driversDir what the catalogue brings itself.
func (o Options) toolsDir() string   { return toolchain.Open(o.DataDir).Tools() }
func (o Options) driversDir() string { return filepath.Join(o.DataDir, "drivers") }

// packageLists are Debian's lists of packages. Some languages know their version from nothing else; programs do not see them.
const packageLists = "/var/lib/dpkg/"

// askView is the view in which an environment is asked for versions.
func askView(e toolchain.Environment) string { return "ask " + e.Name }

// viewIn is what cells show of an environment, but for compile caches: what the manifests want beside /usr, and our own folders.
func (o Options) viewIn(e toolchain.Environment, all languages.Catalogue, asking bool) (sandbox.View, error) {
	v := sandbox.View{Root: e.Root, Trees: []sandbox.Tree{{From: o.toolsDir(), To: toolsPlace}, {From: o.driversDir(), To: driversPlace}}}
	if st, err := os.Stat(e.Root); err == nil {
		v.Stamp = stampOf(st)
	}
	add := func(from, to string) {
		if !slices.ContainsFunc(v.Trees, func(t sandbox.Tree) bool { return t.To == to }) {
			v.Trees = append(v.Trees, sandbox.Tree{From: from, To: to, Inside: true})
		}
	}
	for _, l := range all {
		for _, t := range l.Trees {
			if strings.HasPrefix(t.From, packageLists) && !asking {
				continue
			}
			if t.To != "" || !strings.ContainsAny(t.From, `*?[\`) {
				to := t.To
				if to == "" {
					to = t.From
				}
				add(t.From, to)
				continue
			}
			matches, err := sandbox.Glob(e.Root, t.From)
			if err != nil {
				return v, fmt.Errorf("languages: %s: tree %q: %w", l.ID, t.From, err)
			}
			for _, m := range matches {
				add(m, m)
			}
		}
	}
	return v, nil
}

// showViews lets new cells see what environments, trees and compile caches there are by now.
func (s *Server) showViews() error {
	s.shaping.Lock()
	defer s.shaping.Unlock()
	views := map[string]sandbox.View{}
	have := s.list()
	for _, e := range s.environments() {
		ask, err := s.options.viewIn(e, s.catalogue, true)
		if err != nil {
			return err
		}
		v, err := s.options.viewIn(e, s.catalogue, false)
		if err != nil {
			return err
		}
		views[askView(e)] = ask
		for _, l := range have {
			if l.environment.Name == e.Name && s.hasCache(l) {
				v.Trees = append(v.Trees, sandbox.Tree{From: s.cacheDir(l), To: "/cache/" + l.ID, Overlay: true})
			}
		}
		views[viewOf(e)] = v
	}
	s.sandbox.SetViews(views)
	return nil
}

// writeDrivers puts the catalogue's own small programs where cells see them. Files of another text are replaced, never changed.
func (o Options) writeDrivers(all languages.Catalogue) error {
	for _, dir := range []string{o.driversDir(), o.toolsDir()} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	for _, l := range all {
		for name, text := range l.Lib {
			if err := writeWhole(filepath.Join(o.driversDir(), l.ID, filepath.FromSlash(name)), text, 0o755); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeWhole writes a file so that nobody ever sees half of it.
func writeWhole(path, text string, mode os.FileMode) error {
	if b, err := os.ReadFile(path); err == nil && string(b) == text {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".new-")
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Chmod(mode), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
