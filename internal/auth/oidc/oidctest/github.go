package oidctest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
)

// GitHub is a server of GitHub's OAuth and of the two addresses of its API that tell who somebody is, as a GitHub Enterprise
// Server has them.
type GitHub struct {
	*httptest.Server
	User   map[string]any
	Emails []map[string]any

	mu     sync.Mutex
	codes  map[string]trip
	tokens map[string]bool
}

// NewGitHub starts one on loopback. User and Emails may be changed between requests.
func NewGitHub() *GitHub {
	g := &GitHub{
		User:  map[string]any{"id": 583231, "login": "octocat", "name": "The Octocat", "type": "User"},
		codes: map[string]trip{}, tokens: map[string]bool{},
		Emails: []map[string]any{
			{"email": "other@example.com", "primary": false, "verified": true},
			{"email": "Octocat@GitHub.com", "primary": true, "verified": true},
		},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login/oauth/authorize", g.authorize)
	mux.HandleFunc("POST /login/oauth/access_token", g.token)
	mux.HandleFunc("GET /api/v3/user", g.tell(func() any { return g.User }))
	mux.HandleFunc("GET /api/v3/user/emails", g.tell(func() any { return g.Emails }))
	g.Server = httptest.NewServer(mux)
	return g
}

func (g *GitHub) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != ClientID || q.Get("state") == "" || q.Get("code_challenge_method") != "S256" {
		http.Error(w, "client, state and PKCE are needed", http.StatusBadRequest)
		return
	}
	code := rand.Text()
	g.mu.Lock()
	g.codes[code] = trip{challenge: q.Get("code_challenge"), redirect: q.Get("redirect_uri")}
	g.mu.Unlock()
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
}

// token answers errors with 200, as GitHub does.
func (g *GitHub) token(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	t, ok := g.codes[r.FormValue("code")]
	delete(g.codes, r.FormValue("code"))
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	switch {
	case r.FormValue("client_id") != ClientID || r.FormValue("client_secret") != ClientSecret:
		refuse(w, http.StatusOK, "incorrect_client_credentials", "The client_id and/or client_secret passed are incorrect.")
		return
	case !ok || t.redirect != r.FormValue("redirect_uri") || base64.RawURLEncoding.EncodeToString(sum[:]) != t.challenge:
		refuse(w, http.StatusOK, "bad_verification_code", "The code passed is incorrect or expired.")
		return
	}
	token := "gho_" + rand.Text()
	g.tokens[token] = true
	write(w, map[string]any{"access_token": token, "token_type": "bearer", "scope": "read:user,user:email"})
}

func (g *GitHub) tell(what func() any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		g.mu.Lock()
		defer g.mu.Unlock()
		token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !g.tokens[token] {
			http.Error(w, `{"message":"Bad credentials"}`, http.StatusUnauthorized)
			return
		}
		write(w, what())
	}
}
