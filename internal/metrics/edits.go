package metrics

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

func (m *Metrics) makeEdits() {
	m.edits = m.counters("edits_total", "Batches from connections, by kind of event and outcome: accepted, repeated (it had been committed before) or refused.", "kind", "outcome")
	m.refused = m.counters("edits_refused_total", "Batches that were refused, by the code that their authors were told (docs/protocol.md).", "code")
	m.stages = m.histograms("edit_stage_seconds",
		"The stages of an accepted batch: wait (for the room's loop), apply (mapped and applied), append (until it is durable).", quick, "stage")
	m.durable = m.histogram("edit_durable_seconds", "From the receipt of a batch until it is durable.", quick)
	m.echo = m.histogram("edit_echo_seconds", "From the receipt of a batch until its author was sent the event, which acknowledges it.", quick)
	m.send = m.histogram("event_send_seconds", "From an event's being durable, or read from another node, until it was written to a connection; once for each write.", quick)
	m.retries = m.counter("append_retries_total", "Appends that were tried again because another node was faster.")
	m.joins = m.counters("joins_total", "Connections that came to a room: first, or again (a client that was there before has reconnected).", "kind")
	m.checks = m.counter("checks_total", "Comparisons of a client's texts with the server's, which clients ask for now and then.")
	m.divergences = m.counter("divergences_total", "Comparisons that found a difference. It should stay 0 for ever.")
	m.received = m.counter("connection_receive_bytes_total", "Bytes of messages from connections to rooms.")
	m.sent = m.counter("connection_transmit_bytes_total", "Bytes of messages to connections to rooms.")
}

// Edit is what became of a batch. Without a code it was accepted.
type Edit struct {
	Kind, Code                      string
	Again                           bool
	Received, Taken, Ready, Durable time.Time
	Retries                         int
}

// Edited tells of a batch.
func (m *Metrics) Edited(e *Edit) {
	m.retries.Add(float64(e.Retries))
	switch {
	case e.Code != "":
		m.edits.WithLabelValues(e.Kind, "refused").Inc()
		m.refused.WithLabelValues(e.Code).Inc()
		return
	case e.Again:
		m.edits.WithLabelValues(e.Kind, "repeated").Inc()
		return
	}
	m.edits.WithLabelValues(e.Kind, "accepted").Inc()
	m.stages.WithLabelValues("wait").Observe(e.Taken.Sub(e.Received).Seconds())
	m.stages.WithLabelValues("apply").Observe(e.Ready.Sub(e.Taken).Seconds())
	m.stages.WithLabelValues("append").Observe(e.Durable.Sub(e.Ready).Seconds())
	m.durable.Observe(e.Durable.Sub(e.Received).Seconds())
}

// Sent tells that a connection was written events.
func (m *Metrics) Sent(after time.Duration) { m.send.Observe(after.Seconds()) }

// Echoed tells that an author was sent their own event.
func (m *Metrics) Echoed(after time.Duration) { m.echo.Observe(after.Seconds()) }

// Joined tells of a connection to a room.
func (m *Metrics) Joined(again bool) {
	kind := "first"
	if again {
		kind = "again"
	}
	m.joins.WithLabelValues(kind).Inc()
}

// Checked tells of a comparison of texts.
func (m *Metrics) Checked(diverged int) {
	m.checks.Inc()
	if diverged > 0 {
		m.diverged.Store(true)
		m.divergences.Inc()
	}
}

// Diverged reports whether a comparison has found a difference since the start.
func (m *Metrics) Diverged() bool { return m.diverged.Load() }

// Bytes tells how much came from connections, or went to them.
func (m *Metrics) Bytes(in, out int) {
	m.received.Add(float64(in))
	m.sent.Add(float64(out))
}

func (m *Metrics) makeRequests() {
	m.requests = m.counters("http_requests_total", "Requests by route (its pattern, never a path; none: no route, or turned away before) and status.", "route", "status")
	m.requestTime = m.histograms("http_request_seconds", "How long requests took, by route. Event streams, which go on for hours, are left out.", calm, "route")
	m.requestIn = m.counter("http_request_bytes_total", "Bytes of the bodies of requests, as far as they said how long they are.")
	m.requestOut = m.counter("http_response_bytes_total", "Bytes of the bodies of answers.")
}

// Request is a request that was answered.
type Request struct {
	Route   string // a pattern; "" is none
	Status  int
	In, Out int64
	Took    time.Duration
	Long    bool // its time says nothing
}

// Asked tells of a request.
func (m *Metrics) Asked(r Request) {
	if r.Route == "" {
		r.Route = "none"
	}
	m.requests.WithLabelValues(r.Route, strconv.Itoa(r.Status)).Inc()
	if !r.Long {
		m.requestTime.WithLabelValues(r.Route).Observe(r.Took.Seconds())
	}
	m.requestIn.Add(float64(r.In))
	m.requestOut.Add(float64(r.Out))
}

var _ prometheus.Collector = (*now)(nil)
