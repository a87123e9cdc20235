package server

import (
	"net/http"
	"strings"

	"codecollab.dev/internal/answer"
)

// pagePolicy is what our page may do: load from where it comes from, and be framed by nobody. No script is inline. Styles may be: the
// editor makes rules for themes and carets as it goes, and a rule can neither run nor send anything, since nothing is loaded from
// elsewhere (img-src, font-src). form-action: forms are sent by scripts; to an identity provider one goes by a link, never by a form.
const pagePolicy = "default-src 'self'; script-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; " +
	"object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; connect-src 'self'"

// features are what browsers offer pages, and ours does not use, neither itself nor what it shows. The microphone is for talking, and ours alone.
const features = "microphone=(self), camera=(), geolocation=(), display-capture=(), payment=(), usb=(), serial=(), hid=(), bluetooth=(), " +
	"midi=(), accelerometer=(), gyroscope=(), magnetometer=(), browsing-topics=(), idle-detection=(), screen-wake-lock=()"

// hstsTime is for how long browsers that came by HTTPS do so by themselves: a year, renewed at each answer.
const hstsTime = "max-age=31536000"

// headers are set on every answer. Nothing third-party is loaded: the page's own origin is all that it may use, and that of LiveKit
// where voice is there (connect).
func headers(next http.Handler, connect []string) http.Handler {
	policy := strings.Join(append([]string{pagePolicy}, connect...), " ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy+sockets(r.Host))
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Robots-Tag", "noindex")
		h.Set("Permissions-Policy", features)
		h.Set("Cross-Origin-Opener-Policy", "same-origin-allow-popups") // a test of a sign-in opens a window
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if answer.HTTPS(r) {
			h.Set("Strict-Transport-Security", hstsTime)
		}
		next.ServeHTTP(w, r)
	})
}

// sockets adds our own sockets to connect-src: 'self' does not mean them in every browser.
func sockets(host string) string {
	if host == "" || strings.Trim(strings.ToLower(host), "abcdefghijklmnopqrstuvwxyz0123456789.-:[]") != "" {
		return "" // what else may stand in the header Host must not stand in a policy
	}
	return " ws://" + host + " wss://" + host
}
