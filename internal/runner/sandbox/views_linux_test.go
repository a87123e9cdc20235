package sandbox_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/runner/sandbox"
)

// smallRoot makes a root file system of a few programs of the host's.
func smallRoot(t *testing.T, programs ...string) string {
	t.Helper()
	root := cellsDir(t)
	for _, dir := range []string{"usr/bin", "usr/lib", "usr/lib64", "etc"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, link := range []string{"bin", "lib", "lib64"} {
		symlink(t, "usr/"+link, filepath.Join(root, link))
	}
	for _, name := range programs {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		copyFile(t, path, filepath.Join(root, "usr/bin", name))
		libs, _ := exec.CommandContext(t.Context(), "ldd", path).Output() // a static one has none
		for _, lib := range regexp.MustCompile(`/\S+`).FindAllString(string(libs), -1) {
			copyFile(t, lib, filepath.Join(root, lib))
		}
	}
	return root
}

func symlink(t *testing.T, target, at string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o755), os.Symlink(target, at)); err != nil {
		t.Fatal(err)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err := errors.Join(err, os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, text, 0o755)); err != nil {
		t.Fatal(err)
	}
}

// in runs a program in a cell that shows a view.
func in(t *testing.T, s *sandbox.Sandbox, view string, argv ...string) outcome {
	t.Helper()
	c, err := s.Acquire(t.Context(), view)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return stage(t, t.Context(), c, nil, argv...)
}

// namespacesOnly skips in the tier that has one root.
func namespacesOnly(t *testing.T) {
	t.Helper()
	if tierHere() == "landlock" {
		t.Skip("cells of this tier show the host's root only")
	}
}

func TestAnotherRoot(t *testing.T) {
	namespacesOnly(t)
	root := smallRoot(t, "sh", "cat", "ls")
	outside := filepath.Join(cellsDir(t), "secret")
	if err := errors.Join(os.WriteFile(outside, []byte("of the host"), 0o644), os.WriteFile(filepath.Join(root, "usr/only-here"), []byte("yes"), 0o644),
		os.MkdirAll(filepath.Join(root, "var/lib/package"), 0o755), os.WriteFile(filepath.Join(root, "var/lib/package/data"), []byte("data"), 0o644),
		os.WriteFile(filepath.Join(root, "etc/setting"), []byte("set"), 0o644), os.WriteFile(filepath.Join(root, "etc/passwd"), []byte("root:of the image"), 0o644),
		os.MkdirAll(filepath.Join(root, "etc/package"), 0o755), os.MkdirAll(filepath.Join(root, "etc/ssh"), 0o755),
		os.MkdirAll(filepath.Join(root, "var/lib/apt"), 0o755), os.MkdirAll(filepath.Join(root, "var/lib/dpkg/info"), 0o755),
		os.WriteFile(filepath.Join(root, "var/lib/dpkg/status"), nil, 0o644), os.MkdirAll(filepath.Join(root, "opt/thing-1"), 0o755), os.WriteFile(filepath.Join(root, "opt/thing-1/file"), []byte("thing"), 0o644)); err != nil {
		t.Fatal(err)
	}
	// Whoever made the root, an image from anywhere perhaps, may have put such links into it.
	up := strings.Repeat("../", 20)
	symlink(t, outside, filepath.Join(root, "etc/localtime"))
	symlink(t, up+outside[1:], filepath.Join(root, "opt/escape"))
	symlink(t, "/proc/self/root", filepath.Join(root, "opt/magic"))
	symlink(t, "/opt/thing-1", filepath.Join(root, "opt/thing"))
	s := start(t, sandbox.Config{})
	s.SetViews(map[string]sandbox.View{"": {}, "small": {Root: root, Trees: []sandbox.Tree{
		{From: "/opt/escape", To: "/escape", Inside: true}, {From: "/opt/magic", To: "/magic", Inside: true},
		{From: "/opt/thing", To: "/thing", Inside: true}, {From: "/etc/package", To: "/etc/package", Inside: true},
		{From: "/var/lib/dpkg/status", To: "/var/lib/dpkg/status", Inside: true}, {From: outside, To: "/given"},
	}}})
	for _, c := range []struct{ script, want string }{
		{"cat /usr/only-here", "yes"},
		{"cat /thing/file", "thing"},
		{"cat /given", "of the host"},
		{"ls /bin/", "cat\nls\nsh\n"},
		{"cat /var/lib/package/data /etc/setting /opt/thing/file", "datasetthing"},
		{"ls -d /etc/package/", "/etc/package/\n"},
		{"ls /var/lib", "dpkg\npackage\n"},
		{"ls /var/lib/dpkg /etc/ssh", "/var/lib/dpkg:\nstatus\n"},
		{"ls /escape /magic; cat /etc/localtime /opt/escape /.etc/localtime | while read -r l; do echo \"$l\"; done", ""},
		{"cat /etc/passwd | while read -r l; do echo \"${l%%:*}\"; done", "root\nrunner\nnobody\n"},
		{"echo x 2>/dev/null >/usr/only-here || echo read-only", "read-only\n"},
	} {
		if o := in(t, s, "small", "sh", "-c", c.script); o.out != c.want {
			t.Errorf("%s: %+v, want %q", c.script, o, c.want)
		}
	}
	if o := in(t, s, "", "sh", "-c", "ls /usr/only-here || ls /usr/bin/env"); o.out != "/usr/bin/env\n" {
		t.Errorf("the host's view: %+v", o)
	}
	if _, err := s.Acquire(t.Context(), "gone"); err == nil {
		t.Error("a view that nobody set has a cell")
	}
}

func TestViewsChange(t *testing.T) {
	namespacesOnly(t)
	root := smallRoot(t, "sh", "cat")
	write := func(text string) {
		if err := os.WriteFile(filepath.Join(root, "usr/version"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s := start(t, sandbox.Config{Pool: 3})
	views := func(stamp string) { s.SetViews(map[string]sandbox.View{"": {}, "small": {Root: root, Stamp: stamp}}) }
	write("1")
	views("1")
	if o := in(t, s, "small", "cat", "/usr/version"); o.out != "1" {
		t.Errorf("%+v", o)
	}
	settle(t, s, map[string]int{"": 0, "small": 3}) // it has become the view used most, and those of the host are let go
	if err := os.Rename(filepath.Join(root, "usr"), filepath.Join(root, "old")); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"bin", "lib", "lib64"} {
		if err := os.MkdirAll(filepath.Join(root, "usr"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(root, "old", dir), filepath.Join(root, "usr", dir)); err != nil {
			t.Fatal(err)
		}
	}
	write("2")
	views("2")
	if o := in(t, s, "small", "cat", "/usr/version"); o.out != "2" {
		t.Errorf("a cell of the old root was handed out: %+v", o)
	}
	for range 10 {
		in(t, s, "", "true")
	}
	settle(t, s, map[string]int{"": 3, "small": 1})
	s.SetViews(map[string]sandbox.View{"": {}})
	settle(t, s, map[string]int{"": 3})
}

// settle waits until so many cells of each view are ready.
func settle(t *testing.T, s *sandbox.Sandbox, want map[string]int) {
	t.Helper()
	var now map[string]int
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) { // polls a condition
		now = s.Ready()
		same := len(now) == len(want)
		for name, n := range want {
			same = same && now[name] == n
		}
		if same {
			return
		}
	}
	t.Fatalf("ready are %v, want %v", now, want)
}

func TestOneRoot(t *testing.T) {
	s := start(t, sandbox.Config{Tier: "landlock"})
	s.SetViews(map[string]sandbox.View{"": {}, "other": {Root: cellsDir(t)}})
	if _, err := s.Acquire(t.Context(), "other"); !errors.Is(err, sandbox.ErrOneRoot) || !s.Report().OneRoot {
		t.Errorf("%v, %+v", err, s.Report())
	}
	if o := in(t, s, "", "echo", "still here"); o.out != "still here\n" {
		t.Errorf("%+v", o)
	}
}

func TestStatAndGlobStayInside(t *testing.T) {
	root := t.TempDir()
	for _, path := range []string{"opt/tool-1/bin", "opt/tool-2", "etc/alternatives"} {
		if err := os.MkdirAll(filepath.Join(root, path), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(root, "opt/tool-1/bin/tool"), nil, 0o755); err != nil {
		t.Fatal(err)
	}
	symlink(t, "/etc/alternatives/tool", filepath.Join(root, "usr/bin/tool"))
	symlink(t, "/opt/tool-1/bin/tool", filepath.Join(root, "etc/alternatives/tool"))
	symlink(t, "../../../../../../../../usr/bin/env", filepath.Join(root, "usr/bin/env"))
	symlink(t, "/usr", filepath.Join(root, "opt/tool-usr"))
	if st, err := sandbox.Stat(root, "/usr/bin/tool"); err != nil || st.Mode()&0o111 == 0 {
		t.Errorf("%v %v", st, err)
	}
	if st, err := sandbox.Stat(root, "/usr/bin/env"); err == nil {
		t.Errorf("a link led out: %v", st)
	}
	if st, err := sandbox.Stat("/", "/usr/bin/env"); err != nil {
		t.Errorf("%v %v", st, err)
	}
	for pattern, want := range map[string][]string{
		"/opt/tool-[0-9]": {"/opt/tool-1", "/opt/tool-2"}, "/opt/*/bin": {"/opt/tool-1/bin", "/opt/tool-usr/bin"},
		"/opt/tool-usr/bin/e*": {"/opt/tool-usr/bin/env"}, "/nothing/*": nil, "/opt": {"/opt"},
	} {
		got, err := sandbox.Glob(root, pattern)
		slices.Sort(got)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v %v, want %v", pattern, got, err, want)
		}
	}
	if _, err := sandbox.Glob(root, "/[x"); err == nil {
		t.Error("a broken pattern is taken")
	}
}
