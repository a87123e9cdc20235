package hint

import (
	"cmp"
	"slices"
	"strings"

	"codecollab.dev/internal/hint/mutate"
)

// rank makes suspects of all that was found, the likeliest first.
func (q *inquiry) rank() {
	var all []Suspect
	all = append(all, q.ofRepairs()...)
	for _, f := range q.found.Facts {
		if f.Line == 0 || f.Source == SourceRepair {
			continue
		}
		all = append(all, ofFact(f))
	}
	all = append(all, q.ofLoop()...)
	all = append(all, q.ofCoverage()...)
	slices.SortStableFunc(all, func(a, b Suspect) int { return cmp.Compare(b.Confidence, a.Confidence) })
	seen := map[place]bool{}
	for _, s := range all {
		if p := (place{s.File, s.Line}); !seen[p] && len(q.found.Suspects) < 10 {
			seen[p] = true
			q.found.Suspects = append(q.found.Suspects, s)
		}
	}
}

// ofFact makes a suspect of one fact.
func ofFact(f Fact) Suspect {
	tool := detail{tool: f.Source, message: f.Message}
	if f.Source == SourceText {
		tool = detail{rule: f.rule, what: f.what}
	}
	return Suspect{File: f.File, Line: f.Line, Category: f.Category, Reason: f.Message, Confidence: f.Confidence, detail: tool}
}

// ofLoop suspects the loop or call where a program was that did not come to an end.
func (q *inquiry) ofLoop() (out []Suspect) {
	conf := .6
	seen := map[place]bool{}
	for _, p := range q.stack {
		if seen[p] {
			continue
		}
		seen[p] = true
		for line := p.Line; line >= max(1, p.Line-12); line-- {
			t := q.texts[p.File]
			if t == nil {
				break
			}
			if on := t.On(line); len(on) > 0 && (on[0].Is("while") || on[0].Is("for")) {
				out = append(out, Suspect{File: p.File, Line: line, Category: InfiniteLoop, Reason: "the program is in this loop when its time is over", Confidence: conf})
				break
			}
		}
		if conf *= .6; len(out) == 3 {
			break
		}
	}
	return out
}

// ofCoverage suspects lines by the tests that visit them.
func (q *inquiry) ofCoverage() (out []Suspect) {
	visited := q.suspicion
	if len(visited) == 0 && len(q.failed) > 0 { // a test fails, and it is not known where it went
		visited = q.everywhere()
	}
	for p, s := range visited {
		c, what := q.guess(p)
		out = append(out, Suspect{File: p.File, Line: p.Line, Category: c, Reason: "tests that fail visit it", Confidence: .3 * s * q.interest(p), detail: detail{what: what}})
	}
	slices.SortStableFunc(out, func(a, b Suspect) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return out[:min(len(out), 10)]
}

// everywhere suspects all lines of the program a little.
func (q *inquiry) everywhere() suspicion {
	out := suspicion{}
	for name, t := range q.texts {
		for line := range t.Lines {
			if t.Code(line + 1) {
				out[place{name, line + 1}] = .5
			}
		}
	}
	return out
}

// interest is lower for lines that can hardly be wrong.
func (q *inquiry) interest(p place) float64 {
	t := q.texts[p.File]
	if t == nil {
		return .1
	}
	on := t.On(p.Line)
	if len(on) == 0 || on[0].Is("def") || on[0].Is("import") || on[0].Is("from") || on[0].Is("class") || on[0].Is("else") {
		return .2
	}
	if f, in := t.FuncAt(p.Line); !in || f.Name == "main" {
		return .5
	}
	w := .7
	for _, tok := range on {
		switch tok.Text {
		case "if", "while", "for", "elif":
			w = max(w, .9)
		case "<", ">", "<=", ">=", "==", "!=", "+", "-", "*", "/", "%", "[":
			w = max(w, .8)
		}
	}
	return w
}

// guess is the kind of fault that lines of this form have most often.
func (q *inquiry) guess(p place) (Category, string) {
	t := q.texts[p.File]
	if t == nil {
		return Other, ""
	}
	on := t.On(p.Line)
	if len(on) == 0 {
		return Other, ""
	}
	line := t.Line(p.Line)
	switch {
	case on[0].Is("while") || on[0].Is("for"):
		return OffByOne, ""
	case on[0].Is("if") || on[0].Is("elif"):
		return WrongCondition, ""
	case on[0].Is("return"):
		return WrongVariable, ""
	case strings.ContainsAny(line, "<>*/%&|^"):
		return WrongOperator, ""
	}
	return WrongVariable, ""
}

// ofRepairs makes suspects of the changes that make all tests pass: the fewer lines they are on, the surer.
func (q *inquiry) ofRepairs() []Suspect {
	type group struct {
		best  repair
		total float64
	}
	groups := map[place]*group{}
	sum := 0.0
	for _, r := range q.repairs {
		p := place{r.file, r.Line}
		g := groups[p]
		if g == nil {
			g = &group{best: r}
			groups[p] = g
		}
		w := r.weight * r.trust()
		if w > g.best.weight*g.best.trust() {
			g.best = r
		}
		g.total = max(g.total, w) + .1*min(g.total, w)
	}
	for _, g := range groups {
		sum += g.total
	}
	var out []Suspect
	for p, g := range groups {
		near := 0.0
		for o, h := range groups {
			if o.File == p.File && o.Line >= p.Line-1 && o.Line <= p.Line+1 {
				near += h.total
			}
		}
		r := g.best
		s := Suspect{File: p.File, Line: p.Line, Category: r.category, Reason: "a small change here makes all tests pass", Confidence: .97 * (.4*g.total/sum + .6*near/sum) * q.strength(g.total),
			detail: detail{op: r.Op, what: what(r.From), tool: SourceRepair}}
		if s.Category == InfiniteLoop {
			s.detail.op = "" // what does not end is more than the one change that ends it
		}
		q.agree(&s)
		q.crashesToo(&s)
		out = append(out, s)
	}
	slices.SortStableFunc(out, func(a, b Suspect) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return out
}

// trust is lower for changes that add a statement: there are so many that one of them may please few tests by chance.
func (r repair) trust() float64 {
	if strings.Contains(r.Text, "\n") {
		return .6
	}
	return 1
}

// strength is how much it proves that a change makes all tests pass: an unlikely change needs more tests than a likely one.
func (q *inquiry) strength(weight float64) float64 {
	return min(1, .35+2.2*weight+.05*float64(q.found.Tests))
}

// crashesToo makes a repair surer where the program breaks on that very line: two witnesses that know nothing of each other.
func (q *inquiry) crashesToo(s *Suspect) {
	for i, f := range q.crashes {
		if i == 0 && f.File == s.File && f.Line >= s.Line-1 && f.Line <= s.Line+1 {
			s.Confidence = min(.97, 1-(1-s.Confidence)*(1-f.Confidence))
			if f.Category == DivByZero { // whatever the change is, it keeps this from happening
				s.Category, s.detail = f.Category, ofFact(f).detail
			}
		}
	}
}

// agree lets a tool speak that complains of the line that a repair has proved to be wrong: it knows the kind better.
func (q *inquiry) agree(s *Suspect) {
	for _, f := range q.found.Facts {
		tool := f.Source != SourceRepair && f.Source != SourceCrash && f.Source != SourceRun
		if tool && f.File == s.File && f.Line == s.Line && f.Confidence >= .45 && f.Category != Other && f.Category != Unused {
			own := ofFact(f)
			s.Category, s.detail = own.Category, own.detail
			return
		}
	}
}

// what is short enough to be named in a sentence.
func what(from string) string {
	from = strings.TrimSpace(from)
	if len(from) > 24 || strings.Contains(from, "`") {
		return ""
	}
	return from
}

// categoryOf is the kind of fault that a change repairs.
func (q *inquiry) categoryOf(m mutation) Category {
	t := q.texts[m.file]
	first := ""
	if on := t.On(m.Line); len(on) > 0 {
		first = on[0].Text
	}
	fn, _ := t.FuncAt(m.Line)
	crash := Category("")
	if len(q.crashes) > 0 {
		crash = q.crashes[0].Category
	}
	switch m.Op {
	case mutate.Boundary, mutate.Step:
		if crash == MissingBaseCase && fn.Self {
			return InfiniteLoop // a call that does not come nearer to the end
		}
		if crash == IndexOutOfRange {
			return IndexOutOfRange
		}
		return OffByOne
	case mutate.Comparison, mutate.Arithmetic, mutate.Logic, mutate.Bitwise, mutate.Assign, mutate.Equality, mutate.Precedence, mutate.Division:
		return WrongOperator
	case mutate.Variable, mutate.Adjust, mutate.Swap:
		if crash == MissingBaseCase {
			return InfiniteLoop
		}
		return WrongVariable
	case mutate.Negated, mutate.Partial, mutate.Leave, mutate.Falls, mutate.Initial, mutate.Indent:
		return WrongCondition
	case mutate.Constant:
		if first == "return" && fn.Self {
			return MissingBaseCase
		}
		return WrongCondition
	case mutate.Square:
		if first == "if" || first == "while" {
			return WrongCondition
		}
		return WrongOperator
	case mutate.Return:
		return MissingReturn
	case mutate.Call:
		if m.From == "any" || m.From == "all" {
			return WrongCondition
		}
		return APIMisuse
	case mutate.Convert:
		return TypeMismatch
	case mutate.Wide:
		return Overflow
	case mutate.Copy, mutate.Receiver, mutate.Remove:
		return StateMutation
	case mutate.Nest:
		if fn.Self {
			return MissingBaseCase
		}
		return WrongVariable
	case mutate.Base:
		return MissingBaseCase
	case mutate.Guard, mutate.Wrap, mutate.Keep, mutate.Insert:
		if crash == DivByZero || crash == NullDeref {
			return crash
		}
		return MissingGuard
	case mutate.Discard, mutate.Await:
		return APIMisuse
	case mutate.Shadow, mutate.Scope:
		return WrongVariable
	}
	return Other
}
