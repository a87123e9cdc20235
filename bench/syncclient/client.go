package syncclient

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"

	"codecollab.dev"
	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/text"
	"codecollab.dev/internal/wire"
)

// Config says where a Client connects and as whom.
type Config struct {
	URL   string // of the server, http://host:port
	Room  string // its id, or its address: the id, a # and the key of a link
	Token string // the session's token (see Guest); empty: the server makes a new guest of every connection
	ID    string // the client id, [a-z0-9]{8,32}
	Name  string
	Color int

	Hooks   Hooks                              // called with the Client's lock held: they must not call the Client
	Message func(wire.Message)                 // called likewise, after the State has taken a message; may be nil
	Online  func(joined bool)                  // called likewise, when a connection has joined and when one that had is over; may be nil
	HTTP    *http.Client                       // nil: http.DefaultClient
	Parse   func([]byte) (wire.Message, error) // nil: wire.ParseServer; must not keep the bytes
}

// Client is one person's connection to one room, kept up until its context ends. Its methods are safe for concurrent
// use; edits may be made at any time, joined or not.
type Client struct {
	cfg  Config
	wake chan struct{} // tells the writer that there may be something to send

	mu      sync.Mutex
	state   *State
	extra   []wire.Message  // to be sent on this connection: presence, questions
	conn    *websocket.Conn // nil between connections
	beat    beat
	joins   int64         // connections that got as far as joined
	retry   time.Duration // what a bye asked for
	fatal   error         // why Run has to end
	changed chan struct{} // closed at the next change; nil when nobody waits
	done    chan struct{} // closed when Run has returned
}

// New returns a Client that does nothing before Run.
func New(cfg Config) *Client {
	if cfg.HTTP == nil {
		cfg.HTTP = http.DefaultClient
	}
	if cfg.Parse == nil {
		cfg.Parse = wire.ParseServer
	}
	return &Client{
		cfg: cfg, state: NewState(cfg.ID, cfg.Hooks),
		wake: make(chan struct{}, 1), done: make(chan struct{}),
	}
}

// Edit makes a change to a file: fn gets the local text and returns changes to it, and is called with the Client's
// lock held. The errors are those of State.Edit.
func (c *Client) Edit(file string, fn func(text.Text) ot.ChangeSet) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.state.File(file)
	if d == nil {
		return codecollab.Errorf(codecollab.NotFound, "no_file", "There is no file %s.", file)
	}
	if err := c.state.Edit(file, fn(d.Text())); err != nil {
		return err
	}
	c.touched()
	return nil
}

// Do queues something that is not an edit (see State.Do).
func (c *Client) Do(body wire.Payload) {
	c.With(func(s *State) { s.Do(body) })
}

// Send queues a message that is not a batch: presence, a check, a stop. It is lost when the connection is.
func (c *Client) Send(m wire.Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.extra = append(c.extra, m)
	c.touched()
}

// With calls fn with the State, under the lock, and sends what there is to be sent afterwards.
func (c *Client) With(fn func(*State)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	fn(c.state)
	c.touched()
}

// Joins returns how many connections have got as far as joined.
func (c *Client) Joins() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.joins
}

// Wait returns when cond holds for the State; it is asked after every change, under the lock. The error is that of the
// context, or what ended Run.
func (c *Client) Wait(ctx context.Context, cond func(*State) bool) error {
	for {
		ok, changed := c.ask(cond)
		if ok {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-c.done:
			if ok, _ := c.ask(cond); ok {
				return nil
			}
			return c.ended()
		}
	}
}

func (c *Client) ask(cond func(*State) bool) (bool, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cond(c.state) {
		return true, nil
	}
	if c.changed == nil {
		c.changed = make(chan struct{})
	}
	return false, c.changed
}

func (c *Client) ended() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fatal != nil {
		return c.fatal
	}
	return codecollab.Errorf(codecollab.Unavailable, "closed", "The client has been stopped.")
}

// Drop cuts the connection, as a network would; the Client comes back by itself.
func (c *Client) Drop() {
	c.mu.Lock()
	conn := c.conn
	c.mu.Unlock()
	if conn != nil {
		_ = conn.CloseNow()
	}
}

// touched is called, under the lock, after anything may have changed.
func (c *Client) touched() {
	if c.changed != nil {
		close(c.changed)
		c.changed = nil
	}
	if len(c.extra) == 0 && !c.state.Sendable() {
		return // most frames are other people's events: the writer need not wake for them
	}
	select {
	case c.wake <- struct{}{}:
	default:
	}
}
