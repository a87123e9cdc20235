package gate_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"codecollab.dev/internal/auth/oidc/oidctest"
	"codecollab.dev/internal/gate"
)

// ask sends a request of the page, and returns the status and what is in the answer.
func (p *person) ask(method, path string) (int, map[string]any) {
	p.h.t.Helper()
	r, err := http.NewRequestWithContext(p.h.t.Context(), method, p.h.http.URL+path, nil)
	if err != nil {
		p.h.t.Fatal(err)
	}
	answer, err := p.Do(r)
	if err != nil {
		p.h.t.Fatal(err)
	}
	defer answer.Body.Close()
	got := map[string]any{}
	if answer.StatusCode != http.StatusNoContent {
		if err := json.NewDecoder(answer.Body).Decode(&got); err != nil {
			p.h.t.Fatal(err)
		}
	}
	return answer.StatusCode, got
}

// connect goes to a provider to connect it, and says where the browser is in the end.
func (p *person) connect(provider string) string {
	p.h.t.Helper()
	status, got := p.ask("POST", "/api/v1/me/identities/"+provider)
	if status != http.StatusOK {
		p.h.t.Fatalf("%d %v", status, got)
	}
	return p.open(got["to"].(string)).RequestURI()
}

// twoProviders are a house with "main" and "other", where the same person goes by different names and addresses.
func twoProviders(t *testing.T) (h *house, other *oidctest.Provider) {
	one, other := oidctest.New(), oidctest.New()
	t.Cleanup(one.Close)
	t.Cleanup(other.Close)
	elsewhere(other, "elsewhere-1")
	return newHouse(t, func(h *house, o *gate.Options) {
		o.External.Providers = []gate.Provider{h.openID(one, "main"), h.openID(other, "other")}
	}), other
}

// elsewhere has a provider let in somebody of that name.
func elsewhere(p *oidctest.Provider, subject string) {
	p.With(oidctest.Does{Claims: func(c map[string]any) { c["sub"], c["email"] = subject, subject+"@example.net" }})
}

func TestConnectingAProvider(t *testing.T) {
	h, _ := twoProviders(t)
	ann := h.person()
	ann.open("/auth/oidc/main")
	me := ann.me()
	if at := ann.connect("other"); at != "/account?connected=other" {
		t.Fatalf("the browser is at %s", at)
	}
	if at := ann.connect("other"); at != "/account?connected=other" {
		t.Errorf("the second time the browser is at %s", at)
	}
	again := h.person()
	again.open("/auth/oidc/other")
	if got := again.me(); got == nil || got.ID != me.ID || got.Email != me.Email {
		t.Errorf("by the connected provider one is %+v, not %+v", got, me)
	}
	_, got := ann.ask("GET", "/api/v1/me/identities")
	list := got["identities"].([]any)
	if len(list) != 2 || list[0].(map[string]any)["since"] == nil || list[1].(map[string]any)["since"] == nil {
		t.Errorf("%v", got)
	}

	if status, got := ann.ask("DELETE", "/api/v1/me/identities/main"); status != http.StatusNoContent {
		t.Fatalf("%d %v", status, got)
	}
	if status, got := ann.ask("DELETE", "/api/v1/me/identities/other"); status != http.StatusConflict || got["code"] != "last_way" {
		t.Errorf("the last way: %d %v", status, got)
	}
	if status, got := ann.ask("DELETE", "/api/v1/me/identities/main"); status != http.StatusNotFound || got["code"] != "no_identity" {
		t.Errorf("the second time: %d %v", status, got)
	}
	stranger := h.person()
	stranger.open("/auth/oidc/main")
	if got := stranger.me(); got == nil || got.ID == me.ID {
		t.Errorf("by the provider that was disconnected one is %+v", got)
	}
}

func TestNobodyIsConnectedToAnother(t *testing.T) {
	h, other := twoProviders(t)
	ann, bob := h.person(), h.person()
	ann.open("/auth/oidc/main")
	bob.open("/auth/oidc/other") // has an account by it
	if at := ann.connect("other"); at != "/account?problem=identity_taken&provider=other" {
		t.Errorf("what is somebody else's: the browser is at %s", at)
	}

	// Whoever is signed in when the browser comes back has to be who went.
	elsewhere(other, "elsewhere-2")
	_, got := ann.ask("POST", "/api/v1/me/identities/other")
	back := ann.upToAddress(got["to"].(string))
	mine, theirs := ann.Jar.Cookies(back), bob.Jar.Cookies(back)
	for _, c := range theirs {
		if c.Name != "codecollab-trip" {
			ann.Jar.SetCookies(back, []*http.Cookie{{Name: c.Name, Value: c.Value, Path: "/"}})
		}
	}
	if at := ann.open(back.String()).RequestURI(); at != "/account?problem=other_account&provider=other" {
		t.Errorf("as somebody else the browser is at %s (had %v)", at, mine)
	}
	if _, err := h.desk.Find(t.Context(), other.URL, "elsewhere-2"); err == nil {
		t.Error("it was connected all the same")
	}

	guest := h.person()
	if status, got := guest.ask("POST", "/api/v1/me/identities/other"); status != http.StatusUnauthorized {
		t.Errorf("a guest: %d %v", status, got)
	}
	if status, got := bob.ask("POST", "/api/v1/me/identities/nowhere"); status != http.StatusNotFound || got["code"] != "no_way" {
		t.Errorf("no such provider: %d %v", status, got)
	}
}
