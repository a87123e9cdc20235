package desk

import (
	"context"
	"errors"
	"strings"
	"time"

	"codecollab.dev/internal/hint"
	"codecollab.dev/internal/hint/privacy"
	"codecollab.dev/internal/hint/provider"
	"codecollab.dev/internal/trace"
)

// call is one question to a model.
type call struct {
	desk     *Desk
	q        *Question
	set      *privacy.Set
	findings hint.Findings
	notes    []Note
	req      provider.Request
	rec      Record
	began    time.Time

	stop    context.CancelFunc
	form    *form
	written chan struct{} // closed when the first record is written; nil while nothing has left
}

// run asks, and writes down what left and what came of it.
func (c *call) run(ctx context.Context, tell func(Piece)) (kept, error) {
	settle, err := c.desk.ledger.reserve(ctx, c.q.Room, c.q.Person, c.req.Estimate())
	if err != nil {
		return kept{}, err
	}
	asking, span := trace.Start(ctx, "hint.model")
	a, answer, err := c.ask(asking, tell)
	endModel(span, answer, err)
	if err != nil && ctx.Err() != nil {
		err = ctx.Err() // whatever it led to
	}
	// The provider wants its money for an answer that nobody sees, too; the person does not pay for it.
	charged, paid := 0, answer.Usage.In+answer.Usage.Out
	if err == nil {
		charged = paid
	}
	if err := settle(context.WithoutCancel(ctx), charged, paid); err != nil {
		c.desk.opt.Log.ErrorContext(ctx, "what a hint cost is not kept", "err", err)
	}
	c.note(ctx, a, answer, err)
	return kept{a}, err
}

func (c *call) ask(ctx context.Context, tell func(Piece)) (Answer, provider.Answer, error) {
	ctx, c.stop = context.WithCancel(ctx)
	defer c.stop()
	c.req.Sent = func(e *provider.Endpoint) {
		c.sent(ctx, e)
		tell(Piece{State: "model", Model: e.Model, Place: e.Place()})
	}
	c.begin(tell)
	answer, err := c.desk.opt.Model.Ask(ctx, c.req, func(p provider.Piece) {
		if p.Restart {
			tell(Piece{State: "again"})
			c.begin(tell)
		}
		if !c.form.add(p.Text) {
			c.stop() // no more of this is paid for
		}
	})
	if c.form.err != nil {
		// It was cut short for what it said, so nobody knows its cost.
		answer.Usage = provider.Usage{In: c.req.Estimate() - c.req.MaxTokens, Out: c.req.MaxTokens / 2}
		return Answer{}, answer, c.form.err
	}
	if err != nil {
		return Answer{}, answer, err
	}
	h, err := c.form.end()
	if err != nil {
		return Answer{}, answer, err
	}
	a := Answer{Source: "model", Model: answer.Model, Place: answer.Endpoint.Place(), Notes: c.notes}
	a.take(c.q, h)
	return a, answer, nil
}

// begin reads an answer from its beginning.
func (c *call) begin(tell func(Piece)) {
	q := c.q
	c.form = &form{
		start: hint.Hint{File: q.Ask.Program, Level: q.Ask.Level, Source: "model"}, lines: c.set.Main.Of,
		check: func(h hint.Hint) error { return hint.Check(q.Ask, c.findings, h) },
		place: func(h hint.Hint) {
			if c.rec.FirstMS == 0 {
				c.rec.FirstMS = max(1, c.desk.opt.Now().Sub(c.began).Milliseconds())
			}
			if q.showsPlace() && h.Line > 0 {
				tell(Piece{File: h.File, Line: h.Line})
			}
		},
		say: func(text string) { tell(Piece{Text: text}) },
	}
}

// sent notes that the prompt leaves for an endpoint. It is written down while the endpoint thinks, so that it is known even if
// this process does not live to hear the answer.
func (c *call) sent(ctx context.Context, e *provider.Endpoint) {
	to := e.Place()
	if e.Model != "" {
		to += " " + e.Model
	}
	c.rec.To = append(c.rec.To, to)
	if c.written != nil {
		return
	}
	var b strings.Builder
	for _, m := range c.req.Messages {
		b.WriteString(m.Role + ":\n" + m.Content + "\n")
	}
	c.rec.Sent, c.rec.Outcome, c.rec.Source = b.String(), "failed", "model"
	first := c.rec
	first.To = append([]string(nil), c.rec.To...)
	c.written = make(chan struct{})
	go func() {
		defer close(c.written)
		c.desk.write(ctx, first)
	}()
}

// note writes the whole record, when the outcome is known.
func (c *call) note(ctx context.Context, a Answer, answer provider.Answer, err error) {
	r := c.rec
	r.end(a, err, c.desk.opt.Now().Sub(c.began))
	if answer.Endpoint != nil {
		r.Model, r.Cost = answer.Model, answer.Cost()
	}
	r.TokensIn, r.TokensOut = answer.Usage.In, answer.Usage.Out
	c.desk.watch(r)
	if c.written != nil {
		<-c.written
	}
	c.desk.write(ctx, r)
}

// endModel ends the span of a model's answer.
func endModel(span *trace.Span, a provider.Answer, err error) {
	if a.Endpoint != nil {
		span.Set("codecollab.hint.provider", a.Endpoint.Name)
		span.Set("codecollab.hint.model", a.Model)
	}
	if err != nil {
		span.End("no_answer")
		return
	}
	span.End("")
}

// watch tells whoever watches what became of a question.
func (d *Desk) watch(r Record) {
	if d.opt.Watch != nil {
		d.opt.Watch(r)
	}
}

// end fills in how a question ended.
func (r *Record) end(a Answer, err error, took time.Duration) {
	r.Source, r.Model, r.Cached = a.Source, a.Model, a.Cached
	r.TotalMS = took.Milliseconds()
	if r.FirstMS == 0 {
		r.FirstMS = r.TotalMS
	}
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		r.Outcome = "cancelled"
	case errors.Is(err, errWithheld), errors.Is(err, errNonsense):
		r.Outcome, r.Why = "withheld", why(err)
	case err != nil:
		r.Outcome = "failed"
	case a.Text == "":
		r.Outcome = "nothing"
	default:
		r.Outcome = "answered"
	}
}

// why an answer is withheld.
func why(err error) string {
	switch {
	case errors.Is(err, hint.ErrLeak):
		return "leak"
	case errors.Is(err, hint.ErrContradicts):
		return "contradicts"
	case errors.Is(err, hint.ErrUnspecific):
		return "long"
	}
	return "nonsense"
}

// write keeps a record. That it cannot be kept stops no answer, but is told to whoever looks after the server.
func (d *Desk) write(ctx context.Context, r Record) {
	if err := d.opt.Store.PutHint(context.WithoutCancel(ctx), r, d.opt.RecordsMost); err != nil {
		d.opt.Log.ErrorContext(ctx, "the record of a hint is not kept", "room", r.Room, "err", err)
	}
}
