package attacks

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestManifests(t *testing.T) {
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 45 {
		t.Errorf("%d attacks", len(all))
	}
	covered := map[string]bool{}
	titles := map[string]string{}
	for _, a := range all {
		covered[a.Tries] = true
		if other := titles[a.Title]; other != "" {
			t.Errorf("%s and %s have one title", a.Name, other)
		}
		titles[a.Title] = a.Name
	}
	for line := range Lines {
		if !covered[line] {
			t.Errorf("nothing tries %q", line)
		}
	}
}

// TestBare runs attacks that do no harm against an engine without any sandbox: each must be found out, or the command
// would find nothing in a broken sandbox either.
func TestBare(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("there is no gcc, which make setup installs")
		}
		t.Skip("needs gcc")
	}
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	var bare []Attack
	for _, a := range all {
		if a.Bare && (os.Geteuid() == 0 || a.Name != "host-files") {
			bare = append(bare, a)
		}
	}
	if err := adopt(); err != nil {
		t.Fatal(err)
	}
	secret := "baitForTheTest"
	t.Setenv(secretName, secret)
	srv := httptest.NewServer(unconfined(t))
	defer srv.Close()
	defer func() { // what sysv-later has planted
		for _, option := range []string{"-M", "-S", "-Q"} {
			_ = exec.Command("ipcrm", option, "0xa77ac4").Run()
		}
	}()
	for _, a := range bare {
		t.Run(a.Name, func(t *testing.T) {
			var out bytes.Buffer
			c := &campaign{engine: &engine{url: srv.URL, http: srv.Client()}, secret: secret, tier: "none", table: &table{w: &out}}
			results, err := c.run(t.Context(), []Attack{a})
			if err != nil {
				t.Fatal(err)
			}
			switch r := results[0]; {
			case a.Name == "daemon": // says nothing itself; see TestRemains
			case r.Outcome != Breach:
				t.Errorf("%s: %s", r.Outcome, out.String())
			default:
				t.Log(r.Why)
			}
		})
	}
}

// unconfined is an engine as careless as can be: programs run as they come.
func unconfined(t *testing.T) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v2/runtimes", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `[{"language":"python"},{"language":"c"},{"language":"bash"}]`)
	})
	mux.HandleFunc("POST /api/v2/execute", func(w http.ResponseWriter, r *http.Request) {
		var req struct {
			Language string
			Files    []struct{ Name, Content string }
			Args     []string
		}
		if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
			t.Error(err)
			return
		}
		dir := t.TempDir()
		for i, f := range req.Files {
			if f.Name == "" {
				req.Files[i].Name = "main"
			}
			if err := os.WriteFile(filepath.Join(dir, req.Files[i].Name), []byte(f.Content), 0o644); err != nil {
				t.Error(err)
			}
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"run": bareRun(r.Context(), dir, req.Language, req.Files[0].Name, req.Args)})
	})
	return mux
}

func bareRun(ctx context.Context, dir, language, name string, args []string) *stage {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	argv := map[string][]string{"python": {"python3", name}, "bash": {"bash", name},
		"c": {"bash", "-c", `gcc -o main "$0" && exec ./main "$@"`, name}}[language]
	cmd := exec.CommandContext(ctx, argv[0], append(argv[1:], args...)...)
	cmd.Dir = dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.WaitDelay = time.Second
	_ = cmd.Run()
	code := cmd.ProcessState.ExitCode()
	return &stage{Stdout: out.String(), Stderr: errs.String(), Code: &code}
}

// TestRemains leaves one of each behind and looks for it.
func TestRemains(t *testing.T) {
	if err := adopt(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	h := &host{engine: os.Getpid(), folders: []string{dir}}
	before := h.look()
	// An orphan that has cut its ties, as a daemon does, in a session of its own.
	if err := exec.Command("sh", "-c", "setsid sleep 300 >/dev/null 2>&1 &").Run(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "left"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	more := h.settle(t.Context(), before, 0)
	for _, want := range []string{"process s", "file " + dir + "/left", "open file of the engine"} {
		if !strings.Contains(more, want) {
			t.Errorf("%q is not found in %q", want, more)
		}
	}
	_ = f.Close()
	_ = os.Remove(filepath.Join(dir, "left"))
	orphan := children(t)
	if len(orphan) == 0 {
		t.Fatal("the orphan has not come to this process")
	}
	for _, pid := range orphan {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	if more := h.settle(t.Context(), before, 10*time.Second); more != "" {
		t.Errorf("still there: %s", more)
	}
}

// children are the processes whose parent is this one.
func children(t *testing.T) (pids []int) {
	t.Helper()
	lists, _ := filepath.Glob("/proc/self/task/*/children")
	for _, path := range lists {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for word := range strings.FieldsSeq(string(text)) {
			pid, _ := strconv.Atoi(word)
			pids = append(pids, pid)
		}
	}
	return pids
}

func TestJudge(t *testing.T) {
	zero, one := 0, 1
	a := &Attack{Ends: []string{"harmless"}, Collect: true, Wanted: []string{"a"}, Unwanted: []string{"b"}}
	harmless := &stage{Stdout: "HARMLESS: x\n", Code: &zero}
	for name, c := range map[string]struct {
		answer Answer
		want   string
	}{
		"held":                 {Answer{Run: harmless, Files: []file{{Name: "a"}}}, Held},
		"no files to be had":   {Answer{Run: harmless}, Held},
		"breach":               {Answer{Run: &stage{Stdout: "x\nBREACH: y\nHARMLESS: z\n", Code: &one}}, Breach},
		"silent":               {Answer{Run: &stage{Code: &zero}}, Failed},
		"secret in the output": {Answer{Run: harmless, text: "…S3cret…"}, Breach},
		"secret in a file":     {Answer{Run: harmless, Files: []file{{Name: "a", Content: "UzNjcmV0"}}}, Breach},
		"unwanted":             {Answer{Run: harmless, Files: []file{{Name: "a"}, {Name: "b"}}}, Breach},
		"lost":                 {Answer{Run: harmless, Files: []file{}}, Failed},
		"skipped":              {Answer{Run: &stage{Stdout: "SKIP: why\n"}}, Skipped},
		"huge":                 {Answer{Run: harmless, bytes: mostAnswer + 1}, Failed},
		"did not compile":      {Answer{Compile: &stage{Code: &one}, Run: &stage{Code: &one}}, Failed},
	} {
		if got, why := a.judge(&c.answer, []string{"S3cret"}); got != c.want {
			t.Errorf("%s: %s (%s), want %s", name, got, why, c.want)
		}
	}
}
