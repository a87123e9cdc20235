package desk

import (
	"errors"
	"strings"
	"testing"

	"codecollab.dev/internal/hint"
)

var errLeak = errors.New("leak")

// read feeds a text to a form, cut into pieces of so many bytes, and returns what was shown on the way.
func read(text string, size int) (shown []string, h hint.Hint, err error) {
	f := &form{
		start: hint.Hint{File: "main.py"}, lines: 20,
		check: func(h hint.Hint) error {
			if strings.Contains(strings.ReplaceAll(h.Text, " ", ""), "range(n)") || h.Line == 13 {
				return errLeak
			}
			return nil
		},
		place: func(hint.Hint) {}, say: func(s string) { shown = append(shown, s) },
	}
	for len(text) > 0 {
		n := min(size, len(text))
		if !f.add(text[:n]) {
			break
		}
		text = text[n:]
	}
	h, err = f.end()
	return shown, h, err
}

func TestFormsThatAreTaken(t *testing.T) {
	for name, text := range map[string]string{
		"plain":       "LINE: 7\nKIND: off-by-one\nHINT: Count with `i` again. Does it stop?\n",
		"bold":        "**LINE:** 7\n**KIND:** off-by-one\n**HINT:** Count with `i` again. Does it stop?",
		"lower case":  "line: 7\nkind: Off-By-One.\nhint: Count with `i` again. Does it stop?\n\n",
		"a fence":     "```\nLINE: 7\nKIND: off-by-one\nHINT: Count with `i` again. Does it stop?\n```\n",
		"chatter":     "Sure!\n\nLINE: 7 (the loop)\nCATEGORY: off-by-one\n\nHINT:\nCount with `i` again. Does it stop?",
		"other order": "KIND: off-by-one\nLINE: 7\nHINT: Count with `i` again. Does it stop?",
	} {
		for _, size := range []int{1, 2, 3, 7, 1000} {
			shown, h, err := read(text, size)
			if err != nil || h.Line != 7 || h.Category != hint.OffByOne || h.Text != "Count with `i` again. Does it stop?" {
				t.Errorf("%s, by %d: %+v, %v", name, size, h, err)
			}
			if strings.TrimSpace(strings.Join(shown, "")) != h.Text {
				t.Errorf("%s, by %d: shown %q", name, size, shown)
			}
		}
	}
}

func TestPlainWordsAreShownAtOnceAndCodeIsHeld(t *testing.T) {
	head := "LINE: 7\nKIND: other\nHINT: "
	for text, want := range map[string]string{
		"Look at the ": "Look at the ", "Look at th": "Look at ", "Write range(": "Write ", "Write `range": "Write ", "The loop's end, perhaps? A": "The loop's end, perhaps? ",
		"Use x = 3 and go on": "Use x ", "It is `a. b` and": "It is ", "It is `a`. Then": "It is `a`. ", "Die Schleife läuft — bis": "Die Schleife läuft ",
	} {
		var shown string
		f := &form{lines: 20, check: func(hint.Hint) error { return nil }, place: func(hint.Hint) {}, say: func(s string) { shown += s }}
		f.add(head + text)
		if shown != want {
			t.Errorf("%q: shown %q, want %q", text, shown, want)
		}
	}
}

// A leak is found before any of its code is shown.
func TestALeakIsNotShown(t *testing.T) {
	for _, text := range []string{
		"Change it. Write `range(n)` there.", "Look: for i in range(n) does it.", "Use\n```\nfor i in range(n):\n```\n", "So: range( n )", "It is range(n)",
	} {
		for size := range 12 {
			shown, _, err := read("LINE: 7\nKIND: other\nHINT: "+text, size+1)
			if !errors.Is(err, errWithheld) || !errors.Is(err, errLeak) {
				t.Errorf("%q by %d: %v", text, size+1, err)
			}
			if s := strings.Join(shown, ""); strings.Contains(s, "range") || strings.Contains(s, "(") {
				t.Errorf("%q by %d: %q was shown", text, size+1, s)
			}
		}
	}
	if shown, _, err := read("LINE: 13\nKIND: other\nHINT: Look there.", 3); !errors.Is(err, errWithheld) || len(shown) > 0 {
		t.Errorf("a place that contradicts the facts: %q, %v", shown, err)
	}
}

func TestABlockOfCodeIsHeldToItsEnd(t *testing.T) {
	for _, text := range []string{"Try:\n    return left\n    and right\n    or none", "Try:\n\treturn left\n\tand right", "Try:\n~~~\nreturn left\nand right\n~~~", "Try:\n```\nreturn left\nand right\n"} {
		for size := range 9 {
			var shown string
			f := &form{lines: 20, check: func(hint.Hint) error { return nil }, place: func(hint.Hint) {}, say: func(s string) { shown += s }}
			for rest := "LINE: 7\nKIND: other\nHINT: " + text; rest != ""; {
				n := min(size+1, len(rest))
				f.add(rest[:n])
				rest = rest[n:]
			}
			if strings.Contains(shown, "return") || !strings.HasPrefix(shown, "Try:") {
				t.Errorf("%q by %d: shown %q", text, size+1, shown)
			}
		}
	}
}

func TestFormsThatAreNone(t *testing.T) {
	for _, text := range []string{
		"", "\n\n", "I think that line 7 is wrong.", "LINE: 7\nKIND: other\n", "HINT: look\n", "LINE: 21\nKIND: other\nHINT: Look.", "LINE: 7\nKIND: other\nHINT:  \n",
		"LINE: 7\nKIND: other\nHINT: https://example.com/fix", "LINE: 7\nKIND: other\nHINT: www.example.com", "LINE: 7\nKIND: other\nHINT: data-0123456789abcdef",
		strings.Repeat("x", 5000), strings.Repeat("\n", 5000), "LINE: 99999999999999999999\nHINT: Look.",
	} {
		if shown, h, err := read(text, 9); !errors.Is(err, errNonsense) || len(shown) > 0 {
			t.Errorf("%.40q: %+v, %v, shown %q", text, h, err, shown)
		}
	}
}
