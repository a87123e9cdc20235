// Package oidctest has providers for tests: they speak the protocol over HTTP as real ones do, and say whatever a test wants.
package oidctest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// The client that the provider knows.
const (
	ClientID     = "codecollab"
	ClientSecret = "a secret of tests"
)

// Provider is a provider of OpenID Connect that lets everybody in at once. Change what it does by With.
type Provider struct {
	*httptest.Server
	Key *ecdsa.PrivateKey

	KeysAsked atomic.Int64
	Took      atomic.Int64 // what it has worked, in ns

	mu    sync.Mutex
	does  Does
	codes map[string]trip
}

// Does is what the provider does otherwise than it should; nil and zero: as it should.
type Does struct {
	Claims   func(claims map[string]any)                             // changes what it signs
	Token    func(claims map[string]any, genuine string) string      // gives this in the place of the ID token
	Back     func(q url.Values)                                      // changes what it sends the browser back with
	Metadata func(m map[string]any)                                  // changes what it says about itself
	UserInfo map[string]any                                          // what it says about the person beside the token
	Keys     []jose.JSONWebKey                                       // what it publishes
	Careless bool                                                    // takes codes without the verifier of PKCE
	Answer   func(w http.ResponseWriter, r *http.Request) (did bool) // answers before it does itself
}

type trip struct{ nonce, challenge, redirect, client string }

// New starts a provider on loopback.
func New() *Provider {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	p := &Provider{Key: key, codes: map[string]trip{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.metadata)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	mux.HandleFunc("GET /userinfo", p.userinfo)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		defer func() { p.Took.Add(int64(time.Since(began))) }()
		if answer := p.now().Answer; answer != nil && answer(w, r) {
			return
		}
		mux.ServeHTTP(w, r)
	}))
	return p
}

// With sets what the provider does otherwise from now on.
func (p *Provider) With(d Does) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.does = d
}

func (p *Provider) now() Does {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.does
}

// KeyID is the name of the provider's key.
const KeyID = "key-1"

// Published is the provider's public key as it is published.
func (p *Provider) Published() jose.JSONWebKey {
	return jose.JSONWebKey{Key: &p.Key.PublicKey, KeyID: KeyID, Algorithm: "ES256", Use: "sig"}
}

func (p *Provider) metadata(w http.ResponseWriter, _ *http.Request) {
	m := map[string]any{
		"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"userinfo_endpoint": p.URL + "/userinfo", "end_session_endpoint": p.URL + "/end", "id_token_signing_alg_values_supported": []string{"ES256", "RS256"},
		"code_challenge_methods_supported": []string{"S256"}, "authorization_response_iss_parameter_supported": true,
	}
	if change := p.now().Metadata; change != nil {
		change(m)
	}
	write(w, m)
}

func (p *Provider) keys(w http.ResponseWriter, _ *http.Request) {
	p.KeysAsked.Add(1)
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{p.Published()}}
	if keys := p.now().Keys; keys != nil {
		set.Keys = keys
	}
	write(w, set)
}

func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") == "" || q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || q.Get("state") == "" || q.Get("nonce") == "" {
		http.Error(w, "client, response type code, state, nonce and PKCE are needed", http.StatusBadRequest)
		return
	}
	code := rand.Text()
	p.mu.Lock()
	p.codes[code] = trip{nonce: q.Get("nonce"), challenge: q.Get("code_challenge"), redirect: q.Get("redirect_uri"), client: q.Get("client_id")}
	p.mu.Unlock()
	back := url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {p.URL}}
	if change := p.now().Back; change != nil {
		change(back)
	}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+back.Encode(), http.StatusFound)
}

func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	if id != ClientID || secret != url.QueryEscape(ClientSecret) {
		refuse(w, http.StatusUnauthorized, "invalid_client", "the client is unknown or its secret wrong")
		return
	}
	p.mu.Lock()
	t, ok := p.codes[r.FormValue("code")]
	delete(p.codes, r.FormValue("code"))
	p.mu.Unlock()
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	switch {
	case !ok || t.redirect != r.FormValue("redirect_uri"):
		refuse(w, http.StatusBadRequest, "invalid_grant", "the code is unknown, used, or for another address")
		return
	case !p.now().Careless && base64.RawURLEncoding.EncodeToString(sum[:]) != t.challenge:
		refuse(w, http.StatusBadRequest, "invalid_grant", "the verifier of PKCE does not fit")
		return
	}
	now := time.Now().Unix()
	claims := map[string]any{
		"iss": p.URL, "sub": "person-1", "aud": t.client, "iat": now, "exp": now + 300, "nonce": t.nonce,
		"name": "Ada Lovelace", "email": "Ada@Example.com", "email_verified": true,
	}
	does := p.now()
	if does.Claims != nil {
		does.Claims(claims)
	}
	raw := Sign(jose.SigningKey{Algorithm: jose.ES256, Key: p.Key}, KeyID, claims, nil)
	if does.Token != nil {
		raw = does.Token(claims, raw)
	}
	answer := map[string]any{"access_token": rand.Text(), "token_type": "Bearer", "expires_in": 300}
	if raw != "" {
		answer["id_token"] = raw
	}
	write(w, answer)
}

func (p *Provider) userinfo(w http.ResponseWriter, _ *http.Request) {
	info := map[string]any{"sub": "person-1"}
	maps.Copy(info, p.now().UserInfo)
	write(w, info)
}

// Sign makes a token of claims. more goes into its header.
func Sign(key jose.SigningKey, kid string, claims, more map[string]any) string {
	opt := (&jose.SignerOptions{}).WithType("JWT")
	if kid != "" {
		opt = opt.WithHeader("kid", kid)
	}
	for name, v := range more {
		opt = opt.WithHeader(jose.HeaderKey(name), v)
	}
	signer, err := jose.NewSigner(key, opt)
	if err != nil {
		panic(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		panic(err)
	}
	raw, err := signed.CompactSerialize()
	if err != nil {
		panic(err)
	}
	return raw
}

func refuse(w http.ResponseWriter, status int, code, why string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": code, "error_description": why})
}

func write(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}
