package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// hostRunner is a running "codecollab runner", as on a host of its own.
type hostRunner struct {
	cmd *exec.Cmd
	url string
}

func startRunnerHost(t *testing.T) *hostRunner {
	t.Helper()
	cmd := exec.Command(os.Args[0], "runner", "--addr", "127.0.0.1:0", "--runner-data", cacheDir(t))
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	h := &hostRunner{cmd: cmd}
	listening := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			if _, addr, ok := strings.Cut(lines.Text(), "addr="); ok {
				select {
				case listening <- strings.Fields(addr)[0]:
				default:
				}
			}
		}
	}()
	t.Cleanup(h.kill)
	select {
	case addr := <-listening:
		h.url = "http://" + addr
	case <-time.After(patience):
		t.Fatal("the runner does not start")
	}
	return h
}

// kill is SIGKILL.
func (h *hostRunner) kill() {
	_ = h.cmd.Process.Kill()
	_ = h.cmd.Wait() // the second time it has been waited for
}

func writeSettings(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (p *program) says(what string) {
	p.t.Helper()
	deadline := time.Now().Add(patience)
	for !strings.Contains(p.said(), what) {
		if time.Now().After(deadline) {
			p.t.Fatalf("it never says %q", what)
		}
		time.Sleep(10 * time.Millisecond) // a log does not tell when it grows
	}
}

// A runner dies in the middle of a run: the run finishes on the other, as its second attempt. A host is added without a restart,
// and a mistake in the file changes nothing.
func TestRunnerHosts(t *testing.T) {
	first, second := startRunnerHost(t), startRunnerHost(t)
	file := filepath.Join(t.TempDir(), "settings.toml")
	writeSettings(t, file, fmt.Sprintf("runner-url = %q\n", first.url))
	p := start(t, "", "--config", file)
	ann, _, _ := p.pair()
	ann.set("print('one')\n")
	if f := ann.finish(ann.run("python")); f.Outcome != "exited" {
		t.Fatalf("on the first host: %+v", f)
	}

	writeSettings(t, file, "runner-url = 7 8\n")
	p.says("have a mistake")
	writeSettings(t, file, fmt.Sprintf("runner-url = %q\nroom-max-people = 7\n", first.url+", "+second.url))
	p.says("in force\" settings=runner-url")
	p.says("need a restart\" settings=room-max-people")

	// The first host is the one that has nothing to do; so it may get this, or the second.
	ann.set("import time\nprint('begun', flush=True)\ntime.sleep(3)\nprint('done')\n")
	run := ann.run("python")
	ann.until("it runs", func() bool { return strings.Contains(ann.output.String(), "begun") })
	busy, idle := first, second
	if !hasGrandchild(t, first.cmd.Process.Pid, "/main.py") {
		busy, idle = second, first
	}
	busy.kill()
	f := ann.finish(run)
	if f.Outcome != "exited" || f.Output[0].Data != "begun\ndone\n" {
		t.Errorf("after its runner died: %+v", f)
	}
	p.says("a runner fails and is avoided")
	if n := strings.Count(p.said(), "msg=\"run failed\""); n != 1 {
		t.Errorf("%d attempts failed", n)
	}
	for range 3 {
		ann.set("print('again')\n")
		if f := ann.finish(ann.run("python")); f.Outcome != "exited" {
			t.Errorf("on the host that is left: %+v", f)
		}
	}
	idle.kill()

	// SIGHUP asks for the same.
	writeSettings(t, file, "runner-url = \"own\"\n")
	p.signal(syscall.SIGHUP)
	ann.set("print('own')\n")
	p.says("SIGHUP asks")
	if f := ann.finish(ann.run("python")); f.Outcome != "exited" {
		t.Errorf("on a runner of its own: %+v", f)
	}
}

func hasGrandchild(t *testing.T, pid int, command string) bool {
	t.Helper()
	for _, kid := range childrenOf(t, pid) {
		if strings.Contains(commandLine(kid), strings.TrimPrefix(command, "/")) {
			return true
		}
	}
	return false
}
