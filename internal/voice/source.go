package voice

import (
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
)

// source is what comes from somebody's microphone.
type source struct {
	client string
	meter  meter
	muted  atomic.Bool             // by themselves
	silent atomic.Bool             // by an owner
	outs   atomic.Pointer[[]*slot] // where it goes
	pace   pace
	count  counts
}

// closed reports whether nothing of it is passed on.
func (s *source) closed() bool { return s.muted.Load() || s.silent.Load() }

func (s *source) slots() []*slot {
	if p := s.outs.Load(); p != nil {
		return *p
	}
	return nil
}

// take deals with a packet that has come. false: nobody may hear it.
func (s *source) take(p *rtp.Packet, level uint8, hasLevel bool, now time.Time) bool {
	s.count.heard(p, now)
	if !s.pace.allow(len(p.Payload), now) {
		s.count.excess.Add(1)
		return false
	}
	if s.closed() {
		s.count.withheld.Add(1)
		return false
	}
	s.meter.hear(level, hasLevel, len(p.Payload), now)
	return true
}

// forward sends a packet to everybody who hears the source.
func (s *source) forward(p *rtp.Packet, now time.Time) {
	for _, out := range s.slots() {
		out.write(s, p, now)
	}
}

// What a microphone may send: Opus with 10 ms a packet, at the most that it knows, and some to spare.
const (
	packetsMost = 200
	bytesMost   = 64 << 10 // 512 kbit/s
)

// pace bounds what one source sends, in packets and bytes a second. It is used by one goroutine.
type pace struct {
	at             time.Time
	packets, bytes float64
}

func (l *pace) allow(bytes int, now time.Time) bool {
	if l.at.IsZero() {
		l.packets, l.bytes = packetsMost, bytesMost
	} else if passed := now.Sub(l.at).Seconds(); passed > 0 {
		l.packets = min(packetsMost, l.packets+passed*packetsMost)
		l.bytes = min(bytesMost, l.bytes+passed*bytesMost)
	}
	l.at = now
	if l.packets < 1 || l.bytes < float64(bytes) {
		return false
	}
	l.packets--
	l.bytes -= float64(bytes)
	return true
}
