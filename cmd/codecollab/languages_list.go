package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"text/tabwriter"

	"codecollab.dev/internal/runner"
	"codecollab.dev/languages"
)

// listed is one line of the list.
type listed struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Aliases     []string `json:"aliases"`
	State       string   `json:"state"` // "installed", "installable" or "not here"
	Version     string   `json:"version,omitempty"`
	Environment string   `json:"environment,omitempty"` // where it is, or where it would be
	Core        bool     `json:"core"`
	Note        string   `json:"note,omitempty"`
}

func (c *languagesCommand) list(ctx context.Context) error {
	if len(c.words) > 0 {
		return usageError{fmt.Sprintf("codecollab languages list takes no names, and %q is one", c.words[0])}
	}
	report, err := c.report(ctx)
	if err != nil {
		return err
	}
	all := c.table(report)
	if c.json {
		out := json.NewEncoder(c.stdout)
		out.SetIndent("", "  ")
		return out.Encode(all)
	}
	w := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tSTATE\tVERSION\tENVIRONMENT")
	count := map[string]int{}
	for _, l := range all {
		count[l.State]++
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", l.ID, l.Name, l.State, l.Version, l.Environment)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "\n%d installed, %d installable (codecollab languages install ID), %d not here.\n",
		count["installed"], count["installable"], count["not here"])
	return nil
}

// report asks an engine of our own, which asks each language for its version in the sandbox.
func (c *languagesCommand) report(ctx context.Context) (runner.Report, error) {
	opt := runnerOptions(c.settings, slog.New(slog.DiscardHandler))
	opt.Addr, opt.Pool = "", 1
	engine, err := runner.New(ctx, opt)
	if err != nil {
		return runner.Report{}, fmt.Errorf("which languages are here is found out by asking them in the sandbox, which does not work "+
			"(codecollab doctor says more): %w", err)
	}
	report, err := engine.Report(ctx)
	return report, errors.Join(err, engine.Close())
}

// table joins the catalogue with what was found.
func (c *languagesCommand) table(report runner.Report) []listed {
	all := make([]listed, 0, len(c.catalogue))
	for _, l := range c.catalogue {
		one := listed{ID: l.ID, Name: l.Name, Aliases: l.Aliases, Core: l.Install.Core, State: "installable", Environment: "", Note: l.Install.Note}
		if i := slices.IndexFunc(report.Languages, func(r runner.LanguageReport) bool { return r.ID == l.ID }); i >= 0 {
			one.State, one.Version = "installed", report.Languages[i].Version
		} else if !packaged(l) {
			one.State = "not here"
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b listed) int { return strings.Compare(a.ID, b.ID) })
	return all
}

func packaged(l languages.Language) bool {
	return len(l.Install.Apt)+len(l.Install.NPM)+len(l.Install.Go) > 0
}

// check is not built yet.
func (c *languagesCommand) check(context.Context) error {
	return errors.New("codecollab languages check comes with the next build")
}
