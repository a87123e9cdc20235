// Package table turns what `codecollab languages check` found out into the pages that the world is shown: docs/languages.md and
// docs/languages.json. It counts honestly: dialects and second implementations are not languages, a test that does not exist is named with
// its reason, and what fails is struck out.
package table

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"codecollab.dev/internal/runner"
	"codecollab.dev/languages"
)

// Table is the result of one check of the catalogue.
type Table struct {
	Date    string `json:"date"`    // of the check, as in 2026-12-31
	Machine string `json:"machine"` // what it ran on: "Debian 12, linux/amd64, 2 CPUs"
	Tier    string `json:"tier"`    // what confined the programs
	Counts  Counts `json:"counts"`

	Languages []runner.Checked `json:"languages"`      // the tested ones, by id
	Missing   []runner.Checked `json:"missing"`        // those that this machine does not have, and why
	Piston    []string         `json:"piston"`         // Piston's names that a language here answers to, all of whose tests pass or do not exist
	Lacking   []string         `json:"piston_missing"` // Piston's other names
	aliases   map[string]languages.Language
}

// Counts are over distinct languages, each once however many versions of it there are; variants are counted apart.
type Counts struct {
	Proved   int `json:"proved"` // all tests exist and pass, in one environment at least
	Partly   int `json:"partly"` // all tests that exist pass
	Failing  int `json:"failing"`
	Missing  int `json:"missing"`
	Variants struct {
		Proved  int `json:"proved"`
		Partly  int `json:"partly"`
		Failing int `json:"failing"`
		Missing int `json:"missing"`
	} `json:"variants"`
	Piston int `json:"piston"` // names of Piston that are answered
}

// Make sorts and counts results.
func Make(all languages.Catalogue, results []runner.Checked, when time.Time, machine, tier string) Table {
	t := Table{Date: when.Format(time.DateOnly), Machine: machine, Tier: tier, aliases: map[string]languages.Language{}}
	for _, l := range all {
		t.aliases[l.ID] = l
	}
	best := map[string]state{}
	for _, c := range results {
		if c.Missing != "" {
			t.Missing = append(t.Missing, c)
		} else {
			t.Languages = append(t.Languages, c)
		}
		best[c.ID] = max(best[c.ID], stateOf(c))
	}
	order := func(a, b runner.Checked) int { return strings.Compare(a.ID, b.ID) }
	slices.SortStableFunc(t.Languages, order)
	slices.SortStableFunc(t.Missing, order)
	for id, s := range best {
		t.Counts.add(s, t.aliases[id].VariantOf != "")
	}
	for _, name := range pistonNames {
		l, ok := all.Find(name)
		if ok && best[l.ID] >= partly {
			t.Piston = append(t.Piston, name)
		} else {
			t.Lacking = append(t.Lacking, name)
		}
	}
	t.Counts.Piston = len(t.Piston)
	return t
}

// state is how well a language does; a greater one is better.
type state int

const (
	unknown state = iota
	missing
	failing
	partly
	proved
)

func stateOf(c runner.Checked) state {
	switch {
	case c.Missing != "":
		return missing
	case c.Proved():
		return proved
	case c.OK():
		return partly
	}
	return failing
}

func (c *Counts) add(s state, variant bool) {
	into := map[state]*int{missing: &c.Missing, failing: &c.Failing, partly: &c.Partly, proved: &c.Proved}
	if variant {
		v := &c.Variants
		into = map[state]*int{missing: &v.Missing, failing: &v.Failing, partly: &v.Partly, proved: &v.Proved}
	}
	if n := into[s]; n != nil {
		*n++
	}
}

// JSON is the table for programs.
func (t Table) JSON() ([]byte, error) {
	b, err := json.MarshalIndent(t, "", "  ")
	return append(b, '\n'), err
}
