package runner_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"codecollab.dev/internal/runner"
)

// TestDocumentation runs the requests that docs/runner-api.md shows.
func TestDocumentation(t *testing.T) {
	page, err := os.ReadFile("../../docs/runner-api.md")
	if err != nil {
		t.Fatal(err)
	}
	_, url := serve(t, runner.Options{})
	examples := regexp.MustCompile("(?s)```json execute\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	if len(examples) < 2 {
		t.Fatalf("only %d examples", len(examples))
	}
	for _, e := range examples {
		code, a := post(t, url, e[1])
		if code != 200 || a.Run.Code == nil || *a.Run.Code != 0 || !strings.Contains(string(page), a.Run.Stdout[:max(0, len(a.Run.Stdout)-1)]) {
			t.Errorf("%s\n%d %s %+v", e[1], code, a.Message, a.Run)
		}
		for _, f := range a.Files {
			if !strings.Contains(string(page), `"content": "`+f.Content+`"`) {
				t.Errorf("%+v", f)
			}
		}
	}
	for _, word := range runner.Documented() {
		if !strings.Contains(string(page), word) {
			t.Errorf("docs/runner-api.md does not mention %q", word)
		}
	}
}
