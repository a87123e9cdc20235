// Package fetch asks other people's servers: identity providers, whose addresses administrators type. It gives up after a time
// and a size, follows few redirections, and does not look into private networks on behalf of those who may not.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// Limits bound what one answer of a provider may cost. What is zero is the default.
type Limits struct {
	Time    time.Duration // for the whole of a request; 10 s
	Bytes   int64         // of an answer; 1 MiB
	Private bool          // whether addresses of this machine and of private networks may be asked, and proxies of the environment
}

const (
	defaultTime  = 10 * time.Second
	defaultBytes = 1 << 20
	mostHops     = 3
)

// Client makes an HTTP client that keeps to l.
func Client(l Limits) *http.Client {
	if l.Time == 0 {
		l.Time = defaultTime
	}
	if l.Bytes == 0 {
		l.Bytes = defaultBytes
	}
	dialer := &net.Dialer{Timeout: l.Time, Control: control(l.Private)}
	transport := &http.Transport{
		DialContext:         dialer.DialContext,
		TLSHandshakeTimeout: l.Time,
		IdleConnTimeout:     time.Minute,
		MaxIdleConnsPerHost: 4,
		ForceAttemptHTTP2:   true,
	}
	if l.Private { // behind a proxy nobody sees here whose address is asked
		transport.Proxy = http.ProxyFromEnvironment
	}
	return &http.Client{Timeout: l.Time, Transport: limited{transport, l.Bytes}, CheckRedirect: redirect}
}

// redirect follows a few redirections, and none from https to http.
func redirect(r *http.Request, via []*http.Request) error {
	if len(via) > mostHops {
		return fmt.Errorf("more than %d redirections", mostHops)
	}
	if via[0].URL.Scheme == "https" && r.URL.Scheme != "https" {
		return fmt.Errorf("a redirection leads from https to %s", r.URL.Scheme)
	}
	return nil
}

// ErrPrivate says that an address may not be asked.
var ErrPrivate = errors.New("the address is one of this machine or of a private network, which only the operator can allow (sso-private-networks)")

// control looks at the address that a name has led to, just before it is dialled: names can be made to lead anywhere.
func control(private bool) func(network, address string, _ syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		return allowed(at.Addr().Unmap(), private)
	}
}

// metadata is where clouds tell machines their secrets: nobody signs in there.
var metadata = []netip.Addr{netip.MustParseAddr("169.254.169.254"), netip.MustParseAddr("fd00:ec2::254")}

// shared are the ranges that are not for everyone and that netip has no word for: carrier NAT, "this network", benchmarks, and NAT64.
var shared = []netip.Prefix{
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("64:ff9b::/96"),
}

func allowed(a netip.Addr, private bool) error {
	for _, m := range metadata {
		if a.WithZone("") == m {
			return errors.New("the address is where clouds keep the secrets of machines")
		}
	}
	if private {
		return nil
	}
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return ErrPrivate
	}
	for _, p := range shared {
		if p.Contains(a) {
			return ErrPrivate
		}
	}
	return nil
}

// Address checks an address that somebody typed: https, or http on this very machine. The error says what is wrong with it.
func Address(raw string) error {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Host == "":
		return fmt.Errorf("%q is no address like https://login.example.com", raw)
	case u.User != nil:
		return errors.New("an address holds no name and password")
	case u.Fragment != "":
		return fmt.Errorf("%q has a part behind #, which servers never see", raw)
	case u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()):
		return nil
	}
	return fmt.Errorf("%q must begin with https:// (http:// is for this machine alone)", raw)
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// limited cuts answers that are too long.
type limited struct {
	next  http.RoundTripper
	bytes int64
}

func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := l.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer.Body = &body{ReadCloser: answer.Body, left: l.bytes, most: l.bytes}
	return answer, nil
}

type body struct {
	io.ReadCloser
	left, most int64
}

func (b *body) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, fmt.Errorf("the answer is larger than %d bytes", b.most)
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	if b.left < 0 {
		return n - 1, fmt.Errorf("the answer is larger than %d bytes", b.most)
	}
	return n, err
}

// Get reads all of what an address answers. It is an error when that is not 200.
func Get(ctx context.Context, client *http.Client, address string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	answer, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %s", address, answer.Status)
	}
	return io.ReadAll(answer.Body)
}
