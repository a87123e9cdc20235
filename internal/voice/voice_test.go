package voice

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/pion/webrtc/v4"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// three are three people who talk with each other.
func three(t *testing.T) (h *house, ann, ben, cyd *person) {
	t.Helper()
	h = newHouse(t, nil)
	ann, ben, cyd = h.person("r1", "ann"), h.person("r1", "ben"), h.person("r1", "cyd")
	ann.join(joining{}).says(20)
	ben.join(joining{}).says(30)
	cyd.join(joining{}).says(30)
	ann.hears("ben")
	ann.hears("cyd")
	return h, ann, ben, cyd
}

func (p *person) id() string { return p.seat.who.Client }

// inVoice is who is in voice, as the person was told last.
func (p *person) inVoice(client string) (wire.VoicePerson, bool) {
	m, ok := last[*wire.VoicePeople](p)
	if !ok {
		return wire.VoicePerson{}, false
	}
	i := slices.IndexFunc(m.People, func(one wire.VoicePerson) bool { return one.Client == client })
	if i < 0 {
		return wire.VoicePerson{}, false
	}
	return m.People[i], true
}

func TestPeopleHearEachOther(t *testing.T) {
	t.Parallel()
	h, ann, ben, _ := three(t)
	ben.hears("ann")
	if n := ann.from("ann"); n > 0 {
		t.Errorf("ann hears herself, %d times", n)
	}
	within(t, "ann is told in which slot ben is", func() bool {
		m, ok := last[*wire.VoiceSlots](ann)
		return ok && slices.ContainsFunc(m.Slots, func(s wire.VoiceSlot) bool { return s.Client == ben.id() && slices.Contains(ann.remote, s.Mid) })
	})
	within(t, "ann is told that ben speaks", func() bool {
		m, ok := last[*wire.VoiceLevels](ann)
		return ok && slices.ContainsFunc(m.People, func(l wire.VoiceLevel) bool { return l.Client == ben.id() && l.Level > 0 })
	})
	late := h.person("r1", "late") // not in voice
	if p, ok := late.inVoice(ben.id()); !ok || p.Person != "ben" || p.Muted || p.Silent {
		t.Errorf("who comes into the room later is told %+v", p)
	}
	other := h.person("r2", "other")
	if m, ok := last[*wire.VoicePeople](other); !ok || m.Engine != "sfu" || len(m.People) > 0 {
		t.Errorf("somebody in another room is told %+v", m)
	}
}

func TestRoomsDoNotHearEachOther(t *testing.T) {
	t.Parallel()
	h, ann, _, _ := three(t)
	dan := h.person("r2", "dan").join(joining{}).says(10)
	eve := h.person("r2", "eve").join(joining{}).says(10)
	dan.hears("eve")
	ann.hears("ben")
	eve.hears("dan")
	if ann.from("dan")+dan.from("ann")+dan.from("ben") > 0 {
		t.Error("a voice has left its room")
	}
}

func TestMutingOneself(t *testing.T) {
	t.Parallel()
	_, ann, ben, _ := three(t)
	ben.seat.Handle(&wire.VoiceMute{Muted: true})
	ann.hearsNot("ben", "cyd")
	within(t, "ann sees that ben is muted", func() bool { p, ok := ann.inVoice(ben.id()); return ok && p.Muted && !p.Silent })
	ben.seat.Handle(&wire.VoiceMute{Muted: false})
	ann.hears("ben")
}

func TestJoiningMuted(t *testing.T) {
	t.Parallel()
	h, ann, _, _ := three(t)
	dan := h.person("r1", "dan").join(joining{muted: true}).says(10)
	dan.hears("ann")
	ann.hearsNot("dan", "cyd")
}

// An owner's mute is a right that is taken away: nothing comes through, whatever the client says and sends.
func TestAnOwnerMutesSomebodyWhoTalks(t *testing.T) {
	t.Parallel()
	h, ann, ben, _ := three(t)
	muted := error(codecollab.Errorf(codecollab.Forbidden, "muted", "An owner of this room has muted you."))
	ben.may.Store(&muted)
	h.desk.Rights("r1")
	ann.hearsNot("ben", "cyd")
	within(t, "ann sees it", func() bool { p, ok := ann.inVoice(ben.id()); return ok && p.Silent })
	ben.seat.Handle(&wire.VoiceMute{Muted: false})
	ann.hearsNot("ben", "cyd")
	ben.hears("ann") // and goes on hearing the others
	ben.restart()
	ann.hearsNot("ben", "cyd")
	ben.close()
	again := h.person("r1", "ben2")
	again.may.Store(&muted)
	again.join(joining{}).says(5)
	again.hears("ann")
	ann.hearsNot("ben2", "cyd")
	again.may.Store(nil)
	h.desk.Rights("r1")
	ann.hears("ben2")
}

func TestARightThatIsTakenAway(t *testing.T) {
	t.Parallel()
	h, ann, ben, _ := three(t)
	removed := error(codecollab.Errorf(codecollab.Forbidden, "removed", "An owner of this room has removed you from it."))
	ben.may.Store(&removed)
	h.desk.Rights("r1")
	ended := await(ben, anyOf[*wire.VoiceEnded])
	if ended.Code != "removed" || ended.Retry || ended.Call != ben.call {
		t.Errorf("%+v", ended)
	}
	ann.hearsNot("ben", "cyd")
	if _, ok := ann.inVoice(ben.id()); ok {
		t.Error("ben is still in voice")
	}
	ben.seat.Handle(&wire.VoiceAsk{})
	if r := await(ben, anyOf[*wire.VoiceRefused]); r.Code != "removed" {
		t.Errorf("%+v", r)
	}
}

func TestLeavingAndComingBack(t *testing.T) {
	t.Parallel()
	_, ann, ben, cyd := three(t)
	ben.seat.Handle(&wire.VoiceLeave{Call: ben.call})
	within(t, "ben is out of voice", func() bool { _, ok := ann.inVoice(ben.id()); return !ok })
	ann.hearsNot("ben", "cyd")
	_ = ben.pc.Close()
	ben.join(joining{})
	ann.hears("ben")
	cyd.hears("ben")
	ben.hears("ann")
}

// restart is what a page does when the network has changed.
func (p *person) restart() {
	p.t.Helper()
	p.negotiate(joining{}, &webrtc.OfferOptions{ICERestart: true})
	p.up()
}

func TestAnotherNetwork(t *testing.T) {
	t.Parallel()
	_, ann, ben, _ := three(t)
	before := ben.pc.LocalDescription().SDP
	ben.restart()
	if ufrag(before) == ufrag(ben.pc.LocalDescription().SDP) {
		t.Fatal("that was no restart")
	}
	ann.hears("ben")
	ben.hears("ann")
}

func ufrag(sdp string) string {
	_, rest, _ := strings.Cut(sdp, "a=ice-ufrag:")
	one, _, _ := strings.Cut(rest, "\r\n")
	return one
}

// The connection to the room is lost and comes back: the call goes on.
func TestTheRoomsConnectionIsLost(t *testing.T) {
	t.Parallel()
	_, ann, ben, _ := three(t)
	ben.seat.Leave(false)
	ann.hears("ben")
	ben.sit("r1")
	slots := await(ben, anyOf[*wire.VoiceSlots])
	if slots.Call != ben.call {
		t.Errorf("%+v", slots)
	}
	ann.hears("ben")
	ben.restart()
	ben.seat.Leave(true) // and now ben is to be gone
	within(t, "ben is out of voice", func() bool { _, ok := ann.inVoice(ben.id()); return !ok })
	ann.hearsNot("ben", "cyd")
}

func TestACallEndsWhenNobodyComesBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(_ *EngineOptions, o *Options) { o.Grace = 50e6 })
	ann, ben := h.person("r1", "ann").join(joining{}).says(10), h.person("r1", "ben").join(joining{}).says(10)
	ann.hears("ben")
	ben.seat.Leave(false)
	within(t, "ben is out of voice", func() bool { _, ok := ann.inVoice(ben.id()); return !ok })
}

func TestTCPOnly(t *testing.T) {
	t.Parallel()
	h, ann, _, _ := three(t)
	dan := h.person("r1", "dan").join(joining{tcp: true, change: only("tcp")}).says(10)
	dan.hears("ann")
	ann.hears("dan")
}

// only leaves the candidates of one transport in an answer.
func only(transport string) func(string) string {
	return func(sdp string) string {
		var out []string
		for line := range strings.SplitSeq(sdp, "\r\n") {
			if !strings.HasPrefix(line, "a=candidate:") || strings.Contains(line, " "+transport+" ") {
				out = append(out, line)
			}
		}
		return strings.Join(out, "\r\n")
	}
}

// ways asks how one talks here.
func (p *person) ways() *wire.VoiceWays {
	p.t.Helper()
	p.seat.Handle(&wire.VoiceAsk{})
	return await(p, anyOf[*wire.VoiceWays])
}

func TestRelayOnly(t *testing.T) {
	t.Parallel()
	for _, transport := range []string{"udp", "tcp"} {
		t.Run(transport, func(t *testing.T) {
			h, ann, _, _ := three(t)
			dan := h.person("r1", "dan")
			dan.join(joining{relay: true, ice: servers(dan.ways(), transport)}).says(10)
			dan.hears("ann")
			ann.hears("dan")
			if h.relay.Packets.Load() == 0 || h.relay.Allocations() == 0 {
				t.Error("the relay has relayed nothing")
			}
		})
	}
}

func servers(w *wire.VoiceWays, transport string) (out []webrtc.ICEServer) {
	for _, s := range w.ICE {
		for _, u := range s.URLs {
			if strings.HasSuffix(u, "transport="+transport) {
				out = append(out, webrtc.ICEServer{URLs: []string{u}, Username: s.Username, Credential: s.Credential})
			}
		}
	}
	return out
}

func TestTooMany(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(_ *EngineOptions, o *Options) { o.Room = 2 })
	ann, ben, cyd := h.person("r1", "ann"), h.person("r1", "ben"), h.person("r1", "cyd")
	ann.join(joining{})
	ben.join(joining{})
	refused := func(p *person) *wire.VoiceRefused {
		p.connection(joining{})
		_, _ = p.pc.AddTransceiverFromTrack(p.track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
		offer, err := p.pc.CreateOffer(nil)
		if err != nil {
			t.Fatal(err)
		}
		p.seat.Handle(&wire.VoiceOffer{Call: "cccccccc", SDP: offer.SDP})
		return await(p, anyOf[*wire.VoiceRefused])
	}
	if r := refused(cyd); r.Code != "voice_full" || !r.Retry || r.Call != "cccccccc" {
		t.Errorf("%+v", r)
	}
	_ = ben.pc.Close()
	ben.join(joining{}) // another call of the same client takes the place of the first
	ben.seat.Handle(&wire.VoiceLeave{Call: ben.call})
	within(t, "there is a place", func() bool { _, ok := ann.inVoice(ben.id()); return !ok })
	_ = cyd.pc.Close()
	cyd.join(joining{})
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann := h.person("r1", "ann")
	for what, c := range map[string]struct {
		m    wire.Message
		code string
	}{
		"no SDP":              {&wire.VoiceOffer{Call: "aaaaaaaa", SDP: "hello"}, "bad_sdp"},
		"a bad call":          {&wire.VoiceOffer{Call: "A", SDP: "hello"}, "bad_call"},
		"a mute without call": {&wire.VoiceMute{Muted: true}, "no_call"},
		"leaving nothing":     {&wire.VoiceLeave{Call: "aaaaaaaa"}, "no_call"},
		"an unknown test":     {&wire.VoiceOffer{Call: "aaaaaaaa", SDP: "hello", Test: "smoke"}, "bad_call"},
		"another message":     {&wire.Ping{}, "bad_message"},
	} {
		ann.told = nil
		ann.seat.Handle(c.m)
		if r := await(ann, anyOf[*wire.VoiceRefused]); r.Code != c.code || r.Message == "" {
			t.Errorf("%s: %+v", what, r)
		}
	}
	for range 100 {
		ann.seat.Handle(&wire.VoiceLeave{Call: "aaaaaaaa"})
	}
	await(ann, func(r *wire.VoiceRefused) bool { return r.Code == "slow_down" && r.Retry })
	ben := h.person("r1", "ben")
	broken := errors.New("the database is gone")
	ben.may.Store(&broken)
	ben.seat.Handle(&wire.VoiceAsk{})
	if r := await(ben, anyOf[*wire.VoiceRefused]); r.Code != "internal" || strings.Contains(r.Message, "database") {
		t.Errorf("%+v", r)
	}
}
