package saml

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/auth/saml/samltest"
)

func query(address string) string {
	_, q, _ := strings.Cut(address, "?")
	return q
}

func TestTheProviderSignsSomebodyOut(t *testing.T) {
	p := newPlace(t)
	l, err := p.ReadLogout(t.Context(), p.site, query(p.idp.Logout(p.site.SLO(), "somebody", "i1", p.now)), nil)
	if err != nil {
		t.Fatal(err)
	}
	for detail, want := range map[string]bool{
		`{"n":"somebody","i":"i1"}`: true, `{"n":"somebody","i":"i2"}`: false, `{"n":"another","i":"i1"}`: false, "": false, "{}": false, "rubbish": false,
	} {
		if l.Of(detail) != want {
			t.Errorf("a session of %s is meant: %v", detail, !want)
		}
	}
	all, err := p.ReadLogout(t.Context(), p.site, query(p.idp.Logout(p.site.SLO(), "somebody", "", p.now)), nil)
	if err != nil || !all.Of(`{"n":"somebody","i":"i2"}`) {
		t.Errorf("without an index all sessions are meant: %v", err)
	}
	out, err := p.Reply(t.Context(), p.site, l, true)
	if err != nil || !strings.HasPrefix(out.URL, p.idp.SLO+"?SAMLResponse=") || !strings.Contains(out.URL, "&Signature=") {
		t.Errorf("the reply is %+v, %v", out, err)
	}
}

func TestForgedLogoutsSignNobodyOut(t *testing.T) {
	p := newPlace(t)
	stranger := samltest.New(p.idp.Entity)
	genuine := func() string { return query(p.idp.Logout(p.site.SLO(), "somebody", "i1", p.now)) }
	used := genuine()
	if _, err := p.ReadLogout(t.Context(), p.site, used, nil); err != nil {
		t.Fatal(err)
	}
	part := func(name string) string {
		for piece := range strings.SplitSeq(genuine(), "&") {
			if strings.HasPrefix(piece, name+"=") {
				return piece
			}
		}
		t.Fatalf("no %s", name)
		return ""
	}
	cut := func(q, name string) string {
		var kept []string
		for piece := range strings.SplitSeq(q, "&") {
			if !strings.HasPrefix(piece, name+"=") {
				kept = append(kept, piece)
			}
		}
		return strings.Join(kept, "&")
	}
	bomb := "<a>" + strings.Repeat(" ", 4_000_000) + "</a>"
	for name, c := range map[string]struct{ query, want string }{
		"used":               {used, "used before"},
		"unsigned":           {cut(genuine(), "Signature"), "not signed"},
		"no method":          {cut(genuine(), "SigAlg"), "not accepted"},
		"SHA-1":              {strings.Replace(genuine(), "rsa-sha256", "rsa-sha1", 1), "not accepted"},
		"RelayState added":   {strings.Replace(genuine(), "&SigAlg", "&RelayState=x&SigAlg", 1), "changed after signing"},
		"message swapped":    {part("SAMLRequest") + "&" + cut(genuine(), "SAMLRequest"), "changed after signing"},
		"message twice":      {part("SAMLRequest") + "&" + genuine(), "more than once"},
		"request and answer": {genuine() + "&SAMLResponse=x", "either"},
		"neither":            {"x=y", "either"},
		"a stranger":         {query(stranger.Logout(p.site.SLO(), "somebody", "i1", p.now)), "not one of the provider's"},
		"of another service": {query(p.idp.Logout("https://elsewhere.example/slo", "somebody", "i1", p.now)), "Destination"},
		"old":                {query(p.idp.Logout(p.site.SLO(), "somebody", "i1", p.now.Add(-6*time.Minute))), "here it is"},
		"of tomorrow":        {query(p.idp.Logout(p.site.SLO(), "somebody", "i1", p.now.Add(24*time.Hour))), "here it is"},
		"a bomb":             {query(p.idp.Address("", "SAMLRequest", []byte(bomb))), "unpacks to more"},
		"a DOCTYPE":          {query(p.idp.Address("", "SAMLRequest", []byte("<!DOCTYPE a><a/>"))), "DOCTYPE"},
		"a response":         {query(p.idp.Address("", "SAMLRequest", p.idp.Response(p.saying("_r")))), "hidden"},
		"no packing":         {"SAMLRequest=" + url.QueryEscape(samltest.Encode([]byte("<a/>"))), "not signed"},
		"long":               {"SAMLRequest=" + strings.Repeat("a", 300<<10), "longer than"},
	} {
		l, err := p.ReadLogout(t.Context(), p.site, c.query, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %+v, %v; want %q", name, l, err, c.want)
		}
	}
	form := url.Values{"SAMLRequest": {samltest.Encode(p.idp.Response(p.saying("_r")))}}
	if _, err := p.ReadLogout(t.Context(), p.site, "", form); err == nil {
		t.Error("a posted response is taken for a request to sign out")
	}
}

func TestWeAskTheProviderToSignSomebodyOut(t *testing.T) {
	p := newPlace(t)
	out, ok, err := p.SignOut(t.Context(), p.site, `{"n":"somebody","f":"urn:x","i":"i1"}`, "")
	if err != nil || !ok || !strings.HasPrefix(out.URL, p.idp.SLO+"?SAMLRequest=") || !strings.Contains(out.URL, "&Signature=") {
		t.Errorf("%+v, %v, %v", out, ok, err)
	}
	if _, ok, err := p.SignOut(t.Context(), p.site, "", ""); ok || err != nil {
		t.Errorf("somebody without a session there: %v, %v", ok, err)
	}
	none := newPlace(t, func(s *Settings, _ *Options) {
		s.MetadataXML = strings.ReplaceAll(s.MetadataXML, "SingleLogoutService", "ManageNameIDService")
	})
	if _, ok, err := none.SignOut(t.Context(), none.site, `{"n":"somebody"}`, ""); ok || err != nil {
		t.Errorf("a provider without an address for it: %v, %v", ok, err)
	}
}
