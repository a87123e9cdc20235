package gate_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/fetch"
	"codecollab.dev/internal/auth/oidc"
	"codecollab.dev/internal/auth/oidc/oidctest"
	"codecollab.dev/internal/gate"
	"codecollab.dev/internal/store/engine"
	"codecollab.dev/internal/store/people"
)

// house is the real door on a real store of people, by HTTP, with providers of tests.
type house struct {
	t      testing.TB
	http   *httptest.Server
	people *people.Store
	desk   *auth.Desk
	trips  *oidc.Trips
	log    *lines
}

// lines is a log that tests read.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

// take is what was logged since the last time.
func (l *lines) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.buf.Reset()
	return l.buf.String()
}

func newHouse(t testing.TB, change func(*house, *gate.Options)) *house {
	t.Helper()
	h := &house{t: t, log: &lines{}}
	db, err := people.Open(t.Context(), engine.Folder(t.TempDir()), 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	h.people = db
	log := slog.New(slog.NewTextHandler(h.log, nil))
	h.desk = auth.NewDesk(auth.DeskOptions{Store: db, Visits: noVisits{}, SessionIdle: time.Hour, SessionMax: time.Hour, Log: log, Now: time.Now})
	sealer, err := auth.NewSealer([]byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	h.trips = oidc.NewTrips(sealer, 15*time.Minute, db, time.Now)
	opt := gate.Options{Desk: h.desk, Log: log, Guests: "everyone", Passwords: "off", External: gate.External{Trips: h.trips}}
	change(h, &opt)
	g, err := gate.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	g.Routes(mux)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "page") })
	h.http = httptest.NewServer(mux)
	t.Cleanup(h.http.Close)
	return h
}

func (h *house) openID(p *oidctest.Provider, id string) gate.Provider {
	h.t.Helper()
	way, err := oidc.New(
		oidc.Settings{Issuer: p.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, SignOut: true},
		oidc.Options{ID: id, Trips: h.trips, Client: client(), Leeway: time.Minute},
	)
	if err != nil {
		h.t.Fatal(err)
	}
	return gate.Provider{Way: gate.Way{ID: id, Kind: oidc.Kind, Name: id, Path: "/auth/oidc/" + id}, External: way}
}

func client() *http.Client { return fetch.Client(fetch.Limits{Private: true}) }

// noVisits is for people who have been in no room.
type noVisits struct{}

func (noVisits) MoveVisits(context.Context, string, string) error { return nil }

// person is a browser.
type person struct {
	*http.Client
	h *house
}

func (h *house) person() *person {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return &person{&http.Client{Jar: jar}, h}
}

// open goes to an address, here or at a provider, and says where the browser is in the end.
func (p *person) open(address string) *url.URL {
	p.h.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = p.h.http.URL + address
	}
	answer, err := p.Get(address)
	if err != nil {
		p.h.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(answer.Body)
		p.h.t.Fatalf("%s: %s %s", address, answer.Status, text)
	}
	return answer.Request.URL
}

// upTo goes to an address and stops before the callback, whose address it returns.
func (p *person) upTo(address string) *url.URL {
	p.h.t.Helper()
	return p.upToAddress(p.h.http.URL + address)
}

// upToAddress does so from any address, at a provider as well.
func (p *person) upToAddress(address string) *url.URL {
	p.h.t.Helper()
	var callback *url.URL
	stopping := *p.Client
	stopping.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasSuffix(r.URL.Path, "/callback") {
			callback = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}
	answer, err := stopping.Get(address)
	if err != nil {
		p.h.t.Fatal(err)
	}
	answer.Body.Close()
	if callback == nil {
		p.h.t.Fatalf("%s does not lead to a callback but to %s", address, answer.Request.URL)
	}
	return callback
}

// me says who the browser is signed in as; nil is nobody.
func (p *person) me() *auth.Account {
	p.h.t.Helper()
	answer, err := p.Get(p.h.http.URL + "/api/v1/me")
	if err != nil {
		p.h.t.Fatal(err)
	}
	defer answer.Body.Close()
	var me struct{ Account *auth.Account }
	if err := json.NewDecoder(answer.Body).Decode(&me); err != nil {
		p.h.t.Fatal(err)
	}
	return me.Account
}

func TestSigningInByOpenID(t *testing.T) {
	p := oidctest.New()
	defer p.Close()
	h := newHouse(t, func(h *house, o *gate.Options) { o.External.Providers = []gate.Provider{h.openID(p, "main")} })
	ann := h.person()
	if at := ann.open("/auth/oidc/main?to=/r/room%3Fx=1"); at.RequestURI() != "/r/room?x=1" {
		t.Errorf("the browser is at %s", at)
	}
	me := ann.me()
	if me == nil || me.Name != "Ada Lovelace" || me.Email != "ada@example.com" {
		t.Fatalf("signed in as %+v", me)
	}
	again := h.person()
	again.open("/auth/oidc/main")
	if other := again.me(); other == nil || other.ID != me.ID {
		t.Errorf("the same person has another account: %+v", other)
	}
	p.With(oidctest.Does{Claims: func(c map[string]any) { c["sub"] = "person-2" }}) // with the same address
	bob := h.person()
	bob.open("/auth/oidc/main")
	if other := bob.me(); other == nil || other.ID == me.ID {
		t.Errorf("another person with the same address gets the account: %+v", other)
	}
	elsewhere := h.person()
	if at := elsewhere.open("/auth/oidc/main?to=https://evil.example/"); at.Host != strings.TrimPrefix(h.http.URL, "http://") || at.Path != "/" {
		t.Errorf("after signing in the browser is at %s", at)
	}
}

func TestSigningInByGitHub(t *testing.T) {
	g := oidctest.NewGitHub()
	defer g.Close()
	h := newHouse(t, func(h *house, o *gate.Options) {
		way, err := oidc.NewGitHub(oidc.GitHubOptions{URL: g.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, Trips: h.trips, Client: client()})
		if err != nil {
			t.Fatal(err)
		}
		o.External.Providers = []gate.Provider{{Way: gate.Way{ID: "github", Kind: "github", Name: "GitHub", Path: "/auth/github"}, External: way}}
	})
	ann := h.person()
	if at := ann.open("/auth/github?to=/r/room"); at.Path != "/r/room" {
		t.Errorf("the browser is at %s", at)
	}
	if me := ann.me(); me == nil || me.Name != "The Octocat" || me.Email != "octocat@github.com" {
		t.Errorf("signed in as %+v", me)
	}
	eve, victim := h.person(), h.person()
	stolen := eve.upTo("/auth/github")
	theirs := victim.upTo("/auth/github")
	q := theirs.Query()
	q.Set("code", stolen.Query().Get("code"))
	theirs.RawQuery = q.Encode()
	if at := victim.open(theirs.String()); at.Path != "/signin" || at.Query().Get("problem") != "provider_failed" || victim.me() != nil {
		t.Errorf("with somebody else's code the browser is at %s", at)
	}
	if at := victim.open(stolen.String()); at.Query().Get("problem") != "bad_state" || victim.me() != nil {
		t.Errorf("with somebody else's answer the browser is at %s", at)
	}
	if at := victim.open("/auth/oidc/github"); at.Query().Get("problem") != "no_way" {
		t.Errorf("GitHub at the address of others: %s", at)
	}
}

func TestWaysNameProviders(t *testing.T) {
	p := oidctest.New()
	defer p.Close()
	h := newHouse(t, func(h *house, o *gate.Options) { o.External.Providers = []gate.Provider{h.openID(p, "main")} })
	answer, err := http.Get(h.http.URL + "/api/v1/auth/ways")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var got struct{ Ways []gate.Way }
	if err := json.NewDecoder(answer.Body).Decode(&got); err != nil || len(got.Ways) != 1 || got.Ways[0].Path != "/auth/oidc/main" {
		t.Errorf("%+v, %v", got, err)
	}
	if at := h.person().open("/auth/oidc/other"); at.Query().Get("problem") != "no_way" {
		t.Errorf("a provider that is not there: %s", at)
	}
}

// TestProviderDown: people get an answer, and administrators the reason.
func TestProviderDown(t *testing.T) {
	p := oidctest.New()
	h := newHouse(t, func(h *house, o *gate.Options) { o.External.Providers = []gate.Provider{h.openID(p, "main")} })
	p.Close()
	at := h.person().open("/auth/oidc/main?to=/r/room")
	if at.Path != "/signin" || at.Query().Get("problem") != "provider_failed" || at.Query().Get("to") != "/r/room" || at.Query().Get("number") == "" {
		t.Errorf("the browser is at %s", at)
	}
	if log := h.log.take(); !strings.Contains(log, at.Query().Get("number")) || !strings.Contains(log, "cannot be fetched") {
		t.Errorf("the log has %q", log)
	}
}
