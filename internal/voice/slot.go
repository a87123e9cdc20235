package voice

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// slot is one stream that a listener receives. It goes on from one speaker to the next: sequence numbers and timestamps are
// rewritten so that it is one stream to the listener.
type slot struct {
	id  string
	mid string

	mu       sync.Mutex
	out      webrtc.TrackLocalWriter // nil while the connection is not up
	ssrc     uint32
	kind     uint8
	rtcp     interceptor.RTCPReader
	from     *source // who is heard; nil: nobody
	fresh    bool    // nothing of from has been sent yet
	first    uint16  // the first sequence number of from
	seqAdd   uint16
	tsAdd    uint32
	lastSeq  uint16
	lastTS   uint32
	lastAt   time.Time
	started  bool
	sent     atomic.Int64
	sentByte atomic.Int64
}

// Bind implements webrtc.TrackLocal.
func (s *slot) Bind(c webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	for _, p := range c.CodecParameters() {
		if p.MimeType != webrtc.MimeTypeOpus {
			continue
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.out, s.ssrc, s.kind, s.rtcp = c.WriteStream(), uint32(c.SSRC()), uint8(p.PayloadType), c.RTCPReader()
		return p, nil
	}
	return webrtc.RTPCodecParameters{}, webrtc.ErrUnsupportedCodec
}

// Unbind implements webrtc.TrackLocal.
func (s *slot) Unbind(webrtc.TrackLocalContext) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out = nil
	return nil
}

// ID implements webrtc.TrackLocal.
func (s *slot) ID() string { return s.id }

// RID implements webrtc.TrackLocal.
func (s *slot) RID() string { return "" }

// StreamID implements webrtc.TrackLocal. Each slot is a stream of its own, so that browsers do not hold one back for another.
func (s *slot) StreamID() string { return s.id }

// Kind implements webrtc.TrackLocal.
func (s *slot) Kind() webrtc.RTPCodecType { return webrtc.RTPCodecTypeAudio }

// give gives the slot to another speaker, or to nobody.
func (s *slot) give(to *source) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.from != to {
		s.from, s.fresh = to, true
	}
}

// tick is the time between two packets, when nothing else is known.
const tick = clockRate / 50

// write passes on a packet of a speaker, if the slot is still theirs.
func (s *slot) write(from *source, p *rtp.Packet, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.from != from || s.out == nil {
		return
	}
	header := rtp.Header{Version: 2, PayloadType: s.kind, SSRC: s.ssrc, Marker: p.Marker}
	if s.fresh {
		s.switchTo(&p.Header, now)
		header.Marker = s.started // a talkspurt begins
	} else if int16(p.SequenceNumber-s.first) < 0 && now.Sub(s.lastAt) < time.Second {
		return // it is from before the slot was theirs, and its number is that of somebody else's packet
	}
	header.SequenceNumber, header.Timestamp = p.SequenceNumber+s.seqAdd, p.Timestamp+s.tsAdd
	if ahead := int16(header.SequenceNumber - s.lastSeq); ahead > 0 || !s.started {
		s.lastSeq, s.lastTS, s.lastAt, s.started = header.SequenceNumber, header.Timestamp, now, true
	}
	if n, err := s.out.WriteRTP(&header, p.Payload); err == nil {
		s.sent.Add(1)
		s.sentByte.Add(int64(n))
	}
}

// switchTo goes on with another speaker's stream where the last one's ended.
func (s *slot) switchTo(h *rtp.Header, now time.Time) {
	s.fresh, s.first = false, h.SequenceNumber
	if !s.started {
		s.seqAdd, s.tsAdd = 0, 0
		return
	}
	passed := uint32(tick)
	if gap := now.Sub(s.lastAt); gap > 0 {
		passed = max(tick, uint32(min(gap, time.Hour)*clockRate/time.Second))
	}
	s.seqAdd = s.lastSeq + 1 - h.SequenceNumber
	s.tsAdd = s.lastTS + passed - h.Timestamp
}
