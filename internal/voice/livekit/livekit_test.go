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

const secret = "0123456789abcdef0123456789abcdef"

type claims struct {
	jwt.Claims
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

// asked is a call of the room service, as a LiveKit server sees it.
type asked struct {
	method string
	body   map[string]any
	claims claims
}

func TestLiveKit(t *testing.T) {
	calls := make(chan asked, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := asked{method: strings.TrimPrefix(r.URL.Path, "/twirp/livekit.RoomService/"), claims: read(t, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))}
		if err := json.NewDecoder(r.Body).Decode(&a.body); err != nil {
			t.Error(err)
		}
		calls <- a
		_, _ = w.Write([]byte("{}"))
	}))
	defer server.Close()
	d, err := New(Options{URL: server.URL, Key: "key", Secret: secret, Keep: time.Hour, Slots: 5, Log: slog.New(slog.DiscardHandler), Client: server.Client()})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var why error
	var told []wire.Message
	chair := d.Sit(voice.Sitter{Room: "calm-heron-1", Client: "annannann", Person: "ann",
		May:  func() error { mu.Lock(); defer mu.Unlock(); return why },
		Tell: func(m wire.Message) { told = append(told, m) },
	})
	if p, ok := told[0].(*wire.VoicePeople); !ok || p.Engine != "livekit" {
		t.Errorf("%+v", told[0])
	}
	chair.Handle(&wire.VoiceAsk{})
	w := told[1].(*wire.VoiceWays)
	if !strings.HasPrefix(w.LiveKit.URL, "ws://") || w.Expires < time.Now().UnixMilli() {
		t.Errorf("%+v", w.LiveKit)
	}
	c := read(t, w.LiveKit.Token)
	if c.Subject != "annannann" || c.Video.Room != "calm-heron-1" || !c.Video.RoomJoin || c.Video.RoomAdmin || !*c.Video.CanPublish || *c.Video.CanPublishData {
		t.Errorf("%+v", c)
	}
	say := func(err error) { mu.Lock(); why = err; mu.Unlock(); d.Rights("calm-heron-1") }
	say(codecollab.Errorf(codecollab.Forbidden, "muted", "muted"))
	a := <-calls
	if p := a.body["permission"].(map[string]any); a.method != "UpdateParticipant" || a.body["identity"] != "annannann" || p["canPublish"] != false || p["canSubscribe"] != true || !a.claims.Video.RoomAdmin {
		t.Errorf("%+v", a)
	}
	chair.Handle(&wire.VoiceAsk{})
	if c := read(t, told[2].(*wire.VoiceWays).LiveKit.Token); *c.Video.CanPublish || len(c.Video.Sources) > 0 {
		t.Errorf("who is muted gets %+v", c.Video)
	}
	say(codecollab.Errorf(codecollab.Forbidden, "removed", "removed"))
	if a := <-calls; a.method != "RemoveParticipant" || a.body["room"] != "calm-heron-1" {
		t.Errorf("%+v", a)
	}
	chair.Handle(&wire.VoiceAsk{})
	if r, ok := told[3].(*wire.VoiceRefused); !ok || r.Code != "removed" {
		t.Errorf("%+v", told[3])
	}
}

func TestSettingsThatCannotBe(t *testing.T) {
	for _, o := range []Options{{URL: "livekit.example.org", Key: "k", Secret: secret}, {URL: "ftp://x", Key: "k", Secret: secret}, {URL: "wss://x", Secret: secret}, {URL: "wss://x", Key: "k", Secret: "short"}} {
		if _, err := New(o); err == nil || strings.Contains(err.Error(), "short") && o.Secret == "short" {
			t.Errorf("%+v: %v", o.URL, err)
		}
	}
}
