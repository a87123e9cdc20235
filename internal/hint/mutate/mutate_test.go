package mutate

import (
	"slices"
	"strings"
	"testing"

	"codecollab.dev/internal/hint/source"
)

var programs = map[string]string{
	"python": "def total(xs, k):\n    n = 0\n    for i in range(len(xs)):\n        if xs[i] > k and i < 3:\n            n += xs[i]\n    return n\n\nprint(total([1, 2], int(input())))\n",
	"javascript": "const xs = require('fs').readFileSync(0, 'utf8').split(' ');\nfunction f(a, b) {\n  for (let i = 0; i < a.length; i++) {\n    b += a[i] * 2;\n  }\n" +
		"  return b;\n}\nconsole.log(f(xs.map((x) => { x + 1; }), 0));\n",
	"java": "public class Main {\n  static int f(int n, int m) {\n    if (n == 0) return m;\n    return f(n - 1, m + n);\n  }\n  public static void main(String[] a) {\n" +
		"    String s = \"x\";\n    s.trim();\n    System.out.println(f(3, 0));\n  }\n}\n",
	"c":  "#include <stdio.h>\nint main(void) {\n    int s, n = 3;\n    for (int i = 0; i <= n; i++)\n        s += i * n;\n    printf(\"%d\\n\", s);\n    return 0;\n}\n",
	"go": "package main\n\nimport \"fmt\"\n\ntype T struct{ n int }\n\nfunc (t T) add(k int) { t.n += k }\n\nfunc main() {\n\tt := T{}\n\tt.add(2)\n\tfmt.Println(t.n - 1)\n}\n",
}

// TestMutantsDifferInOneLine: every mutant has all other lines of the program as they were, and at most one line more.
func TestMutantsDifferInOneLine(t *testing.T) {
	for id, text := range programs {
		lang, _ := source.Of(id)
		read := source.Read(lang, text)
		total := 0
		for line := 1; line <= len(read.Lines); line++ {
			for _, m := range Of(read, line) {
				total++
				got := strings.Split(Apply(text, m), "\n")
				extra := strings.Count(m.Text, "\n")
				if m.Line != line || extra > 1 || len(got) != len(read.Lines)+extra {
					t.Fatalf("%s line %d: %q has %d lines more", id, line, m.Text, len(got)-len(read.Lines))
				}
				if !slices.Equal(got[:line-1], read.Lines[:line-1]) || !slices.Equal(got[line+extra:], read.Lines[line:]) {
					t.Fatalf("%s: the mutant %q of line %d changes other lines", id, m.Text, line)
				}
				if m.Text == read.Line(line) || m.Weight <= 0 || m.Weight > 1 {
					t.Fatalf("%s: mutant %+v changes nothing, or has a weight that is none", id, m)
				}
				if extra == 1 && !strings.HasPrefix(m.Text, read.Line(line)+"\n") && !strings.HasSuffix(m.Text, "\n"+read.Line(line)) {
					t.Fatalf("%s: %q adds a line and changes another", id, m.Text)
				}
				balanced(t, lang, m)
			}
		}
		if total < 50 {
			t.Errorf("%s: only %d mutants", id, total)
		}
	}
}

// balanced: a mutant opens and closes as many brackets as the line did, in tokens that can still be read.
func balanced(t *testing.T, lang source.Language, m Mutant) {
	t.Helper()
	depth := 0
	for _, tok := range source.Lex(lang, m.Text) {
		if tok.Kind != source.Op {
			continue
		}
		switch tok.Text {
		case "(", "[":
			depth++
		case ")", "]":
			depth--
		}
	}
	if depth != 0 {
		t.Fatalf("%s: %q (%s) does not close what it opens", lang.ID, m.Text, m.Op)
	}
}

// TestKinds: faults that people make, and the change that takes each back is among the mutants.
func TestKinds(t *testing.T) {
	for _, tt := range []struct {
		lang, text string
		line       int
		want       string
		op         Op
	}{
		{"python", "def f(n):\n    for i in range(1, n):\n        print(i)\n", 2, "    for i in range(1, n + 1):", Step},
		{"python", "def f(a, b):\n    if a < b:\n        return a\n", 2, "    if a <= b:", Boundary},
		{"python", "def f(a, b):\n    return g(a, b)\n", 2, "    return g(b, a)", Swap},
		{"python", "def f(a, b):\n    return a\n", 2, "    return b", Variable},
		{"python", "def f(xs):\n    if any(xs):\n        return 1\n", 2, "    if all(xs):", Call},
		{"python", "def f(xs):\n    for x in xs:\n        t = x\n        return t\n", 4, "    return t", Indent},
		{"python", "x = input()\n", 1, "x = int(input())", Convert},
		{"python", "def f(a, b, c):\n    return a + b * c\n", 2, "    return (a + b) * c", Precedence},
		{"javascript", "const f = (x) => { x * x; };\n", 1, "const f = (x) => { return x * x; };", Return},
		{"javascript", "const ys = xs.sort();\n", 1, "const ys = xs.sort((a, b) => a - b);", Call},
		{"java", "class A {\n  boolean f(String a, String b) {\n    return a == b;\n  }\n}\n", 3, "    return a.equals(b);", Equality},
		{"java", "class A {\n  void f(String s) {\n    s.trim();\n  }\n}\n", 3, "    s = s.trim();", Discard},
		{"c", "int f(void) {\n    int s;\n    return s;\n}\n", 2, "    int s = 0;", Initial},
		{"c", "long f(int a, int b) {\n    return a * b;\n}\n", 2, "    return (long long)a * b;", Wide},
		{"go", "package main\n\nfunc (t T) inc() { t.n++ }\n", 3, "func (t *T) inc() { t.n++ }", Receiver},
		{"go", "package main\n\nfunc f() {\n\tx := 1\n\tx := 2\n}\n", 5, "\tx = 2", Shadow},
	} {
		lang, _ := source.Of(tt.lang)
		i := slices.IndexFunc(Of(source.Read(lang, tt.text), tt.line), func(m Mutant) bool { return m.Text == tt.want })
		if i < 0 {
			t.Errorf("%s: no mutant %q of %q", tt.lang, tt.want, strings.Split(tt.text, "\n")[tt.line-1])
			continue
		}
		if m := Of(source.Read(lang, tt.text), tt.line)[i]; m.Op != tt.op {
			t.Errorf("%s: %q is of kind %s, want %s", tt.lang, tt.want, m.Op, tt.op)
		}
	}
}
