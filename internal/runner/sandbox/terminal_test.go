package sandbox_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"codecollab.dev/internal/runner/sandbox"
)

// screen collects what a terminal shows, so that a test can wait for a text.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
	news chan struct{}
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case s.news <- struct{}{}:
	default:
	}
	return s.text.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// session is a program at a terminal.
type session struct {
	t        *testing.T
	terminal *sandbox.Terminal
	out, err *screen
	waiting  chan bool
	ended    chan outcome
}

const patience = 20 * time.Second

// open starts a program at a terminal of 24 × 80 in a cell of its own.
func open(t *testing.T, s *sandbox.Sandbox, change func(*sandbox.Stage), argv ...string) *session {
	t.Helper()
	c, err := s.Acquire(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	newScreen := func() *screen { return &screen{news: make(chan struct{}, 1)} }
	x := &session{t: t, out: newScreen(), err: newScreen(), waiting: make(chan bool, 100), ended: make(chan outcome, 1)}
	handed := make(chan *sandbox.Terminal, 1)
	go func() {
		var showing sync.WaitGroup
		o := stage(t, context.WithoutCancel(t.Context()), c, func(st *sandbox.Stage) {
			st.Stdin, st.Stdout, st.Stderr = nil, nil, nil
			st.Terminal = &sandbox.Size{Rows: 24, Cols: 80}
			st.OnTerminal = func(tty *sandbox.Terminal) {
				showing.Go(func() { _, _ = tty.Out.WriteTo(x.out) })
				showing.Go(func() { _, _ = tty.Err.WriteTo(x.err) })
				handed <- tty
			}
			st.OnWaiting = func(yes bool) { x.waiting <- yes }
			if change != nil {
				change(st)
			}
		}, argv...)
		showing.Wait()
		x.ended <- o
	}()
	select {
	case x.terminal = <-handed:
		t.Cleanup(func() { x.terminal.Out.Close(); x.terminal.Err.Close() })
	case <-time.After(patience):
		t.Fatal("no terminal was handed out")
	}
	return x
}

// see waits until the screen shows the text.
func (x *session) see(s *screen, text string) {
	x.t.Helper()
	late := time.After(patience)
	for !strings.Contains(s.String(), text) {
		select {
		case <-s.news:
		case <-late:
			x.t.Fatalf("waited for %q, the screen shows %q", text, s.String())
		}
	}
}

func (x *session) typeIn(text string) {
	x.t.Helper()
	if _, err := x.terminal.Out.WriteString(text); err != nil {
		x.t.Fatal(err)
	}
}

func (x *session) waits(want bool) {
	x.t.Helper()
	select {
	case got := <-x.waiting:
		if got != want {
			x.t.Fatalf("waiting is %v, want %v; the screen shows %q", got, want, x.out.String())
		}
	case o := <-x.ended:
		x.t.Fatalf("ended with %+v instead of waiting %v; the screen shows %q", o.Result, want, x.out.String())
	case <-time.After(patience):
		x.t.Fatalf("did not hear that waiting is %v; the screen shows %q %q", want, x.out.String(), x.err.String())
	}
}

func (x *session) end() outcome {
	x.t.Helper()
	select {
	case o := <-x.ended:
		return o
	case <-time.After(patience):
		x.t.Fatalf("no end; the screen shows %q %q", x.out.String(), x.err.String())
		return outcome{}
	}
}

func TestTerminal(t *testing.T) {
	s := start(t, sandbox.Config{})
	x := open(t, s, nil, "sh", "-c", `trap 'echo interrupted; exit 7' INT; test -t 0 && test -t 1 && test -t 2 && echo "terminals: $(dirname "$(tty)") $(stty size)"
		echo "to stderr" >&2; read line </dev/tty; echo "read $line, $(stty size)"; read line`)
	x.see(x.out, "terminals: /dev/pts 24 80\r\n")
	x.see(x.err, "to stderr\r\n")
	x.waits(true)
	if err := x.terminal.Resize(sandbox.Size{Rows: 30, Cols: 100}); err != nil {
		t.Fatal(err)
	}
	x.typeIn("grüßx\x7f dich\n") // the terminal edits the line
	x.see(x.out, "read grüß dich, 30 100\r\n")
	x.typeIn("\x03\n") // sh sees an interrupt that comes just before it reads only after the line
	x.see(x.out, "interrupted")
	if o := x.end(); o.Code != 7 || o.Verdict != "" {
		t.Errorf("%+v", o.Result)
	}
}

func TestTerminalEnds(t *testing.T) {
	s := start(t, sandbox.Config{})
	t.Run("end of input", func(t *testing.T) {
		x := open(t, s, nil, "cat")
		x.typeIn("some\n\x04")
		if o := x.end(); o.Code != 0 || !strings.HasSuffix(x.out.String(), "some\r\nsome\r\n") {
			t.Errorf("%+v, %q", o.Result, x.out)
		}
	})
	t.Run("an interrupt that nobody catches", func(t *testing.T) {
		x := open(t, s, nil, "cat")
		x.waits(true)
		x.typeIn("\x03")
		if o := x.end(); o.Signal != 2 {
			t.Errorf("%+v", o.Result)
		}
		x.waits(false)
	})
	t.Run("a program that leaves others behind", func(t *testing.T) {
		x := open(t, s, nil, "sh", "-c", "trap '' HUP; (setsid sleep 100; echo) & echo bye")
		if o := x.end(); o.Code != 0 || x.out.String() != "bye\r\n" {
			t.Errorf("%+v, %q", o.Result, x.out)
		}
	})
	t.Run("a limit", func(t *testing.T) {
		x := open(t, s, func(st *sandbox.Stage) { st.Wall = 300 * time.Millisecond }, "cat")
		if o := x.end(); o.Verdict != sandbox.Wall {
			t.Errorf("%+v", o.Result)
		}
	})
}

// TestNobodyTypesForOthers: what would type into a terminal is refused.
func TestNobodyTypesForOthers(t *testing.T) {
	s := start(t, sandbox.Config{})
	x := open(t, s, nil, "python3", "-c", `
import fcntl, os
try:
    fcntl.ioctl(0, 0x5412, b"x")
    print("TYPED")
except OSError as e:
    print("refused", e.errno)`)
	if x.end(); x.out.String() != "refused 1\r\n" {
		t.Errorf("%q", x.out)
	}
}

// TestWaiting has programs that ask for a name in their own ways, at a terminal and with a pipe.
func TestWaiting(t *testing.T) {
	c := compile(t, `
		#include <stdio.h>
		int main() { char name[20]; printf("name? "); fflush(stdout); scanf("%19s", name); printf("hello %s\n", name); }`)
	const ask = "/opt/ask"
	s := start(t, sandbox.Config{Spec: sandbox.Spec{Trees: []sandbox.Tree{{From: c, To: ask}}}})
	for name, argv := range map[string][]string{
		"sh":       {"sh", "-c", `printf 'name? '; read name; echo "hello $name"`},
		"bash":     {"bash", "-c", `read -t 15 -p 'name? ' name; echo "hello $name"`},
		"python":   {"python3", "-c", `name = input("name? "); print("hello", name)`},
		"readline": {"python3", "-c", `import readline; name = input("name? "); print("hello", name)`},
		"select":   {"python3", "-c", `import select, sys; select.select([0], [], []); print("hello", input())`},
		"poll":     {"python3", "-c", `import select; p = select.poll(); p.register(0, 1); p.poll(); print("hello", input())`},
		"epoll":    {"python3", "-c", `import select; p = select.epoll(); p.register(0, 1); p.poll(); print("hello", input())`},
		"thread":   {"python3", "-c", `import threading, time; threading.Thread(target=time.sleep, args=(15,), daemon=True).start(); print("hello", input())`},
		"child":    {"sh", "-c", `sh -c 'read name; echo hello $name'; true`},
		"c":        {ask},
		"node":     {"node", "-e", `require("readline").createInterface({input: process.stdin, output: process.stdout}).question("name? ", n => { console.log("hello " + n); process.exit() })`},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := exec.LookPath(argv[0]); err != nil && argv[0] != ask {
				if os.Getenv("CI") != "" {
					t.Fatal(argv[0], " is missing, which make setup installs")
				}
				t.Skip("not installed: ", argv[0])
			}
			more := func(st *sandbox.Stage) { st.Memory, st.CPU = 1<<30, 20*time.Second }
			x := open(t, s, more, argv...)
			x.waits(true)
			x.typeIn("Ada\n")
			x.see(x.out, "hello Ada\r\n")
			if o := x.end(); o.Code != 0 {
				t.Errorf("%+v", o.Result)
			}
			x.waits(false)
			waitingOnPipe(t, s, more, argv)
		})
	}
}

func waitingOnPipe(t *testing.T, s *sandbox.Sandbox, more func(*sandbox.Stage), argv []string) {
	t.Helper()
	r, w := pipe(t)
	o := run(t, s, func(st *sandbox.Stage) {
		more(st)
		st.Stdin = r
		st.OnWaiting = func(yes bool) {
			if yes {
				_, _ = w.WriteString("Ada\n")
			} else {
				w.Close()
			}
		}
	}, argv...)
	if o.Code != 0 || !strings.Contains(o.out, "hello Ada\n") {
		t.Errorf("with a pipe: %+v", o)
	}
}

// TestNotWaiting has programs that do not wait for input, whatever they do meanwhile.
func TestNotWaiting(t *testing.T) {
	s := start(t, sandbox.Config{})
	for name, script := range map[string]string{
		"busy":         "import time\nend = time.time() + .4\nwhile time.time() < end: pass",
		"asleep":       "import time; time.sleep(.4)",
		"reads a pipe": "import os, threading, time\nr, w = os.pipe()\nthreading.Timer(.4, os.write, (w, b'x')).start()\nos.read(r, 1)",
		"busy thread":  "import threading, time, os\ndef f():\n  end = time.time() + .4\n  while time.time() < end: pass\n  os._exit(0)\nthreading.Thread(target=f).start()\ninput()",
	} {
		t.Run(name, func(t *testing.T) {
			x := open(t, s, nil, "python3", "-c", script)
			if o := x.end(); o.Code != 0 || len(x.waiting) > 0 {
				t.Errorf("waiting %d times, %+v, %q", len(x.waiting), o.Result, x.out)
			}
		})
	}
}

// compile makes a C program, which cells find when they are given it as a tree.
func compile(t *testing.T, source string) string {
	t.Helper()
	dir := cellsDir(t)
	if err := os.WriteFile(filepath.Join(dir, "p.c"), []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "p")
	if text, err := exec.Command("gcc", "-static", "-pthread", "-o", out, filepath.Join(dir, "p.c")).CombinedOutput(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("there is no C compiler, which make setup installs")
		}
		t.Skipf("no C compiler: %v %s", err, text)
	}
	return out
}
