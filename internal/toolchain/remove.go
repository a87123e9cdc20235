package toolchain

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"codecollab.dev/languages"
)

// Remove takes a language away: its folder of npm and Go programs, and those of its Debian packages that no other installed language
// needs. What the machine itself has stays.
func (i *Installer) Remove(ctx context.Context, l languages.Language) error {
	unlock, err := i.store.lock()
	if err != nil {
		return err
	}
	defer unlock()
	found := false
	title := "removing " + l.ID
	i.options.Progress(Event{Step: 1, Steps: 1, Title: title, Percent: -1})
	names, err := i.store.names()
	if err != nil {
		return err
	}
	for _, name := range names {
		m, err := i.store.made(name)
		if err != nil {
			return err
		}
		if m == nil || !slices.Contains(m.Languages, l.ID) {
			continue
		}
		found = true
		m.Languages = without(m.Languages, []string{l.ID})
		if err := i.removePackages(ctx, name, l, m.Languages); err != nil {
			return failed(ctx, title+" from "+name, err)
		}
		if err := i.store.note(name, m); err != nil {
			return failed(ctx, title+" from "+name, err)
		}
	}
	tools := filepath.Join(i.store.Tools(), l.ID)
	if _, err := os.Stat(tools); err == nil {
		found = true
		gone := filepath.Join(i.store.Tools(), "."+l.ID+".old")
		if err := errors.Join(os.RemoveAll(gone), os.Rename(tools, gone), os.RemoveAll(gone)); err != nil {
			return failed(ctx, title, err)
		}
	}
	if !found {
		return fmt.Errorf("%s has not been installed here, so it is not removed; what this machine has by itself stays", l.ID)
	}
	return nil
}

// removePackages gives up the packages of one language; apt then removes what nobody needs any more.
func (i *Installer) removePackages(ctx context.Context, name string, l languages.Language, stay []string) error {
	var keep []string
	for _, id := range stay {
		if other, ok := i.all.Find(id); ok {
			keep = append(keep, other.Packages()...)
		}
	}
	a := apt{i: i, root: i.store.root(name)}
	have, err := readPackages(a.root)
	if err != nil {
		return err
	}
	drop := without(l.Packages(), keep)
	drop = slices.DeleteFunc(drop, func(p string) bool { return !have.known[p] })
	if len(drop) == 0 {
		return nil
	}
	if _, err := i.run(ctx, a.task(append([]string{"apt-mark", "auto"}, drop...)...)); err != nil {
		return err
	}
	_, err = i.run(ctx, a.task("apt-get", "autoremove", "--purge", "--yes", "-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Use-Pty=0",
		"-o", "APT::AutoRemove::SuggestsImportant=false", "-o", "APT::AutoRemove::RecommendsImportant=false"))
	return err
}

// RemoveEnvironment takes an environment away as a whole, with all its languages.
func (i *Installer) RemoveEnvironment(name string) error {
	unlock, err := i.store.lock()
	if err != nil {
		return err
	}
	defer unlock()
	m, err := i.store.made(name)
	if err != nil {
		return err
	}
	if m == nil {
		return fmt.Errorf("there is no environment %q", name)
	}
	// First it is no environment any more, then its files go.
	path := i.store.environment(name)
	if err := os.Rename(path, path+".old"); err != nil {
		return err
	}
	return os.RemoveAll(path + ".old")
}

// names lists the complete environments of the store.
func (s *Store) names() ([]string, error) {
	found, err := filepath.Glob(filepath.Join(s.dir, "environments", "*", "made.json"))
	var names []string
	for _, path := range found {
		names = append(names, filepath.Base(filepath.Dir(path)))
	}
	return names, err
}
