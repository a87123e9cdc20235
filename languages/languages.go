// Package languages is the catalogue: one folder of data for each language that programs can be written in.
//
// A folder holds language.toml (Language says what may stand in it), sample.<extension>, a program to meet, and
// tests/: hello and unicode (exact output), echo (repeats its input), error (must end non-zero). A file that the Go tool
// would take for a part of this module has ".txt" at its end. Nothing in Go code depends on a language's name: to
// add a language, add a folder.
package languages

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

//go:embed */language.toml */sample.* */tests */warm.*
var folders embed.FS

// Language is one manifest with the programs beside it.
//
// Commands and the values of Environment may hold: {file}, the first file; {stem}, it without its extension; {sources}, as
// a word of its own, all files of the language; {heap_mib}, three quarters of the memory limit, for runtimes that look at
// the host's memory; {cache}, the folder of the compile cache. Tree.From may hold {npm}, where npm packages are installed.
type Language struct {
	ID         string            `toml:"id"` // Piston's name
	Name       string            `toml:"name"`
	Aliases    []string          `toml:"aliases"`
	Source     string            `toml:"source"`     // name of the first file when the user gave none
	Extensions []string          `toml:"extensions"` // of sources, without the dot
	Headers    []string          `toml:"headers"`    // of files that belong to the language but are not compiled
	Editor     string            `toml:"editor"`     // mode of the editor
	Runtime    string            `toml:"runtime"`    // what runs it, where Piston's clients tell implementations apart
	Path       []string          `toml:"path"`       // folders before the usual PATH
	Version    Version           `toml:"version"`
	Compile    Command           `toml:"compile"` // empty when there is nothing to compile
	Run        Command           `toml:"run"`     // the user's arguments follow
	Env        map[string]string `toml:"environment"`
	Limits     Limits            `toml:"limits"`
	Trees      []Tree            `toml:"trees"`
	Cache      Cache             `toml:"cache"`
	Install    Install           `toml:"install"`

	Sample   string `toml:"-"` // a program to meet
	WarmFile string `toml:"-"` // text of Cache.Source
	Tests    []Test `toml:"-"` // by name
}

// Command is a program and its arguments, without a shell.
type Command struct {
	Command []string `toml:"command"`
}

// Version says how to ask for the version; the first group of Pattern is the answer, and must be a semantic version
// but that minor and patch may be missing.
type Version struct {
	Command []string `toml:"command"`
	Pattern string   `toml:"pattern"`
}

// Limits raise the runner's defaults for a language that needs more. 0 leaves the default.
type Limits struct {
	CompileMemoryMiB int64 `toml:"compile_memory_mib"`
	CompileTasks     int   `toml:"compile_tasks"`
	CompileTimeoutMS int64 `toml:"compile_timeout_ms"`
	RunMemoryMiB     int64 `toml:"run_memory_mib"`
	RunTasks         int   `toml:"run_tasks"`
	RunTimeoutMS     int64 `toml:"run_timeout_ms"`
}

// Tree is what the sandbox shows beside /usr, read-only. From may be a pattern as in path.Match, when To is empty.
type Tree struct {
	From string `toml:"from"`
	To   string `toml:"to"` // empty: the same path
}

// Cache is a compile cache, filled once by compiling Source with Command and then given to every run, copied on write.
type Cache struct {
	Source  string   `toml:"source"`
	Command []string `toml:"command"`
}

// Install says how to get the language on Debian and Ubuntu.
type Install struct {
	Apt  []string `toml:"apt"`
	NPM  []string `toml:"npm"`
	Note string   `toml:"note"`
}

// Test is a program with what it must do.
type Test struct {
	Name   string // "hello", "echo", "unicode", "error"
	Source string
	Stdin  string
	Stdout string // exact; not looked at when Fails
	Fails  bool   // must end non-zero
}

// Catalogue is all languages, by id.
type Catalogue []Language

// Load reads the catalogue from the binary and checks all of it: an unknown key, a missing field or a name that two
// languages claim is an error.
func Load() (Catalogue, error) { return load(folders) }

func load(root fs.FS) (Catalogue, error) {
	manifests, err := fs.Glob(root, "*/language.toml")
	if err != nil {
		return nil, err
	}
	var all Catalogue
	taken := map[string]string{}
	for _, manifest := range manifests {
		l, err := loadOne(root, path.Dir(manifest))
		if err != nil {
			return nil, fmt.Errorf("languages/%s: %w", path.Dir(manifest), err)
		}
		for _, name := range append([]string{l.ID}, l.Aliases...) {
			if other, ok := taken[name]; ok {
				return nil, fmt.Errorf("languages/%s: the name %q belongs to %s already", path.Dir(manifest), name, other)
			}
			taken[name] = l.ID
		}
		all = append(all, l)
	}
	slices.SortFunc(all, func(a, b Language) int { return strings.Compare(a.ID, b.ID) })
	return all, nil
}

func loadOne(root fs.FS, dir string) (Language, error) {
	var l Language
	meta, err := toml.DecodeFS(root, path.Join(dir, "language.toml"), &l)
	if err != nil {
		return l, err
	}
	if extra := meta.Undecoded(); len(extra) > 0 {
		return l, fmt.Errorf("unknown key %q in language.toml", extra[0].String())
	}
	if err := l.check(); err != nil {
		return l, err
	}
	if l.Sample, err = readEither(root, path.Join(dir, "sample."+l.Extensions[0])); err != nil {
		return l, err
	}
	if l.Cache.Source != "" {
		if l.WarmFile, err = readEither(root, path.Join(dir, l.Cache.Source)); err != nil {
			return l, err
		}
	}
	for _, name := range []string{"echo", "error", "hello", "unicode"} {
		t, err := loadTest(root, path.Join(dir, "tests"), name, l.Extensions[0])
		if err != nil {
			return l, err
		}
		l.Tests = append(l.Tests, t)
	}
	return l, nil
}

func loadTest(root fs.FS, dir, name, extension string) (Test, error) {
	t := Test{Name: name, Fails: name == "error"}
	var err error
	if t.Source, err = readEither(root, path.Join(dir, name+"."+extension)); err != nil {
		return t, err
	}
	if in, err := fs.ReadFile(root, path.Join(dir, name+".in")); err == nil {
		t.Stdin = string(in)
	}
	if t.Fails {
		return t, nil
	}
	out, err := fs.ReadFile(root, path.Join(dir, name+".out"))
	t.Stdout = string(out)
	return t, err
}

// readEither reads the file or, if there is none, the one with ".txt" behind its name.
func readEither(root fs.FS, name string) (string, error) {
	b, err := fs.ReadFile(root, name)
	if err != nil {
		if hidden, second := fs.ReadFile(root, name+".txt"); second == nil {
			return string(hidden), nil
		}
	}
	return string(b), err
}

func (l *Language) check() error {
	missing := map[string]bool{
		"id": l.ID == "", "name": l.Name == "", "source": l.Source == "", "extensions": len(l.Extensions) == 0,
		"editor": l.Editor == "", "version.command": len(l.Version.Command) == 0, "run.command": len(l.Run.Command) == 0,
	}
	for key, is := range missing {
		if is {
			return fmt.Errorf("language.toml must have %s", key)
		}
	}
	re, err := regexp.Compile(l.Version.Pattern)
	if err != nil {
		return fmt.Errorf("version.pattern: %w", err)
	}
	if re.NumSubexp() != 1 {
		return fmt.Errorf("version.pattern must have exactly one group, the version")
	}
	if (l.Cache.Source == "") != (len(l.Cache.Command) == 0) {
		return fmt.Errorf("cache must have both source and command")
	}
	return nil
}

// Find looks a language up by id or alias, as Piston does: exactly.
func (c Catalogue) Find(name string) (Language, bool) {
	for _, l := range c {
		if l.ID == name || slices.Contains(l.Aliases, name) {
			return l, true
		}
	}
	return Language{}, false
}
