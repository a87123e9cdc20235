package gate_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"codecollab.dev/internal/auth/oidc/oidctest"
	"codecollab.dev/internal/gate"
)

// forged is an ID token that must not let anybody in.
type forged struct {
	name  string
	token func(f forger, claims map[string]any, genuine string) string // nil: the provider signs what claims makes
	claim func(claims map[string]any)
	log   string // what the administrator reads
}

// forger has what one who forges may have: all that is public, and keys of their own.
type forger struct {
	provider *oidctest.Provider
	key      *ecdsa.PrivateKey
	earlier  string // a genuine token of another sign-in of the same person
}

func (f forger) own() jose.SigningKey { return jose.SigningKey{Algorithm: jose.ES256, Key: f.key} }

func (f forger) hmac(secret []byte, claims map[string]any) string {
	return oidctest.Sign(jose.SigningKey{Algorithm: jose.HS256, Key: secret}, oidctest.KeyID, claims, nil)
}

// published is the provider's public key in the ways in which servers have taken it for a secret.
func (f forger) published(t *testing.T) (asPEM, asJSON, asDER []byte) {
	der, err := x509.MarshalPKIXPublicKey(&f.provider.Key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	key := f.provider.Published()
	raw, err := key.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), raw, der
}

// part encodes a part of a token.
func part(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

func set(name string, v any) func(map[string]any) { return func(c map[string]any) { c[name] = v } }

func without(name string) func(map[string]any) { return func(c map[string]any) { delete(c, name) } }

func corpus(t *testing.T) []forged {
	now := time.Now().Unix()
	unsigned := func(alg string) func(forger, map[string]any, string) string {
		return func(_ forger, c map[string]any, _ string) string {
			return part(map[string]string{"alg": alg}) + "." + part(c) + "."
		}
	}
	brings := func(header string, value func(f forger) any) func(forger, map[string]any, string) string {
		return func(f forger, c map[string]any, _ string) string {
			return oidctest.Sign(f.own(), "mine", c, map[string]any{header: value(f)})
		}
	}
	return []forged{
		{name: "alg none", token: unsigned("none"), log: `signed with \"none\", which proves nothing`},
		{name: "alg None", token: unsigned("None"), log: "proves nothing"},
		{name: "alg nOnE", token: unsigned("nOnE"), log: "proves nothing"},
		{name: "no alg", token: unsigned(""), log: "the ID token"},
		{name: "genuine, but alg none and no signature", token: func(_ forger, _ map[string]any, genuine string) string {
			return part(map[string]string{"alg": "none"}) + "." + strings.Split(genuine, ".")[1] + "."
		}, log: "proves nothing"},
		{name: "HS256 with the public key as PEM", token: func(f forger, c map[string]any, _ string) string { k, _, _ := f.published(t); return f.hmac(k, c) }, log: `signed with \"HS256\"`},
		{name: "HS256 with the public key as JSON", token: func(f forger, c map[string]any, _ string) string { _, k, _ := f.published(t); return f.hmac(k, c) }, log: `signed with \"HS256\"`},
		{name: "HS256 with the public key as DER", token: func(f forger, c map[string]any, _ string) string { _, _, k := f.published(t); return f.hmac(k, c) }, log: `signed with \"HS256\"`},
		{name: "HS256 with the client's secret", token: func(f forger, c map[string]any, _ string) string {
			return f.hmac([]byte(oidctest.ClientSecret+strings.Repeat("\x00", 32)), c)
		}, log: `signed with \"HS256\"`},
		{name: "foreign key, foreign kid", token: func(f forger, c map[string]any, _ string) string { return oidctest.Sign(f.own(), "mine", c, nil) }, log: `the key \"mine\", which the provider does not publish`},
		{name: "foreign key, known kid", token: func(f forger, c map[string]any, _ string) string {
			return oidctest.Sign(f.own(), oidctest.KeyID, c, nil)
		}, log: "was not signed with it"},
		{name: "foreign key, no kid", token: func(f forger, c map[string]any, _ string) string { return oidctest.Sign(f.own(), "", c, nil) }, log: "does not publish"},
		{name: "embedded jwk", token: brings("jwk", func(f forger) any { return jose.JSONWebKey{Key: &f.key.PublicKey, KeyID: "mine"} }), log: "brings a key of its own along"},
		{name: "embedded jwk, known kid", token: func(f forger, c map[string]any, _ string) string {
			return oidctest.Sign(f.own(), oidctest.KeyID, c, map[string]any{"jwk": jose.JSONWebKey{Key: &f.key.PublicKey, KeyID: oidctest.KeyID}})
		}, log: "brings a key of its own along"},
		{name: "jku", token: brings("jku", func(f forger) any { return f.provider.URL + "/forged" }), log: "brings a key of its own along"},
		{name: "x5u", token: brings("x5u", func(f forger) any { return f.provider.URL + "/forged" }), log: "brings a key of its own along"},
		{name: "unknown critical header", token: func(f forger, c map[string]any, _ string) string {
			return oidctest.Sign(signedBy(f.provider), oidctest.KeyID, c, map[string]any{"crit": []string{"odd"}, "odd": true})
		}, log: "the ID token"},
		{name: "cut signature", token: func(_ forger, _ map[string]any, g string) string { return g[:len(g)-8] }, log: "was not signed with it"},
		{name: "empty signature", token: func(_ forger, _ map[string]any, g string) string { return g[:strings.LastIndex(g, ".")+1] }, log: "the ID token"},
		{name: "no third part", token: func(_ forger, _ map[string]any, g string) string { return g[:strings.LastIndex(g, ".")] }, log: "not of three parts"},
		{name: "swapped payload", token: func(_ forger, c map[string]any, g string) string {
			c["sub"] = "root"
			parts := strings.Split(g, ".")
			return parts[0] + "." + part(c) + "." + parts[2]
		}, log: "was not signed with it"},
		{name: "signature of zeros", token: func(_ forger, _ map[string]any, g string) string {
			return g[:strings.LastIndex(g, ".")+1] + base64.RawURLEncoding.EncodeToString(make([]byte, 64))
		}, log: "was not signed with it"},
		{name: "JSON in the place of compact", token: func(_ forger, _ map[string]any, g string) string {
			parts := strings.Split(g, ".")
			raw, _ := json.Marshal(map[string]string{"protected": parts[0], "payload": parts[1], "signature": parts[2]})
			return string(raw)
		}, log: "not of three parts"},
		{name: "encrypted", token: func(forger, map[string]any, string) string { return "a.b.c.d.e" }, log: "is encrypted"},
		{name: "rubbish", token: func(forger, map[string]any, string) string { return "x.y.z" }, log: "cannot be read"},
		{name: "none at all", token: func(forger, map[string]any, string) string { return "" }, log: "sent no ID token"},
		{name: "of another sign-in", token: func(f forger, _ map[string]any, _ string) string { return f.earlier }, log: "another sign-in"},

		{name: "wrong nonce", claim: set("nonce", "another"), log: "another sign-in than this one (nonce)"},
		{name: "missing nonce", claim: without("nonce"), log: "for which sign-in it is (nonce)"},
		{name: "empty nonce", claim: set("nonce", ""), log: "for which sign-in it is (nonce)"},
		{name: "wrong audience", claim: set("aud", "somebody else"), log: "expected audience"},
		{name: "of another client", claim: func(c map[string]any) { c["aud"], c["azp"] = "other-app", "other-app" }, log: "expected audience"},
		{name: "missing audience", claim: without("aud"), log: "expected audience"},
		{name: "empty audience", claim: set("aud", []string{}), log: "expected audience"},
		{name: "audience of a like name", claim: set("aud", oidctest.ClientID+"2"), log: "expected audience"},
		{name: "several audiences without azp", claim: set("aud", []string{oidctest.ClientID, "other"}), log: "(azp)"},
		{name: "several audiences, foreign azp", claim: func(c map[string]any) { c["aud"], c["azp"] = []string{oidctest.ClientID, "other"}, "other" }, log: `another application, \"other\" (azp)`},
		{name: "one audience, foreign azp", claim: set("azp", "other"), log: "(azp)"},
		{name: "wrong issuer", claim: set("iss", "https://evil.example"), log: "issued by a different provider"},
		{name: "issuer with a slash", claim: func(c map[string]any) { c["iss"] = c["iss"].(string) + "/" }, log: "issued by a different provider"},
		{name: "missing issuer", claim: without("iss"), log: "issued by a different provider"},
		{name: "expired", claim: func(c map[string]any) { c["exp"] = now - 90 }, log: "expired at"},
		{name: "missing exp", claim: without("exp"), log: "(exp)"},
		{name: "exp of zero", claim: set("exp", 0), log: "(exp)"},
		{name: "future iat", claim: func(c map[string]any) { c["iat"], c["exp"] = now+3600, now+7200 }, log: "in the future"},
		{name: "missing iat", claim: without("iat"), log: "(iat)"},
		{name: "old iat", claim: set("iat", now-600), log: "before this sign-in began"},
		{name: "not yet valid", claim: set("nbf", now+600), log: "does not hold before"},
		{name: "missing sub", claim: without("sub"), log: "(sub)"},
		{name: "empty sub", claim: set("sub", ""), log: "(sub)"},
		{name: "sub that is no text", claim: set("sub", 7), log: "the ID token"},
		{name: "endless sub", claim: set("sub", strings.Repeat("x", 256)), log: "(sub)"},
		{name: "of another access token", claim: set("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), log: "another access token"},
	}
}

func signedBy(p *oidctest.Provider) jose.SigningKey {
	return jose.SigningKey{Algorithm: jose.ES256, Key: p.Key}
}

// TestForgedTokens sends each forged token through the real gate, over HTTP. Before each a genuine one gets in, so that the test
// would see a door that is shut for everybody.
func TestForgedTokens(t *testing.T) {
	p := oidctest.New()
	defer p.Close()
	h := newHouse(t, func(h *house, o *gate.Options) { o.External.Providers = []gate.Provider{h.openID(p, "main")} })
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	f := forger{provider: p, key: key}
	cases := corpus(t)
	for _, c := range cases {
		p.With(oidctest.Does{Token: func(_ map[string]any, genuine string) string { f.earlier = genuine; return genuine }})
		honest := h.person()
		if at := honest.open("/auth/oidc/main?to=/in"); at.Path != "/in" || honest.me() == nil {
			t.Fatalf("before %s a genuine token does not get in: %s\n%s", c.name, at, h.log.take())
		}
		h.log.take()
		does := oidctest.Does{Claims: c.claim}
		if c.token != nil {
			does.Token = func(claims map[string]any, genuine string) string { return c.token(f, claims, genuine) }
		}
		p.With(does)
		eve := h.person()
		at := eve.open("/auth/oidc/main?to=/in")
		if me := eve.me(); me != nil || at.Path != "/signin" || at.Query().Get("problem") != "token_refused" {
			t.Errorf("%s: the browser is at %s, signed in as %+v", c.name, at, me)
		}
		log := h.log.take()
		if !strings.Contains(log, c.log) || !strings.Contains(log, at.Query().Get("number")) || strings.Contains(log, "internal error") {
			t.Errorf("%s: the log does not say %q with the number of the page: %s", c.name, c.log, log)
		}
	}
	t.Logf("%d forged tokens, none got in", len(cases))
}

// TestForgedReturns forges not the token but what the browser brings back.
func TestForgedReturns(t *testing.T) {
	p := oidctest.New()
	defer p.Close()
	h := newHouse(t, func(h *house, o *gate.Options) { o.External.Providers = []gate.Provider{h.openID(p, "main")} })
	change := func(u *url.URL, name, value string) string {
		q := u.Query()
		q.Set(name, value)
		if value == "" {
			q.Del(name)
		}
		changed := *u
		changed.RawQuery = q.Encode()
		return changed.String()
	}
	for _, c := range []struct {
		name string
		does oidctest.Does
		// visit has the browser of the victim open what it must not be taken in by; eve has her own browser.
		visit     func(victim, eve *person) string
		code, log string
	}{
		{name: "state replayed", visit: func(v, _ *person) string {
			back := v.upTo("/auth/oidc/main")
			cookies := v.Jar.Cookies(back)
			v.open(back.String())
			w := h.person() // a browser that has the victim's old cookie and address
			w.Jar.SetCookies(back, cookies)
			v.Client = w.Client
			return back.String()
		}, code: "bad_state", log: "used before"},
		{name: "state of another browser", visit: func(v, eve *person) string { v.upTo("/auth/oidc/main"); return eve.upTo("/auth/oidc/main").String() }, code: "bad_state", log: "not that of this browser"},
		{name: "no cookie", visit: func(_, eve *person) string { return eve.upTo("/auth/oidc/main").String() }, code: "bad_state", log: "no cookie"},
		{name: "no state", visit: func(v, _ *person) string { return change(v.upTo("/auth/oidc/main"), "state", "") }, code: "bad_state", log: "no state"},
		{name: "guessed state", visit: func(v, _ *person) string { return change(v.upTo("/auth/oidc/main"), "state", "guess") }, code: "bad_state", log: "not that of this browser"},
		{name: "stolen code: PKCE", visit: func(v, eve *person) string {
			return change(v.upTo("/auth/oidc/main"), "code", eve.upTo("/auth/oidc/main").Query().Get("code"))
		}, code: "provider_failed", log: "verifier of PKCE does not fit"},
		{name: "stolen code, provider without PKCE: nonce", does: oidctest.Does{Careless: true}, visit: func(v, eve *person) string {
			return change(v.upTo("/auth/oidc/main"), "code", eve.upTo("/auth/oidc/main").Query().Get("code"))
		}, code: "token_refused", log: "another sign-in than this one (nonce)"},
		{name: "guessed code", visit: func(v, _ *person) string { return change(v.upTo("/auth/oidc/main"), "code", "guess") }, code: "provider_failed", log: "the code is unknown"},
		{name: "no code", visit: func(v, _ *person) string { return change(v.upTo("/auth/oidc/main"), "code", "") }, code: "provider_failed", log: "neither a code nor an error"},
		{name: "from another provider", visit: func(v, _ *person) string {
			return change(v.upTo("/auth/oidc/main"), "iss", "https://evil.example")
		}, code: "token_refused", log: "from the provider"},
		{name: "does not say from which", visit: func(v, _ *person) string { return change(v.upTo("/auth/oidc/main"), "iss", "") }, code: "token_refused", log: "does not say which provider"},
		{name: "altered cookie", visit: func(v, _ *person) string {
			back := v.upTo("/auth/oidc/main")
			for _, k := range v.Jar.Cookies(back) {
				if k.Name == "codecollab-trip" {
					k.Value, k.Path = k.Value[:20]+"AAAA"+k.Value[24:], "/auth/"
					v.Jar.SetCookies(back, append(v.Jar.Cookies(&url.URL{Scheme: "http", Host: "none"}), k))
				}
			}
			return back.String()
		}, code: "bad_state", log: "altered"},
		{name: "declined", does: oidctest.Does{Back: func(q url.Values) { q.Del("code"); q.Set("error", "access_denied") }},
			visit: func(v, _ *person) string { return v.upTo("/auth/oidc/main").String() }, code: "denied", log: "access_denied"},
	} {
		p.With(oidctest.Does{})
		if honest := h.person(); honest.open("/auth/oidc/main").Path != "/" || honest.me() == nil {
			t.Fatalf("before %s a genuine answer does not get in: %s", c.name, h.log.take())
		}
		p.With(c.does)
		victim, eve := h.person(), h.person()
		address := c.visit(victim, eve)
		h.log.take()
		at := victim.open(address)
		if me := victim.me(); at.Path != "/signin" || at.Query().Get("problem") != c.code || me != nil {
			t.Errorf("%s: the browser is at %s, signed in as %+v", c.name, at, me)
		}
		if log := h.log.take(); !strings.Contains(log, c.log) {
			t.Errorf("%s: the log does not say %q: %s", c.name, c.log, log)
		}
	}
}
