package hint

import (
	"testing"

	"codecollab.dev/internal/hint/mutate"
	"codecollab.dev/internal/hint/source"
)

const summing = "def total(xs):\n    s = 0\n    for i in range(1, len(xs)):\n        s += xs[i]\n    return s\n\nprint(total([1, 2]))\n"

func repaired(tests int, rs ...repair) *inquiry {
	lang, _ := source.Of("python")
	q := &inquiry{texts: map[string]*source.Text{"main.py": source.Read(lang, summing)}, failed: map[int]bool{0: true}, repairs: rs}
	q.found.Tests = tests
	return q
}

func at(line int, text string, weight float64) repair {
	return repair{mutation{mutate.Mutant{Line: line, Text: text, Op: mutate.Step}, "main.py", weight}, OffByOne}
}

func surest(q *inquiry) Suspect {
	q.rank()
	return q.found.Suspects[0]
}

// A likely change proves much with few tests; an unlikely one, or one that adds a statement, needs more of them.
func TestWhatARepairProves(t *testing.T) {
	likely := surest(repaired(1, at(3, "    for i in range(0, len(xs)):", .5)))
	if likely.Line != 3 || likely.Confidence < .9 {
		t.Errorf("a likely change: %+v", likely)
	}
	added := at(4, "        s += xs[i]\n        s += 1", .15)
	if s := surest(repaired(1, added)); s.Confidence >= Sure {
		t.Errorf("an added statement is sure after one test: %+v", s)
	}
	if s := surest(repaired(10, added)); s.Confidence < Sure {
		t.Errorf("an added statement is not sure after ten tests: %+v", s)
	}
	if s := surest(repaired(3, added, at(3, "    for i in range(0, len(xs)):", .2))); s.Line != 3 {
		t.Errorf("the added statement comes before the changed one: %+v", s)
	}
}

// Where a program breaks on the line that a repair changes, two witnesses agree.
func TestACrashBearsARepairOut(t *testing.T) {
	both := []repair{at(4, "        s += xs[i - 1]", .4), at(1, "def total(xs, n):", .3)}
	alone := surest(repaired(2, both...))
	q := repaired(2, both...)
	q.crashes = []Fact{{Source: SourceCrash, File: "main.py", Line: 4, Category: IndexOutOfRange, Confidence: .6}}
	if s := surest(q); s.Line != 4 || s.Confidence <= alone.Confidence || s.Confidence < Sure || alone.Confidence >= Sure {
		t.Errorf("with a crash %+v, without %+v", s, alone)
	}
}
