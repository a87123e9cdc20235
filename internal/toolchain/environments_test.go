package toolchain

import (
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"codecollab.dev/languages"
)

// make test-environments sets it: an environment is a few hundred megabytes out of the network, and takes minutes.
var environments = flag.Bool("environments", false, "make real environments with debootstrap, apt, npm and Go")

// real is the life of one environment; each part goes on from where the one before it ended.
type real struct {
	store *Store
	all   languages.Catalogue
}

func (r *real) language(id string) languages.Language {
	l, _ := r.all.Find(id)
	return l
}

func (r *real) plan(t *testing.T, i *Installer, ids ...string) *Plan {
	t.Helper()
	var wanted []languages.Language
	for _, id := range ids {
		wanted = append(wanted, r.language(id))
	}
	p, err := i.Plan(t.Context(), wanted)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (r *real) installer(o Options) *Installer { return NewInstaller(r.store, r.all, o) }

// stopWhen is a context, and a progress that ends it.
func stopWhen(t *testing.T, is func(Event) bool) (context.Context, func(Event)) {
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	return ctx, func(e Event) {
		if is(e) {
			cancel()
		}
	}
}

// mustBeQuiet fails when anything of ours is mounted or runs.
func (r *real) mustBeQuiet(t *testing.T) {
	t.Helper()
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil || strings.Contains(string(mounts), r.store.dir) {
		t.Errorf("mounts are left: %s, %v", mounts, err)
	}
	if out, err := exec.CommandContext(t.Context(), "pgrep", "-fa", r.store.dir).Output(); err == nil {
		t.Errorf("processes are left: %s", out)
	}
}

func (r *real) mustHave(t *testing.T, ids ...string) {
	t.Helper()
	m, err := r.store.made(usual)
	if err != nil || m == nil || !slices.Equal(m.Languages, ids) {
		t.Errorf("languages: %+v, %v; want %v", m, err, ids)
	}
	r.mustBeWhole(t)
	r.mustBeQuiet(t)
}

func (r *real) mustBeWhole(t *testing.T) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "chroot", r.store.root(usual), "/usr/bin/dpkg", "--audit").CombinedOutput()
	if p, readErr := readPackages(r.store.root(usual)); err != nil || readErr != nil || len(out) > 0 || interrupted(r.store.root(usual), p) {
		t.Errorf("dpkg is not content: %s%v, %v", out, err, readErr)
	}
}

func TestEnvironments(t *testing.T) {
	if !*environments {
		t.Skip("real environments are made with the flag -environments, in make test-environments")
	}
	if os.Geteuid() != 0 {
		t.Skip("environments need root")
	}
	r := &real{store: Open(t.TempDir()), all: languages.Catalogue{
		language("lua", languages.Install{Apt: []string{"lua5.4"}}),
		language("tcl", languages.Install{Apt: []string{"tcl"}}),
		language("ruby", languages.Install{Apt: []string{"ruby"}}),
		language("broken", languages.Install{Apt: []string{"codecollab-broken"}}),
		language("provided", languages.Install{Apt: []string{"libghc-text-dev"}}), // ghc provides it
		language("misspelt", languages.Install{Apt: []string{"no-such-package-anywhere"}}),
		language("typescript", languages.Install{NPM: []string{"left-pad@1.3.0"}}),
		language("npm-inside", languages.Install{NPM: []string{"left-pad@1.2.0"}}),
		language("shfmt", languages.Install{Go: []string{"mvdan.cc/sh/v3/cmd/shfmt@v3.11.0"}}),
		language("unknown-npm", languages.Install{NPM: []string{"left-pad@99.99.99"}}),
	}}
	for _, part := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"a new one is planned", r.testPlanNew},
		{"debootstrap is stopped", r.testStopBootstrap},
		{"made", r.testMake},
		{"dpkg is stopped and goes on", r.testStopPackages},
		{"a package that fails is taken away again", r.testBrokenPackage},
		{"npm and Go", r.testTools},
		{"npm of the environment", r.testToolsInside},
		{"removed", r.testRemove},
	} {
		if !t.Run(part.name, part.run) {
			return
		}
	}
}

func (r *real) testPlanNew(t *testing.T) {
	p := r.plan(t, r.installer(Options{}), "lua", "misspelt")
	if p.Refused["misspelt"] != "debian-13 has no package no-such-package-anywhere" || len(p.Environments) != 1 {
		t.Fatalf("%+v", p)
	}
	e := p.Environments[0]
	if !e.Make || !slices.Equal(e.Languages, []string{"lua"}) || !slices.Contains(e.Packages, "lua5.4") || !slices.Contains(e.Packages, "dpkg") {
		t.Errorf("%+v", e)
	}
	if p.Download() < 20e6 || p.Download() > 200e6 || p.Disk() < 80e6 || p.Disk() > 600e6 {
		t.Errorf("%s to download, %s on disk", Bytes(p.Download()), Bytes(p.Disk()))
	}
	if p := r.plan(t, r.installer(Options{}), "provided"); len(p.Environments) != 1 || !slices.Contains(p.Environments[0].Packages, "ghc") {
		t.Errorf("a name that another package provides: %+v", p)
	}
	if made, err := r.store.Environments(); err != nil || len(made) != 1 {
		t.Errorf("a plan has made %v, %v", made, err)
	}
}

func (r *real) testStopBootstrap(t *testing.T) {
	ctx, progress := stopWhen(t, func(e Event) bool { return strings.HasPrefix(e.Text, "Extracting") })
	i := r.installer(Options{Progress: progress})
	if err := i.Apply(ctx, r.plan(t, i, "lua")); !errors.Is(err, ErrInterrupted) {
		t.Fatal(err)
	}
	if made, err := r.store.Environments(); err != nil || len(made) != 1 {
		t.Errorf("half an environment is there: %v, %v", made, err)
	}
	r.mustBeQuiet(t)
}

func (r *real) testMake(t *testing.T) {
	var events []Event
	i := r.installer(Options{Progress: func(e Event) { events = append(events, e) }})
	if err := i.Apply(t.Context(), r.plan(t, i, "lua")); err != nil {
		t.Fatal(err)
	}
	r.mustHave(t, "lua")
	out, err := exec.CommandContext(t.Context(), "chroot", r.store.root(usual), "lua5.4", "-e", "print(1+1)").CombinedOutput()
	if err != nil || string(out) != "2\n" {
		t.Errorf("%s, %v", out, err)
	}
	last := events[len(events)-1]
	if last.Step != 2 || last.Steps != 2 || last.Percent < 90 {
		t.Errorf("the last event is %+v", last)
	}
	if p := r.plan(t, i, "lua"); !p.Empty() || !slices.Equal(p.Already, []string{"lua"}) {
		t.Errorf("a second time: %+v", p)
	}
}

func (r *real) testStopPackages(t *testing.T) {
	ctx, progress := stopWhen(t, func(e Event) bool { return e.Percent > 65 })
	i := r.installer(Options{Progress: progress})
	if err := i.Apply(ctx, r.plan(t, i, "ruby", "tcl")); !errors.Is(err, ErrInterrupted) {
		t.Fatal(err)
	}
	r.mustBeQuiet(t)
	p := r.plan(t, r.installer(Options{}), "ruby", "tcl")
	if len(p.Environments) != 1 || !p.Environments[0].Finish {
		t.Fatalf("dpkg was stopped, and the plan is %+v", p)
	}
	if err := r.installer(Options{}).Apply(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	r.mustHave(t, "lua", "ruby", "tcl")
}

// testBrokenPackage offers a package whose every script fails, together with one that is good.
func (r *real) testBrokenPackage(t *testing.T) {
	if err := r.installer(Options{}).Remove(t.Context(), r.language("tcl")); err != nil {
		t.Fatal(err)
	}
	r.offerBroken(t)
	i := r.installer(Options{})
	err := i.Apply(t.Context(), r.plan(t, i, "tcl", "broken"))
	step, ok := errors.AsType[*StepError](err)
	if !ok || !strings.Contains(step.Step, "broken in debian-13") || !strings.Contains(step.Words, "post-installation") {
		t.Errorf("%v", err)
	}
	r.mustHave(t, "lua", "ruby", "tcl")
	if p, err := readPackages(r.store.root(usual)); err != nil || p.known["codecollab-broken"] || !p.whole["tcl"] {
		t.Errorf("the broken package: %v, tcl: %v, %v", p.known["codecollab-broken"], p.whole["tcl"], err)
	}
}

// offerBroken puts a repository with one bad package into the root.
func (r *real) offerBroken(t *testing.T) {
	t.Helper()
	root := r.store.root(usual)
	for name, text := range map[string]string{
		"control":  "Package: codecollab-broken\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@example.org>\nDescription: it fails\n",
		"postinst": "#!/bin/sh\nexit 7\n", "prerm": "#!/bin/sh\nexit 7\n", "postrm": "#!/bin/sh\nexit 7\n",
	} {
		path := filepath.Join(root, "srv/broken/DEBIAN", name)
		writeFile(t, path, text)
		if err := os.Chmod(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.CommandContext(t.Context(), "chroot", root, "dpkg-deb", "--build", "/srv/broken", "/srv/broken.deb").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	deb, err := os.ReadFile(filepath.Join(root, "srv/broken.deb"))
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(root, "srv/Packages"), fmt.Sprintf("Package: codecollab-broken\nVersion: 1\nArchitecture: all\nFilename: ./broken.deb\nSize: %d\nSHA256: %x\n",
		len(deb), sha256.Sum256(deb)))
	writeFile(t, filepath.Join(root, "etc/apt/sources.list.d/broken.list"), "deb [trusted=yes] file:/srv ./\n")
	if err := os.Remove(filepath.Join(root, "var/lib/apt/lists/.fetched")); err != nil {
		t.Fatal(err)
	}
}

func (r *real) testTools(t *testing.T) {
	i := r.installer(Options{})
	p := r.plan(t, i, "typescript", "shfmt", "unknown-npm")
	err := i.Apply(t.Context(), p)
	step, ok := errors.AsType[*StepError](err)
	if !ok || !strings.Contains(step.Step, "unknown-npm (npm)") || !strings.Contains(step.Words, "left-pad@99.99.99") {
		t.Errorf("%v", err)
	}
	left, err := os.ReadDir(r.store.Tools())
	if err != nil || len(left) != 2 {
		t.Errorf("tools: %v, %v", left, err)
	}
	if _, err := os.Stat(filepath.Join(r.store.Tools(), "typescript/node_modules/left-pad/package.json")); err != nil {
		t.Error(err)
	}
	out, err := exec.CommandContext(t.Context(), filepath.Join(r.store.Tools(), "shfmt/bin/shfmt"), "--version").CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "v3.11.0" {
		t.Errorf("%s, %v", out, err)
	}
	r.mustBeQuiet(t)
	// The version that is there stays when another cannot be had.
	worse := r.language("typescript")
	worse.Install.NPM = []string{"left-pad@99.99.99"}
	p, err = i.Plan(t.Context(), []languages.Language{worse})
	if err != nil || len(p.Tools) != 1 {
		t.Fatal(p, err)
	}
	if err := i.Apply(t.Context(), p); err == nil {
		t.Error("a version that does not exist was installed")
	}
	if p := r.plan(t, i, "typescript"); !p.Empty() {
		t.Errorf("what was there has gone: %+v", p)
	}
}

// testToolsInside hides the machine's npm: that of the environment serves.
func (r *real) testToolsInside(t *testing.T) {
	bin := t.TempDir()
	for _, program := range []string{"apt-get", "apt-cache", "apt-config", "debootstrap", "mount", "chroot"} {
		path, err := exec.LookPath(program)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(bin, program)); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", bin)
	i := r.installer(Options{})
	p := r.plan(t, i, "npm-inside")
	if len(p.Environments) != 1 || !slices.Contains(p.Environments[0].Packages, "npm") {
		t.Fatalf("%+v", p)
	}
	if err := i.Apply(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(r.store.Tools(), "npm-inside/node_modules/left-pad/package.json")); err != nil {
		t.Error(err)
	}
	r.mustBeWhole(t)
}

func (r *real) testRemove(t *testing.T) {
	i := r.installer(Options{})
	for _, id := range []string{"ruby", "shfmt"} {
		if err := i.Remove(t.Context(), r.language(id)); err != nil {
			t.Fatal(err)
		}
	}
	r.mustHave(t, "lua", "tcl")
	p, err := readPackages(r.store.root(usual))
	if err != nil || p.known["ruby"] || p.known["libruby"] || !p.whole["lua5.4"] || !p.whole["bash"] {
		t.Errorf("%v, ruby %v, libruby %v, lua %v", err, p.known["ruby"], p.known["libruby"], p.whole["lua5.4"])
	}
	if err := i.Remove(t.Context(), r.language("ruby")); err == nil || !strings.Contains(err.Error(), "has not been installed here") {
		t.Error(err)
	}
	if err := i.RemoveEnvironment(usual); err != nil {
		t.Error(err)
	}
	if made, err := r.store.Environments(); err != nil || len(made) != 1 {
		t.Errorf("left: %v, %v", made, err)
	}
}
