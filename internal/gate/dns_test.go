package gate

import (
	"encoding/json"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"

	"codecollab.dev/internal/auth"
	"context"

	"golang.org/x/net/dns/dnsmessage"
)

// testKind is a way to sign in whose provider always answers.
var testKind = auth.ConnectionKind{
	Secrets: []string{"clientSecret"},
	Validate: func(settings json.RawMessage) error {
		if !strings.Contains(string(settings), `"issuer"`) {
			return errors.New("it needs an issuer")
		}
		return nil
	},
	Check: func(_ context.Context, c auth.Connection) []auth.Step {
		return []auth.Step{{Name: "discovery", OK: strings.Contains(string(c.Settings), "hush"), Detail: c.Kind}}
	},
}

// zone is a DNS server on this machine.
type zone struct {
	addr string

	mu      sync.Mutex
	texts   map[string][]string // by name, with the dot at the end
	failing bool
}

func newZone(t *testing.T) *zone {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	z := &zone{addr: conn.LocalAddr().String(), texts: map[string][]string{}}
	done := make(chan struct{})
	go func() { defer close(done); z.serve(conn) }()
	t.Cleanup(func() { conn.Close(); <-done })
	return z
}

// set says what TXT records a name has; none: there is no such name.
func (z *zone) set(name string, texts ...string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.texts[name+"."] = texts
}

// fail has all questions answered with SERVFAIL.
func (z *zone) fail(on bool) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.failing = on
}

func (z *zone) serve(conn net.PacketConn) {
	buf := make([]byte, 1500)
	for {
		n, from, err := conn.ReadFrom(buf)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
			continue
		}
		if out, err := z.answer(m); err == nil {
			_, _ = conn.WriteTo(out, from)
		}
	}
}

func (z *zone) answer(m dnsmessage.Message) ([]byte, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	q := m.Questions[0]
	out := dnsmessage.Message{Header: dnsmessage.Header{ID: m.ID, Response: true, RecursionAvailable: true}, Questions: m.Questions}
	texts := z.texts[strings.ToLower(q.Name.String())]
	switch {
	case z.failing:
		out.RCode = dnsmessage.RCodeServerFailure
	case len(texts) == 0:
		out.RCode = dnsmessage.RCodeNameError
	case q.Type == dnsmessage.TypeTXT:
		for _, t := range texts {
			out.Answers = append(out.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Type: dnsmessage.TypeTXT, Class: dnsmessage.ClassINET, TTL: 1}, Body: &dnsmessage.TXTResource{TXT: []string{t}},
			})
		}
	}
	return out.Pack()
}
