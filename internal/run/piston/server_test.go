package piston

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"codecollab.dev/internal/run"
)

// fake is a Piston server whose answers are scripts.
type fake struct {
	t       *testing.T
	ours    bool                // it says so, as our runner does
	connect func(*conversation) // nil: there is no /connect
	execute http.HandlerFunc
	before  http.HandlerFunc // may answer a handshake; else it sends nothing
	token   string
}

// conversation is the server's side of /connect.
type conversation struct {
	t    *testing.T
	ws   *websocket.Conn
	ctx  context.Context
	init map[string]any
}

// say sends a message as it is.
func (c *conversation) say(messages ...string) {
	for _, m := range messages {
		if err := c.ws.Write(c.ctx, websocket.MessageText, []byte(m)); err != nil {
			c.t.Log("the client has gone: ", err)
		}
	}
}

func (c *conversation) hear() (m map[string]any) {
	_, data, err := c.ws.Read(c.ctx)
	if err != nil {
		c.t.Log("the client has gone: ", err)
		return nil
	}
	if err := json.Unmarshal(data, &m); err != nil {
		c.t.Error(err)
	}
	return m
}

func (c *conversation) done() { _ = c.ws.Close(4999, "Job Completed") }

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if f.ours {
		w.Header().Set("X-Runner-Capacity", "2")
	}
	if got := r.Header.Get("Authorization"); f.token != "" && got != "Bearer "+f.token {
		http.Error(w, `{"message": "this runner needs a bearer token"}`, http.StatusUnauthorized)
		return
	}
	switch {
	case r.URL.Path == "/api/v2/runtimes":
		fmt.Fprint(w, `[{"language": "python", "version": "3.12.0", "aliases": ["py"]}, {"language": "java", "version": "15.0.2", "aliases": []}]`)
	case r.URL.Path == "/api/v2/execute" && r.Method == http.MethodPost && f.execute != nil:
		f.execute(w, r)
	case r.URL.Path == "/api/v2/connect" && f.connect != nil:
		f.converse(w, r)
	default:
		http.Error(w, `{"message": "Not Found"}`, http.StatusNotFound)
	}
}

func (f *fake) converse(w http.ResponseWriter, r *http.Request) {
	if f.before != nil {
		answered := &noting{ResponseWriter: w}
		if f.before(answered, r); answered.done {
			return
		}
	}
	ws, err := websocket.Accept(w, r, nil)
	if err != nil {
		f.t.Error(err)
		return
	}
	defer ws.CloseNow()
	ws.SetReadLimit(1 << 20)
	c := &conversation{t: f.t, ws: ws, ctx: f.t.Context()}
	if c.init = c.hear(); c.init != nil {
		f.connect(c)
	}
}

type noting struct {
	http.ResponseWriter
	done bool
}

func (n *noting) WriteHeader(status int) { n.done = true; n.ResponseWriter.WriteHeader(status) }

// start serves f and returns a client of it.
func start(t *testing.T, f *fake) *Client {
	t.Helper()
	f.t = t
	s := httptest.NewServer(f)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return New(func() (string, error) { return s.URL, nil }, func() string { return f.token }, slog.New(slog.DiscardHandler))
}

// heard notes what the client tells while a program runs.
type heard []string

func (h *heard) on(e run.Event) {
	if e.State != "" {
		*h = append(*h, "<"+e.State+">")
	} else if e.File != nil {
		*h = append(*h, "file:"+e.File.Name+"="+string(e.File.Data))
	} else if e.Data != "" {
		*h = append(*h, e.Stream+":"+e.Data)
	}
}

func (h *heard) String() string { return strings.Join(*h, " ") }

func program() run.Program {
	return run.Program{
		Language: "python", Main: "main.py", Args: []string{"a", "b"},
		Files: []run.File{{Name: "other.py", Content: "x = 1"}, {Name: "main.py", Content: "print(1)"}},
	}
}

const (
	runtime = `{"type": "runtime", "language": "python", "version": "3.12.0"}`
	running = `{"type": "stage", "stage": "run"}`
	hello   = `{"type": "data", "stream": "stdout", "data": "hello"}`
	exit0   = `{"type": "exit", "stage": "run", "code": 0, "signal": null}`
)
