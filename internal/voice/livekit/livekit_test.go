package livekit

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"codecollab.dev"
	"codecollab.dev/internal/voice"
	"codecollab.dev/internal/wire"
)

const (
	secret = "0123456789abcdef0123456789abcdef"
	calm   = "calm-heron-1"
	ann    = "annannann"
)

type claims struct {
	jwt.Claims
	about
	Video grants `json:"video"`
}

func read(t *testing.T, token string) claims {
	t.Helper()
	parsed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.HS256})
	if err != nil {
		t.Fatal(err)
	}
	var c claims
	if err := parsed.Claims([]byte(secret), &c); err != nil {
		t.Fatal(err)
	}
	if err := c.Validate(jwt.Expected{Issuer: "key", Time: time.Now()}); err != nil {
		t.Error(err)
	}
	return c
}

func newDesk(t *testing.T, url string) *Desk {
	t.Helper()
	d, err := New(Options{URL: url, Key: "key", Secret: secret, Look: 200 * time.Millisecond, Grace: time.Second, Slots: 5, Log: slog.New(slog.DiscardHandler), Client: http.DefaultClient})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// sitter is a client of a room, whose right to speak the test decides.
type sitter struct {
	voice.Chair
	told chan wire.Message
	mu   sync.Mutex
	why  error
}

func sit(d *Desk, client string) *sitter {
	s := &sitter{told: make(chan wire.Message, 1000)}
	s.Chair = d.Sit(voice.Sitter{
		Room: calm, Client: client, Person: "person-of-" + client, Tell: func(m wire.Message) { s.told <- m },
		May: func() error { s.mu.Lock(); defer s.mu.Unlock(); return s.why },
	})
	return s
}

func (s *sitter) may(d *Desk, why error) {
	s.mu.Lock()
	s.why = why
	s.mu.Unlock()
	d.Rights(calm)
}

var (
	muted   = codecollab.Errorf(codecollab.Forbidden, "muted", "muted")
	removed = codecollab.Errorf(codecollab.Forbidden, "removed", "removed")
)

// next is the next message of its kind that somebody is told.
func next[M wire.Message](t *testing.T, s *sitter) M {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		select {
		case m := <-s.told:
			if m, ok := m.(M); ok {
				return m
			}
		case <-late:
			t.Fatal("nothing was told")
		}
	}
}

// sees waits until somebody is told such people.
func (s *sitter) sees(t *testing.T, what string, is func(*wire.VoicePeople) bool) {
	t.Helper()
	var last *wire.VoicePeople
	late := time.After(20 * time.Second)
	for {
		select {
		case m := <-s.told:
			p, ok := m.(*wire.VoicePeople)
			if ok && is(p) {
				return
			}
			if ok {
				last = p
			}
		case <-late:
			t.Fatalf("never told: %s; last %+v", what, last)
		}
	}
}

func TestTokensSayWhatSomebodyMay(t *testing.T) {
	d := newDesk(t, "http://127.0.0.1:1")
	a := sit(d, ann)
	if p := next[*wire.VoicePeople](t, a); p.Engine != "livekit" || len(p.People) > 0 {
		t.Errorf("%+v", p)
	}
	a.Handle(&wire.VoiceAsk{})
	w := next[*wire.VoiceWays](t, a)
	if w.LiveKit.URL != "ws://127.0.0.1:1" || w.Expires < time.Now().UnixMilli() || w.Expires > time.Now().Add(tokenFor).UnixMilli() {
		t.Errorf("%+v %+v", w, w.LiveKit)
	}
	c := read(t, w.LiveKit.Token)
	if c.Subject != ann || c.Metadata != "person-of-annannann" || c.Attributes[nodeKey] != d.node || c.Video.Room != calm || !c.Video.RoomJoin ||
		c.Video.RoomAdmin || c.Video.RoomList || !*c.Video.CanPublish || *c.Video.CanPublishData || len(c.Video.Sources) != 1 {
		t.Errorf("%+v", c)
	}
	a.may(d, muted)
	a.Handle(&wire.VoiceAsk{})
	if c := read(t, next[*wire.VoiceWays](t, a).LiveKit.Token); *c.Video.CanPublish || len(c.Video.Sources) > 0 {
		t.Errorf("who is muted gets %+v", c.Video)
	}
	a.may(d, removed)
	for _, test := range []bool{false, true} {
		a.Handle(&wire.VoiceAsk{Test: test})
		if r := next[*wire.VoiceRefused](t, a); r.Code != "removed" {
			t.Errorf("%+v", r)
		}
	}
	a.may(d, nil)
	a.Handle(&wire.VoiceAsk{Test: true})
	if c := read(t, next[*wire.VoiceWays](t, a).LiveKit.Token); c.Video.Room == calm || !c.Video.Hidden || *c.Video.CanPublish {
		t.Errorf("a test gets %+v", c.Video)
	}
	a.Handle(&wire.VoiceOffer{Call: "aaaaaaaa"})
	if r := next[*wire.VoiceRefused](t, a); r.Call != "aaaaaaaa" || r.Code != "voice_off" {
		t.Errorf("%+v", r)
	}
}

// What LiveKit does not do at first is asked of it again. This is no LiveKit: it fails as one that is being started does.
func TestWhatFailsIsAskedAgain(t *testing.T) {
	var mu sync.Mutex
	asked := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method := strings.TrimPrefix(r.URL.Path, "/twirp/livekit.RoomService/")
		mu.Lock()
		defer mu.Unlock()
		asked[method]++
		if asked[method]%2 == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		p := map[string]any{"identity": ann, "state": "ACTIVE", "permission": map[string]any{"can_publish": true}}
		_ = json.NewEncoder(w).Encode(map[string]any{"rooms": []any{map[string]any{"name": calm}}, "participants": []any{p}})
	}))
	defer server.Close()
	d := newDesk(t, server.URL)
	a := sit(d, ann)
	a.sees(t, "ann is in voice", func(p *wire.VoicePeople) bool { return len(p.People) == 1 && !p.Stale })
	a.sees(t, "LiveKit does not answer", func(p *wire.VoicePeople) bool { return len(p.People) == 1 && p.Stale })
	a.may(d, muted)
	for late := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		mu.Lock()
		n := asked["UpdateParticipant"]
		mu.Unlock()
		if n >= 2 {
			break
		}
		if time.Now().After(late) {
			t.Fatalf("asked %d times", n)
		}
	}
}

func TestSettingsThatCannotBe(t *testing.T) {
	for _, o := range []Options{
		{URL: "livekit.example.org", Key: "k", Secret: secret}, {URL: "ftp://x", Key: "k", Secret: secret}, {URL: "wss://x", Secret: secret},
		{URL: "wss://x", Key: "k", Secret: "short"}, {URL: "wss://a:b@x", Key: "k", Secret: secret}, {URL: "wss://x; script-src *", Key: "k", Secret: secret},
		{URL: "wss://*", Key: "k", Secret: secret}, {URL: "wss://'self'", Key: "k", Secret: secret}, {URL: "wss://", Key: "k", Secret: secret},
	} {
		if d, err := New(o); err == nil || strings.Contains(err.Error(), "short") && o.Secret == "short" {
			t.Errorf("%+v: %v", o.URL, err)
			_ = d.Close()
		}
	}
}

func TestOrigins(t *testing.T) {
	for url, want := range map[string]string{
		"wss://livekit.example.org": "wss://livekit.example.org https://livekit.example.org", "https://x.org:7443/livekit/": "wss://x.org:7443 https://x.org:7443",
		"http://127.0.0.1:7880": "ws://127.0.0.1:7880 http://127.0.0.1:7880",
	} {
		if got := strings.Join(newDesk(t, url).Origins(), " "); got != want {
			t.Errorf("%s: %s, want %s", url, got, want)
		}
	}
}
