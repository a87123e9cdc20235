package voice

import (
	"math"
	"sync"
	"time"
)

// Loudness counts from 0, which is silence, to 127: it is 127 less the level of RFC 6464, which counts decibels down from the
// loudest.
const (
	audible   = 77.0 // -50 dBov: whoever is louder speaks
	unknown   = 95.0 // of a packet that says no level
	rise      = 0.35 // how fast loudness follows what gets louder,
	fall      = 0.06 // and what gets quieter, packet by packet of 20 ms
	goneQuiet = 300 * time.Millisecond
	tiny      = 3 // bytes: a packet so small has nothing in it but silence, whatever its level says
)

// meter measures how loud somebody is.
type meter struct {
	mu    sync.Mutex
	loud  float64
	at    time.Time // of the last packet
	spoke time.Time // the last time that they were audible
}

// hear takes the level of one packet. ok: the packet says one.
func (m *meter) hear(level uint8, ok bool, payload int, now time.Time) {
	loud := unknown
	if ok {
		loud = 127 - float64(level&0x7f)
	}
	if payload <= tiny {
		loud = 0
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	follow := fall
	if loud > m.loud {
		follow = rise
	}
	m.loud += (loud - m.loud) * follow
	m.at = now
	if m.loud >= audible {
		m.spoke = now
	}
}

// now is how loud somebody is; who sends nothing is silent.
func (m *meter) now(now time.Time) (loud float64, spoke time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now.Sub(m.at) > goneQuiet {
		m.loud = 0
	}
	return m.loud, m.spoke
}

// reset forgets everything, of somebody who is muted.
func (m *meter) reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.loud, m.spoke = 0, time.Time{}
}

// step is loudness as people see it: 0 for silence, then 1 to 5.
func step(loud float64) int {
	if loud < audible {
		return 0
	}
	return min(5, 1+int(math.Floor((loud-audible)/9)))
}
