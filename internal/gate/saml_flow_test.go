package gate

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/saml"
	"codecollab.dev/internal/auth/saml/samltest"
)

// signedInAs makes a browser that somebody has signed in with.
func (c *company) signedInAs(token string) *browser {
	b := c.browser()
	u, err := url.Parse(c.server.URL)
	if err != nil {
		c.t.Fatal(err)
	}
	b.http.Jar.SetCookies(u, []*http.Cookie{{Name: cookieName, Value: token, Path: "/"}})
	return b
}

func TestSAMLMakesAMemberOfTheOrganisation(t *testing.T) {
	c := newCompany(t)
	b := c.browser()
	s := c.saying(c.begin(b, "?to=/orgs"))
	s.Attributes["groups"] = []string{"admins"}
	if at := c.back(b, samltest.Encode(c.idp.Response(s))); at != "/orgs" {
		t.Fatalf("the browser is at %q\n%s", at, c.log.take())
	}
	a, err := c.desk.Find(t.Context(), "connection:"+c.id, "somebody")
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.db.RoleIn(t.Context(), c.org, a.ID)
	if err != nil || m.Role != auth.OrgAdmin || m.Source != "sso" {
		t.Errorf("%+v, %v", m, err)
	}
	if a.Proven {
		t.Error("an address outside of the organisation's domains counts as proven")
	}
}

func TestAnAnswerIsForOneBrowserAlone(t *testing.T) {
	c := newCompany(t)
	victim, attacker := c.browser(), c.browser()
	c.begin(victim, "")
	theirs := samltest.Encode(c.idp.Response(c.saying(c.begin(attacker, ""))))
	at := victim.posted(c.acs(), url.Values{"SAMLResponse": {theirs}})
	if end := victim.open(at); !strings.Contains(end, "problem=bad_state") || victim.account() != "" {
		t.Errorf("the attacker's sign-in leads the victim to %q, as %q", end, victim.account())
	}
	if end := attacker.open(at); end != "/" || attacker.account() != "Some Body" {
		t.Errorf("where it belongs it leads to %q", end)
	}
	again := attacker.open(at)
	if !strings.Contains(again, "problem=") {
		t.Errorf("a second time it leads to %q", again)
	}
	for _, bad := range []string{"", "?said=", "?said=AAAA", strings.TrimPrefix(at, c.acs())[:40]} {
		if end := attacker.open(c.acs() + bad); !strings.Contains(end, "problem=saml_refused") {
			t.Errorf("%q leads to %q", bad, end)
		}
	}
}

func TestTwoWindowsAtOnce(t *testing.T) {
	c := newCompany(t)
	b := c.browser()
	first, second := c.begin(b, "?to=/r/one"), c.begin(b, "?to=/r/two")
	for request, want := range map[string]string{first: "/r/one", second: "/r/two"} {
		if at := c.back(b, samltest.Encode(c.idp.Response(c.saying(request)))); at != want {
			t.Errorf("the window of %s is at %q", want, at)
		}
	}
}

func TestLoginThatTheProviderBegins(t *testing.T) {
	off, on := newCompany(t), newCompany(t, func(s *saml.Settings) { s.AllowIdPInitiated = true })
	b := off.browser()
	if at := off.back(b, samltest.Encode(off.idp.Response(off.saying("")))); !strings.Contains(at, "problem=saml_unsolicited") {
		t.Errorf("not allowed, it leads to %q", at)
	}
	for relay, to := range map[string]string{"/r/x": "/r/x", "https://evil.example/": "/", "//evil.example": "/", `/\evil.example`: "/", "": "/"} {
		b = on.browser()
		at := b.posted(on.acs(), url.Values{"SAMLResponse": {samltest.Encode(on.idp.Response(on.saying("")))}, "RelayState": {relay}})
		want := "/auth/sso/" + on.id + "?to=" + url.QueryEscape(to)
		if at != want {
			t.Fatalf("allowed, with %q, it leads to %q, not %q\n%s", relay, at, want, on.log.take())
		}
		if b.account() != "" {
			t.Error("signed in without having been asked for")
		}
		request, err := samltest.Request(b.open(at))
		if err != nil {
			t.Fatal(err)
		}
		if at = on.back(b, samltest.Encode(on.idp.Response(on.saying(request)))); at != to || b.account() != "Some Body" {
			t.Errorf("and then to %q", at)
		}
	}
}

func TestAConnectionThatIsOffOrNotThere(t *testing.T) {
	c := newCompany(t)
	b := c.browser()
	request := c.begin(b, "")
	off := auth.Connection{ID: c.id, Org: c.org, Kind: "saml", Name: "Test"}
	if _, err := c.orgs.ChangeConnection(t.Context(), auth.Actor{Account: c.owner}, off); err != nil {
		t.Fatal(err)
	}
	if at := c.back(b, samltest.Encode(c.idp.Response(c.saying(request)))); !strings.Contains(at, "problem=no_connection") || b.account() != "" {
		t.Errorf("turned off meanwhile, it leads to %q", at)
	}
	if at := b.open("/auth/sso/" + c.id); !strings.Contains(at, "problem=no_connection") {
		t.Errorf("it begins with %q", at)
	}
	if at := b.posted("/auth/saml/none/acs", url.Values{"SAMLResponse": {"x"}}); !strings.Contains(at, "problem=no_connection") {
		t.Errorf("a connection that is not there: %q", at)
	}
}

func TestATestSignsNobodyIn(t *testing.T) {
	c := newCompany(t)
	stranger := c.browser()
	if at := stranger.open("/auth/sso/" + c.id + "?test=1"); !strings.Contains(at, "problem=sign_in") {
		t.Errorf("a stranger's test leads to %q", at)
	}
	for name, change := range map[string]func(*samltest.Saying){
		"": func(*samltest.Saying) {}, "audience": func(s *samltest.Saying) { s.Audience = "https://other.example" }, "signature": func(s *samltest.Saying) { s.Response, s.Assertion = false, false },
	} {
		b := c.signedInAs(c.token)
		s := c.saying(c.begin(b, "?test=1"))
		change(&s)
		at := c.back(b, samltest.Encode(c.idp.Response(s)))
		_, fragment, _ := strings.Cut(at, "#")
		raw, err := base64.RawURLEncoding.DecodeString(fragment)
		if err != nil || fragment == "" {
			t.Fatalf("the test ends at %q", at)
		}
		var steps []auth.Step
		if err := json.Unmarshal(raw, &steps); err != nil {
			t.Fatal(err)
		}
		failed := ""
		for _, s := range steps {
			if !s.OK {
				failed = s.Name
			}
		}
		if failed != name || len(steps) < 3 {
			t.Errorf("the step that fails is %q, not %q: %+v", failed, name, steps)
		}
		if b.account() != "olga" {
			t.Errorf("the owner is now %q", b.account())
		}
	}
}

func TestSigningOutAtBothEnds(t *testing.T) {
	c := newCompany(t)
	b, other := c.browser(), c.browser()
	for i, one := range []*browser{b, other} {
		s := c.saying(c.begin(one, ""))
		s.Index = []string{"i1", "i2"}[i]
		if at := c.back(one, samltest.Encode(c.idp.Response(s))); at != "/" {
			t.Fatalf("the browser is at %q\n%s", at, c.log.take())
		}
	}
	slo := "/auth/saml/" + c.id + "/slo"
	forged := samltest.New(c.idp.Entity).Logout(c.server.URL+slo, "somebody", "i1", time.Now())
	if at := b.open(forged); !strings.Contains(at, "problem=saml_refused") || b.account() == "" {
		t.Errorf("a stranger's request leads to %q", at)
	}
	at := c.browser().open(c.idp.Logout(c.server.URL+slo, "somebody", "i1", time.Now()))
	if !strings.HasPrefix(at, c.idp.SLO+"?SAMLResponse=") {
		t.Errorf("the provider's request leads to %q\n%s", at, c.log.take())
	}
	if b.in() || !other.in() {
		t.Errorf("i1 is in: %v, i2 is in: %v", b.in(), other.in())
	}

	answer, err := other.http.Post(c.server.URL+"/api/v1/auth/signout", "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var next struct{ To string }
	if err := json.NewDecoder(answer.Body).Decode(&next); err != nil {
		t.Fatal(err)
	}
	if at := other.open(next.To); !strings.HasPrefix(at, c.idp.SLO+"?SAMLRequest=") {
		t.Errorf("signing out here leads to %q", at)
	}
	if at := other.open("/auth/saml/" + c.id + "/signout?said=forged"); at != "/" {
		t.Errorf("what was not made here leads to %q", at)
	}
}

// in reports whether somebody is signed in: a session that was ended answers 401.
func (b *browser) in() bool {
	b.t.Helper()
	answer, err := b.http.Get(b.base + "/api/v1/me")
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer.StatusCode == http.StatusOK && strings.Contains(string(text), `"account"`)
}

func TestAProviderThatWantsForms(t *testing.T) {
	c := newCompany(t, func(s *saml.Settings) {
		s.MetadataXML = strings.ReplaceAll(s.MetadataXML, `SingleSignOnService Binding="`+saml.Redirect, `SingleSignOnService Binding="`+saml.Post)
	})
	answer, err := c.browser().http.Get(c.server.URL + "/auth/sso/" + c.id)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	policy := answer.Header.Get("Content-Security-Policy")
	if !strings.Contains(string(page), `action="https://idp.example/sso"`) || !strings.Contains(string(page), `name="SAMLRequest"`) || strings.Contains(policy, "unsafe") ||
		!strings.Contains(policy, "script-src 'self'") {
		t.Errorf("%s\n%s", policy, page)
	}
}

func TestOurMetadataIsThereForEverybody(t *testing.T) {
	c := newCompany(t)
	status, text := c.ask("GET", "/auth/saml/none/metadata", "", "")
	if status != http.StatusNotFound {
		t.Errorf("of no connection: %d %s", status, text)
	}
	answer, err := http.Get(c.server.URL + "/auth/saml/" + c.id + "/metadata")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil || answer.Header.Get("Content-Type") != "application/samlmetadata+xml" || !strings.Contains(string(data), c.server.URL+c.acs()) {
		t.Errorf("%v: %s", err, data)
	}
}
