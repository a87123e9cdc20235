package runner

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"codecollab.dev/languages"
)

// Checked is what became of the tests of one language in one environment.
type Checked struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	VariantOf   string `json:"variant_of,omitempty"`
	Version     string `json:"version,omitempty"`
	Environment string `json:"environment,omitempty"`
	Missing     string `json:"missing,omitempty"` // it is not here, and why: then there is nothing else

	Tests []Verdict `json:"tests,omitempty"` // hello, echo, unicode, error, sample
	Cold  Took      `json:"cold,omitzero"`   // hello, the first time
	Warm  Took      `json:"warm,omitzero"`   // and once more
}

// Verdict is how a test ended. It is ok when both Failed and Untested are empty.
type Verdict struct {
	Name     string `json:"name"`
	Failed   string `json:"failed,omitempty"`   // what happened instead
	Untested string `json:"untested,omitempty"` // why there is no such test
}

// Took is how long hello took, in milliseconds of wall-clock time.
type Took struct {
	Compile int64 `json:"compile_ms"`
	Run     int64 `json:"run_ms"`
}

// OK tells whether nothing failed. Tests that do not exist do not count.
func (c Checked) OK() bool {
	return c.Missing == "" && !slices.ContainsFunc(c.Tests, func(v Verdict) bool { return v.Failed != "" })
}

// Proved tells whether all tests exist and nothing failed.
func (c Checked) Proved() bool {
	return c.OK() && !slices.ContainsFunc(c.Tests, func(v Verdict) bool { return v.Untested != "" })
}

// testOrder is hello first: its first run is the cold one.
var testOrder = []string{"hello", "echo", "unicode", "error"}

// Check runs the tests and the sample of languages in the sandbox, as jobs like any other, in each version that can be chosen. No ids
// mean all languages. progress hears of each result as it comes, from one goroutine.
func (s *Server) Check(ctx context.Context, ids []string, progress func(Checked)) ([]Checked, error) {
	wanted := s.searches
	if len(ids) > 0 {
		wanted = nil
		for _, id := range ids {
			l := s.searchFor(id)
			if l == nil {
				return nil, fmt.Errorf("there is no language %q: codecollab languages list names them", id)
			}
			wanted = append(wanted, l)
		}
	}
	var all []Checked
	for _, l := range wanted {
		have, err := s.finder(ctx)(l.ID)
		if err != nil {
			return all, err
		}
		if len(have) == 0 {
			s.mu.Lock()
			c := Checked{ID: l.ID, Name: l.Name, VariantOf: l.VariantOf, Missing: l.why}
			s.mu.Unlock()
			progress(c)
			all = append(all, c)
		}
		for _, i := range choosable(have) {
			c, err := s.checkOne(ctx, i)
			if err != nil {
				return all, err
			}
			progress(c)
			all = append(all, c)
		}
	}
	return all, nil
}

func (s *Server) checkOne(ctx context.Context, i *installed) (Checked, error) {
	c := Checked{ID: i.ID, Name: i.Name, VariantOf: i.VariantOf, Version: i.version.String(), Environment: i.environment.Name}
	for _, name := range testOrder {
		if why, none := i.Untested[name]; none {
			c.Tests = append(c.Tests, Verdict{Name: name, Untested: why})
			continue
		}
		n := slices.IndexFunc(i.Tests, func(t languages.Test) bool { return t.Name == name })
		if n < 0 {
			continue // a catalogue of somebody's own
		}
		took, failed, err := s.try(ctx, i, i.Tests[n])
		if err != nil {
			return c, err
		}
		c.Tests = append(c.Tests, Verdict{Name: name, Failed: failed})
		if name != "hello" {
			continue
		}
		c.Cold = took
		if c.Warm, _, err = s.try(ctx, i, i.Tests[n]); err != nil {
			return c, err
		}
	}
	_, failed, err := s.try(ctx, i, languages.Test{Name: "sample", Source: i.Sample})
	c.Tests = append(c.Tests, Verdict{Name: "sample", Failed: failed})
	return c, err
}

// try runs one test and says what is wrong with it. The error is ours.
func (s *Server) try(ctx context.Context, i *installed, t languages.Test) (took Took, failed string, err error) {
	raw, err := json.Marshal(body{Language: i.ID, Version: i.version.String(), Files: []any{map[string]any{"content": t.Source}}, Stdin: t.Stdin})
	if err != nil {
		return took, "", err
	}
	j, err := parse(raw, func(string) ([]*installed, error) { return []*installed{i}, nil }, s.options)
	if err != nil {
		return took, err.Error(), nil
	}
	a, err := s.whole(ctx, j)
	if ctx.Err() != nil || s.stopping.Err() != nil {
		return took, "", errStopped
	}
	if err != nil {
		return took, err.Error(), nil // of this test only: a program that the language needs is not there, say
	}
	if a.Compile != nil {
		took.Compile = a.Compile.WallTime
	}
	took.Run = a.Run.WallTime
	return took, judge(t, a), nil
}

// judge says what is wrong with the answer to a test.
func judge(t languages.Test, a *answer) string {
	compiles := a.Compile == nil || a.Compile.ok()
	switch {
	case t.Fails && a.Run.ok():
		return "ended with 0, and should have failed"
	case t.Fails && a.Run.Verdict != "":
		return "was stopped: " + *a.Run.Message
	case t.Fails:
		return ""
	case !compiles:
		return "does not compile: " + excerpt(a.Compile)
	case !a.Run.ok():
		return "failed: " + excerpt(a.Run)
	case t.Name == "sample" && strings.TrimSpace(a.Run.Stdout) == "":
		return "the sample shows nothing"
	case t.Name != "sample" && a.Run.Stdout != t.Stdout:
		return fmt.Sprintf("printed %q, not %q", cut(a.Run.Stdout), cut(t.Stdout))
	}
	return ""
}

// excerpt is how a stage ended, with the end of what it said.
func excerpt(c *collected) string {
	words := []string{}
	if c.Message != nil {
		words = append(words, *c.Message)
	}
	return strings.TrimSpace(strings.Join(append(words, tail(strings.TrimSpace(c.Output))), ": "))
}

// tail is the end of what a program said, where the reason usually is.
func tail(said string) string {
	const most = 300
	if len(said) <= most {
		return said
	}
	return "…" + strings.ToValidUTF8(said[len(said)-most:], "")
}
