package piston

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"codecollab.dev"
	"codecollab.dev/internal/run"
	"codecollab.dev/internal/wire"
)

// message is anything that the server says on /connect. Waiting, files and what was skipped, and RetryAfter, of an error, for
// a server that is full, are additions of our runner; result has more of them.
type message struct {
	Type   string `json:"type"`
	Stream string `json:"stream"`
	Data   string `json:"data"`
	result
	Stage      string   `json:"stage"`
	RetryAfter int      `json:"retry_after"` // s
	Waiting    bool     `json:"waiting"`
	Names      []string `json:"names"` // of "skipped": a file and the reason
	leftFile
}

const (
	handshake = 10 * time.Second
	closeDone = websocket.StatusCode(4999)
)

// connect runs a program over a WebSocket.
func (c *Client) connect(ctx context.Context, p run.Program, on func(run.Event)) (wire.Finish, error) {
	ws, err := c.dial(ctx)
	if err != nil {
		return wire.Finish{}, err
	}
	defer ws.CloseNow()
	isOurs := c.isOurs()
	if !isOurs && p.Stdin != "" && p.Terminal == nil {
		return wire.Finish{}, errNoConnect // Piston leaves input open there: a program that reads to its end would wait in vain
	}
	ws.SetReadLimit(maxAnswer)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	t := &conversing{ws: ws, program: p, on: on}
	go c.keepAlive(ctx, ws, cancel, t.heldUp)
	j := newJob(p, isOurs)
	j.Type = "init"
	if err := send(ctx, ws, j); err != nil {
		return wire.Finish{}, gone(ctx, err)
	}
	if !isOurs {
		t.cooked = &cooked{}
	}
	defer t.input.Wait()
	defer cancel(nil)
	return t.listen(ctx)
}

// conversing is one program on its way.
type conversing struct {
	ws      *websocket.Conn
	program run.Program
	cooked  *cooked // where the server has no terminals
	input   sync.WaitGroup
	owed    atomic.Int64 // bytes of input since the program was last known to have read all

	telling sync.Mutex
	on      func(run.Event)
}

func (t *conversing) tell(e run.Event) {
	t.telling.Lock()
	defer t.telling.Unlock()
	t.on(e)
}

// listen listens until the program has ended.
func (t *conversing) listen(ctx context.Context) (wire.Finish, error) {
	var accepted bool
	var last *message
	var skipped []string
	for {
		m, err := receive(ctx, t.ws)
		if websocket.CloseStatus(err) == closeDone && last != nil && (last.Stage == "run" || !last.ok()) {
			f, err := last.finish(last.Stage)
			f.Skipped = skipped
			return f, err
		}
		if err != nil {
			return wire.Finish{}, gone(ctx, err)
		}
		switch m.Type {
		case "runtime":
			accepted = true
		case "stage":
			t.tell(run.Event{State: stateOf(m.Stage)})
			if m.Stage == "run" {
				t.input.Go(func() { t.sendInput(ctx) })
			}
		case "waiting":
			t.owed.Store(0)
			t.tell(run.Event{State: map[bool]string{true: "waiting", false: "running"}[m.Waiting]})
		case "data":
			t.tell(run.Event{Stream: m.Stream, Data: m.Data})
		case "exit":
			last = m
		case "file":
			if found, err := m.found(); err == nil {
				t.tell(run.Event{File: found})
			} else {
				skipped = append(skipped, fmt.Sprintf("%s: %v", m.Name, err))
			}
		case "skipped":
			skipped = append(skipped, m.Names...)
		case "error":
			return wire.Finish{}, m.failure(accepted)
		}
	}
}

// stateOf is where a run is in a stage of Piston's.
func stateOf(stage string) string {
	if stage == "compile" {
		return "compiling"
	}
	return "running"
}

// failure is what an error message means. What the server says before it has taken the program is about the program;
// what comes later is about the server.
func (m *message) failure(accepted bool) error {
	switch {
	case m.RetryAfter > 0:
		return fullFor(m.RetryAfter)
	case accepted:
		return codecollab.Errorf(codecollab.Unavailable, "runner_failed", "the runner failed: %s", text(m.Message))
	}
	return refusal{text(m.Message)}
}

// gone is the error of a conversation that broke off.
func gone(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	if errors.Is(err, context.Canceled) {
		return err // it was we who wanted that
	}
	e := codecollab.Errorf(codecollab.Unavailable, "runner_gone", "the runner went away")
	e.Err = err
	return e
}

func (c *Client) dial(ctx context.Context) (ws *websocket.Conn, err error) {
	base, err := c.base(ctx)
	if err != nil {
		return nil, err
	}
	within, cancel := context.WithTimeout(ctx, handshake)
	defer cancel()
	h := http.Header{}
	c.authorize(h)
	traced(ctx, h)
	ws, resp, err := websocket.Dial(within, base+"/connect", &websocket.DialOptions{HTTPHeader: h, HTTPClient: c.http})
	if resp == nil {
		return nil, gone(ctx, err)
	}
	c.note(resp.Header)
	if err == nil {
		return ws, nil
	}
	switch resp.StatusCode { // of servers without it, and of proxies that do not know WebSockets
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented, http.StatusUpgradeRequired,
		http.StatusBadRequest, http.StatusOK:
		return nil, errNoConnect
	}
	if e := check(resp); e != nil {
		return nil, e
	}
	return nil, err
}

// keepAlive ends the conversation with a server that has vanished without a word.
func (c *Client) keepAlive(ctx context.Context, ws *websocket.Conn, cancel context.CancelCauseFunc, heldUp func() bool) {
	t := time.NewTicker(c.pingEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		within, done := context.WithTimeout(ctx, c.pingEvery)
		err := ws.Ping(within)
		done()
		if err != nil && ctx.Err() == nil && !(heldUp() && c.answers(ctx)) {
			cancel(fmt.Errorf("it does not answer: %v", err)) // %v: a deadline of ours is not the caller's
			return
		}
	}
}

func send(ctx context.Context, ws *websocket.Conn, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return ws.Write(ctx, websocket.MessageText, data)
}

// heldUp reports whether the server may have stopped to read, pings included, until the program has read its input.
func (t *conversing) heldUp() bool { return t.owed.Load() > 16<<10 }

// answers reports whether the server answers a plain request.
func (c *Client) answers(ctx context.Context) bool {
	within, done := context.WithTimeout(ctx, c.pingEvery)
	defer done()
	_, err := c.Runtimes(within)
	return err == nil
}

func receive(ctx context.Context, ws *websocket.Conn) (*message, error) {
	_, data, err := ws.Read(ctx)
	if err != nil {
		return nil, err
	}
	m := &message{}
	return m, json.Unmarshal(data, m)
}
