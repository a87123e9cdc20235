package provider

import (
	"sync"
	"time"
)

// An endpoint that fails so often in a row is left alone for a while; then one request tries whether it is back.
const (
	failuresMost = 3
	restFirst    = 10 * time.Second
	restMost     = 5 * time.Minute
)

// member is an endpoint of a chain, and how it has been.
type member struct {
	Endpoint
	now func() time.Time

	mu       sync.Mutex // guards all below
	failures int        // in a row
	rest     time.Duration
	till     time.Time // it is left alone until then
	trying   bool      // after a rest, one request tries
	why      string    // the last failure
}

// enter asks whether the endpoint may be asked now; each true needs one leave.
func (m *member) enter() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.now().Before(m.till) || m.failures >= failuresMost && m.trying {
		return false
	}
	m.trying = true
	return true
}

// leave tells how the request went. A request that was called off says nothing about the endpoint.
func (m *member) leave(f *Failure, answered bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.trying = false
	switch {
	case answered:
		m.failures, m.rest, m.till, m.why = 0, 0, time.Time{}, ""
		return
	case f == nil:
		return
	}
	m.why = f.Error()
	switch f.Reason {
	case Busy:
		m.till = later(m.till, m.now().Add(max(f.After, time.Second)))
		return
	case Wrong, Empty, Garbled:
		return // of this request, not of the endpoint
	case Refused:
		m.failures = failuresMost // the key does not become right by trying
	}
	if m.failures++; m.failures >= failuresMost {
		m.rest = min(max(2*m.rest, restFirst), restMost)
		m.till = later(m.till, m.now().Add(max(m.rest, f.After)))
	}
}

// wait is how long the endpoint is left alone from now on.
func (m *member) wait() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return max(0, m.till.Sub(m.now()))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
