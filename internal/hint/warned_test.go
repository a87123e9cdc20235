package hint

import "testing"

// Some warnings are about the fault nearly always; most are not.
func TestWarned(t *testing.T) {
	files := []File{{Name: "main.c"}, {Name: "main.go"}}
	for text, sure := range map[string]bool{
		"main.c:4:12: warning: function returns address of local variable [-Wreturn-local-addr]":                        true,
		"main.c:4:12: warning: format '%d' expects argument of type 'int', but argument 2 has type 'char *' [-Wformat]": true,
		"main.c:4:12: warning: suggest parentheses around assignment used as truth value [-Wparentheses]":               true,
		"vet: ./main.go:6:2: fmt.Printf format %d has arg \"x\" of wrong type string":                                   true,
		"main.c:4:12: warning: unused variable 'x' [-Wunused-variable]":                                                 false,
		"main.c:4:12: warning: comparison of integer expressions of different signedness [-Wsign-compare]":              false,
		"main.c:4:12: warning: this statement may fall through [-Wimplicit-fallthrough=]":                               false,
	} {
		facts := diagnostics(text, files, SourceCompiler)
		if len(facts) != 1 {
			t.Fatalf("%q: %+v", text, facts)
		}
		if got := warned(facts[0]); (got >= Sure) != sure {
			t.Errorf("%q: %s, %.2f", text, facts[0].Category, got)
		}
	}
}
