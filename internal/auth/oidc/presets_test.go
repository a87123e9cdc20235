package oidc_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"codecollab.dev/internal/auth/oidc"
	"codecollab.dev/internal/auth/oidc/oidctest"
)

// as has a provider of tests answer for an issuer that is elsewhere.
func as(t *testing.T, p *oidctest.Provider, issuer string, change func(*oidc.Settings, *oidc.Options)) *oidc.Provider {
	t.Helper()
	to, err := url.Parse(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	return provider(t, p, func(s *oidc.Settings, o *oidc.Options) {
		s.Issuer, o.Client = issuer, &http.Client{Transport: elsewhere{to}}
		if change != nil {
			change(s, o)
		}
	})
}

// elsewhere takes all requests to one host.
type elsewhere struct{ to *url.URL }

func (e elsewhere) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if strings.HasSuffix(r.URL.Path, "/.well-known/openid-configuration") {
		r.URL.Path = "/.well-known/openid-configuration"
	}
	r.URL.Scheme, r.URL.Host = e.to.Scheme, e.to.Host
	return http.DefaultTransport.RoundTrip(r)
}

// does answers as an issuer, with what claims changes.
func does(p *oidctest.Provider, issuer string, claims func(map[string]any)) {
	p.With(oidctest.Does{
		Metadata: func(m map[string]any) { m["issuer"] = issuer },
		Back:     func(q url.Values) { q.Set("iss", issuer) },
		Claims:   func(c map[string]any) { c["iss"] = issuer; claims(c) },
	})
}

// TestGoogleDomains: what is asked for with hd is only a wish; the claim decides.
func TestGoogleDomains(t *testing.T) {
	p := idp(t)
	only := func(s *oidc.Settings, o *oidc.Options) { s.HostedDomain, o.Org = "example.com", "o1" }
	for hd, reason := range map[string]string{"": "private Google account", "evil.com": "of evil.com", "example.com.evil.com": "of example.com.evil.com", "example.com": ""} {
		does(p, oidc.Google, func(c map[string]any) {
			if hd != "" {
				c["hd"] = hd
			}
		})
		_, err := visit(t, as(t, p, oidc.Google, only)).finish()
		if reason != "" {
			wantRefusal(t, err, "not_allowed", reason)
		} else if err != nil {
			t.Error(err)
		}
	}
	does(p, oidc.Google, func(c map[string]any) { c["iss"] = "accounts.google.com" }) // as Google sometimes writes itself
	if _, err := visit(t, as(t, p, oidc.Google, nil)).finish(); err != nil {
		t.Error(err)
	}
}

// TestEntraAddresses: an administrator of some tenant can write any address into an account; only xms_edov says that it is theirs.
func TestEntraAddresses(t *testing.T) {
	p := idp(t)
	const issuer = "https://login.microsoftonline.com/4bb3c1a0-0000-4000-8000-000000000000/v2.0"
	for name, c := range map[string]struct {
		claims func(map[string]any)
		proven bool // to the installation
		theirs bool // to the tenant's organisation, if the address is in its domains
	}{
		"as it comes":     {func(c map[string]any) { delete(c, "email_verified") }, false, true},
		"another's claim": {func(map[string]any) {}, false, true},
		"a guest":         {func(c map[string]any) { c["idp"] = "https://sts.windows.net/another/" }, false, false},
		"a text":          {func(c map[string]any) { c["xms_edov"] = "1" }, true, true},
		"a number":        {func(c map[string]any) { c["xms_edov"] = 1 }, true, true},
		"true":            {func(c map[string]any) { c["xms_edov"] = true }, true, true},
		"false":           {func(c map[string]any) { c["xms_edov"] = false }, false, false},
	} {
		does(p, issuer, c.claims)
		for org, want := range map[string]bool{"": c.proven, "o1": c.theirs} {
			l, err := visit(t, as(t, p, issuer, func(_ *oidc.Settings, o *oidc.Options) { o.Org = org })).finish()
			if err != nil || l.Arrival.Proven != want {
				t.Errorf("%s, of the organisation %q: %+v, %v", name, org, l.Arrival, err)
			}
		}
	}
	// Elsewhere the claim means nothing.
	p.With(oidctest.Does{Claims: func(c map[string]any) { delete(c, "email_verified"); c["xms_edov"] = true }})
	if l, err := visit(t, provider(t, p, nil)).finish(); err != nil || l.Arrival.Proven {
		t.Errorf("%+v, %v", l.Arrival, err)
	}
}
