package runner

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"codecollab.dev/internal/runner/sandbox"
)

// Close codes of /connect: Piston's own.
const (
	closeAlreadyInitialized websocket.StatusCode = 4000
	closeInitTimeout        websocket.StatusCode = 4001
	closeNotified           websocket.StatusCode = 4002 // an "error" message said why
	closeNotInitialized     websocket.StatusCode = 4003
	closeOnlyStdin          websocket.StatusCode = 4004
	closeInvalidSignal      websocket.StatusCode = 4005
	closeDone               websocket.StatusCode = 4999
)

// closing ends a connection with a code.
type closing struct {
	code   websocket.StatusCode
	reason string
}

func (c *closing) Error() string { return c.reason }

// fromClient is any message of a client; an init holds the fields of body too. EOF, the end of stdin, and the size of
// the terminal are additions.
type fromClient struct {
	Type   string `json:"type"`
	Stream string `json:"stream"`
	Data   string `json:"data"`
	EOF    bool   `json:"eof"`
	Signal string `json:"signal"`
	Rows   any    `json:"rows"`
	Cols   any    `json:"cols"`
}

// session is one connection.
type session struct {
	server *Server
	ws     *websocket.Conn
	ctx    context.Context // ends when the client is gone or the job is over
	cancel context.CancelFunc

	stdin *feed
	job   sync.WaitGroup

	interactive bool // the client talks with the program; set before the job begins

	sending sync.Mutex // guards streams and the order of messages; held while the client takes its time
	streams map[string]*streaming

	mu       sync.Mutex // guards the rest
	cell     *sandbox.Cell
	size     *sandbox.Size // of the terminal; nil: there is none
	terminal *sandbox.Terminal
}

// pingEvery finds clients that vanished without a word.
const pingEvery = 15 * time.Second

// patience is how long a client may take to accept one message before it counts as gone.
const patience = 20 * time.Second

func (s *Server) connect(w http.ResponseWriter, r *http.Request) error {
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		w.Header().Set("Upgrade", "websocket")
		return &httpError{http.StatusUpgradeRequired, "/api/v2/connect speaks WebSocket: connect with ws:// or wss://"}
	}
	if s.gate.full() {
		return errFull
	}
	ws, err := websocket.Accept(w, r, nil)
	if err != nil {
		return nil // Accept has answered
	}
	ws.SetReadLimit(s.options.MaxBody)
	ctx, leave := s.within(r.Context())
	defer leave()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c := &session{server: s, ws: ws, ctx: ctx, cancel: cancel, stdin: newFeed(s.options.StreamMax)}
	err = c.serve()
	if end := (*closing)(nil); errors.As(err, &end) {
		_ = ws.Close(end.code, end.reason)
	} else if err != nil && ctx.Err() == nil {
		status, message := s.classify(err)
		m := errorMessage{Type: "error", Message: message, Hint: s.hint(err)}
		if status == http.StatusTooManyRequests {
			m.RetryAfter = retryAfter
		}
		c.send(m)
		_ = ws.Close(closeNotified, "Notified Error")
	}
	_ = ws.CloseNow()
	cancel()
	c.job.Wait() // the server may not count this session as over before its job is
	return nil
}

// serve reads messages until the job is over or the client breaks a rule.
func (c *session) serve() error {
	incoming := make(chan []byte)
	go c.read(incoming)
	timer := time.NewTimer(c.server.options.InitTimeout)
	defer timer.Stop()
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	var done chan error // nil before init
	for {
		select {
		case raw, ok := <-incoming:
			if !ok {
				c.cancel()
				c.stdin.close()
				if done != nil {
					<-done
				}
				return c.ctx.Err()
			}
			started, err := c.take(raw, done != nil)
			if err != nil {
				c.cancelJob(done)
				return err
			}
			if started != nil {
				done = started
				timer.Stop()
			}
		case err := <-done:
			if err == nil {
				err = &closing{closeDone, "Job Completed"}
			}
			return err
		case <-timer.C:
			return &closing{closeInitTimeout, "Initialization Timeout"}
		case <-ping.C:
			if !c.stdin.crowded() { // then nobody reads what comes, not even the answer
				go c.ping()
			}
		case <-c.ctx.Done():
			if c.server.options.Finish && c.server.stopping.Err() == nil && done != nil {
				c.stdin.close()
				<-done
			} else {
				c.cancelJob(done)
			}
			return c.ctx.Err()
		}
	}
}

// cancelJob stops the program and waits for its end, keeping the connection for the close code.
func (c *session) cancelJob(done chan error) {
	if done == nil {
		return
	}
	c.mu.Lock()
	cell := c.cell
	c.mu.Unlock()
	if cell != nil {
		cell.Kill()
	}
	c.stdin.close()
	select {
	case <-done:
	case <-time.After(time.Second): // still waiting for its turn: it ends with the connection
	}
}

func (c *session) read(incoming chan<- []byte) {
	defer close(incoming)
	for {
		_, raw, err := c.ws.Read(c.ctx)
		if err != nil {
			c.cancel() // from here, for serve may be waiting for a message to be taken
			return
		}
		select {
		case incoming <- raw:
		case <-c.ctx.Done():
			return
		}
		c.stdin.room(c.ctx) // a program that does not read holds its client up, not our memory
	}
}

func (c *session) ping() {
	ctx, cancel := context.WithTimeout(c.ctx, pingEvery)
	defer cancel()
	if c.ws.Ping(ctx) != nil {
		c.cancel()
	}
}

// take deals with one message. It returns a channel when the message started the job.
func (c *session) take(raw []byte, running bool) (chan error, error) {
	var m fromClient
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, unreadable(err)
	}
	if m.Type != "init" && !running {
		if m.Type == "data" || m.Type == "signal" || m.Type == "resize" {
			return nil, &closing{closeNotInitialized, "Not yet initialized"}
		}
		return nil, nil
	}
	switch m.Type {
	case "init":
		if running {
			return nil, &closing{closeAlreadyInitialized, "Already Initialized"}
		}
		return c.begin(raw)
	case "data":
		if m.Stream != "stdin" {
			return nil, &closing{closeOnlyStdin, "Can only write to stdin"}
		}
		c.stdin.add(m.Data, m.EOF)
	case "resize":
		return nil, c.resize(m.Rows, m.Cols)
	case "signal":
		sig := signalNumber(m.Signal)
		if sig == 0 {
			return nil, &closing{closeInvalidSignal, "Invalid signal"}
		}
		c.mu.Lock()
		if c.cell != nil {
			c.cell.Signal(sig)
		}
		c.mu.Unlock()
	}
	return nil, nil // Piston passes over messages that it does not know
}

func (c *session) begin(raw []byte) (chan error, error) {
	s := c.server
	j, err := parse(raw, s.finder(c.ctx), s.options)
	if err != nil {
		return nil, err
	}
	c.size, c.interactive = j.size, j.interactive
	done := make(chan error, 1)
	c.job.Go(func() { done <- c.run(j) })
	return done, nil
}

// run waits for the job's turn and does it.
func (c *session) run(j *job) error {
	s := c.server
	ctx, leave := s.within(s.jobContext(c.ctx))
	defer leave()
	release, err := s.gate.enter(c.ctx)
	if err != nil {
		return err
	}
	defer release()
	c.send(runtimeMessage{"runtime", j.runtime.ID, j.runtime.version.String()})
	left, err := s.runJob(ctx, j, c.talk(j), c)
	if err != nil || left == nil {
		return err
	}
	for _, f := range left.files {
		f.Type = "file"
		c.send(f)
	}
	if len(left.skipped) > 0 {
		c.send(skippedMessage{"skipped", left.skipped})
	}
	return nil
}

// talk lets the job's program meet the client.
func (c *session) talk(j *job) talk {
	t := talk{in: c.stdin.into, hold: func(cell *sandbox.Cell) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.cell = cell
	}}
	if j.interactive {
		t.waiting = c.waits
	}
	if j.size != nil {
		c.mu.Lock()
		size := *c.size // as it is by now
		c.mu.Unlock()
		t.size, t.terminal = &size, c.types
	}
	return t
}

// types is the terminal of the run stage.
func (c *session) types(ctx context.Context, opened *sandbox.Terminal) {
	c.mu.Lock()
	c.terminal = opened
	_ = opened.Resize(*c.size) // it may have changed since
	c.mu.Unlock()
	c.stdin.typed(ctx, opened.Out)
	<-ctx.Done()
	c.mu.Lock()
	c.terminal = nil
	c.mu.Unlock()
}

func (c *session) resize(rows, cols any) error {
	size, err := terminalSize(rows, cols)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.size == nil {
		return nil // no terminal, nothing to do
	}
	c.size = size
	if c.terminal != nil {
		_ = c.terminal.Resize(*size)
	}
	return nil
}

// send writes one message; a client that does not take it holds the program up, not our memory.
func (c *session) send(v any) {
	c.sending.Lock()
	defer c.sending.Unlock()
	c.sendLocked(v)
}

func (c *session) sendLocked(v any) {
	raw, err := json.Marshal(v)
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(c.ctx, patience)
	defer cancel()
	if c.ws.Write(ctx, websocket.MessageText, raw) != nil {
		c.cancel()
	}
}
