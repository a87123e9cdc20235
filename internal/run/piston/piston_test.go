package piston

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/run"
	"codecollab.dev/internal/wire"
)

func TestRuntimes(t *testing.T) {
	c := start(t, &fake{token: "secret"})
	got, err := c.Runtimes(t.Context())
	if err != nil || len(got) != 2 || got[0].Language != "python" || got[0].Version != "3.12.0" || got[0].Aliases[0] != "py" {
		t.Errorf("%+v %v", got, err)
	}
	c.token = func() string { return "wrong" }
	if _, err := c.Runtimes(t.Context()); err == nil || !strings.Contains(err.Error(), "bearer token") {
		t.Error(err)
	}
	if _, err := c.Execute(t.Context(), program(), func(run.Event) {}); err == nil {
		t.Error("that is for whoever runs the server, not a result")
	}
}

// The conversation of docs/api-v2.md, with a server that says no more than Piston does.
func TestPistonsOwnConversation(t *testing.T) {
	c := start(t, &fake{connect: func(c *conversation) {
		got, _ := json.Marshal(c.init)
		want := `{"args":["a","b"],"files":[{"content":"print(1)","name":"main.py"},{"content":"x = 1","name":"other.py"}],` +
			`"language":"python","type":"init","version":"*"}`
		if string(got) != want {
			t.Errorf("%s", got)
		}
		c.say(runtime, `{"type": "stage", "stage": "compile"}`, `{"type": "data", "stream": "stderr", "data": "warning"}`,
			`{"type": "exit", "stage": "compile", "code": 0, "signal": null}`, running, hello, `{"type": "exit", "stage": "run", "code": 3, "signal": null}`)
		c.done()
	}})
	var h heard
	f, err := c.Execute(t.Context(), program(), h.on)
	if err != nil || f.Outcome != "exited" || *f.Code != 3 || f.Stage != "run" || f.Message != "" {
		t.Errorf("%+v %v", f, err)
	}
	if h.String() != "<compiling> stderr:warning <running> stdout:hello" {
		t.Error(h)
	}
}

func TestOurRunnerTakesInputOverConnect(t *testing.T) {
	c := start(t, &fake{ours: true, connect: func(c *conversation) {
		c.say(runtime, running)
		m := c.hear()
		if m["type"] != "data" || m["stream"] != "stdin" || m["eof"] != true {
			t.Errorf("%v", m)
		}
		c.say(fmt.Sprintf(`{"type": "data", "stream": "stdout", "data": %q}`, m["data"]), exit0)
		c.done()
	}})
	p := program()
	p.Stdin = "żółw\n"
	var h heard
	if f, err := c.Execute(t.Context(), p, h.on); err != nil || f.Outcome != "exited" || h.String() != "<running> stdout:żółw\n" {
		t.Errorf("%+v %v %s", f, err, &h)
	}
}

// Piston never ends the input of /connect, so a program with an input goes through /execute there.
func TestPistonTakesInputOverExecute(t *testing.T) {
	var tried atomic.Bool
	c := start(t, &fake{
		connect: func(*conversation) { tried.Store(true) },
		execute: func(w http.ResponseWriter, r *http.Request) {
			var in map[string]any
			if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in["stdin"] != "in" || in["type"] != nil {
				t.Errorf("%v %v", in, err)
			}
			fmt.Fprint(w, `{"language": "python", "version": "3.12.0", "run": {"stdout": "out", "stderr": "err", "output": "outerr", "code": 0,
				"signal": null, "message": null, "status": null, "cpu_time": 8.000001, "wall_time": 154.6, "memory": 1160000}}`)
		},
	})
	p := program()
	p.Stdin = "in"
	var h heard
	f, err := c.Execute(t.Context(), p, h.on)
	if err != nil || f.Outcome != "exited" || f.CPU != 8 || f.Wall != 155 || f.Memory != 1160000 {
		t.Errorf("%+v %v", f, err)
	}
	if h.String() != "<running> stdout:out stderr:err" || tried.Load() {
		t.Error(h)
	}
}

func TestWithoutConnect(t *testing.T) {
	for _, c := range []struct{ name, answer, stage, outcome, heard string }{
		{"compiles", `{"compile": {"stderr": "w", "code": 0}, "run": {"stdout": "x", "code": 1, "status": "RE", "message": "Exited with error status 1"}}`,
			"run", "exited", "<running> <compiling> stderr:w <running> stdout:x"},
		{"does not compile", `{"compile": {"stderr": "e", "code": 1}, "run": {"stderr": "e", "code": 1}}`, "compile", "exited", "<running> <compiling> stderr:e"},
		{"compiles for ever", `{"compile": {"code": null, "signal": "SIGKILL", "status": "TO"}}`, "compile", "timeout", "<running> <compiling>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := start(t, &fake{execute: func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, c.answer) }})
			var h heard
			f, err := client.Execute(t.Context(), program(), h.on)
			if err != nil || f.Stage != c.stage || f.Outcome != c.outcome || h.String() != c.heard {
				t.Errorf("%+v %v %s", f, err, &h)
			}
		})
	}
	t.Run("no result", func(t *testing.T) {
		client := start(t, &fake{execute: func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{}`) }})
		if f, err := client.Execute(t.Context(), program(), func(run.Event) {}); err == nil {
			t.Errorf("%+v", f)
		}
	})
}

func TestHowItEnds(t *testing.T) {
	for _, c := range []struct{ name, exit, outcome, message string }{
		{"well", `"code": 0`, "exited", ""},
		{"badly", `"code": 1, "status": "RE", "message": "Exited with error status 1"`, "exited", ""},
		{"a signal", `"code": null, "signal": "SIGSEGV", "status": "SG", "message": "Caught fatal signal 11 (SIGSEGV)"`, "signal", "Caught fatal signal 11 (SIGSEGV)."},
		{"a signal, of Piston", `"code": null, "signal": "SIGKILL"`, "signal", "The program was ended by SIGKILL; the runner does not say whether for a limit."},
		{"time", `"code": null, "signal": "SIGKILL", "status": "TO", "verdict": "wall", "message": "Time limit of 10 s exceeded (wall clock)", "wall_time": 10012`,
			"timeout", "Time limit of 10 s exceeded (wall clock)."},
		{"time, of Piston", `"code": null, "signal": "SIGKILL", "status": "TO", "message": "Time limit exceeded (wall clock)", "wall_time": 3012.5`, "timeout", "Timed out after 3 s."},
		{"CPU", `"code": null, "signal": "SIGKILL", "status": "TO", "verdict": "cpu", "message": "Time limit of 10 s exceeded (CPU time)"`, "cpu", "Time limit of 10 s exceeded (CPU time)."},
		{"memory", `"code": null, "signal": "SIGKILL", "status": "SG", "verdict": "memory", "message": "Memory limit of 256 MiB exceeded"`, "memory", "Memory limit of 256 MiB exceeded."},
		{"output", `"code": null, "signal": "SIGKILL", "status": "OL", "verdict": "output", "message": "Output limit exceeded: stdout has no end"`, "output", "Output limit exceeded: stdout has no end."},
		{"output, of Piston", `"code": null, "signal": "SIGKILL", "status": "EL", "message": "stderr length exceeded"`, "output", "Stderr length exceeded."},
		{"processes", `"code": 1, "status": "RE", "verdict": "tasks", "message": "Limit of 64 processes and threads reached"`, "exited", "Limit of 64 processes and threads reached."},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := start(t, &fake{ours: true, connect: func(s *conversation) {
				s.say(runtime, running, `{"type": "exit", "stage": "run", `+c.exit+`, "truncated": {"stdout": 3, "stderr": 4}}`)
				s.done()
			}})
			f, err := client.Execute(t.Context(), program(), func(run.Event) {})
			if err != nil || f.Outcome != c.outcome || f.Message != c.message || f.Omitted != 7 {
				t.Errorf("%+v %v", f, err)
			}
		})
	}
	t.Run("the server's own fault", func(t *testing.T) {
		client := start(t, &fake{execute: func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"run": {"code": null, "status": "XX", "message": "isolate: no space left"}}`)
		}})
		if f, err := client.Execute(t.Context(), program(), func(run.Event) {}); codecollab.CodeOf(err) != "runner_failed" {
			t.Errorf("%+v %v", f, err)
		}
	})
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct{ said, want string }{
		{"python-* runtime is unknown", "The runner does not have the language “python”. Whoever looks after the server can install it."},
		{"files must include at least one utf8 encoded file", "The runner does not take this program: files must include at least one utf8 encoded file."},
	} {
		over := map[string]*fake{
			"connect": {connect: func(s *conversation) {
				s.say(fmt.Sprintf(`{"type": "error", "message": %q}`, c.said))
				_ = s.ws.Close(4002, "Notified Error")
			}},
			"execute": {execute: func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusBadRequest)
				fmt.Fprintf(w, `{"message": %q}`, c.said)
			}},
		}
		for name, f := range over {
			got, err := start(t, f).Execute(t.Context(), program(), func(run.Event) {})
			if err != nil || got.Outcome != "failed" || got.Message != c.want {
				t.Errorf("%s: %+v %v", name, got, err)
			}
		}
	}
}

func TestServersThatMisbehave(t *testing.T) {
	silent := func(s *conversation) { <-s.ctx.Done() }
	for _, c := range []struct {
		name   string
		code   string // of the error
		fake   fake
		silent bool
	}{
		{name: "vanishes", code: "runner_gone", fake: fake{connect: func(s *conversation) { s.say(runtime, running, hello); _ = s.ws.CloseNow() }}},
		{name: "closes without a result", code: "runner_gone", fake: fake{connect: func(s *conversation) { s.say(runtime, running); s.done() }}},
		{name: "closes between the stages", code: "runner_gone", fake: fake{connect: func(s *conversation) {
			s.say(runtime, `{"type": "exit", "stage": "compile", "code": 0}`)
			s.done()
		}}},
		{name: "talks nonsense", code: "runner_gone", fake: fake{connect: func(s *conversation) { s.say(runtime, `{"type": `) }}},
		{name: "sends another type", code: "runner_gone", fake: fake{connect: func(s *conversation) { s.say(`{"type": "data", "data": 7}`) }}},
		{name: "fails while it runs", code: "runner_failed", fake: fake{connect: func(s *conversation) { s.say(runtime, running, `{"type": "error", "message": "isolate"}`) }}},
		{name: "does not answer any more", code: "runner_gone", silent: true, fake: fake{connect: silent}},
		{name: "is broken", code: "internal", fake: fake{connect: silent, before: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }}},
		{name: "is broken, without /connect", code: "internal", fake: fake{execute: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }}},
		{name: "answers nonsense", code: "internal", fake: fake{execute: func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"run": [`) }}},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := start(t, &c.fake)
			if c.silent {
				client.pingEvery = 20 * time.Millisecond
			}
			f, err := client.Execute(t.Context(), program(), func(run.Event) {})
			if err == nil || codecollab.CodeOf(err) != c.code || errors.Is(err, context.Canceled) {
				t.Errorf("%+v, %v", f, err)
			}
		})
	}
	t.Run("is not there", func(t *testing.T) {
		client := start(t, &fake{})
		client.url = func() (string, error) { return "http://127.0.0.1:1", nil }
		if _, err := client.Execute(t.Context(), program(), func(run.Event) {}); codecollab.CodeOf(err) != "runner_gone" {
			t.Error(err)
		}
	})
	t.Run("takes for ever", func(t *testing.T) {
		client := start(t, &fake{connect: func(s *conversation) { s.ws.CloseRead(s.ctx); <-s.ctx.Done() }})
		client.most = 50 * time.Millisecond
		if _, err := client.Execute(t.Context(), program(), func(run.Event) {}); err == nil {
			t.Error("no error")
		}
	})
}

func TestAFullServerIsAskedAgain(t *testing.T) {
	finish := func(s *conversation) { s.say(runtime, running, exit0); s.done() }
	var handshakes, conversations, posts atomic.Int32
	full := func(w http.ResponseWriter) {
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusTooManyRequests)
	}
	for name, f := range map[string]*fake{
		"handshake": {connect: finish, before: func(w http.ResponseWriter, _ *http.Request) {
			if handshakes.Add(1) == 1 {
				full(w)
			}
		}},
		"conversation": {connect: func(s *conversation) {
			if conversations.Add(1) == 1 {
				s.say(`{"type": "error", "message": "the runner is full", "retry_after": 1}`)
				return
			}
			finish(s)
		}},
		"execute": {execute: func(w http.ResponseWriter, _ *http.Request) {
			if posts.Add(1) == 1 {
				full(w)
				return
			}
			fmt.Fprint(w, `{"run": {"code": 0}}`)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			begun := time.Now()
			got, err := start(t, f).Execute(t.Context(), program(), func(run.Event) {})
			if err != nil || got.Outcome != "exited" || time.Since(begun) < time.Second {
				t.Errorf("%+v %v after %v", got, err, time.Since(begun))
			}
		})
	}
	t.Run("until it is stopped", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		c := start(t, &fake{execute: func(w http.ResponseWriter, _ *http.Request) { full(w); cancel() }})
		if _, err := c.Execute(ctx, program(), func(run.Event) {}); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

func TestStopEndsTheConversation(t *testing.T) {
	left := make(chan struct{})
	c := start(t, &fake{connect: func(s *conversation) {
		s.say(runtime, running)
		for s.hear() != nil {
		}
		close(left)
	}})
	ctx, cancel := context.WithCancel(t.Context())
	_, err := c.Execute(ctx, program(), func(run.Event) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	select {
	case <-left:
	case <-time.After(time.Minute):
		t.Error("the server does not notice, and the program runs on")
	}
}

// A terminal of our runner: what is typed and its size go there, and it says when the program waits, and what it left.
func TestATerminalOfOurRunner(t *testing.T) {
	c := start(t, &fake{ours: true, connect: func(c *conversation) {
		if c.init["pty"] != true || c.init["rows"] != 24.0 || c.init["cols"] != 80.0 || c.init["collect"] != true {
			t.Errorf("%v", c.init)
		}
		c.say(runtime, running, `{"type": "waiting", "waiting": true}`)
		if m := c.hear(); m["type"] != "data" || m["data"] != "a\r\x04" || m["eof"] == true {
			t.Errorf("%v", m)
		}
		c.say(`{"type": "waiting", "waiting": false}`, hello)
		if m := c.hear(); m["type"] != "resize" || m["rows"] != 30.0 || m["cols"] != 90.0 {
			t.Errorf("%v", m)
		}
		c.say(exit0, `{"type": "file", "name": "a.txt", "size": 2, "encoding": "base64", "content": "aGk="}`,
			`{"type": "file", "name": "b.txt", "size": 2, "encoding": "base64", "content": "?"}`,
			`{"type": "skipped", "names": ["big.bin: larger than 2 MiB"]}`)
		c.done()
	}})
	s := newTerminalRun(t, c)
	s.until("<waiting>")
	s.keys("ann", "a\r\x04")
	s.until("stdout:hello")
	s.service.Resize("r", 1, wire.Size{Rows: 30, Cols: 90})
	f := <-s.end
	if f.Outcome != "exited" || len(f.Skipped) != 2 || !strings.HasPrefix(f.Skipped[0], "b.txt: ") || f.Skipped[1] != "big.bin: larger than 2 MiB" {
		t.Errorf("%+v", f)
	}
	if got := s.heard(); got != "<running> <waiting> typed:ann\n <running> stdout:hello file:a.txt=hi" {
		t.Errorf("%q", got)
	}
}

// Piston has no terminals: lines are put together here, and shown.
func TestATerminalWithPiston(t *testing.T) {
	c := start(t, &fake{connect: func(c *conversation) {
		if c.init["pty"] != nil || c.init["collect"] != nil || c.init["rows"] != nil {
			t.Errorf("it is asked for what it does not know: %v", c.init)
		}
		c.say(runtime, running, hello)
		if m := c.hear(); m["type"] != "data" || m["stream"] != "stdin" || m["data"] != "ab\n" || m["eof"] != nil {
			t.Errorf("%v", m)
		}
		if m := c.hear(); m["type"] != "signal" || m["signal"] != "SIGINT" {
			t.Errorf("%v", m)
		}
		c.say(`{"type": "exit", "stage": "run", "code": null, "signal": "SIGINT"}`)
		c.done()
	}})
	s := newTerminalRun(t, c)
	s.until("stdout:hello")
	for _, k := range []string{"a", "x", "\x7f", "b\x1b\x04", "\r", "zz\x03"} {
		s.keys("ann", k)
	}
	if f := <-s.end; f.Outcome != "signal" || f.Signal != "SIGINT" {
		t.Errorf("%+v", f)
	}
	if got := strings.NewReplacer(" stdout:", "", " typed:ann\n", "", "ann\n", "").Replace(s.heard()); got != "<running>helloax\b \bb\r\nzz^C\r\n" {
		t.Errorf("%q", got)
	}
}

// The whole way from a request to its result with a server that does what Piston's documentation says, and no more.
func TestRunsOnPiston(t *testing.T) {
	execute := func(w http.ResponseWriter, r *http.Request) {
		var in map[string]any
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			t.Error(err)
		}
		for key := range in {
			if !strings.Contains(" language version files stdin args ", " "+key+" ") {
				t.Errorf("it is asked for %q, which Piston does not know", key)
			}
		}
		fmt.Fprint(w, `{"language": "python", "version": "3.12.0", "run": {"stdout": "by execute", "stderr": "", "output": "by execute", "code": 0, "signal": null}}`)
	}
	connect := func(c *conversation) {
		c.say(runtime, running)
		if m := c.hear(); m["type"] != "data" || m["stream"] != "stdin" {
			t.Errorf("%v", m)
		}
		c.say(`{"type": "data", "stream": "stdout", "data": "by connect"}`, exit0)
		c.done()
	}
	for _, c := range []struct {
		name, stdin, want string
		server            fake
	}{
		{"streams", "", "by connect", fake{connect: connect, execute: execute}},
		{"has an input", "in", "by execute", fake{connect: connect, execute: execute}},
		{"has no /connect", "", "by execute", fake{execute: execute}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := program()
			p.Stdin = c.stdin
			s := newRun(t, start(t, &c.server), p)
			f := <-s.end
			if f.Outcome != "exited" || *f.Code != 0 || len(f.Output) != 1 || f.Output[0].Data != c.want || len(f.Files) > 0 {
				t.Errorf("%+v", f)
			}
			if got := s.heard(); got != "<running> stdout:"+c.want {
				t.Error(got)
			}
			if err := s.service.Type("r", 1, "ann", "x"); codecollab.CodeOf(err) != "no_run" {
				t.Error(err)
			}
		})
	}
}
