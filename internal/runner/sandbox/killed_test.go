package sandbox_test

import (
	"bufio"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"codecollab.dev/internal/runner/sandbox"
)

// victimVar is set in a process that makes a sandbox, runs a program in it, says so, and waits to be killed. Its value is the program's
// mark, and the folder of its cells.
const victimVar = "SANDBOX_TEST_VICTIM"

// victim does not return.
func victim(mark, dir string) {
	s, err := sandbox.New(context.Background(), sandbox.Config{Tier: tierHere(), Runtime: testRuntime, Dir: dir, Pool: 1})
	if err != nil {
		fmt.Println("no sandbox:", err)
		os.Exit(1)
	}
	c, err := s.Acquire(context.Background(), "")
	if err != nil {
		fmt.Println("no cell:", err)
		os.Exit(1)
	}
	script := `trap '' HUP TERM INT; (setsid sh -c 'while :; do sleep 1; done' ` + mark + ` &); echo begun; while :; do sleep 1; done`
	in, _ := os.Open(os.DevNull)
	_, err = c.Run(context.Background(), sandbox.Stage{Argv: []string{"sh", "-c", script}, Env: []string{"PATH=/usr/bin:/bin"},
		Stdin: in, Stdout: os.Stdout, Stderr: os.Stderr, Memory: 64 << 20, Tasks: 32})
	fmt.Println("ended:", err)
	os.Exit(1)
}

// TestTheSupervisorIsKilled: what a supervisor that gets SIGKILL was running ends with it, and the next start removes the rest.
func TestTheSupervisorIsKilled(t *testing.T) {
	needsGroups(t, tierHere())
	dir := cellsDir(t)
	mark := fmt.Sprint("killed-", time.Now().UnixNano())
	cmd := exec.CommandContext(t.Context(), "/proc/self/exe", "-test.run", "^$")
	cmd.Env = append(os.Environ(), tierVar+"="+tierHere(), victimVar+"="+mark+" "+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "begun\n" {
		t.Fatalf("the victim says %q", line)
	}
	eventually(t, "its programs are there", func() bool { return anyProcess(t, mark) })
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	eventually(t, "its programs end", func() bool { return !anyProcess(t, mark) })
	s, err := sandbox.New(t.Context(), sandbox.Config{Tier: tierHere(), Runtime: testRuntime, Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	own := fmt.Sprintf("codecollab-%d-", cmd.Process.Pid)
	for _, place := range []string{"/sys/fs/cgroup", dir} {
		_ = filepath.WalkDir(place, func(path string, _ fs.DirEntry, _ error) error {
			if strings.Contains(path, own) {
				t.Errorf("%s is left", path)
			}
			return nil
		})
	}
}

func anyProcess(t *testing.T, mark string) bool {
	t.Helper()
	processes, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range processes {
		if line, err := os.ReadFile(path); err == nil && strings.Contains(string(line), mark) {
			return true
		}
	}
	return false
}

func eventually(t *testing.T, what string, cond func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !cond(); time.Sleep(5 * time.Millisecond) { // nobody tells of strangers' ends
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

func TestSurvey(t *testing.T) {
	facts := map[string]sandbox.Fact{}
	for _, f := range sandbox.Survey() {
		facts[f.Name] = f
		if f.Found == "" || !f.Holds && f.Remedy == "" {
			t.Errorf("%+v", f)
		}
	}
	full := os.Geteuid() == 0 || tierHere() == "namespaces" && os.Getenv(tierVar) != ""
	for name, want := range map[string]bool{"user": full, "control groups": full, "namespaces": true, "uid map": true, "seccomp": true, "landlock": true} {
		if f, ok := facts[name]; !ok || f.Holds != want {
			t.Errorf("%s: %+v, want %v", name, f, want)
		}
	}
}
