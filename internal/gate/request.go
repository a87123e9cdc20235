package gate

import (
	"net"
	"net/http"
	"net/url"
	"strings"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
)

// address is where a request comes from.
func (g *Gate) address(r *http.Request) string { return answer.Address(r) }

// secure reports whether cookies go over HTTPS only.
func (g *Gate) secure(r *http.Request) bool {
	switch g.opt.SecureCookies {
	case "always":
		return true
	case "never":
		return false
	}
	return g.https(r)
}

// https reports whether the browser came by HTTPS, as far as can be known.
func (g *Gate) https(r *http.Request) bool {
	if answer.HTTPS(r) {
		return true
	}
	host, ok := strings.CutPrefix(g.opt.PublicURL, "https://")
	return ok && strings.EqualFold(host, r.Host)
}

// origin is the address that people use, to which providers send them back: the setting, or on this machine what the browser
// asked for. Anything else a browser says of itself is not believed. Error "no_public_url".
func (g *Gate) origin(r *http.Request) (string, error) {
	if g.opt.PublicURL != "" {
		return g.opt.PublicURL, nil
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(r.Host); err == nil {
		host = h
	}
	if ip := net.ParseIP(strings.Trim(host, "[]")); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return "", codecollab.Errorf(codecollab.Unavailable, "no_public_url",
			"Signing in by way of others needs the address of this installation. Its administrator sets it: public-url.")
	}
	if g.https(r) {
		return "https://" + r.Host, nil
	}
	return "http://" + r.Host, nil
}

// reachedAt is the address for whoever sends the request, and nobody else: where nothing is set, the one that they have used.
func (g *Gate) reachedAt(r *http.Request) string {
	if origin, err := g.origin(r); err == nil {
		return origin
	}
	if g.https(r) {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// localPath is where to go on this site; "/" for whatever leads elsewhere, or could in some browser.
func localPath(to string) string {
	u, err := url.Parse(to)
	switch {
	case err != nil, u.Scheme != "", u.Host != "", u.Opaque != "", u.User != nil, len(to) > 2000:
		return "/"
	case !strings.HasPrefix(to, "/"), strings.HasPrefix(to, "//"), strings.HasPrefix(u.Path, "//"):
		return "/"
	case strings.ContainsFunc(to, func(c rune) bool { return c <= ' ' || c == 0x7f || c == '\\' }), strings.Contains(u.Path, `\`):
		return "/"
	}
	return to
}

// Note writes into the audit log what was done with a request, for those who answer others than the gate's.
func (g *Gate) Note(r *http.Request, e auth.Entry) { g.note(r, e) }

// note writes into the audit log, with where the request came from.
func (g *Gate) note(r *http.Request, e auth.Entry) {
	e.Address, e.Agent = g.address(r), r.UserAgent()
	g.opt.Desk.Note(r.Context(), e)
}
