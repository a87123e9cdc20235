package source

import (
	"strings"
	"testing"
)

func TestUnclosed(t *testing.T) {
	js, _ := Of("javascript")
	java, _ := Of("java")
	for _, c := range []struct {
		name         string
		lang         Language
		text         string
		open, behind int
		ok           bool
	}{
		{"whole", js, "function f() {\n  return [1, (2)];\n}\n", 0, 0, false},
		{"the next function begins", js, "function f() {\n  return 1;\n\nfunction g() {\n  return 2;\n}\n", 1, 2, true},
		{"the statement behind it", js, "const x = 1;\nfunction f(a) {\n  return a;\nconsole.log(f(x));\n", 2, 3, true},
		{"a loop in a function", js, "function f() {\n  for (;;) {\n    a();\n  b();\n}\n", 2, 3, true},
		{"a closer too far out", js, "function f() {\n  if (x) {\n    a();\n}\n", 2, 3, true},
		{"the last block", js, "f(() => {\n  a();\n", 1, 2, true},
		{"a parenthesis", js, "f(1;\ng(2);\n", 1, 1, true},
		{"another bracket", js, "f([1, 2);\n", 1, 1, true},
		{"labels", java, "class A {\nint f(int x) {\n    switch (x) {\n    case 1: return 1;\n    default: return 2;\n    }\n}\n}\n", 1, 1, true}, // not indented: a guess
		{"a brace of its own line", java, "class A\n{\n    int f()\n    {\n        return 1;\n}\n", 4, 5, true},
		{"one too many", js, "}\n", 0, 0, false},
		{"in a text", js, "f('{');\n", 0, 0, false},
	} {
		open, behind, ok := Read(c.lang, c.text).Unclosed()
		if open != c.open || behind != c.behind || ok != c.ok {
			t.Errorf("%s: %d, %d, %v, want %d, %d, %v in\n%s", c.name, open, behind, ok, c.open, c.behind, c.ok, strings.TrimSpace(c.text))
		}
	}
}
