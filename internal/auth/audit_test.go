package auth

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestAuditDocumentation compares docs/audit.md with the vocabulary. On failure it prints the table as it has to be.
func TestAuditDocumentation(t *testing.T) {
	var want strings.Builder
	about := ""
	for _, a := range Actions() {
		if a.About != about {
			about = a.About
			fmt.Fprintf(&want, "\n### %s\n\n| action | target | what happened |\n|---|---|---|\n", about)
		}
		fmt.Fprintf(&want, "| `%s` | %s | %s |\n", a.Action, a.Target, a.Says)
	}
	doc, err := os.ReadFile("../../docs/audit.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(doc), want.String()) {
		t.Errorf("docs/audit.md does not have the tables of Actions; they are:\n%s", want.String())
	}
}

func TestActionsAreWords(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range Actions() {
		if !regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`).MatchString(a.Action) || a.Says == "" || a.About == "" || seen[a.Action] {
			t.Errorf("%+v is no word, says nothing, or is there twice", a)
		}
		seen[a.Action] = true
	}
}

// TestOnlyKnownActions looks into all sources for audit lines that do not take their action from the vocabulary.
func TestOnlyKnownActions(t *testing.T) {
	known := map[string]bool{}
	for _, a := range Actions() {
		known[`"`+a.Action+`"`] = true
	}
	err := filepath.WalkDir("..", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if word, ok := actionOf(n); ok && !known[word] {
				t.Errorf("%s: the action %s is not among Actions", fset.Position(n.Pos()), word)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// actionOf returns the literal action of an Entry{Action: "…"}.
func actionOf(n ast.Node) (string, bool) {
	lit, ok := n.(*ast.CompositeLit)
	if !ok || !namesEntry(lit.Type) {
		return "", false
	}
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, isName := kv.Key.(*ast.Ident)
		if word, ok := kv.Value.(*ast.BasicLit); ok && isName && key.Name == "Action" {
			return word.Value, true
		}
	}
	return "", false
}

func namesEntry(t ast.Expr) bool {
	switch t := t.(type) {
	case *ast.Ident:
		return t.Name == "Entry"
	case *ast.SelectorExpr:
		return t.Sel.Name == "Entry"
	}
	return false
}
