package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"codecollab.dev/internal/hint/eval"
)

// scripted are cases, and what the model says about each: they all have a bracket that is never closed, which the parser proves.
var scripted = map[string]string{
	"good":      "LINE: 1\nKIND: syntax\nHINT: Look at the first line: does everything that is opened there come to its end?",
	"elsewhere": "LINE: 6\nKIND: wrong-variable\nHINT: Line 6 prints another variable than the one that was meant.",
	"leaking":   "LINE: 1\nKIND: syntax\nHINT: Write this:\n```python\ndef f(x):\n    y = x\n    return y\n```\n",
	"babble":    "I am a large language model and have no opinion about it.",
}

// A model's answers go through all that a server does with them: what is good is shown, and for the rest it is counted why not.
func TestHintsEvalWithAModel(t *testing.T) {
	host := startRunnerHost(t)
	dir := t.TempDir()
	for id := range scripted {
		folder := filepath.Join(dir, id)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		meta, err := json.Marshal(map[string]any{"id": id, "language": "python", "kind": "compile", "category": "syntax", "source": "main.py",
			"faulty_lines": []int{1}, "fixed_line": "def f(x):", "keywords": []string{"bracket"}, "tests": []map[string]string{{"stdin": "", "expect": id}}})
		if err != nil {
			t.Fatal(err)
		}
		program := "def f(x:\n    y = x\n    return y\n\n# case-" + id + "\nprint(f('" + id + "'))\n"
		for name, text := range map[string]string{"case.json": string(meta), "main.py": program} {
			if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		for id, text := range scripted {
			if strings.Contains(string(body), "case-"+id) {
				w.Header().Set("Content-Type", "text/event-stream")
				word, _ := json.Marshal(text)
				fmt.Fprintf(w, "data: {\"choices\":[{\"delta\":{\"content\":%s},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n", word)
			}
		}
	}))
	t.Cleanup(model.Close)
	args := []string{"eval", dir, "--model", model.URL + "/v1 scripted", "--runner", host.url, "--budget", "1s", "--jobs", "2"}
	var out, errs strings.Builder
	if err := hints(t.Context(), append(args, "--json"), nil, &out, &errs); err != nil {
		t.Fatalf("%v\n%s", err, errs.String())
	}
	var r eval.Report
	if err := json.Unmarshal([]byte(out.String()), &r); err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"contradicts": 1, "leak": 1, "nonsense": 1}
	if fmt.Sprint(r.Withheld) != fmt.Sprint(want) || r.FromModel != 1 || r.Coverage.Hits != 4 || r.Leaks.Hits != 0 || r.Relevance.Hits != 4 {
		t.Errorf("withheld %v, %d of the model, coverage %v, leaks %v, relevance %v\n%s", r.Withheld, r.FromModel, r.Coverage, r.Leaks, r.Relevance, out.String())
	}
	out.Reset()
	if err := hints(t.Context(), append(args, "--only", "leaking"), nil, &out, &errs); err != nil || !strings.Contains(out.String(), "gives the solution away: 100.0 %") {
		t.Errorf("%v\n%s", err, out.String())
	}
}
