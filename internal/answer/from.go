package answer

import (
	"net"
	"net/http"
)

// Address is where a request comes from. The guard at the door (see package gate) has put the client's address in the place of a
// trusted proxy's, and taken away what others only claim.
func Address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// HTTPS reports whether whoever asks came by HTTPS, to us or to a trusted proxy before us.
func HTTPS(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
}
