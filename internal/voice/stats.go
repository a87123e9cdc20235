package voice

import "time"

// Stats are what voice is like on this node now, and what it has done since it began.
type Stats struct {
	Rooms  []RoomStats
	People int
	// Totals since the start; they only grow.
	Calls                int64 // that were begun
	PacketsIn, BytesIn   int64
	PacketsOut, BytesOut int64
	LostIn, LostOut      int64 // on the way from people, and as they report on the way to them
	Excess               int64 // packets beyond what one person may send
	Withheld             int64 // of people who are muted
	RelayPackets         int64
	RelayBytes           int64
	Allocations          int // of the relay, now
}

// RoomStats are of one room, now.
type RoomStats struct {
	Room                 string
	People, Speaking     int
	PacketsIn, BytesIn   int64 // since people are there who are there now
	PacketsOut, BytesOut int64
	LostIn               int64
	Jitter               time.Duration // the largest of somebody's
	BitsIn, BitsOut      int64         // a second, lately
}

// tally is what is known of the calls of some people, together.
type tally struct {
	packetsIn, bytesIn, packetsOut, bytesOut, lostIn, lostOut, excess, withheld int64
}

func (t *tally) add(m *member) {
	c := &m.src.count
	t.packetsIn += c.packets.Load()
	t.bytesIn += c.bytes.Load()
	t.lostIn += max(0, c.lost.Load())
	t.excess += c.excess.Load()
	t.withheld += c.withheld.Load()
	if m.conn == nil {
		return
	}
	t.lostOut += m.conn.toThem.lost.Load()
	for _, s := range m.conn.slots {
		t.packetsOut += s.sent.Load()
		t.bytesOut += s.sentByte.Load()
	}
}

func (t *tally) plus(o tally) {
	t.packetsIn += o.packetsIn
	t.bytesIn += o.bytesIn
	t.packetsOut += o.packetsOut
	t.bytesOut += o.bytesOut
	t.lostIn += o.lostIn
	t.lostOut += o.lostOut
	t.excess += o.excess
	t.withheld += o.withheld
}

// stats are those of the room, and all of its calls so far.
func (s *stage) stats(now time.Time) (RoomStats, tally) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := RoomStats{Room: s.room, People: len(s.people)}
	var here tally
	for _, m := range s.people {
		here.add(m)
		if loud, _ := m.src.meter.now(now); !m.src.closed() && step(loud) > 0 {
			r.Speaking++
		}
		r.Jitter = max(r.Jitter, time.Duration(m.src.count.jitterSeconds()*float64(time.Second)))
	}
	r.PacketsIn, r.BytesIn, r.PacketsOut, r.BytesOut, r.LostIn = here.packetsIn, here.bytesIn, here.packetsOut, here.bytesOut, here.lostIn
	r.BitsIn, r.BitsOut = s.rate.in, s.rate.out
	all := s.past
	all.plus(here)
	return r, all
}

// bandwidth is what a room takes, in bits a second.
type bandwidth struct {
	at                time.Time
	bytesIn, bytesOut int64 // by then
	in, out           int64
}

// measure is called now and then, and looks how much has come and gone since.
func (s *stage) measure(now time.Time) {
	_, all := s.stats(now)
	s.mu.Lock()
	defer s.mu.Unlock()
	if passed := now.Sub(s.rate.at).Seconds(); !s.rate.at.IsZero() && passed > 0 {
		s.rate.in = int64(float64(all.bytesIn-s.rate.bytesIn) * 8 / passed)
		s.rate.out = int64(float64(all.bytesOut-s.rate.bytesOut) * 8 / passed)
	}
	s.rate.at, s.rate.bytesIn, s.rate.bytesOut = now, all.bytesIn, all.bytesOut
}

// Stats are those of this node.
func (d *Desk) Stats() Stats {
	now := time.Now()
	var out Stats
	d.mu.Lock()
	all := d.past
	stages := make([]*stage, 0, len(d.stages))
	for _, s := range d.stages {
		stages = append(stages, s)
	}
	d.mu.Unlock()
	for _, s := range stages {
		r, t := s.stats(now)
		all.plus(t)
		if r.People > 0 {
			out.Rooms = append(out.Rooms, r)
			out.People += r.People
		}
	}
	out.Calls = d.opt.places.begun()
	out.PacketsIn, out.BytesIn, out.PacketsOut, out.BytesOut = all.packetsIn, all.bytesIn, all.packetsOut, all.bytesOut
	out.LostIn, out.LostOut, out.Excess, out.Withheld = all.lostIn, all.lostOut, all.excess, all.withheld
	if r := d.opt.Turn; r != nil {
		out.RelayPackets, out.RelayBytes, out.Allocations = r.Packets.Load(), r.Bytes.Load(), r.Allocations()
	}
	return out
}
