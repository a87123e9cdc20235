package runner_test

import (
	"strings"
	"testing"

	"codecollab.dev/internal/runner"
	"codecollab.dev/languages"
)

func TestCheck(t *testing.T) {
	data := t.TempDir()
	environment(t, data, "one", "1.5.0")
	environment(t, data, "two", "1.9.0")
	good := toy()
	good.Sample = "echo shown"
	good.Untested = map[string]string{"echo": "it reads nothing"}
	good.Tests = []languages.Test{{Name: "hello", Source: "echo Hello, world!", Stdout: "Hello, world!\n"},
		{Name: "unicode", Source: "echo ☃", Stdout: "☃\n"}, {Name: "error", Source: "exit 3", Fails: true}}
	bad := good
	bad.ID, bad.Aliases, bad.VariantOf, bad.Untested = "bad", nil, "toy", nil
	bad.Sample = ":"
	bad.Tests = []languages.Test{{Name: "hello", Source: "echo Hello", Stdout: "Hello, world!\n"}, {Name: "echo", Source: "echo oops >&2; exit 4"},
		{Name: "unicode", Source: "echo ☃", Stdout: "☃\n"}, {Name: "error", Source: "exit 0", Fails: true}}
	absent := good
	absent.ID, absent.Aliases = "absent", nil
	absent.Version.Command = []string{"codecollab-nothing"}
	s, url := serve(t, runner.Options{DataDir: data, Languages: languages.Catalogue{absent, bad, good}})
	var heard []string
	all, err := s.Check(t.Context(), nil, func(c runner.Checked) { heard = append(heard, c.ID+" "+c.Environment) })
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(heard, ", "); got != "absent , bad two, bad one, toy two, toy one" {
		t.Error(got)
	}
	if c := all[0]; c.OK() || !strings.Contains(c.Missing, "there is no program codecollab-nothing") {
		t.Errorf("%+v", c)
	}
	failed := map[string]string{}
	for _, v := range all[1].Tests {
		failed[v.Name] = v.Failed
	}
	for name, want := range map[string]string{"hello": `printed "Hello\n", not "Hello, world!\n"`, "echo": "failed: Exited with error status 4: oops", "unicode": "",
		"error": "ended with 0, and should have failed", "sample": "the sample shows nothing"} {
		if failed[name] != want {
			t.Errorf("%s: %q, want %q", name, failed[name], want)
		}
	}
	if c := all[3]; !c.OK() || c.Proved() || c.Version != "1.9.0" || len(c.Tests) != 5 || c.Tests[1].Untested != "it reads nothing" {
		t.Errorf("%+v", c)
	}
	for language, want := range map[string]string{"absent": "Toy is not installed on this server; an administrator can run: codecollab languages install absent",
		"bad": "Toy is here as 1.9.0, 1.5.0", "klingon": ""} {
		code, a := post(t, url, object{"language": language, "version": "7.x", "files": []object{{"content": ""}}})
		if code != 400 || a.Message != language+"-7.x runtime is unknown" || a.Hint != want {
			t.Errorf("%s: %d %q %q, want %q", language, code, a.Message, a.Hint, want)
		}
	}
	if _, err := s.Check(t.Context(), []string{"klingon"}, nil); err == nil {
		t.Error("a language that does not exist was checked")
	}
}
