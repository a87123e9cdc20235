package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"codecollab.dev/internal/toolchain"
)

// languagesSay runs "codecollab languages" with nobody at its terminal.
func languagesSay(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], append([]string{"languages"}, args...)...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestLanguagesCalledWrongly(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{nil, 2, "install ID… | --core | --all"},
		{[]string{"instal", "python"}, 2, "did you mean install?"},
		{[]string{"install"}, 2, "name languages, or say --core or --all"},
		{[]string{"install", "--core", "python"}, 2, "not two of these"},
		{[]string{"install", "--core", "--all"}, 2, "not two of these"},
		{[]string{"install", "--core=yes"}, 2, "--core takes no value"},
		{[]string{"install", "pyton"}, 1, `there is no language "pyton"; did you mean python?`},
		{[]string{"install", "pyton", "Rubby"}, 1, "did you mean ruby?"},
		{[]string{"install", "qqqqqqqqqqqq"}, 1, "there is no language \"qqqqqqqqqqqq\"\n"},
		{[]string{"install", "--xyzzy", "python"}, 1, "no flag --xyzzy"},
		{[]string{"list", "--core"}, 2, "--core is a flag of codecollab languages install and check, not of list"},
		{[]string{"list", "python"}, 2, "takes no names"},
		{[]string{"check", "--out"}, 2, "--out needs a folder"},
		{[]string{"import", "mine"}, 2, "import NAME IMAGE"},
		{[]string{"import", "host", "x.tar"}, 1, "belongs to an environment"},
		{[]string{"import", "mine", "./none.tar"}, 1, "no such file"},
		{[]string{"remove"}, 2, "name the languages"},
		{[]string{"remove", "pyton", "perl"}, 1, "did you mean python?\nperl has not been installed here"},
	} {
		if len(c.args) > 0 {
			c.args = append(c.args, "--runner-data", dir)
		}
		_, stderr, code := languagesSay(t, c.args...)
		if code != c.code || !strings.Contains(stderr, c.want) {
			t.Errorf("%q: exit %d: %s; want %d and %q", c.args, code, stderr, c.code, c.want)
		}
	}
}

// What is here already is not installed again, and nothing is installed that nobody has agreed to.
func TestLanguagesInstallAsks(t *testing.T) {
	dir := t.TempDir()
	root := filepath.Join(dir, "environments/debian-13")
	write(t, filepath.Join(root, "made.json"), `{"languages": ["perl", "typescript"]}`)
	write(t, filepath.Join(root, "root/var/lib/dpkg/status"), "Package: perl\nStatus: install ok installed\n\nPackage: nodejs\nStatus: install ok installed\n\n"+
		"Package: perltidy\nStatus: install ok installed\n")
	stdout, stderr, code := languagesSay(t, "install", "perl", "--runner-data", dir)
	if code != 0 || stdout != "Here already: perl\nThere is nothing to do.\n" {
		t.Errorf("exit %d: %s%s", code, stdout, stderr)
	}
	stdout, stderr, code = languagesSay(t, "install", "--data="+dir, "ts", "perl")
	if code != 1 || !strings.Contains(stdout, "npm for typescript: typescript@") || !strings.Contains(stderr, "say --yes") {
		t.Errorf("exit %d: %s%s", code, stdout, stderr)
	}
	if _, err := os.Stat(filepath.Join(dir, "tools")); err == nil {
		t.Error("something was installed")
	}
	if stdout, stderr, code = languagesSay(t, "remove", "debian-13", "--data="+dir); code != 0 {
		t.Errorf("exit %d: %s%s", code, stdout, stderr)
	}
	if _, err := os.Stat(root); err == nil {
		t.Error("the environment is still there")
	}
}

func TestLanguagesList(t *testing.T) {
	stdout, stderr, code := languagesSay(t, "list", "--json", "--runner-data", cacheDir(t))
	var all []listed
	if err := json.Unmarshal([]byte(stdout), &all); err != nil || code != 0 {
		t.Fatalf("exit %d, %v: %s", code, err, stderr)
	}
	for _, id := range []string{"bash", "perl"} {
		i := slices.IndexFunc(all, func(l listed) bool { return l.ID == id })
		if i < 0 || all[i].State != "installed" || all[i].Versions[0].Version == "" || all[i].Versions[0].Environment == "" || !all[i].Core {
			t.Errorf("%s: %+v", id, all[max(i, 0)])
		}
	}
	if i := slices.IndexFunc(all, func(l listed) bool { return l.State == "installable" }); i >= 0 {
		if stdout, _, code := languagesSay(t, "check", all[i].ID, "--runner-data", cacheDir(t)); code != 1 || !strings.Contains(stdout, " not here: ") {
			t.Errorf("check of %s, which is not installed: exit %d: %s", all[i].ID, code, stdout)
		}
	}
	stdout, stderr, code = languagesSay(t, "list", "--runner-data", cacheDir(t))
	if code != 0 || !strings.HasPrefix(stdout, "ID ") || !strings.Contains(stdout, " installed, ") {
		t.Errorf("exit %d: %s%s", code, stdout, stderr)
	}
}

func TestLanguagesCheck(t *testing.T) {
	out := t.TempDir()
	stdout, stderr, code := languagesSay(t, "check", "bash", "perl", "--runner-data", cacheDir(t), "--out", out)
	if code != 0 || !strings.Contains(stdout, "2 languages pass all tests") {
		t.Errorf("exit %d: %s%s", code, stdout, stderr)
	}
	page, err := os.ReadFile(filepath.Join(out, "languages.md"))
	if err != nil || !strings.Contains(string(page), "| Perl |") {
		t.Errorf("%s, %v", page, err)
	}
	stdout, stderr, code = languagesSay(t, "check", "bash", "--json", "--data", cacheDir(t))
	var made struct {
		Languages []struct{ ID, Environment string }
	}
	if err := json.Unmarshal([]byte(stdout), &made); err != nil || code != 0 || len(made.Languages) == 0 || made.Languages[0].ID != "bash" {
		t.Errorf("exit %d: %s%s, %v", code, stdout, stderr, err)
	}
}

func TestProgress(t *testing.T) {
	events := []toolchain.Event{
		{Title: "looking", Percent: -1},
		{Step: 1, Steps: 2, Title: "one"},
		{Step: 1, Steps: 2, Title: "one", Percent: 55, Text: "unpacking"},
		{Step: 1, Steps: 2, Title: "one", Percent: 57, Text: "more of it"},
		{Step: 2, Steps: 2, Title: "two", Percent: -1},
	}
	for terminal, want := range map[bool]string{
		false: "looking\n[1/2] one\n[1/2] one: 50 % unpacking\n[2/2] two\n",
		true: "\r\x1b[Klooking \n\r\x1b[K[1/2] one ░░░░░░░░░░░░░░░░░░░░   0 % \r\x1b[K[1/2] one ███████████░░░░░░░░░  55 % unpacking" +
			"\r\x1b[K[1/2] one ███████████░░░░░░░░░  57 % more of it\n\r\x1b[K[2/2] two \n",
	} {
		var b bytes.Buffer
		p := newProgress(&b)
		p.terminal = terminal
		for _, e := range events {
			p.event(e)
		}
		p.clear()
		if b.String() != want {
			t.Errorf("terminal %v:\n%q, want\n%q", terminal, b.String(), want)
		}
	}
}
