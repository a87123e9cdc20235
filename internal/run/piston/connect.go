package piston

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"codecollab.dev"
	"codecollab.dev/internal/run"
	"codecollab.dev/internal/wire"
)

// message is anything that the server says on /connect. RetryAfter, of an error, is an addition for a server that is full;
// result has more of them.
type message struct {
	Type   string `json:"type"`
	Stream string `json:"stream"`
	Data   string `json:"data"`
	result
	Stage      string `json:"stage"`
	RetryAfter int    `json:"retry_after"` // s
}

const (
	handshake = 10 * time.Second
	closeDone = websocket.StatusCode(4999)
	// ours is a header that Piston does not send. A server with it takes "eof".
	ours = "X-Runner-Capacity"
)

// connect runs a program over a WebSocket.
func (c *Client) connect(ctx context.Context, p run.Program, on func(run.Event)) (wire.Finish, error) {
	ws, isOurs, err := c.dial(ctx)
	if err != nil {
		return wire.Finish{}, err
	}
	defer ws.CloseNow()
	if !isOurs && p.Stdin != "" {
		return wire.Finish{}, errNoConnect // Piston leaves input open there: a program that reads to its end would wait in vain
	}
	ws.SetReadLimit(maxAnswer)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go c.keepAlive(ctx, ws, cancel)
	j := newJob(p)
	j.Type = "init"
	if err := send(ctx, ws, j); err != nil {
		return wire.Finish{}, gone(ctx, err)
	}
	return converse(ctx, ws, p, on)
}

// converse listens until the program has ended.
func converse(ctx context.Context, ws *websocket.Conn, p run.Program, on func(run.Event)) (wire.Finish, error) {
	var accepted bool
	var last *message
	for {
		m, err := receive(ctx, ws)
		if websocket.CloseStatus(err) == closeDone && last != nil && (last.Stage == "run" || !last.ok()) {
			return last.finish(last.Stage)
		}
		if err != nil {
			return wire.Finish{}, gone(ctx, err)
		}
		switch m.Type {
		case "runtime":
			accepted = true
		case "stage":
			on(run.Event{Stage: m.Stage})
			if m.Stage == "run" {
				if err := sendInput(ctx, ws, p.Stdin); err != nil {
					return wire.Finish{}, gone(ctx, err)
				}
			}
		case "data":
			on(run.Event{Stream: m.Stream, Data: m.Data})
		case "exit":
			last = m
		case "error":
			return wire.Finish{}, m.failure(accepted)
		}
	}
}

// failure is what an error message means. What the server says before it has taken the program is about the program;
// what comes later is about the server.
func (m *message) failure(accepted bool) error {
	switch {
	case m.RetryAfter > 0:
		return busyFor(m.RetryAfter)
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

// dial also tells whether the server is our own runner.
func (c *Client) dial(ctx context.Context) (ws *websocket.Conn, isOurs bool, err error) {
	base, err := c.base(ctx)
	if err != nil {
		return nil, false, err
	}
	within, cancel := context.WithTimeout(ctx, handshake)
	defer cancel()
	h := http.Header{}
	c.authorize(h)
	ws, resp, err := websocket.Dial(within, base+"/connect", &websocket.DialOptions{HTTPHeader: h, HTTPClient: c.http})
	if err == nil {
		return ws, resp.Header.Get(ours) != "", nil
	}
	if resp == nil {
		return nil, false, gone(ctx, err)
	}
	switch resp.StatusCode { // of servers without it, and of proxies that do not know WebSockets
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented, http.StatusUpgradeRequired,
		http.StatusBadRequest, http.StatusOK:
		return nil, false, errNoConnect
	}
	if e := check(resp); e != nil {
		return nil, false, e
	}
	return nil, false, err
}

// keepAlive ends the conversation with a server that has vanished without a word.
func (c *Client) keepAlive(ctx context.Context, ws *websocket.Conn, cancel context.CancelCauseFunc) {
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
		if err != nil && ctx.Err() == nil {
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

// sendInput gives the program its input and the end of it. "eof" is our runner's addition.
func sendInput(ctx context.Context, ws *websocket.Conn, stdin string) error {
	return send(ctx, ws, struct {
		Type   string `json:"type"`
		Stream string `json:"stream"`
		Data   string `json:"data"`
		EOF    bool   `json:"eof"`
	}{"data", "stdin", stdin, true})
}

func receive(ctx context.Context, ws *websocket.Conn) (*message, error) {
	_, data, err := ws.Read(ctx)
	if err != nil {
		return nil, err
	}
	m := &message{}
	return m, json.Unmarshal(data, m)
}
