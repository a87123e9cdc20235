package voice

import (
	"math"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
)

// counts are what is known of a stream that comes in. heard is called by one goroutine, the rest may be read by any.
type counts struct {
	packets, bytes   atomic.Int64
	lost             atomic.Int64  // never came, as far as is known
	excess, withheld atomic.Int64  // more than one may send; of somebody who is muted
	jitter           atomic.Uint64 // in seconds, as bits of a float64

	began   bool
	highest uint16
	transit float64
}

// heard counts a packet: RFC 3550, appendix A.8 for jitter; a loss is a number that was jumped over and has not come later.
func (c *counts) heard(p *rtp.Packet, now time.Time) {
	c.packets.Add(1)
	c.bytes.Add(int64(len(p.Payload)))
	transit := float64(now.UnixMicro())/1e6 - float64(p.Timestamp)/clockRate
	if !c.began {
		c.began, c.highest, c.transit = true, p.SequenceNumber, transit
		return
	}
	switch ahead := int16(p.SequenceNumber - c.highest); {
	case ahead > 0:
		c.lost.Add(int64(ahead) - 1)
		c.highest = p.SequenceNumber
	case ahead < 0 && c.lost.Load() > 0:
		c.lost.Add(-1)
	}
	d := math.Abs(transit - c.transit)
	c.transit = transit
	if d < 1 { // else the timestamps began anew
		j := math.Float64frombits(c.jitter.Load())
		c.jitter.Store(math.Float64bits(j + (d-j)/16))
	}
}

func (c *counts) jitterSeconds() float64 { return math.Float64frombits(c.jitter.Load()) }
