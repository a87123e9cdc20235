package hint

import (
	"errors"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	a := Ask{Language: "python", Program: "main.py", Level: LevelPlace, Kind: KindHint,
		Files: []File{{"main.py", "def f(xs):\n    t = 0\n    for i in range(1, len(xs)):\n        t += xs[i]\n    return t\n"}}}
	sure := Findings{Suspects: []Suspect{{File: "main.py", Line: 3, Category: OffByOne, Confidence: .95}, {File: "main.py", Line: 1, Confidence: .1}},
		fixes: []string{"    for i in range(0, len(xs)):"}}
	for _, tt := range []struct {
		name string
		h    Hint
		f    Findings
		want error
	}{
		{"in order", Hint{Line: 3, Text: "Line 3: where does the range begin? See `range(1, len(xs))`."}, sure, nil},
		{"near", Hint{Line: 4, Text: "Look at the loop."}, sure, nil},
		{"another line", Hint{Line: 1, Text: "Look at the head."}, Findings{Suspects: []Suspect{{File: "main.py", Line: 4, Confidence: .95}}}, ErrContradicts},
		{"another line, weak facts", Hint{Line: 1, Text: "Look."}, Findings{Suspects: []Suspect{{File: "main.py", Line: 5, Confidence: .5}}}, nil},
		{"no such line", Hint{Line: 70, Text: "Look."}, Findings{}, ErrContradicts},
		{"the repaired line", Hint{Line: 3, Text: "Write for i in range(0, len(xs)): there."}, sure, ErrLeak},
		{"nearly the repaired line", Hint{Line: 3, Text: "Use `for j in range(0, len(xs))`."}, sure, ErrLeak},
		{"a block", Hint{Line: 3, Text: "Do\n```python\na = 1\nb = 2\nc = 3\n```"}, sure, ErrLeak},
		{"a block that nobody closes", Hint{Line: 3, Text: "Do\n```\na\nb\nc\n"}, sure, ErrLeak},
		{"an indented block", Hint{Line: 3, Text: "Do\n    a\n    b\n    c\n"}, sure, ErrLeak},
		{"much code", Hint{Line: 3, Text: "Use `sum(xs[k] for k in range(len(xs)))`."}, sure, ErrLeak},
		{"a name", Hint{Line: 3, Text: "What does `enumerate` do?"}, sure, nil},
		{"long", Hint{Line: 3, Text: strings.Repeat("word ", 121)}, sure, ErrUnspecific},
	} {
		if err := Check(a, tt.f, tt.h); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}
