package gate

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestPathsOnThisSite(t *testing.T) {
	for to, want := range map[string]string{
		"/r/a-room": "/r/a-room", "/orgs?x=1#y": "/orgs?x=1#y", "/": "/", "/ü": "/ü",
		"": "/", "https://evil.example.org/": "/", "//evil.example.org": "/", `/\evil.example.org`: "/", `\\evil.example.org`: "/", "/\t/evil.example.org": "/",
		"/%2f/evil.example.org": "/", "/%5cevil.example.org": "/", "javascript:alert(1)": "/", "r/a-room": "/", "/\n/evil": "/", " //evil.example.org": "/",
		"http:evil.example.org": "/", "///evil.example.org": "/", "/ /evil": "/", "/%zz": "/",
	} {
		if got := localPath(to); got != want {
			t.Errorf("%q leads to %q, want %q", to, got, want)
		}
	}
}

func TestWhereThisInstallationIs(t *testing.T) {
	for _, c := range []struct{ public, host, origin string }{
		{"https://code.example.org", "evil.example.org", "https://code.example.org"},
		{"", "localhost:8080", "http://localhost:8080"}, {"", "127.0.0.1:8080", "http://127.0.0.1:8080"}, {"", "[::1]:8080", "http://[::1]:8080"},
		{"", "evil.example.org", ""}, {"", "192.0.2.1:8080", ""}, {"", "localhost.evil.example.org", ""}, {"", "127.0.0.1.evil.example.org:80", ""},
	} {
		g := &Gate{opt: Options{PublicURL: c.public}}
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = c.host
		if got, err := g.origin(r); got != c.origin || (err == nil) == (c.origin == "") {
			t.Errorf("set to %q and asked as %q: %q, %v", c.public, c.host, got, err)
		}
	}
}

func TestCookiesGoOverHTTPSAsTheSettingSays(t *testing.T) {
	for _, c := range []struct {
		setting, public, host string
		secure                bool
	}{
		{"always", "", "localhost", true}, {"auto", "", "localhost", false}, {"auto", "https://code.example.org", "code.example.org", true},
		{"auto", "https://code.example.org", "localhost", false}, {"never", "https://code.example.org", "code.example.org", false},
	} {
		g := &Gate{opt: Options{PublicURL: c.public, SecureCookies: c.setting}}
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = c.host
		w := httptest.NewRecorder()
		g.setCookie(w, r, "token", guestCookie)
		k := w.Result().Cookies()[0]
		if k.Secure != c.secure || !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.Path != "/" {
			t.Errorf("%+v: %+v", c, k)
		}
	}
}
