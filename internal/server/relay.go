package server

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"sync"
	"time"

	"codecollab.dev"
)

// Others are the other nodes of an installation: a bus that may lose messages.
type Others interface {
	Publish(topic string, message []byte)
	// Follow calls f for every message from then on, and whole once it is heard.
	Follow(topic string, f func(message []byte), whole func()) (cancel func())
}

// A request that says something on a stream may reach another node than the one that has the stream. It is passed on under the topic
// of the stream, to which that node listens while it is open, and the answer comes under the topic of the node that asks.
const (
	topicStream   = "stream/"
	topicStreamed = "streamed/"
	relayWithin   = 5 * time.Second        // an answer is waited for
	hearWithin    = 500 * time.Millisecond // a stream waits to be heard of; when the bus is away it goes on without
)

// relayed is what is passed on.
type relayed struct {
	Node   string `json:"node"` // who asks
	Ask    string `json:"ask"`
	Person string `json:"person"`
	Frame  string `json:"frame"`
}

// relayAnswer tells what became of it.
type relayAnswer struct {
	Ask   string `json:"ask"`
	Taken bool   `json:"taken"`
}

// relay passes on what is said on streams of other nodes.
type relay struct {
	others Others // nil: there are none
	self   string
	cancel func()

	mu   sync.Mutex
	asks map[string]chan bool
}

func newRelay(others Others) *relay {
	r := &relay{others: others, self: rand.Text(), asks: map[string]chan bool{}, cancel: func() {}}
	if others != nil {
		r.cancel = others.Follow(topicStreamed+r.self, r.answered, func() {})
	}
	return r
}

func (r *relay) answered(message []byte) {
	var a relayAnswer
	if json.Unmarshal(message, &a) != nil {
		return // it is asked again, on another stream
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.asks[a.Ask]; c != nil {
		c <- a.Taken
		delete(r.asks, a.Ask)
	}
}

// pass hands a frame to the node that has a stream. It returns once the session there has taken it.
func (r *relay) pass(ctx context.Context, stream, person string, frame []byte) error {
	if r.others == nil {
		return errNoStream()
	}
	ask := rand.Text()
	message, err := json.Marshal(relayed{Node: r.self, Ask: ask, Person: person, Frame: string(frame)})
	if err != nil {
		return err
	}
	taken := make(chan bool, 1)
	r.mu.Lock()
	r.asks[ask] = taken
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.asks, ask)
	}()
	r.others.Publish(topicStream+stream, message)
	within, cancel := context.WithTimeout(ctx, relayWithin)
	defer cancel()
	select {
	case ok := <-taken:
		if ok {
			return nil
		}
	case <-within.Done():
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return errNoStream()
}

// hear has a stream take what other nodes pass on, until cancel.
func (r *relay) hear(id string, l *stream) (cancel func()) {
	if r.others == nil {
		return func() {}
	}
	heard := make(chan struct{})
	cancel = r.others.Follow(topicStream+id, r.takeFor(l), sync.OnceFunc(func() { close(heard) }))
	select {
	case <-heard:
	case <-time.After(hearWithin):
	case <-l.ctx.Done():
	}
	return cancel
}

func (r *relay) takeFor(l *stream) func([]byte) {
	return func(message []byte) {
		var m relayed
		if json.Unmarshal(message, &m) != nil {
			return
		}
		go func() { // a client says the next only after the answer to this, so that their order stays
			taken := m.Person == l.person && len(m.Frame) <= l.limit && l.take(l.ctx, []byte(m.Frame)) == nil
			if answer, err := json.Marshal(relayAnswer{m.Ask, taken}); err == nil {
				r.others.Publish(topicStreamed+m.Node, answer)
			}
		}()
	}
}

func errNoStream() error {
	return codecollab.Errorf(codecollab.NotFound, "no_stream", "This stream has ended; open another one.")
}
