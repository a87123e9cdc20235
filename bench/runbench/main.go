// Package runbench is `codecollab bench run`: what a run costs through the engine beside the bare process, in turns in one
// measurement, how many runs a second there are, and what a burst of runs does to people who type meanwhile.
// bench/README.md says how to read the result.
package runbench

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

type bench struct {
	self     string
	seconds  time.Duration // of each measurement
	burst    int
	alone    bool // the burst is all that is measured
	engine   *engine
	results  map[string]float64
	progress io.Writer
}

// goals are the most that a value may be.
var goals = map[string]float64{"true.ratio": 6, "python.ratio": 1.5, "burst.edit_p99_ratio": 1.5, "first_byte_ms": 100}

// Main runs the command with its arguments (those after "bench run"). self is this program, which is started as runner
// and as server, unless --runner names a runner; then there is no burst. A goal that is missed is shown, and no error.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer, self string) error {
	b := &bench{self: self, results: map[string]float64{}, progress: stderr}
	f := flag.NewFlagSet("bench run", flag.ContinueOnError)
	f.SetOutput(stderr)
	url := f.String("runner", "", "the runner to measure, http://host:port, on this machine (default: one is started)")
	token := f.String("token", os.Getenv("CODECOLLAB_RUNNER_TOKEN"), "its bearer token")
	seconds := f.Float64("seconds", 3, "how long each measurement takes")
	asJSON := f.Bool("json", false, "print JSON with stable keys")
	f.IntVar(&b.burst, "burst", 200, "runs of the burst; 0: none")
	f.BoolVar(&b.alone, "burst-only", false, "measure the burst alone")
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() > 0 || *seconds <= 0 || b.burst < 0 || b.alone && (*url != "" || b.burst == 0) {
		return errors.New("--seconds must be greater than 0, --burst not negative (nor 0 or with --runner, with --burst-only), and nothing may follow the flags")
	}
	b.seconds = time.Duration(*seconds * float64(time.Second))
	err := b.measure(ctx, *url, *token) // what was measured before a failure is worth printing too
	return errors.Join(err, b.print(stdout, *asJSON))
}

func (b *bench) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(b.results)
	}
	return b.table(w)
}

func (b *bench) measure(ctx context.Context, url, token string) (err error) {
	if b.alone {
		return b.whileBurst(ctx)
	}
	if url != "" {
		b.engine = &engine{url: url, token: token}
	} else {
		start := time.Now()
		if b.engine, err = startEngine(b.self); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, b.engine.stop()) }()
		if err := b.engine.run(ctx, program("python", "print(1)")); err != nil {
			return err
		}
		b.results["cold_ms"] = ms(time.Since(start))
	}
	have, err := b.engine.languages(ctx)
	if err != nil {
		return err
	}
	for _, l := range compared {
		if have[l.language] {
			if err := b.compare(ctx, l); err != nil {
				return err
			}
		}
	}
	for _, n := range []int{1, 2, 8} {
		if err := b.throughput(ctx, n); err != nil {
			return err
		}
	}
	if err := b.firstByte(ctx); err != nil {
		return err
	}
	if url != "" || b.burst == 0 {
		return nil
	}
	return b.whileBurst(ctx)
}

// comparison is a program through the engine and as a bare process, which is started without a shell unless it has to be compiled.
type comparison struct{ key, language, file, source, bare string }

var compared = []comparison{
	{"true", "bash", "x.sh", "exec /bin/true", "/bin/true"},
	{"python", "python", "x.py", "print(1)", "/usr/bin/python3 x.py"},
	{"bash", "bash", "x.sh", "echo hello", "/usr/bin/bash x.sh"},
	{"javascript", "javascript", "x.js", `console.log("hello")`, "node x.js"},
	{"perl", "perl", "x.pl", `print "hello\n";`, "perl x.pl"},
	{"ruby", "ruby", "x.rb", `puts "hello"`, "ruby x.rb"},
	{"c", "c", "x.c", "#include <stdio.h>\nint main(void) { puts(\"hello\"); }", "gcc -std=gnu17 -O2 -Wall -o x x.c -lm -pthread && exec ./x"},
	{"cpp", "c++", "x.cpp", "#include <iostream>\nint main() { std::cout << \"hello\\n\"; }", "g++ -O2 -Wall -o x x.cpp -lm -pthread && exec ./x"},
}

// compare runs both in turns, so that what else the machine does concerns both.
func (b *bench) compare(ctx context.Context, c comparison) error {
	dir, err := os.MkdirTemp("", "codecollab-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, c.file), []byte(c.source), 0o644); err != nil {
		return err
	}
	var bare, through []time.Duration
	for end := time.Now().Add(b.seconds); time.Now().Before(end) || len(bare) < 5; {
		rest(ctx)
		start := time.Now()
		cmd := c.command(ctx)
		cmd.Dir = dir
		if err := cmd.Run(); err != nil {
			fmt.Fprintf(b.progress, "%s: not to be had as a bare process: %v\n", c.key, err)
			return nil
		}
		bare = append(bare, time.Since(start))
		rest(ctx)
		start = time.Now()
		if err := b.engine.run(ctx, program(c.language, c.source)); err != nil {
			return fmt.Errorf("%s: %w", c.key, err)
		}
		through = append(through, time.Since(start))
	}
	b.results[c.key+".bare_ms"], b.results[c.key+".ms"] = ms(middle(bare)), ms(middle(through))
	b.results[c.key+".ratio"] = ms(middle(through)) / ms(middle(bare))
	if c.key == "true" {
		b.results["warm_ms"] = ms(middle(through))
	}
	fmt.Fprintf(b.progress, "%s: %.1f ms, bare %.1f ms\n", c.key, ms(middle(through)), ms(middle(bare)))
	return nil
}

func (c comparison) command(ctx context.Context) *exec.Cmd {
	if strings.Contains(c.bare, "&&") {
		return exec.CommandContext(ctx, "bash", "-c", c.bare)
	}
	words := strings.Fields(c.bare)
	return exec.CommandContext(ctx, words[0], words[1:]...)
}

// rest lets the engine make the cell that follows the one just used; otherwise that would slow down whichever comes next. What a run costs
// when there is no pause is in the throughput.
func rest(ctx context.Context) {
	select {
	case <-time.After(150 * time.Millisecond):
	case <-ctx.Done():
	}
}

// throughput is how many runs of python end in a second when n are asked for at a time.
func (b *bench) throughput(ctx context.Context, n int) error {
	var mu sync.Mutex
	var done int
	var failed error
	start := time.Now()
	var workers sync.WaitGroup
	for range n {
		workers.Go(func() {
			for time.Since(start) < b.seconds {
				err := b.engine.run(ctx, program("python", "print(1)"))
				mu.Lock()
				done, failed = done+1, errors.Join(failed, err)
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	workers.Wait()
	if failed == nil {
		b.results[fmt.Sprintf("throughput.%d", n)] = float64(done) / time.Since(start).Seconds()
	}
	return failed
}

func (b *bench) firstByte(ctx context.Context) error {
	var all []time.Duration
	for end := time.Now().Add(b.seconds); time.Now().Before(end) || len(all) < 5; {
		d, err := b.engine.firstByte(ctx)
		if err != nil {
			return err
		}
		all = append(all, d)
	}
	b.results["first_byte_ms"] = ms(middle(all))
	return nil
}

func middle(all []time.Duration) time.Duration { return quantile(all, 0.5) }

func quantile(all []time.Duration, q float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (b *bench) table(w io.Writer) error {
	var out strings.Builder
	for _, key := range slices.Sorted(maps.Keys(b.results)) {
		goal := ""
		if most, ok := goals[key]; ok {
			goal = fmt.Sprintf("goal: at most %g", most)
			if b.results[key] > most {
				goal += ", missed"
			}
		}
		fmt.Fprintln(&out, strings.TrimRight(fmt.Sprintf("%-24s %10.2f  %s", key, b.results[key], goal), " "))
	}
	_, err := io.WriteString(w, out.String())
	return err
}
