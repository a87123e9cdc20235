// Package livekit hands voice to a LiveKit server, for installations that outgrow the engine of their own: who may be in a room gets a
// token for it, and what an owner decides there is told to LiveKit. The sound never comes by here.
//
// The token is a JWT with the claims that LiveKit documents (docs.livekit.io, "Authentication"), and its room service is asked by
// the JSON form of its API. docs/adr/0025 says why that is not LiveKit's own library.
package livekit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"codecollab.dev"
	"codecollab.dev/internal/voice"
	"codecollab.dev/internal/wire"
)

// Options say which server, and how it knows us.
type Options struct {
	URL    string // wss://… or https://…
	Key    string
	Secret string
	Keep   time.Duration // how long a token counts for coming in
	Slots  int
	Log    *slog.Logger
	Client *http.Client
}

// Desk gives out tokens.
type Desk struct {
	opt    Options
	signer jose.Signer
	api    string // where the room service is
	page   string // what pages connect to

	mu    sync.Mutex
	seats map[string]map[*seat]struct{} // by room
}

const engine = "livekit"

// New makes a desk. It does not ask LiveKit anything yet.
func New(opt Options) (*Desk, error) {
	scheme, rest, ok := strings.Cut(opt.URL, "://")
	ends := map[string][2]string{"wss": {"wss", "https"}, "https": {"wss", "https"}, "ws": {"ws", "http"}, "http": {"ws", "http"}}[scheme]
	if !ok || rest == "" || ends[0] == "" {
		return nil, fmt.Errorf("livekit-url is %q, but has to be an address like wss://livekit.example.org", opt.URL)
	}
	if opt.Key == "" || len(opt.Secret) < 32 {
		return nil, errors.New("livekit-url needs livekit-key, and livekit-secret with at least 32 characters, as LiveKit itself asks for")
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: []byte(opt.Secret)}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return nil, err
	}
	rest = strings.TrimRight(rest, "/")
	return &Desk{opt: opt, signer: signer, page: ends[0] + "://" + rest, api: ends[1] + "://" + rest, seats: map[string]map[*seat]struct{}{}}, nil
}

// grants are LiveKit's claims about a room.
type grants struct {
	Room           string   `json:"room"`
	RoomJoin       bool     `json:"roomJoin,omitempty"`
	RoomAdmin      bool     `json:"roomAdmin,omitempty"`
	CanPublish     *bool    `json:"canPublish,omitempty"`
	CanSubscribe   *bool    `json:"canSubscribe,omitempty"`
	CanPublishData *bool    `json:"canPublishData,omitempty"`
	Sources        []string `json:"canPublishSources,omitempty"`
}

// token signs claims that count from now on.
func (d *Desk) token(identity string, g grants, keep time.Duration) (string, time.Time, error) {
	now := time.Now()
	until := now.Add(keep)
	text, err := jwt.Signed(d.signer).Claims(jwt.Claims{
		Issuer: d.opt.Key, Subject: identity, NotBefore: jwt.NewNumericDate(now.Add(-10 * time.Second)), Expiry: jwt.NewNumericDate(until),
	}).Claims(map[string]any{"video": g}).Serialize()
	return text, until, err
}

// Token lets a client of a room in. silent: an owner has muted them, so they may listen only.
func (d *Desk) Token(room, client string, silent bool) (string, time.Time, error) {
	yes, no, may := true, false, !silent
	g := grants{Room: room, RoomJoin: true, CanPublish: &may, CanSubscribe: &yes, CanPublishData: &no}
	if may {
		g.Sources = []string{"microphone"}
	}
	return d.token(client, g, d.opt.Keep)
}

type seat struct {
	desk *Desk
	who  voice.Sitter

	mu     sync.Mutex
	in     bool // has a token
	silent bool
}

// Sit takes in a client that has joined its room.
func (d *Desk) Sit(who voice.Sitter) voice.Chair {
	s := &seat{desk: d, who: who}
	d.mu.Lock()
	if d.seats[who.Room] == nil {
		d.seats[who.Room] = map[*seat]struct{}{}
	}
	d.seats[who.Room][s] = struct{}{}
	d.mu.Unlock()
	who.Tell(&wire.VoicePeople{Engine: engine})
	return s
}

// Handle implements voice.Chair.
func (s *seat) Handle(m wire.Message) {
	switch m := m.(type) {
	case *wire.VoiceAsk:
		s.ask()
	case *wire.VoiceOffer:
		s.who.Tell(&wire.VoiceRefused{Call: m.Call, Code: "voice_off", Message: "Voice is at a LiveKit server here: connect there with the token."})
	}
}

func (s *seat) ask() {
	silent, err := s.rights()
	if err != nil {
		s.who.Tell(&wire.VoiceRefused{Code: codecollab.CodeOf(err), Message: err.Error()})
		return
	}
	token, until, err := s.desk.Token(s.who.Room, s.who.Client, silent)
	if err != nil {
		s.desk.opt.Log.Error("no token for LiveKit", "err", err)
		s.who.Tell(&wire.VoiceRefused{Code: "internal", Message: "Voice does not work here now. It is in the server's log."})
		return
	}
	s.mu.Lock()
	s.in, s.silent = true, silent
	s.mu.Unlock()
	s.who.Tell(&wire.VoiceWays{
		Engine: engine, Slots: s.desk.opt.Slots, Expires: until.UnixMilli(), LiveKit: &wire.VoiceLiveKit{URL: s.desk.page, Token: token},
	})
}

func (s *seat) rights() (silent bool, refused error) {
	err := s.who.May()
	if codecollab.CodeOf(err) == "muted" {
		return true, nil
	}
	return false, err
}

// Leave implements voice.Chair.
func (s *seat) Leave(final bool) {
	d := s.desk
	d.mu.Lock()
	delete(d.seats[s.who.Room], s)
	if len(d.seats[s.who.Room]) == 0 {
		delete(d.seats, s.who.Room)
	}
	d.mu.Unlock()
	s.mu.Lock()
	in := s.in
	s.mu.Unlock()
	if final && in {
		go s.remove()
	}
}

// Rights is told that somebody's rights may have changed in a room. It never waits.
func (d *Desk) Rights(room string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for s := range d.seats[room] {
		go s.recheck()
	}
}

// recheck tells LiveKit what somebody may do now who has a token.
func (s *seat) recheck() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.in {
		return
	}
	silent, refused := s.rights()
	switch {
	case refused != nil:
		s.in = false
		s.remove()
	case silent != s.silent:
		s.silent = silent
		s.call("UpdateParticipant", map[string]any{
			"room": s.who.Room, "identity": s.who.Client,
			"permission": map[string]any{"canSubscribe": true, "canPublish": !silent, "canPublishData": false},
		})
	}
}

func (s *seat) remove() {
	s.call("RemoveParticipant", map[string]any{"room": s.who.Room, "identity": s.who.Client})
}

// A call of the room service is tried a few times: what an owner has decided must not be lost with one packet.
const (
	tries      = 5
	callWithin = 5 * time.Second
	answerMost = 64 << 10
)

func (s *seat) call(method string, body map[string]any) {
	d := s.desk
	for try := range tries {
		err := d.ask(method, s.who.Room, body)
		if err == nil {
			return
		}
		d.opt.Log.Warn("LiveKit does not do what a room has decided", "method", method, "room", s.who.Room, "try", try+1, "err", err)
		time.Sleep(time.Duration(try) * 500 * time.Millisecond)
	}
}

// ask calls LiveKit's room service. That somebody is not there is no failure.
func (d *Desk) ask(method, room string, body map[string]any) error {
	ctx, cancel := context.WithTimeout(context.Background(), callWithin)
	defer cancel()
	token, _, err := d.token("codecollab", grants{Room: room, RoomAdmin: true}, time.Minute)
	if err != nil {
		return err
	}
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.api+"/twirp/livekit.RoomService/"+method, bytes.NewReader(data))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := d.opt.Client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(res.Body, answerMost))
	if res.StatusCode == http.StatusOK || res.StatusCode == http.StatusNotFound {
		return nil
	}
	return fmt.Errorf("%s: %.200s", res.Status, text)
}
