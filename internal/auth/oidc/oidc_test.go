package oidc_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/fetch"
	"codecollab.dev/internal/auth/oidc"
	"codecollab.dev/internal/auth/oidc/oidctest"
)

const back = "http://127.0.0.1/auth/oidc/callback"

// browser is somebody who signs in: it follows the provider's redirection and hands in what came back.
type browser struct {
	t      testing.TB
	way    oidc.Way
	sealed string
	answer url.Values
}

func visit(t testing.TB, way oidc.Way) *browser {
	t.Helper()
	b := &browser{t: t, way: way}
	address, sealed, err := way.Begin(t.Context(), oidc.Errand{Back: back, To: "/room"})
	if err != nil {
		t.Fatal(err)
	}
	b.sealed = sealed
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusFound {
		text, _ := io.ReadAll(answer.Body)
		t.Fatalf("the provider answered %s: %s", answer.Status, text)
	}
	to, err := url.Parse(answer.Header.Get("Location"))
	if err != nil || !strings.HasPrefix(to.String(), back) {
		t.Fatalf("the provider sends the browser to %q, %v", to, err)
	}
	b.answer = to.Query()
	return b
}

func (b *browser) finish() (oidc.Landing, error) {
	return b.way.Finish(b.t.Context(), b.answer, b.sealed)
}

func trips(t testing.TB, now func() time.Time) *oidc.Trips {
	t.Helper()
	s, err := auth.NewSealer([]byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	return oidc.NewTrips(s, 15*time.Minute, nil, now)
}

// provider is a way to a provider of tests, with other settings by change.
func provider(t testing.TB, p *oidctest.Provider, change func(*oidc.Settings, *oidc.Options)) *oidc.Provider {
	t.Helper()
	set := oidc.Settings{Issuer: p.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret}
	opt := oidc.Options{ID: "test", Trips: trips(t, time.Now), Client: fetch.Client(fetch.Limits{Private: true})}
	if change != nil {
		change(&set, &opt)
	}
	way, err := oidc.New(set, opt)
	if err != nil {
		t.Fatal(err)
	}
	return way
}

func idp(t testing.TB) *oidctest.Provider {
	p := oidctest.New()
	t.Cleanup(p.Close)
	return p
}

func wantRefusal(t *testing.T, err error, code, reason string) {
	t.Helper()
	r, ok := errors.AsType[*oidc.Refusal](err)
	if !ok || r.Code != code || !strings.Contains(r.Error(), reason) {
		t.Errorf("got %v, not %s with %q", err, code, reason)
	}
}

func TestArrival(t *testing.T) {
	p := idp(t)
	l, err := visit(t, provider(t, p, nil)).finish()
	if err != nil {
		t.Fatal(err)
	}
	want := auth.Arrival{Provider: p.URL, Subject: "person-1", Name: "Ada Lovelace", Email: "ada@example.com", Proven: true, Via: "test"}
	if l.Arrival != want {
		t.Errorf("got %+v\nnot %+v", l.Arrival, want)
	}
	if l.Trip.To != "/room" || l.Trip.Test {
		t.Errorf("the trip was %+v", l.Trip)
	}
	for _, s := range l.Steps {
		if !s.OK {
			t.Errorf("%+v", s)
		}
	}
}

func TestUnprovenAddresses(t *testing.T) {
	p := idp(t)
	for name, verified := range map[string]any{"missing": nil, "false": false, "text false": "false", "zero": 0, "object": map[string]any{}} {
		p.With(oidctest.Does{Claims: func(c map[string]any) {
			delete(c, "email_verified")
			if verified != nil {
				c["email_verified"] = verified
			}
		}})
		l, err := visit(t, provider(t, p, nil)).finish()
		if err != nil || l.Arrival.Proven || l.Arrival.Email == "" {
			t.Errorf("%s: %+v, %v", name, l.Arrival, err)
		}
	}
	for _, verified := range []any{true, "true", 1, "1"} {
		p.With(oidctest.Does{Claims: func(c map[string]any) { c["email_verified"] = verified }})
		if l, err := visit(t, provider(t, p, nil)).finish(); err != nil || !l.Arrival.Proven {
			t.Errorf("%v: %+v, %v", verified, l.Arrival, err)
		}
	}
}

func TestUserInfoCompletes(t *testing.T) {
	p := idp(t)
	lacking := func(c map[string]any) {
		delete(c, "name")
		delete(c, "email")
		delete(c, "email_verified")
	}
	p.With(oidctest.Does{Claims: lacking, UserInfo: map[string]any{"given_name": "Grace", "family_name": "Hopper", "email": "grace@example.com", "email_verified": true}})
	l, err := visit(t, provider(t, p, nil)).finish()
	if err != nil || l.Arrival.Name != "Grace Hopper" || l.Arrival.Email != "grace@example.com" || !l.Arrival.Proven {
		t.Errorf("%+v, %v", l.Arrival, err)
	}
	p.With(oidctest.Does{Claims: lacking, UserInfo: map[string]any{"sub": "somebody else", "email": "root@example.com"}})
	_, err = visit(t, provider(t, p, nil)).finish()
	wantRefusal(t, err, "token_refused", "about another person")

	// An address of the token is not proven by the word of userinfo about another one.
	p.With(oidctest.Does{
		Claims:   func(c map[string]any) { delete(c, "name"); delete(c, "email_verified") },
		UserInfo: map[string]any{"name": "Grace", "email": "other@example.com", "email_verified": true},
	})
	if l, err = visit(t, provider(t, p, nil)).finish(); err != nil || l.Arrival.Proven || l.Arrival.Email != "ada@example.com" {
		t.Errorf("%+v, %v", l.Arrival, err)
	}
}

func TestGroupsGiveRoles(t *testing.T) {
	p := idp(t)
	mapped := func(s *oidc.Settings, o *oidc.Options) {
		s.GroupsClaim, s.GroupRoles = "groups", map[string]auth.OrgRole{"staff": auth.OrgMember, "it": auth.OrgAdmin}
		o.Org, o.Provider = "o1", "connection:c1"
	}
	for name, c := range map[string]struct {
		groups any
		info   map[string]any
		names  any
		want   auth.OrgRole
	}{
		"several":     {groups: []string{"staff", "it"}, want: auth.OrgAdmin},
		"the best":    {groups: []string{"it", "staff"}, want: auth.OrgAdmin},
		"one text":    {groups: "it", want: auth.OrgAdmin},
		"strange":     {groups: 7, want: auth.OrgMember},
		"none mapped": {groups: []string{"IT", "other"}, want: auth.OrgMember},
		"none":        {want: auth.OrgMember},
		"by userinfo": {info: map[string]any{"groups": []string{"it"}}, want: auth.OrgAdmin},
		"too many":    {names: map[string]string{"groups": "src1"}, want: ""},
	} {
		p.With(oidctest.Does{UserInfo: c.info, Claims: func(claims map[string]any) {
			if c.groups != nil {
				claims["groups"] = c.groups
			}
			if c.names != nil {
				claims["_claim_names"], claims["_claim_sources"] = c.names, map[string]any{"src1": map[string]string{"endpoint": "https://graph.example"}}
			}
		}})
		l, err := visit(t, provider(t, p, mapped)).finish()
		if err != nil || l.Arrival.Role != c.want || l.Arrival.Org != "o1" || l.Arrival.Provider != "connection:c1" {
			t.Errorf("%s: %+v, %v", name, l.Arrival, err)
		}
	}
}

func TestCheckNamesWhatIsWrong(t *testing.T) {
	p := idp(t)
	for name, c := range map[string]struct {
		does oidctest.Does
		step string
		say  string
	}{
		"issuer":    {oidctest.Does{Metadata: func(m map[string]any) { m["issuer"] = "https://other.example" }}, "discovery", `calls itself "https://other.example"`},
		"weak":      {oidctest.Does{Metadata: func(m map[string]any) { m["id_token_signing_alg_values_supported"] = []string{"HS256", "none"} }}, "discovery", "signs with [HS256 none] only"},
		"pkce":      {oidctest.Does{Metadata: func(m map[string]any) { m["code_challenge_methods_supported"] = []string{"plain"} }}, "discovery", "PKCE"},
		"plain":     {oidctest.Does{Metadata: func(m map[string]any) { m["token_endpoint"] = "http://example.com/token" }}, "discovery", "token_endpoint"},
		"script":    {oidctest.Does{Metadata: func(m map[string]any) { m["authorization_endpoint"] = "javascript:alert(1)" }}, "discovery", "authorization_endpoint"},
		"no keys":   {oidctest.Does{Keys: strange()}, "keys", "none that can sign"},
		"not there": {oidctest.Does{Answer: func(w http.ResponseWriter, r *http.Request) bool { http.NotFound(w, r); return true }}, "discovery", "404"},
		"html":      {oidctest.Does{Answer: func(w http.ResponseWriter, r *http.Request) bool { _, _ = io.WriteString(w, "<html>"); return true }}, "discovery", "not the JSON"},
		"endless": {oidctest.Does{Answer: func(w http.ResponseWriter, r *http.Request) bool {
			_, _ = io.WriteString(w, strings.Repeat(" ", 2<<20))
			return true
		}}, "discovery", "larger than"},
	} {
		p.With(c.does)
		steps := provider(t, p, nil).Check(t.Context())
		last := steps[len(steps)-1]
		if last.OK || last.Name != c.step || !strings.Contains(last.Detail, c.say) {
			t.Errorf("%s: %+v, not %s with %q", name, last, c.step, c.say)
		}
	}
	p.With(oidctest.Does{})
	for _, s := range provider(t, p, nil).Check(t.Context()) {
		if !s.OK {
			t.Errorf("%+v", s)
		}
	}
	theirs := oidc.NewConnections(oidc.Options{Client: fetch.Client(fetch.Limits{})}).AsKind()
	private := theirs.Check(t.Context(), auth.Connection{ID: "c", Org: "o", Settings: []byte(`{"issuer":"` + p.URL + `","clientId":"x"}`)})
	if last := private[len(private)-1]; last.OK || !strings.Contains(last.Fix, "sso-private-networks") {
		t.Errorf("%+v", last)
	}
}

func TestSettings(t *testing.T) {
	good := oidc.Settings{Issuer: "https://example.okta.com", ClientID: "c"}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*oidc.Settings){
		"no issuer":         func(s *oidc.Settings) { s.Issuer = "" },
		"http":              func(s *oidc.Settings) { s.Issuer = "http://example.okta.com" },
		"no client":         func(s *oidc.Settings) { s.ClientID = "" },
		"all of Google":     func(s *oidc.Settings) { s.Issuer = oidc.Google },
		"domain elsewhere":  func(s *oidc.Settings) { s.HostedDomain = "example.com" },
		"all of Microsoft":  func(s *oidc.Settings) { s.Issuer = "https://login.microsoftonline.com/common/v2.0" },
		"all its companies": func(s *oidc.Settings) { s.Issuer = "https://login.microsoftonline.com/organizations/v2.0" },
		"old Entra":         func(s *oidc.Settings) { s.Issuer = "https://login.microsoftonline.com/4bb3/" },
		"no claim":          func(s *oidc.Settings) { s.GroupRoles = map[string]auth.OrgRole{"a": "admin"} },
		"owner":             func(s *oidc.Settings) { s.GroupsClaim, s.GroupRoles = "g", map[string]auth.OrgRole{"a": "owner"} },
		"no role":           func(s *oidc.Settings) { s.GroupsClaim, s.GroupRoles = "g", map[string]auth.OrgRole{"a": "root"} },
		"scope":             func(s *oidc.Settings) { s.Scopes = []string{"a b"} },
	} {
		s := good
		change(&s)
		if s.Validate() == nil {
			t.Errorf("%s was taken", name)
		}
	}
	for name, p := range oidc.Presets() {
		s := oidc.Settings{Issuer: strings.NewReplacer("{domain}", "example", "{tenant}", "4bb3").Replace(p.Issuer), ClientID: "c", Scopes: p.Scopes}
		if name == "google" {
			s.HostedDomain = "example.com"
		}
		if err := s.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLeave(t *testing.T) {
	p := idp(t)
	way := provider(t, p, func(s *oidc.Settings, _ *oidc.Options) { s.SignOut = true })
	l, err := visit(t, way).finish()
	if err != nil {
		t.Fatal(err)
	}
	to, err := url.Parse(way.Leave(t.Context(), l.Arrival.Detail, "https://here.example/"))
	if err != nil || !strings.HasPrefix(to.String(), p.URL+"/end?") {
		t.Fatalf("%v, %v", to, err)
	}
	q := to.Query()
	if q.Get("client_id") != oidctest.ClientID || q.Get("post_logout_redirect_uri") != "https://here.example/" || strings.Count(q.Get("id_token_hint"), ".") != 2 {
		t.Errorf("%v", q)
	}
	if to := provider(t, p, nil).Leave(t.Context(), "", "/"); to != "" {
		t.Errorf("signing out leads to the provider although nobody said so: %s", to)
	}
}

func TestProviderRefuses(t *testing.T) {
	p := idp(t)
	p.With(oidctest.Does{Back: func(q url.Values) {
		q.Del("code")
		q.Set("error", "access_denied")
		q.Set("error_description", "not assigned")
	}})
	l, err := visit(t, provider(t, p, nil)).finish()
	wantRefusal(t, err, "denied", `"access_denied": "not assigned"`)
	if last := l.Steps[len(l.Steps)-1]; last.OK || last.Fix == "" {
		t.Errorf("%+v", last)
	}
	p.With(oidctest.Does{})
	_, err = visit(t, provider(t, p, func(s *oidc.Settings, _ *oidc.Options) { s.ClientSecret = "old" })).finish()
	wantRefusal(t, err, "provider_failed", "invalid_client")
	_, err = visit(t, provider(t, p, func(s *oidc.Settings, o *oidc.Options) {
		o.Client = &http.Client{Transport: broken{}}
	})).finish()
	wantRefusal(t, err, "provider_failed", "broken")
}

// broken loses requests to the token endpoint.
type broken struct{}

func (broken) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path == "/token" {
		return nil, errors.New("broken")
	}
	return http.DefaultTransport.RoundTrip(r)
}

func TestGitHub(t *testing.T) {
	g := oidctest.NewGitHub()
	defer g.Close()
	way := github(t, g)
	l, err := visit(t, way).finish()
	if err != nil {
		t.Fatal(err)
	}
	want := auth.Arrival{Provider: g.URL, Subject: "583231", Name: "The Octocat", Email: "octocat@github.com", Proven: true, Via: "github"}
	if l.Arrival != want {
		t.Errorf("got %+v\nnot %+v", l.Arrival, want)
	}
	b := visit(t, way)
	b.answer.Set("code", "stolen")
	_, err = b.finish()
	wantRefusal(t, err, "provider_failed", "bad_verification_code")

	ann, eve := visit(t, way), visit(t, way)
	ann.answer.Set("code", eve.answer.Get("code")) // a code that was given to another browser
	_, err = ann.finish()
	wantRefusal(t, err, "provider_failed", "bad_verification_code")

	g.Emails[1]["verified"], g.User["name"] = false, nil
	if l, err = visit(t, way).finish(); err != nil || l.Arrival.Proven || l.Arrival.Name != "octocat" {
		t.Errorf("%+v, %v", l.Arrival, err)
	}
	g.User["type"] = "Organization"
	_, err = visit(t, way).finish()
	wantRefusal(t, err, "token_refused", "no person")
}

func github(t testing.TB, g *oidctest.GitHub) oidc.Way {
	t.Helper()
	way, err := oidc.NewGitHub(oidc.GitHubOptions{
		URL: g.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, Trips: trips(t, time.Now), Client: fetch.Client(fetch.Limits{Private: true}),
	})
	if err != nil {
		t.Fatal(err)
	}
	return way
}
