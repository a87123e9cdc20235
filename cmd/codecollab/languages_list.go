package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"text/tabwriter"

	"codecollab.dev/internal/runner"
	"codecollab.dev/languages"
)

// listed is a language in the list.
type listed struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Aliases  []string `json:"aliases"`
	State    string   `json:"state"`    // "installed", "installable" or "not here"
	Versions []found  `json:"versions"` // those that are here, the one that is used first
	Core     bool     `json:"core"`
	Note     string   `json:"note,omitempty"`
}

// found is a version of a language that is here.
type found struct {
	Version     string `json:"version"`
	Environment string `json:"environment"`
}

func (c *languagesCommand) list(ctx context.Context) error {
	if len(c.words) > 0 {
		return usageError{fmt.Sprintf("codecollab languages list takes no names, and %q is one", c.words[0])}
	}
	engine, err := c.engine(ctx)
	if err != nil {
		return err
	}
	report, err := engine.Report(ctx)
	if err = errors.Join(err, engine.Close()); err != nil {
		return err
	}
	all := c.table(report)
	if c.json {
		return writeIndented(c.stdout, all)
	}
	w := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tSTATE\tVERSION\tENVIRONMENT")
	count := map[string]int{}
	for _, l := range all {
		count[l.State]++
		for _, v := range l.Versions {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", l.ID, l.Name, l.State, v.Version, v.Environment)
		}
		if len(l.Versions) == 0 {
			fmt.Fprintf(w, "%s\t%s\t%s\t\t\n", l.ID, l.Name, l.State)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "\n%d installed, %d installable (codecollab languages install ID), %d not here.\n",
		count["installed"], count["installable"], count["not here"])
	return nil
}

func writeIndented(w io.Writer, v any) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(v)
}

// engine is one of our own, on the runner's data: what it says of a language, it has tried in the sandbox.
func (c *languagesCommand) engine(ctx context.Context) (*runner.Server, error) {
	opt := runnerOptions(c.settings, slog.New(slog.DiscardHandler))
	opt.Addr, opt.Pool = "", 2
	engine, err := runner.New(ctx, opt)
	if err != nil {
		return nil, fmt.Errorf("languages are asked and checked in the sandbox, which does not work here (codecollab doctor says more): %w", err)
	}
	return engine, nil
}

// table joins the catalogue with what was found.
func (c *languagesCommand) table(report runner.Report) []listed {
	all := make([]listed, 0, len(c.catalogue))
	for _, l := range c.catalogue {
		one := listed{ID: l.ID, Name: l.Name, Aliases: l.Aliases, Core: l.Install.Core, State: "not here", Versions: []found{}, Note: l.Install.Note}
		for _, r := range report.Languages {
			if r.ID == l.ID {
				one.Versions = append(one.Versions, found{r.Version, r.Environment})
			}
		}
		switch {
		case len(one.Versions) > 0:
			one.State = "installed"
		case packaged(l):
			one.State = "installable"
		}
		all = append(all, one)
	}
	return all
}

func packaged(l languages.Language) bool {
	return len(l.Install.Apt)+len(l.Install.NPM)+len(l.Install.Go) > 0
}
