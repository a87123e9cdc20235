package server

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"codecollab.dev"
	"codecollab.dev/internal/bus"
	"codecollab.dev/internal/wire"
)

// A node that leaves says so first and goes on; then it tells its connections to move, of either kind, and takes no others.
func TestANodeHandsItsConnectionsOver(t *testing.T) {
	h := newHouse(t)
	first := h.socket(h.client)
	h.joined(first)
	h.call(h.client, "GET", "/readyz", "", http.StatusOK, nil)
	h.server.Leave()
	h.call(h.client, "GET", "/readyz", "", http.StatusServiceUnavailable, nil)
	second := h.stream(h.client) // whoever has not seen it still sends people
	second.say(joinAs("bbbbbbbb", ""))
	wait(t, second, func(*wire.Joined) bool { return true })
	first.say(`{"t":"ping"}`)
	wait(t, first, func(*wire.Pong) bool { return true })

	moved := make(chan struct{})
	go func() { defer close(moved); h.server.Move(t.Context(), 0) }()
	for _, c := range []talker{first, second} {
		wait(t, c, func(b *wire.Bye) bool { return b.Reason == "moving" && b.Retry == 0 })
	}
	<-moved
	for _, path := range []string{"/socket", "/stream"} {
		var e struct{ Code, Message string }
		h.call(h.client, "GET", "/api/v1/rooms/"+h.room+path, "", http.StatusServiceUnavailable, &e)
		if e.Code != "moving" || e.Message == "" {
			t.Errorf("%s: %+v", path, e)
		}
	}
	h.call(h.client, "GET", "/api/v1/rooms/"+h.room, "", http.StatusOK, nil) // all else is answered to the end
}

// Somebody who takes nothing is not waited for.
func TestMovingEndsWithItsTime(t *testing.T) {
	h := newHouse(t)
	h.joined(h.socket(h.client))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	h.server.Move(ctx, 1<<40)
	if err := h.server.errMoving(); codecollab.CodeOf(err) != "moving" {
		t.Error(err)
	}
}

// What is said on a stream may reach another node, which passes it on: only for the person whose stream it is.
func TestAStreamIsSpokenToByWayOfAnotherNode(t *testing.T) {
	nodes := bus.NewMemory()
	h := newHouse(t, func(o *Options) { o.Others = nodes })
	there, err := New(h.server.opt)
	if err != nil {
		t.Fatal(err)
	}
	other := httptest.NewServer(there)
	t.Cleanup(func() {
		if err := there.Close(context.Background()); err != nil {
			t.Error(err)
		}
		other.Close()
	})
	c := h.stream(h.client)
	stranger := newPerson(t)
	h.call(stranger, "GET", "/api/v1/me", "", http.StatusOK, nil)
	here := h.http.URL
	h.http.URL = other.URL // the load balancer
	defer func() { h.http.URL = here }()
	var e struct{ Code string }
	h.call(stranger, "POST", c.path, join, http.StatusNotFound, &e)
	if e.Code != "no_stream" {
		t.Errorf("somebody else's stream: %+v", e)
	}
	c.say(join)
	wait(t, c, func(*wire.Joined) bool { return true })
	for range 3 {
		c.say(`{"t":"ping"}`)
		wait(t, c, func(*wire.Pong) bool { return true })
	}
}
