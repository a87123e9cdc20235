package runner

import (
	"context"
	"net/http"
	"strconv"
)

// gate lets a number of jobs in at a time and a number wait; beyond that it refuses.
type gate struct {
	slots   chan struct{} // holds one for every running job
	waiting chan struct{} // holds one for every job that runs or waits
}

func newGate(running, waiting int) *gate {
	return &gate{make(chan struct{}, running), make(chan struct{}, running+waiting)}
}

// errFull is the answer when as many wait as may.
var errFull = &httpError{http.StatusTooManyRequests, "the runner is full; try again in a moment"}

// enter waits for a turn. The caller calls release when its job is over.
func (g *gate) enter(ctx context.Context) (release func(), err error) {
	select {
	case g.waiting <- struct{}{}:
	default:
		return nil, errFull
	}
	select {
	case g.slots <- struct{}{}:
		return func() { <-g.slots; <-g.waiting }, nil
	case <-ctx.Done():
		<-g.waiting
		return nil, ctx.Err()
	}
}

func (g *gate) full() bool { return len(g.waiting) == cap(g.waiting) }

// headers tell a scheduler how busy this runner is.
func (g *gate) headers(h http.Header) {
	running := len(g.slots)
	h.Set("X-Runner-Capacity", strconv.Itoa(cap(g.slots)))
	h.Set("X-Runner-Running", strconv.Itoa(running))
	h.Set("X-Runner-Waiting", strconv.Itoa(max(0, len(g.waiting)-running)))
}
