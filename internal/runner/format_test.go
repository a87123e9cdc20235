package runner_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"codecollab.dev/internal/runner"
	"codecollab.dev/languages"
)

func TestFormat(t *testing.T) {
	golang, _ := everywhere(t).Find("go")
	plain, missing, silent := toy(), toy(), toy()
	missing.ID, missing.Aliases = "missing", nil
	silent.ID, silent.Aliases = "silent", nil
	for _, l := range []*languages.Language{&plain, &missing, &silent} {
		l.Version.Command, l.Run.Command = []string{"sh", "-c", "echo toy 1.0.0"}, []string{"sh", "{file}"}
	}
	missing.Format.Command = []string{"codecollab-nothing"}
	silent.Format.Command = []string{"true"}
	_, url := serve(t, runner.Options{Languages: languages.Catalogue{golang, plain, missing, silent}})
	format := func(request object) (int, map[string]any) {
		t.Helper()
		b, err := json.Marshal(request)
		if err != nil {
			t.Fatal(err)
		}
		code, text := call(t, "POST", url+"/api/v2/format", string(b))
		var a map[string]any
		if err := json.Unmarshal([]byte(text), &a); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return code, a
	}
	code, a := format(object{"language": "golang", "name": "x.go", "content": "package main\nfunc  main( ){}\n"})
	if a["message"] == "golang-* runtime is unknown" && os.Getenv("CI") == "" { // CI has it
		t.Skip("Go is not here")
	}
	if code != 200 || a["content"] != "package main\n\nfunc main() {}\n" || a["language"] != "go" {
		t.Errorf("%d %v", code, a)
	}
	if code, a = format(object{"language": "go", "content": "package main\n\nfunc main() {\n\tx := ]\n}\n"}); code != 400 || a["line"] != 4.0 || a["column"] != 7.0 ||
		!strings.Contains(a["message"].(string), "expected operand") {
		t.Errorf("%d %v", code, a)
	}
	for _, c := range []struct {
		request object
		want    string
	}{
		{object{"language": "toy", "content": ""}, "there is no formatter for Toy"},
		{object{"language": "missing", "content": ""}, "codecollab languages install missing"},
		{object{"language": "silent", "content": "x"}, "printed nothing"},
		{object{"language": "klingon", "content": ""}, "klingon-* runtime is unknown"},
		{object{"language": "go", "version": "99.x", "content": ""}, "go-99.x runtime is unknown"},
		{object{"language": "go"}, "content is required as a string"},
		{object{"language": "go", "content": "", "name": "../x.go"}, "must be a plain path"},
		{object{"language": "go", "content": strings.Repeat("x", 9<<20)}, "larger than"},
	} {
		if code, a := format(c.request); code != 400 || !strings.Contains(a["message"].(string), c.want) {
			t.Errorf("%.80v: %d %v, want %s", c.request, code, a, c.want)
		}
	}
}
