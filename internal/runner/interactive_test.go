package runner_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"codecollab.dev/internal/runner"
)

func (c *client) types(text string) {
	c.t.Helper()
	c.say(object{"type": "data", "stream": "stdin", "data": text})
}

// prints reads until all of the words have come on any stream, and gives what came.
func (c *client) prints(word string) string {
	c.t.Helper()
	out := ""
	c.until(func(m message) bool {
		out += m.Data
		return strings.Contains(out, word)
	})
	return out
}

// waits reads until the program waits, or no longer does, and gives what it printed before.
func (c *client) waits(want bool) (out, errs string) {
	c.t.Helper()

	var m message
	m, out = c.until(func(m message) bool {
		if m.Stream == "stderr" {
			errs += m.Data
		}
		return m.Type == "waiting"
	})
	if m.Waiting != want {
		c.t.Fatalf("waiting: %v, want %v", m.Waiting, want)
	}
	return out, errs
}

func TestTerminal(t *testing.T) {
	s, url := serve(t, runner.Options{StreamMax: 100_000, KeepOutput: 2000})
	if _, err := s.Report(t.Context()); err != nil {
		t.Fatal(err)
	}
	pty := func() object { return object{"pty": true, "rows": 30, "cols": 100} }
	t.Run("a conversation", func(t *testing.T) {
		c := dial(t, url)
		c.say(initial("python", "import sys,os\nprint(sys.stdin.isatty(), os.get_terminal_size().lines, os.get_terminal_size().columns, os.environ['TERM'])\n"+
			"name = input('Who? ')\nprint('Hello,', name)\nprint('bye', file=sys.stderr)", pty()))
		if out := c.prints("Who? "); out != "True 30 100 xterm-256color\r\nWho? " {
			t.Fatalf("%q", out)
		}
		c.types("żółw\n")
		out := c.prints("bye")
		if !strings.Contains(out, "Hello, żółw\r\n") {
			t.Fatalf("%q", out)
		}
		c.ends(4999)
	})
	t.Run("keys", func(t *testing.T) {
		c := dial(t, url)
		c.say(initial("bash", "trap 'echo got it; exit 3' INT; echo ready; while :; do sleep 0.01; done", pty()))
		c.prints("ready")
		c.types("\x03")
		c.prints("got it")
		if m, _ := c.until(exited); m.Code == nil || *m.Code != 3 {
			t.Fatalf("%+v", m)
		}
		c = dial(t, url)
		c.say(initial("bash", "echo ready; cat; echo the end", pty()))
		c.prints("ready")
		c.types("line\n")
		c.prints("line\r\nline\r\n")
		c.types("\x04")
		c.prints("the end")
		c.ends(4999)
	})
	t.Run("end of input", func(t *testing.T) {
		for _, last := range []string{"", "whole\n", "half"} {
			c := dial(t, url)
			c.say(initial("bash", "echo ready; cat | tr a-z A-Z; echo the end", pty()))
			c.prints("ready")
			c.types(last)
			c.say(object{"type": "data", "stream": "stdin", "eof": true})
			if out := c.prints("the end"); !strings.Contains(out, strings.ToUpper(strings.TrimSpace(last))) {
				t.Fatalf("%q", out)
			}
			c.ends(4999)
		}
	})
	t.Run("another size", func(t *testing.T) {
		c := dial(t, url)
		c.say(initial("bash", "trap 'stty size' WINCH; echo ready; while :; do sleep 0.02; done", pty()))
		c.prints("ready")
		c.say(object{"type": "resize", "rows": 11, "cols": 22})
		c.prints("11 22")
		c.say(object{"type": "resize", "rows": 0, "cols": 22})
		if m, _ := c.until(func(m message) bool { return m.Type == "error" }); !strings.Contains(m.Message, "rows and cols must be whole numbers") {
			t.Fatalf("%+v", m)
		}
		c.ends(4002)
	})
	t.Run("a prompt after a flood is seen", func(t *testing.T) {
		c := dial(t, url)
		c.say(initial("bash", "seq 100000; read -p 'more? ' x; echo ok $x", pty()))
		if out := c.prints("more? "); len(out) > 120_000 {
			t.Fatalf("%d bytes, …%q", len(out), out[max(0, len(out)-100):])
		}
		c.types("y\n")
		m, out := c.until(exited)
		if !strings.Contains(out, "ok y") || m.Truncated == nil || m.Truncated.Stdout < 400_000 {
			t.Fatalf("%q %+v", out, m)
		}
	})
	t.Run("an unending flood is seen in pieces", func(t *testing.T) {
		c := dial(t, url)
		c.say(initial("bash", "yes", object{"pty": true, "run_timeout": 3000}))
		m, out := c.until(exited)
		if m.Status != "TO" || len(out) < 101_000 || len(out) > 130_000 || strings.Count(out, "left out") < 2 {
			t.Fatalf("%d bytes with %d gaps, %+v", len(out), strings.Count(out, "left out"), m)
		}
	})
	t.Run("waiting", func(t *testing.T) {
		c := dial(t, url)
		c.say(initial("python", "import time\nname = input('Who? ')\ntime.sleep(0.3)\ninput(name + '? ')", pty()))
		if out, errs := c.waits(true); out+errs != "Who? " {
			t.Fatalf("%q %q", out, errs)
		}
		c.types("you\n")
		c.waits(false)
		if out, errs := c.waits(true); out+errs != "you? " {
			t.Fatalf("%q %q", out, errs)
		}
		c.types("\n")
		c.waits(false)
		c.ends(4999)
	})
	t.Run("waiting without a terminal", func(t *testing.T) {
		c := dial(t, url)
		c.say(initial("bash", "echo -n 'who? '; read x; echo hi $x", object{"interactive": true}))
		if out, _ := c.waits(true); out != "who? " {
			t.Fatalf("%q", out)
		}
		c.types("you\n")
		answer, _ := c.waits(false) // which may come after what the program says, or before
		if _, rest := c.until(exited); answer+rest != "hi you\n" {
			t.Fatalf("%q %q", answer, rest)
		}
	})
	t.Run("whoever asks for nothing is told nothing", func(t *testing.T) {
		c := dial(t, url)
		c.say(initial("bash", "echo x >a.png; read x; echo hi $x", nil))
		c.types("you\n")
		c.until(func(m message) bool {
			if m.Type == "waiting" || m.Type == "file" {
				t.Fatalf("%+v", m)
			}
			return exited(m)
		})
		c.ends(4999)
	})
	for want, more := range map[string]object{
		"pty must be true or false":                           {"pty": 1},
		"interactive must be true or false":                   {"interactive": "yes"},
		"collect must be true or false":                       {"collect": object{}},
		"rows and cols must be whole numbers from 1 to 1000":  {"pty": true, "rows": "24"},
		"rows and cols must be whole numbers from 1 to 1000 ": {"pty": true, "cols": 1e6},
	} {
		c := dial(t, url)
		c.say(initial("bash", "", more))
		if m, _ := c.next(); m.Message != strings.TrimSpace(want) {
			t.Errorf("%v: %+v", more, m)
		}
	}
}

// TestMuchInput: more than is kept for the program waits in the network, and all of it arrives.
func TestMuchInput(t *testing.T) {
	s, url := serve(t, runner.Options{StreamMax: 100_000})
	if _, err := s.Report(t.Context()); err != nil {
		t.Fatal(err)
	}
	c := dial(t, url)
	c.say(initial("bash", "sleep 0.3; wc -c", nil))
	go func() {
		for range 100 {
			c.types(strings.Repeat("x", 50_000))
		}
		c.say(object{"type": "data", "stream": "stdin", "eof": true})
	}()
	if _, out := c.until(exited); strings.TrimSpace(out) != "5000000" {
		t.Fatalf("%q", out)
	}
	c.ends(4999)

	t.Run("that nobody reads", func(t *testing.T) {
		c := dial(t, url)
		c.say(initial("bash", "sleep 0.5; echo bye", nil))
		go func() {
			for range 50 {
				if c.ws.Write(t.Context(), websocket.MessageText, []byte(`{"type":"data","stream":"stdin","data":"`+strings.Repeat("x", 50_000)+`"}`)) != nil {
					return
				}
			}
		}()
		if _, out := c.until(exited); out != "bye\n" {
			t.Fatalf("%q", out)
		}
	})
	t.Run("to execute", func(t *testing.T) {
		if r := ok(t, url, program("bash", "wc -c", object{"stdin": strings.Repeat("x", 5_000_000)})); strings.TrimSpace(r.Stdout) != "5000000" {
			t.Fatalf("%q", r.Stdout)
		}
		ok(t, url, program("bash", "exec <&-; sleep 0.1", object{"stdin": strings.Repeat("x", 5_000_000)}))
	})
}

const leaves = `mkdir plots .hidden
printf '\211PNG\r\n' >plots/a.png
echo 1,2 >b.csv
printf '<b>hi</b>' >c.html
echo no >d.o; echo no >.hidden/e.txt; echo no >given.txt.bak
ln -s /etc/passwd f.txt; mkfifo g.txt
head -c 100000 /dev/zero >big.json
`

func TestCollect(t *testing.T) {
	s, url := serve(t, runner.Options{CollectBytes: 50_000})
	if _, err := s.Report(t.Context()); err != nil {
		t.Fatal(err)
	}
	check := func(t *testing.T, files []file, skipped []string) {
		t.Helper()
		want := map[string]string{"b.csv": "1,2\n", "c.html": "<b>hi</b>", "plots/a.png": "\x89PNG\r\n"}
		for _, f := range files {
			data, err := base64.StdEncoding.DecodeString(f.Content)
			if err != nil || string(data) != want[f.Name] || f.Size != len(data) || f.Encoding != "base64" {
				t.Errorf("%+v", f)
			}
			delete(want, f.Name)
		}
		if len(want) > 0 {
			t.Errorf("not given back: %v", want)
		}
		if len(skipped) == 0 || !strings.Contains(strings.Join(skipped, "\n"), "big.json: ") {
			t.Errorf("skipped: %q", skipped)
		}
	}
	request := func() object {
		return object{"collect": true, "files": []object{{"content": leaves}, {"name": "given.txt", "content": "unchanged"}}}
	}
	t.Run("execute", func(t *testing.T) {
		code, a := post(t, url, program("bash", "", request()))
		if code != 200 {
			t.Fatalf("%d %s", code, a.Message)
		}
		check(t, a.Files, a.Skipped)
	})
	t.Run("connect", func(t *testing.T) {
		c := dial(t, url)
		c.say(initial("bash", "", request()))
		c.until(exited)
		var files []file
		var skipped []string
		for {
			m, code := c.next()
			if code == 4999 {
				break
			}
			switch m.Type {
			case "file":
				files = append(files, file{m.Name, m.Size, m.Encoding, m.Content})
			case "skipped":
				skipped = append(skipped, m.Names...)
			default:
				t.Fatalf("%d %+v", code, m)
			}
		}
		check(t, files, skipped)
	})
	t.Run("what was written before a timeout", func(t *testing.T) {
		_, a := post(t, url, program("bash", "echo 1 >a.csv; while :; do :; done", object{"collect": true, "run_timeout": 500}))
		if a.Run.Verdict == "" || len(a.Files) != 1 || a.Files[0].Name != "a.csv" {
			t.Errorf("%+v %+v", a.Run, a.Files)
		}
	})
	t.Run("not asked for", func(t *testing.T) {
		if _, a := post(t, url, program("bash", leaves, nil)); a.Files != nil || a.Skipped != nil {
			t.Errorf("%+v", a)
		}
	})
}

// TestOrphans: what becomes of a program whose client has gone.
func TestOrphans(t *testing.T) {
	for _, finish := range []bool{false, true} {
		t.Run(fmt.Sprint("finish ", finish), func(t *testing.T) {
			s, url := serve(t, runner.Options{Finish: finish, Concurrency: 1})
			if _, err := s.Report(t.Context()); err != nil {
				t.Fatal(err)
			}
			c := dial(t, url)
			c.say(initial("bash", "echo ready; sleep $1; read x || echo", object{"args": []string{map[bool]string{false: "40", true: "1"}[finish]}, "run_timeout": 60000}))
			c.prints("ready")
			start := time.Now()
			c.ws.CloseNow()
			ok(t, url, program("bash", "true", nil)) // its turn comes when the first is over
			if took := time.Since(start); finish && took < 900*time.Millisecond || took > 30*time.Second {
				t.Errorf("the next one waited %v", took)
			}
		})
	}
}
