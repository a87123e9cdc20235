package runner_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"codecollab.dev/internal/runner"
	"codecollab.dev/internal/toolchain"
	"codecollab.dev/languages"
)

// toy is a language whose interpreter is a package of this test's own; the package really is installed on the host.
func toy(apt ...string) languages.Language {
	l := languages.Language{ID: "toy", Name: "Toy", Aliases: []string{"ty"}, Source: "main.toy", Extensions: []string{"toy"}, Editor: "text"}
	l.Version = languages.Version{Command: []string{"codecollab-toy", "--version"}, Pattern: `toy (\d+\.\d+\.\d+)`}
	l.Run = languages.Command{Command: []string{"codecollab-toy", "{file}"}}
	l.Install.Apt = apt
	return l
}

const toyProgram = `#!/bin/sh
[ "$1" = --version ] && { echo toy 1.2.3; exit; }
exec sh "$1"
`

// repository makes an apt repository with the toy's package in it, and lets apt see nothing else.
func repository(t *testing.T) {
	t.Helper()
	for _, tool := range []string{"apt-get", "dpkg-deb"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("needs Debian's tools: ", err)
		}
	}
	dir := t.TempDir()
	write := func(name, text string, mode os.FileMode) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	control := "Package: codecollab-toy\nVersion: 1:1.2.3-4\nArchitecture: all\nMaintainer: nobody <nobody@example.org>\nDescription: a test's language\n"
	write("root/DEBIAN/control", control, 0o644)
	write("root/usr/bin/codecollab-toy", toyProgram, 0o755)
	run(t, "dpkg-deb", "--build", "--root-owner-group", filepath.Join(dir, "root"), filepath.Join(dir, "repo/toy.deb"))
	deb, err := os.ReadFile(filepath.Join(dir, "repo/toy.deb"))
	if err != nil {
		t.Fatal(err)
	}
	write("repo/Packages", fmt.Sprintf("%sFilename: ./toy.deb\nSize: %d\nSHA256: %x\n", control, len(deb), sha256.Sum256(deb)), 0o644)
	write("etc/sources.list", "deb [trusted=yes] file:"+filepath.Join(dir, "repo")+" ./\n", 0o644)
	write("apt.conf", fmt.Sprintf("Dir::Etc::sourcelist \"%s/etc/sources.list\";\nDir::Etc::sourceparts \"/dev/null\";\nDir::State::lists \"%s/lists\";\n"+
		"Dir::Cache::archives \"%s/archives\";\nDir::Cache::pkgcache \"\";\nDir::Cache::srcpkgcache \"\";\nAPT::Sandbox::User \"root\";\n", dir, dir, dir), 0o644)
	write("lists/partial/.keep", "", 0o644)
	write("archives/partial/.keep", "", 0o644)
	t.Setenv("APT_CONFIG", filepath.Join(dir, "apt.conf"))
	run(t, "apt-get", "update")
	t.Cleanup(func() { _ = exec.Command("dpkg", "--purge", "codecollab-toy").Run() })
}

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(args[len(args)-1]), 0o755); strings.HasPrefix(args[len(args)-1], "/") && err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
}

// call sends a request with a JSON body and gives status and answer.
func call(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	return answerOf(t, req)
}

func TestPackages(t *testing.T) {
	repository(t)
	all, err := languages.Load()
	if err != nil {
		t.Fatal(err)
	}
	bash, _ := all.Find("bash")
	shared := toy("bash")
	shared.ID, shared.Aliases, shared.Version.Command = "shared", nil, []string{"sh", "-c", "echo toy 7.0.0"}
	s, url := serve(t, runner.Options{Packages: true, Toolchain: toolchain.Options{Host: true}, DataDir: t.TempDir(),
		Languages: languages.Catalogue{bash, shared, toy("codecollab-toy")}})
	if _, err := s.Report(t.Context()); err != nil {
		t.Fatal(err)
	}
	url += "/api/v2"
	expect := func(method, body string, status int, want string) {
		t.Helper()
		if got, text := call(t, method, url+"/packages", body); got != status || strings.TrimSpace(text) != want {
			t.Errorf("%s %s: %d %s, want %d %s", method, body, got, text, status, want)
		}
	}
	listed := func() (version string, installed bool) {
		t.Helper()
		_, text := call(t, "GET", url+"/packages", "")
		var list []struct {
			Language  string
			Version   string `json:"language_version"`
			Installed bool
		}
		if err := json.Unmarshal([]byte(text), &list); err != nil || len(list) != 3 || list[2].Language != "toy" {
			t.Fatalf("%s: %v", text, err)
		}
		return list[2].Version, list[2].Installed
	}
	if v, is := listed(); v != "1.2.3" || is {
		t.Errorf("listed as %s, installed: %v", v, is)
	}
	expect("POST", `{"language":"toy","version":"2.x"}`, 404, `{"message":"Requested package toy-2.x does not exist"}`)
	expect("POST", `{"language":"klingon","version":"*"}`, 404, `{"message":"Requested package klingon-* does not exist"}`)
	expect("POST", `{}`, 404, `{"message":"Requested package undefined-undefined does not exist"}`)
	expect("DELETE", `{"language":"toy","version":"*"}`, 500, `{"message":"toy-1.2.3 is not installed"}`)
	code, text := call(t, "POST", url+"/packages", `{"language":"toy","version":"1.x","check":true}`)
	if code != 200 || !strings.HasPrefix(text, `{"language":"toy","version":"1.2.3","check":[{"id":"toy",`) || !strings.Contains(text, "the sample shows nothing") {
		t.Errorf("%d %s", code, text)
	}
	expect("POST", `{"language":"toy","version":"1.x"}`, 500, `{"message":"Already installed"}`)
	if v, is := listed(); v != "1.2.3" || !is {
		t.Errorf("listed as %s, installed: %v", v, is)
	}
	if r := ok(t, strings.TrimSuffix(url, "/api/v2"), program("ty", "echo it works", nil)); r.Stdout != "it works\n" {
		t.Errorf("%+v", r)
	}
	expect("DELETE", `{"language":"toy","version":"1.2.3"}`, 500,
		`{"message":"toy could not be removed: toy has not been installed here, so it is not removed; what this machine has by itself stays"}`)
	run(t, "dpkg", "--purge", "codecollab-toy")
	if _, is := listed(); is { // the runner notices what happens beside it
		t.Error("toy is listed though it is gone")
	}
	if code, a := post(t, strings.TrimSuffix(url, "/api/v2"), program("toy", "", nil)); code != 400 || a.Message != "toy-* runtime is unknown" {
		t.Errorf("%d %s", code, a.Message)
	}
}

func TestPackagesAreOff(t *testing.T) {
	_, url := serve(t, runner.Options{Languages: languages.Catalogue{toy("codecollab-toy")}})
	for _, method := range []string{"POST", "DELETE"} {
		if status, text := call(t, method, url+"/api/v2/packages", `{"language":"toy","version":"*"}`); status != 403 || !strings.Contains(text, "runner-packages") {
			t.Errorf("%s: %d %s", method, status, text)
		}
	}
	if status, text := call(t, "GET", url+"/api/v2/packages", ""); status != 200 || !strings.Contains(text, `"installed":false`) {
		t.Errorf("%d %s", status, text)
	}
}
