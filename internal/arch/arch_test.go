package arch

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// repository reads the whole module once.
func repository(t *testing.T) fs.FS {
	t.Helper()
	root := os.DirFS("../..")
	if _, err := fs.Stat(root, "go.mod"); err != nil {
		t.Fatal(err)
	}
	return root
}

var notOurs = []string{".git", "node_modules", "dist", "bin", "data", "testdata", "tests", "artifacts", "test-results", "playwright-report"}

// walk calls visit for every file that somebody writes by hand.
func walk(t *testing.T, root fs.FS, visit func(name string)) {
	t.Helper()
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains(notOurs, d.Name()):
			return fs.SkipDir
		case d.Type().IsRegular():
			visit(name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// packages parses every file of every system, whatever its build tags, but no tests.
func packages(t *testing.T, root fs.FS) map[string]*pkg {
	all := map[string]*pkg{}
	walk(t, root, func(name string) {
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return
		}
		data, err := fs.ReadFile(root, name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, data, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		folder := path.Dir(name)
		p := all[folder]
		if p == nil {
			p = &pkg{folder: folder}
			all[folder] = p
		}
		if !ast.IsGenerated(file) {
			p.comment += file.Doc.Text()
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(p.imports, imported) {
				p.imports = append(p.imports, imported)
			}
		}
	})
	return all
}

func TestPackages(t *testing.T) {
	all := packages(t, repository(t))
	for _, p := range all {
		for _, wrong := range check(*p) {
			t.Error(wrong)
		}
	}
}

func TestLongFiles(t *testing.T) {
	root := repository(t)
	long := map[string]bool{}
	walk(t, root, func(name string) {
		if !slices.Contains([]string{".go", ".ts", ".tsx", ".mjs", ".js", ".css", ".sh", ".sql"}, path.Ext(name)) {
			return
		}
		data, err := fs.ReadFile(root, name)
		if err != nil {
			t.Fatal(err)
		}
		lines := bytes.Count(data, []byte("\n"))
		head := data[:min(len(data), 1000)]
		if lines <= maxLines || bytes.Contains(head, []byte("Code generated")) && bytes.Contains(head, []byte("DO NOT EDIT")) {
			return
		}
		long[name] = true
		if longFiles[name] == "" {
			t.Errorf("%s has %d lines, and %d is where we look: cut it by subject, or give the reason in longFiles of rules.go", name, lines, maxLines)
		}
	})
	for name := range longFiles {
		if !long[name] {
			t.Errorf("%s is not long any more: take it out of longFiles in rules.go", name)
		}
	}
}

// TestCheck shows the table at work on packages that do not exist.
func TestCheck(t *testing.T) {
	for _, c := range []struct {
		folder, imports string
		want            string // a part of the complaint; "" for none
	}{
		{".", "errors", ""},
		{".", "codecollab.dev/internal/ot", "the vocabulary"},
		{"internal/text", "codecollab.dev/internal/ot", "it is pure"},
		{"internal/ot", "codecollab.dev/internal/text", ""},
		{"internal/ot", "codecollab.dev", ""},
		{"internal/ot", "github.com/tidwall/gjson", "it is pure"},
		{"internal/ot", "net/http", "it is pure"},
		{"internal/otter", "strings", "no row of the table"},
		{"internal/wire/gen", "codecollab.dev/internal/wire", ""},
		{"internal/wire", "codecollab.dev/internal/room", "the protocol is made of"},
		{"internal/room", "codecollab.dev/internal/run", "domain folders"},
		{"internal/room", "codecollab.dev/internal/runner", "domain folders"},
		{"internal/run", "codecollab.dev/internal/room", "domain folders"},
		{"internal/auth", "codecollab.dev/internal/room", "domain folders"},
		{"internal/room", "database/sql/driver", "domain folders"},
		{"internal/room/roomtest", "net/http", "domain folders"},
		{"internal/room/roomtest", "testing", ""},
		{"internal/run", "github.com/riverqueue/river", "domain folders"},
		{"internal/run/queue", "github.com/riverqueue/river/riverdriver/riversqlite", ""},
		{"internal/run/queue", "database/sql", ""},
		{"internal/run/queue", "net/http", "puts jobs into river"},
		{"internal/run/piston", "net/http", ""},
		{"internal/runner", "codecollab.dev/internal/run", "what strangers wrote"},
		{"internal/runner", "codecollab.dev/internal/runner/sandbox", ""},
		{"internal/runner/sandbox", "codecollab.dev/languages", "confines any program"},
		{"internal/runner/sandbox", "unsafe", ""},
		{"internal/server", "codecollab.dev/internal/store", "not its adapters"},
		{"internal/server", "codecollab.dev/internal/runner", "not its adapters"},
		{"internal/server", "codecollab.dev/internal/room", ""},
		{"internal/server", "os/exec", "nobody else starts any"},
		{"internal/store", "codecollab.dev/internal/server", "satisfies interfaces"},
		{"internal/server", "log", "*slog.Logger"},
		{"internal/server", "math/rand", "math/rand/v2"},
		{"internal/config", "github.com/BurntSushi/toml", ""},
		{"internal/config", "github.com/BurntSushi/tomlish", "toml only"},
		{"bench/syncbench", "codecollab.dev/internal/wire", ""},
		{"bench/syncbench", "codecollab.dev/internal/room", "from outside"},
		{"cmd/codecollab", "codecollab.dev/internal/store", ""},
		{"cmd/codecollab", "math/rand", "math/rand/v2"},
	} {
		got := strings.Join(check(pkg{folder: c.folder, imports: []string{c.imports}, comment: "Package x does y."}), "\n")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s importing %s: got %q, want %q", c.folder, c.imports, got, c.want)
		}
	}
	if got := check(pkg{folder: "internal/ot"}); len(got) != 1 || !strings.Contains(got[0], "no package comment") {
		t.Errorf("a package without a comment: %q", got)
	}
}

// TestRules finds rows that would never be used.
func TestRules(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range rules {
		if r.why == "" || seen[r.folder] {
			t.Errorf("the row of %q is there twice or has no reason", r.folder)
		}
		seen[r.folder] = true
	}
	for _, b := range bans {
		if b.why == "" {
			t.Errorf("the ban of %s has no reason", b.path)
		}
	}
}
