package voice

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what TURN's clients and servers have agreed on
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/turn/v5"

	"codecollab.dev/internal/wire"
)

// RelayOptions are what a relay is made of.
type RelayOptions struct {
	UDP, TCP, TLS string // the addresses to listen on; "": not by that
	Certificate   func(*tls.ClientHelloInfo) (*tls.Certificate, error)
	Host          string   // the name that people reach it by; "": the first public address of the engine
	MorePorts     []string // of those who share one: "turn:HOST:443?transport=tcp" and the like are told besides
	Secret        []byte   // that of all nodes
	Most          int      // of one person at a time
	Keep          time.Duration
	Engine        *Engine
	Log           *slog.Logger
}

// Relay is a TURN server (RFC 8656) for those who cannot reach the engine by themselves. It leads to the engine and to nothing else:
// whatever address a client names, packets go to the engine's UDP socket on this machine, or nowhere.
type Relay struct {
	opt     RelayOptions
	server  *turn.Server
	feed    *feed
	closers []interface{ Close() error }
	urls    []string

	mu    sync.Mutex
	using map[string]int

	Packets atomic.Int64 // relayed, both ways
	Bytes   atomic.Int64
}

const realm = "codecollab"

// NewRelay opens the ports of a relay.
func NewRelay(opt RelayOptions) (*Relay, error) {
	r := &Relay{opt: opt, using: map[string]int{}}
	if err := r.open(); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func (r *Relay) open() error {
	if r.opt.Engine.UDPPort() == 0 {
		return errors.New("a relay for voice needs voice by UDP: it leads there")
	}
	cfg := turn.ServerConfig{
		Realm: realm, LoggerFactory: logger{r.opt.Log}, AuthHandler: r.known, QuotaHandler: r.quota,
		EventHandler: turn.EventHandler{
			OnAllocationCreated: func(_, _ net.Addr, _, user, _ string, _ net.Addr, _ int) { r.count(user, 1) },
			OnAllocationDeleted: func(_, _ net.Addr, _, user, _ string) { r.count(user, -1) },
		},
	}
	host := r.opt.Host
	if host == "" {
		host = r.opt.Engine.Public()[0].String()
	}
	if r.opt.UDP != "" {
		for _, network := range networksOf("udp", hostOf(r.opt.UDP)) {
			conn, err := net.ListenPacket(network, r.opt.UDP)
			if err != nil {
				if network == "udp6" && len(cfg.PacketConnConfigs) > 0 {
					continue // this machine has no IPv6
				}
				return fmt.Errorf("the relay for voice cannot listen on UDP %s: %w", r.opt.UDP, err)
			}
			r.closers = append(r.closers, conn)
			cfg.PacketConnConfigs = append(cfg.PacketConnConfigs, turn.PacketConnConfig{PacketConn: conn, RelayAddressGenerator: r, PermissionHandler: r.permit})
			if len(cfg.PacketConnConfigs) == 1 {
				r.urls = append(r.urls, turnURL("turn", host, conn.LocalAddr().(*net.UDPAddr).Port, "udp"))
			}
		}
	}
	if err := r.openStreams(&cfg, host); err != nil {
		return err
	}
	var err error
	r.server, err = turn.NewServer(cfg)
	return err
}

// openStreams opens TCP and TLS, and the way for connections that come by a port which others share.
func (r *Relay) openStreams(cfg *turn.ServerConfig, host string) error {
	listen := func(l net.Listener) {
		cfg.ListenerConfigs = append(cfg.ListenerConfigs, turn.ListenerConfig{Listener: l, RelayAddressGenerator: r, PermissionHandler: r.permit})
	}
	if r.opt.TCP != "" {
		l, err := net.Listen("tcp", r.opt.TCP)
		if err != nil {
			return fmt.Errorf("the relay for voice cannot listen on TCP %s: %w", r.opt.TCP, err)
		}
		r.closers = append(r.closers, l)
		listen(l)
		r.urls = append(r.urls, turnURL("turn", host, l.Addr().(*net.TCPAddr).Port, "tcp"))
	}
	if r.opt.TLS != "" {
		l, err := net.Listen("tcp", r.opt.TLS)
		if err != nil {
			return fmt.Errorf("the relay for voice cannot listen on TCP %s for TLS: %w", r.opt.TLS, err)
		}
		r.closers = append(r.closers, l)
		listen(tls.NewListener(l, &tls.Config{GetCertificate: r.opt.Certificate, MinVersion: tls.VersionTLS12}))
		r.urls = append(r.urls, turnURL("turns", host, l.Addr().(*net.TCPAddr).Port, "tcp"))
	}
	if len(r.opt.MorePorts) > 0 {
		r.feed = newFeed(r.opt.Most*1000, 0)
		listen(r.feed)
		r.urls = append(r.urls, r.opt.MorePorts...)
	}
	return nil
}

func hostOf(addr string) string {
	host, _, _ := net.SplitHostPort(addr)
	return host
}

func turnURL(scheme, host string, port int, transport string) string {
	return scheme + ":" + net.JoinHostPort(host, strconv.Itoa(port)) + "?transport=" + transport
}

// Feed takes a TCP connection that has come in on a port that others share, and whose first bytes are those of TURN.
func (r *Relay) Feed(c net.Conn) {
	if r.feed == nil {
		_ = c.Close()
		return
	}
	r.feed.put(c)
}

// ICE is how a client reaches the relay: with a name that says until when it counts, and a password that follows from it.
func (r *Relay) ICE(client string, now time.Time) (wire.VoiceICE, time.Time) {
	until := now.Add(r.opt.Keep)
	name := fmt.Sprintf("%d:%s", until.Unix(), client)
	return wire.VoiceICE{URLs: r.urls, Username: name, Credential: turnPassword(r.opt.Secret, name)}, until
}

// turnPassword is what draft-uberti-behave-turn-rest-00 has, which coturn and others know as well.
func turnPassword(secret []byte, name string) string {
	mac := hmac.New(sha1.New, secret)
	mac.Write([]byte(name))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// known is the key of a name that we have given out and that counts still.
func (r *Relay) known(a *turn.RequestAttributes) (user string, key []byte, ok bool) {
	stamp, client, found := strings.Cut(a.Username, ":")
	until, err := strconv.ParseInt(stamp, 10, 64)
	if !found || err != nil || time.Now().Unix() > until {
		return "", nil, false
	}
	return client, turn.GenerateAuthKey(a.Username, a.Realm, turnPassword(r.opt.Secret, a.Username)), true
}

// quota lets each client have a few allocations at a time: browsers make one for each address of theirs and each of our URLs.
func (r *Relay) quota(user, _ string, _ net.Addr) bool {
	_, client, _ := strings.Cut(user, ":")
	if client == "" {
		client = user
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.using[client] < r.opt.Most
}

func (r *Relay) count(user string, by int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.using[user] += by; r.using[user] <= 0 {
		delete(r.using, user)
	}
}

// Allocations is how many there are.
func (r *Relay) Allocations() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, one := range r.using {
		n += one
	}
	return n
}

// permit lets clients name the engine's addresses as the peer, and no other.
func (r *Relay) permit(_ net.Addr, peer net.IP) bool {
	ip, ok := netip.AddrFromSlice(peer)
	if !ok {
		return false
	}
	for _, a := range r.opt.Engine.Public() {
		if a == ip.Unmap() {
			return true
		}
	}
	return false
}

// Validate implements turn.RelayAddressGenerator.
func (r *Relay) Validate() error { return nil }

// AllocatePacketConn implements turn.RelayAddressGenerator. The socket is on the loopback address, and talks to the engine alone.
func (r *Relay) AllocatePacketConn(c turn.AllocateListenerConfig) (net.PacketConn, net.Addr, error) {
	i := 0
	if strings.HasSuffix(c.Network, "6") {
		i = len(r.opt.Engine.udp) - 1
	}
	engine := r.opt.Engine.udp[i].reach()
	conn, err := net.ListenPacket("udp", net.JoinHostPort(engine.IP.String(), "0"))
	if err != nil {
		return nil, nil, err
	}
	told := &net.UDPAddr{IP: r.told(strings.HasSuffix(c.Network, "6")), Port: conn.LocalAddr().(*net.UDPAddr).Port}
	return &tunnel{PacketConn: conn, relay: r, engine: engine}, told, nil
}

// told is the address that a client is told to have at the relay: it has to be one of the kind that it asked for, and matters to nobody.
func (r *Relay) told(six bool) net.IP {
	for _, a := range r.opt.Engine.Public() {
		if a.Is6() == six {
			return a.AsSlice()
		}
	}
	if six {
		return inside6
	}
	return inside4
}

var errOnlyUDP = errors.New("this relay leads to voice by UDP only")

// AllocateListener implements turn.RelayAddressGenerator.
func (r *Relay) AllocateListener(turn.AllocateListenerConfig) (net.Listener, net.Addr, error) {
	return nil, nil, errOnlyUDP
}

// AllocateConn implements turn.RelayAddressGenerator.
func (r *Relay) AllocateConn(turn.AllocateConnConfig) (net.Conn, error) { return nil, errOnlyUDP }

// Close closes the ports.
func (r *Relay) Close() error {
	var errs []error
	if r.server != nil {
		errs = append(errs, r.server.Close())
	} else {
		for _, c := range r.closers {
			errs = append(errs, c.Close())
		}
	}
	return errors.Join(errs...)
}

// tunnel is the relayed end of an allocation. What is sent to an address of the engine, as people know it, goes to its socket on
// this machine; what comes from there comes from that address. All else is dropped.
type tunnel struct {
	net.PacketConn
	relay  *Relay
	engine net.UDPAddr
	peer   atomic.Pointer[net.UDPAddr] // the address by which the client knows the engine
}

// WriteTo implements net.PacketConn.
func (t *tunnel) WriteTo(b []byte, to net.Addr) (int, error) {
	at, ok := to.(*net.UDPAddr)
	if !ok || at.Port != t.relay.opt.Engine.UDPPort() || !t.relay.permit(nil, at.IP) {
		return len(b), nil
	}
	if p := t.peer.Load(); p == nil || !p.IP.Equal(at.IP) {
		t.peer.Store(&net.UDPAddr{IP: at.IP, Port: at.Port})
	}
	t.relay.Packets.Add(1)
	t.relay.Bytes.Add(int64(len(b)))
	return t.PacketConn.WriteTo(b, &t.engine)
}

// ReadFrom implements net.PacketConn.
func (t *tunnel) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, from, err := t.PacketConn.ReadFrom(b)
		if err != nil {
			return n, from, err
		}
		at, ok := from.(*net.UDPAddr)
		peer := t.peer.Load()
		if !ok || peer == nil || at.Port != t.engine.Port || !at.IP.Equal(t.engine.IP) {
			continue
		}
		t.relay.Packets.Add(1)
		t.relay.Bytes.Add(int64(n))
		return n, peer, nil
	}
}

// SharedTurn makes credentials for an external TURN server that shares a secret with us (coturn: use-auth-secret).
type SharedTurn struct {
	URLs   []string
	Secret []byte
	Keep   time.Duration
}

// ICE is how a client reaches it.
func (s *SharedTurn) ICE(client string, now time.Time) (wire.VoiceICE, time.Time) {
	until := now.Add(s.Keep)
	name := fmt.Sprintf("%d:%s", until.Unix(), client)
	return wire.VoiceICE{URLs: s.URLs, Username: name, Credential: turnPassword(s.Secret, name)}, until
}
