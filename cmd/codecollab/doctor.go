package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"codecollab.dev/internal/config"
	"codecollab.dev/internal/doctor"
	"codecollab.dev/internal/hint/provider"
	"codecollab.dev/internal/run/piston"
	"codecollab.dev/internal/runner"
	"codecollab.dev/internal/runner/sandbox"
	"codecollab.dev/internal/store"
)

// errUnwell is a host that something does not work on. The screen has said what.
var errUnwell = errors.New("something does not work; what to do is above")

// examine prints what this host can do with these settings.
func examine(ctx context.Context, s config.Settings, asJSON bool, stdout io.Writer) error {
	checks := []doctor.Check{doctor.Machine(), doctor.Clock()}
	for _, name := range runnerNames(s.RunnerURL) {
		if name == ownRunner {
			checks = append(checks, engineHere(s))
		} else {
			checks = append(checks, engineElsewhere(s, name))
		}
	}
	checks = append(checks, doctor.Disk("data", s.Data), doctor.Disk("runner-data", s.RunnerData), database(s), doctor.Address("addr", s.Addr), models(s), watched(s))
	r := doctor.Examine(ctx, build(), checks...)
	if asJSON {
		out := json.NewEncoder(stdout)
		out.SetIndent("", "  ")
		if err := out.Encode(r); err != nil {
			return err
		}
	} else if err := r.Write(stdout, isTerminal(stdout)); err != nil {
		return err
	}
	if r.State == doctor.Bad {
		return errUnwell
	}
	return nil
}

// isTerminal tells whether a person is likely to look.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" {
		return false
	}
	st, err := f.Stat()
	return err == nil && st.Mode()&os.ModeCharDevice != 0
}

// engineHere starts a real engine, so that what is said of it is what programs will meet.
func engineHere(s config.Settings) doctor.Check {
	return func(ctx context.Context) []doctor.Finding {
		ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
		defer cancel()
		found := survey()
		opt := runnerOptions(s, slog.New(slog.DiscardHandler))
		opt.Addr, opt.Pool = "", 1
		engine, err := runner.New(ctx, opt)
		if refused, ok := errors.AsType[*sandbox.Refusal](err); ok {
			why := refused.Why
			if refused.Err != nil {
				why += fmt.Sprintf(" (%v)", refused.Err)
			}
			return append(found, doctor.Finding{Area: "Isolation", Name: "programs", State: doctor.Bad, Found: "are not run: " + why, Remedy: refused.Do})
		}
		if err != nil {
			return append(found, doctor.Finding{Area: "Isolation", Name: "programs", State: doctor.Bad, Found: err.Error()})
		}
		defer engine.Close()
		report, err := engine.Report(ctx)
		if err != nil {
			return append(found, doctor.Finding{Area: "Languages", Name: "languages", State: doctor.Bad, Found: err.Error()})
		}
		return append(found, append(isolation(report.Sandbox), languagesOf(report)...)...)
	}
}

// survey says what the host has of what the sandbox needs.
func survey() []doctor.Finding {
	var out []doctor.Finding
	for _, f := range sandbox.Survey() {
		state := doctor.OK
		if !f.Holds {
			state = doctor.Weak // whether programs can be run all the same, the engine's own test says
		}
		out = append(out, doctor.Finding{Area: "Isolation", Name: f.Name, State: state, Found: f.Found, Remedy: f.Remedy})
	}
	return out
}

// isolation says what the engine found out about its own sandbox by trying it.
func isolation(r sandbox.Report) []doctor.Finding {
	out := []doctor.Finding{{Area: "Isolation", Name: "programs", State: doctor.OK, Found: "run in cells of " + r.Tier + ", which a test at start has tried"}}
	for _, note := range r.Notes {
		out = append(out, doctor.Finding{Area: "Isolation", Name: "weaker", State: doctor.Weak, Found: note})
	}
	return out
}

func languagesOf(r runner.Report) []doctor.Finding {
	var names []string
	for _, l := range r.Languages {
		names = append(names, l.Name+" "+l.Version)
	}
	here := doctor.Finding{Area: "Languages", Name: "installed", State: doctor.OK, Found: fmt.Sprintf("%d: %s", len(names), strings.Join(names, ", "))}
	if len(names) == 0 {
		here.State, here.Found, here.Remedy = doctor.Bad, "none", "Install at least one: apt-get install python3."
	}
	out := []doctor.Finding{here, analysersOf(r)}
	if len(r.Missing) > 0 {
		out = append(out, doctor.Finding{Area: "Languages", Name: "not here", State: doctor.OK, Found: strings.Join(slices.Sorted(maps.Keys(r.Missing)), ", "),
			Remedy: "Wanted? Each language's folder in languages/ names its packages; the runner finds them when it starts."})
	}
	return out
}

// analysersOf says what hints may ask beside compilers. That there are none is no fault.
func analysersOf(r runner.Report) doctor.Finding {
	var here []string
	for _, l := range r.Languages {
		if len(l.Analysers) > 0 {
			here = append(here, l.Name+" "+l.Version+": "+strings.Join(l.Analysers, ", "))
		}
	}
	f := doctor.Finding{Area: "Languages", Name: "analysers for hints", State: doctor.OK, Found: strings.Join(here, "; ")}
	if len(here) == 0 {
		f.Found, f.Remedy = "none beside those of the compilers", "Wanted? codecollab languages install brings those of a language along."
	}
	return f
}

// engineElsewhere asks a runner that the settings name.
func engineElsewhere(s config.Settings, url string) doctor.Check {
	return func(ctx context.Context) []doctor.Finding {
		ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		client := piston.New(func() (string, error) { return url, nil }, s.RunnerToken.Reveal, slog.New(slog.DiscardHandler))
		runtimes, err := client.Runtimes(ctx)
		f := doctor.Finding{Area: "Runners", Name: url, State: doctor.OK, Found: fmt.Sprintf("answers, with %d languages", len(runtimes))}
		switch {
		case err != nil:
			f.State, f.Found = doctor.Bad, err.Error()
			f.Remedy = "Start `codecollab runner` there, let this host reach it, and give both the same runner-token; `codecollab doctor` on that host says more."
		case len(runtimes) == 0:
			f.State, f.Remedy = doctor.Weak, "Install languages on that host."
		}
		return []doctor.Finding{f}
	}
}

// database looks at where everything is kept.
func database(s config.Settings) doctor.Check {
	if s.DatabaseURL.Reveal() != "" {
		return postgres(s)
	}
	return sqlite(s.Data)
}

// sqlite looks at what a server has kept in the data folder, or keeps at this moment.
func sqlite(dir string) doctor.Check {
	return func(ctx context.Context) []doctor.Finding {
		ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
		defer cancel()
		f := doctor.Finding{Area: "Storage", Name: "database", State: doctor.OK}
		facts, err := store.Inspect(ctx, dir)
		switch {
		case err != nil:
			f.State, f.Found = doctor.Bad, fmt.Sprintf("SQLite in %s cannot be read: %v", dir, err)
			f.Remedy = "Restore the folder from a backup, or look at it with the sqlite3 program (PRAGMA integrity_check)."
			return []doctor.Finding{f}
		case !facts.Exists:
			f.Found = "SQLite, made in " + dir + " at the first start"
			return []doctor.Finding{f}
		}
		f.Found = fmt.Sprintf("SQLite, %d rooms in %.1f MiB, tables of version %d", facts.Rooms, float64(facts.Bytes)/(1<<20), facts.Tables)
		if facts.InUse {
			f.Found += ", in use by a server"
		}
		switch {
		case facts.Damage != "":
			f.State, f.Found = doctor.Bad, f.Found+"; damaged: "+facts.Damage
			f.Remedy = "Stop the server, keep a copy of the folder, and restore a backup."
		case facts.Tables > facts.Known:
			f.State, f.Found = doctor.Bad, f.Found+fmt.Sprintf("; this binary knows version %d at most", facts.Known)
			f.Remedy = "Use the newer CodeCollab that made it."
		case facts.Tables < facts.Known:
			f.Found += "; brought up to date at the next start"
		case !facts.Checked:
			f.Found += "; too large to be checked in 20 s"
		default:
			f.Found += ", whole"
		}
		return []doctor.Finding{f}
	}
}

// watched says what is wrong with how the installation is watched, if it is.
func watched(s config.Settings) doctor.Check {
	return func(ctx context.Context) (out []doctor.Finding) {
		if s.MetricsAddr != "" {
			out = doctor.Address("metrics-addr", s.MetricsAddr)(ctx)
		}
		var l problemList
		settledProblems(&l, &s)
		for _, p := range l.sorted() {
			out = append(out, doctor.Finding{Area: "Settings", Name: p.Code, State: doctor.Weak, Found: p.Text + " " + p.About, Remedy: p.Do})
		}
		return out
	}
}

// models says whether the models that hints may ask are there, and take their keys. It asks for lists only, which costs nothing.
func models(s config.Settings) doctor.Check {
	return func(ctx context.Context) []doctor.Finding {
		all, err := hintModels(s, func() config.Settings { return s })
		if err != nil {
			return []doctor.Finding{{Area: "Hints", Name: "hint-providers", State: doctor.Bad, Found: err.Error()}}
		}
		if len(all) == 0 {
			return []doctor.Finding{{Area: "Hints", Name: "models", State: doctor.OK, Found: "none: hints stand on facts alone"}}
		}
		var out []doctor.Finding
		for i := range all {
			e := &all[i]
			f := doctor.Finding{Area: "Hints", Name: e.Name, State: doctor.OK, Found: strings.TrimSpace(e.Model+" at "+e.Place()) + " answers"}
			if err := provider.Probe(ctx, e); err != nil {
				f.State, f.Found = doctor.Weak, err.Error()
				f.Remedy = "hints ask the next model, or stand on facts alone; check the address, and the key in hint-groq-key, hint-openai-key or hint-key"
			}
			out = append(out, f)
		}
		return out
	}
}
