package hint

import (
	"strings"
	"testing"

	"codecollab.dev/internal/hint/mistakes"
	"codecollab.dev/internal/hint/source"
)

const sharedDefault = "def add(x, xs=[]):\n    xs.append(x)\n    return xs\n\nprint(len(add(1)))\nprint(len(add(2)))\n"

func known(t *testing.T, set func(*inquiry)) Findings {
	t.Helper()
	lang, _ := source.Of("python")
	a := Ask{Language: "python", Program: "main.py", Level: LevelPlace, Files: []File{{Name: "main.py", Text: sharedDefault}}}
	q := &inquiry{ask: a, texts: map[string]*source.Text{"main.py": source.Read(lang, sharedDefault)}}
	set(q)
	q.mistakes()
	q.rank()
	return q.found
}

// A well-known mistake is a hint of its own, with its own sentence, without any run.
func TestAWellKnownMistakeIsAHint(t *testing.T) {
	f := known(t, func(*inquiry) {})
	a := Ask{Language: "python", Program: "main.py", Level: LevelPlace, Files: []File{{Name: "main.py", Text: sharedDefault}}}
	h, ok := Grounded(a, f)
	if !ok || h.Line != 1 || h.Category != StateMutation || !strings.Contains(h.Text, "`xs`") || !strings.Contains(h.Text, "mutable default") {
		t.Errorf("%v %+v", ok, h)
	}
}

// What runs show makes a mistake more or less likely to be the fault.
func TestRunsBearMistakesOut(t *testing.T) {
	surest := func(set func(*inquiry)) float64 { return known(t, set).Suspects[0].Confidence }
	alone := surest(func(*inquiry) {})
	for name, set := range map[string]func(*inquiry){
		"all tests pass": func(q *inquiry) { q.found.Tests, q.failed = 2, map[int]bool{} },
		"failing tests never come by": func(q *inquiry) {
			q.found.Tests, q.failed, q.suspicion = 2, map[int]bool{0: true}, suspicion{place{"main.py", 6}: 1}
		},
		"the compiler refuses": func(q *inquiry) { q.refused = true },
	} {
		if c := surest(set); c >= Sure || c >= alone {
			t.Errorf("%s: %.2f, alone %.2f", name, c, alone)
		}
	}
}

// Each rule has its sentence, in both languages, and both have the same places for a piece of the program.
func TestEveryMistakeHasItsWords(t *testing.T) {
	en, de := englishMistakes(), germanMistakes()
	for _, name := range mistakes.Rules() {
		if en[name] == "" || de[name] == "" {
			t.Errorf("%s: %q, %q", name, en[name], de[name])
		}
		if strings.Contains(en[name], "{what}") != strings.Contains(de[name], "{what}") {
			t.Errorf("%s names a piece of the program in one language only", name)
		}
	}
	if n := len(mistakes.Rules()); len(en) != n || len(de) != n {
		t.Errorf("%d rules, %d sentences, %d in German", n, len(en), len(de))
	}
}
