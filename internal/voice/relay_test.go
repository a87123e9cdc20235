package voice

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/pion/turn/v5"
)

// turnClient is somebody who uses the relay for what they like.
func turnClient(t *testing.T, h *house, name, password string) (*turn.Client, net.PacketConn, error) {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	at := strings.TrimSuffix(strings.TrimPrefix(h.relay.urls[0], "turn:"), "?transport=udp")
	c, err := turn.NewClient(&turn.ClientConfig{TURNServerAddr: at, STUNServerAddr: at, Conn: conn, Username: name, Password: password, Realm: realm, LoggerFactory: logger{quiet()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	if err := c.Listen(); err != nil {
		t.Fatal(err)
	}
	relayed, err := c.Allocate()
	if err == nil {
		t.Cleanup(func() { relayed.Close() })
	}
	return c, relayed, err
}

// The relay leads to voice and to nothing else, though whoever talks may use it: not to other ports of this machine, and not to
// other machines.
func TestTheRelayLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	secret, err := net.ListenPacket("udp4", "127.0.0.1:0") // something in the operator's network
	if err != nil {
		t.Fatal(err)
	}
	defer secret.Close()
	ice, _ := h.relay.ICE("annannann", time.Now())
	_, relayed, err := turnClient(t, h, ice.Username, ice.Credential)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := relayed.WriteTo([]byte("hello"), &net.UDPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 53}); err == nil {
		t.Error("another machine was permitted")
	}
	if _, err := relayed.WriteTo([]byte("hello"), &net.UDPAddr{IP: net.IPv4(169, 254, 169, 254), Port: 80}); err == nil {
		t.Error("the metadata of a cloud was permitted")
	}
	before := h.relay.Packets.Load()
	for range 5 { // the address is that of voice, the port is not
		if _, err := relayed.WriteTo([]byte("hello"), secret.LocalAddr()); err != nil {
			t.Log(err)
		}
	}
	if err := secret.SetReadDeadline(time.Now().Add(300 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if n, _, err := secret.ReadFrom(make([]byte, 100)); err == nil {
		t.Errorf("%d bytes came out of the relay", n)
	}
	if n := h.relay.Packets.Load() - before; n > 0 {
		t.Errorf("%d packets were relayed", n)
	}
	// Nor does anything come in by it but from voice.
	out, err := net.Dial("udp4", relayed.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	_, _ = out.Write([]byte("hello"))
	_ = relayed.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
	if n, from, err := relayed.ReadFrom(make([]byte, 100)); err == nil {
		t.Errorf("%d bytes came in from %v", n, from)
	}
}

func TestCredentialsOfTheRelay(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	good, _ := h.relay.ICE("annannann", time.Now())
	old, _ := h.relay.ICE("annannann", time.Now().Add(-2*time.Hour))
	for what, c := range map[string][2]string{
		"a wrong password":    {good.Username, "wrong"},
		"an old one":          {old.Username, old.Credential},
		"one of one's own":    {"99999999999:ann", turnPassword([]byte("guess"), "99999999999:ann")},
		"a name that is none": {"ann", turnPassword([]byte("secret"), "ann")},
	} {
		if _, _, err := turnClient(t, h, c[0], c[1]); err == nil {
			t.Errorf("%s was enough", what)
		}
	}
	if _, _, err := turnClient(t, h, good.Username, good.Credential); err != nil {
		t.Error(err)
	}
}

// selfSigned is a certificate for 127.0.0.1.
func selfSigned(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// By TLS, and by a port that others share, the relay is the same.
func TestTheRelayInsideTLSAndOnASharedPort(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	cert := selfSigned(t)
	relay, err := NewRelay(RelayOptions{
		TLS: "127.0.0.1:0", Certificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &cert, nil }, MorePorts: []string{"turn:127.0.0.1:80?transport=tcp"},
		Host: "127.0.0.1", Secret: []byte("secret"), Most: 20, Keep: time.Hour, Engine: h.engine, Log: quiet(),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer relay.Close()
	ice, _ := relay.ICE("annannann", time.Now())
	if len(ice.URLs) != 2 || !strings.HasPrefix(ice.URLs[0], "turns:127.0.0.1:") {
		t.Fatalf("%v", ice.URLs)
	}
	at := strings.TrimSuffix(strings.TrimPrefix(ice.URLs[0], "turns:"), "?transport=tcp")
	pool := x509.NewCertPool()
	leaf, err := x509.ParseCertificate(cert.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	pool.AddCert(leaf)
	inside, err := tls.Dial("tcp", at, &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	shared, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer shared.Close()
	go func() {
		if c, err := shared.Accept(); err == nil {
			relay.Feed(c)
		}
	}()
	plain, err := net.Dial("tcp", shared.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, conn := range []net.Conn{inside, plain} {
		c, err := turn.NewClient(&turn.ClientConfig{
			TURNServerAddr: at, STUNServerAddr: at, Conn: turn.NewSTUNConn(conn), Username: ice.Username, Password: ice.Credential, Realm: realm, LoggerFactory: logger{quiet()},
		})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.Listen(); err != nil {
			t.Fatal(err)
		}
		relayed, err := c.Allocate()
		if err != nil {
			t.Fatalf("%T: %v", conn, err)
		}
		defer relayed.Close()
	}
	if relay.Allocations() != 2 {
		t.Errorf("%d allocations", relay.Allocations())
	}
}

func TestOneClientHasAFewAllocations(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.relay.mu.Lock()
	h.relay.opt.Most = 2
	h.relay.mu.Unlock()
	ice, _ := h.relay.ICE("annannann", time.Now())
	for i := range 3 {
		if _, _, err := turnClient(t, h, ice.Username, ice.Credential); (err == nil) != (i < 2) {
			t.Errorf("allocation %d: %v", i+1, err)
		}
	}
}
