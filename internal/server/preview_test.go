package server

import (
	"net/http"
	"strings"
	"testing"
)

// The frame of a preview has rights to nothing, whoever asks for it and however it is shown.
func TestThePreviewsPolicy(t *testing.T) {
	h := newHouse(t)
	head := h.call(newPerson(t), "GET", "/preview", "", http.StatusOK, nil)
	policy := map[string]string{}
	for _, part := range strings.Split(head.Get("Content-Security-Policy"), ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), " ")
		policy[name] = value
	}
	if policy["sandbox"] != "allow-scripts" {
		t.Errorf("sandbox %q", policy["sandbox"])
	}
	for _, name := range []string{"default-src", "connect-src", "worker-src", "frame-src", "object-src", "form-action", "base-uri"} {
		if policy[name] != "'none'" {
			t.Errorf("%s %q", name, policy[name])
		}
	}
	if policy["frame-ancestors"] != "'self'" {
		t.Errorf("frame-ancestors %q", policy["frame-ancestors"])
	}
	for name, value := range policy {
		if strings.Contains(value, "http") || strings.Contains(value, "*") || name != "frame-ancestors" && strings.Contains(value, "'self'") {
			t.Errorf("%s %q lets something in", name, value)
		}
	}
	if head.Get("X-Content-Type-Options") != "nosniff" || head.Get("Referrer-Policy") != "no-referrer" || head.Get("Set-Cookie") != "" {
		t.Errorf("%v", head)
	}
	if page := h.call(h.client, "GET", "/r/x", "", http.StatusOK, nil).Get("Content-Security-Policy"); !strings.Contains(page, "default-src 'self'") ||
		strings.Contains(page, "frame-src") {
		t.Errorf("a preview could go elsewhere: %s", page) // what a frame may load is the page's default-src
	}
}
