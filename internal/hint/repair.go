package hint

import (
	"cmp"
	"context"
	"slices"
	"time"

	"codecollab.dev/internal/hint/mutate"
)

// repair is a change that makes all tests pass.
type repair struct {
	mutation
	category Category
}

// batchFor is how long one cell tries mutants: all cores of it are used, and its time is counted over all of them. What has to warm up
// first (a virtual machine with a compiler in it) gets all its time at once.
const (
	batchFor     = 4 * time.Second
	batchForWarm = 9 * time.Second
)

// repair tries mutants of the suspicious lines, the likeliest first, until the time is over.
func (q *inquiry) repair(ctx context.Context, d driver) error {
	todo := q.mutants(d.most)
	until := time.Now().Add(q.engine.opt.Budget)
	j := newJob(q.ask, "mutants")
	j.Order, j.Seconds = q.order()
	for _, f := range q.crashes {
		j.Sanitize = j.Sanitize || f.Source == SourceSanitizer
	}
	for len(todo) > 0 && time.Now().Before(until) {
		n := min(len(todo), 1200)
		j.Mutants = j.Mutants[:0]
		for _, m := range todo[:n] {
			j.Mutants = append(j.Mutants, jobMutant{File: m.file, Line: m.Line, Text: m.Text, Weight: m.weight})
		}
		batch := batchFor
		if d.warms {
			batch = batchForWarm
		}
		j.Budget = min(batch, time.Until(until)).Seconds()
		r, err := q.engine.drive(ctx, q.ask.Language, d, j)
		if err != nil {
			return err
		}
		done := q.take(r, todo[:n])
		if done == 0 {
			q.engine.opt.Log.Warn("the driver of hints tried no mutant", "language", q.ask.Language, "errors", shorten(r.errors, 300))
			return nil
		}
		rest := slices.Clone(todo[n:])
		todo = append(q.left(r, todo[:n]), rest...)
		if q.enough(todo) {
			break
		}
	}
	for _, r := range q.repairs {
		q.found.fixes = append(q.found.fixes, r.Text)
		q.add(Fact{Source: SourceRepair, File: r.file, Line: r.Line, Category: r.category, Message: "a small change here makes all tests pass", Confidence: .9})
	}
	return nil
}

// enough reports whether what is left is far less likely than what was found.
func (q *inquiry) enough(todo []mutation) bool {
	best := 0.0
	for _, r := range q.repairs {
		best = max(best, r.weight)
	}
	return len(todo) > 0 && todo[0].weight < best*.4
}

// take keeps the mutants that pass, and counts what was tried.
func (q *inquiry) take(r report, batch []mutation) int {
	for _, l := range r.mutants {
		if l.R == "pass" && l.ID < len(batch) {
			m := batch[l.ID]
			q.repairs = append(q.repairs, repair{mutation: m, category: q.categoryOf(m)})
		}
	}
	q.tried += len(r.mutants)
	return len(r.mutants)
}

// left are those that the driver did not come to.
func (q *inquiry) left(r report, batch []mutation) (out []mutation) {
	done := map[int]bool{}
	for _, l := range r.mutants {
		done[l.ID] = true
	}
	for i, m := range batch {
		if !done[i] {
			out = append(out, m)
		}
	}
	if !r.done && len(out) > 0 { // the driver broke, perhaps of the first of these
		out = out[1:]
	}
	return out
}

// mutants are those of all suspicious lines, the likeliest first.
func (q *inquiry) mutants(most int) (out []mutation) {
	for name, t := range q.texts {
		if q.ask.Language == "python" && name != q.ask.Program {
			continue
		}
		last := 0.0
		for line := 1; line <= len(t.Lines); line++ {
			s, visited := q.suspicion[place{name, line}]
			switch {
			case visited:
				last = s
			case len(q.suspicion) == 0:
				s = .5
			case !t.Code(line): // a closing bracket: statements may be missing behind it
				s = last * .9
			case q.partly(name, line):
				s = last * .9
			default:
				s = last * .3 // a line of an expression, or of a branch that should have been taken
			}
			if s == 0 {
				s = .05
			}
			if q.crashed(name, line) {
				s = min(1, s*1.3)
			}
			s *= q.place(name, line)
			for _, m := range mutate.Of(t, line) {
				out = append(out, mutation{Mutant: m, file: name, weight: m.Weight * s * s})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b mutation) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.file, b.file), cmp.Compare(a.Line, b.Line))
	})
	return out[:min(len(out), most)]
}

// place is lower where a program only reads, calls and prints: at its top level, in main, and in the file that is started when there
// are others.
func (q *inquiry) place(name string, line int) float64 {
	w := 1.0
	if len(q.texts) > 1 && name == q.ask.Program {
		w = .6
	}
	if f, in := q.texts[name].FuncAt(line); (!in || f.Name == "main") && len(q.texts[name].Funcs()) > 1 {
		w *= .8
	}
	return w
}

// partly reports whether a line goes on with the statement of the line before it.
func (q *inquiry) partly(name string, line int) bool {
	on := q.texts[name].On(line - 1)
	return len(on) > 0 && (on[len(on)-1].Is(",") || on[len(on)-1].Is("(") || on[len(on)-1].Is("["))
}

// crashed reports whether the innermost frames of a crash are on the line.
func (q *inquiry) crashed(name string, line int) bool {
	for i, f := range q.crashes {
		if i < 2 && f.File == name && f.Line == line {
			return true
		}
	}
	return false
}

// order puts the tests first that fail, the fast before the slow, and says how long one may take.
func (q *inquiry) order() (order []int, seconds float64) {
	slowest := 0
	for _, r := range q.runs {
		order = append(order, r.Test)
		if !r.Late {
			slowest = max(slowest, r.MS)
		}
	}
	key := func(i int) int {
		r := q.runs[i]
		k := r.MS
		if !q.failed[r.Test] {
			k += 1 << 20
		}
		if r.Late {
			k += 1 << 18
		}
		return k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(key(a), key(b)) })
	return order, min(2, max(.3, float64(slowest)/1000*8))
}
