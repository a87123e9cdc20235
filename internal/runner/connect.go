package runner

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
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

// fromClient is any message of a client; an init holds the fields of body too. EOF is an addition: the end of stdin.
type fromClient struct {
	Type   string `json:"type"`
	Stream string `json:"stream"`
	Data   string `json:"data"`
	EOF    bool   `json:"eof"`
	Signal string `json:"signal"`
}

type runtimeMessage struct {
	Type     string `json:"type"`
	Language string `json:"language"`
	Version  string `json:"version"`
}

type stageMessage struct {
	Type  string `json:"type"`
	Stage string `json:"stage"`
}

type dataMessage struct {
	Type   string `json:"type"`
	Stream string `json:"stream"`
	Data   string `json:"data"`
}

type exitMessage struct {
	Type  string `json:"type"`
	Stage string `json:"stage"`
	*stageResult
}

type errorMessage struct {
	Type    string `json:"type"`
	Message string `json:"message"`
}

// session is one connection.
type session struct {
	server *Server
	ws     *websocket.Conn
	ctx    context.Context // ends when the client is gone or the job is over
	cancel context.CancelFunc

	stdin *feed
	job   sync.WaitGroup

	sending sync.Mutex // guards streams and the order of messages; held while the client takes its time
	streams map[string]*streaming

	mu   sync.Mutex // guards cell
	cell *sandbox.Cell
}

// pingEvery finds clients that vanished without a word; their programs are stopped.
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
		_, message := s.classify(err)
		c.send(errorMessage{"error", message})
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
			go c.ping()
		case <-c.ctx.Done():
			c.cancelJob(done)
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
		return nil, &closing{closeNotInitialized, "Not yet initialized"}
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
		if !c.stdin.add(m.Data, m.EOF) {
			return nil, refuse("the program does not read: more than %d bytes of input wait for it", c.stdin.most)
		}
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
	have, err := s.runtimes(c.ctx)
	if err != nil {
		return nil, err
	}
	j, err := parse(raw, have, s.options)
	if err != nil {
		return nil, err
	}
	done := make(chan error, 1)
	c.job.Go(func() {
		done <- func() error {
			release, err := s.gate.enter(c.ctx)
			if err != nil {
				return err
			}
			defer release()
			c.send(runtimeMessage{"runtime", j.runtime.ID, j.runtime.version.String()})
			return s.runJob(c.ctx, j, c.stdin.into, c, func(cell *sandbox.Cell) {
				c.mu.Lock()
				c.cell = cell
				c.mu.Unlock()
			})
		}()
	})
	return done, nil
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

// feed is stdin on its way to a program: bounded, in order, kept until the run stage asks for it.
type feed struct {
	most  int
	mu    sync.Mutex
	queue []byte
	eof   bool
	wake  chan struct{} // holds one when there is news
}

func newFeed(most int) *feed { return &feed{most: most, wake: make(chan struct{}, 1)} }

// add refuses what would make the queue too long.
func (f *feed) add(data string, eof bool) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.queue)+len(data) > f.most {
		return false
	}
	f.queue = append(f.queue, data...)
	f.eof = f.eof || eof
	select {
	case f.wake <- struct{}{}:
	default:
	}
	return true
}

func (f *feed) close() { f.add("", true) }

// into is the input of the run stage.
func (f *feed) into(ctx context.Context, w *os.File) {
	defer w.Close()
	stop := context.AfterFunc(ctx, func() { w.Close() })
	defer stop()
	for {
		f.mu.Lock()
		next, eof := f.queue, f.eof
		f.queue = nil
		f.mu.Unlock()
		if len(next) > 0 {
			if _, err := w.Write(next); err != nil {
				return
			}
			continue
		}
		if eof {
			return
		}
		select {
		case <-f.wake:
		case <-ctx.Done():
			return
		}
	}
}
