package mistakes

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"codecollab.dev/internal/hint/source"
)

// pair is a program with a mistake, and the same without it.
type pair struct {
	rule, language string
	line           int
	bad, good      string
}

var pairs = []pair{
	{"mutable-default", "python", 1, "def add(x, xs=[]):\n    xs.append(x)\n    return xs\n", "def add(x, xs=None):\n    xs = xs or []\n    xs.append(x)\n    return xs\n"},
	{"no-effect", "python", 2, "x = 1\nx == 2\nprint(x)\n", "x = 1\nx = 2\nprint(x == 2)\n"},
	{"no-effect", "javascript", 2, "let x = 1;\nx == 2;\n", "let x = 1;\nconst f = (a) =>\n  a == 2;\nx = 2;\n"},
	{"unused-value", "python", 2, "def area(w, h):\n    w * h\n\nprint(area(2, 3))\n", "def area(w, h):\n    return w * h\n\nprint(area(2, 3))\n"},
	{"discarded", "python", 2, "s = input()\ns.upper()\nprint(s)\n", "s = input()\ns = s.upper()\nos.replace(a, b)\nprint(s)\n"},
	{"discarded", "java", 3, "class A { static String f(String s) {\n  s = s + \"x\";\n  s.trim();\n  return s;\n} }\n", "class A { static String f(StringBuilder s) {\n  s.replace(0, 1, \"x\");\n  return s.toString().trim();\n} }\n"},
	{"discarded", "go", 4, "package main\nimport \"strings\"\nfunc f(s string) string {\n\tstrings.ToUpper(s)\n\treturn s\n}\n", "package main\nimport \"strings\"\nfunc f(s string) string {\n\treturn strings.ToUpper(s)\n}\n"},
	{"nothing-returned", "python", 2, "xs = [2, 1]\nxs = xs.sort()\nprint(xs)\n", "xs = [2, 1]\nxs.sort()\nys = sorted(xs)\nt = table.sort(\"name\")\nprint(xs)\n"},
	{"identity", "python", 2, "x = input()\nif x is \"a\":\n    print(1)\n", "x = input()\nif x is None or x is not y:\n    print(1)\n"},
	{"identity", "java", 2, "class A { static boolean f(String a, String b) {\n  return a == b;\n} }\n", "class A { static boolean f(int a, int b, String c) {\n  return a == b && c != null;\n} }\n"},
	{"identity", "c", 2, "int f(char *s) {\n  return s == \"yes\";\n}\n", "int f(char *s) {\n  return s[0] == 'y' && s != 0;\n}\n"},
	{"literal-or", "python", 1, "if x == 1 or 2:\n    print(x)\n", "if x == 1 or x == 2:\n    y = a or 2\n"},
	{"shared-rows", "python", 1, "m = [[0] * 3] * 3\n", "m = [[0] * 3 for _ in range(3)]\nn = [0] * 3\n"},
	{"shared-rows", "javascript", 1, "const m = new Array(3).fill([]);\n", "const m = new Array(3).fill(0).map(() => []);\n"},
	{"looped-over", "python", 1, "for x in xs:\n    if x < 0:\n        xs.remove(x)\nprint(xs)\n", "for x in list(xs):\n    if x < 0:\n        xs.remove(x)\nfor x in xs:\n    if x:\n        xs.remove(x)\n        break\n"},
	{"looped-over", "java", 1, "for (int x : xs) {\n  if (x < 0) {\n    xs.remove(x);\n  }\n}\n", "for (int x : new ArrayList<>(xs)) {\n  xs.remove(x);\n}\n"},
	{"kept-and-changed", "python", 2, "def f(out, path):\n    out.append(path)\n    path.append(1)\n    path.pop()\n", "def f(out, path):\n    out.append(list(path))\n    path.append(1)\n    path.pop()\n"},
	{"late-binding", "python", 3, "fs = []\nfor i in range(3):\n    fs.append(lambda: i)\n", "fs = []\nfor i in range(3):\n    fs.append(lambda i=i: i)\n"},
	{"late-binding", "javascript", 1, "for (var i = 0; i < 3; i++) {\n  fs.push(() => i);\n}\n", "for (let i = 0; i < 3; i++) {\n  fs.push(() => i);\n}\n"},
	{"no-call", "python", 1, "if s.isdigit:\n    print(1)\n", "if s.isdigit():\n    f = s.isdigit\n"},
	{"found-at-zero", "python", 1, "if s.find('a') > 0:\n    print(1)\n", "if s.find('a') >= 0:\n    print(1)\n"},
	{"found-at-zero", "javascript", 1, "if (s.indexOf('a')) {\n  f();\n}\n", "if (s.indexOf('a') !== -1) {\n  f();\n}\n"},
	{"self-assigned", "java", 3, "class A {\n  int n;\n  A(int n) { n = n; }\n}\n", "class A {\n  int n;\n  A(int n) { this.n = n; }\n}\n"},
	{"reversed-assign", "python", 2, "n = 0\nn =+ 1\n", "n = 0\nn += 1\nm = -1\nk =-1\n"},
	{"assigned-in-condition", "c", 2, "int f(int x) {\n  if (x = 5) return 1;\n  return 0;\n}\n", "int f(int x) {\n  if (x == 5) return 1;\n  while ((x = next()) != 0) { }\n  return 0;\n}\n"},
	{"empty-body", "java", 2, "int s = 0;\nfor (int i = 0; i < 3; i++);\n{\n  s += 1;\n}\n", "int s = 0;\nfor (int i = 0; i < 3; i++)\n{\n  s += 1;\n}\ndo {\n  s--;\n} while (s > 0);\n{ s = 1; }\n"},
	{"past-the-end", "go", 4, "package main\nfunc f(xs []int) int {\n\ts := 0\n\tfor i := 0; i <= len(xs); i++ {\n\t\ts += xs[i]\n\t}\n\treturn s\n}\n", "package main\nfunc f(xs []int) int {\n\ts := 0\n\tfor i := 0; i < len(xs); i++ {\n\t\ts += xs[i]\n\t}\n\tfor i := 0; i <= len(xs); i++ {\n\t\ts += i\n\t}\n\treturn s\n}\n"},
	{"past-the-end", "java", 1, "for (int i = 0; i <= xs.length; i++) {\n  s += xs[i];\n}\n", "for (int i = 1; i <= xs.length; i++) {\n  s += xs[i - 1];\n}\n"},
	{"past-the-end", "python", 1, "print(xs[len(xs)])\n", "print(xs[len(xs) - 1])\n"},
	{"wrong-step", "c", 2, "void f(int n) {\n  for (int i = n; i >= 0; i++) g(i);\n}\n", "void f(int n) {\n  for (int i = n; i >= 0; i--) g(i);\n  for (int i = 0; i < n; i++) g(i);\n}\n"},
	{"wrong-step", "javascript", 2, "for (let i = 0; i < n; i++) {\n  for (let j = 0; j < n; i++) {\n    f(i, j);\n  }\n}\n", "for (let i = 0; i < n; i++) {\n  for (let j = 0; j < n; j++) {\n    f(i, j);\n  }\n}\n"},
	{"no-progress", "python", 3, "def f(n):\n    i = 0\n    while i < n:\n        print(i)\n", "def f(n):\n    i = 0\n    while i < n:\n        print(i)\n        i += 1\n"},
	{"same-call", "python", 4, "def f(n):\n    if n == 0:\n        return 0\n    return n + f(n)\n", "def f(n):\n    if n == 0:\n        return 0\n    return n + f(n - 1)\n"},
	{"same-call", "java", 3, "class A { static int f(int n) {\n  if (n == 0) return 0;\n  return n + f(n);\n} }\n", "class A { static int f(int n) {\n  if (n == 0) return 0;\n  n--;\n  return n + f(n);\n} }\n"},
	{"no-base", "python", 2, "def f(n):\n    return n * f(n - 1)\n", "def f(n):\n    return n * f(n - 1) if n else 1\n"},
	{"whole-division", "java", 2, "class A { static double f(int sum, int n) {\n  return sum / n;\n} }\n", "class A { static double f(int sum, int n) {\n  int half = sum / n;\n  return (double) sum / n;\n} }\n"},
	{"whole-division", "go", 3, "package main\nfunc f(sum int, n int) float64 {\n\treturn float64(sum / n)\n}\n", "package main\nfunc f(sum int, n int) float64 {\n\treturn float64(sum) / float64(n)\n}\n"},
	{"wide-too-late", "c", 2, "long long f(int w, int h) {\n  return w * h;\n}\n", "long long f(int w, int h) {\n  int small = w * h;\n  return (long long)w * h;\n}\n"},
	{"falls-through", "c", 4, "int f(int x) {\n  int r = 0;\n  switch (x) {\n  case 1: r = 1;\n  case 2: r = 2; break;\n  default: r = 3; break;\n  }\n  return r;\n}\n", "int f(int x) {\n  int r = 0;\n  switch (x) {\n  case 0:\n  case 1: r = 1; break;\n  case 2: r = 2; break;\n  }\n  return r;\n}\n"},
	{"first-round", "python", 5, "def f(xs):\n    for x in xs:\n        if x < 0:\n            return False\n        return True\n", "def f(xs):\n    for x in xs:\n        if x < 0:\n            return False\n    return True\n"},
	{"text-sort", "javascript", 2, "const xs = line.split(' ').map(Number);\nxs.sort();\n", "const xs = line.split(' ').map(Number);\nxs.sort((a, b) => a - b);\n"},
	{"for-in", "javascript", 2, "const xs = [1, 2];\nfor (const x in xs) {\n  s += x;\n}\n", "const xs = [1, 2];\nfor (const i in xs) {\n  s += xs[i];\n}\n"},
	{"not-awaited", "javascript", 2, "async function load() { return 1; }\nconst x = load();\nconsole.log(x);\n", "async function load() { return 1; }\nconst p = load();\nconsole.log(await p, await load());\n"},
	{"never-equal", "javascript", 1, "if (x === NaN) f();\n", "if (Number.isNaN(x) || x === 1) f();\n"},
	{"map-parse", "javascript", 1, "const xs = words.map(parseInt);\n", "const xs = words.map((w) => parseInt(w, 10));\n"},
	{"no-return", "javascript", 1, "const ys = xs.map((x) => { x * x; });\n", "const ys = xs.map((x) => { return x * x; });\nxs.forEach((x) => { f(x); });\n"},
	{"return-alone", "javascript", 2, "function f() {\n  return\n    1 + 2;\n}\n", "function f() {\n  if (x) {\n    return\n  }\n  return 1 + 2;\n}\n"},
	{"array-max", "javascript", 1, "const m = Math.max(xs);\n", "const m = Math.max(...xs, Math.max(1, y));\n"},
	{"in-place", "javascript", 2, "const f = (cs) => {\n  const r = cs.reverse();\n  return r.join() === cs.join();\n};\n", "const f = (cs) => {\n  const r = [...cs].reverse();\n  return r.join() === cs.join();\n};\n"},
	{"constant-assigned", "javascript", 1, "const n = 0;\nn += 1;\n", "let n = 0;\nn += 1;\nconst m = 1;\n"},
	{"lost-this", "javascript", 5, "class C {\n  inc(x) { this.n += x; }\n}\nconst c = new C();\nxs.forEach(c.inc);\n", "class C {\n  inc(x) { this.n += x; }\n}\nconst c = new C();\nxs.forEach((x) => c.inc(x));\n"},
	{"text-plus", "javascript", 1, "const [a, b] = line.split(' ');\nconsole.log(a + b);\n", "const [a, b] = line.split(' ').map(Number);\nconsole.log(a + b);\n"},
	{"void-constructor", "java", 3, "class A {\n  int n;\n  void A() { n = 1; }\n}\n", "class A {\n  int n;\n  A() { n = 1; }\n  void B() { }\n}\n"},
	{"immutable-list", "java", 2, "class A { static void f() {\n  List<Integer> xs = List.of(1);\n  xs.add(2);\n} }\n", "class A { static void f() {\n  List<Integer> xs = List.of(1);\n  List<Integer> ys = new ArrayList<>(xs);\n  ys.add(2);\n} }\n"},
	{"rest-of-line", "java", 2, "int n = in.nextInt();\nString s = in.nextLine();\n", "int n = in.nextInt();\nin.nextLine();\nString s = in.nextLine();\n"},
	{"no-first-value", "c", 2, "int f(int n) {\n  int s;\n  for (int i = 0; i < n; i++) s += i;\n  return s;\n}\n", "int f(int n) {\n  int s;\n  s = 0;\n  s += n;\n  return s;\n}\n"},
	{"no-room-for-end", "c", 2, "char *f(char *s) {\n  char *t = malloc(strlen(s));\n  return strcpy(t, s);\n}\n", "char *f(char *s) {\n  char *t = malloc(strlen(s) + 1);\n  return strcpy(t, s);\n}\n"},
	{"size-of-pointer", "c", 2, "int f(int *a) {\n  return sizeof(a) / sizeof(a[0]);\n}\n", "int f(void) {\n  int a[3];\n  return sizeof(a) / sizeof(a[0]);\n}\n"},
	{"address-of-local", "c", 3, "char *f(void) {\n  char b[9] = \"x\";\n  return b;\n}\n", "char *f(char *b) {\n  static char c[9];\n  return b ? b : c;\n}\n"},
	{"used-after-free", "c", 2, "void f(char *s) {\n  free(s);\n  puts(s);\n}\n", "void f(char *s) {\n  puts(s);\n  free(s);\n  s = 0;\n}\n"},
	{"copy-of-element", "go", 5, "package main\ntype T struct{ n int }\nfunc f(ts []T) {\n\tfor _, t := range ts {\n\t\tt.n++\n\t}\n}\n", "package main\ntype T struct{ n int }\nfunc f(ts []T) {\n\tfor i := range ts {\n\t\tts[i].n++\n\t}\n}\n"},
	{"copy-of-receiver", "go", 3, "package main\ntype C struct{ n int }\nfunc (c C) Inc() {\n\tc.n++\n}\n", "package main\ntype C struct{ n int }\nfunc (c *C) Inc() {\n\tc.n++\n}\nfunc (c C) With(n int) C {\n\tc.n = n\n\treturn c\n}\n"},
	{"nil-map", "go", 3, "package main\nfunc f() {\n\tvar m map[string]int\n\tm[\"a\"] = 1\n}\n", "package main\nfunc f() {\n\tvar m map[string]int\n\tm = map[string]int{}\n\tm[\"a\"] = 1\n}\n"},
	{"nobody-waits", "go", 3, "package main\nfunc main() {\n\tgo f()\n}\n", "package main\nfunc main() {\n\tc := make(chan int)\n\tgo f(c)\n\t<-c\n}\n"},
	{"lost-append", "go", 3, "package main\nfunc add(xs []int, x int) {\n\txs = append(xs, x)\n}\n", "package main\nfunc add(xs []int, x int) []int {\n\txs = append(xs, x)\n\treturn xs\n}\n"},
	{"copy-to-nothing", "go", 4, "package main\nfunc f(xs []int) []int {\n\tvar ys []int\n\tcopy(ys, xs)\n\treturn ys\n}\n", "package main\nfunc f(xs []int) []int {\n\tys := make([]int, len(xs))\n\tcopy(ys, xs)\n\treturn ys\n}\n"},
	{"index-for-value", "go", 4, "package main\nfunc f(xs []int) int {\n\ts := 0\n\tfor x := range xs {\n\t\ts += x\n\t}\n\treturn s\n}\n", "package main\nfunc f(xs []int) int {\n\ts := 0\n\tfor _, x := range xs {\n\t\ts += x\n\t}\n\treturn s\n}\n"},
}

func find(t *testing.T, language, text string) []Mistake {
	t.Helper()
	lang, ok := source.Of(language)
	if !ok {
		t.Fatalf("no language %s", language)
	}
	return Find(source.Read(lang, text))
}

// Every rule names its mistake by the line, and says nothing about the program without it.
func TestRules(t *testing.T) {
	for _, c := range pairs {
		t.Run(c.rule+" "+c.language, func(t *testing.T) {
			found := find(t, c.language, c.bad)
			if !slices.ContainsFunc(found, func(m Mistake) bool { return m.Rule == c.rule && m.Line == c.line }) {
				t.Errorf("found %+v, not %s on line %d of\n%s", found, c.rule, c.line, c.bad)
			}
			if found := find(t, c.language, c.good); len(found) > 0 {
				t.Errorf("a false alarm: %+v in\n%s", found, c.good)
			}
		})
	}
	for _, name := range Rules() {
		if !slices.ContainsFunc(pairs, func(c pair) bool { return c.rule == name }) {
			t.Errorf("the rule %s has no program here", name)
		}
	}
}

// Programs that are right have no mistakes: our own, and the samples of all languages.
func TestNoFalseAlarms(t *testing.T) {
	languages := map[string]string{".py": "python", ".js": "javascript", ".mjs": "javascript", ".go": "go", ".java": "java", ".c": "c", ".cpp": "c++"}
	lines := 0
	for _, folder := range []string{"../../../languages", "../../../internal", "../../../cmd", "../../../bench"} {
		err := filepath.WalkDir(folder, func(name string, d os.DirEntry, err error) error {
			language := languages[filepath.Ext(name)]
			if err != nil || d.IsDir() || language == "" || strings.HasSuffix(name, "_test.go") && testing.Short() {
				return err
			}
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			lines += strings.Count(string(text), "\n")
			for _, m := range find(t, language, string(text)) {
				t.Errorf("%s:%d: %s at %q", name, m.Line, m.Rule, m.What)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if lines < 10000 {
		t.Errorf("only %d lines were read", lines)
	}
}

// Nothing that somebody types makes a rule fail.
func TestBrokenPrograms(t *testing.T) {
	for _, c := range pairs {
		for n := range len(c.bad) {
			find(t, c.language, c.bad[:n])
			find(t, c.language, c.bad[n:])
		}
	}
}
