// Package voiceclient is somebody who talks in a room, as a program: a connection to the room, a WebRTC connection, and packets with the
// time in them in the place of sound. Measurements and whole-program tests use it.
package voiceclient

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// Config says who comes, where, and how.
type Config struct {
	URL, Token string
	Room       string // its id, and after a # the key of a link
	Client     string // [a-z0-9]{8,32}
	Name       string
	Muted      bool
	Relay      bool // by the server's own relay only
	TCP        bool // without UDP
	Bytes      int  // of a packet; 0: 80, which are 32 kbit/s
	// OnPacket is told of each packet that is heard: whose it is, and how long it was on its way. It may be nil.
	OnPacket func(from uint64, late time.Duration)
}

// Person is somebody in voice.
type Person struct {
	cfg    Config
	ID     uint64 // in the packets: who it is
	ws     *websocket.Conn
	pc     *webrtc.PeerConnection
	sender *webrtc.RTPSender
	track  *webrtc.TrackLocalStaticRTP
	call   string
	ctx    context.Context
	cancel context.CancelFunc
	done   sync.WaitGroup

	Level    atomic.Int32 // of RFC 6464: 0 is loud, 127 silence
	Talking  atomic.Bool
	Sent     atomic.Int64
	Received atomic.Int64
	Lost     atomic.Int64 // numbers that were jumped over

	mu    sync.Mutex
	told  []wire.Message
	news  chan struct{}
	from  map[uint64]int64
	ended error
}

const (
	rate     = 48000
	frame    = 20 * time.Millisecond
	levelURI = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
)

// Join comes into the room and into voice, and returns when it is connected.
func Join(ctx context.Context, cfg Config) (*Person, error) {
	if cfg.Bytes == 0 {
		cfg.Bytes = 80
	}
	p := &Person{cfg: cfg, ID: rand.Uint64(), news: make(chan struct{}, 1), from: map[uint64]int64{}}
	p.ctx, p.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if err := p.enter(ctx); err != nil {
		p.Close()
		return nil, err
	}
	if err := p.connect(ctx); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// enter joins the room.
func (p *Person) enter(ctx context.Context) error {
	room, key, _ := strings.Cut(p.cfg.Room, "#")
	ws, _, err := websocket.Dial(ctx, p.cfg.URL+"/api/v1/rooms/"+room+"/socket", &websocket.DialOptions{HTTPHeader: http.Header{"Authorization": {"Bearer " + p.cfg.Token}}})
	if err != nil {
		return err
	}
	ws.SetReadLimit(64 << 20)
	p.ws = ws
	p.done.Go(p.read)
	p.done.Go(p.ping)
	if err := p.Say(&wire.Join{Protocol: codecollab.Protocol, Client: p.cfg.Client, Name: p.cfg.Name, Key: key}); err != nil {
		return err
	}
	_, err = Await(ctx, p, func(*wire.Joined) bool { return true })
	return err
}

// Say sends a message.
func (p *Person) Say(m wire.Message) error {
	frame, err := wire.Marshal(m)
	if err != nil {
		return err
	}
	return p.ws.Write(p.ctx, websocket.MessageText, frame)
}

func (p *Person) ping() {
	t := time.NewTicker(4 * time.Second)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			_ = p.Say(&wire.Ping{})
		case <-p.ctx.Done():
			return
		}
	}
}

// keep is how many messages are remembered.
const keep = 200

func (p *Person) read() {
	for {
		_, frame, err := p.ws.Read(p.ctx)
		p.mu.Lock()
		if err != nil {
			p.ended = err
		}
		for _, line := range wire.SplitFrame(frame) {
			m, err := wire.ParseServer(line)
			if err != nil {
				continue
			}
			if e, ok := m.(*wire.Error); ok && e.Fatal {
				p.ended = errors.New(e.Code + ": " + e.Message)
			}
			p.told = append(p.told, m)
		}
		if n := len(p.told) - keep; n > 0 {
			p.told = append([]wire.Message(nil), p.told[n:]...)
		}
		p.mu.Unlock()
		select {
		case p.news <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// Await waits for a message that f likes, among the last ones and those to come.
func Await[M wire.Message](ctx context.Context, p *Person, f func(M) bool) (M, error) {
	for {
		p.mu.Lock()
		for i := len(p.told) - 1; i >= 0; i-- {
			if m, ok := p.told[i].(M); ok && f(m) {
				p.mu.Unlock()
				return m, nil
			}
		}
		ended := p.ended
		p.mu.Unlock()
		var none M
		if ended != nil {
			return none, ended
		}
		select {
		case <-p.news:
		case <-ctx.Done():
			return none, fmt.Errorf("no %s came: %w", none.Type(), context.Cause(ctx))
		}
	}
}

// connect makes the call.
func (p *Person) connect(ctx context.Context) error {
	if err := p.Say(&wire.VoiceAsk{}); err != nil {
		return err
	}
	ways, err := answerTo[*wire.VoiceWays](ctx, p, func(*wire.VoiceWays) bool { return true })
	if err != nil {
		return err
	}
	if err := p.open(ways); err != nil {
		return err
	}
	p.call = fmt.Sprintf("call%016x", rand.Uint64())
	offer, err := p.pc.CreateOffer(nil)
	if err != nil {
		return err
	}
	if err := p.pc.SetLocalDescription(offer); err != nil {
		return err
	}
	if err := p.Say(&wire.VoiceOffer{Call: p.call, SDP: offer.SDP, Muted: p.cfg.Muted}); err != nil {
		return err
	}
	a, err := answerTo(ctx, p, func(a *wire.VoiceAnswer) bool { return a.Call == p.call })
	if err != nil {
		return err
	}
	up := make(chan struct{})
	var once sync.Once
	p.pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if s == webrtc.PeerConnectionStateConnected {
			once.Do(func() { close(up) })
		}
	})
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: a.SDP}); err != nil {
		return err
	}
	select {
	case <-up:
	case <-ctx.Done():
		return fmt.Errorf("no connection for voice: %w", context.Cause(ctx))
	}
	p.done.Go(p.speak)
	return nil
}

// answerTo is Await that also ends when voice refuses.
func answerTo[M wire.Message](ctx context.Context, p *Person, f func(M) bool) (M, error) {
	m, err := Await(ctx, p, func(m wire.Message) bool {
		if _, ok := m.(*wire.VoiceRefused); ok {
			return true
		}
		is, ok := m.(M)
		return ok && f(is)
	})
	if r, ok := m.(*wire.VoiceRefused); ok {
		var none M
		return none, fmt.Errorf("voice refuses: %s: %s", r.Code, r.Message)
	}
	is, _ := m.(M)
	return is, err
}

// open makes the WebRTC connection, with a microphone and as many slots as there are.
func (p *Person) open(ways *wire.VoiceWays) error {
	media := &webrtc.MediaEngine{}
	if err := media.RegisterDefaultCodecs(); err != nil {
		return err
	}
	if err := media.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: levelURI}, webrtc.RTPCodecTypeAudio); err != nil {
		return err
	}
	var set webrtc.SettingEngine
	set.SetIncludeLoopbackCandidate(true)
	if p.cfg.TCP {
		set.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeTCP4})
	} else {
		set.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	}
	var cfg webrtc.Configuration
	if p.cfg.Relay {
		cfg.ICETransportPolicy = webrtc.ICETransportPolicyRelay
		for _, s := range ways.ICE {
			cfg.ICEServers = append(cfg.ICEServers, webrtc.ICEServer{URLs: s.URLs, Username: s.Username, Credential: s.Credential})
		}
	}
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithSettingEngine(set)).NewPeerConnection(cfg)
	if err != nil {
		return err
	}
	p.pc = pc
	opus := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: rate, Channels: 2}
	if p.track, err = webrtc.NewTrackLocalStaticRTP(opus, "microphone", "microphone"); err != nil {
		return err
	}
	t, err := pc.AddTransceiverFromTrack(p.track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	if err != nil {
		return err
	}
	p.sender = t.Sender()
	for range ways.Slots {
		if _, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeAudio, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
			return err
		}
	}
	pc.OnTrack(func(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { p.done.Go(func() { p.listen(t) }) })
	return nil
}

// speak sends a packet every 20 ms, not all people at the same moment.
func (p *Person) speak() {
	time.Sleep(time.Duration(rand.Int64N(int64(frame))))
	t := time.NewTicker(frame)
	defer t.Stop()
	payload := make([]byte, max(p.cfg.Bytes, 16))
	id := p.levelID()
	var seq uint16
	var stamp uint32
	for {
		select {
		case <-t.C:
		case <-p.ctx.Done():
			return
		}
		stamp += rate / 50
		if !p.Talking.Load() {
			continue
		}
		seq++
		binary.BigEndian.PutUint64(payload, p.ID)
		binary.BigEndian.PutUint64(payload[8:], uint64(time.Now().UnixNano()))
		packet := rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: seq, Timestamp: stamp}, Payload: payload}
		if id != 0 {
			_ = packet.SetExtension(id, []byte{0x80 | byte(p.Level.Load())})
		}
		if p.track.WriteRTP(&packet) == nil {
			p.Sent.Add(1)
		}
	}
}

func (p *Person) levelID() uint8 {
	for _, x := range p.sender.GetParameters().HeaderExtensions {
		if x.URI == levelURI {
			return uint8(x.ID)
		}
	}
	return 0
}

// listen hears one slot.
func (p *Person) listen(t *webrtc.TrackRemote) {
	buf := make([]byte, 1500)
	var packet rtp.Packet
	var last uint16
	first := true
	for {
		n, _, err := t.Read(buf)
		if err != nil {
			return
		}
		now := time.Now()
		packet = rtp.Packet{}
		if packet.Unmarshal(buf[:n]) != nil || len(packet.Payload) < 16 {
			continue
		}
		if jump := int16(packet.SequenceNumber - last); !first && jump > 1 {
			p.Lost.Add(int64(jump) - 1)
		} else if !first && jump < 0 {
			p.Lost.Add(-1)
		}
		if first || int16(packet.SequenceNumber-last) > 0 {
			last, first = packet.SequenceNumber, false
		}
		from := binary.BigEndian.Uint64(packet.Payload)
		p.Received.Add(1)
		p.mu.Lock()
		p.from[from]++
		p.mu.Unlock()
		if p.cfg.OnPacket != nil {
			p.cfg.OnPacket(from, time.Duration(now.UnixNano()-int64(binary.BigEndian.Uint64(packet.Payload[8:]))))
		}
	}
}

// Heard is how many packets of somebody were heard.
func (p *Person) Heard(who *Person) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.from[who.ID]
}

// Told are the last messages, as JSON, for those who debug.
func (p *Person) Told() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	text, _ := json.Marshal(p.told)
	return string(text)
}

// Drop loses the connection to the room, as a network does.
func (p *Person) Drop() { _ = p.ws.CloseNow() }

// Close leaves.
func (p *Person) Close() {
	p.cancel()
	if p.ws != nil {
		_ = p.ws.CloseNow()
	}
	if p.pc != nil {
		_ = p.pc.Close()
	}
	p.done.Wait()
}
