package voice

import (
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// A test of the connection lasts so long at most, and is not counted among those who talk; so there may be few at a time.
const (
	testFor   = 20 * time.Second
	testsMost = 8 // in a room
)

// test answers the offer of a connection test: what comes goes back to whom it came from, and nobody else hears it.
func (s *stage) test(n newcomer) (*wire.VoiceAnswer, error) {
	way := Way(n.offer.Test)
	if !s.engine.offers(way) {
		return nil, codecollab.Errorf(codecollab.Invalid, codeCall, "This server offers no way for voice that is called %.20q.", n.offer.Test)
	}
	s.mu.Lock()
	old, many := s.tests[n.client], len(s.tests)
	s.mu.Unlock()
	if old != nil {
		s.end(old, "", "", false)
	} else if many >= testsMost {
		return nil, codecollab.Errorf(codecollab.Limit, codeFull, "%d people in this room test their connection. Try again in half a minute.", many)
	}
	m := &member{client: n.client, person: n.person, call: n.offer.Call, src: &source{client: n.client}, tested: way}
	conn, sdp, err := s.engine.call(n.offer.SDP, callOptions{
		way: way, echo: true, slots: 1, src: m.src,
		hears: func(time.Time) {},
		lost:  func(bool) {},
		gone:  func() { go s.end(m, "", "", false) },
	})
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	m.conn = conn
	s.tests[n.client] = m
	m.away = time.AfterFunc(testFor, func() { s.end(m, "stopped", "The test is over.", false) })
	s.mu.Unlock()
	return m.answer(sdp), nil
}

// offers reports whether the engine can be reached in a way.
func (e *Engine) offers(way Way) bool {
	switch way {
	case ByUDP, ByRelay:
		return e.udpPort != 0
	case ByTCP:
		return len(e.ports) > 0
	}
	return false
}
