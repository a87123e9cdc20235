package gate

import (
	"net/http"
	"strings"
	"time"

	"codecollab.dev/internal/auth"
)

// cookieName is the cookie that holds the token of a guest or of a session.
const cookieName = "codecollab"

// guestCookie is how long a browser keeps a guest's token.
const guestCookie = 365 * 24 * time.Hour

// setCookie has the browser keep a token. Scripts do not see it, and other sites' forms do not send it.
func (g *Gate) setCookie(w http.ResponseWriter, r *http.Request, token string, keep time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: token, Path: "/", MaxAge: int(keep.Seconds()),
		HttpOnly: true, Secure: g.secure(r), SameSite: http.SameSiteLaxMode,
	})
}

// dropCookie has the browser forget its token.
func (g *Gate) dropCookie(w http.ResponseWriter, r *http.Request) {
	g.setCookie(w, r, "", -time.Second)
}

// tokenOf finds the token: programs send it as a bearer token, browsers as a cookie.
func tokenOf(r *http.Request) string {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return token
	}
	return cookieOf(r)
}

// strangeToken reports whether a program shows what cannot be a token of ours: it is not made a guest, who would wonder where its
// person's rooms are.
func strangeToken(r *http.Request) bool {
	token := tokenOf(r)
	_, guest := auth.ParseToken(token)
	return r.Header.Get("Authorization") != "" && token != cookieOf(r) && !guest && !signedToken(token)
}

// cookieOf is the token in the cookie.
func cookieOf(r *http.Request) string {
	if c, err := r.Cookie(cookieName); err == nil {
		return c.Value
	}
	return ""
}

// mayForget reports whether a browser may be given the token of a new guest. One that has the token of a guest who has just signed in
// may be on its way to a session, by the answer to another request: of its requests only the one by which a page finds out who it is
// may take the place of that.
func mayForget(r *http.Request) bool {
	_, guest := auth.ParseToken(cookieOf(r))
	return !guest || r.Method == http.MethodGet && r.URL.Path == "/api/v1/me"
}

// signedToken reports whether a token is of somebody who signed in, and not a guest's.
func signedToken(token string) bool { return auth.IsSession(token) || auth.IsAPIToken(token) }
