package syncclient

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

const (
	dialTimeout  = 10 * time.Second
	writeTimeout = 10 * time.Second
	maxFrame     = 64 << 20 // bytes; a snapshot holds every file of the room
	firstPause   = 50 * time.Millisecond
	longestPause = 2 * time.Second
)

// Run connects, and connects again whenever the connection is lost, until ctx ends (then it returns nil) or the server
// says not to come back (an *Error of the project). Call it once.
func (c *Client) Run(ctx context.Context) error {
	defer close(c.done)
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		joined := c.session(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err := c.verdict(); err != nil {
			return err
		}
		if joined {
			pause = firstPause
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(c.pause(pause)):
		}
	}
}

// verdict returns why Run must end, if it must.
func (c *Client) verdict() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fatal
}

// pause returns how long to wait before the next connection: what the server has asked for, if it has, and otherwise
// about d; never quite the same for everybody, so that a thousand clients do not come back at once.
func (c *Client) pause(d time.Duration) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	d = max(d, c.retry)
	c.retry = 0
	return d/2 + rand.N(d)
}

// session is one connection from dial to close. It reports whether it got as far as joined.
func (c *Client) session(ctx context.Context) bool {
	conn, err := c.dial(ctx)
	if err != nil {
		return false
	}
	before := c.Joins()
	ctx, cancel := context.WithCancel(ctx)
	written := make(chan struct{})
	go func() {
		defer close(written)
		c.write(ctx, conn)
		_ = conn.CloseNow()
	}()
	c.read(ctx, conn)
	cancel()
	_ = conn.CloseNow()
	<-written
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn = nil
	c.state.Offline()
	c.touched()
	if c.joins > before {
		call(c.cfg.Online, false)
	}
	return c.joins > before
}

func (c *Client) dial(ctx context.Context) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	header := http.Header{}
	if c.cfg.Token != "" {
		header.Set("Authorization", "Bearer "+c.cfg.Token)
	}
	room, key := Address(c.cfg.Room)
	url := "ws" + strings.TrimPrefix(c.cfg.URL, "http") + "/api/v1/rooms/" + room + "/socket"
	conn, res, err := websocket.Dial(ctx, url, &websocket.DialOptions{HTTPClient: c.cfg.HTTP, HTTPHeader: header})
	if err != nil {
		c.refusedDial(res)
		return nil, err
	}
	conn.SetReadLimit(maxFrame)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn, c.beat = conn, newBeat(time.Now())
	join := c.state.Join()
	join.Key = key
	join.Name, join.Color = c.cfg.Name, c.cfg.Color
	c.extra = []wire.Message{join}
	c.touched()
	return conn, nil
}

// refusedDial ends Run when the server has answered that the room does not exist or is not for us.
func (c *Client) refusedDial(res *http.Response) {
	if res == nil {
		return
	}
	switch res.StatusCode {
	case http.StatusNotFound, http.StatusForbidden, http.StatusUnauthorized, http.StatusBadRequest:
		c.mu.Lock()
		c.fatal = codecollab.Errorf(codecollab.NotFound, "no_room", "The server refuses the connection to room %s: %s.", c.cfg.Room, res.Status)
		c.mu.Unlock()
	}
}

// read takes frames until the connection fails or the State does not want to go on.
func (c *Client) read(ctx context.Context, conn *websocket.Conn) {
	var buf bytes.Buffer
	for {
		_, r, err := conn.Reader(ctx)
		if err != nil {
			return
		}
		buf.Reset()
		if _, err := buf.ReadFrom(r); err != nil {
			return
		}
		if c.frame(buf.Bytes()) != nil {
			return
		}
	}
}

var errOver = errors.New("this connection is over")

func (c *Client) frame(data []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer c.touched()
	c.beat.heard = time.Now()
	for _, line := range wire.SplitFrame(data) {
		m, err := c.cfg.Parse(line)
		if err != nil {
			if codecollab.CodeOf(err) == "bad_message" && bytes.HasPrefix(line, []byte(`{"t":`)) {
				continue // a message of a newer server
			}
			return err
		}
		if err := c.message(m); err != nil {
			return err
		}
		call(c.cfg.Message, m)
	}
	return nil
}

func (c *Client) message(m wire.Message) error {
	if err := c.state.Receive(m); err != nil {
		return err
	}
	switch m := m.(type) {
	case *wire.Joined:
		c.joins++
		call(c.cfg.Online, true)
		if m.Heartbeat > 0 {
			c.beat.every = time.Duration(m.Heartbeat) * time.Millisecond
		}
	case *wire.Bye:
		c.retry = time.Duration(m.Retry) * time.Millisecond
		if m.Reason == "replaced" {
			c.fatal = codecollab.Errorf(codecollab.Conflict, "replaced", "Another connection uses the client id %s.", c.cfg.ID)
		}
		return errOver
	case *wire.Error:
		return c.refusal(m)
	}
	return nil
}

func (c *Client) refusal(m *wire.Error) error {
	if m.Fatal {
		if !m.Retry {
			c.fatal = codecollab.Errorf(codecollab.Invalid, m.Code, "%s", m.Message)
		}
		return errOver
	}
	if c.state.Held() {
		time.AfterFunc(longestPause/8+rand.N(longestPause/8), func() { c.With((*State).Release) })
	}
	return nil
}
