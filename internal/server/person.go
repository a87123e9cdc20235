package server

import (
	"net/http"
	"strings"
	"time"

	"codecollab.dev/internal/auth"
)

// cookieName is the cookie that holds a guest's token.
const cookieName = "codecollab"

// person is who sends the request; someone new becomes a guest and gets a cookie.
func (s *Server) person(w http.ResponseWriter, r *http.Request) auth.Guest {
	if g, ok := auth.ParseToken(tokenOf(r)); ok {
		return g
	}
	g := auth.NewGuest()
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: g.Token(), Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
		HttpOnly: true, Secure: s.opt.SecureCookies || r.TLS != nil, SameSite: http.SameSiteLaxMode,
	})
	return g
}

// tokenOf finds the token: programs send it as a bearer token, browsers as a cookie.
func tokenOf(r *http.Request) string {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return token
	}
	if c, err := r.Cookie(cookieName); err == nil {
		return c.Value
	}
	return ""
}
