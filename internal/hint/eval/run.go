package eval

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"codecollab.dev/internal/hint"
)

// Answerer answers a question.
type Answerer func(ctx context.Context, a hint.Ask) (Reply, error)

// Reply is what came of a question.
type Reply struct {
	Hint     hint.Hint
	Given    bool // there is a hint
	Findings hint.Findings
	Withheld string // why an answer of a model was not shown; empty when it was, or when there was none
}

// Options are how to evaluate.
type Options struct {
	Answer   Answerer
	Jobs     int // cases at a time
	Level    int
	Always   bool
	Model    string // whose answers these are; empty: no model's
	Progress func(done, of int, r Result)
}

// Result is what became of one case.
type Result struct {
	ID       string        `json:"id"`
	Language string        `json:"language"`
	Kind     string        `json:"kind"`
	Score    Score         `json:"score"`
	Hint     hint.Hint     `json:"hint"`
	Seconds  float64       `json:"seconds"`
	Error    string        `json:"error,omitempty"`    // we failed
	Withheld string        `json:"withheld,omitempty"` // why an answer of a model was not shown
	Findings hint.Findings `json:"-"`
}

// Grounded answers with an engine alone. always: with its likeliest guess, however weak.
func Grounded(e *hint.Engine, always bool) Answerer {
	return func(ctx context.Context, a hint.Ask) (Reply, error) {
		f, err := e.Facts(ctx, a)
		h, ok := hint.Grounded(a, f)
		if !ok && always {
			h, ok = hint.Guess(a, f)
		}
		return Reply{Hint: h, Given: ok, Findings: f}, err
	}
}

// Run evaluates all cases.
func Run(ctx context.Context, cases []Case, opt Options) (Report, error) {
	results := make([]Result, len(cases))
	next := make(chan int)
	var mu sync.Mutex
	done := 0
	var wg sync.WaitGroup
	for range max(1, opt.Jobs) {
		wg.Go(func() {
			for i := range next {
				r := one(ctx, cases[i], opt)
				mu.Lock()
				results[i] = r
				done++
				if opt.Progress != nil {
					opt.Progress(done, len(cases), r)
				}
				mu.Unlock()
			}
		})
	}
feed:
	for i := range cases {
		select {
		case next <- i:
		case <-ctx.Done():
			break feed
		}
	}
	close(next)
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return Report{}, fmt.Errorf("the evaluation was stopped after %d of %d cases", done, len(cases))
	}
	report := NewReport(results, opt.Always)
	report.Model = opt.Model
	return report, failures(results)
}

// failures is an error when cases could not be run: figures over the rest would be about something else.
func failures(rs []Result) error {
	var errs []error
	for _, r := range rs {
		if r.Error != "" {
			errs = append(errs, fmt.Errorf("%s: %s", r.ID, r.Error))
		}
	}
	return errors.Join(errs...)
}

func one(ctx context.Context, c Case, opt Options) Result {
	begin := time.Now()
	reply, err := opt.Answer(ctx, c.Ask(opt.Level))
	r := Result{ID: c.ID, Language: c.Language, Kind: c.Kind, Seconds: time.Since(begin).Seconds(), Findings: reply.Findings, Withheld: reply.Withheld}
	if err != nil {
		r.Error = err.Error()
	}
	if h := reply.Hint; reply.Given {
		r.Hint, r.Score = h, Rate(c, h)
	}
	return r
}

// half tells in which half a case is: that which was looked at when rules were written, or the one that was not. Programs that are
// the same in two languages are in the same half.
func half(id string) string {
	family := id
	if rest, ok := strings.CutPrefix(id, "qb-"); ok {
		_, family, _ = strings.Cut(rest, "-")
	}
	if sha256.Sum256([]byte(family))[0]%2 == 0 {
		return "seen"
	}
	return "held out"
}
