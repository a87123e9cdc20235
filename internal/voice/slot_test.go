package voice

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/pion/rtp"
)

// outbox is what a listener gets of a slot.
type outbox struct {
	headers []rtp.Header
	from    []byte
}

func (o *outbox) WriteRTP(h *rtp.Header, payload []byte) (int, error) {
	o.headers = append(o.headers, *h)
	o.from = append(o.from, payload[0])
	return len(payload), nil
}

func (o *outbox) Write(b []byte) (int, error) { return len(b), nil }

// A slot is one stream to the listener, whoever speaks: numbers follow each other, and timestamps go as the clock does.
func TestASlotIsOneStream(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	out := &outbox{}
	s := &slot{out: out, ssrc: 7, kind: 111}
	now := time.Unix(1000, 0)
	for who := range byte(6) {
		src := &source{}
		s.give(src)
		seq, stamp := uint16(r.Uint32()), r.Uint32()
		for range 50 {
			now = now.Add(20 * time.Millisecond)
			seq++
			stamp += tick
			s.write(src, &rtp.Packet{Header: rtp.Header{SequenceNumber: seq, Timestamp: stamp, SSRC: r.Uint32()}, Payload: []byte{who}}, now)
			s.write(&source{}, &rtp.Packet{Header: rtp.Header{SequenceNumber: seq}, Payload: []byte{99}}, now) // somebody else's, late
		}
		now = now.Add(time.Duration(r.Int64N(int64(time.Minute))))
	}
	if len(out.headers) != 300 {
		t.Fatalf("%d packets", len(out.headers))
	}
	for i, h := range out.headers {
		if h.SSRC != 7 || h.PayloadType != 111 || out.from[i] == 99 {
			t.Fatalf("packet %d: %+v of %d", i, h, out.from[i])
		}
		if i == 0 {
			continue
		}
		last := out.headers[i-1]
		if h.SequenceNumber != last.SequenceNumber+1 {
			t.Errorf("number %d comes after %d", h.SequenceNumber, last.SequenceNumber)
		}
		change := out.from[i] != out.from[i-1]
		if step := h.Timestamp - last.Timestamp; !change && step != tick || step < tick || step > 61*clockRate {
			t.Errorf("packet %d is %d after the last one", i, step)
		}
		if h.Marker != change {
			t.Errorf("packet %d of %d has the mark %v", i, out.from[i], h.Marker)
		}
	}
}

// What comes out of order stays where it was, and what is from before the slot was somebody's does not come at all.
func TestReorderedPackets(t *testing.T) {
	out := &outbox{}
	s := &slot{out: out}
	now := time.Unix(1000, 0)
	send := func(src *source, seq uint16) {
		s.write(src, &rtp.Packet{Header: rtp.Header{SequenceNumber: seq, Timestamp: uint32(seq) * tick}, Payload: []byte{1}}, now)
	}
	ann, ben := &source{}, &source{}
	s.give(ann)
	for _, seq := range []uint16{10, 11, 13, 12, 14} {
		send(ann, seq)
	}
	s.give(ben)
	for _, seq := range []uint16{65535, 65534, 0, 1} { // 65534 is from before
		send(ben, seq)
	}
	var got []uint16
	for _, h := range out.headers {
		got = append(got, h.SequenceNumber)
	}
	want := []uint16{10, 11, 13, 12, 14, 15, 16, 17}
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("%v, want %v", got, want)
		}
	}
}

func TestPace(t *testing.T) {
	var l pace
	now := time.Unix(1000, 0)
	let := 0
	for range 10_000 { // in one second
		now = now.Add(100 * time.Microsecond)
		if l.allow(80, now) {
			let++
		}
	}
	if let > 2*packetsMost+1 || let < packetsMost {
		t.Errorf("of 10,000 packets in a second %d come through", let)
	}
	var fat pace
	let = 0
	for range 500 {
		now = now.Add(20 * time.Millisecond)
		if fat.allow(1400, now) {
			let++
		}
	}
	if rate := let * 1400 / 10; rate > bytesMost*12/10 {
		t.Errorf("%d bytes a second come through", rate)
	}
}

// speakers makes candidates of how loud somebody is now; those before the mark are heard.
func TestPicking(t *testing.T) {
	now := time.Unix(1000, 0)
	person := func(loud float64, silentFor, heardFor time.Duration) candidate {
		c := candidate{src: &source{}, loud: loud, spoke: now.Add(-silentFor)}
		if heardFor > 0 {
			c.since = now.Add(-heardFor)
		}
		return c
	}
	const never, speaks = time.Hour, 0
	for name, c := range map[string]struct {
		all   []candidate
		slots int
		want  []int // indexes into all
	}{
		"nobody speaks":                     {[]candidate{person(0, never, 9), person(0, never, 9), person(0, never, 0)}, 2, []int{0, 1}},
		"free places are filled":            {[]candidate{person(0, never, 0), person(90, speaks, 0), person(80, speaks, 0)}, 2, []int{1, 2}},
		"who begins to speak is heard":      {[]candidate{person(0, time.Minute, time.Hour), person(0, time.Second, time.Hour), person(80, speaks, 0)}, 2, []int{1, 2}},
		"noise is not":                      {[]candidate{person(0, time.Minute, time.Hour), person(0, time.Second, time.Hour), person(60, never, 0)}, 2, []int{0, 1}},
		"a little louder is not enough":     {[]candidate{person(90, speaks, time.Hour), person(92, speaks, time.Hour), person(94, speaks, 0)}, 2, []int{0, 1}},
		"much louder is":                    {[]candidate{person(80, speaks, time.Hour), person(92, speaks, time.Hour), person(94, speaks, 0)}, 2, []int{1, 2}},
		"but not at once after a change":    {[]candidate{person(80, speaks, time.Millisecond), person(92, speaks, time.Hour), person(94, speaks, 0)}, 2, []int{0, 1}},
		"a breath is no pause":              {[]candidate{person(0, 200*time.Millisecond, time.Hour), person(92, speaks, time.Hour), person(80, speaks, 0)}, 2, []int{0, 1}},
		"the one who was silent for longer": {[]candidate{person(0, 2*time.Second, time.Hour), person(0, 3*time.Second, time.Hour), person(80, speaks, 0)}, 2, []int{0, 2}},
	} {
		got := map[*source]bool{}
		for _, src := range pick(c.all, c.slots, now) {
			got[src] = true
		}
		for i, one := range c.all {
			want := false
			for _, w := range c.want {
				want = want || w == i
			}
			if got[one.src] != want {
				t.Errorf("%s: person %d is heard: %v", name, i, got[one.src])
			}
		}
	}
}

func TestLoudness(t *testing.T) {
	var m meter
	now := time.Unix(1000, 0)
	hear := func(n int, level uint8, ok bool, bytes int) int {
		for range n {
			now = now.Add(20 * time.Millisecond)
			m.hear(level, ok, bytes, now)
		}
		loud, _ := m.now(now)
		return step(loud)
	}
	if s := hear(10, 127, true, 80); s != 0 {
		t.Errorf("silence is %d", s)
	}
	if s := hear(5, 20, true, 80); s < 2 {
		t.Errorf("100 ms of speech are %d", s)
	}
	if s := hear(2, 127, true, 80); s == 0 {
		t.Error("a breath ends it")
	}
	if s := hear(100, 0, true, 3); s != 0 {
		t.Errorf("who says to be loud and sends nothing is %d", s)
	}
	if s := hear(50, 0, false, 80); s == 0 {
		t.Error("who sends no level is never heard")
	}
	now = now.Add(time.Second)
	if loud, _ := m.now(now); loud != 0 {
		t.Errorf("who sends nothing any more is %v", loud)
	}
}
