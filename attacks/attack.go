// Package attacks is `codecollab attack`: programs that try to get out of the sandbox or to take more than their share, run
// against a real engine over Piston's API, and the look afterwards whether it still serves and what is left behind.
//
// An attack is a folder of programs/: attack.toml (Attack says what may stand in it) and its source, attack.c, attack.py or
// attack.sh, or several steps, 1-plant.py, 2-look.py, each a job of its own. A program judges itself: it prints a line "BREACH: …" for what
// got through, "HARMLESS: …" when nothing did, "SKIP: …" when it cannot be tried. programs/common/ is sent along with each.
package attacks

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

//go:embed programs
var programs embed.FS

// Attack is one folder of programs/.
//
// The words of Args, and the sources, may hold places that the command prepares on the host (see baits): {file}, a secret
// that everybody may read; {open}, a file that everybody may write; {name}, the name of a secret variable of the engine's
// environment; {tcp}, {udp}, {abstract}, {socket}, where somebody listens; {pid}, a process; {shm}, the key of shared
// memory; {runner}, the engine's own port.
type Attack struct {
	Name     string            `toml:"-"`
	Title    string            `toml:"title"`    // what the program does, after its name
	Tries    string            `toml:"tries"`    // the line of Lines that it belongs to
	Language string            `toml:"language"` // Piston's name
	Args     []string          `toml:"args"`
	Input    int               `toml:"stdin_bytes"` // of standard input
	Terminal bool              `toml:"terminal"`    // runs in a pseudo-terminal
	Ends     []string          `toml:"ends"`        // how it may end (see Answer.ends); any of them will do. Default: harmless
	Seconds  float64           `toml:"seconds"`     // the answer must be there by then; default 10
	Limits   map[string]int    `toml:"limits"`      // fields of the request
	Collect  bool              `toml:"collect"`     // asks for the files that it leaves
	Wanted   []string          `toml:"wanted"`      // files that must come back, where the engine gives files
	Unwanted []string          `toml:"unwanted"`    // and those that must not
	Weaker   map[string]string `toml:"weaker"`      // tier → why a breach is known there: a part of what "weaker" means
	Bare     bool              `toml:"bare"`        // does no harm on a machine without any sandbox
	Steps    []Step            `toml:"-"`
}

// Step is one job of an attack.
type Step struct {
	File   string // its name, which the program sees
	Source string
}

// Lines are the kinds of attack that there must be programs for, by their keys.
var Lines = map[string]string{
	"secrets":       "reading secrets of the host, the server's environment and files",
	"network":       "network to loopback and out",
	"abstract":      "abstract sockets",
	"shared-memory": "shared memory across jobs",
	"signals":       "signalling host processes",
	"ptrace":        "ptrace",
	"proc":          "looking through /proc",
	"fork-bombs":    "fork bombs, slow and fast, and threads",
	"memory-bombs":  "memory bombs, of one process and of many",
	"filling":       "filling /dev/shm, disk and inodes",
	"floods":        "floods of stdout and stderr",
	"endless":       "spinning and sleeping for ever",
	"daemons":       "double-forked daemons",
	"descriptors":   "file descriptor exhaustion",
	"outputs":       "symlinks, FIFOs and devices in place of output files",
	"toolchain":     "writing to the toolchain",
	"mounts":        "mount and namespace tricks",
	"setuid":        "setuid programs and capabilities",
	"foreign-calls": "32-bit and x32 system calls",
	"kernel":        "the kernel's risky surface",
	"deep":          "deep directories and long arguments",
	"persistence":   "persistence into a later job",
	"priority":      "raising priority and limits",
	"stdin":         "ignoring stdin",
	"streams":       "closing the standard streams",
	"judge0":        "the published escapes of Judge0",
}

// Load reads all attacks, sorted by name.
func Load() ([]Attack, error) {
	manifests, err := fs.Glob(programs, "programs/*/attack.toml")
	if err != nil {
		return nil, err
	}
	var all []Attack
	for _, m := range manifests {
		a, err := load(path.Dir(m))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m, err)
		}
		all = append(all, a)
	}
	return all, nil
}

func load(dir string) (Attack, error) {
	a := Attack{Name: path.Base(dir), Ends: []string{"harmless"}, Seconds: 10}
	meta, err := toml.DecodeFS(programs, dir+"/attack.toml", &a)
	if err != nil {
		return a, err
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return a, fmt.Errorf("there is no setting %q", unknown[0].String())
	}
	files, err := fs.ReadDir(programs, dir)
	if err != nil {
		return a, err
	}
	for _, f := range files { // sorted by name, as steps are to be run
		if f.Name() == "attack.toml" {
			continue
		}
		source, err := fs.ReadFile(programs, dir+"/"+f.Name())
		if err != nil {
			return a, err
		}
		a.Steps = append(a.Steps, Step{f.Name(), string(source)})
	}
	return a, a.check()
}

func (a *Attack) check() error {
	switch {
	case a.Title == "" || a.Language == "" || len(a.Ends) == 0 || a.Seconds <= 0:
		return fmt.Errorf("title, language, ends and seconds are needed")
	case Lines[a.Tries] == "":
		return fmt.Errorf("tries = %q is no line of Lines", a.Tries)
	case len(a.Steps) == 0:
		return fmt.Errorf("there is no program")
	case (len(a.Wanted) > 0 || len(a.Unwanted) > 0) && !a.Collect:
		return fmt.Errorf("files are wanted or unwanted, but collect is not set")
	case len(a.Steps) > 1 && slices.ContainsFunc(a.Steps, func(s Step) bool { return s.File[0] < '1' || s.File[0] > '9' }):
		return fmt.Errorf("steps begin with their number")
	}
	return nil
}

// request is what is sent for a step: the fields of Piston's /execute.
func (a *Attack) request(s Step, places *strings.Replacer) map[string]any {
	files := []map[string]string{{"name": s.File, "content": places.Replace(s.Source)}}
	for _, name := range common[path.Ext(s.File)] {
		text, err := fs.ReadFile(programs, "programs/common/"+name)
		if err == nil {
			files = append(files, map[string]string{"name": name, "content": string(text)})
		}
	}
	args := []string{}
	for _, word := range a.Args {
		args = append(args, places.Replace(word))
	}
	r := map[string]any{"language": a.Language, "version": "*", "files": files, "args": args, "stdin": strings.Repeat("x", a.Input)}
	for name, value := range a.Limits {
		r[name] = value
	}
	if a.Collect {
		r["collect"] = true
	}
	return r
}

// common is what is sent along, by the extension of the program.
var common = map[string][]string{".c": {"common.h"}, ".py": {"common.py"}, ".sh": {"common.sh"}}
