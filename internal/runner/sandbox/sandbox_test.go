package sandbox_test

import (
	"context"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/runner/sandbox"
)

func TestMain(m *testing.M) {
	sandbox.Init()
	os.Exit(m.Run())
}

// start makes a sandbox or skips where this host has none; it checks at the end that nothing is left.
func start(t *testing.T, c sandbox.Config) *sandbox.Sandbox {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root: the sandbox makes control groups")
	}
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

// outcome is a stage with what it printed.
type outcome struct {
	sandbox.Result
	out, err string
}

// run runs one program in a cell of its own.
func run(t *testing.T, s *sandbox.Sandbox, change func(*sandbox.Stage), argv ...string) outcome {
	t.Helper()
	c, err := s.Acquire(t.Context())
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
	o := run(t, s, nil, "sh", "-c", "echo hello; id; ls -la / /dev; cat /proc/mounts; pwd; echo err >&2; exit 3")
	if !strings.HasPrefix(o.out, "hello\n") || o.err != "err\n" || o.Code != 3 || o.Verdict != "" {
		t.Fatalf("%+v", o)
	}
	t.Log(o.out)
}
