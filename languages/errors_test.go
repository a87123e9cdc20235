package languages

import (
	"regexp"
	"strings"
	"testing"
)

// place looks for the first pattern of the language that matches, as the page does.
func place(t *testing.T, l Language, line string) (file, at, column string) {
	t.Helper()
	for _, pattern := range l.Errors {
		re := regexp.MustCompile(pattern)
		m := re.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if n := re.SubexpIndex("column"); n >= 0 {
			column = m[n]
		}
		return m[re.SubexpIndex("file")], m[re.SubexpIndex("line")], column
	}
	return "", "", ""
}

// The lines are what compilers and runtimes of Debian 13 printed for a program with a mistake.
func TestErrorsNameThePlace(t *testing.T) {
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ id, line, file, at, column string }{
		{"c", "main.c:4:5: error: expected ‘=’, ‘,’, ‘;’, ‘asm’ or ‘__attribute__’ before ‘)’ token", "main.c", "4", "5"},
		{"go", "./main.go:7:1: syntax error: non-declaration statement outside function body", "main.go", "7", "1"},
		{"go", "\t/work/main.go:3 +0x25", "/work/main.go", "3", ""},
		{"java", "Main.java:5: error: class, interface, enum, or record expected", "Main.java", "5", ""},
		{"java", "\tat Main.main(Main.java:2)", "Main.java", "2", ""},
		{"javascript", "    at Object.<anonymous> (/work/main.js:1:7)", "/work/main.js", "1", "7"},
		{"typescript", "main.ts(4,1): error TS1440: Variable declaration not allowed at this location.", "main.ts", "4", "1"},
		{"python", `  File "/work/main.py", line 3, in <module>`, "/work/main.py", "3", ""},
		{"perl", "on purpose at main.pl line 1.", "main.pl", "1", ""},
		{"ruby", "main.rb:1:in `<main>': on purpose (RuntimeError)", "main.rb", "1", ""},
		{"bash", "main.sh: line 2: no_such_variable: unbound variable", "main.sh", "2", ""},
		{"rust", " --> main.rs:2:5", "main.rs", "2", "5"},
		{"rust", "thread 'main' panicked at main.rs:2:5:", "main.rs", "2", "5"},
		{"php", "Fatal error: Uncaught RuntimeException: on purpose in /work/main.php:2", "/work/main.php", "2", ""},
		{"lua", "lua5.4: main.lua:1: on purpose", "main.lua", "1", ""},
		{"csharp", "main.cs(8,0): error CS1525: Unexpected symbol `let'", "main.cs", "8", "0"},
		{"erlang", "main.erl:4:1: syntax error before: 'let'", "main.erl", "4", "1"},
		{"elixir", "    └─ main.exs:3:5", "main.exs", "3", "5"},
		{"clojure", "Execution error (ExceptionInfo) at user/eval1 (main.clj:1).", "main.clj", "1", ""},
		{"pascal", "  $00000000004010B7  main,  line 5 of main.pas", "main.pas", "5", ""},
		{"fortran", "At line 5 of file main.f90", "main.f90", "5", ""},
		{"d", "object.Exception@main.d(1): on purpose", "main.d", "1", ""},
		{"ocaml", `File "main.ml", line 3, characters 4-5:`, "main.ml", "3", ""},
		{"ada", "raised CONSTRAINT_ERROR : main.adb:4 range check failed", "main.adb", "4", ""},
		{"nim", "/work/main.nim(3, 5) Error: identifier expected, but got ')'", "/work/main.nim", "3", "5"},
		{"vala", "main.vala:5.5-5.5: error: syntax error, expected identifier", "main.vala", "5", "5"},
		{"icon", "File main.icn; Line 2", "main.icn", "2", ""},
		{"haxe", "Main.hx:3: characters 3-8 : Uncaught exception on purpose", "Main.hx", "3", "3"},
		{"fsharp.net", "main.fsx (1,14): Error: The value or constructor 'undeclared' is not defined.", "main.fsx", "1", "14"},
	} {
		l, ok := all.Find(c.id)
		if !ok {
			t.Errorf("there is no %s", c.id)
			continue
		}
		for _, line := range []string{c.line, strings.TrimSpace(c.line)} {
			if file, at, column := place(t, l, line); file != c.file || at != c.at || column != c.column {
				t.Errorf("%s: %q names %q %q %q, want %q %q %q", c.id, line, file, at, column, c.file, c.at, c.column)
			}
		}
	}
}

func TestOrdinaryLinesNameNoPlace(t *testing.T) {
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range all {
		for _, line := range []string{"", "Hello, world!", "ratio 3:5: good", "the answer is 42"} {
			if file, _, _ := place(t, l, line); file != "" {
				t.Errorf("%s: %q names the file %q", l.ID, line, file)
			}
		}
	}
}
