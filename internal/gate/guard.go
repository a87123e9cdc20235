package gate

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/trace"
)

// GuardOptions are what a Guard is made of.
type GuardOptions struct {
	Proxies   []netip.Prefix // whose word on where a request comes from counts
	Names     []string       // the hosts that people use; empty: any
	BodyBytes int64          // the largest body
	BodyTime  time.Duration  // within this a body has come, and each part of an answer has gone
	Limits    *Limits
	Log       *slog.Logger
	Watch     func(Seen)    // is told of every request; nil: nobody is
	Trace     *trace.Tracer // nil: nobody keeps any
}

// Guard is what a request meets first. It finds out where it comes from, and turns away what asks another host's name, is too
// large, too slow or too frequent. Behind it, a request's RemoteAddr is the client's, and forwarding headers are true.
type Guard struct {
	opt  GuardOptions
	next http.Handler
	desk answer.Desk
	told *Buckets // how often a misfit is logged
}

// NewGuard puts a guard before a handler.
func NewGuard(opt GuardOptions, next http.Handler) *Guard {
	return &Guard{opt: opt, next: next, desk: answer.Desk{Log: opt.Log}, told: NewBuckets(100, time.Now)}
}

// ServeHTTP implements http.Handler.
func (g *Guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	g.from(r)
	rec, r, span := g.begin(w, r)
	defer g.end(rec, r, span, began)
	if err := g.refuse(rec, r); err != nil {
		rec.Header().Set("X-Content-Type-Options", "nosniff")
		if codecollab.CodeOf(err) == "too_large" {
			g.readOver(rec, r)
		}
		g.desk.Fail(rec, r, err)
		return
	}
	g.next.ServeHTTP(g.deadlines(rec, r), r)
}

// skipFactor times the largest body is what is read over: a client that is still sending when the connection is closed never hears
// why. What is larger than that has to do without.
const skipFactor = 16

func (g *Guard) readOver(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Connection", "close")
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(g.opt.BodyTime)) // not every ResponseWriter can
	if r.ContentLength <= skipFactor*g.opt.BodyBytes {
		_, _ = io.Copy(io.Discard, r.Body) // how it ends makes no difference
	}
}

func (g *Guard) refuse(w http.ResponseWriter, r *http.Request) error {
	probe := r.URL.Path == "/healthz" || r.URL.Path == "/readyz"
	if !probe && !g.knows(r.Host) {
		g.tell("a request asks for a host that is not ours; if people use that name, add it to hosts", "host", r.Host)
		return codecollab.Errorf(codecollab.Invalid, "wrong_host",
			"This server does not go by the name %.100q. Use the address that you were given, or ask who keeps it to add the name to its settings.", r.Host)
	}
	if r.ContentLength > g.opt.BodyBytes {
		return codecollab.Errorf(codecollab.Limit, "too_large", "The request is larger than %d bytes.", g.opt.BodyBytes)
	}
	if probe {
		return nil
	}
	return g.opt.Limits.Request(w, r)
}

// from puts the client's address in the place of a trusted proxy's. What anybody else says about it is taken away.
func (g *Guard) from(r *http.Request) {
	peer := addrOf(answer.Address(r))
	if !g.trusts(peer) {
		if r.Header.Get("X-Forwarded-For") != "" {
			g.tell("a request was forwarded by a host that is not among trusted-proxies; everybody behind it counts as one", "proxy", peer.String())
		}
		for _, name := range []string{"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded"} {
			r.Header.Del(name)
		}
		for _, name := range requestHeaders {
			r.Header.Del(name)
		}
		return
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop := addrOf(strings.TrimSpace(hops[i]))
		if !hop.IsValid() {
			break // beyond a hop that is no address nothing can be believed
		}
		peer = hop
		if !g.trusts(hop) {
			break
		}
	}
	r.RemoteAddr = netip.AddrPortFrom(peer, 0).String()
	proto := r.Header.Values("X-Forwarded-Proto")
	if len(proto) > 1 || len(proto) == 1 && proto[0] != "https" && proto[0] != "http" {
		r.Header.Del("X-Forwarded-Proto")
	}
}

func (g *Guard) trusts(a netip.Addr) bool {
	for _, p := range g.opt.Proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// addrOf reads an address, with or without a port; IPv4 within IPv6 is IPv4.
func addrOf(s string) netip.Addr {
	if a, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil {
		return a.Unmap().WithZone("")
	}
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap().WithZone("")
	}
	return netip.Addr{}
}

// knows reports whether a request may ask for this host. A page of another site can make its own name lead here (DNS
// rebinding), and would then be our page to the browser. It cannot do that to an address, nor to localhost.
func (g *Guard) knows(host string) bool {
	if len(g.opt.Names) == 0 {
		return true
	}
	name := strings.ToLower(strings.TrimSuffix(hostname(host), "."))
	if name == "localhost" || strings.HasSuffix(name, ".localhost") || addrOf(name).IsValid() {
		return true
	}
	for _, n := range g.opt.Names {
		if name == n {
			return true
		}
	}
	return false
}

func hostname(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return strings.Trim(hostport, "[]")
}

// deadlines give a body so much time to come, and each part of an answer to go.
func (g *Guard) deadlines(w http.ResponseWriter, r *http.Request) http.ResponseWriter {
	c := http.NewResponseController(w)
	_ = c.SetWriteDeadline(time.Time{}) // that of the connection's last answer; not every ResponseWriter can
	if r.ContentLength != 0 {
		_ = c.SetReadDeadline(time.Now().Add(g.opt.BodyTime))
		r.Body = &body{ReadCloser: http.MaxBytesReader(w, r.Body, g.opt.BodyBytes), done: func() { _ = c.SetReadDeadline(time.Time{}) }}
	}
	return &paced{ResponseWriter: w, control: c, time: g.opt.BodyTime}
}

// paced gives each part of an answer so much time: an answer may go on for hours, but not wait for one who does not read it.
type paced struct {
	http.ResponseWriter
	control *http.ResponseController
	time    time.Duration
}

// Unwrap lets http.ResponseController find the rest.
func (p *paced) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// WriteHeader implements http.ResponseWriter.
func (p *paced) WriteHeader(status int) {
	p.allow()
	p.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (p *paced) Write(data []byte) (int, error) {
	p.allow()
	return p.ResponseWriter.Write(data)
}

func (p *paced) allow() { _ = p.control.SetWriteDeadline(time.Now().Add(p.time)) }

// body calls done when all of it has come: the deadline would otherwise end what is done with it.
type body struct {
	io.ReadCloser
	done func()
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) && b.done != nil {
		b.done()
		b.done = nil
	}
	return n, err
}

func (g *Guard) tell(what string, about ...any) {
	if g.told.Take(what, PerMinute(1)) == 0 {
		g.opt.Log.Warn(what, about...)
	}
}

// ParseProxies reads addresses and networks with commas between, like "127.0.0.1, 10.0.0.0/8".
func ParseProxies(text string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		if a, err := netip.ParseAddr(part); err == nil {
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(part)
		if err != nil {
			return nil, fmt.Errorf("trusted-proxies: %q is no address and no network; they look like 10.0.0.1 and 10.0.0.0/8", part)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// HostNames are the hosts that people may use: that of publicURL, and further ones with commas between. Where neither is set,
// any host is good, but on loopback none but localhost.
func HostNames(publicURL, further, listens string) ([]string, error) {
	var names []string
	if publicURL != "" {
		u, err := url.Parse(publicURL)
		if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, fmt.Errorf("public-url: %q is no address; it looks like https://code.example.com", publicURL)
		}
		names = append(names, strings.ToLower(u.Hostname()))
	}
	for part := range strings.SplitSeq(further, ",") {
		if part = strings.ToLower(strings.TrimSpace(part)); part != "" {
			names = append(names, part)
		}
	}
	if len(names) == 0 && addrOf(hostname(listens)).IsLoopback() {
		names = []string{"localhost"}
	}
	return names, nil
}
