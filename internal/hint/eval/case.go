// Package eval measures hints: it runs programs with known faults through an engine and counts which hints are relevant.
package eval

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"codecollab.dev/internal/hint"
)

// Case is a program with a known fault.
type Case struct {
	ID          string        `json:"id"`
	Language    string        `json:"language"`
	Kind        string        `json:"kind"` // compile, runtime or logic
	Category    hint.Category `json:"category"`
	Source      string        `json:"source"` // the file with the fault
	FaultyLines []int         `json:"faulty_lines"`
	FixedLine   string        `json:"fixed_line"`
	Keywords    []string      `json:"keywords"`
	Tests       []CaseTest    `json:"tests"`
	Files       []hint.File   `json:"-"`
	Main        string        `json:"-"` // the file to start
}

// CaseTest is a test of a case.
type CaseTest struct {
	Stdin  string `json:"stdin"`
	Expect string `json:"expect"`
}

const (
	caseFile  = "case.json"
	sizeLimit = 1 << 20 // bytes of one file of a case
)

// Load reads all cases of a folder: its subfolders with a case.json, in the order of their names.
func Load(dir string) ([]Case, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("the cases cannot be read: %w", err)
	}
	var out []Case
	for _, e := range entries {
		folder := filepath.Join(dir, e.Name())
		if !e.IsDir() {
			continue
		}
		if _, err := os.Stat(filepath.Join(folder, caseFile)); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		c, err := load(folder)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Join(folder, caseFile), err)
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s has no cases: a case is a folder in it with %s and the program", dir, caseFile)
	}
	return out, nil
}

func load(folder string) (c Case, err error) {
	data, err := os.ReadFile(filepath.Join(folder, caseFile))
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(data, &c); err != nil {
		return c, fmt.Errorf("it is damaged: %w", err)
	}
	if err := c.check(); err != nil {
		return c, err
	}
	root := os.DirFS(folder)
	err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || name == caseFile {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Size() > sizeLimit {
			return fmt.Errorf("%s has %d bytes, at most %d are read", name, info.Size(), sizeLimit)
		}
		text, err := fs.ReadFile(root, name)
		c.Files = append(c.Files, hint.File{Name: name, Text: string(text)})
		return err
	})
	if err != nil {
		return c, err
	}
	return c, c.findMain()
}

// check says which field is wrong.
func (c *Case) check() error {
	switch {
	case c.ID == "":
		return errors.New(`"id" is missing`)
	case c.Language == "":
		return errors.New(`"language" is missing`)
	case c.Source == "":
		return errors.New(`"source" is missing`)
	case !slices.Contains([]string{"compile", "runtime", "logic"}, c.Kind):
		return fmt.Errorf(`"kind" is %q, and not compile, runtime or logic`, c.Kind)
	case c.Category == "":
		return errors.New(`"category" is missing`)
	case len(c.FaultyLines) == 0:
		return errors.New(`"faulty_lines" is missing or empty`)
	}
	return nil
}

// findMain finds the file to start: the one with the fault, or a Main beside it.
func (c *Case) findMain() error {
	has := func(name string) bool {
		return slices.ContainsFunc(c.Files, func(f hint.File) bool { return f.Name == name })
	}
	if !has(c.Source) {
		return fmt.Errorf("its source %q is not there", c.Source)
	}
	c.Main = c.Source
	if ext := filepath.Ext(c.Source); strings.Contains(c.Source, "/") {
		for _, name := range []string{"Main" + ext, "main" + ext} {
			if has(name) {
				c.Main = name
			}
		}
	}
	return nil
}

// Ask is the question of somebody with this program, who knows its tests and has not run it.
func (c *Case) Ask(level int) hint.Ask {
	a := hint.Ask{Language: c.Language, Files: c.Files, Program: c.Main, Level: level, Kind: hint.KindHint}
	for _, t := range c.Tests {
		a.Tests = append(a.Tests, hint.Test{Stdin: t.Stdin, Expected: t.Expect})
	}
	return a
}
