// Package hintbench is `codecollab bench hints`: how long it takes from asking to the first word, beside the time that the model
// itself takes, how long when the answer is known, and what thirty people with the same program cost. The model is one on loopback that
// streams at a set pace. bench/README.md says how to read the result.
package hintbench

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"
)

// Result has stable keys: they are compared from one version to the next.
type Result map[string]float64

// goals are the most, or with a minus sign before them the least, that a value may be.
var goals = map[string]float64{"cached.p95_ms": 5, "first_word.added_p95_ms": 20, "students.calls": 1}

type options struct {
	asks     int
	students int
	first    time.Duration // of the model: before its first token
	token    time.Duration // of the model: between two tokens
	self     string
	progress io.Writer
}

// Main runs the command with its arguments (those after "bench hints"). self is this program, which is started as a server. A goal that is
// missed is shown, and no error.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer, self string) error {
	o := options{self: self, progress: stderr}
	f := flag.NewFlagSet("bench hints", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.IntVar(&o.asks, "asks", 40, "questions of each measurement")
	f.IntVar(&o.students, "students", 30, "people who ask about the same program at once")
	f.DurationVar(&o.first, "first", 80*time.Millisecond, "what the model takes until its first token")
	f.DurationVar(&o.token, "token", 10*time.Millisecond, "what it takes from token to token")
	asJSON := f.Bool("json", false, "print JSON with stable keys")
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() > 0 || o.asks < 5 || o.students < 2 || o.first < 0 || o.token < 0 {
		return errors.New("--asks must be 5 or more, --students 2 or more, and nothing may follow the flags")
	}
	r, err := o.measure(ctx)
	if err != nil {
		return err
	}
	if *asJSON {
		return json.NewEncoder(stdout).Encode(r)
	}
	return r.print(stdout)
}

func (r Result) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, key := range slices.Sorted(maps.Keys(r)) {
		goal := ""
		if most, ok := goals[key]; ok {
			goal = fmt.Sprintf("goal: at most %g", most)
			if r[key] > most {
				goal += ", missed"
			}
		}
		fmt.Fprintf(t, "%s\t%.2f\t%s\n", key, r[key], goal)
	}
	return t.Flush()
}

// quantile is that of a sorted list, in milliseconds.
func quantile(sorted []time.Duration, q float64) float64 {
	i := min(int(q*float64(len(sorted))), len(sorted)-1)
	return float64(sorted[i]) / float64(time.Millisecond)
}

// note puts the quantiles of some durations into a result.
func (r Result) note(key string, all []time.Duration) {
	slices.Sort(all)
	r[key+"p50_ms"], r[key+"p95_ms"], r[key+"max_ms"] = quantile(all, 0.5), quantile(all, 0.95), quantile(all, 1)
}
