package main

import (
	"cmp"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"codecollab.dev/internal/config"
	"codecollab.dev/internal/metrics"
	"codecollab.dev/internal/server"
	"codecollab.dev/internal/voice"
	"codecollab.dev/internal/voice/livekit"
	"codecollab.dev/internal/wire"
)

// voices is all that voice consists of on this node.
type voices struct {
	desk     server.Talking
	engine   *voice.Engine
	relay    *voice.Relay
	sfu      *voice.Desk
	livekit  *livekit.Desk
	listener net.Listener // that of the page, which voice may share
}

// lateVoice tells voice of rights that may have changed, once there is voice: rooms are there before.
type lateVoice struct {
	changed atomic.Pointer[func(room string)]
}

func (l *lateVoice) rights(room string) {
	if f := l.changed.Load(); f != nil {
		(*f)(room)
	}
}

// follow makes a desk be told.
func (l *lateVoice) follow(desk server.Talking) {
	if d, ok := desk.(interface{ Rights(room string) }); ok {
		f := d.Rights
		l.changed.Store(&f)
	}
}

// nodesVoice is what the nodes of an installation share about voice; the zero value: this is the only one.
type nodesVoice struct {
	node   string // what this node is called by the others, and no other
	bus    voice.Bus
	leases voice.Leases
}

// openVoice opens the ports of voice. What cannot be opened is logged, and voice does without: it must not keep people from their rooms.
func openVoice(s config.Settings, page net.Listener, nodes nodesVoice, log *slog.Logger) (*voices, error) {
	v := &voices{desk: voice.Closed{}, listener: page}
	if s.Voice == "off" {
		return v, nil
	}
	if s.LivekitURL != "" {
		d, err := livekit.New(livekit.Options{
			URL: s.LivekitURL, Key: s.LivekitKey, Secret: s.LivekitSecret.Reveal(), Look: s.LivekitLook, Grace: s.VoiceGrace,
			Slots: s.VoiceSlots, Log: log, Client: &http.Client{Timeout: 10 * time.Second},
		})
		if err != nil {
			return nil, err
		}
		v.desk, v.livekit = d, d
		log.Info("voice is handed to LiveKit", "url", s.LivekitURL)
		return v, nil
	}
	public, err := addresses(s.VoiceAddresses)
	if err != nil {
		return nil, err
	}
	ice, shared, err := otherICE(s)
	if err != nil {
		return nil, err
	}
	share := samePort(s)
	opt := voice.EngineOptions{
		UDP: voiceAddr(s.VoiceUDP, s.Addr), TCP: voiceAddr(s.VoiceTCP, s.Addr), Public: public,
		Most: 2*s.VoiceMax + 100, Bitrate: s.VoiceBitrate, Lost: s.VoiceGrace, Log: log,
	}
	if share == "tcp" {
		opt.MorePort, opt.Page = []int{page.Addr().(*net.TCPAddr).Port}, s.Addr
	}
	if v.engine = openEngine(opt, log); v.engine == nil {
		v.desk = voice.Closed{Why: "This server could open no port for voice. Its administrator finds the reason in its log."}
		return v, nil
	}
	if v.relay, err = openRelay(s, v.engine, share, page, log); err != nil {
		return nil, errors.Join(err, v.Close())
	}
	v.sfu = voice.NewDesk(voice.Options{
		Engine: v.engine, Turn: v.relay, ICE: ice, TurnShared: shared, Slots: s.VoiceSlots, Room: s.VoiceRoomMax, All: s.VoiceMax,
		Grace: s.VoiceGrace, Bitrate: s.VoiceBitrate, Node: nodes.node, Bus: nodes.bus, Leases: nodes.leases, Log: log,
	})
	v.desk = v.sfu
	if share != "off" {
		v.listener = newSharedPort(page, v.engine.Feed, v.relay)
	}
	log.Info("voice", "udp", v.engine.UDPPort(), "tcp", v.engine.TCPPort(), "addresses", fmt.Sprint(v.engine.Public()), "relay", v.relay != nil)
	return v, nil
}

// now is who talks on this node; nil where nobody can.
func (v *voices) now() *server.Voice {
	if v.sfu == nil {
		return nil
	}
	s := v.sfu.Stats()
	out := &server.Voice{Rooms: len(s.Rooms), People: s.People, Busiest: []server.VoiceRoom{}}
	slices.SortFunc(s.Rooms, func(a, b voice.RoomStats) int { return cmp.Or(b.People-a.People, strings.Compare(a.Room, b.Room)) })
	for i, r := range s.Rooms {
		out.Speaking += r.Speaking
		if i < busiest {
			out.Busiest = append(out.Busiest, server.VoiceRoom{
				Room: r.Room, People: r.People, Speaking: r.Speaking, BitsIn: r.BitsIn, BitsOut: r.BitsOut,
				Loss: share(r.LostIn, r.PacketsIn+r.LostIn), Jitter: float64(r.Jitter.Microseconds()) / 1000,
			})
		}
	}
	return out
}

func share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// count is what Prometheus is told of voice.
func (v *voices) count() metrics.Voice {
	if v.sfu == nil {
		return metrics.Voice{}
	}
	s := v.sfu.Stats()
	m := metrics.Voice{
		Rooms: len(s.Rooms), People: s.People, Calls: s.Calls, PacketsIn: s.PacketsIn, BytesIn: s.BytesIn, PacketsOut: s.PacketsOut,
		BytesOut: s.BytesOut, LostIn: s.LostIn, LostOut: s.LostOut, Excess: s.Excess, Withheld: s.Withheld,
		Relays: s.Allocations, RelayPackets: s.RelayPackets, RelayBytes: s.RelayBytes,
	}
	for _, r := range s.Rooms {
		m.Speaking += r.Speaking
		m.Jitter = max(m.Jitter, r.Jitter.Seconds())
	}
	return m
}

// voice is what the nodes share about voice.
// Without Redis nodes cannot pass on what is said about voice, but they know of each other, and say so.
func (n *nodes) voice(alive *lease) nodesVoice {
	v := nodesVoice{node: alive.me.ID}
	if alive.table != nil {
		v.leases = alive.table
	}
	if n.redis != nil {
		v.bus = n.redis
	}
	return v
}

// origins are what pages have to be allowed to connect to.
func (v *voices) origins() []string {
	if v.livekit == nil {
		return nil
	}
	return v.livekit.Origins()
}

// drain ends all calls before a server stops, so that their people begin others elsewhere.
func (v *voices) drain() {
	if v.sfu != nil {
		v.sfu.Drain()
	}
}

// Close ends all calls and closes the ports.
func (v *voices) Close() error {
	var errs []error
	if v.sfu != nil {
		errs = append(errs, v.sfu.Close())
	}
	if v.livekit != nil {
		errs = append(errs, v.livekit.Close())
	}
	if v.relay != nil {
		errs = append(errs, v.relay.Close())
	}
	if v.engine != nil {
		errs = append(errs, v.engine.Close())
	}
	return errors.Join(errs...)
}

// openEngine opens as many of the ports as can be opened; nil: none of them.
func openEngine(opt voice.EngineOptions, log *slog.Logger) *voice.Engine {
	for _, without := range []struct{ udp, tcp bool }{{}, {tcp: true}, {udp: true}, {udp: true, tcp: true}} {
		o := opt
		if without.udp {
			o.UDP = ""
		}
		if without.tcp {
			o.TCP = ""
		}
		if o.UDP == "" && o.TCP == "" && len(o.MorePort) == 0 {
			break
		}
		e, err := voice.NewEngine(o)
		if err == nil {
			return e
		}
		log.Error("voice does without a port", "err", err)
	}
	return nil
}

func openRelay(s config.Settings, e *voice.Engine, share string, page net.Listener, log *slog.Logger) (*voice.Relay, error) {
	if e.UDPPort() == 0 {
		return nil, nil
	}
	secret, err := relaySecret(s.Data)
	if err != nil {
		return nil, err
	}
	opt := voice.RelayOptions{
		UDP: voiceAddr(s.VoiceTurnUDP, s.Addr), TCP: voiceAddr(s.VoiceTurnTCP, s.Addr), TLS: voiceAddr(s.VoiceTurnTLS, s.Addr),
		Host: s.VoiceHost, MorePorts: relayOnPage(s, share, e, page), Secret: secret, Most: s.VoiceTurnMost, Keep: s.VoiceTurnKeep, Engine: e, Log: log,
	}
	if opt.TLS != "" {
		cert, err := newCertificate(s.VoiceTurnCert, s.VoiceTurnKey)
		if err != nil {
			return nil, fmt.Errorf("voice-turn-tls needs voice-turn-cert and voice-turn-key: %w", err)
		}
		opt.Certificate = cert.get
	}
	if opt.UDP+opt.TCP+opt.TLS == "" && len(opt.MorePorts) == 0 {
		return nil, nil
	}
	r, err := voice.NewRelay(opt)
	if err == nil {
		return r, nil
	}
	log.Error("voice does without its relay (TURN), except by the port of the page", "err", err)
	if opt.UDP, opt.TCP, opt.TLS = "", "", ""; len(opt.MorePorts) == 0 {
		return nil, nil
	}
	return voice.NewRelay(opt)
}

// relaySecret is what credentials for the relay follow from: the same on all nodes, since it follows from their common key.
func relaySecret(data string) ([]byte, error) {
	key, err := os.ReadFile(filepath.Join(data, sealKey))
	if err != nil {
		return nil, err
	}
	return hkdf.Key(sha256.New, key, nil, "codecollab voice relay", 32)
}

// samePort is how the page's port is shared: "off", "tcp" or "tls".
func samePort(s config.Settings) string {
	if s.VoiceSamePort != "auto" {
		return s.VoiceSamePort
	}
	if strings.HasPrefix(s.PublicURL, "https://") {
		return "off" // a proxy is in front, and hands on HTTP only
	}
	return "tcp"
}

// relayOnPage is how the relay is reached by the page's port, if at all.
func relayOnPage(s config.Settings, share string, e *voice.Engine, page net.Listener) []string {
	switch share {
	case "tcp":
		host := cmp.Or(s.VoiceHost, e.Public()[0].String())
		return []string{fmt.Sprintf("turn:%s?transport=tcp", net.JoinHostPort(host, fmt.Sprint(page.Addr().(*net.TCPAddr).Port)))}
	case "tls":
		u, err := url.Parse(s.PublicURL)
		if err != nil || u.Hostname() == "" {
			return nil
		}
		return []string{fmt.Sprintf("turns:%s?transport=tcp", net.JoinHostPort(cmp.Or(s.VoiceHost, u.Hostname()), cmp.Or(u.Port(), "443")))}
	}
	return nil
}

// voiceAddr is where a port of voice listens: on the host of the page's, when it names none.
func voiceAddr(addr, page string) string {
	if host, port, err := net.SplitHostPort(addr); err == nil && host == "" {
		if on, _, err := net.SplitHostPort(page); err == nil {
			return net.JoinHostPort(on, port)
		}
	}
	return addr
}

func addresses(list string) (all []netip.Addr, err error) {
	for _, text := range listOf(list) {
		a, err := netip.ParseAddr(text)
		if err != nil {
			return nil, fmt.Errorf("voice-addresses has %q, which is no IP address: %w", text, err)
		}
		all = append(all, a.Unmap())
	}
	return all, nil
}

func listOf(list string) (all []string) {
	for one := range strings.SplitSeq(list, ",") {
		if one = strings.TrimSpace(one); one != "" {
			all = append(all, one)
		}
	}
	return all
}

// otherICE are the STUN and TURN servers of others.
func otherICE(s config.Settings) (stun []wire.VoiceICE, turn *voice.SharedTurn, err error) {
	for _, u := range listOf(s.VoiceICE) {
		scheme, rest, _ := strings.Cut(u, ":")
		switch {
		case rest == "":
			return nil, nil, fmt.Errorf("voice-ice has %q, but an entry is like stun:stun.example.org:3478", u)
		case scheme == "stun" || scheme == "stuns":
			stun = append(stun, wire.VoiceICE{URLs: []string{u}})
		case scheme == "turn" || scheme == "turns":
			if s.VoiceIceSecret.Reveal() == "" {
				return nil, nil, fmt.Errorf("voice-ice has %q, and voice-ice-secret is empty: TURN servers let nobody in without credentials", u)
			}
			if turn == nil {
				turn = &voice.SharedTurn{Secret: []byte(s.VoiceIceSecret.Reveal()), Keep: s.VoiceTurnKeep}
			}
			turn.URLs = append(turn.URLs, u)
		default:
			return nil, nil, fmt.Errorf("voice-ice has %q, but knows stun:, stuns:, turn: and turns: only", u)
		}
	}
	return stun, turn, nil
}
