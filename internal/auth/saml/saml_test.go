package saml

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/saml/samltest"
)

// memory is Used for one test.
type memory struct {
	mu    sync.Mutex
	names map[string]bool
}

func (m *memory) Use(_ context.Context, name string, _ time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.names[name] {
		return false, nil
	}
	m.names[name] = true
	return true, nil
}

const origin = "https://code.example.org"

// place is a service with a connection, and its provider.
type place struct {
	*Service
	site Site
	idp  *samltest.IdP
	now  time.Time
}

// Keys take a moment: they are made once.
var (
	shared = sync.OnceValue(func() *samltest.IdP { return samltest.New("https://idp.example") })
	ours   = sync.OnceValue(func() Pair {
		dir, err := os.MkdirTemp("", "saml")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		pair, err := NewFileKeys(filepath.Join(dir, "saml.pem")).Pair(context.Background())
		if err != nil {
			panic(err)
		}
		return pair
	})
)

type sharedKeys struct{}

func (sharedKeys) Pair(context.Context) (Pair, error) { return ours(), nil }

func newPlace(t testing.TB, change ...func(*Settings, *Options)) *place {
	t.Helper()
	p := &place{idp: shared(), now: time.Now().Truncate(time.Second)}
	s := Settings{MetadataXML: p.idp.Metadata(), SignRequests: true}
	opt := Options{
		Keys: sharedKeys{}, Used: &memory{names: map[string]bool{}}, Skew: time.Minute, Now: func() time.Time { return p.now },
	}
	for _, f := range change {
		f(&s, &opt)
	}
	p.Service = New(opt)
	raw, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	p.site = Site{Origin: origin, Connection: auth.Connection{ID: "c1", Org: "o1", Kind: "saml", Enabled: true, Settings: raw}}
	return p
}

func (p *place) saying(request string) samltest.Saying {
	return samltest.Saying{Request: request, ACS: p.site.ACS(), Audience: p.site.Entity(), Name: "somebody", Index: "i1", Now: p.now, Assertion: true}
}

func (p *place) read(t testing.TB, s samltest.Saying) (Answer, error) {
	t.Helper()
	return p.Read(t.Context(), p.site, samltest.Encode(p.idp.Response(s)))
}

func wantCode(t *testing.T, err error, code, reason string) {
	t.Helper()
	if codecollab.CodeOf(err) != code || !strings.Contains(fmt.Sprint(err), reason) {
		t.Errorf("the error is %q: %v; want %q with %q", codecollab.CodeOf(err), err, code, reason)
	}
}

func TestWhatIsMadeOfAnAssertion(t *testing.T) {
	const oid = "urn:oid:0.9.2342.19200300.100.1.3"
	roles := map[string]auth.OrgRole{"admins": auth.OrgAdmin, "staff": auth.OrgMember}
	for name, c := range map[string]struct {
		settings Settings
		saying   samltest.Saying
		want     auth.Arrival
	}{
		"usual names": {
			saying: samltest.Saying{Attributes: map[string][]string{"displayName": {"Ann B."}, "email": {"a@example.com"}, "givenName": {"no"}}},
			want:   auth.Arrival{Subject: "somebody", Name: "Ann B.", Email: "a@example.com"},
		},
		"first and last name, address by its number": {
			saying: samltest.Saying{Attributes: map[string][]string{"givenName": {"Ann"}, "sn": {"B."}, oid: {"a@example.com"}}},
			want:   auth.Arrival{Subject: "somebody", Name: "Ann B.", Email: "a@example.com"},
		},
		"an address as the name id": {
			saying: samltest.Saying{Name: "a@example.com", Format: formatEmail},
			want:   auth.Arrival{Subject: "a@example.com", Email: "a@example.com"},
		},
		"chosen names": {
			settings: Settings{NameAttr: "n", EmailAttr: "e", SubjectAttr: "oid"},
			saying:   samltest.Saying{Format: formatTransient, Attributes: map[string][]string{"n": {"Ann"}, "e": {"a@example.com"}, "oid": {"4711"}, "mail": {"no@example.com"}}},
			want:     auth.Arrival{Subject: "4711", Name: "Ann", Email: "a@example.com"},
		},
		"the best role": {
			settings: Settings{GroupsAttr: "groups", GroupRoles: roles},
			saying:   samltest.Saying{Attributes: map[string][]string{"groups": {"staff", "admins", "others"}}},
			want:     auth.Arrival{Subject: "somebody", Role: auth.OrgAdmin},
		},
		"in none of the groups": {
			settings: Settings{GroupsAttr: "groups", GroupRoles: roles},
			saying:   samltest.Saying{Attributes: map[string][]string{"groups": {"others"}}},
			want:     auth.Arrival{Subject: "somebody", Role: auth.OrgMember},
		},
		"groups without roles": {
			settings: Settings{GroupsAttr: "groups"},
			saying:   samltest.Saying{Attributes: map[string][]string{"groups": {"admins"}}},
			want:     auth.Arrival{Subject: "somebody"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t, func(s *Settings, _ *Options) {
				c.settings.MetadataXML = s.MetadataXML
				*s = c.settings
			})
			s := p.saying("_r1")
			s.Attributes, s.Format, s.Session = c.saying.Attributes, c.saying.Format, p.now.Add(time.Hour)
			if c.saying.Name != "" {
				s.Name = c.saying.Name
			}
			a, err := p.read(t, s)
			if err != nil {
				t.Fatal(err)
			}
			got := a.Arrival
			if !strings.Contains(got.Detail, `"i":"i1"`) || !got.Until.Equal(p.now.Add(time.Hour)) {
				t.Errorf("detail %s, until %s", got.Detail, got.Until)
			}
			got.Detail, got.Until = "", time.Time{}
			c.want.Provider, c.want.Org, c.want.Via, c.want.Proven = "connection:c1", "o1", "c1", true
			if got != c.want || a.Request != "_r1" {
				t.Errorf("got %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func TestOnlyTheBrowserThatAskedAndOnlyOnce(t *testing.T) {
	p := newPlace(t)
	_, kept, err := p.Begin(t.Context(), p.site, "/r/x", false)
	if err != nil {
		t.Fatal(err)
	}
	a := Answer{Request: kept.Request}
	other := kept
	other.Request = "_other"
	foreign := kept
	foreign.Connection = "c2"
	wantCode(t, p.Bound(t.Context(), p.site, a, Remembered{}), "bad_state", "no cookie")
	wantCode(t, p.Bound(t.Context(), p.site, Answer{}, Remembered{}), "bad_state", "no cookie")
	wantCode(t, p.Bound(t.Context(), p.site, a, other), "bad_state", "another request")
	wantCode(t, p.Bound(t.Context(), p.site, a, foreign), "bad_state", "another provider")
	p.now = p.now.Add(10*time.Minute - time.Second)
	if err := p.Bound(t.Context(), p.site, a, kept); err != nil {
		t.Error(err)
	}
	wantCode(t, p.Bound(t.Context(), p.site, a, kept), "saml_refused", "answered before")
	p.now = p.now.Add(time.Second)
	wantCode(t, p.Bound(t.Context(), p.site, a, kept), "bad_state", "longer than")
}

func TestAnAssertionCountsForOneOfMany(t *testing.T) {
	p := newPlace(t)
	message := samltest.Encode(p.idp.Response(p.saying("_r1")))
	var in atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := p.Read(t.Context(), p.site, message); err == nil {
				in.Add(1)
			}
		})
	}
	all.Wait()
	if in.Load() != 1 {
		t.Errorf("%d came in by one assertion", in.Load())
	}
}

func TestTheProviderMayBegin(t *testing.T) {
	off, on := newPlace(t), newPlace(t, func(s *Settings, _ *Options) { s.AllowIdPInitiated = true })
	_, err := off.read(t, off.saying(""))
	wantCode(t, err, "saml_unsolicited", "allow it in the connection's settings")
	a, err := on.read(t, on.saying(""))
	if err != nil || a.Request != "" {
		t.Errorf("got %+v, %v", a, err)
	}
	wantCode(t, on.Bound(t.Context(), on.site, a, Remembered{Request: "_r", Connection: "c1", Until: on.now.Add(time.Hour)}), "bad_state", "")
}

func TestTimes(t *testing.T) {
	for ahead, want := range map[time.Duration]string{
		-5 * time.Minute: "saml_expired", -5*time.Minute + time.Second: "", 0: "", 90 * time.Second: "", 91 * time.Second: "saml_expired",
	} {
		p := newPlace(t)
		s := p.saying("_r1")
		s.Now = s.Now.Add(ahead) // it counts from 30 s before to 5 min after
		_, err := p.read(t, s)
		if got := codecollab.CodeOf(err); err != nil && got != want || err == nil && want != "" {
			t.Errorf("a clock %s ahead: %v", ahead, err)
		}
	}
}

func TestEncryptionCanBeRequired(t *testing.T) {
	p := newPlace(t, func(s *Settings, _ *Options) { s.RequireEncryption = true })
	_, err := p.read(t, p.saying("_r1"))
	wantCode(t, err, "saml_refused", "not encrypted")
	pair, err := p.opt.Keys.Pair(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := p.saying("_r2")
	s.Encrypt = pair.Certificate
	if _, err := p.read(t, s); err != nil {
		t.Error(err)
	}
}

func TestOurRequestsAreSigned(t *testing.T) {
	p := newPlace(t)
	pair, err := p.opt.Keys.Pair(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := parseCertificate(base64.StdEncoding.EncodeToString(pair.Certificate))
	if err != nil {
		t.Fatal(err)
	}
	out, kept, err := p.Begin(t.Context(), p.site, "/", false)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(out.URL)
	if err != nil {
		t.Fatal(err)
	}
	text, _, _ := strings.Cut(u.RawQuery, "&Signature=")
	sum, err := base64.StdEncoding.DecodeString(u.Query().Get("Signature"))
	if err != nil {
		t.Fatal(err)
	}
	if err := certificate.CheckSignature(x509.SHA256WithRSA, []byte(text), sum); err != nil {
		t.Error(err)
	}
	if got, err := samltest.Request(out.URL); err != nil || got != kept.Request {
		t.Errorf("the request is %q, and %q is remembered: %v", got, kept.Request, err)
	}

	posting := newPlace(t, func(s *Settings, _ *Options) {
		s.MetadataXML = strings.ReplaceAll(s.MetadataXML, `SingleSignOnService Binding="`+Redirect, `SingleSignOnService Binding="`+Post)
	})
	if out, _, err = posting.Begin(t.Context(), posting.site, "/", false); err != nil {
		t.Fatal(err)
	}
	raw, err := base64.StdEncoding.DecodeString(out.Fields["SAMLRequest"])
	if err != nil || out.URL != p.idp.SSO {
		t.Fatalf("%s: %v", out.URL, err)
	}
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(raw); err != nil {
		t.Fatal(err)
	}
	pair, _ = posting.opt.Keys.Pair(t.Context())
	if certificate, err = parseCertificate(base64.StdEncoding.EncodeToString(pair.Certificate)); err != nil {
		t.Fatal(err)
	}
	check := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{certificate}})
	if _, err := check.Validate(doc.Root()); err != nil {
		t.Error(err)
	}
}

func TestOurMetadata(t *testing.T) {
	p := newPlace(t)
	data, err := p.Metadata(t.Context(), p.site)
	if err != nil {
		t.Fatal(err)
	}
	root, err := parse(data, mostMetadata)
	if err != nil || !is(root, "urn:oasis:names:tc:SAML:2.0:metadata", "EntityDescriptor") {
		t.Fatalf("%v: %s", err, data)
	}
	for _, want := range []string{p.site.Entity(), p.site.ACS(), p.site.SLO(), `AuthnRequestsSigned="true"`, `WantAssertionsSigned="true"`} {
		if !bytes.Contains(data, []byte(want)) {
			t.Errorf("%s is not in %s", want, data)
		}
	}
	if _, err := parseMetadata(data, ""); err == nil || !strings.Contains(err.Error(), "service provider") {
		t.Errorf("our own metadata is taken for a provider's: %v", err)
	}
}

func TestCertificatesAreReplacedWithoutABreak(t *testing.T) {
	older, newer := shared(), samltest.New("https://idp.example")
	var says, broken atomic.Value
	says.Store(older.Metadata())
	broken.Store(false)
	asked := atomic.Int32{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		if broken.Load() == true {
			http.Error(w, "down", http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte(says.Load().(string)))
	}))
	defer server.Close()
	folder := Folder(t.TempDir())
	setUp := func(s *Settings, o *Options) {
		s.MetadataXML, s.MetadataURL = "", server.URL
		o.Client, o.Kept = server.Client(), folder
	}
	p := newPlace(t, setUp)
	n := 0
	try := func(what string, by *samltest.IdP, want bool) {
		t.Helper()
		n++
		s := p.saying(fmt.Sprintf("_r%d", n))
		_, err := p.Read(t.Context(), p.site, samltest.Encode(by.Response(s)))
		if (err == nil) != want {
			t.Errorf("%s: %v", what, err)
		}
	}
	try("the old one", older, true)
	try("the new one, which nobody knows", newer, false)
	says.Store(older.Metadata(newer))
	try("not asked again yet", newer, false)
	p.now = p.now.Add(time.Hour)
	try("both, the new one", newer, true)
	try("both, the old one", older, true)
	says.Store(newer.Metadata())
	broken.Store(true)
	p.now = p.now.Add(time.Hour)
	try("the provider does not answer, what is known counts", older, true)
	if before := asked.Load(); before != 3 {
		t.Errorf("asked %d times", before)
	}
	try("and is left alone for a while", newer, true)
	if asked.Load() != 3 {
		t.Error("asked again at once")
	}
	again := newPlace(t, setUp)
	again.idp, again.now = newer, p.now
	p = again
	try("after a restart, what was kept counts", newer, true)
	broken.Store(false)
	p.now = p.now.Add(time.Hour)
	try("the old one is gone", older, false)
	try("the new one", newer, true)
	says.Store("<html>we have moved</html>")
	p.now = p.now.Add(2 * time.Hour)
	try("nonsense is not taken up", newer, true)
}

func TestNothingIsKnownAboutTheProvider(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	p := newPlace(t, func(s *Settings, o *Options) {
		s.MetadataXML, s.MetadataURL, o.Client = "", server.URL, server.Client()
	})
	_, _, err := p.Begin(t.Context(), p.site, "/", false)
	wantCode(t, err, "provider_unreachable", "404")
	steps := p.Check(t.Context(), p.site)
	last := steps[len(steps)-1]
	if last.Name != "metadata" || last.OK || last.Fix == "" {
		t.Errorf("%+v", steps)
	}
}

func TestCheck(t *testing.T) {
	p := newPlace(t)
	var names []string
	for _, s := range p.Check(t.Context(), p.site) {
		names = append(names, s.Name)
		if !s.OK {
			t.Errorf("%+v", s)
		}
	}
	if got := strings.Join(names, " "); got != "settings address metadata sso certificate slo" {
		t.Error(got)
	}
	p.now = p.now.AddDate(2, 0, 0)
	for _, s := range p.Check(t.Context(), p.site) {
		if s.Name == "certificate" && (s.OK || !strings.Contains(s.Detail, "ended on")) {
			t.Errorf("%+v", s)
		}
	}
	_, err := p.read(t, p.saying("_r1"))
	wantCode(t, err, "saml_refused", "only")
}

func TestKeysAreMadeOnceAndKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "saml.pem")
	first, err := NewFileKeys(file).Pair(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	second, err := NewFileKeys(file).Pair(t.Context())
	if err != nil || !first.Key.Equal(second.Key) || !bytes.Equal(first.Certificate, second.Certificate) {
		t.Errorf("another key after a restart: %v", err)
	}
	if _, err := parsePair([]byte("nothing")); err == nil {
		t.Error("nothing was taken for a key")
	}
}

func TestValidate(t *testing.T) {
	idp := shared()
	good := Settings{EntityID: "e", SSOURL: "https://idp.example/sso", Certificates: []string{idp.PEM()}}
	for name, c := range map[string]struct {
		change func(*Settings)
		want   string
	}{
		"by hand":             {func(*Settings) {}, ""},
		"base64 alone":        {func(s *Settings) { s.Certificates = []string{base64.StdEncoding.EncodeToString(idp.DER)} }, ""},
		"by address":          {func(s *Settings) { *s = Settings{MetadataURL: "https://idp.example/metadata"} }, ""},
		"pasted":              {func(s *Settings) { *s = Settings{MetadataXML: "<!-- ours -->" + idp.Metadata()} }, ""},
		"nothing":             {func(s *Settings) { *s = Settings{} }, "give the address"},
		"plain http":          {func(s *Settings) { s.SSOURL = "http://idp.example" }, "https://"},
		"a script":            {func(s *Settings) { s.SSOURL = "javascript:alert(1)" }, "sign-in address"},
		"metadata by http":    {func(s *Settings) { *s = Settings{MetadataURL: "http://idp.example/metadata"} }, "https://"},
		"twice":               {func(s *Settings) { s.MetadataURL, s.MetadataXML = "https://a.example", "<x/>" }, "twice"},
		"no certificate":      {func(s *Settings) { s.Certificates = []string{"hello"} }, "certificate 1"},
		"a key":               {func(s *Settings) { s.Certificates = []string{idp.KeyPEM()} }, "not a certificate"},
		"a page":              {func(s *Settings) { *s = Settings{MetadataXML: "<html></html>"} }, "no identity provider"},
		"DOCTYPE in metadata": {func(s *Settings) { *s = Settings{MetadataXML: "<!DOCTYPE a>" + idp.Metadata()} }, "DOCTYPE"},
		"another entity":      {func(s *Settings) { *s = Settings{MetadataXML: idp.Metadata(), EntityID: "https://other"} }, "no identity provider with the entity id"},
		"owners by a group":   {func(s *Settings) { s.GroupRoles = map[string]auth.OrgRole{"g": auth.OrgOwner} }, "can only say"},
		"a sign-out by http":  {func(s *Settings) { s.SLOURL = "http://idp.example/slo" }, "sign-out address"},
		"what cannot be seen": {func(s *Settings) { s.NameAttr = "a\nb" }, "cannot be seen"},
		"metadata without keys": {func(s *Settings) {
			*s = Settings{MetadataXML: strings.ReplaceAll(idp.Metadata(), "signing", "encryption")}
		}, "no certificate"},
	} {
		s := good
		c.change(&s)
		err := s.Validate()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestReadingXMLFailsSafely(t *testing.T) {
	_, err := guarded(t.Context(), func(context.Context) (string, error) { panic("a fault of a parser") })
	if err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("a fault is %v", err)
	}
	if !codeless(errors.New("x")) {
		t.Error("a plain error has a code")
	}
}
