package voice

import (
	"strings"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// offerOf is an offer as a client makes it.
func offerOf(t testing.TB, receives int) string {
	t.Helper()
	pc, err := webrtc.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	defer pc.Close()
	way := webrtc.RTPTransceiverDirectionSendonly
	for range 1 + receives {
		if _, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeAudio, webrtc.RTPTransceiverInit{Direction: way}); err != nil {
			t.Fatal(err)
		}
		way = webrtc.RTPTransceiverDirectionRecvonly
	}
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	return offer.SDP
}

func TestOffersThatAreRefused(t *testing.T) {
	t.Parallel()
	good := offerOf(t, 2)
	if s, err := checkOffer(good, false); err != nil || s.receives != 2 {
		t.Fatalf("%+v %v", s, err)
	}
	for what, offer := range map[string]string{
		"nothing":            "",
		"too long":           good + strings.Repeat("a=x:y\r\n", 10_000),
		"video":              strings.Replace(good, "m=audio", "m=video", 1),
		"a data channel":     strings.Replace(good, "m=audio", "m=application", 1),
		"no fingerprint":     strings.ReplaceAll(good, "a=fingerprint", "a=x-fingerprint"),
		"no password":        strings.ReplaceAll(good, "a=ice-pwd", "a=x-ice-pwd"),
		"no Opus":            strings.ReplaceAll(good, "opus/48000/2", "speex/8000"),
		"no mid":             strings.ReplaceAll(good, "a=mid:", "a=x-mid:"),
		"the same mid twice": strings.Replace(good, "a=mid:1", "a=mid:0", 1),
		"two microphones":    strings.Replace(good, "a=recvonly", "a=sendonly", 1),
		"no microphone":      strings.Replace(good, "a=sendonly", "a=recvonly", 1),
		"very many sections": offerOf(t, sectionsMost),
		"an echo of that":    strings.Replace(good, "a=sendonly", "a=sendrecv", 1),
	} {
		if _, err := checkOffer(offer, false); codecollab.CodeOf(err) != "bad_sdp" {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	c, answer, err := h.engine.call(strings.ReplaceAll(offerOf(t, 3), "a=rtcp-mux\r\n", "a=rtcp-mux\r\na=extmap:1 "+levelURI+"\r\n"), callOptions{slots: 2, src: &source{}, hears: func(time.Time) {}, lost: func(bool) {}, gone: func() {}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	for _, want := range []string{"a=ice-lite", "useinbandfec=1", "usedtx=1", "maxaveragebitrate=32000", "typ host tcptype passive", " udp ", levelURI} {
		if !strings.Contains(answer, want) {
			t.Errorf("the answer has no %q:\n%s", want, answer)
		}
	}
	if len(c.slots) != 2 || c.slots[0].mid == "" || c.slots[0].mid == c.slots[1].mid {
		t.Errorf("slots: %+v", c.slots)
	}
	if n := strings.Count(answer, " cname:"); n != 2 {
		t.Errorf("%d sections have somebody:\n%s", n, answer)
	}
}

// Whatever is offered is answered or refused, and breaks nothing.
func FuzzOffer(f *testing.F) {
	good := offerOf(f, 2)
	f.Add(good)
	f.Add(strings.Replace(good, "a=sendonly", "a=sendrecv", 1))
	f.Add(strings.ReplaceAll(good, "UDP/TLS/RTP/SAVPF", "RTP/AVP"))
	f.Add(strings.Replace(good, "a=group:BUNDLE 0 1 2", "a=group:BUNDLE 9", 1))
	f.Add("v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 X 0\r\n")
	engine, err := NewEngine(EngineOptions{UDP: "127.0.0.1:0", Most: 10, Bitrate: 32000, Lost: time.Second, Log: quiet()})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = engine.Close() })
	f.Fuzz(func(t *testing.T, offer string) {
		for _, echo := range []bool{false, true} {
			c, answer, err := engine.call(offer, callOptions{echo: echo, slots: 3, src: &source{}, hears: func(time.Time) {}, lost: func(bool) {}, gone: func() {}})
			switch {
			case err != nil && codecollab.CodeOf(err) != "bad_sdp":
				t.Errorf("%v", err)
			case err == nil && !strings.HasPrefix(answer, "v=0"):
				t.Errorf("%q", answer)
			}
			if c != nil && err == nil {
				_, _ = c.restart(offer)
				c.close()
			}
		}
	})
}

// In a room larger than can be heard at once the loudest are heard, and somebody who begins to speak becomes one of them.
func TestACrowd(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(_ *EngineOptions, o *Options) { o.Slots = 2 })
	all := make([]*person, 6)
	for i, name := range []string{"ann", "ben", "cyd", "dan", "eve", "fay"} {
		all[i] = h.person("r1", name).join(joining{})
	}
	ann, ben, cyd, dan, eve := all[0], all[1], all[2], all[3], all[4]
	ben.says(20)
	cyd.says(20)
	ann.hears("ben")
	ann.hears("cyd")
	dan.says(90) // that is a noise in the background
	ann.hearsNot("dan", "ben")
	ben.talks.Store(false)
	eve.says(25)
	ann.hears("eve")
	ann.hears("cyd")
	within(t, "ann is told that eve has a slot", func() bool {
		m, ok := last[*wire.VoiceSlots](ann)
		if !ok || len(m.Slots) != 2 {
			return false
		}
		return m.Slots[0].Client == eve.id() || m.Slots[1].Client == eve.id()
	})
	cyd.hears("eve")
	eve.hears("cyd")
	for id, seqs := range ann.sequences() {
		for i := 1; i < len(seqs); i++ {
			if jump := int16(seqs[i] - seqs[i-1]); jump != 1 {
				t.Errorf("slot %s: number %d comes after %d", id, seqs[i], seqs[i-1])
				break
			}
		}
	}
}

func (p *person) sequences() map[string][]uint16 {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := map[string][]uint16{}
	for id, s := range p.seqs {
		out[id] = append([]uint16(nil), s...)
	}
	return out
}

// A connection test sends back what comes, by the way that is tested, and nobody else hears it.
func TestTheConnectionTest(t *testing.T) {
	t.Parallel()
	h, ann, _, _ := three(t)
	for _, way := range []Way{ByUDP, ByTCP, ByRelay} {
		p := h.person("r1", "test"+string(way))
		p.echo(way)
		p.says(10).hears(p.name)
		if _, in := ann.inVoice(p.id()); in || ann.from(p.name) > 0 {
			t.Errorf("%s: who tests is in voice", way)
		}
		p.seat.Handle(&wire.VoiceLeave{Call: p.call})
	}
}

// echo is what a page does to test a way.
func (p *person) echo(way Way) {
	p.t.Helper()
	j := joining{tcp: way == ByTCP, relay: way == ByRelay}
	if j.relay {
		j.ice = servers(p.ways(), "udp")
	}
	p.connection(j)
	tr, err := p.pc.AddTransceiverFromTrack(p.track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendrecv})
	if err != nil {
		p.t.Fatal(err)
	}
	offer, err := p.pc.CreateOffer(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(offer); err != nil {
		p.t.Fatal(err)
	}
	<-gathered
	p.call = "test00000000"
	p.seat.Handle(&wire.VoiceOffer{Call: p.call, SDP: offer.SDP, Test: string(way)})
	a := await(p, anyOf[*wire.VoiceAnswer])
	for _, other := range []string{" udp ", " tcp "} {
		if has := strings.Contains(a.SDP, other); has != (strings.Contains(other, "tcp") == (way == ByTCP)) {
			p.t.Errorf("%s: the answer is\n%s", way, a.SDP)
		}
	}
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: a.SDP}); err != nil {
		p.t.Fatal(err)
	}
	p.up()
	go p.speak(tr.Sender(), p.track)
}
