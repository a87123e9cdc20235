package gate

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/saml"
	"codecollab.dev/internal/auth/saml/samltest"
)

// company is an office whose people sign in by SAML, on a real server.
type company struct {
	*office
	log    *lines
	server *httptest.Server
	keys   *saml.FileKeys
	idp    *samltest.IdP
	id     string // of the connection
}

// lines are what the server has logged.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// take returns what was logged since it was asked last.
func (l *lines) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := l.text.String()
	l.text.Reset()
	return text
}

func newCompany(t *testing.T, change ...func(*saml.Settings)) *company {
	t.Helper()
	c := &company{office: &office{dns: newZone(t)}, log: &lines{}, keys: saml.NewFileKeys(filepath.Join(t.TempDir(), "saml.pem")), idp: samltest.New("https://idp.example")}
	c.porch = newPorch(t, func(opt *Options) {
		opt.Log = slog.New(slog.NewTextHandler(io.MultiWriter(c.log, t.Output()), nil))
		sealer, err := auth.NewSealer(bytes.Repeat([]byte("s"), 32))
		if err != nil {
			t.Fatal(err)
		}
		book := opt.Trail.(interface {
			saml.Used
			SessionBook
		})
		service := saml.New(saml.Options{Keys: c.keys, Used: book, Skew: time.Minute})
		c.orgs, opt.Scim = c.organise(t, opt, []func(*auth.OrgOptions){func(o *auth.OrgOptions) {
			o.Kinds["saml"] = auth.ConnectionKind{Validate: saml.Validate}
		}})
		opt.Orgs, opt.Companies = c.orgs, c.orgs
		opt.SAML = SAML{Service: service, Sealer: sealer, Sessions: book, Bytes: 1 << 20}
	})
	c.owner, c.token = c.signedIn("olga", "", "", false)
	var made struct{ ID string }
	c.do("POST", "/api/v1/orgs", c.token, `{"name": "Example"}`, http.StatusCreated, &made)
	c.org = made.ID
	c.server = httptest.NewServer(c.mux)
	t.Cleanup(c.server.Close)
	settings := saml.Settings{MetadataXML: c.idp.Metadata(), SignRequests: true, GroupsAttr: "groups", GroupRoles: map[string]auth.OrgRole{"admins": auth.OrgAdmin}}
	for _, f := range change {
		f(&settings)
	}
	c.connect(settings)
	return c
}

// connect makes the connection, and turns it on.
func (c *company) connect(settings saml.Settings) {
	c.t.Helper()
	raw, err := json.Marshal(settings)
	if err != nil {
		c.t.Fatal(err)
	}
	actor := auth.Actor{Account: c.owner}
	made, err := c.orgs.AddConnection(c.t.Context(), actor, auth.Connection{Org: c.org, Kind: "saml", Name: "Test", Settings: raw})
	if err == nil {
		made.Enabled, made.Settings = true, nil
		_, err = c.orgs.ChangeConnection(c.t.Context(), actor, made.Connection)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	c.id = made.ID
}

// browser is one of somebody: it keeps cookies, and follows nothing by itself. It sends cookies as browsers do that keep to SameSite=Lax:
// with what other sites post, none.
type browser struct {
	t    *testing.T
	base string
	http *http.Client
}

func (c *company) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		c.t.Fatal(err)
	}
	return &browser{t: c.t, base: c.server.URL, http: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// open goes to an address, and returns where that leads; "" when it leads nowhere.
func (b *browser) open(address string) string {
	b.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = b.base + address
	}
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.send(b.http, r)
}

// posted is what another site's page posts here.
func (b *browser) posted(path string, form url.Values) string {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://idp.example")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	return b.send(&http.Client{CheckRedirect: b.http.CheckRedirect}, r)
}

func (b *browser) send(client *http.Client, r *http.Request) string {
	b.t.Helper()
	answer, err := client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		b.t.Fatal(err)
	}
	return answer.Header.Get("Location")
}

// account is the name of who is signed in; "" when nobody is.
func (b *browser) account() string {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.base+"/api/v1/me", nil)
	if err != nil {
		b.t.Fatal(err)
	}
	answer, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	var me struct{ Account struct{ Name string } }
	if err := json.NewDecoder(answer.Body).Decode(&me); err != nil {
		b.t.Fatal(err)
	}
	return me.Account.Name
}

// begin sends a browser to the provider, and returns the request that it carries.
func (c *company) begin(b *browser, query string) string {
	c.t.Helper()
	request, err := samltest.Request(b.open("/auth/sso/" + c.id + query))
	if err != nil || request == "" {
		c.t.Fatalf("no request to the provider: %v", err)
	}
	return request
}

func (c *company) acs() string { return "/auth/saml/" + c.id + "/acs" }

// saying is what the provider says of somebody who did what it asks.
func (c *company) saying(request string) samltest.Saying {
	return samltest.Saying{
		Request: request, ACS: c.server.URL + c.acs(), Audience: c.server.URL + "/auth/saml/" + c.id + "/metadata", Name: "somebody", Index: "i1",
		Now: time.Now(), Response: true, Assertion: true,
		Attributes: map[string][]string{"displayName": {"Some Body"}, "mail": {"somebody@example.com"}, "groups": {"staff"}},
	}
}

// back posts a response, follows what comes of it, and returns where the browser is in the end.
func (c *company) back(b *browser, response string) string {
	c.t.Helper()
	at := b.posted(c.acs(), url.Values{"SAMLResponse": {response}, "RelayState": {"https://evil.example/"}})
	if strings.HasPrefix(at, c.acs()+"?said=") {
		at = b.open(at)
	}
	return at
}

// ours is the certificate that providers encrypt for.
func (c *company) ours() []byte {
	pair, err := c.keys.Pair(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	return pair.Certificate
}

func TestGenuineResponsesGetIn(t *testing.T) {
	c := newCompany(t)
	for name, change := range map[string]func(*samltest.Saying){
		"both signed":              func(*samltest.Saying) {},
		"response signed":          func(s *samltest.Saying) { s.Assertion = false },
		"assertion signed":         func(s *samltest.Saying) { s.Response = false },
		"encrypted by GCM":         func(s *samltest.Saying) { s.Encrypt = c.ours() },
		"encrypted by CBC":         func(s *samltest.Saying) { s.Encrypt, s.Cipher = c.ours(), samltest.CBC },
		"encrypted, inside signed": func(s *samltest.Saying) { s.Encrypt, s.Response = c.ours(), false },
		"encrypted, around signed": func(s *samltest.Saying) { s.Encrypt, s.Assertion = c.ours(), false },
		"RSA-SHA512":               func(s *samltest.Saying) { s.Method = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512" },
		"a clock a little ahead":   func(s *samltest.Saying) { s.Now = s.Now.Add(80 * time.Second) },
	} {
		t.Run(name, func(t *testing.T) {
			b := c.browser()
			s := c.saying(c.begin(b, "?to=/r/room1"))
			change(&s)
			if at := c.back(b, samltest.Encode(c.idp.Response(s))); at != "/r/room1" {
				t.Fatalf("the browser is at %q\n%s", at, c.log.take())
			}
			if got := b.account(); got != "Some Body" {
				t.Errorf("%q is signed in", got)
			}
		})
	}
}

// TestForgedResponsesDoNotGetIn is the corpus: every forgery is posted by a browser that has asked the provider, so that nothing but the
// forgery itself can be the reason why it is refused. See samltest.
func TestForgedResponsesDoNotGetIn(t *testing.T) {
	c := newCompany(t)
	stranger := samltest.New("https://stranger.example")
	spent := c.browser()
	before := samltest.Encode(c.idp.Response(c.saying(c.begin(spent, ""))))
	if at := c.back(spent, before); at != "/" {
		t.Fatalf("the genuine response leads to %q", at)
	}
	count := 0
	for _, f := range samltest.Forgeries() {
		count++
		t.Run(f.Name, func(t *testing.T) {
			b := c.browser()
			forge := samltest.Forge{IdP: c.idp, Stranger: stranger, Saying: c.saying(c.begin(b, "")), Ours: c.ours(), Before: before}
			c.log.take()
			at := c.back(b, f.Make(forge))
			if !strings.HasPrefix(at, "/signin?") || !strings.Contains(at, "problem=") || !strings.Contains(at, "number=") {
				t.Errorf("the browser is at %q", at)
			}
			if who := b.account(); who != "" {
				t.Errorf("%q is signed in", who)
			}
			said := c.log.take()
			if !strings.Contains(said, "reason=") || !strings.Contains(said, f.Want) {
				t.Errorf("the log does not say %q:\n%s", f.Want, said)
			}
			if strings.Contains(said, "runtime error") {
				t.Errorf("a parser has failed:\n%s", said)
			}
			if at := c.back(b, samltest.Encode(c.idp.Response(forge.Saying))); strings.HasPrefix(at, "/signin?") && f.Name != "another request" {
				t.Errorf("and then the genuine one is refused, too: %s\n%s", at, c.log.take())
			}
		})
	}
	t.Logf("%d forgeries", count)
}

// Whoever runs a provider could say that anybody's address is theirs: it counts in the organisation's own domains only.
func TestAConnectionVouchesForItsOwnDomainsAlone(t *testing.T) {
	c := newCompany(t)
	signIn := func() auth.Account {
		b := c.browser()
		if at := c.back(b, samltest.Encode(c.idp.Response(c.saying(c.begin(b, ""))))); at != "/" {
			t.Fatalf("the browser is at %s", at)
		}
		a, err := c.desk.Find(t.Context(), auth.ProviderOf(c.id), "somebody")
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	if a := signIn(); a.Proven || a.Email != "somebody@example.com" {
		t.Errorf("with no domain: %+v", a)
	}
	c.verify("example.com")
	if a := signIn(); !a.Proven {
		t.Errorf("in the organisation's domain: %+v", a)
	}
}
