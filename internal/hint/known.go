package hint

import (
	"strings"

	"codecollab.dev/internal/hint/mistakes"
)

// mistakes adds what the text of the program alone shows. How sure that is, the tests say: a mistake that they never come by, or
// that they pass in spite of, is seldom the one that somebody asks about.
func (q *inquiry) mistakes() {
	for name, t := range q.texts {
		for _, m := range mistakes.Find(t) {
			q.add(Fact{Source: SourceText, File: name, Line: m.Line, Category: Category(m.Kind), Confidence: m.Sure * q.borneOut(place{name, m.Line}),
				Message: "a well-known mistake: " + strings.ReplaceAll(m.Rule, "-", " "), rule: m.Rule, what: m.What})
		}
	}
}

// borneOut is how far the runs bear out that something is wrong on a line: 1 when they say nothing, or point there.
func (q *inquiry) borneOut(p place) float64 {
	switch {
	case q.refused:
		return .5 // there is something that the compiler knows better
	case q.found.Tests > 0 && len(q.failed) == 0:
		return .6
	case len(q.suspicion) > 0 && !q.visited(p):
		return .4
	case len(q.repairs) == 0 || q.repaired(p):
		return 1
	}
	return .85 // a change elsewhere makes all tests pass
}

// visited reports whether a failing test comes by the line or one beside it.
func (q *inquiry) visited(p place) bool {
	for line := p.Line - 1; line <= p.Line+1; line++ {
		if q.suspicion[place{p.File, line}] > 0 {
			return true
		}
	}
	return false
}

// repaired reports whether a repair was found on the line or beside it.
func (q *inquiry) repaired(p place) bool {
	for _, r := range q.repairs {
		if r.file == p.File && r.Line >= p.Line-1 && r.Line <= p.Line+1 {
			return true
		}
	}
	return false
}
