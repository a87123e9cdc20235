// Package languages is the catalogue: one folder of data for each language that programs can be written in.
//
// A folder holds language.toml (Language says what may stand in it), sample.<extension>, a program to meet, and
// tests/: hello and unicode (exact output), echo (repeats its input), error (must end non-zero); and lib/, where a language
// needs a few lines of ours to be run at all. Lines of that kind which several need stand beside the folders. A file that the
// Go tool would take for a part of this module has ".txt" at its end. Nothing in Go code depends on a language's name: to
// add a language, add a folder.
package languages

import "slices"

// Language is one manifest with the programs beside it.
//
// Commands and the values of Environment may hold: {file}, the first file; {stem}, it without its extension; {sources}, as
// a word of its own, all files of the language; {heap_mib}, three quarters of the memory limit, for runtimes that look at
// the host's memory; {cache}, the folder of the compile cache; {tools}, the folder of what npm and Go installed for this
// language (node_modules/, bin/); {lib}, the folder of Lib. Version.Command knows the last two and {heap_mib}.
type Language struct {
	ID         string            `toml:"id"` // Piston's name
	Name       string            `toml:"name"`
	VariantOf  string            `toml:"variant_of"` // id of the language that this is a dialect or another implementation of
	Aliases    []string          `toml:"aliases"`
	Source     string            `toml:"source"`     // name of the first file when the user gave none
	Extensions []string          `toml:"extensions"` // of sources, without the dot
	Headers    []string          `toml:"headers"`    // of files that belong to the language but are not compiled
	Editor     string            `toml:"editor"`     // mode of the editor; "text" where there is none
	Comments   Comments          `toml:"comments"`
	Indent     string            `toml:"indent"`  // what one level is made of: "\t" or so many spaces; empty: the editor's default
	Runtime    string            `toml:"runtime"` // what runs it, where Piston's clients tell implementations apart
	Path       []string          `toml:"path"`    // folders before the usual PATH
	Version    Version           `toml:"version"`
	Compile    Command           `toml:"compile"` // empty when there is nothing to compile
	Run        Command           `toml:"run"`     // the user's arguments follow
	Format     Format            `toml:"format"`
	Analyse    Analyse           `toml:"analyse"`
	Errors     []string          `toml:"errors"` // patterns of lines that name a place in a source: ErrorGroups
	Env        map[string]string `toml:"environment"`
	Limits     Limits            `toml:"limits"`
	Trees      []Tree            `toml:"trees"`
	Cache      Cache             `toml:"cache"`
	Install    Install           `toml:"install"`
	Shared     []string          `toml:"shared"`   // drivers beside the folders that Lib has, too
	Untested   map[string]string `toml:"untested"` // why there is no such test: "echo", "unicode" or "error"

	Sample   string            `toml:"-"` // a program to meet
	WarmFile string            `toml:"-"` // text of Cache.Source
	Lib      map[string]string `toml:"-"` // small drivers of ours, from lib/: path to text
	Tests    []Test            `toml:"-"` // by name
}

// Command is a program and its arguments, without a shell.
type Command struct {
	Command []string `toml:"command"`
}

// Comments are the tokens of comments: of one that ends with the line, and the pair around one that does not.
type Comments struct {
	Line  string   `toml:"line"`
	Block []string `toml:"block"`
}

// Format is a formatter: it reads a source on standard input, and prints it again as it should be. Apt is what it needs beside
// the language; where that is missing there is no formatter.
type Format struct {
	Command []string `toml:"command"`
	Apt     []string `toml:"apt"`
}

// Analyse are analysers, which hints ask when they are there: each program by its name or place, and the Debian packages that bring
// them. How they are called is known to the driver of the language in internal/hint/drivers.
type Analyse struct {
	Programs []string `toml:"programs"`
	Apt      []string `toml:"apt"`
}

// Packages are the Debian packages of a language with all that belongs to it.
func (l *Language) Packages() []string {
	return slices.Concat(l.Install.Apt, l.Format.Apt, l.Analyse.Apt)
}

// ErrorGroups are the names of groups that a pattern in Errors may have; file and line it must have.
var ErrorGroups = []string{"file", "line", "column", "message"}

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
	From string `toml:"from"` // in the language's environment
	To   string `toml:"to"`   // empty: the same path
}

// Cache is a compile cache, filled once by compiling Source with Command and then given to every run, copied on write.
type Cache struct {
	Source  string   `toml:"source"`
	Command []string `toml:"command"`
}

// Install says how to get the language.
type Install struct {
	Core    bool     `toml:"core"`    // one of the popular ones that a new server wants
	Release string   `toml:"release"` // the Debian release that has it, where that is not the newest one known
	Apt     []string `toml:"apt"`     // Debian's packages
	NPM     []string `toml:"npm"`     // npm's packages, "name@version"
	Go      []string `toml:"go"`      // Go programs, "module/path@version"
	Note    string   `toml:"note"`
}

// Test is a program with what it must do.
type Test struct {
	Name   string // "hello", "echo", "unicode", "error"
	Source string
	Stdin  string
	Stdout string // exact; not looked at when Fails
	Fails  bool   // must end non-zero
}

// Proved says whether the language has all tests: none is missing for a reason.
func (l Language) Proved() bool { return len(l.Untested) == 0 }

// Catalogue is all languages, by id.
type Catalogue []Language

// Find looks a language up by id or alias, as Piston does: exactly.
func (c Catalogue) Find(name string) (Language, bool) {
	for _, l := range c {
		if l.ID == name || slices.Contains(l.Aliases, name) {
			return l, true
		}
	}
	return Language{}, false
}
