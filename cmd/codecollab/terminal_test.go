package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"codecollab.dev/bench/syncclient"
	"codecollab.dev/internal/wire"
)

// terminal is a run with a terminal.
func (w *person) terminal() int64 {
	w.t.Helper()
	return w.runAs(&wire.Run{Language: "python", Terminal: &wire.Size{Rows: 24, Cols: 80}})
}

func (w *person) types(run int64, keys string) { w.Send(&wire.Input{Run: run, Data: keys}) }

// sees waits until the output ends with something, where line ends are those of a terminal.
func (w *person) sees(text string) {
	w.t.Helper()
	w.until(fmt.Sprintf("%q is seen", text), func() bool { return strings.HasSuffix(w.output.String(), text) })
}

func (w *person) state(state string) {
	w.t.Helper()
	w.until("it is "+state, func() bool { return len(w.states) > 0 && w.states[len(w.states)-1] == state })
}

// me is the name by which marks call this person.
func (w *person) me() (id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.id
}

func (p *program) pair() (ann, ben *person, room string) {
	p.t.Helper()
	room, token := p.room("python")
	_, other := p.room("python")
	return p.join(room, token, "annannann"), p.join(room, other, "benbenben"), room
}

// A program asks; one presses Run, the other answers, and both see the same.
func TestTwoPeopleOneTerminal(t *testing.T) {
	p := start(t, "")
	ann, ben, room := p.pair()
	ann.set("print('Hello, ' + input('Name? '))\nprint('Bye, ' + input('And yours? '))\n")
	run := ann.terminal()
	for _, who := range []*person{ann, ben} {
		who.sees("Name? ")
		who.state("waiting")
	}
	ben.types(run, "Be")
	ann.sees("Name? Be")
	_, third := p.room("python")
	late := p.join(room, third, "latelatelate")
	late.until("who comes late is told of the run", func() bool { return len(late.live) == 1 })
	l, all := late.live[0], "" // Python writes prompts to the standard error when there is a terminal
	for _, c := range l.Output {
		all += c.Stream + ":" + c.Data + "|"
	}
	if l.Terminal == nil || l.Terminal.Cols != 80 || all != "stderr:Name? |typed:"+ben.me()+"\n|stdout:Be|" {
		t.Errorf("who comes late is told %q, %+v", all, l.Terminal)
	}
	ann.types(run, "n\r")
	late.sees("n\r\nHello, Ben\r\nAnd yours? ")
	ann.types(run, "Ann\r")
	f := ann.finish(run)
	all = ""
	marks := ""
	for _, c := range f.Output {
		if c.Stream == "typed" {
			marks += c.Data
		} else {
			all += c.Data
		}
	}
	if f.Outcome != "exited" || *f.Code != 0 || all != "Name? Ben\r\nHello, Ben\r\nAnd yours? Ann\r\nBye, Ann\r\n" {
		t.Errorf("%+v\n%q", f, all)
	}
	if want := ben.me() + "\n" + ann.me() + "\n" + ann.me() + "\n"; marks != want {
		t.Errorf("the result has the marks %q, want %q", marks, want)
	}
	ann.find("the log knows who typed", func(e *wire.Event) bool {
		who, ok := e.Body.Payload.(*wire.Person)
		return ok && who.Person == ben.me() && who.Name == "benbenben"
	})
	ben.types(run, "x")
	ben.until("it is over", func() bool { return len(ben.errors) > 0 && ben.errors[0] == "no_run" })
}

func TestKeysThatMean(t *testing.T) {
	p := start(t, "")
	ann, ben, _ := p.pair()
	t.Run("Ctrl+C", func(t *testing.T) {
		ann.set("import time\nprint('go', flush=True)\ntime.sleep(60)\n")
		run := ann.terminal()
		ben.sees("go\r\n")
		ben.types(run, "\x03")
		if f := ann.finish(run); f.Outcome != "signal" && (f.Code == nil || *f.Code == 0) || f.Wall > 30_000 {
			t.Errorf("%+v", f)
		}
	})
	t.Run("Ctrl+D", func(t *testing.T) {
		ann.set("import sys\nprint('in?', flush=True)\nprint(len(sys.stdin.read()))\n")
		run := ann.terminal()
		ben.sees("in?\r\n")
		ben.types(run, "abc\r")
		ben.types(run, "\x04")
		ben.sees("4\r\n")
		if f := ann.finish(run); f.Outcome != "exited" || *f.Code != 0 {
			t.Errorf("%+v", f)
		}
	})
	t.Run("a password", func(t *testing.T) {
		ann.set("import getpass\nprint(len(getpass.getpass('Password: ')))\n")
		run := ann.terminal()
		ben.until("it asks", func() bool { return strings.Contains(ben.output.String(), "Password: ") })
		ben.types(run, "hunter2\r")
		f := ann.finish(run)
		all := fmt.Sprintf("%+v", f) + ben.printed()
		if !strings.Contains(all, "7\r\n") || strings.Contains(all, "hunter") {
			t.Errorf("%+v", f)
		}
	})
	t.Run("a size", func(t *testing.T) {
		ann.set("import os\nprint(*os.get_terminal_size(), flush=True)\ninput()\nprint(*os.get_terminal_size())\n")
		run := ann.terminal()
		ben.sees("80 24\r\n")
		ben.Send(&wire.Resize{Run: run, Rows: 9, Cols: 9}) // not ben's run
		ann.Send(&wire.Resize{Run: run, Rows: 40, Cols: 132})
		ben.until("the size is told", func() bool { return len(ben.sizes) > 0 })
		ann.types(run, "\r")
		ben.sees("132 40\r\n")
		if len(ben.sizes) != 1 || ben.sizes[0] != (wire.Size{Rows: 40, Cols: 132}) {
			t.Errorf("%v", ben.sizes)
		}
		ann.finish(run)
	})
	t.Run("stopped while it waits", func(t *testing.T) {
		ann.set("input('? ')\n")
		run := ann.terminal()
		ann.state("waiting")
		ben.Send(&wire.Stop{Run: run})
		if f := ann.finish(run); f.Outcome != "stopped" || f.By != ben.me() {
			t.Errorf("%+v", f)
		}
	})
}

// What a program leaves comes back, and a browser is told to be careful with it.
func TestFilesComeBack(t *testing.T) {
	p := start(t, "")
	ann, _, room := p.pair()
	ann.set("import os\nos.mkdir('d')\nopen('d/a b.csv', 'w').write('x,y\\n')\nopen('p.html', 'w').write('<script>1</script>')\n" +
		"open('i.png', 'wb').write(b'\\x89PNG\\r\\n\\x1a\\n' + bytes(20))\nos.symlink('/etc/passwd', 'link.txt')\n")
	run := ann.run("python")
	f := ann.finish(run)
	if got := fmt.Sprint(f.Files); got != "[{d/a b.csv text/csv 4} {i.png image/png 28} {p.html text/html 18}]" {
		t.Errorf("%s %v", got, f.Skipped)
	}
	get := func(path string) (string, http.Header) {
		t.Helper()
		id, key := syncclient.Address(room)
		req, err := http.NewRequestWithContext(t.Context(), "GET", fmt.Sprintf("%s/api/v1/rooms/%s/runs/%d/files/%s", p.url(), id, run, path), nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Room-Key", key)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		data, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(data), resp.Header
	}
	if data, h := get("d/a%20b.csv"); data != "x,y\n" || h.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Errorf("%q %v", data, h)
	}
	p.restart()
	if data, h := get("p.html"); data != "<script>1</script>" || !strings.HasPrefix(h.Get("Content-Type"), "text/plain") {
		t.Errorf("after a restart: %q %v", data, h)
	}
}

// Of a program that floods, the server's memory does not grow, and the room goes on.
func TestAFloodLeavesTheRoomUsable(t *testing.T) {
	p := start(t, "", "--run-timeout", "6s")
	ann, ben, _ := p.pair()
	ann.set("import sys\nwhile True: sys.stdout.write('y\\n' * 1000)\n")
	run := ann.run("python")
	ann.until("it floods", func() bool { return ann.output.Len() > 200<<10 })
	before := residentKiB(t, p.cmd.Process.Pid)
	var slowest time.Duration
	for i := range 40 {
		began := time.Now()
		ben.append(fmt.Sprintf("# %d\n", i))
		ben.settle()
		slowest = max(slowest, time.Since(began))
	}
	f := ann.finish(run)
	after := residentKiB(t, p.cmd.Process.Pid)
	t.Logf("%+v; %d → %d KiB; the slowest of 40 edits took %v; %d bytes were seen", f.Outcome, before, after, slowest, ann.output.Len())
	if f.Outcome != "timeout" && f.Outcome != "output" && f.Outcome != "cpu" || f.Omitted == 0 {
		t.Errorf("%s: %s, %d left out", f.Outcome, f.Message, f.Omitted)
	}
	if after > before+32<<10 {
		t.Errorf("the server has grown from %d to %d KiB", before, after)
	}
	ann.mu.Lock()
	defer ann.mu.Unlock()
	if ann.output.Len() > 1<<20 {
		t.Errorf("%d bytes were sent while it ran", ann.output.Len())
	}
}

// residentKiB is the memory of a process, without its children.
func residentKiB(t *testing.T, pid int) int {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(data), "VmRSS:")
	var n int
	if _, err := fmt.Sscan(rest, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// How long it takes from pressing Run until the first byte of a prompt is with somebody else, when nothing is queued. It is
// measured and told, not judged: machines differ.
func TestFirstPrompt(t *testing.T) {
	p := start(t, "")
	ann, ben, _ := p.pair()
	ann.set("input('Name? ')\n")
	ann.settle()
	var all []time.Duration
	for range 12 {
		ben.mu.Lock()
		ben.output.Reset()
		ben.mu.Unlock()
		began := time.Now()
		run := ann.terminal()
		ben.sees("Name? ")
		all = append(all, time.Since(began).Round(100*time.Microsecond))
		ann.types(run, "x\r")
		ann.finish(run)
	}
	slices.Sort(all)
	t.Logf("median %v, fastest %v, slowest %v (the first one waits for the runner to start)", all[len(all)/2], all[0], all[len(all)-1])
}
