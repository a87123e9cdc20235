package server

import (
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/run"
	"codecollab.dev/internal/trace"
	"codecollab.dev/internal/wire"
)

// Watch is told what happens on connections. It must not block: people wait for it.
type Watch interface {
	// Edit tells of a batch that was accepted or refused.
	Edit(e Edit)
	// Sent tells that a connection was written events, the earliest of them durable since a time.
	Sent(since, at time.Time)
	// Echoed tells that an author was sent their own event.
	Echoed(received, at time.Time)
	// Joined tells of a connection to a room; again when its client was there before.
	Joined(again bool)
	// Checked tells that a client has compared its texts with ours, and how many differ.
	Checked(diverged int)
	// Bytes tells how much came from connections, or went to them.
	Bytes(in, out int)
}

// Edit is what became of a batch.
type Edit struct {
	Kind     string // of its event, as in package wire
	Code     string // why it was refused; "" when it was not
	Again    bool   // it had been committed before
	Received time.Time
	At       room.Stages
}

type unwatched struct{}

func (unwatched) Edit(Edit)             {}
func (unwatched) Sent(_, _ time.Time)   {}
func (unwatched) Echoed(_, _ time.Time) {}
func (unwatched) Joined(bool)           {}
func (unwatched) Checked(int)           {}
func (unwatched) Bytes(_, _ int)        {}

// echo is an edit of a connection that is durable and has not been sent back.
type echo struct {
	version  codecollab.Version
	received time.Time
	durable  time.Time
	span     *trace.Span
}

// end notes that the author was sent the event.
func (e echo) end(w Watch, at time.Time) {
	w.Echoed(e.received, at)
	e.span.Note("send", e.durable, at)
	e.span.EndAt(at, "")
}

// echoes are those of a session, guarded by its mu.
type echoes struct {
	open []echo
	sent codecollab.Version // the newest version that was written to the connection
	at   time.Time          // when
}

// done tells what became of a batch, and has its author's own event waited for.
func (c *session) done(m *wire.Batch, span *trace.Span, received time.Time, at *room.Stages, v codecollab.Version, again bool, err error) {
	e := Edit{Kind: kindOf(m), Code: refusalCode(err), Again: again, Received: received, At: *at}
	c.server.opt.Watch.Edit(e)
	noteStages(span, &e)
	if err != nil || again {
		span.End(e.Code)
		return
	}
	c.traceRun(&e, v, span)
	mine := echo{v, received, at.Durable, span}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.echoes.sent >= v {
		mine.end(c.server.opt.Watch, c.echoes.at)
		return
	}
	c.echoes.open = append(c.echoes.open, mine)
}

// wrote notes that events up to a version were sent.
func (c *session) wrote(v codecollab.Version, since time.Time) {
	if v == 0 {
		return
	}
	now := time.Now()
	c.server.opt.Watch.Sent(since, now)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.echoes.sent, c.echoes.at = v, now
	n := 0
	for ; n < len(c.echoes.open) && c.echoes.open[n].version <= v; n++ {
		c.echoes.open[n].end(c.server.opt.Watch, now)
	}
	if c.echoes.open = c.echoes.open[n:]; len(c.echoes.open) == 0 {
		c.echoes.open = nil
	}
}

// lost ends what was never sent back: the connection is over.
func (c *session) lost() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range c.echoes.open {
		e.span.End("connection_lost")
	}
	c.echoes.open = nil
}

// refusalCode is the code of an error for those who count them; "" when there is none.
func refusalCode(err error) string {
	if err == nil {
		return ""
	}
	if code := codecollab.CodeOf(err); code != "" {
		return code
	}
	return "internal"
}

// noteStages adds the stages of an edit to its span.
func noteStages(span *trace.Span, e *Edit) {
	if span == nil {
		return
	}
	span.Set("codecollab.edit.kind", e.Kind)
	span.Set("codecollab.edit.moved_on", e.At.MovedOn)
	span.Note("room.wait", e.Received, e.At.Taken)
	span.Note("room.apply", e.At.Taken, e.At.Ready)
	if e.At.Durable.After(e.At.Ready) {
		span.Note("log.append", e.At.Ready, e.At.Durable)
	}
}

// kindOf is the kind of a batch's event.
func kindOf(m *wire.Batch) string {
	if m.Body.Payload == nil {
		return "unknown"
	}
	return m.Body.Kind()
}

// traceRun adds the request to the trace of a run, which goes on with whoever works it.
func (c *session) traceRun(e *Edit, v codecollab.Version, edit *trace.Span) {
	if e.Kind != "run" || c.server.opt.Trace == nil {
		return
	}
	span := c.server.opt.Trace.Begin("run.request", trace.From{At: e.Received, Of: run.TraceOf(c.roomID, v), Part: true})
	noteStages(span, e)
	span.EndAt(e.At.Durable, "")
	edit.Set("codecollab.run.traceparent", span.Parent())
}
