package piston

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"codecollab.dev/internal/run"
	"codecollab.dev/internal/wire"
)

// errNoConnect says that a program is better run by /execute.
var errNoConnect = errors.New("the server has no /connect for this program")

// Execute implements run.Executor. It streams over /connect, and uses /execute where that is not to be had. While the
// server is full it waits.
func (c *Client) Execute(ctx context.Context, p run.Program, on func(run.Event)) (wire.Finish, error) {
	for {
		f, err := c.Try(ctx, p, on)
		full, ok := errors.AsType[Full](err)
		if !ok {
			return f, err
		}
		select {
		case <-time.After(full.After):
		case <-ctx.Done():
			return f, ctx.Err()
		}
	}
}

// Try is Execute but for a server that is full: then the error is a Full, and nothing was told.
func (c *Client) Try(ctx context.Context, p run.Program, on func(run.Event)) (wire.Finish, error) {
	ctx, cancel := context.WithTimeout(ctx, c.most)
	defer cancel()
	f, err := c.connect(ctx, p, on)
	if errors.Is(err, errNoConnect) {
		f, err = c.post(ctx, p, on)
	}
	if r, ok := errors.AsType[refusal](err); ok {
		return wire.Finish{Stage: "run", Outcome: "failed", Message: r.words(p)}, nil
	}
	return f, err
}

// words are what people are told of a refusal.
func (r refusal) words(p run.Program) string {
	if strings.HasSuffix(r.message, "runtime is unknown") {
		return "The runner does not have the language “" + p.Language + "”. Whoever looks after the server can install it."
	}
	return sentence("The runner does not take this program: " + r.message)
}

// post runs a program with one request; its output comes at the end.
func (c *Client) post(ctx context.Context, p run.Program, on func(run.Event)) (wire.Finish, error) {
	j := newJob(p, c.isOurs())
	j.Stdin, j.terminal = p.Stdin, terminal{}
	var answer struct {
		Compile *result    `json:"compile"`
		Run     *result    `json:"run"`
		Files   []leftFile `json:"files"`
		Skipped []string   `json:"skipped"`
	}
	on(run.Event{State: "running"}) // most languages have no other stage, and it is not known yet
	if err := c.call(ctx, http.MethodPost, "/execute", j, &answer); err != nil {
		return wire.Finish{}, err
	}
	if a := answer.Compile; a != nil {
		on(run.Event{State: "compiling"})
		a.tell(on)
		if !a.ok() {
			return a.finish("compile")
		}
		on(run.Event{State: "running"})
	}
	if answer.Run == nil {
		return wire.Finish{}, errors.New("the runner's answer has no result")
	}
	answer.Run.tell(on)
	for i := range answer.Files {
		if found, err := answer.Files[i].found(); err == nil {
			on(run.Event{File: found})
		}
	}
	f, err := answer.Run.finish("run")
	f.Skipped = answer.Skipped
	return f, err
}

func (r *result) tell(on func(run.Event)) {
	on(run.Event{Stream: "stdout", Data: r.Stdout})
	on(run.Event{Stream: "stderr", Data: r.Stderr})
}
