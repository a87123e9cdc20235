// Package bustest has the tests that every implementation of bus.Bus must pass.
package bustest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"codecollab.dev/internal/bus"
)

// Run runs the tests. open returns two nodes of one installation that nobody else is on; of a bus within one process that is the
// same bus twice.
func Run(t *testing.T, open func(t *testing.T) (here, there bus.Bus)) {
	tests := map[string]func(t *testing.T, here, there bus.Bus){
		"everybody hears what is published, the publisher too": everybody,
		"messages of one publisher come in their order":        inOrder,
		"topics do not disturb each other":                     topics,
		"one call after the other":                             oneByOne,
		"nothing is heard after cancel":                        cancelled,
		"a slow subscriber slows nobody":                       slow,
		"who follows is told from when on it is complete":      followed,
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			here, there := open(t)
			test(t, here, there)
		})
	}
}

// patience is how long a test waits before it says that something does not come.
const patience = 20 * time.Second

// ear collects what is heard.
type ear struct {
	mu    sync.Mutex
	heard []string
	more  chan struct{}
}

func newEar() *ear { return &ear{more: make(chan struct{}, 1)} }

func (e *ear) hear(message []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard = append(e.heard, string(message))
	select {
	case e.more <- struct{}{}:
	default:
	}
}

func (e *ear) all() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.heard)
}

// until waits until what was heard is as wanted.
func (e *ear) until(t *testing.T, what string, ok func(heard []string) bool) {
	t.Helper()
	end := time.After(patience)
	for !ok(e.all()) {
		select {
		case <-e.more:
		case <-end:
			t.Fatalf("%s does not come; heard %d messages: %.200q", what, len(e.all()), e.all())
		}
	}
}

// follow hears a topic, and waits until it is complete.
func follow(t *testing.T, b bus.Bus, topic string, e *ear) (cancel func()) {
	t.Helper()
	whole := make(chan struct{}, 100)
	cancel = b.Follow(topic, e.hear, func() { whole <- struct{}{} })
	t.Cleanup(cancel)
	select {
	case <-whole:
	case <-time.After(patience):
		t.Fatal("the subscription is never complete")
	}
	return cancel
}

func everybody(t *testing.T, here, there bus.Bus) {
	one, two, three := newEar(), newEar(), newEar()
	follow(t, here, "a", one)
	follow(t, there, "a", two)
	t.Cleanup(here.Subscribe("a", three.hear))
	here.Publish("a", []byte("hello"))
	there.Publish("a", []byte("world"))
	for _, e := range []*ear{one, two, three} {
		e.until(t, "hello and world", func(heard []string) bool {
			return slices.Contains(heard, "hello") && slices.Contains(heard, "world")
		})
		if len(e.all()) != 2 {
			t.Errorf("heard %q, but two messages were published", e.all())
		}
	}
}

func inOrder(t *testing.T, here, there bus.Bus) {
	const n = 1000
	mine, theirs := newEar(), newEar()
	follow(t, here, "a", mine)
	follow(t, there, "a", theirs)
	var want []string
	for i := range n {
		want = append(want, fmt.Sprint(i))
		here.Publish("a", []byte(fmt.Sprint(i)))
	}
	for _, e := range []*ear{mine, theirs} {
		e.until(t, "the last message", func(heard []string) bool { return len(heard) >= n })
		if !slices.Equal(e.all(), want) {
			t.Errorf("out of order: %.300q", e.all())
		}
	}
}

func topics(t *testing.T, here, there bus.Bus) {
	a, b := newEar(), newEar()
	follow(t, there, "a", a)
	follow(t, there, "a/b", b)
	here.Publish("a", []byte("for a"))
	here.Publish("a/b", []byte("for b"))
	here.Publish("*", []byte("for nobody"))
	a.until(t, "a's message", func(heard []string) bool { return len(heard) > 0 })
	b.until(t, "b's message", func(heard []string) bool { return len(heard) > 0 })
	if !slices.Equal(a.all(), []string{"for a"}) || !slices.Equal(b.all(), []string{"for b"}) {
		t.Errorf("a heard %q, b %q", a.all(), b.all())
	}
}

func oneByOne(t *testing.T, here, there bus.Bus) {
	const publishers, each = 8, 50
	var inside sync.Mutex
	done := newEar()
	heard := newEar()
	follow(t, there, "ready", done)
	cancel := there.Subscribe("a", func(message []byte) {
		if !inside.TryLock() {
			t.Error("called while a call was under way")
			return
		}
		defer inside.Unlock()
		heard.hear(message)
	})
	t.Cleanup(cancel)
	follow(t, there, "a", newEar()) // so that the subscription is known to be there
	var all sync.WaitGroup
	for range publishers {
		all.Go(func() {
			for range each {
				here.Publish("a", []byte("x"))
				there.Publish("a", []byte("y"))
			}
		})
	}
	all.Wait()
	heard.until(t, "all of it", func(heard []string) bool { return len(heard) == 2*publishers*each })
}

func cancelled(t *testing.T, here, there bus.Bus) {
	gone, stays := newEar(), newEar()
	cancel := follow(t, there, "a", gone)
	follow(t, there, "a", stays)
	here.Publish("a", []byte("first"))
	gone.until(t, "the first", func(heard []string) bool { return len(heard) == 1 })
	cancel()
	cancel() // twice is harmless
	here.Publish("a", []byte("second"))
	stays.until(t, "the second", func(heard []string) bool { return len(heard) == 2 })
	if len(gone.all()) != 1 {
		t.Errorf("heard %q after cancel", gone.all())
	}
	back := newEar()
	follow(t, there, "a", back)
	here.Publish("a", []byte("third"))
	back.until(t, "the third, by one who came again", func(heard []string) bool { return slices.Contains(heard, "third") })
}

// slow keeps one subscriber busy while far more is published than may wait for it. The others hear everything, and the slow one is
// told that it has missed something.
func slow(t *testing.T, here, there bus.Bus) {
	const n, size = 200, 256 << 10
	hold, whole := make(chan struct{}), make(chan struct{}, 100)
	t.Cleanup(there.Follow("a", func([]byte) { <-hold }, func() { whole <- struct{}{} }))
	<-whole
	quick := newEar()
	follow(t, there, "b", quick)
	big := make([]byte, size)
	for i := range n {
		here.Publish("a", big)
		here.Publish("b", []byte(fmt.Sprint(i)))
		quick.until(t, "what a quick one hears", func(heard []string) bool { return len(heard) == i+1 })
	}
	close(hold)
	select {
	case <-whole:
	case <-time.After(patience):
		t.Error("the slow one was not told that it has missed something")
	}
}

func followed(t *testing.T, here, there bus.Bus) {
	order := newEar()
	complete := make(chan struct{}, 100)
	t.Cleanup(there.Follow("a", order.hear, func() { complete <- struct{}{} }))
	select {
	case <-complete:
	case <-time.After(patience):
		t.Fatal("never complete")
	}
	for i := range 100 {
		here.Publish("a", []byte(fmt.Sprint(i)))
	}
	order.until(t, "everything from then on", func(heard []string) bool { return len(heard) == 100 })
}
