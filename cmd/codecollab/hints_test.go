package main

import (
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/hint"
	"codecollab.dev/internal/run/piston"
)

// faulty are small programs, each with a fault that one source of facts shows.
var faulty = []struct {
	name, language, main, text string
	tests                      []hint.Test
	source                     hint.Source // of the fact that has to be there
	line                       int
	category                   hint.Category
}{
	{"the parser of Python", "python", "main.py", "def f(x:\n    return x\n", nil, hint.SourceInterpreter, 1, hint.Syntax},
	{"a crash of Python", "python", "main.py", "xs = [1]\n\ndef third():\n    return xs[3]\n\nprint(third())\n", []hint.Test{{Expected: "1"}}, hint.SourceCrash, 4, hint.IndexOutOfRange},
	{"repair in Python", "python", "main.py", "def rows(n):\n    out = []\n    for i in range(n):\n        out.append(i * i)\n    return out\n\nprint(sum(rows(int(input()))))\n",
		[]hint.Test{{Stdin: "1\n", Expected: "1"}, {Stdin: "3\n", Expected: "14"}, {Stdin: "5\n", Expected: "55"}}, hint.SourceRepair, 3, ""},
	{"the parser of JavaScript", "javascript", "main.js", "const a = 1;\nconst b = (a + ;\n", nil, hint.SourceInterpreter, 2, hint.Syntax},
	{"repair in JavaScript", "javascript", "main.js", "const n = Number(require('fs').readFileSync(0, 'utf8'));\nfunction even(k) {\n  return k % 2 !== 0;\n}\nconsole.log(even(n));\n",
		[]hint.Test{{Stdin: "4", Expected: "true"}, {Stdin: "7", Expected: "false"}}, hint.SourceRepair, 3, hint.WrongOperator},
	{"a compiler", "c", "main.c", "#include <stdio.h>\nint main(void) {\n    printf(\"%d\\n\", cuont);\n}\n", nil, hint.SourceCompiler, 3, hint.UndeclaredName},
	{"a sanitizer", "c", "main.c", "#include <stdio.h>\nint main(void) {\n    int n;\n    if (scanf(\"%d\", &n) != 1) return 1;\n    int twice = n * 2;\n    printf(\"%d\\n\", twice);\n    return 0;\n}\n",
		[]hint.Test{{Stdin: "2000000000\n", Expected: "4000000000"}}, hint.SourceSanitizer, 5, hint.Overflow},
	{"the warnings of gcc", "c", "main.c", "#include <stdlib.h>\nint main(void) {\n    char *p = malloc(8);\n    if (!p) return 1;\n    free(p);\n    p[0] = 'x';\n    return p[0];\n}\n", nil,
		hint.SourceCompiler, 6, hint.Memory},
	{"go vet", "go", "main.go", "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tfmt.Printf(\"%d\\n\", \"three\")\n}\n", []hint.Test{{Expected: "3"}}, "go vet", 6, hint.TypeMismatch},
	{"gcc -fanalyzer", "c", "main.c", "#include <stdlib.h>\n\nstatic void drop(char *p) {\n    free(p);\n}\n\nint main(int n, char **v) {\n    char *p = malloc(8);\n" +
		"    if (!p) return 1;\n    if (n > 3) drop(p);\n    free(p);\n    return v == 0;\n}\n", []hint.Test{{Expected: ""}}, "gcc -fanalyzer", 11, hint.Memory},
	{"shellcheck", "bash", "main.sh", "read -r n\nif [[ $n > 10 ]]; then\n    echo big\nelse\n    echo small\nfi\n",
		[]hint.Test{{Stdin: "9\n", Expected: "small"}}, "shellcheck", 2, hint.WrongOperator},
	{"pylint", "python", "main.py", "def add(xs):\n    xs.append(1)\n\nresult = add([])\n", []hint.Test{{Expected: ""}}, "pylint", 4, hint.APIMisuse},
	{"pyflakes", "python", "main.py", "import sys\n\ndef late():\n    return nonesuch\n\nif len(sys.argv) > 5:\n    late()\n", []hint.Test{{Expected: ""}}, "pyflakes", 4, hint.UndeclaredName},
	{"eslint", "javascript", "main.js", "const xs = [1, 2];\nconst twice = xs.map((x) => {\n  x * 2;\n});\nconsole.log(twice.join(' '));\n", []hint.Test{{Expected: "2 4"}},
		"eslint", 2, hint.MissingReturn},
	{"staticcheck", "go", "main.go", "package main\n\nimport \"fmt\"\n\ntype box struct{ n int }\n\nfunc (b box) put(k int) { b.n = k }\n\nfunc main() {\n\tb := box{}\n\tb.put(3)\n\tfmt.Println(b.n)\n}\n",
		[]hint.Test{{Expected: "3"}}, "staticcheck", 7, hint.StateMutation},
	{"repair in Go", "go", "main.go", "package main\n\nimport \"fmt\"\n\ntype box struct{ n int }\n\nfunc (b box) put(k int) { b.n += k }\n\nfunc main() {\n\tvar k int\n\tfmt.Scan(&k)\n" +
		"\tb := box{}\n\tb.put(k)\n\tfmt.Println(b.n)\n}\n", []hint.Test{{Stdin: "4\n", Expected: "4"}, {Stdin: "9\n", Expected: "9"}}, hint.SourceRepair, 7, hint.StateMutation},
	{"a compiler of Java", "java", "Main.java", "public class Main {\n    static int one() {\n    }\n    public static void main(String[] a) { System.out.println(one()); }\n}\n", nil,
		hint.SourceCompiler, 3, hint.MissingReturn},
	{"repair in Java", "java", "Main.java", "import java.util.*;\npublic class Main {\n    static boolean same(String a, String b) {\n        return a == b;\n    }\n" +
		"    public static void main(String[] x) {\n        Scanner in = new Scanner(System.in);\n        System.out.println(same(in.next(), in.next()));\n    }\n}\n",
		[]hint.Test{{Stdin: "ab ab\n", Expected: "true"}, {Stdin: "ab cd\n", Expected: "false"}}, hint.SourceRepair, 4, ""},
}

// TestFactsFromTheSandbox asks about programs, and the fact that each is about must be found by running it.
func TestFactsFromTheSandbox(t *testing.T) {
	host := startRunnerHost(t)
	client := piston.New(func() (string, error) { return host.url, nil }, func() string { return "" }, slog.New(slog.DiscardHandler))
	here := map[string]bool{}
	runtimes, err := client.Runtimes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range runtimes {
		here[r.Language] = true
	}
	engine := hint.NewEngine(hint.Options{Runner: hintRunner{client}, Budget: 6 * time.Second})
	for _, tt := range faulty {
		t.Run(tt.name, func(t *testing.T) {
			slow := tt.language == "go" || tt.language == "java" || tt.source == hint.SourceRepair && tt.language != "python"
			if slow && os.Getenv("CODECOLLAB_TEST_LONG") == "" {
				t.Skip("it takes up to a minute: set CODECOLLAB_TEST_LONG")
			}
			if !here[tt.language] {
				if os.Getenv("CI") == "true" {
					t.Fatalf("CI installs %s, and it is not here", tt.language)
				}
				t.Skip(tt.language + " is not installed")
			}
			needAnalyser(t, tt.source)
			a := hint.Ask{Language: tt.language, Program: tt.main, Files: []hint.File{{Name: tt.main, Text: tt.text}}, Tests: tt.tests, Level: hint.LevelPlace, Kind: hint.KindHint}
			f, err := engine.Facts(t.Context(), a)
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, fact := range f.Facts {
				found = found || fact.Source == tt.source && fact.Line == tt.line && (tt.category == "" || fact.Category == tt.category)
			}
			if !found {
				t.Fatalf("no fact of %q on line %d of kind %s: %+v", tt.source, tt.line, tt.category, f.Facts)
			}
			h, ok := hint.Grounded(a, f)
			if ok && (h.Line < tt.line-1 || h.Line > tt.line+1 || hint.Check(a, f, h) != nil) {
				t.Errorf("the hint is about line %d: %s", h.Line, h.Text)
			}
		})
	}
}

// needAnalyser makes sure that an analyser is where its cell looks for it. Staticcheck is the one that this module pins.
func needAnalyser(t *testing.T, name hint.Source) {
	t.Helper()
	tools := filepath.Join(cacheDir(t), "tools")
	var err error
	switch name {
	case "shellcheck", "pylint":
		_, err = exec.LookPath(string(name))
	case "pyflakes":
		_, err = exec.LookPath("pyflakes3")
	case "eslint":
		from := os.Getenv("CODECOLLAB_RUNNER_DATA") // where scripts/setup-debian.sh puts it
		if from == "" {
			from = "/var/cache/codecollab"
		}
		if _, err = os.Stat(filepath.Join(from, "tools", "javascript", "node_modules", "eslint")); err == nil {
			err = os.CopyFS(filepath.Join(tools, "javascript"), os.DirFS(filepath.Join(from, "tools", "javascript")))
		}
	case "staticcheck":
		_, err = os.Stat(filepath.Join(tools, "go", "bin", "staticcheck"))
		if err != nil {
			var out []byte
			if out, err = exec.Command("go", "build", "-o", filepath.Join(tools, "go", "bin", "staticcheck"), "honnef.co/go/tools/cmd/staticcheck").CombinedOutput(); err != nil {
				t.Fatalf("%s: %v", out, err)
			}
		}
	}
	if err == nil {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("CI installs %s: %v", name, err)
	}
	t.Skip(string(name) + " is not installed (scripts/setup-debian.sh): " + err.Error())
}

// TestHintsEvalRefuses what is no folder of cases.
func TestHintsEvalRefuses(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want string
	}{
		{nil, "one command about hints"}, {[]string{"eval"}, "which cases?"}, {[]string{"eval", t.TempDir()}, "has no cases"},
		{[]string{"eval", "a", "b"}, "one folder"}, {[]string{"eval", t.TempDir(), "--jobs", "0"}, "1 or more"},
	} {
		var out strings.Builder
		if err := hints(t.Context(), tt.args, nil, &out, &out); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %q", tt.args, err, tt.want)
		}
	}
}
