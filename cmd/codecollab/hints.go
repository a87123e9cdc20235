package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"codecollab.dev/internal/config"
	"codecollab.dev/internal/hint"
	"codecollab.dev/internal/hint/eval"
	"codecollab.dev/internal/run"
)

// mostHintOutput is about what is kept of each stream of a program that is run for a hint, in bytes.
const mostHintOutput = 256 << 10

// hintRunner runs the programs of hints with an executor of runs.
type hintRunner struct{ run.Executor }

// Run implements hint.Runner.
func (h hintRunner) Run(ctx context.Context, p hint.Program) (hint.Result, error) {
	rp := run.Program{Language: p.Language, Main: p.Main, Stdin: p.Stdin, Args: p.Args, Wall: p.Wall}
	for _, f := range p.Files {
		rp.Files = append(rp.Files, run.File{Name: f.Name, Content: f.Text})
	}
	streams := map[string]*strings.Builder{"stdout": {}, "stderr": {}}
	fin, err := h.Execute(ctx, rp, func(e run.Event) {
		if b := streams[e.Stream]; b != nil && b.Len() < mostHintOutput {
			b.WriteString(e.Data)
		}
	})
	r := hint.Result{
		Stage: fin.Stage, Outcome: fin.Outcome, Stdout: streams["stdout"].String(), Stderr: streams["stderr"].String(), Message: fin.Message,
	}
	if fin.Code != nil {
		r.Code = *fin.Code
	}
	return r, err
}

const hintsUsage = `codecollab hints eval DIR [flags]

Runs the cases of a folder (programs with known faults) through the hints that stand on facts alone, or with --model through all that a
question to a server goes through, and prints how many of them are relevant. Programs are run by an engine that the command starts, or by that of --runner.

`

// hints are the commands about hints.
func hints(ctx context.Context, args, environ []string, stdout, stderr io.Writer) error {
	if len(args) == 0 || args[0] != "eval" {
		return usageError{"there is one command about hints: codecollab hints eval DIR"}
	}
	return hintsEval(ctx, args[1:], environ, stdout, stderr)
}

func hintsEval(ctx context.Context, args, environ []string, stdout, stderr io.Writer) error {
	f := flag.NewFlagSet("hints eval", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Usage = func() { fmt.Fprint(stderr, hintsUsage); f.PrintDefaults() }
	always := f.Bool("always", false, "answer every case, also where no fact bears the answer out")
	asJSON := f.Bool("json", false, "print JSON, with all results")
	jobs := f.Int("jobs", 1, "cases at a time")
	level := f.Int("level", hint.LevelPlace, "the level of the hints: 1 question, 2 concept, 3 place, 4 pseudo-code")
	budget := f.Duration("budget", 12*time.Second, "for how long repairs are tried, for each case")
	only := f.String("only", "", "only cases whose id contains this")
	runnerURL := f.String("runner", "", "the URL of an engine that runs already; its token is CODECOLLAB_RUNNER_TOKEN")
	model := f.String("model", "", "ask this model (or these), written as in the setting hint-providers, and check what it says as a server would; keys are where a server has them")
	data := f.String("runner-data", "", "the data folder of the engine that is started")
	dir, err := oneFolder(f, args)
	if err != nil {
		return err
	}
	if *jobs < 1 || *level < 1 || *level > 4 {
		return usageError{"--jobs is 1 or more, and --level from 1 to 4"}
	}
	cases, err := eval.Load(dir)
	if err != nil {
		return err
	}
	cases = pick(cases, *only)
	if len(cases) == 0 {
		return fmt.Errorf("no case has %q in its id", *only)
	}
	e, err := evalEngine(ctx, environ, *runnerURL, *data, stderr)
	if err != nil {
		return err
	}
	defer e.Close()
	log := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	engine := hint.NewEngine(hint.Options{Runner: hintRunner{e}, Budget: *budget, Log: log})
	answer := eval.Grounded(engine, *always)
	if *model != "" {
		asked, err := askModel(ctx, environ, *model, engine, *jobs, *always, log, stderr)
		if err != nil {
			return err
		}
		defer asked.close()
		answer = asked.answer
	}
	report, err := eval.Run(ctx, cases, eval.Options{Answer: answer, Jobs: *jobs, Level: *level, Always: *always, Model: *model,
		Progress: func(done, of int, r eval.Result) { fmt.Fprintln(stderr, progressOf(done, of, r)) }})
	if err != nil {
		return err
	}
	if *asJSON {
		enc := json.NewEncoder(stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(report)
	}
	return report.Print(stdout)
}

// oneFolder takes flags before and behind the one argument.
func oneFolder(f *flag.FlagSet, args []string) (dir string, err error) {
	for {
		if err := f.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return "", err
			}
			return "", usageError{err.Error()}
		}
		if args = f.Args(); len(args) == 0 {
			break
		}
		if dir != "" {
			return "", usageError{fmt.Sprintf("hints eval takes one folder, not %q and %q", dir, args[0])}
		}
		dir, args = args[0], args[1:]
	}
	if dir == "" {
		return "", usageError{"which cases? codecollab hints eval DIR"}
	}
	return dir, nil
}

func pick(cases []eval.Case, only string) (out []eval.Case) {
	for _, c := range cases {
		if strings.Contains(c.ID, only) {
			out = append(out, c)
		}
	}
	return out
}

func progressOf(done, of int, r eval.Result) string {
	what := "no hint"
	switch {
	case r.Error != "":
		what = "failed: " + r.Error
	case r.Score.Relevant():
		what = "relevant"
	case r.Score.Given:
		what = fmt.Sprintf("not relevant (place %t, kind %t, specific %t, leak %t)", r.Score.Place, r.Score.Kind, r.Score.Specific, r.Score.Leak)
	}
	return fmt.Sprintf("%3d/%d  %-40s %5.1f s  %s", done, of, r.ID, r.Seconds, what)
}

// evalEngine starts a runner of its own, unless there is one.
func evalEngine(ctx context.Context, environ []string, url, data string, stderr io.Writer) (*engine, error) {
	var args []string
	if url != "" {
		args = append(args, "--runner-url="+url)
	}
	if data != "" {
		args = append(args, "--runner-data="+data)
	}
	s, err := config.Load("serve", args, settingsOf(environ), stderr)
	if err != nil {
		return nil, err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	return startEngine(ctx, func() config.Settings { return s }, log)
}
