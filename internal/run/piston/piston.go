// Package piston is a client of any server that speaks the Piston API v2: CodeCollab's own runner, or Piston itself
// (https://github.com/engineer-man/piston, docs/api-v2.md).
package piston

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/trace"
)

// Client runs programs on a Piston server. It satisfies run.Executor.
type Client struct {
	url   func() (string, error) // asked for each call, since a runner that was restarted has another
	token func() string
	log   *slog.Logger
	http  *http.Client

	pingEvery time.Duration // a server that does not answer one within as long is gone
	most      time.Duration // a run that takes longer will not end at all

	mu   sync.Mutex
	load Load
}

// New makes a client. url gives the server's address without "/api/v2", or "" while there is none, with the reason where
// that is known; token its bearer token, or "".
func New(url func() (string, error), token func() string, log *slog.Logger) *Client {
	return &Client{url: url, token: token, log: log, http: &http.Client{}, pingEvery: 15 * time.Second, most: 3 * time.Hour}
}

// Runtime is a language that the server has.
type Runtime struct {
	Language string   `json:"language"`
	Version  string   `json:"version"`
	Aliases  []string `json:"aliases"`
	Runtime  string   `json:"runtime"`
	Formats  bool     `json:"formats"` // addition of our runner: it has a formatter for the language
}

// Runtimes lists what the server has.
func (c *Client) Runtimes(ctx context.Context) ([]Runtime, error) {
	var out []Runtime
	return out, c.call(ctx, http.MethodGet, "/runtimes", nil, &out)
}

// refusal is an answer that says what is wrong with the request: no use in trying again.
type refusal struct{ message string }

func (r refusal) Error() string { return r.message }

// Full is the error of a server that asks to come again.
type Full struct{ After time.Duration }

func (Full) Error() string { return "the runner is full" }

func fullFor(seconds int) Full {
	if seconds <= 0 {
		return Full{fullPause}
	}
	return Full{min(time.Duration(seconds)*time.Second, mostPause)}
}

// Load is how busy our runner has said that it is; a Piston server does not, and Capacity is 0.
type Load struct {
	Capacity, Running, Waiting int
}

// Load is what the server said last.
func (c *Client) Load() Load {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.load
}

// note reads how busy the server is from an answer.
func (c *Client) note(h http.Header) {
	number := func(name string) int { n, _ := strconv.Atoi(h.Get(name)); return n } // 0 where there is none
	c.mu.Lock()
	defer c.mu.Unlock()
	c.load = Load{number("X-Runner-Capacity"), number("X-Runner-Running"), number("X-Runner-Waiting")}
}

// isOurs reports whether the server is CodeCollab's own, which takes more than Piston does.
func (c *Client) isOurs() bool { return c.Load().Capacity > 0 }

const (
	maxAnswer  = 64 << 20
	fullPause  = time.Second // when the server does not say
	mostPause  = time.Minute
	waitForURL = 200 * time.Millisecond
	urlTries   = 50 // ten seconds in all
)

// base waits a while for a server that is being started.
func (c *Client) base(ctx context.Context) (string, error) {
	why := errors.New("it has not started yet")
	for range urlTries {
		u, err := c.url()
		if u != "" {
			return strings.TrimSuffix(u, "/") + "/api/v2", nil
		}
		if err != nil {
			why = err
		}
		select {
		case <-time.After(waitForURL):
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	return "", codecollab.Errorf(codecollab.Unavailable, "no_runner", "no runner is up: %v", why)
}

// call makes one request with JSON in both directions.
func (c *Client) call(ctx context.Context, method, path string, in, out any) error {
	base, err := c.base(ctx)
	if err != nil {
		return err
	}
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, method, base+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	c.authorize(req.Header)
	traced(ctx, req.Header)
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	c.note(resp.Header)
	if err := check(resp); err != nil {
		return err
	}
	return json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(out)
}

func (c *Client) authorize(h http.Header) {
	if t := c.token(); t != "" {
		h.Set("Authorization", "Bearer "+t)
	}
}

// check turns an answer that is no success into an error.
func check(resp *http.Response) error {
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		s, _ := strconv.Atoi(resp.Header.Get("Retry-After")) // a date, or nothing, is 0
		return fullFor(s)
	case resp.StatusCode < 300:
		return nil
	}
	var m struct {
		Message string `json:"message"`
	}
	_ = json.NewDecoder(io.LimitReader(resp.Body, 64<<10)).Decode(&m) // without a message the status must do
	if m.Message == "" {
		m.Message = "the runner answered " + resp.Status
	}
	if resp.StatusCode == http.StatusBadRequest || resp.StatusCode == http.StatusRequestEntityTooLarge {
		return refusal{m.Message}
	}
	return fmt.Errorf("%s (%d)", m.Message, resp.StatusCode)
}

// traced tells the runner which trace its work is a part of.
func traced(ctx context.Context, h http.Header) {
	if parent := trace.Of(ctx).Parent(); parent != "" {
		h.Set("Traceparent", parent)
	}
}
