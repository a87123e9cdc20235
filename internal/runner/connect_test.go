package runner_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"codecollab.dev/internal/runner"
)

// message is anything that comes over /connect.
type message struct {
	Type, Stage, Stream, Data, Message, Language, Version, Status, Verdict string
	Code                                                                   *int
	Signal                                                                 *string
	Truncated                                                              *struct{ Stdout, Stderr int64 }
	Waiting                                                                bool
	RetryAfter                                                             int `json:"retry_after"`
	Name, Encoding, Content                                                string
	Size                                                                   int
	Names                                                                  []string
}

// file is one that a program left.
type file struct {
	Name              string
	Size              int
	Encoding, Content string
}

type client struct {
	t  *testing.T
	ws *websocket.Conn
}

func dial(t *testing.T, url string) *client {
	t.Helper()
	c := connect(t, url)
	t.Cleanup(func() { c.ws.CloseNow() })
	return c
}

// connect leaves closing to its caller.
func connect(t *testing.T, url string) *client {
	t.Helper()
	ws, _, err := websocket.Dial(t.Context(), strings.Replace(url, "http", "ws", 1)+"/api/v2/connect", nil)
	if err != nil {
		t.Fatal(err)
	}
	ws.SetReadLimit(16 << 20)
	return &client{t, ws}
}

func (c *client) say(v any) {
	c.t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.ws.Write(c.t.Context(), websocket.MessageText, raw); err != nil {
		c.t.Fatal(err)
	}
}

// next gives the next message, or the close code when there are no more.
func (c *client) next() (message, websocket.StatusCode) {
	c.t.Helper()
	_, raw, err := c.ws.Read(c.t.Context())
	if end := (websocket.CloseError{}); errors.As(err, &end) {
		return message{}, end.Code
	}
	if err != nil {
		c.t.Fatal(err)
	}
	var m message
	if err := json.Unmarshal(raw, &m); err != nil {
		c.t.Fatalf("%s: %v", raw, err)
	}
	return m, 0
}

// until reads up to the message that is wanted and gives all data of stdout on the way.
func (c *client) until(want func(message) bool) (message, string) {
	c.t.Helper()
	out := ""
	for {
		m, code := c.next()
		if code != 0 {
			c.t.Fatalf("closed with %d after %d bytes, …%q", code, len(out), out[max(0, len(out)-200):])
		}
		if m.Type == "data" && m.Stream == "stdout" {
			out += m.Data
		}
		if want(m) {
			return m, out
		}
	}
}

func (c *client) ends(want websocket.StatusCode) {
	c.t.Helper()
	for {
		if _, code := c.next(); code == want {
			return
		} else if code != 0 {
			c.t.Fatalf("closed with %d, want %d", code, want)
		}
	}
}

func initial(language, source string, more object) object {
	if more == nil {
		more = object{}
	}
	more["type"] = "init"
	return program(language, source, more)
}

func exited(m message) bool { return m.Type == "exit" }

func TestConnect(t *testing.T) {
	s, url := serve(t, runner.Options{StreamMax: 10_000, KeepOutput: 1000})
	if _, err := s.Report(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Run("a conversation", func(t *testing.T) {
		c := dial(t, url)
		c.say(initial("python", "name = input('Who? ')\nprint('Hello,', name)", nil))
		if m, _ := c.next(); m.Type != "runtime" || m.Language != "python" || m.Version == "" {
			t.Fatalf("%+v", m)
		}
		if m, _ := c.next(); m.Type != "stage" || m.Stage != "run" {
			t.Fatalf("%+v", m)
		}
		if _, out := c.until(func(m message) bool { return m.Type == "data" }); out != "Who? " {
			t.Fatalf("the prompt came as %q", out)
		}
		c.say(object{"type": "data", "stream": "stdin", "data": "żółw\n"})
		m, out := c.until(exited)
		if out != "Hello, żółw\n" || m.Code == nil || *m.Code != 0 || m.Signal != nil || m.Stage != "run" {
			t.Fatalf("%q %+v", out, m)
		}
		c.ends(4999)
	})
	t.Run("end of input", func(t *testing.T) {
		c := dial(t, url)
		c.say(initial("bash", "cat; echo end", nil))
		c.say(object{"type": "data", "stream": "stdin", "data": "a\n"})
		c.say(object{"type": "data", "stream": "stdin", "eof": true})
		if _, out := c.until(exited); out != "a\nend\n" {
			t.Fatalf("%q", out)
		}
		c.ends(4999)
	})
	t.Run("compile and run", func(t *testing.T) {
		c := dial(t, url)
		c.say(initial("c", "int main(void) { return 3; }", nil))
		if m, _ := c.until(exited); m.Stage != "compile" || *m.Code != 0 {
			t.Fatalf("%+v", m)
		}
		if m, _ := c.until(exited); m.Stage != "run" || *m.Code != 3 {
			t.Fatalf("%+v", m)
		}
		c.ends(4999)
	})
	t.Run("does not compile", func(t *testing.T) {
		c := dial(t, url)
		c.say(initial("c", "int main(void) { return x; }", nil))
		if m, _ := c.until(exited); m.Stage != "compile" || *m.Code == 0 {
			t.Fatalf("%+v", m)
		}
		c.ends(4999)
	})
	t.Run("signals", func(t *testing.T) {
		c := dial(t, url)
		c.say(initial("bash", "trap 'echo got it; exit 5' INT; echo ready; while :; do sleep 0.01; done", nil))
		c.until(func(m message) bool { return m.Data == "ready\n" })
		c.say(object{"type": "signal", "signal": "SIGINT"})
		if m, out := c.until(exited); *m.Code != 5 || out != "got it\n" {
			t.Fatalf("%q %+v", out, m)
		}
		c = dial(t, url)
		c.say(initial("bash", "echo ready; sleep 60", nil))
		c.until(func(m message) bool { return m.Data == "ready\n" })
		c.say(object{"type": "signal", "signal": "SIGKILL"})
		if m, _ := c.until(exited); m.Code != nil || m.Signal == nil || *m.Signal != "SIGKILL" {
			t.Fatalf("%+v", m)
		}
	})
	t.Run("a flood", func(t *testing.T) {
		c := dial(t, url)
		c.say(initial("bash", "seq 100000; echo the end", nil))
		m, out := c.until(exited)
		if len(out) > 13_000 || !strings.HasPrefix(out, "1\n2\n") || !strings.HasSuffix(out, "the end\n") || m.Truncated == nil || m.Truncated.Stdout < 500_000 {
			t.Fatalf("%d bytes, %+v", len(out), m)
		}
	})
	t.Run("a client that leaves", func(t *testing.T) {
		c := dial(t, url)
		c.say(initial("bash", "cp /usr/bin/sleep /tmp/left-behind; /tmp/left-behind 60 & echo ready; wait", nil))
		c.until(func(m message) bool { return m.Data == "ready\n" })
		strays := func(want string) func() string {
			return func() string {
				if now := leftovers(t); !strings.Contains(now, want) {
					return now
				}
				return ""
			}
		}
		within(t, 5*time.Second, "the program runs", strays("1 strays"))
		c.ws.CloseNow()
		within(t, 5*time.Second, "the program is stopped", strays("0 strays"))
	})
}

func TestConnectCloseCodes(t *testing.T) {
	s, url := serve(t, runner.Options{InitTimeout: 2 * time.Second})
	if _, err := s.Report(t.Context()); err != nil {
		t.Fatal(err)
	}
	long := initial("bash", "sleep 30", nil)
	for _, c := range []struct {
		name string
		say  []object
		want websocket.StatusCode
	}{
		{"init twice", []object{long, long}, 4000},
		{"no init", nil, 4001},
		{"bad init", []object{initial("klingon", "x", nil)}, 4002},
		{"data too early", []object{{"type": "data", "stream": "stdin", "data": "x"}}, 4003},
		{"signal too early", []object{{"type": "signal", "signal": "SIGINT"}}, 4003},
		{"data to stdout", []object{long, {"type": "data", "stream": "stdout", "data": "x"}}, 4004},
		{"unknown signal", []object{long, {"type": "signal", "signal": "SIGWHAT"}}, 4005},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := dial(t, url)
			for _, m := range c.say {
				client.say(m)
			}
			client.ends(c.want)
		})
	}
	t.Run("an error says why", func(t *testing.T) {
		c := dial(t, url)
		c.say(initial("klingon", "x", nil))
		if m, _ := c.next(); m.Type != "error" || m.Message != "klingon-* runtime is unknown" {
			t.Fatalf("%+v", m)
		}
	})
}
