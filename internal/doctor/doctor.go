// Package doctor says what this host can do for CodeCollab, what is weak, and how exactly to mend it: findings as plain data,
// the checks of the machine itself, and the one screen that people read.
package doctor

import (
	"context"
	"slices"
	"sync"
)

// State is how well a thing is.
type State string

// The states, from good to bad. Weak works, with a risk that the finding names; Bad does not work.
const (
	OK   State = "ok"
	Weak State = "weak"
	Bad  State = "bad"
)

// Finding is what one look at one thing has found.
type Finding struct {
	Area   string `json:"area"` // the heading that it stands under: "Isolation", "Languages" …
	Name   string `json:"name"` // the thing: "cgroups", "clock" …
	State  State  `json:"state"`
	Found  string `json:"found"`            // what is so, in words, with its numbers
	Remedy string `json:"remedy,omitempty"` // what to do; empty when there is nothing to mend
}

// Report is all findings, in the order in which they are read.
type Report struct {
	Build    string    `json:"build"`
	State    State     `json:"state"` // the worst of the findings
	Findings []Finding `json:"findings"`
}

// Check looks at some things. Checks run side by side, so one may not depend on what another leaves behind.
type Check func(ctx context.Context) []Finding

// Examine runs the checks and puts their findings in the order of the checks.
func Examine(ctx context.Context, build string, checks ...Check) Report {
	found := make([][]Finding, len(checks))
	var wg sync.WaitGroup
	for i, check := range checks {
		wg.Go(func() { found[i] = check(ctx) })
	}
	wg.Wait()
	r := Report{Build: build, Findings: slices.Concat(found...)}
	r.State = worst(r.Findings)
	return r
}

func worst(findings []Finding) State {
	order := []State{OK, Weak, Bad}
	at := 0
	for _, f := range findings {
		at = max(at, slices.Index(order, f.State))
	}
	return order[at]
}
