package voice

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/webrtc/v4"
)

// EngineOptions are the sockets of an engine, and what it says of them.
type EngineOptions struct {
	UDP      string       // the address to listen on, host:port; "": no UDP
	TCP      string       // the same for TCP
	Public   []netip.Addr // where people reach this machine; empty: its own addresses
	MorePort []int        // further TCP ports by which connections for Feed come
	Page     string       // the address to listen on of those
	Most     int          // TCP connections at a time
	Bitrate  int          // bits a second that a microphone should send
	Lost     time.Duration
	Log      *slog.Logger
}

// Engine has the sockets and makes the WebRTC connections. It is ICE-lite: it answers, and never looks for anybody.
type Engine struct {
	opt     EngineOptions
	api     *webrtc.API
	cert    webrtc.Certificate
	udp     []*udpSocket
	udpMux  ice.UDPMux
	tcp     *feed
	tcpMux  ice.TCPMux
	listens []net.Listener
	udpPort int
	ports   []int // of TCP
	public  []netip.Addr
}

const (
	opusType    = 111
	tcpReads    = 32      // packets that wait to be read from one TCP connection
	tcpWrites   = 1 << 18 // bytes that wait to be written to one
	firstStun   = 10 * time.Second
	unknownStun = 5 * time.Second
	lostAfter   = 6 * time.Second
)

// opusFormat is what a microphone should do: forward error correction, and no packets in silence.
func opusFormat(bitrate int) string {
	return fmt.Sprintf("minptime=10;useinbandfec=1;usedtx=1;maxaveragebitrate=%d", bitrate)
}

// NewEngine opens the sockets.
func NewEngine(opt EngineOptions) (*Engine, error) {
	e := &Engine{opt: opt}
	if err := e.open(); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

func (e *Engine) open() error {
	log := logger{e.opt.Log}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	cert, err := webrtc.GenerateCertificate(key)
	if err != nil {
		return err
	}
	e.cert = *cert
	if err := e.openUDP(log); err != nil {
		return err
	}
	if err := e.openTCP(log); err != nil {
		return err
	}
	if e.public = e.opt.Public; len(e.public) == 0 {
		e.public = ownAddresses(cmp.Or(e.opt.UDP, e.opt.TCP, e.opt.Page))
	}
	return e.makeAPI(log)
}

func (e *Engine) openUDP(log logger) (err error) {
	if e.opt.UDP == "" {
		return nil
	}
	if e.udp, err = openUDP(e.opt.UDP); err != nil {
		return err
	}
	e.udpPort = e.udp[0].as.Port
	var muxes []ice.UDPMux
	for _, s := range e.udp {
		muxes = append(muxes, ice.NewUDPMuxDefault(ice.UDPMuxParams{Logger: log.NewLogger("ice"), UDPConn: s}))
	}
	e.udpMux = ice.NewMultiUDPMuxDefault(muxes...)
	return nil
}

func (e *Engine) openTCP(log logger) error {
	if e.opt.TCP != "" {
		l, err := net.Listen("tcp", e.opt.TCP)
		if err != nil {
			return fmt.Errorf("voice cannot listen on TCP %s: %w", e.opt.TCP, err)
		}
		e.listens = append(e.listens, l)
		e.ports = append(e.ports, l.Addr().(*net.TCPAddr).Port)
	}
	if e.ports = append(e.ports, e.opt.MorePort...); len(e.ports) == 0 {
		return nil
	}
	e.tcp = newFeed(e.opt.Most, e.ports[0])
	for _, l := range e.listens {
		go e.tcp.from(l)
	}
	e.tcpMux = ice.NewTCPMuxDefault(ice.TCPMuxParams{
		Listener: e.tcp, Logger: log.NewLogger("ice"), ReadBufferSize: tcpReads, WriteBufferSize: tcpWrites,
		FirstStunBindTimeout: firstStun, AliveDurationForConnFromStun: unknownStun,
	})
	return nil
}

// makeAPI says what a connection can do: Opus with audio levels, reports of loss, and nothing else. (No NACK and no bandwidth
// estimation: forward error correction mends what is lost, and a voice of 32 kbit/s has no rate to adapt.)
func (e *Engine) makeAPI(log logger) error {
	media := &webrtc.MediaEngine{}
	opus := webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeOpus, ClockRate: clockRate, Channels: 2, SDPFmtpLine: opusFormat(e.opt.Bitrate),
		},
		PayloadType: opusType,
	}
	if err := media.RegisterCodec(opus, webrtc.RTPCodecTypeAudio); err != nil {
		return err
	}
	for _, uri := range []string{levelURI, midURI} {
		if err := media.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uri}, webrtc.RTPCodecTypeAudio); err != nil {
			return err
		}
	}
	reports := &interceptor.Registry{}
	receives, err := report.NewReceiverInterceptor()
	if err != nil {
		return err
	}
	sends, err := report.NewSenderInterceptor()
	if err != nil {
		return err
	}
	reports.Add(receives)
	reports.Add(sends)

	var set webrtc.SettingEngine
	set.LoggerFactory = log
	set.SetLite(true)
	set.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6, webrtc.NetworkTypeTCP4, webrtc.NetworkTypeTCP6})
	set.SetIncludeLoopbackCandidate(true)
	set.SetIPFilter(func(ip net.IP) bool { return ip.Equal(inside4) || ip.Equal(inside6) })
	set.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	set.SetICETimeouts(lostAfter, e.opt.Lost, 2*time.Second)
	if e.udpMux != nil {
		set.SetICEUDPMux(e.udpMux)
	}
	if e.tcpMux != nil {
		set.SetICETCPMux(e.tcpMux)
	}
	if err := set.SetAnsweringDTLSRole(webrtc.DTLSRoleServer); err != nil { // one packet less for the client to wait for
		return err
	}
	e.api = webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithSettingEngine(set), webrtc.WithInterceptorRegistry(reports))
	return nil
}

const (
	clockRate = 48000
	levelURI  = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
	midURI    = "urn:ietf:params:rtp-hdrext:sdes:mid"
)

// Feed takes a TCP connection that has come in on a port that others share, and whose first bytes are those of ICE.
func (e *Engine) Feed(c net.Conn) {
	if e.tcp == nil {
		_ = c.Close()
		return
	}
	e.tcp.put(c)
}

// UDPPort is the port of UDP, and 0 where there is none.
func (e *Engine) UDPPort() int { return e.udpPort }

// TCPPort is the engine's own port of TCP, and 0 where there is none.
func (e *Engine) TCPPort() int {
	if len(e.listens) == 0 {
		return 0
	}
	return e.ports[0]
}

// Public are the addresses that people are told.
func (e *Engine) Public() []netip.Addr { return e.public }

// Close closes the sockets.
func (e *Engine) Close() error {
	var errs []error
	for _, l := range e.listens {
		errs = append(errs, l.Close())
	}
	if e.tcpMux != nil {
		errs = append(errs, e.tcpMux.Close())
	}
	if e.udpMux != nil {
		errs = append(errs, e.udpMux.Close())
	} else {
		for _, s := range e.udp {
			errs = append(errs, s.Close())
		}
	}
	return errors.Join(errs...)
}
