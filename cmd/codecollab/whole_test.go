package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"codecollab.dev/bench/syncclient"
	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/text"
	"codecollab.dev/internal/wire"
)

// The main job: two people, one room, one Run.
func TestTwoPeopleOneRoomOneRun(t *testing.T) {
	p := start(t, "")
	room, token := p.room("python")
	ann := p.join(room, token, "annannann")
	_, other := p.room("python") // another guest
	ben := p.join(room, other, "benbenben")

	ann.set("# ann: \n# ben: \nprint('hello ' + 'wörld 😀')\n")
	ann.settle()
	ben.wait("ben sees what ann typed", func(s *syncclient.State) bool { return strings.Contains(s.Files()[0].Text().String(), "wörld 😀") })
	for i := range 20 { // both at once, each at the end of their own line
		ann.edit(insertAfter("# ann: ", fmt.Sprintf("a%d ", i)))
		ben.edit(insertAfter("# ben: ", fmt.Sprintf("b%d ", i)))
	}
	ann.settle()
	ben.settle()
	ann.wait("both have the same", func(s *syncclient.State) bool { return s.Files()[0].Text().String() == ben.text() })
	for i := range 20 {
		if !strings.Contains(ann.text(), fmt.Sprintf("a%d ", i)) || !strings.Contains(ann.text(), fmt.Sprintf("b%d ", i)) {
			t.Errorf("word %d is broken in %q", i, ann.text())
		}
	}
	run := ben.run("python")
	for _, who := range []*person{ann, ben} {
		f := who.finish(run)
		if f.Outcome != "exited" || f.Code == nil || *f.Code != 0 || len(f.Output) != 1 || f.Output[0].Data != "hello wörld 😀\n" {
			t.Errorf("finished %+v", f)
		}
		who.until("the output was streamed", func() bool { return who.output.String() == "hello wörld 😀\n" })
		who.until("its states were told", func() bool { return strings.Contains(strings.Join(who.states, " "), "running") })
	}
}

func insertAfter(mark, s string) func(text.Text) ot.ChangeSet {
	return func(doc text.Text) ot.ChangeSet {
		at := text.Units(doc.String()[:strings.Index(doc.String(), mark)+len(mark)])
		return ot.Replace(doc.Len(), at, at, s)
	}
}

// Nothing that was acknowledged is lost by SIGKILL, and open clients carry on by themselves.
func TestKilledWhileTheyType(t *testing.T) {
	p := start(t, "")
	room, token := p.room("python")
	people := []*person{p.join(room, token, "annannann"), p.join(room, token, "benbenben")}
	people[0].set("")
	people[0].settle()
	for kill := range 5 {
		for i := range 30 {
			for j, w := range people {
				w.append(fmt.Sprintf("<%d:%d:%d>", j, kill, i))
			}
		}
		p.restart()
	}
	for _, w := range people {
		w.settle()
	}
	people[0].wait("both have the same", func(s *syncclient.State) bool { return s.Files()[0].Text().String() == people[1].text() })
	for kill := range 5 {
		for i := range 30 {
			for j := range people {
				if token := fmt.Sprintf("<%d:%d:%d>", j, kill, i); strings.Count(people[0].text(), token) != 1 {
					t.Errorf("%s is there %d times", token, strings.Count(people[0].text(), token))
				}
			}
		}
	}
	for _, w := range people {
		w.With(func(s *syncclient.State) {
			if st := s.Stats(); st.Gaps+st.Doubles+st.Mismatches+st.Resyncs+st.Recovered > 0 {
				t.Errorf("%+v", st)
			}
		})
	}
}

// A run that the server's death interrupts is run again.
func TestKilledWhileAProgramRuns(t *testing.T) {
	p := start(t, "")
	room, token := p.room("python")
	ann := p.join(room, token, "annannann")
	ann.set("import time\nprint('begun', flush=True)\ntime.sleep(1)\nprint('done')\n")
	run := ann.run("python")
	ann.until("it runs", func() bool { return strings.Contains(ann.output.String(), "begun") })
	p.restart()
	if f := ann.finish(run); f.Outcome != "exited" || f.Output[0].Data != "begun\ndone\n" {
		t.Errorf("finished %+v", f)
	}
}

func TestARunIsStopped(t *testing.T) {
	p := start(t, "")
	room, token := p.room("python")
	ann := p.join(room, token, "annannann")
	ann.set("print('for ever', flush=True)\nwhile True: pass\n")
	run := ann.run("python")
	ann.until("it runs", func() bool { return strings.Contains(ann.output.String(), "\n") })
	ann.Send(&wire.Stop{Run: run})
	if f := ann.finish(run); f.Outcome != "stopped" || f.By == "" || f.Output[0].Data != "for ever\n" {
		t.Errorf("finished %+v", f)
	}
}

// Each program that ends badly says how, in words.
func TestHowProgramsEnd(t *testing.T) {
	p := start(t, "", "--run-timeout", "6s", "--run-memory", "64MiB")
	room, token := p.room("python")
	ann := p.join(room, token, "annannann")
	for _, c := range []struct{ program, outcome, message string }{
		{"raise SystemExit(3)", "exited", ""},
		{"import os; os.kill(os.getpid(), 11)", "signal", ""},
		{"import time; time.sleep(60)", "timeout", "6"},
		{"x = 'x' * (1 << 30)", "memory", "64"},
	} {
		ann.set(c.program)
		f := ann.finish(ann.run("python"))
		if f.Outcome != c.outcome || !strings.Contains(f.Message, c.message) {
			t.Errorf("%s: %+v", c.program, f)
		}
	}
}

// With a full disk the room is read-only and says so; what was acknowledged stays, and what is typed is sent later.
func TestAFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=6m"); err != nil {
		t.Skipf("a small file system cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	p := start(t, dir)
	room, token := p.room("python")
	ann := p.join(room, token, "annannann")
	ann.set("kept")
	ann.settle()
	balloon := filepath.Join(dir, "balloon")
	fillDisk(t, balloon)
	ann.append(strings.Repeat("x", 200_000))
	ann.until("the room is read-only", func() bool { return len(ann.able) > 0 && !ann.able[0].OK && ann.able[0].Reason != "" })
	ben := p.join(room, token, "benbenben")
	if got := ben.text(); got != "kept" {
		t.Errorf("in a full room there is %.40q", got)
	}
	if err := os.Remove(balloon); err != nil {
		t.Fatal(err)
	}
	ann.settle()
	ann.until("the room is writable", func() bool { return ann.able[len(ann.able)-1].OK })
	ben.wait("what was typed meanwhile has come", func(s *syncclient.State) bool { return s.Files()[0].Text().Len() == 200_004 })
}

func fillDisk(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 64 << 10; size >= 1<<10; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
}

func TestASecondServerOnTheSameFolder(t *testing.T) {
	p := start(t, "")
	out, err := exec.Command(os.Args[0], "serve", "--addr", "127.0.0.1:0", "--data", p.data).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "in use by another CodeCollab server") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestAPlannedStopLeavesNothing(t *testing.T) {
	p := start(t, "")
	room, token := p.room("python")
	ann := p.join(room, token, "annannann")
	ann.set("import time\nprint('x', flush=True)\ntime.sleep(600)\n")
	ann.run("python")
	ann.until("it runs", func() bool { return ann.output.Len() > 0 })
	children := childrenOf(t, p.cmd.Process.Pid)
	if len(children) == 0 {
		t.Fatal("there is no runner")
	}
	p.signal(syscall.SIGTERM)
	if code := p.exit(); code != 0 {
		t.Errorf("exit status %d\n%s", code, p.said())
	}
	for _, pid := range children {
		if alive(pid) {
			t.Errorf("process %d is left: %s", pid, commandLine(pid))
		}
	}
}

// However the server dies, its runner and the programs go too.
func TestAKilledServerLeavesNothing(t *testing.T) {
	p := start(t, "")
	room, token := p.room("python")
	ann := p.join(room, token, "annannann")
	ann.set("import time\nprint('x', flush=True)\ntime.sleep(600)\n")
	ann.run("python")
	ann.until("it runs", func() bool { return ann.output.Len() > 0 })
	children := childrenOf(t, p.cmd.Process.Pid)
	p.kill()
	deadline := time.Now().Add(patience)
	for _, pid := range children {
		for alive(pid) {
			if time.Now().After(deadline) {
				t.Fatalf("process %d is left: %s", pid, commandLine(pid))
			}
			time.Sleep(10 * time.Millisecond) // nobody tells when somebody else's child ends
		}
	}
}

// childrenOf lists all descendants of a process.
func childrenOf(t *testing.T, pid int) (all []int) {
	t.Helper()
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks {
		data, err := os.ReadFile(task)
		if err != nil {
			continue // a thread that has ended
		}
		for _, field := range bytes.Fields(data) {
			var kid int
			if _, err := fmt.Sscan(string(field), &kid); err != nil {
				t.Fatal(err)
			}
			all = append(append(all, kid), childrenOf(t, kid)...)
		}
	}
	return all
}

func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !bytes.Contains(stat, []byte(") Z "))
}

func commandLine(pid int) string {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return strings.ReplaceAll(string(data), "\x00", " ")
}

func TestCallsThatAreWrong(t *testing.T) {
	for _, c := range []struct {
		args []string
		says string
		code int
	}{
		{[]string{"dance"}, `no command "dance"`, 2},
		{[]string{"serve", "--adr", ":1"}, "--addr", 1},
		{[]string{"serve", "--room-max-people", "0"}, "room-max-people", 1},
		{[]string{"runner", "--addr", "0.0.0.0:0"}, "token", 1},
		{[]string{"bench", "dance"}, "bench sync", 1},
	} {
		var out, errs bytes.Buffer
		code := command(t.Context(), c.args, nil, &out, &errs)
		if code != c.code || !strings.Contains(errs.String(), c.says) {
			t.Errorf("%v: exit %d, %s", c.args, code, errs.String())
		}
	}
	var out bytes.Buffer
	if code := command(t.Context(), []string{"version"}, nil, &out, &out); code != 0 || !strings.HasPrefix(out.String(), "codecollab ") {
		t.Errorf("version: %d %s", code, out.String())
	}
}
