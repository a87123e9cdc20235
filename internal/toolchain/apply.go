package toolchain

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Apply does what was planned. A step that fails leaves what was before it, and the others are done all the same; the error
// then holds a StepError for each. When ctx ends the error is ErrInterrupted.
func (i *Installer) Apply(ctx context.Context, p *Plan) error {
	if need := p.Download() + p.Disk(); need > p.Free {
		return fmt.Errorf("the disk of %s has %s left and this needs %s: make room, choose fewer languages, or set runner-data to a larger disk",
			i.store.dir, Bytes(p.Free), Bytes(need))
	}
	unlock, err := i.store.lock()
	if err != nil {
		return err
	}
	defer unlock()
	if err := i.sweep(); err != nil {
		return err
	}
	w := &work{Installer: i, steps: len(p.Tools)}
	for _, e := range p.Environments {
		w.steps += e.steps()
	}
	lost := map[string]bool{} // languages whose Debian part failed
	for _, e := range p.Environments {
		if err := w.environment(ctx, e, lost); err != nil {
			return err
		}
	}
	for _, t := range p.Tools {
		if lost[t.Language] {
			w.steps--
			continue
		}
		w.begin("npm and Go programs of " + t.Language)
		if err := w.note(ctx, i.installTools(ctx, t, w.progress)); err != nil {
			return err
		}
	}
	return errors.Join(w.failures...)
}

// work is an installation that is going on.
type work struct {
	*Installer
	step, steps int
	title       string
	failures    []error
}

func (w *work) begin(title string) {
	w.step++
	w.title = title
	w.progress(0, "")
}

func (w *work) progress(percent float64, text string) {
	w.options.Progress(Event{Step: w.step, Steps: max(w.step, w.steps), Title: w.title, Text: text, Percent: percent})
}

// note keeps the failure of a step for the end. It returns those that end everything.
func (w *work) note(ctx context.Context, err error) error {
	if ctx.Err() != nil || errors.Is(err, ErrInterrupted) {
		return ErrInterrupted
	}
	if err != nil {
		w.failures = append(w.failures, err)
	}
	return nil
}

func (e EnvironmentPlan) steps() int {
	n := 0
	for _, is := range []bool{e.Make, e.Finish, len(e.Languages)+len(e.extra) > 0} {
		if is {
			n++
		}
	}
	return n
}

// environment brings one environment to what the plan says.
func (w *work) environment(ctx context.Context, e EnvironmentPlan, lost map[string]bool) error {
	lose := func(err error) error {
		for _, id := range e.Languages {
			lost[id] = true
		}
		return w.note(ctx, err)
	}
	if e.Make {
		w.begin("the environment " + e.Name)
		if err := w.bootstrap(ctx, e.Name, w.progress); err != nil {
			return lose(err)
		}
	}
	a := apt{i: w.Installer, root: w.store.root(e.Name)}
	if err := enter(a.root); err != nil {
		return lose(err)
	}
	if e.Finish {
		w.begin("what was interrupted in " + e.Name)
		w.progress(-1, "finishing it")
		if err := w.finish(ctx, a, e.Name); err != nil {
			return lose(err)
		}
	}
	if len(e.Languages)+len(e.extra) == 0 {
		return nil
	}
	w.begin("Debian packages for " + e.Name)
	if err := a.update(ctx, a.lists()); err != nil {
		return lose(err)
	}
	return w.packages(ctx, a, e, lost)
}

// packages installs all at once, which is fastest. When that fails it is undone and each language is tried alone, so that one
// broken package costs one language.
func (w *work) packages(ctx context.Context, a apt, e EnvironmentPlan, lost map[string]bool) error {
	err := w.transaction(ctx, a, e.Name, e.Languages, e.names(e.Languages))
	if err == nil {
		return w.note(ctx, w.tidy(ctx, a))
	}
	if ctx.Err() != nil || len(e.Languages) < 2 {
		for _, id := range e.Languages {
			lost[id] = true
		}
		return w.note(ctx, err)
	}
	w.progress(0, "something failed: now one language after the other")
	w.steps += len(e.Languages)
	for _, id := range e.Languages {
		w.begin("Debian packages of " + id + " for " + e.Name)
		if err := w.transaction(ctx, a, e.Name, []string{id}, e.names([]string{id})); err != nil {
			lost[id] = true
			if err := w.note(ctx, err); err != nil {
				return err
			}
		}
	}
	return w.note(ctx, w.tidy(ctx, a))
}

// transaction installs packages, or leaves what was there before.
func (w *work) transaction(ctx context.Context, a apt, name string, ids, debs []string) error {
	step := fmt.Sprintf("installing the Debian packages of %s in %s", few(ids), name)
	before, err := readPackages(a.root)
	if err != nil {
		return failed(ctx, step, err)
	}
	if err := a.install(ctx, debs, w.progress); err != nil {
		if ctx.Err() != nil {
			return ErrInterrupted // what is half-done is finished the next time
		}
		err = failed(ctx, step, err)
		w.progress(-1, "taking away again what was begun")
		return errors.Join(err, a.undo(ctx, before))
	}
	m, err := w.store.made(name)
	if err != nil {
		return failed(ctx, step, err)
	}
	m.Languages = append(m.Languages, ids...)
	return failed(ctx, step, w.store.note(name, m))
}

// finish completes what dpkg was doing when it was stopped, or takes it away.
func (w *work) finish(ctx context.Context, a apt, name string) error {
	if err := a.settle(ctx); err != nil && ctx.Err() == nil {
		have, err := readPackages(a.root)
		if err != nil {
			return err
		}
		before := packages{known: have.known}
		for _, half := range have.unsorted {
			delete(before.known, half)
		}
		if err := a.undo(ctx, before); err != nil {
			return failed(ctx, "finishing what was interrupted in "+name, err)
		}
	}
	if ctx.Err() != nil {
		return ErrInterrupted
	}
	m, err := w.store.made(name)
	if err != nil {
		return err
	}
	return w.store.note(name, m)
}

// tidy removes downloads.
func (w *work) tidy(ctx context.Context, a apt) error {
	return failed(ctx, "removing what was downloaded", a.clean(ctx))
}

// sweep removes what interrupted installations left beside the complete ones.
func (i *Installer) sweep() error {
	for _, pattern := range []string{"environments/*.new", "environments/*.old", "environments/.plan-*", "tools/.*"} {
		found, err := filepath.Glob(filepath.Join(i.store.dir, pattern))
		if err != nil {
			return err
		}
		for _, path := range found {
			if err := os.RemoveAll(path); err != nil {
				return fmt.Errorf("what an interrupted installation left cannot be removed: %w", err)
			}
		}
	}
	return nil
}

// few names up to five of them.
func few(ids []string) string {
	if len(ids) > 5 {
		return fmt.Sprintf("%s and %d more", strings.Join(ids[:4], ", "), len(ids)-4)
	}
	return strings.Join(ids, ", ")
}

// Bytes says a size as people do.
func Bytes(n int64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.0f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.0f kB", float64(n)/1e3)
}

// without is a list without some of its words.
func without(list, drop []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(w string) bool { return slices.Contains(drop, w) })
}
