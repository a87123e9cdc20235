package runner_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/runner"
	"codecollab.dev/languages"
)

// environment makes an environment with a few programs of the host's and a toy of some version; or gives the toy that is there another
// version.
func environment(t *testing.T, data, name, version string) {
	t.Helper()
	dir := filepath.Join(data, "environments", name)
	root := filepath.Join(dir, "root")
	for _, program := range []string{"sh", "cat"} {
		path, err := exec.LookPath(program)
		if err != nil {
			t.Fatal(err)
		}
		put(t, path, filepath.Join(root, "usr/bin", program))
		libs, _ := exec.CommandContext(t.Context(), "ldd", path).Output() // a static one has none
		for _, lib := range regexp.MustCompile(`/\S+`).FindAllString(string(libs), -1) {
			put(t, lib, filepath.Join(root, lib))
		}
	}
	if _, err := os.Lstat(filepath.Join(root, "bin")); err != nil {
		if err := os.Symlink("usr/bin", filepath.Join(root, "bin")); err != nil {
			t.Fatal(err)
		}
	}
	made, err := json.Marshal(map[string]any{"changed": time.Now()})
	if err := errors.Join(err,
		os.WriteFile(filepath.Join(root, "usr/bin/codecollab-toy"), []byte(strings.Replace(toyProgram, "1.2.3", version, 1)), 0o755),
		os.WriteFile(filepath.Join(root, "usr/name"), []byte(name), 0o644),
		os.WriteFile(filepath.Join(dir, "made.json"), made, 0o644)); err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err := errors.Join(err, os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, text, 0o755)); err != nil {
		t.Fatal(err)
	}
}

func TestEnvironments(t *testing.T) {
	data := t.TempDir()
	environment(t, data, "first", "1.5.0")
	environment(t, data, "second", "1.5.0")
	environment(t, data, "third", "1.9.0")
	s, url := serve(t, runner.Options{DataDir: data, Languages: languages.Catalogue{toy()}})
	where := func(version string) string {
		t.Helper()
		code, a := post(t, url, object{"language": "toy", "version": version, "files": []object{{"content": "cat /usr/name"}}})
		if code != 200 {
			return a.Message
		}
		return a.Version + " " + a.Run.Stdout
	}
	for version, want := range map[string]string{"*": "1.9.0 third", "1.5.0": "1.5.0 second", "<1.6": "1.5.0 second", "2.x": "toy-2.x runtime is unknown"} {
		if got := where(version); got != want {
			t.Errorf("%s: %s, want %s", version, got, want)
		}
	}
	r, err := s.Report(t.Context())
	if err != nil || len(r.Languages) != 2 || r.Languages[0].Environment != "third" || r.Languages[1].Environment != "second" {
		t.Errorf("%+v %v", r.Languages, err)
	}
	environment(t, data, "fourth", "2.1.0") // as codecollab languages install does, beside a runner that serves
	environment(t, data, "third", "1.9.1")
	if _, text := call(t, "GET", url+"/api/v2/runtimes", ""); !strings.Contains(text, `"version":"2.1.0"`) || !strings.Contains(text, `"version":"1.9.1"`) {
		t.Errorf("not noticed: %s", text)
	}
	if got := where("2.x"); got != "2.1.0 fourth" {
		t.Error(got)
	}
	if err := os.RemoveAll(filepath.Join(data, "environments", "fourth")); err != nil {
		t.Fatal(err)
	}
	within(t, time.Minute, "nobody asks, and it is noticed all the same", func() string {
		if got := where("*"); got != "1.9.1 third" {
			return got
		}
		return ""
	})
}

// TestAnswersAreRemembered starts a second server on the same data, with a version command that would now say something else: it is not asked.
func TestAnswersAreRemembered(t *testing.T) {
	data := t.TempDir()
	environment(t, data, "only", "1.5.0")
	version := func() string {
		s, _ := serve(t, runner.Options{DataDir: data, Languages: languages.Catalogue{toy()}})
		r, err := s.Report(t.Context())
		if err != nil || len(r.Languages) != 1 {
			t.Fatalf("%+v %v", r, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		return r.Languages[0].Version
	}
	if got := version(); got != "1.5.0" {
		t.Fatal(got)
	}
	program := filepath.Join(data, "environments/only/root/usr/bin/codecollab-toy")
	if err := os.WriteFile(program, []byte(strings.Replace(toyProgram, "1.2.3", "3.0.0", 1)), 0o755); err != nil {
		t.Fatal(err)
	}
	if got := version(); got != "1.5.0" {
		t.Errorf("asked again: %s", got)
	}
	environment(t, data, "only", "3.0.0")
	if got := version(); got != "3.0.0" {
		t.Errorf("not asked again, though the environment has changed: %s", got)
	}
	if err := os.WriteFile(filepath.Join(data, "versions.json"), []byte("{broken"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := version(); got != "3.0.0" {
		t.Error(got)
	}
}

// TestAJobWaitsForItsLanguageOnly runs a program while another language takes its time to say its version.
func TestAJobWaitsForItsLanguageOnly(t *testing.T) {
	slow := toy()
	slow.ID, slow.Aliases = "slow", nil
	slow.Version.Command = []string{"sh", "-c", "sleep 9; echo toy 1.0.0"}
	bash, _ := everywhere(t).Find("bash")
	s, url := serve(t, runner.Options{DataDir: t.TempDir(), Languages: languages.Catalogue{slow, slow2(slow), bash}})
	begun := time.Now()
	if r := ok(t, url, program("bash", "echo at once", nil)); r.Stdout != "at once\n" {
		t.Errorf("%+v", r)
	}
	if took := time.Since(begun); took > 7*time.Second {
		t.Errorf("it took %v", took)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func slow2(l languages.Language) languages.Language {
	l.ID = "slow2"
	return l
}

// TestToolsAndDrivers runs a language that is nothing but a driver of ours and what npm would bring.
func TestToolsAndDrivers(t *testing.T) {
	data := t.TempDir()
	l := toy()
	l.Lib = map[string]string{"deep/run.sh": ". \"$1/setting\"; echo \"$setting $2\"\n"}
	l.Version = languages.Version{Command: []string{"sh", "-c", "cat {tools}/version"}, Pattern: `(\d+\.\d+\.\d+)`}
	l.Run.Command = []string{"sh", "{lib}/deep/run.sh", "{tools}", "{file}"}
	l.Trees = []languages.Tree{{From: "/var/lib/dpkg/status"}} // for the version only: what the host has installed is nobody's business
	s, url := serve(t, runner.Options{DataDir: data, Languages: languages.Catalogue{l}})
	r, err := s.Report(t.Context())
	if err != nil || !strings.Contains(r.Missing["toy"], "its npm or Go programs are not installed") || !strings.Contains(r.Missing["toy"], "codecollab languages install toy") {
		t.Errorf("%+v %v", r.Missing, err)
	}
	tools := filepath.Join(data, "tools", ".toy.new")
	if err := errors.Join(os.MkdirAll(tools, 0o755), os.WriteFile(filepath.Join(tools, "version"), []byte("4.5.6"), 0o644),
		os.WriteFile(filepath.Join(tools, "setting"), []byte("setting=it-works"), 0o644), os.Rename(tools, filepath.Join(data, "tools/toy"))); err != nil {
		t.Fatal(err)
	}
	if _, text := call(t, "GET", url+"/api/v2/runtimes", ""); !strings.Contains(text, `"version":"4.5.6"`) {
		t.Errorf("not noticed: %s", text)
	}
	if r := ok(t, url, program("toy", "", nil)); r.Stdout != "it-works main.toy\n" {
		t.Errorf("%+v", r)
	}
	if _, err := os.Stat("/var/lib/dpkg/status"); err != nil {
		return // no Debian
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	version := l.Version
	for _, command := range []*[]string{&version.Command, &l.Run.Command} {
		*command = []string{"sh", "-c", "test -e /var/lib/dpkg/status && echo 1.0.0 || echo 0.0.0"}
	}
	l.ID, l.Version = "lists", version
	_, url = serve(t, runner.Options{DataDir: data, Languages: languages.Catalogue{l}})
	if _, a := post(t, url, program("lists", "", nil)); a.Version != "1.0.0" || a.Run.Stdout != "0.0.0\n" {
		t.Errorf("%+v %+v", a, a.Run)
	}
}
