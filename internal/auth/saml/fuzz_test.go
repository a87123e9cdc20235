package saml

import (
	"encoding/base64"
	"testing"

	"codecollab.dev/internal/auth/saml/samltest"
)

// FuzzRead changes genuine responses in every way: whatever comes of it is refused, or says what the provider has said.
func FuzzRead(f *testing.F) {
	p := newPlace(f)
	pair, err := p.opt.Keys.Pair(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	for _, change := range []func(*samltest.Saying){
		func(*samltest.Saying) {},
		func(s *samltest.Saying) { s.Response, s.Assertion = true, false },
		func(s *samltest.Saying) { s.Encrypt = pair.Certificate },
		func(s *samltest.Saying) { s.Encrypt, s.Cipher = pair.Certificate, samltest.CBC },
	} {
		s := p.saying("_r1")
		change(&s)
		f.Add(p.idp.Response(s))
	}
	stranger := samltest.New("https://stranger.example")
	for _, forgery := range samltest.Forgeries() {
		s := p.saying("_r1")
		s.Attributes = map[string][]string{"mail": {"somebody@example.com"}, "groups": {"staff"}}
		raw, err := base64.StdEncoding.DecodeString(forgery.Make(samltest.Forge{IdP: p.idp, Stranger: stranger, Saying: s, Ours: pair.Certificate}))
		if err == nil && len(raw) < 64<<10 {
			f.Add(raw)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		fresh := *p.Service
		fresh.opt.Used = &memory{names: map[string]bool{}}
		a, err := fresh.Read(t.Context(), p.site, samltest.Encode(raw))
		if err == nil && a.Arrival.Subject != "somebody" {
			t.Errorf("somebody came in as %+v", a)
		}
	})
}

// FuzzMetadata reads what providers, or those who claim to be one, describe themselves by.
func FuzzMetadata(f *testing.F) {
	f.Add([]byte(shared().Metadata()))
	f.Add([]byte("<!-- x -->" + shared().Metadata()))
	f.Add([]byte("<html></html>"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := parseMetadata(raw, "")
		if err == nil && (p.Entity == "" || p.SSO.Location == "" || len(p.Certificates) == 0) {
			t.Errorf("metadata without the most important: %+v", p)
		}
	})
}
