package fetch

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestPrivateAddressesAreNotAsked(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("inside")) }))
	defer server.Close()
	if _, err := Get(t.Context(), Client(Limits{}), server.URL); !errors.Is(err, ErrPrivate) {
		t.Errorf("loopback was asked: %v", err)
	}
	if got, err := Get(t.Context(), Client(Limits{Private: true}), server.URL); err != nil || string(got) != "inside" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestAllowedAddresses(t *testing.T) {
	for text, want := range map[string][2]bool{ // without and with Private
		"93.184.216.34":    {true, true},
		"2606:2800::1":     {true, true},
		"10.1.2.3":         {false, true},
		"192.168.0.1":      {false, true},
		"127.0.0.1":        {false, true},
		"::1":              {false, true},
		"100.64.0.1":       {false, true},
		"0.0.0.0":          {false, true},
		"::ffff:10.1.2.3":  {false, true},
		"64:ff9b::a00:1":   {false, true},
		"fe80::1":          {false, true},
		"169.254.1.1":      {false, true},
		"169.254.169.254":  {false, false},
		"fd00:ec2::254":    {false, false},
		"fd00:ec2::254%lo": {false, false},
	} {
		a := netip.MustParseAddr(text).Unmap()
		for i, private := range []bool{false, true} {
			if got := allowed(a, private) == nil; got != want[i] {
				t.Errorf("%s with private %v: allowed %v", text, private, got)
			}
		}
	}
}

func TestAnswersAreLimited(t *testing.T) {
	gone := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/exact", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(strings.Repeat("x", 1000))) })
	mux.HandleFunc("/long", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(strings.Repeat("x", 1001))) })
	mux.HandleFunc("/slow", func(_ http.ResponseWriter, r *http.Request) { <-gone })
	mux.HandleFunc("/round", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/round", http.StatusFound) })
	server := httptest.NewServer(mux)
	defer server.Close()
	defer close(gone)
	client := Client(Limits{Bytes: 1000, Time: 200 * time.Millisecond, Private: true})
	if got, err := Get(t.Context(), client, server.URL+"/exact"); err != nil || len(got) != 1000 {
		t.Errorf("an answer of the limit: %d bytes, %v", len(got), err)
	}
	for path, want := range map[string]string{"/long": "larger than 1000 bytes", "/slow": "exceeded", "/round": "redirections", "/none": "404"} {
		if _, err := Get(t.Context(), client, server.URL+path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, not %q", path, err, want)
		}
	}
}

func TestNoWayFromHTTPSToHTTP(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	secure := httptest.NewTLSServer(http.RedirectHandler(plain.URL, http.StatusFound))
	defer secure.Close()
	client := Client(Limits{Private: true})
	client.Transport = secure.Client().Transport
	if _, err := Get(t.Context(), client, secure.URL); err == nil || !strings.Contains(err.Error(), "from https to http") {
		t.Errorf("%v", err)
	}
}

func TestAddress(t *testing.T) {
	for _, good := range []string{"https://a.example", "https://a.example/path?q=1", "http://127.0.0.1:80", "http://localhost:1/x", "http://[::1]:2"} {
		if err := Address(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"", "a.example", "http://a.example", "ftp://a.example", "https://", "https://u:p@a.example", "https://a.example/#x", "http://localhost.example", "file:///etc/passwd"} {
		if Address(bad) == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
