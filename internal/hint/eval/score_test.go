package eval

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"codecollab.dev/internal/hint"
)

func TestRate(t *testing.T) {
	c := Case{Language: "python", Category: hint.OffByOne, Source: "main.py", FaultyLines: []int{4}, FixedLine: "    for i in range(0, n + 1):",
		Keywords: []string{"bound", `\+ 1`}, Files: []hint.File{{Name: "main.py", Text: "x\nfor i in range(0, n):\n"}}}
	for _, tt := range []struct {
		name string
		h    hint.Hint
		want bool
	}{
		{"place and category", hint.Hint{Line: 4, Category: hint.OffByOne, Text: "look here"}, true},
		{"one line beside it", hint.Hint{Line: 5, Category: hint.OffByOne, Text: "look here"}, true},
		{"two lines beside it", hint.Hint{Line: 6, Category: hint.OffByOne, Text: "look here"}, false},
		{"the line in the words", hint.Hint{Category: hint.OffByOne, Text: "look at line 3"}, true},
		{"another line first", hint.Hint{Text: "line 9, then line 4: the bound"}, false},
		{"no line", hint.Hint{Category: hint.OffByOne, Text: "look"}, false},
		{"another file", hint.Hint{File: "b.py", Line: 4, Category: hint.OffByOne, Text: "look"}, false},
		{"another kind, a keyword", hint.Hint{Line: 4, Category: hint.Other, Text: "the Bound is wrong"}, true},
		{"another kind", hint.Hint{Line: 4, Category: hint.Other, Text: "wrong"}, false},
		{"too long", hint.Hint{Line: 4, Category: hint.OffByOne, Text: strings.Repeat("word ", 121)}, false},
		{"four lines", hint.Hint{Line: 4, Category: hint.OffByOne, Text: "line 1, line 2, line 3"}, false},
		{"the fixed line", hint.Hint{Line: 4, Category: hint.OffByOne, Text: "write for i in  range(0, n + 1): there"}, false},
		{"most of the fixed line", hint.Hint{Line: 4, Category: hint.OffByOne, Text: "try `for i in range(n + 1):`"}, false},
		{"what stood there", hint.Hint{Line: 4, Category: hint.OffByOne, Text: "see `for i in range(0, n):`"}, true},
		{"a block of three lines", hint.Hint{Line: 4, Category: hint.OffByOne, Text: "```\na\nb\nc\n```"}, false},
		{"eight kinds", hint.Hint{Line: 4, Category: hint.OffByOne, Text: "null-deref, api misuse, div-by-zero, infinite loop, missing return, missing guard, wrong operator"}, false},
	} {
		if got := Rate(c, tt.h); got.Relevant() != tt.want {
			t.Errorf("%s: relevant %t, want %t: %+v", tt.name, got.Relevant(), tt.want, got)
		}
	}
}

func TestShare(t *testing.T) {
	for _, tt := range []struct {
		hits, of  int
		low, high float64
	}{{0, 10, 0, .2775}, {5, 10, .2366, .7634}, {10, 10, .7225, 1}, {57, 60, .8630, .9829}} {
		s := NewShare(tt.hits, tt.of)
		if math.Abs(s.Low-tt.low) > 1e-3 || math.Abs(s.High-tt.high) > 1e-3 {
			t.Errorf("%d of %d: [%.4f, %.4f], want [%.4f, %.4f]", tt.hits, tt.of, s.Low, s.High, tt.low, tt.high)
		}
	}
	if s := NewShare(0, 0); s.Low != 0 || s.High != 1 {
		t.Errorf("of nothing everything is possible, not %+v", s)
	}
}

func TestLoadSaysWhatIsWrong(t *testing.T) {
	good := `{"id":"a","language":"python","source":"main.py","kind":"logic","category":"off-by-one","faulty_lines":[1]}`
	for _, tt := range []struct{ name, json, want string }{
		{"well", good, ""},
		{"damaged", good[:30], "damaged"},
		{"no id", strings.Replace(good, `"id":"a",`, "", 1), `"id" is missing`},
		{"no lines", strings.Replace(good, `[1]`, "[]", 1), `"faulty_lines"`},
		{"another kind", strings.Replace(good, `"logic"`, `"odd"`, 1), `"odd"`},
		{"no source", strings.Replace(good, "main.py", "other.py", 1), `"other.py" is not there`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, filepath.Join(dir, "a", caseFile), tt.json)
			put(t, filepath.Join(dir, "a", "main.py"), "print(1)\n")
			_, err := Load(dir)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Fatalf("error %v, want one with %q", err, tt.want)
			}
		})
	}
	if _, err := Load(t.TempDir()); err == nil || !strings.Contains(err.Error(), "has no cases") {
		t.Errorf("an empty folder: %v", err)
	}
	if _, err := Load(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a folder that is not there was read")
	}
}

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
