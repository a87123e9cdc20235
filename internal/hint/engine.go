package hint

import (
	"context"
	"errors"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"time"

	"codecollab.dev/internal/hint/source"
)

// Options are what an Engine needs. Runner may be nil: then there are the facts of the last run and of the text only.
type Options struct {
	Runner Runner
	Budget time.Duration // for the repairs of one question, at most; 0: none are tried
	Log    *slog.Logger
}

// Engine gathers facts.
type Engine struct{ opt Options }

// NewEngine makes an Engine.
func NewEngine(opt Options) *Engine {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	return &Engine{opt: opt}
}

// Facts finds out what can be known about a program. An error means that we failed; what a program does wrong is in Findings. When
// there is an error, the Findings have what was found before it.
func (e *Engine) Facts(ctx context.Context, a Ask) (Findings, error) {
	lang, known := source.Of(a.Language)
	inv := &inquiry{engine: e, ask: a, texts: map[string]*source.Text{}}
	if known {
		for _, f := range a.Files {
			inv.texts[f.Name] = source.Read(lang, f.Text)
		}
	}
	inv.lastRun()
	err := inv.run(ctx)
	if errors.Is(err, errNoLanguage) {
		e.opt.Log.Warn("no facts from running", "language", a.Language, "err", err)
		err = nil
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	inv.mistakes()
	inv.rank()
	return inv.found, err
}

// inquiry is one question on its way.
type inquiry struct {
	engine    *Engine
	ask       Ask
	texts     map[string]*source.Text
	found     Findings
	failed    map[int]bool // tests
	runs      []reportLine
	crashes   []Fact
	refused   bool // the compiler says no
	suspicion suspicion
	stack     []place // where a run was that did not end, the innermost first
	repairs   []repair
	tried     int
}

func (q *inquiry) add(facts ...Fact) { q.found.Facts = append(q.found.Facts, facts...) }

// lastRun takes what the last run showed, before anything is run anew.
func (q *inquiry) lastRun() {
	r := q.ask.Run
	if r == nil || r.Outcome == "exited" && r.Code == 0 {
		return
	}
	if r.Stage == "compile" {
		q.add(q.compiled(r.Output)...)
		return
	}
	facts := crashFacts(q.ask, r.Output)
	q.add(facts...)
	q.crashes = append(q.crashes, facts...)
}

// compiled is what a compiler says. Where it only says that the file has ended too soon, the bracket that is open tells the place.
func (q *inquiry) compiled(text string) []Fact {
	facts := compileFacts(q.ask, text)
	for i, f := range facts {
		t := q.texts[f.File]
		if t == nil || !endsTooSoon.MatchString(f.Message) && f.Line <= len(t.Lines) {
			continue
		}
		if _, behind, ok := t.Unclosed(); ok {
			facts[i].Line = behind
		} else {
			facts[i].Line = min(f.Line, len(t.Lines))
		}
	}
	return facts
}

// endsTooSoon is what compilers say of a bracket that is never closed.
var endsTooSoon = regexp.MustCompile(`(?i)unexpected end of (input|file)|reached end of file|at end of input|(unexpected|found) EOF|found 'EOF'`)

// run runs the tests and, where some fail, tries repairs.
func (q *inquiry) run(ctx context.Context) error {
	d, ok := driverOf(q.ask.Language)
	if !ok || q.engine.opt.Runner == nil || d.most > 0 && q.texts[q.ask.Program] == nil {
		return nil
	}
	j := newJob(q.ask, "base")
	judged := len(q.ask.Tests) > 0
	if !judged { // without tests the last input shows at least a crash
		t := jobTest{}
		if q.ask.Run != nil {
			t.Stdin = q.ask.Run.Stdin
		}
		j.Tests = []jobTest{t}
	}
	r, err := q.engine.drive(ctx, q.ask.Language, d, j)
	if err != nil {
		return err
	}
	q.read(r, judged)
	if !judged || len(q.failed) == 0 || q.refused || q.engine.opt.Budget <= 0 || d.most == 0 {
		return nil
	}
	return q.repair(ctx, d)
}

// read takes a report of the base job.
func (q *inquiry) read(r report, judged bool) {
	if c := r.compile; c != nil {
		facts := q.compiled(c.Out)
		if !c.OK {
			q.refused = true
			q.found.Facts = slices.DeleteFunc(q.found.Facts, func(f Fact) bool { return f.Source == SourceCompiler || f.Source == SourceInterpreter })
		} else {
			for i := range facts {
				facts[i].Source, facts[i].Confidence = SourceCompiler, warned(facts[i])
			}
		}
		q.add(facts...)
	}
	for _, t := range r.tools {
		facts := diagnostics(t.Out, q.ask.Files, Source(t.Name))
		for i, f := range facts {
			v := weigh(f.Message, verdict{f.Category, warned(f)})
			facts[i].Category, facts[i].Confidence = v.category, v.confidence
		}
		q.add(facts...)
	}
	q.runs, q.failed = r.runs, map[int]bool{}
	for _, line := range r.runs {
		q.judge(line, judged)
	}
	if judged {
		q.found.Tests, q.found.Passed = len(r.runs), len(r.runs)-len(q.failed)
	}
	for _, c := range r.covers {
		if q.failed[c.Test] && len(c.Stack) > 0 {
			q.stack = c.Stack
		}
	}
	q.suspicion = ochiai(r.covers, q.failed)
}

// judge decides whether a test has failed, and reads its crash.
func (q *inquiry) judge(line reportLine, judged bool) {
	test := Test{}
	if judged {
		test = q.ask.Tests[line.Test]
	}
	good := line.Code == 0 && !line.Late && (!judged || same(line.Out, test.Expected))
	if good {
		return
	}
	q.failed[line.Test] = true
	if q.found.Failing == nil && judged {
		q.found.Failing = &Failure{Test: test, Got: line.Out, Errors: line.Err, Code: line.Code, Late: line.Late}
	}
	if len(q.crashes) == 0 {
		q.crashes = crashFacts(q.ask, line.Err)
		q.add(q.crashes...)
	}
}

// same compares outputs as people do: white space at the ends of lines and of the text is not seen.
func same(got, want string) bool {
	a, b := strings.Split(strings.TrimSpace(got), "\n"), strings.Split(strings.TrimSpace(want), "\n")
	return slices.EqualFunc(a, b, func(x, y string) bool {
		return strings.TrimRight(x, " \t\r") == strings.TrimRight(y, " \t\r")
	})
}
