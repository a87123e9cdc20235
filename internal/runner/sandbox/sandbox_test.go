package sandbox_test

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/runner/sandbox"
)

func TestMain(m *testing.M) {
	if mark, dir, ok := strings.Cut(os.Getenv(victimVar), " "); ok {
		victim(mark, dir)
	}
	os.Exit(m.Run())
}

// start makes a sandbox or skips where this host has none; it checks at the end that nothing is left.
func start(t *testing.T, c sandbox.Config) *sandbox.Sandbox {
	t.Helper()
	if c.Tier == "" {
		c.Tier = tierHere()
	}
	needsGroups(t, c.Tier)
	c.Dir, c.Runtime = cellsDir(t), testRuntime
	s, err := sandbox.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// needsGroups skips where the sandbox could make no control groups.
func needsGroups(t *testing.T, tier string) {
	t.Helper()
	if os.Geteuid() != 0 && tier != "landlock" && os.Getenv(tierVar) == "" {
		t.Skip("needs root, or control groups that are delegated: TestOtherTiers has them")
	}
}

// tierVar names the tier that the tests run in; TestOtherTiers sets it.
const tierVar = "SANDBOX_TEST_TIER"

// testRuntime is the OCI runtime of the tests, which every Debian has. It speaks the command line of gVisor's.
const testRuntime = "runc"

func tierHere() string { return cmp.Or(os.Getenv(tierVar), "namespaces") }

// cellsDir is a folder that users other than ours may enter, unlike those of t.TempDir.
func cellsDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "sandbox-test-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// outcome is a stage with what it printed.
type outcome struct {
	sandbox.Result
	out, err string
}

// run runs one program in a cell of its own.
func run(t *testing.T, s *sandbox.Sandbox, change func(*sandbox.Stage), argv ...string) outcome {
	t.Helper()
	c, err := s.Acquire(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return stage(t, t.Context(), c, change, argv...)
}

func stage(t *testing.T, ctx context.Context, c *sandbox.Cell, change func(*sandbox.Stage), argv ...string) outcome {
	t.Helper()
	null, err := os.OpenFile(os.DevNull, os.O_RDONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	stdin, feed := pipe(t)
	feed.Close()
	outR, outW := pipe(t)
	errR, errW := pipe(t)
	out, errs := drain(outR), drain(errR)
	st := sandbox.Stage{Argv: argv, Env: []string{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/work"}, Stdin: stdin,
		Stdout: outW, Stderr: errW, Wall: 20 * time.Second, Memory: 256 << 20, Tasks: 64}
	if change != nil {
		change(&st)
	}
	r, err := c.Run(ctx, st)
	for _, f := range []*os.File{stdin, outW, errW} {
		f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return outcome{r, <-out, <-errs}
}

func pipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	return r, w
}

func drain(r io.Reader) <-chan string {
	c := make(chan string, 1)
	go func() {
		b, _ := io.ReadAll(io.LimitReader(r, 1<<20))
		_, _ = io.Copy(io.Discard, r)
		c <- string(b)
	}()
	return c
}

func TestHello(t *testing.T) {
	s := start(t, sandbox.Config{})
	o := run(t, s, nil, "sh", "-c", "echo hello; pwd; test -w . && touch here && echo err >&2; exit 3")
	if !strings.HasPrefix(o.out, "hello\n") || o.err != "err\n" || o.Code != 3 || o.Verdict != "" {
		t.Fatalf("%+v", o)
	}
}

// TestVerdicts has each limit end a program, or explain its end, by its own name.
func TestVerdicts(t *testing.T) {
	s := start(t, sandbox.Config{Spec: sandbox.Spec{Disk: 8 << 20}})
	for _, c := range []struct {
		want   sandbox.Verdict
		change func(*sandbox.Stage)
		script string
	}{
		{sandbox.Wall, func(st *sandbox.Stage) { st.Wall = 300 * time.Millisecond }, `while :; do sleep 1; done`},
		{sandbox.CPU, func(st *sandbox.Stage) { st.CPU = 300 * time.Millisecond }, `while :; do :; done`},
		{sandbox.CPU, func(st *sandbox.Stage) { st.CPU = 600 * time.Millisecond }, `for i in 1 2 3; do (while :; do :; done) & done; wait`},
		{sandbox.Memory, func(st *sandbox.Stage) { st.Memory = 64 << 20 }, `python3 -c 'import time
kept = []
while True: kept.append(bytearray(b"x" * (1 << 20))); time.sleep(.005)'`},
		{sandbox.Memory, func(st *sandbox.Stage) { st.Memory, st.Tasks = 64<<20, 64 }, `for i in 1 2 3 4 5 6 7 8; do python3 -c 'import time
kept = b"x" * (20 << 20); time.sleep(20)' & done; wait`},
		{sandbox.Tasks, func(st *sandbox.Stage) { st.Tasks = 16 }, `for i in $(seq 100); do sleep 20 & done; wait`},
	} {
		o := run(t, s, func(st *sandbox.Stage) { st.Wall, st.CPU, st.Tasks = patience, patience, 32; c.change(st) }, "sh", "-c", c.script)
		if o.Verdict != c.want || o.Code == 0 {
			t.Errorf("%s: %+v", c.want, o)
		}
	}
}

// TestNothingOutlivesACell looks for what a program has left to live on.
func TestNothingOutlivesACell(t *testing.T) {
	s := start(t, sandbox.Config{})
	mark := fmt.Sprint("outlive-", time.Now().UnixNano())
	o := run(t, s, nil, "sh", "-c", `trap '' HUP TERM INT; (setsid sh -c '(setsid sh -c "while :; do sleep 1; done" `+mark+` &)' &); exit 0`)
	if o.Code != 0 || o.Verdict != "" {
		t.Errorf("%+v", o)
	}
	if anyProcess(t, mark) {
		t.Error("it lives on")
	}
}
