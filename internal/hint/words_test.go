package hint

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"codecollab.dev/internal/hint/mutate"
)

// ops are all ways of changing a line, read from their declaration, so that none can be forgotten.
func ops(t *testing.T) (out []mutate.Op) {
	file, err := parser.ParseFile(token.NewFileSet(), "mutate/mutate.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if kind, named := specType(spec); ok && named && kind == "Op" {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, mutate.Op(text))
		}
		return true
	})
	return out
}

func specType(spec *ast.ValueSpec) (string, bool) {
	if spec == nil {
		return "", false
	}
	id, ok := spec.Type.(*ast.Ident)
	if !ok {
		return "", false
	}
	return id.Name, true
}

func TestEveryLanguageHasAllWords(t *testing.T) {
	all := ops(t)
	if len(all) < 30 {
		t.Fatalf("only %d ways of changing a line were read", len(all))
	}
	for _, speech := range Speeches() {
		w := wordsOf(speech)
		if got := slices.Sorted(maps.Keys(w.ops)); !slices.Equal(got, slices.Sorted(slices.Values(all))) {
			t.Errorf("%s: there are words for %v, and ways %v", speech, got, all)
		}
		if got := slices.Sorted(maps.Keys(w.categories)); !slices.Equal(got, slices.Sorted(slices.Values(Categories()))) {
			t.Errorf("%s: there are words for %v", speech, got)
		}
		for _, s := range []string{w.line, w.lineOf, w.failing, w.late, w.says} {
			if s == "" {
				t.Errorf("%s: a sentence is missing: %+v", speech, w)
			}
		}
		phrases := slices.Concat(slices.Collect(maps.Values(w.ops)), slices.Collect(maps.Values(w.categories)))
		for _, p := range phrases {
			for _, s := range []string{p.question, p.concept, p.place, p.steps} {
				bare := w.fill(s, "")
				if s == "" || strings.Contains(bare, "{") || strings.Contains(bare, "  ") || strings.Contains(bare, " .") {
					t.Errorf("%s: %q, without a name %q", speech, s, bare)
				}
			}
		}
	}
}

// The same suspicion is told in the language of the asker, and names the same place.
func TestAHintInTheLanguageOfTheAsker(t *testing.T) {
	text := "int main(void) {\n    return x;\n}\n"
	a := Ask{Language: "c", Program: "main.c", Files: []File{{Name: "main.c", Text: text}}, Level: LevelPlace, Kind: KindHint}
	fact := Fact{Source: SourceCompiler, File: "main.c", Line: 2, Category: UndeclaredName, Message: "'x' undeclared", Confidence: .9}
	f := Findings{Facts: []Fact{fact}, Suspects: []Suspect{ofFact(fact)}}
	for speech, want := range map[string]string{
		"":   "Line 2: a name (symbol) is not defined here",
		"en": "The compiler says: 'x' undeclared.",
		"de": "Zeile 2: Ein Name ist hier nicht bekannt",
	} {
		a.Speech = speech
		h, ok := Grounded(a, f)
		if !ok || !strings.Contains(h.Text, want) || h.Line != 2 {
			t.Errorf("%q: %+v, %v", speech, h, ok)
		}
	}
	a.Speech = "de"
	if h, _ := Grounded(a, f); !strings.Contains(h.Text, "Der Compiler meldet: 'x' undeclared.") {
		t.Errorf("%s", h.Text)
	}
}
