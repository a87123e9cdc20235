package toolchain

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"codecollab.dev/languages"
)

// Plan is what an installation would do.
type Plan struct {
	Environments []EnvironmentPlan `json:"environments"`
	Tools        []ToolPlan        `json:"tools"`   // what npm and Go install
	Already      []string          `json:"already"` // languages for which there is nothing to do
	Refused      map[string]string `json:"refused"` // languages that cannot be installed, and why
	Free         int64             `json:"free"`    // bytes that the disk has left
}

// EnvironmentPlan is what is installed into one environment.
type EnvironmentPlan struct {
	Name      string   `json:"name"`
	Make      bool     `json:"make"`   // it is not there yet
	Finish    bool     `json:"finish"` // an earlier installation was interrupted
	Languages []string `json:"languages"`
	Packages  []string `json:"packages"` // that come new, with those that they need
	Download  int64    `json:"download"` // bytes
	Disk      int64    `json:"disk"`     // bytes

	wanted map[string][]string // packages by language
	extra  []string            // for npm and Go
}

// ToolPlan is what npm and Go bring for one language. How large that is, nobody says beforehand.
type ToolPlan struct {
	Language string   `json:"language"`
	NPM      []string `json:"npm"`
	Go       []string `json:"go"`
}

// Empty tells whether there is nothing to do.
func (p *Plan) Empty() bool { return len(p.Environments)+len(p.Tools) == 0 }

// Download is how many bytes of Debian's packages will be fetched.
func (p *Plan) Download() (sum int64) {
	for _, e := range p.Environments {
		sum += e.Download
	}
	return sum
}

// Disk is how many bytes they will take.
func (p *Plan) Disk() (sum int64) {
	for _, e := range p.Environments {
		sum += e.Disk
	}
	return sum
}

// Plan finds out what has to be done for these languages. It fetches lists of packages, and changes nothing else.
func (i *Installer) Plan(ctx context.Context, wanted []languages.Language) (*Plan, error) {
	unlock, err := i.store.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	p := &Plan{Refused: map[string]string{}}
	if p.Free, err = i.store.free(); err != nil {
		return nil, err
	}
	by := map[string]*EnvironmentPlan{}
	for _, l := range wanted {
		if err := i.sort(p, by, l); err != nil {
			return nil, err
		}
	}
	if err := i.managers(p, by); err != nil {
		return nil, err
	}
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(by))) {
		e := by[name]
		if err := i.resolve(ctx, p, e); err != nil {
			return nil, err
		}
		if e.Make || e.Finish || len(e.Languages)+len(e.extra) > 0 {
			p.Environments = append(p.Environments, *e)
		}
	}
	// npm's part of a language without its Debian part would be of no use.
	p.Tools = slices.DeleteFunc(p.Tools, func(t ToolPlan) bool { return p.Refused[t.Language] != "" })
	return p, nil
}

// sort puts a language where it belongs in the plan.
func (i *Installer) sort(p *Plan, by map[string]*EnvironmentPlan, l languages.Language) error {
	if len(l.Install.Apt)+len(l.Install.NPM)+len(l.Install.Go) == 0 {
		p.Refused[l.ID] = strings.TrimSpace("nobody packages it. " + l.Install.Note)
		return nil
	}
	if r := l.Install.Release; i.options.Host && r != "" && r != hostRelease() {
		p.Refused[l.ID] = "its packages are those of " + r + ", which this machine is not"
		return nil
	}
	todo := false
	if name := i.environmentOf(l); name != "" {
		e, err := i.environmentPlan(by, name)
		if err != nil {
			return fmt.Errorf("languages/%s: %w", l.ID, err)
		}
		apt := l.Packages()
		there, err := i.there(name, l.ID, apt)
		if err != nil {
			return err
		}
		if !there {
			e.Languages, e.wanted[l.ID], todo = append(e.Languages, l.ID), apt, true
		}
		todo = todo || e.Finish
	}
	if t := (ToolPlan{l.ID, l.Install.NPM, l.Install.Go}); len(t.NPM)+len(t.Go) > 0 && !i.store.hasTools(t) {
		p.Tools, todo = append(p.Tools, t), true
	}
	if !todo {
		p.Already = append(p.Already, l.ID)
	}
	return nil
}

func (i *Installer) environmentPlan(by map[string]*EnvironmentPlan, name string) (*EnvironmentPlan, error) {
	if by[name] != nil {
		return by[name], nil
	}
	if _, err := codename(name); err != nil && name != Host {
		return nil, err
	}
	m, err := i.store.made(name)
	if err != nil {
		return nil, err
	}
	e := &EnvironmentPlan{Name: name, Make: m == nil, wanted: map[string][]string{}}
	if !e.Make {
		have, err := readPackages(i.store.root(name))
		if err != nil {
			return nil, err
		}
		e.Finish = interrupted(i.store.root(name), have)
	}
	by[name] = e
	return e, nil
}

// there tells whether a language has been installed in an environment with all its packages.
func (i *Installer) there(name, id string, apt []string) (bool, error) {
	m, err := i.store.made(name)
	if m == nil || err != nil {
		return false, err
	}
	have, err := readPackages(i.store.root(name))
	return (name == Host || slices.Contains(m.Languages, id)) && have.has(apt), err
}

// managers adds npm and Go to an environment when the machine has none.
func (i *Installer) managers(p *Plan, by map[string]*EnvironmentPlan) error {
	for _, m := range []struct {
		program, apt string
		used         func(ToolPlan) bool
	}{
		{"npm", "npm", func(t ToolPlan) bool { return len(t.NPM) > 0 }},
		{"go", "golang-go", func(t ToolPlan) bool { return len(t.Go) > 0 }},
	} {
		if !slices.ContainsFunc(p.Tools, m.used) {
			continue
		}
		if _, err := exec.LookPath(m.program); err == nil {
			continue
		}
		e, err := i.environmentPlan(by, i.toolsIn())
		if err != nil {
			return err
		}
		have, err := readPackages(i.store.root(e.Name))
		if err != nil {
			return err
		}
		if !have.whole[m.apt] {
			e.extra = append(e.extra, m.apt)
		}
	}
	return nil
}

// toolsIn is the environment whose npm and Go are used when the machine has none.
func (i *Installer) toolsIn() string {
	if i.options.Host {
		return Host
	}
	return usual
}

// resolve asks apt what the packages of a plan bring with them.
func (i *Installer) resolve(ctx context.Context, p *Plan, e *EnvironmentPlan) error {
	if len(e.Languages)+len(e.extra) == 0 {
		return nil
	}
	i.options.Progress(Event{Title: "looking at Debian's packages for " + e.Name, Percent: -1})
	a, base, err := i.planner(ctx, e)
	if err != nil {
		return err
	}
	if err := i.refuseUnknown(ctx, a, p, e); err != nil {
		return err
	}
	debs, err := a.simulate(ctx, append(base, e.names(e.Languages)...))
	if err != nil && ctx.Err() == nil {
		debs, err = i.resolveEach(ctx, a, base, p, e)
	}
	if err != nil {
		return failed(ctx, "planning "+e.Name, err)
	}
	for _, d := range debs {
		e.Packages = append(e.Packages, d.Name)
		e.Download += d.Download
		e.Disk += d.Disk
	}
	slices.Sort(e.Packages)
	return nil
}

// names are the packages of some languages of the plan, with those that npm and Go need.
func (e *EnvironmentPlan) names(ids []string) []string {
	all := slices.Clone(e.extra)
	for _, id := range ids {
		all = append(all, e.wanted[id]...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// planner is the apt to ask, and what a new environment has from the start.
func (i *Installer) planner(ctx context.Context, e *EnvironmentPlan) (apt, []string, error) {
	if !e.Make {
		a := apt{i: i, root: i.store.root(e.Name)}
		if err := enter(a.root); err != nil {
			return a, nil, err
		}
		if err := a.update(ctx, a.lists()); err != nil || !e.Finish {
			return a, nil, err
		}
		err := a.planAsFinished()
		return a, nil, err
	}
	if err := needed(); err != nil {
		return apt{}, nil, err
	}
	a, lists, err := i.draft(ctx, e.Name)
	if err != nil {
		return a, nil, err
	}
	return a, []string{"apt", "ca-certificates", "?priority(required)"}, a.update(ctx, lists)
}

// draft is an apt with settings of its own, which knows the packages of a release that is not here yet.
func (i *Installer) draft(ctx context.Context, name string) (apt, string, error) {
	release, err := codename(name)
	if err != nil {
		return apt{}, "", err
	}
	from, err := i.sources(ctx)
	if err != nil {
		return apt{}, "", err
	}
	dir := filepath.Join(i.store.dir, "environments", ".plan-"+name)
	lists := filepath.Join(dir, "lists")
	for _, folder := range []string{"lists/partial", "cache/archives/partial"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			return apt{}, "", err
		}
	}
	settings := fmt.Sprintf(`Dir::State %q;
Dir::State::lists %q;
Dir::State::status %q;
Dir::Cache %q;
Dir::Etc::SourceList %q;
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
APT::Sandbox::User "root";
APT::Install-Recommends "false";
%s`, dir, lists, filepath.Join(dir, "status"), filepath.Join(dir, "cache"), filepath.Join(dir, "sources.list"), from.proxies)
	err = errors.Join(
		os.WriteFile(filepath.Join(dir, "status"), nil, 0o644),
		os.WriteFile(filepath.Join(dir, "sources.list"), []byte(from.list(release)), 0o644),
		os.WriteFile(filepath.Join(dir, "apt.conf"), []byte(settings), 0o644),
	)
	return apt{i: i, settings: filepath.Join(dir, "apt.conf")}, lists, err
}

// refuseUnknown takes the languages out of the plan whose packages a release does not have.
func (i *Installer) refuseUnknown(ctx context.Context, a apt, p *Plan, e *EnvironmentPlan) error {
	missing, err := a.unknown(ctx, e.names(e.Languages))
	if err != nil {
		return failed(ctx, "planning "+e.Name, err)
	}
	e.Languages = slices.DeleteFunc(e.Languages, func(id string) bool {
		for _, name := range e.wanted[id] {
			if missing[name] {
				p.Refused[id] = fmt.Sprintf("%s has no package %s", e.Name, name)
				return true
			}
		}
		return false
	})
	return nil
}

// resolveEach finds the languages that do not go with the others, one by one: this is slow, and seldom needed.
func (i *Installer) resolveEach(ctx context.Context, a apt, base []string, p *Plan, e *EnvironmentPlan) ([]deb, error) {
	debs, err := a.simulate(ctx, append(base, e.extra...))
	if err != nil {
		return nil, err
	}
	var good []string
	for n, id := range e.Languages {
		i.options.Progress(Event{Title: "looking at Debian's packages for " + e.Name, Text: id, Percent: 100 * float64(n) / float64(len(e.Languages))})
		next, err := a.simulate(ctx, append(base, e.names(append(good, id))...))
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			p.Refused[id] = "its packages do not go with the others: " + wordsOf(err)
			continue
		}
		good, debs = append(good, id), next
	}
	e.Languages = good
	return debs, nil
}

// wordsOf is what a package manager said, on one line.
func wordsOf(err error) string {
	if said, ok := errors.AsType[*saidError](err); ok && said.words != "" {
		return strings.ReplaceAll(said.words, "\n", "; ")
	}
	return err.Error()
}
