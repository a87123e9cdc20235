package provider

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"codecollab.dev"
)

// Options are the settings of a chain. All must be set.
type Options struct {
	First time.Duration // an endpoint that says no word for so long has failed
	Whole time.Duration // so has one whose answer is not whole by then
	Hedge time.Duration // the next endpoint is asked beside one that has said nothing for so long; 0: never
	Wait  time.Duration // the longest that a busy endpoint is waited for when there is no other
	Log   *slog.Logger
	Now   func() time.Time
}

// Chain is endpoints in the order in which they are asked.
type Chain struct {
	opt     Options
	caller  *caller
	members []*member
}

// New makes a chain. Without endpoints it answers nothing.
func New(opt Options, endpoints ...Endpoint) *Chain {
	c := &Chain{opt: opt, caller: newCaller(opt.First, opt.Whole)}
	for _, e := range endpoints {
		c.members = append(c.members, &member{Endpoint: e, now: opt.Now})
	}
	return c
}

// Endpoints are those of the chain, in order.
func (c *Chain) Endpoints() []Endpoint {
	out := make([]Endpoint, len(c.members))
	for i, m := range c.members {
		out[i] = m.Endpoint
	}
	return out
}

// State is how an endpoint does, for whoever looks after it.
type State struct {
	Name, Model, Place string
	Rests              bool // it has failed, and is left alone for now
	Why                string
}

// States are those of all endpoints, in order.
func (c *Chain) States() []State {
	out := make([]State, len(c.members))
	for i, m := range c.members {
		rests := m.wait() > 0
		m.mu.Lock()
		out[i] = State{Name: m.Name, Model: m.Model, Place: m.Place(), Rests: rests, Why: m.why}
		m.mu.Unlock()
	}
	return out
}

// Piece is a part of an answer as it comes. Restart voids what came before: its endpoint broke off, and another one begins.
type Piece struct {
	Endpoint *Endpoint
	Text     string
	Restart  bool
}

// Ask returns the answer of the first endpoint that gives one, and tells on of it as it comes, in this goroutine. Errors:
// "no_provider" (Unavailable) when none does, with the failures as its cause; that of ctx when it ended.
func (c *Chain) Ask(ctx context.Context, req Request, on func(Piece)) (Answer, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	q := &asking{chain: c, ctx: ctx, req: &req, on: on, left: slices.Clone(c.members), news: make(chan news)}
	return q.run()
}

// tries is how often one endpoint is asked for one answer.
const tries = 2

// asking is one call of Ask.
type asking struct {
	chain    *Chain
	ctx      context.Context
	req      *Request
	on       func(Piece)
	left     []*member // not asked yet
	tried    map[*member]int
	news     chan news
	running  []*attempt
	winner   *attempt // the one that has spoken first
	spoke    bool     // something was told to on
	failures []error
}

type attempt struct {
	member *member
	stop   context.CancelFunc
}

// news is what an attempt says: a piece of text, or its end.
type news struct {
	from   *attempt
	text   string
	ended  bool
	answer Answer
	err    error
}

func (q *asking) run() (Answer, error) {
	q.tried = map[*member]int{}
	for {
		if len(q.running) == 0 && !q.next() {
			if err := q.waitForBusy(); err != nil {
				return Answer{}, err
			}
			continue
		}
		if a, done := q.listen(); done {
			return a, nil
		}
		if err := q.ctx.Err(); err != nil {
			return Answer{}, err
		}
	}
}

// next asks the next endpoint that may be asked; false when there is none.
func (q *asking) next() bool {
	for len(q.left) > 0 {
		m := q.left[0]
		q.left = q.left[1:]
		if q.tried[m] < tries && m.enter() {
			q.start(m)
			return true
		}
	}
	return false
}

func (q *asking) start(m *member) {
	q.tried[m]++
	if q.req.Sent != nil {
		q.req.Sent(&m.Endpoint)
	}
	ctx, stop := context.WithCancel(q.ctx)
	at := &attempt{member: m, stop: stop}
	q.running = append(q.running, at)
	go func() {
		defer stop()
		a, err := q.chain.caller.call(ctx, &m.Endpoint, q.req, func(text string) { q.tell(ctx, news{from: at, text: text}) })
		f, _ := errors.AsType[*Failure](err)
		m.leave(f, err == nil)
		q.tell(ctx, news{from: at, ended: true, answer: a, err: err})
	}()
}

// tell gives up when the attempt is over for others: nobody listens to it any more.
func (q *asking) tell(ctx context.Context, n news) {
	select {
	case q.news <- n:
	case <-ctx.Done():
	}
}

// listen waits for one thing to happen.
func (q *asking) listen() (Answer, bool) {
	var hedge <-chan time.Time
	if q.winner == nil && q.chain.opt.Hedge > 0 && len(q.left) > 0 {
		t := time.NewTimer(q.chain.opt.Hedge)
		defer t.Stop()
		hedge = t.C
	}
	select {
	case n := <-q.news:
		return q.hear(n)
	case <-hedge:
		q.next()
	case <-q.ctx.Done():
	}
	return Answer{}, false
}

func (q *asking) hear(n news) (Answer, bool) {
	switch {
	case !slices.Contains(q.running, n.from):
		return Answer{}, false // it was called off
	case !n.ended:
		q.win(n.from)
		q.on(Piece{Endpoint: &n.from.member.Endpoint, Text: n.text})
		return Answer{}, false
	case n.err == nil:
		return n.answer, true
	}
	q.lost(n)
	return Answer{}, false
}

// win lets the first that speaks go on alone. The others may be asked again should it break off.
func (q *asking) win(at *attempt) {
	if q.winner == at {
		return
	}
	for _, other := range q.running {
		if other != at {
			other.stop()
			q.left = append(q.left, other.member)
			q.tried[other.member]--
		}
	}
	q.winner, q.running = at, []*attempt{at}
	if q.spoke {
		q.on(Piece{Endpoint: &at.member.Endpoint, Restart: true})
	}
	q.spoke = true
}

// lost goes on without an endpoint that has failed.
func (q *asking) lost(n news) {
	q.running = slices.DeleteFunc(q.running, func(a *attempt) bool { return a == n.from })
	if q.winner == n.from {
		q.winner = nil
	}
	q.failures = append(q.failures, n.err)
	if q.ctx.Err() == nil {
		q.chain.opt.Log.Warn("a model gave no answer", "provider", n.from.member.Name, "err", n.err)
	}
	if f, ok := errors.AsType[*Failure](n.err); ok && f.mayPass() {
		q.left = append(q.left, n.from.member) // behind all others
	}
	q.next() // at once, also when another one is still silent
}

// mayPass reports whether the same request to the same endpoint may succeed a moment later.
func (f *Failure) mayPass() bool {
	switch f.Reason {
	case Busy, Broken, Unreached, Dropped, Empty, Garbled:
		return true
	}
	return false
}

// waitForBusy waits for the endpoint that is back first, if that is soon; else it says why nobody answers.
func (q *asking) waitForBusy() error {
	var first *member
	for _, m := range q.chain.members {
		if q.tried[m] < tries && m.wait() <= q.chain.opt.Wait && (first == nil || m.wait() < first.wait()) && q.mayTry(m) {
			first = m
		}
	}
	if first == nil {
		return q.nobody()
	}
	t := time.NewTimer(first.wait())
	defer t.Stop()
	select {
	case <-t.C:
		q.left = []*member{first}
		return nil
	case <-q.ctx.Done():
		return q.ctx.Err()
	}
}

// mayTry reports whether waiting helps: the endpoint is at rest, or it was busy.
func (q *asking) mayTry(m *member) bool { return m.wait() > 0 }

func (q *asking) nobody() error {
	if err := q.ctx.Err(); err != nil {
		return err
	}
	message := "No model answers at the moment."
	if len(q.chain.members) == 0 {
		message = "No model is set up on this server."
	}
	return &codecollab.Error{Kind: codecollab.Unavailable, Code: "no_provider", Message: message, Err: errors.Join(q.failures...)}
}
