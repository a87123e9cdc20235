package table

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/runner"
	"codecollab.dev/languages"
)

func verdicts(change func(map[string]*runner.Verdict)) []runner.Verdict {
	by := map[string]*runner.Verdict{}
	for _, name := range tests {
		by[name] = &runner.Verdict{Name: name}
	}
	if change != nil {
		change(by)
	}
	var all []runner.Verdict
	for _, name := range tests {
		all = append(all, *by[name])
	}
	return all
}

func TestTableCountsHonestly(t *testing.T) {
	all := languages.Catalogue{
		{ID: "good", Name: "Good", Aliases: []string{"bash", "gd"}}, {ID: "half", Name: "Half"}, {ID: "bad", Name: "B|a_d", Aliases: []string{"awk"}},
		{ID: "away", Name: "Away"}, {ID: "dialect", Name: "Dialect", VariantOf: "good"},
	}
	untested := func(by map[string]*runner.Verdict) { by["echo"].Untested = "it has no input" }
	fails := func(by map[string]*runner.Verdict) { by["hello"].Failed = "printed\n\"x|y\"" }
	results := []runner.Checked{
		{ID: "half", Name: "Half", Version: "1.0.0", Environment: "debian-13", Tests: verdicts(untested)},
		{ID: "half", Name: "Half", Version: "0.9.0", Environment: "debian-12", Tests: verdicts(untested)},
		{ID: "good", Name: "Good", Version: "2.0.0", Environment: "debian-13", Tests: verdicts(nil), Cold: runner.Took{Compile: 20, Run: 5}, Warm: runner.Took{Run: 4}},
		{ID: "good", Name: "Good", Version: "1.0.0", Environment: "host", Tests: verdicts(fails)},
		{ID: "bad", Name: "B|a_d", Version: "1.0.0", Environment: "host", Tests: verdicts(fails)},
		{ID: "dialect", Name: "Dialect", VariantOf: "good", Version: "1.0.0", Environment: "host", Tests: verdicts(nil)},
		{ID: "away", Name: "Away", Missing: "host: there is no program away"},
	}
	made := Make(all, results, time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC), "Some Linux", "namespaces")
	want := Counts{Proved: 1, Partly: 1, Failing: 1, Missing: 1, Piston: 1}
	want.Variants.Proved = 1
	if made.Counts != want {
		t.Errorf("%+v, want %+v", made.Counts, want)
	}
	page := string(made.Markdown())
	for _, line := range []string{
		"**1 language** passes all their tests", "1 more passes those tests", "1 is struck out", "on 2026-12-31 (Some Linux; programs confined by namespaces)",
		"| Good | `good` `bash` `gd` | 2.0.0 | debian-13 | ✓ | ✓ | ✓ | ✓ | ✓ | 20 + 5 | 4 |",
		"| ~~Good~~ | `good` `bash` `gd` | 1.0.0 | host | ✗ |", "| ~~B\\|a\\_d~~ |", "| Dialect (variant of Good) |",
		"| Half | `half` | 1.0.0 | debian-13 | ✓ | – |", "- Half, *echo*: it has no input\n\n", "- B\\|a\\_d 1.0.0 (host), *hello*: printed \"x\\|y\"",
		"Nothing is said here of `away`", "1 of the 84 names that Piston's documentation lists are answered: `bash`.",
	} {
		if !strings.Contains(page, line) {
			t.Errorf("there is no %q in\n%s", line, page)
		}
	}
	b, err := made.JSON()
	var back map[string]any
	if err != nil || json.Unmarshal(b, &back) != nil || back["counts"].(map[string]any)["proved"] != 1.0 || len(back["languages"].([]any)) != 6 {
		t.Errorf("%v %s", err, b)
	}
}
