package child_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"codecollab.dev/internal/run/child"
)

// The test binary is its own fake runner, and for one test also the server: the first argument says what it does.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "parent":
			parent()
		case "well", "once", "refuses", "stubborn", "wordless":
			runner(os.Args[1])
		}
	}
	os.Exit(m.Run())
}

// runner behaves as "codecollab runner" does when it is announced.
func runner(how string) {
	if how == "refuses" {
		fmt.Fprintln(os.Stderr, "codecollab: this host cannot confine programs")
		os.Exit(1)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			defer conn.Close() // held until the process ends
			if how == "once" { // whoever calls, kills it
				os.Exit(3)
			}
		}
	}()
	fmt.Fprintln(os.Stderr, `{"time":"t","level":"WARN","msg":"hello","env":"`+strings.Join(os.Environ(), ",")+`"}`)
	fmt.Fprint(os.Stderr, strings.Repeat("x", 1<<20), "\nplain words\n")
	if how != "wordless" {
		fmt.Fprintf(os.Stdout, "noise\nready http://%s\n", l.Addr())
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
	if how == "stubborn" {
		select {}
	}
	fmt.Fprintln(os.Stderr, "goodbye")
	os.Exit(0)
}

// parent starts a runner, says where it is, and waits to be killed.
func parent() {
	r, err := child.Start(context.Background(), child.Options{Path: os.Args[0], Args: []string{"well"}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		panic(err)
	}
	if err := r.Ready(context.Background()); err != nil {
		panic(err)
	}
	fmt.Println(r.URL())
	select {}
}

// ends is a log that says when a runner has ended, once the Runner knows it too.
type ends chan struct{}

// Write implements io.Writer; the handler writes a record at once.
func (e ends) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("the runner has ended")) {
		select {
		case e <- struct{}{}:
		default:
		}
	}
	return len(p), nil
}

func (e ends) wait(t *testing.T) {
	t.Helper()
	select {
	case <-e:
	case <-time.After(time.Minute):
		t.Fatal("the runner does not end")
	}
}

// logged is a log to look into.
type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func start(t *testing.T, how string, log io.Writer) *child.Runner {
	t.Helper()
	patience := time.Minute
	if how == "stubborn" {
		patience = 500 * time.Millisecond
	}
	r, err := child.Start(t.Context(), child.Options{
		Path: os.Args[0], Args: []string{how}, Env: []string{"EXTRA=1"}, Log: slog.New(slog.NewTextHandler(log, nil)),
		Patience: patience, Pause: time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func ready(t *testing.T, r *child.Runner) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := r.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	return r.URL()
}

// hold connects to the runner; the connection ends when the runner's process does.
func hold(t *testing.T, url string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func gone(t *testing.T, conn net.Conn) {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal("the runner lives on")
	}
}

func TestARunner(t *testing.T) {
	t.Setenv("SECRET_OF_THE_SERVER", "x")
	log := &logged{}
	r := start(t, "well", log)
	conn := hold(t, ready(t, r))
	if err := r.Failure(); err != nil {
		t.Error(err)
	}
	if err := r.Close(); err != nil { // the log is complete once it has ended
		t.Error(err)
	}
	gone(t, conn)
	env := log.String()
	for _, want := range []string{"level=WARN", `msg="runner: hello"`, `msg="runner: plain words"`, `msg="runner: goodbye"`,
		"PATH=" + os.Getenv("PATH") + ",HOME=/,CODECOLLAB_ANNOUNCE=1,CODECOLLAB_RUNNER_TOKEN=" + r.Token() + `,EXTRA=1"`} {
		if !strings.Contains(env, want) {
			t.Errorf("the log has no %s", want)
		}
	}
	if strings.Contains(env, "SECRET") || len(r.Token()) < 20 {
		t.Error("the environment is the server's, or the token can be guessed")
	}
}

func TestARunnerThatDies(t *testing.T) {
	ended := make(ends, 1)
	r := start(t, "once", ended)
	first := ready(t, r)
	gone(t, hold(t, first))
	ended.wait(t)
	if second := ready(t, r); second == first || r.Failure() != nil {
		t.Errorf("%s, then %s: %v", first, second, r.Failure())
	}
}

func TestARunnerThatRefuses(t *testing.T) {
	ended := make(ends, 1)
	r := start(t, "refuses", ended)
	ended.wait(t)
	if got := r.Failure().Error(); got != "the runner does not run: this host cannot confine programs" {
		t.Error(got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Ready(ctx); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "cannot confine") || r.URL() != "" {
		t.Error(err, r.URL())
	}
}

func TestARunnerThatDoesNotGo(t *testing.T) {
	r := start(t, "stubborn", io.Discard)
	conn := hold(t, ready(t, r))
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	gone(t, conn)
}

func TestClosedBeforeItIsReady(t *testing.T) {
	if err := start(t, "wordless", io.Discard).Close(); err != nil {
		t.Error(err)
	}
}

func TestNothingToStart(t *testing.T) {
	if _, err := child.Start(t.Context(), child.Options{Path: "/nowhere/codecollab", Log: slog.New(slog.DiscardHandler)}); err == nil {
		t.Error("no error")
	}
}

// However the server ends, its runner does not outlive it.
func TestTheServerIsKilled(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), os.Args[0], "parent")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	conn := hold(t, strings.TrimSpace(url))
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	gone(t, conn)
}
