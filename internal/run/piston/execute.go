package piston

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"codecollab.dev/internal/run"
	"codecollab.dev/internal/wire"
)

// Execute implements run.Executor. It streams over /connect, and uses /execute where that is not to be had.
func (c *Client) Execute(ctx context.Context, p run.Program, on func(run.Event)) (wire.Finish, error) {
	for {
		f, err := c.connect(ctx, p, on)
		if errors.Is(err, errNoConnect) {
			f, err = c.post(ctx, p, on)
		}
		if b, ok := errors.AsType[busy](err); ok {
			select {
			case <-time.After(b.after):
				continue
			case <-ctx.Done():
				return f, ctx.Err()
			}
		}
		if r, ok := errors.AsType[refusal](err); ok {
			return wire.Finish{Stage: "run", Outcome: "failed", Message: r.message}, nil
		}
		return f, err
	}
}

// message is anything that the server says on /connect. Verdict and Truncated are our runner's additions.
type message struct {
	Type   string `json:"type"`
	Stream string `json:"stream"`
	Data   string `json:"data"`
	result
	Stage string `json:"stage"`
}

// result is how a stage ended.
type result struct {
	Stdout    string  `json:"stdout"` // of /execute only
	Stderr    string  `json:"stderr"`
	Code      *int    `json:"code"`
	Signal    *string `json:"signal"`
	Message   *string `json:"message"`
	Status    *string `json:"status"` // RE SG TO OL EL XX
	CPUTime   int64   `json:"cpu_time"`
	WallTime  int64   `json:"wall_time"`
	Memory    int64   `json:"memory"`
	Verdict   string  `json:"verdict"`
	Truncated *struct {
		Stdout int64 `json:"stdout"`
		Stderr int64 `json:"stderr"`
	} `json:"truncated"`
}

var errNoConnect = errors.New("the server has no /connect")

const (
	handshake  = 10 * time.Second
	maxMessage = 16 << 20
	closeDone  = websocket.StatusCode(4999)
)

// connect runs a program over a WebSocket.
func (c *Client) connect(ctx context.Context, p run.Program, on func(run.Event)) (wire.Finish, error) {
	ws, err := c.dial(ctx)
	if err != nil {
		return wire.Finish{}, err
	}
	defer ws.CloseNow()
	ws.SetReadLimit(maxMessage)
	j := newJob(p)
	j.Type = "init"
	if err := send(ctx, ws, j); err != nil {
		return wire.Finish{}, err
	}
	var last *message
	for {
		m, err := receive(ctx, ws)
		switch {
		case err != nil && websocket.CloseStatus(err) == closeDone && last != nil:
			return last.finish(last.Stage), nil
		case err != nil:
			return wire.Finish{}, fmt.Errorf("the runner went away: %w", err)
		}
		switch m.Type {
		case "stage":
			on(run.Event{Stage: m.Stage})
			if m.Stage == "run" {
				if err := sendInput(ctx, ws, p.Stdin); err != nil {
					return wire.Finish{}, err
				}
			}
		case "data":
			on(run.Event{Stream: m.Stream, Data: m.Data})
		case "exit":
			last = m
		case "error":
			return wire.Finish{}, refusal{text(m.Message)}
		}
	}
}

func (c *Client) dial(ctx context.Context) (*websocket.Conn, error) {
	base, err := c.base(ctx)
	if err != nil {
		return nil, err
	}
	within, cancel := context.WithTimeout(ctx, handshake)
	defer cancel()
	h := http.Header{}
	c.authorize(h)
	ws, resp, err := websocket.Dial(within, base+"/connect", &websocket.DialOptions{HTTPHeader: h, HTTPClient: c.http})
	if err == nil {
		return ws, nil
	}
	if resp != nil {
		switch resp.StatusCode {
		case http.StatusNotFound, http.StatusUpgradeRequired, http.StatusOK:
			return nil, errNoConnect
		}
		if e := check(resp); e != nil {
			return nil, e
		}
	}
	return nil, err
}

func send(ctx context.Context, ws *websocket.Conn, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return ws.Write(ctx, websocket.MessageText, data)
}

// sendInput gives the program its input and the end of it. "eof" is our runner's addition: Piston leaves input open.
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

// post runs a program with one request; its output comes at the end.
func (c *Client) post(ctx context.Context, p run.Program, on func(run.Event)) (wire.Finish, error) {
	j := newJob(p)
	j.Stdin = p.Stdin
	var answer struct {
		Compile *result `json:"compile"`
		Run     *result `json:"run"`
	}
	on(run.Event{Stage: "run"})
	if err := c.call(ctx, http.MethodPost, "/execute", j, &answer); err != nil {
		return wire.Finish{}, err
	}
	if a := answer.Compile; a != nil {
		on(run.Event{Stage: "compile"})
		a.tell(on)
		if answer.Run == nil || a.Code == nil || *a.Code != 0 {
			return a.finish("compile"), nil
		}
		on(run.Event{Stage: "run"})
	}
	if answer.Run == nil {
		return wire.Finish{}, errors.New("the runner's answer has no result")
	}
	answer.Run.tell(on)
	return answer.Run.finish("run"), nil
}

func (r *result) tell(on func(run.Event)) {
	on(run.Event{Stream: "stdout", Data: r.Stdout})
	on(run.Event{Stream: "stderr", Data: r.Stderr})
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// finish translates a stage's end.
func (r *result) finish(stage string) wire.Finish {
	f := wire.Finish{
		Stage: stage, Code: r.Code, Signal: text(r.Signal), Message: text(r.Message),
		Wall: r.WallTime, CPU: r.CPUTime, Memory: r.Memory, Outcome: r.outcome(),
	}
	if r.Truncated != nil {
		f.Omitted = r.Truncated.Stdout + r.Truncated.Stderr
	}
	return f
}

// outcome prefers our runner's verdict, which tells limits apart that Piston's status does not.
func (r *result) outcome() string {
	switch r.Verdict {
	case "wall":
		return "timeout"
	case "cpu", "memory", "output":
		return r.Verdict
	}
	switch text(r.Status) {
	case "TO":
		return "timeout"
	case "OL", "EL":
		return "output"
	case "XX":
		return "failed"
	case "SG":
		return "signal"
	}
	if text(r.Signal) != "" {
		return "signal"
	}
	return "exited"
}
