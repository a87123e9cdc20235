package hint

import (
	"testing"

	"codecollab.dev/internal/hint/source"
)

// A compiler that only says that the file has ended too soon is no help; where the bracket should be is.
func TestTheEndOfTheFileIsNotThePlace(t *testing.T) {
	const text = "function add(a, b) {\n  return a + b;\nconsole.log(add(1, 2));\n"
	lang, _ := source.Of("javascript")
	files := []File{{Name: "main.js", Text: text}}
	q := inquiry{ask: Ask{Language: "javascript", Program: "main.js", Files: files}, texts: map[string]*source.Text{"main.js": source.Read(lang, text)}}
	for _, message := range []string{"./main.js:5\n\n\nSyntaxError: Unexpected end of input\n", "./main.js:9\n\n\nSyntaxError: Unexpected token ')'\n"} {
		facts := q.compiled(message)
		if len(facts) == 0 || facts[0].Line != 2 || facts[0].Category != Syntax {
			t.Errorf("%q: %+v", message, facts)
		}
	}
	if facts := q.compiled("./main.js:3\n\n\nSyntaxError: Unexpected token ')'\n"); len(facts) != 1 || facts[0].Line != 3 {
		t.Errorf("a place within the file was moved: %+v", facts)
	}
}
