package voice

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"codecollab.dev/internal/wire"
)

// house is a node with voice, for tests.
type house struct {
	t      *testing.T
	desk   *Desk
	engine *Engine
	relay  *Relay
	opt    Options
}

func quiet() *slog.Logger {
	level := slog.LevelError
	if os.Getenv("CODECOLLAB_TEST_LOG") != "" {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}

func newHouse(t *testing.T, change func(*EngineOptions, *Options)) *house {
	t.Helper()
	eo := EngineOptions{UDP: "127.0.0.1:0", TCP: "127.0.0.1:0", Public: []netip.Addr{netip.MustParseAddr("127.0.0.1")}, Most: 100, Bitrate: 32000, Lost: 10 * time.Second, Log: quiet()}
	opt := Options{Slots: 5, Room: 100, All: 200, Grace: 10 * time.Second, Bitrate: 32000, Node: "n1", Log: quiet()}
	if change != nil {
		change(&eo, &opt)
	}
	engine, err := NewEngine(eo)
	if err != nil {
		t.Fatal(err)
	}
	relay, err := NewRelay(RelayOptions{UDP: "127.0.0.1:0", TCP: "127.0.0.1:0", Host: "127.0.0.1", Secret: []byte("secret"), Most: 20, Keep: time.Hour, Engine: engine, Log: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	opt.Engine, opt.Turn = engine, relay
	h := &house{t: t, engine: engine, relay: relay, opt: opt, desk: NewDesk(opt)}
	t.Cleanup(func() {
		_ = h.desk.Close()
		_ = relay.Close()
		_ = engine.Close()
	})
	return h
}

// person is somebody at the page, as far as voice can tell.
type person struct {
	t      *testing.T
	house  *house
	name   string
	may    atomic.Pointer[error]
	seat   *Seat
	pc     *webrtc.PeerConnection
	track  *webrtc.TrackLocalStaticRTP
	call   string
	level  atomic.Int32 // of what is said: 0 loud to 127
	talks  atomic.Bool
	stop   chan struct{}
	remote []string // the mids of what is received

	mu    sync.Mutex
	heard map[string]int // the first byte of payloads, which names who spoke, to packets
	seqs  map[string][]uint16
	told  []wire.Message
	moved chan struct{}
}

func (h *house) person(room, name string) *person {
	p := &person{t: h.t, house: h, name: name, heard: map[string]int{}, seqs: map[string][]uint16{}, stop: make(chan struct{}), moved: make(chan struct{}, 1)}
	p.sit(room)
	h.t.Cleanup(p.close)
	return p
}

func (p *person) sit(room string) {
	p.seat = p.house.desk.Sit(Sitter{Room: room, Client: p.name + "00000000"[:8-min(7, len(p.name))], Person: p.name, May: p.rights, Tell: p.tell}).(*Seat)
}

func (p *person) rights() error {
	if e := p.may.Load(); e != nil {
		return *e
	}
	return nil
}

func (p *person) tell(m wire.Message) {
	p.mu.Lock()
	p.told = append(p.told, m)
	p.mu.Unlock()
	select {
	case p.moved <- struct{}{}:
	default:
	}
}

func (p *person) close() {
	select {
	case <-p.stop:
	default:
		close(p.stop)
	}
	if p.pc != nil {
		_ = p.pc.Close()
	}
}

// await waits for a message that f likes.
func await[M wire.Message](p *person, f func(M) bool) M {
	p.t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		p.mu.Lock()
		for _, m := range p.told {
			if m, ok := m.(M); ok && f(m) {
				p.mu.Unlock()
				return m
			}
		}
		told := slices.Clone(p.told)
		p.mu.Unlock()
		select {
		case <-p.moved:
		case <-deadline:
			var none M
			text, _ := json.Marshal(told)
			p.t.Fatalf("%s was not told %T; but %s", p.name, none, text)
		}
	}
}

func anyOf[M wire.Message](M) bool { return true }

// last is the last message of a kind.
func last[M wire.Message](p *person) (out M, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.told {
		if m, is := m.(M); is {
			out, ok = m, true
		}
	}
	return out, ok
}

type joining struct {
	ice    []webrtc.ICEServer
	relay  bool
	muted  bool
	slots  int
	tcp    bool
	change func(string) string
}

func (p *person) connection(j joining) {
	p.t.Helper()
	media := &webrtc.MediaEngine{}
	if err := media.RegisterDefaultCodecs(); err != nil {
		p.t.Fatal(err)
	}
	if err := media.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: levelURI}, webrtc.RTPCodecTypeAudio); err != nil {
		p.t.Fatal(err)
	}
	reports := &interceptor.Registry{}
	if err := webrtc.ConfigureRTCPReports(reports); err != nil {
		p.t.Fatal(err)
	}
	var set webrtc.SettingEngine
	set.SetIncludeLoopbackCandidate(true)
	set.LoggerFactory = logger{quiet()}
	if j.tcp {
		set.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeTCP4})
	} else {
		set.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	}
	api := webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithInterceptorRegistry(reports), webrtc.WithSettingEngine(set))
	cfg := webrtc.Configuration{ICEServers: j.ice}
	if j.relay {
		cfg.ICETransportPolicy = webrtc.ICETransportPolicyRelay
	}
	pc, err := api.NewPeerConnection(cfg)
	if err != nil {
		p.t.Fatal(err)
	}
	p.pc = pc
	p.track, err = webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}, "mic", p.name)
	if err != nil {
		p.t.Fatal(err)
	}
	pc.OnTrack(func(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) { p.listen(t, r) })
}

// join begins a call, and waits until it is up.
func (p *person) join(j joining) *person {
	p.t.Helper()
	p.offer(j)
	p.up()
	return p
}

func (p *person) offer(j joining) {
	p.t.Helper()
	p.connection(j)
	if j.slots == 0 {
		j.slots = p.house.opt.Slots
	}
	sender, err := p.pc.AddTransceiverFromTrack(p.track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	if err != nil {
		p.t.Fatal(err)
	}
	for range j.slots {
		if _, err := p.pc.AddTransceiverFromKind(webrtc.RTPCodecTypeAudio, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
			p.t.Fatal(err)
		}
	}
	p.call = fmt.Sprintf("call%08d", time.Now().UnixNano()%1e8)
	p.negotiate(j, nil)
	go p.speak(sender.Sender(), p.track)
}

// negotiate sends an offer and takes the answer.
func (p *person) negotiate(j joining, opt *webrtc.OfferOptions) {
	p.t.Helper()
	offer, err := p.pc.CreateOffer(opt)
	if err != nil {
		p.t.Fatal(err)
	}
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(offer); err != nil {
		p.t.Fatal(err)
	}
	<-gathered
	p.forget()
	p.seat.Handle(&wire.VoiceOffer{Call: p.call, SDP: offer.SDP, Muted: j.muted})
	a := await(p, func(a *wire.VoiceAnswer) bool { return a.Call == p.call })
	sdp := a.SDP
	if j.change != nil {
		sdp = j.change(sdp)
	}
	p.mu.Lock()
	p.remote = a.Slots
	p.mu.Unlock()
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: sdp}); err != nil {
		p.t.Fatalf("%v\n%s", err, sdp)
	}
}

func (p *person) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told = slices.DeleteFunc(p.told, func(m wire.Message) bool { _, ok := m.(*wire.VoiceAnswer); return ok })
}

func (p *person) up() {
	p.t.Helper()
	within(p.t, p.name+" is connected", func() bool { return p.pc.ConnectionState() == webrtc.PeerConnectionStateConnected })
}

// within waits until something is so.
func within(t *testing.T, what string, f func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !f() {
		if time.Now().After(deadline) {
			t.Fatalf("after 20 s it is not so that %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// speak sends a packet each 20 ms, for as long as the person talks. Its payload begins with the person's name.
func (p *person) speak(s *webrtc.RTPSender, track *webrtc.TrackLocalStaticRTP) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	payload := make([]byte, 80)
	copy(payload, p.name+"\x00")
	id := uint8(0)
	var seq uint16
	var stamp uint32
	for {
		select {
		case <-p.stop:
			return
		case <-tick.C:
		}
		stamp += 960
		if !p.talks.Load() {
			continue
		}
		if id == 0 {
			for _, x := range s.GetParameters().HeaderExtensions {
				if x.URI == levelURI {
					id = uint8(x.ID)
				}
			}
		}
		seq++
		packet := rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: seq, Timestamp: stamp}, Payload: payload}
		if id != 0 {
			_ = packet.SetExtension(id, []byte{0x80 | byte(p.level.Load())})
		}
		_ = track.WriteRTP(&packet)
	}
}

// says makes the person talk at a level.
func (p *person) says(level int32) *person {
	p.level.Store(level)
	p.talks.Store(true)
	return p
}

func (p *person) listen(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
	for {
		packet, _, err := t.ReadRTP()
		if err != nil {
			return
		}
		who, _, _ := cut(packet.Payload)
		p.mu.Lock()
		p.heard[who]++
		if all := p.seqs[t.ID()]; len(all) < 5000 {
			p.seqs[t.ID()] = append(all, packet.SequenceNumber)
		}
		p.mu.Unlock()
	}
}

func cut(b []byte) (who string, rest []byte, ok bool) {
	if i := slices.Index(b, 0); i >= 0 {
		return string(b[:i]), b[i:], true
	}
	return "", b, false
}

// from is how many packets of somebody were heard.
func (p *person) from(who string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.heard[who]
}

// hears waits until the person hears somebody anew.
func (p *person) hears(who string) {
	p.t.Helper()
	before := p.from(who)
	within(p.t, p.name+" hears "+who, func() bool { return p.from(who) > before+3 })
}

// hearsNot makes sure that somebody is not heard, while a third one is.
func (p *person) hearsNot(who, meanwhile string) {
	p.t.Helper()
	within(p.t, p.name+" hears no more of "+who, func() bool {
		before := p.from(who)
		p.hears(meanwhile)
		return p.from(who) == before
	})
	before := p.from(who)
	p.hears(meanwhile)
	p.hears(meanwhile)
	if n := p.from(who) - before; n > 0 {
		p.t.Errorf("%s hears %d packets of %s", p.name, n, who)
	}
}
