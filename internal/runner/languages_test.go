package runner_test

import (
	"testing"

	"codecollab.dev/internal/runner"
	"codecollab.dev/languages"
)

// TestLanguages runs the tests and samples of languages; what is not installed is skipped, with how to get it.
func TestLanguages(t *testing.T) {
	s, url := serve(t, runner.Options{})
	report, err := s.Report(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range everywhere(t) {
		t.Run(l.ID, func(t *testing.T) {
			if why, missing := report.Missing[l.ID]; missing {
				t.Skip(why)
			}
			for _, test := range l.Tests {
				t.Run(test.Name, func(t *testing.T) { runTest(t, url, l, test) })
			}
			t.Run("sample", func(t *testing.T) {
				r := ok(t, url, program(l.ID, l.Sample, nil))
				if r.Stdout == "" {
					t.Error("the sample shows nothing")
				}
			})
		})
	}
}

func runTest(t *testing.T, url string, l languages.Language, test languages.Test) {
	code, a := post(t, url, program(l.ID, test.Source, object{"stdin": test.Stdin}))
	if code != 200 {
		t.Fatalf("status %d: %s", code, a.Message)
	}
	if a.Compile != nil && (a.Compile.Code == nil || *a.Compile.Code != 0) {
		t.Fatalf("does not compile: %+v", a.Compile)
	}
	r := a.Run
	if test.Fails {
		if r.Code != nil && *r.Code == 0 || r.Verdict != "" {
			t.Fatalf("ended with %+v, should have failed by itself", r)
		}
		return
	}
	if r.Code == nil || *r.Code != 0 || r.Stdout != test.Stdout {
		t.Fatalf("printed %q, want %q; %+v", r.Stdout, test.Stdout, r)
	}
	if a.Compile != nil {
		t.Logf("compile %d ms, %d MiB", a.Compile.Wall, a.Compile.Memory>>20)
	}
	t.Logf("run %d ms, %d MiB", r.Wall, r.Memory>>20)
}
