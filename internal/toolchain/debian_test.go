package toolchain

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"codecollab.dev/languages"
)

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

const status = `Package: gcc
Status: install ok installed
Architecture: amd64
Provides: c-compiler, gcc-x86-64-linux-gnu (= 4:14.2.0-1)
Description: compiler
 with a second line: that is no field

Package: lua
Status: install ok half-configured
Architecture: amd64

Package: old
Status: deinstall ok config-files
Architecture: amd64

Package: gone
Status: deinstall ok not-installed
Architecture: amd64
`

func TestReadPackages(t *testing.T) {
	root := t.TempDir()
	if p, err := readPackages(root); err != nil || len(p.known) != 0 {
		t.Errorf("a root without dpkg: %v, %v", p, err)
	}
	writeFile(t, filepath.Join(root, "var/lib/dpkg/status"), status)
	p, err := readPackages(root)
	if err != nil {
		t.Fatal(err)
	}
	if !p.has([]string{"gcc", "c-compiler", "gcc-x86-64-linux-gnu"}) || p.has([]string{"lua"}) || p.has([]string{"old"}) {
		t.Errorf("whole: %v", p.whole)
	}
	if !p.known["old"] || p.known["gone"] || len(p.known) != 3 {
		t.Errorf("known: %v", p.known)
	}
	if !slices.Equal(p.unsorted, []string{"lua"}) || !interrupted(root, p) {
		t.Errorf("unsorted: %v", p.unsorted)
	}
	// dpkg was killed after it had finished lua and unpacked ruby, before it wrote its list.
	writeFile(t, filepath.Join(root, "var/lib/dpkg/updates/0000"), "Package: lua\nStatus: install ok installed\nArchitecture: amd64\n#padding\n#padding\n")
	writeFile(t, filepath.Join(root, "var/lib/dpkg/updates/0001"), "Package: ruby\nStatus: install reinstreq half-installed\nArchitecture: amd64\n")
	if p, err = readPackages(root); err != nil || !p.has([]string{"lua"}) || !slices.Equal(p.unsorted, []string{"ruby"}) || !interrupted(root, p) {
		t.Errorf("with a journal: %+v, %v", p, err)
	}
	text, err := wholeStatus(root)
	if err != nil || strings.Count(text, "Package: ") != 2 || !strings.Contains(text, "with a second line") || strings.Contains(text, "ruby") {
		t.Errorf("whole: %q, %v", text, err)
	}
}

func TestReadStatus(t *testing.T) {
	for line, want := range map[string]struct {
		percent float64
		text    string
		ok      bool
	}{
		"dlstatus:1:20.5:Retrieving file 1 of 3":            {10.25, "Retrieving file 1 of 3", true},
		"pmstatus:gcc:40:Unpacking gcc":                     {70, "Unpacking gcc", true},
		"pmstatus:libc6:i386:40.5:Configuring libc6 (i386)": {70.25, "Configuring libc6 (i386)", true},
		"pmstatus:dpkg-exec:100.0000:Running dpkg: at last": {100, "Running dpkg: at last", true},
		"pmerror:/var/x.deb:12.0:broken":                    {},
		"nonsense":                                          {},
		"dlstatus:1:many:x":                                 {},
	} {
		percent, text, ok := readStatus(line)
		if percent != want.percent || text != want.text || ok != want.ok {
			t.Errorf("%q: %v %q %v", line, percent, text, ok)
		}
	}
}

func TestInstLine(t *testing.T) {
	m := instLine.FindAllStringSubmatch("Inst gcc [4:12.2.0-3] (4:14.2.0-1 Debian:13.1/stable [amd64]) []\nConf gcc (4:14.2.0-1 x [amd64])\n"+
		"Inst libx:i386 (1.0~rc1 Debian:13.1/stable [i386])\n", -1)
	if len(m) != 2 || m[0][1] != "gcc" || m[0][2] != "4:14.2.0-1" || m[1][1] != "libx:i386" || m[1][2] != "1.0~rc1" {
		t.Errorf("%q", m)
	}
}

func TestHostSources(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  sources
	}{
		"no Debian": {map[string]string{"sources.list": "deb http://archive.ubuntu.com/ubuntu noble main\n"}, sources{main: defaultMain, security: defaultSecurity}},
		"one-line form": {map[string]string{"sources.list": "# deb http://no/debian x\ndeb [arch=amd64] http://mirror.example/debian/ bookworm main\ndeb http://mirror.example/debian-security bookworm-security main\n"},
			sources{main: "http://mirror.example/debian", security: "http://mirror.example/debian-security"}},
		"paragraphs": {map[string]string{"sources.list.d/debian.sources": "Types: deb\n# URIs: http://no/debian\nURIs: https://mirror.example/debian\nSuites: trixie\n"},
			sources{main: "https://mirror.example/debian", security: defaultSecurity}},
	} {
		dir := t.TempDir()
		for file, text := range c.files {
			writeFile(t, filepath.Join(dir, file), text)
		}
		if got := hostSources(dir); got != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestMirror(t *testing.T) {
	for mirror, want := range map[string]sources{
		"http://m/debian":            {main: "http://m/debian", security: defaultSecurity},
		"http://m/debian http://m/s": {main: "http://m/debian", security: "http://m/s"},
		"http://m/debian none":       {main: "http://m/debian"},
	} {
		s, err := NewInstaller(Open(t.TempDir()), nil, Options{Mirror: mirror}).sources(t.Context())
		if s.proxies = ""; err != nil || s != want {
			t.Errorf("%q: %+v, %v", mirror, s, err)
		}
	}
	if _, err := NewInstaller(Open(t.TempDir()), nil, Options{Mirror: "a b c"}).sources(t.Context()); err == nil || !strings.Contains(err.Error(), "runner-mirror") {
		t.Error(err)
	}
	list := sources{main: "http://m/debian"}.list("trixie")
	if strings.Contains(list, "-security") || strings.Count(list, "signed-by=") != 2 {
		t.Error(list)
	}
}

func TestProxies(t *testing.T) {
	got := proxies("APT \"\";\nAcquire::http::Proxy \"http://proxy:3128\";\nAcquire::http::Proxy-Auto-Detect \"/x\";\nAcquire::http::Proxy::local \"DIRECT\";\n")
	if got != "Acquire::http::Proxy \"http://proxy:3128\";\nAcquire::http::Proxy::local \"DIRECT\";\n" {
		t.Error(got)
	}
}

// Two processes must not install at once, and the second is told who is at it.
func TestOneAtATime(t *testing.T) {
	s := Open(t.TempDir())
	unlock, err := s.lock()
	if err != nil {
		t.Fatal(err)
	}
	i := NewInstaller(s, nil, Options{})
	l := languages.Language{ID: "x", Install: languages.Install{NPM: []string{"x@1"}}}
	if _, err := i.Plan(t.Context(), []languages.Language{l}); err == nil || !strings.Contains(err.Error(), "by process ") {
		t.Error(err)
	}
	if err := i.Remove(t.Context(), l); err == nil || !strings.Contains(err.Error(), "by process ") {
		t.Error(err)
	}
	unlock()
	if err := i.Remove(t.Context(), l); err == nil || !strings.Contains(err.Error(), "has not been installed here") {
		t.Error(err)
	}
}

// A program of the machine, its last words, and what it writes about its progress.
func TestRun(t *testing.T) {
	i := NewInstaller(Open(t.TempDir()), nil, Options{})
	var status, lines []string
	out, err := i.run(t.Context(), task{
		argv:   []string{"sh", "-c", `echo one; echo "$MARK"; echo "dlstatus:1:2:3" >&3; printf 'half\rline\n'`},
		env:    []string{"MARK=two"},
		lines:  func(l string) { lines = append(lines, l) },
		status: func(l string) { status = append(status, l) },
	})
	if err != nil || out != "one\ntwo\nhalf\rline\n" || !slices.Equal(lines, []string{"one", "two", "half", "line"}) || !slices.Equal(status, []string{"dlstatus:1:2:3"}) {
		t.Errorf("%q %q %q %v", out, lines, status, err)
	}
	_, err = i.run(t.Context(), task{argv: []string{"sh", "-c", "for n in 1 2 3 4 5 6 7 8 9; do echo line $n; done; echo E: this is why >&2; exit 3"}})
	said, ok := errors.AsType[*saidError](err)
	if exit, failed := errors.AsType[*exec.ExitError](err); !ok || said.words != "E: this is why" || !failed || exit.ExitCode() != 3 {
		t.Errorf("%v", err)
	}
}

func TestNames(t *testing.T) {
	for n, want := range map[int64]string{0: "0 kB", 999_999: "1000 kB", 12_345_678: "12 MB", 3_400_000_000: "3.4 GB"} {
		if got := Bytes(n); got != want {
			t.Errorf("%d is %q", n, got)
		}
	}
	if got := few([]string{"a", "b", "c", "d", "e", "f"}); got != "a, b, c, d and 2 more" {
		t.Error(got)
	}
}
