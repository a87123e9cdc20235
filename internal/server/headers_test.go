package server

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestEveryAnswerHasItsHeaders(t *testing.T) {
	h := newHouse(t)
	for _, path := range []string{"/", "/r/" + h.room, "/assets/a-1.js", "/nothing.js", "/api/v1/me", "/api/v1/rooms/" + h.room, "/api/nothing", "/healthz", "/preview"} {
		resp, err := h.client.Get(h.http.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex",
			"Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
		} {
			if got := resp.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		if p := resp.Header.Get("Permissions-Policy"); !strings.Contains(p, "microphone=(self)") || !strings.Contains(p, "camera=()") {
			t.Errorf("%s: Permissions-Policy is %q", path, p)
		}
		if resp.Header.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: HTTPS is demanded where there is none", path)
		}
		policy := directives(resp.Header.Get("Content-Security-Policy"))
		if path == "/preview" {
			continue // has its own, and a test of it
		}
		if policy["script-src"] != "'self'" || policy["default-src"] != "'self'" || policy["frame-ancestors"] != "'none'" || policy["form-action"] != "'self'" {
			t.Errorf("%s: the policy is %v", path, policy)
		}
		host := strings.TrimPrefix(h.http.URL, "http://")
		if policy["connect-src"] != "'self' ws://"+host+" wss://"+host {
			t.Errorf("%s: connections may go to %s", path, policy["connect-src"])
		}
	}
}

func directives(policy string) map[string]string {
	out := map[string]string{}
	for part := range strings.SplitSeq(policy, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), " ")
		out[name] = value
	}
	return out
}

func TestHTTPSIsDemandedOfThoseWhoHaveIt(t *testing.T) {
	for proto, want := range map[string]string{"": "", "http": "", "https": hstsTime} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("X-Forwarded-Proto", proto)
		headers(http.NotFoundHandler(), nil).ServeHTTP(w, r)
		if got := w.Header().Get("Strict-Transport-Security"); got != want {
			t.Errorf("by %q: %q, want %q", proto, got, want)
		}
	}
}

func TestNothingGetsIntoThePolicy(t *testing.T) {
	for host, want := range map[string]string{
		"code.example.com": " ws://code.example.com wss://code.example.com", "[::1]:8080": " ws://[::1]:8080 wss://[::1]:8080",
		"x;script-src *": "", "a,b": "", "'self'": "", "*": "", "": "",
	} {
		if got := sockets(host); got != want {
			t.Errorf("%q: %q, want %q", host, got, want)
		}
	}
}

func TestThePageMayConnectToLiveKitWhereItIsUsed(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.Connect = []string{"wss://voice.example.org", "https://voice.example.org"} })
	resp, err := h.client.Get(h.http.URL + "/r/" + h.room)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	host := strings.TrimPrefix(h.http.URL, "http://")
	want := "'self' wss://voice.example.org https://voice.example.org ws://" + host + " wss://" + host
	policy := directives(resp.Header.Get("Content-Security-Policy"))
	if policy["connect-src"] != want || policy["default-src"] != "'self'" || policy["script-src"] != "'self'" {
		t.Errorf("the policy is %v", policy)
	}
}
