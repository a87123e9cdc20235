package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"codecollab.dev/internal/runner"
	"codecollab.dev/internal/runner/table"
)

var errNotGreen = errors.New("not all of them pass; what happened is above")

// check runs the tests of languages in the sandbox. It fails when one fails, or is not here though it was asked for.
func (c *languagesCommand) check(ctx context.Context) error {
	chosen, err := c.chosen()
	if err != nil {
		return err
	}
	ids := make([]string, len(chosen))
	for n, l := range chosen {
		ids[n] = l.ID
	}
	engine, err := c.engine(ctx)
	if err != nil {
		return err
	}
	report, err := engine.Report(ctx)
	var results []runner.Checked
	if err == nil {
		c.checkHeading()
		results, err = engine.Check(ctx, ids, c.checkLine)
	}
	if err = errors.Join(err, engine.Close()); err != nil {
		return err
	}
	t := table.Make(c.catalogue, results, time.Now(), machine(), report.Sandbox.Tier)
	if err := c.keep(t); err != nil {
		return err
	}
	return c.sum(t)
}

// checkHeading and checkLine print results as they come: for people, or on the side when programs read the output.
func (c *languagesCommand) checkHeading() {
	if !c.json {
		fmt.Fprintf(c.stdout, "%-18s %-12s %-12s %-8s %15s %15s\n", "LANGUAGE", "VERSION", "FROM", "", "FIRST ms", "AGAIN ms")
	}
}

func (c *languagesCommand) checkLine(r runner.Checked) {
	out := c.stdout
	if c.json {
		out = c.stderr
	}
	verdict := "ok"
	switch {
	case r.Missing != "":
		if !c.all {
			fmt.Fprintf(out, "%-18s not here: %s\n", r.ID, r.Missing)
		}
		return
	case !r.OK():
		verdict = "FAILED"
	case !r.Proved():
		verdict = "ok, but" // a test does not exist
	}
	fmt.Fprintf(out, "%-18s %-12s %-12s %-8s %15s %15s\n", r.ID, r.Version, r.Environment, verdict, took(r.Cold), took(r.Warm))
	for _, v := range r.Tests {
		switch {
		case v.Failed != "":
			fmt.Fprintf(out, "    %s: %s\n", v.Name, v.Failed)
		case v.Untested != "":
			fmt.Fprintf(out, "    no %s: %s\n", v.Name, v.Untested)
		}
	}
}

// took is compiling and running.
func took(t runner.Took) string {
	if t.Compile == 0 {
		return fmt.Sprint(t.Run)
	}
	return fmt.Sprintf("%d + %d", t.Compile, t.Run)
}

// keep writes the table for the world.
func (c *languagesCommand) keep(t table.Table) error {
	asJSON, err := t.JSON()
	if err != nil {
		return err
	}
	if c.json {
		if _, err := c.stdout.Write(asJSON); err != nil {
			return err
		}
	}
	if c.out == "" {
		return nil
	}
	return errors.Join(
		os.MkdirAll(c.out, 0o755),
		os.WriteFile(filepath.Join(c.out, "languages.json"), asJSON, 0o644),
		os.WriteFile(filepath.Join(c.out, "languages.md"), t.Markdown(), 0o644),
	)
}

// sum says how it went.
func (c *languagesCommand) sum(t table.Table) error {
	n := t.Counts
	if !c.json {
		fmt.Fprintf(c.stdout, "\n%d languages pass all tests, %d those that can exist, %d fail, %d are not here. Variants: %d, %d, %d, %d.\n",
			n.Proved, n.Partly, n.Failing, n.Missing, n.Variants.Proved, n.Variants.Partly, n.Variants.Failing, n.Variants.Missing)
	}
	// A language may be good in one environment and fail in another: both are looked at.
	for _, l := range t.Languages {
		if !l.OK() {
			return errNotGreen
		}
	}
	switch {
	case !c.all && len(t.Missing) > 0:
		return errNotGreen
	case len(t.Languages) == 0:
		return errors.New("none of them is here: codecollab languages install --core")
	}
	return nil
}

// machine is what the table was made on.
func machine() string {
	system := runtime.GOOS
	b, _ := os.ReadFile("/etc/os-release") // only for the heading
	for line := range strings.Lines(string(b)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "PRETTY_NAME="); ok {
			system = strings.Trim(name, `"`)
		}
	}
	return fmt.Sprintf("%s, %s/%s, %d CPUs", system, runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
}
