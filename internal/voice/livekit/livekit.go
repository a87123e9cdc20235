// Package livekit hands voice to a LiveKit server, for installations that outgrow the engine of their own: who may be in a room gets a
// token for it, and what an owner decides there is told to LiveKit. The sound never comes by here.
//
// What is so at LiveKit is looked at now and then, and after everything that may change it: who talks there is told to the room's
// clients, and what should not be so is put right. So a call that failed is made again, a token from before an owner's decision is no
// way around it, and nodes need not tell each other anything.
//
// The token is a JWT with the claims that LiveKit documents (docs.livekit.io, "Authentication"), and its room service is asked by
// the JSON form of its API. docs/adr/0025 says why that is not LiveKit's own library.
package livekit

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Options say which server, and how it knows us.
type Options struct {
	URL    string // wss://… or https://…
	Key    string
	Secret string
	Look   time.Duration // how often it is looked at who is there
	Grace  time.Duration // somebody whose connection to the room is lost stays in voice for so long
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
	node   string // what this desk writes to participants whose seats are here

	mu    sync.Mutex
	rooms map[string]*room
	poke  chan struct{}
	stop  context.CancelFunc
	done  sync.WaitGroup
}

const engine = "livekit"

// What is looked at most seldom, where nothing else is said, and how long a connection may be lost.
const (
	usualLook  = 2 * time.Second
	usualGrace = 15 * time.Second
)

// tokenFor is how long a token counts for coming in. It is short, for LiveKit cannot take one back; who is in gets others from
// LiveKit itself, which count for ten minutes.
const tokenFor = 5 * time.Minute

// tokensGone is when no token of somebody counts any more who has left.
const tokensGone = tokenFor + 10*time.Minute + time.Minute

// New makes a desk, which looks after its rooms until it is closed. LiveKit need not be there yet.
func New(opt Options) (*Desk, error) {
	page, api, err := addresses(opt.URL)
	if err != nil {
		return nil, err
	}
	if opt.Key == "" || len(opt.Secret) < 32 {
		return nil, errors.New("livekit-url needs livekit-key, and livekit-secret with at least 32 characters, as LiveKit itself asks for")
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: []byte(opt.Secret)}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return nil, err
	}
	if opt.Look == 0 {
		opt.Look = usualLook
	}
	if opt.Grace == 0 {
		opt.Grace = usualGrace
	}
	ctx, stop := context.WithCancel(context.Background())
	d := &Desk{opt: opt, signer: signer, page: page, api: api, node: rand.Text(), rooms: map[string]*room{}, poke: make(chan struct{}, 1), stop: stop}
	d.done.Go(func() { d.work(ctx) })
	return d, nil
}

// Close looks at nothing any more. Who talks goes on.
func (d *Desk) Close() error {
	d.stop()
	d.done.Wait()
	return nil
}

// addresses are those of LiveKit for pages and for us.
func addresses(text string) (page, api string, err error) {
	u, err := url.Parse(text)
	var ends [2]string
	if err == nil {
		ends = map[string][2]string{"wss": {"wss", "https"}, "https": {"wss", "https"}, "ws": {"ws", "http"}, "http": {"ws", "http"}}[u.Scheme]
	}
	if err != nil || ends[0] == "" || !plainHost(u.Host) || u.User != nil || u.RawQuery != "" {
		return "", "", fmt.Errorf("livekit-url is %q, but has to be an address like wss://livekit.example.org", text)
	}
	rest := u.Host + strings.TrimRight(u.EscapedPath(), "/")
	return ends[0] + "://" + rest, ends[1] + "://" + rest, nil
}

// plainHost reports whether a host may stand in a page's policy, where other signs have a meaning.
func plainHost(host string) bool {
	return host != "" && strings.Trim(strings.ToLower(host), "abcdefghijklmnopqrstuvwxyz0123456789.-:[]") == ""
}

// Origins are what a page has to be allowed to connect to: LiveKit's socket, and the same by HTTP, by which its client asks whether
// the network is back.
func (d *Desk) Origins() []string {
	var all []string
	for _, end := range []string{d.page, d.api} {
		scheme, rest, _ := strings.Cut(end, "://")
		host, _, _ := strings.Cut(rest, "/")
		all = append(all, scheme+"://"+host)
	}
	return all
}

// grants are LiveKit's claims about a room.
type grants struct {
	Room           string   `json:"room,omitempty"`
	RoomJoin       bool     `json:"roomJoin,omitempty"`
	RoomAdmin      bool     `json:"roomAdmin,omitempty"`
	RoomList       bool     `json:"roomList,omitempty"`
	Hidden         bool     `json:"hidden,omitempty"`
	CanPublish     *bool    `json:"canPublish,omitempty"`
	CanSubscribe   *bool    `json:"canSubscribe,omitempty"`
	CanPublishData *bool    `json:"canPublishData,omitempty"`
	Sources        []string `json:"canPublishSources,omitempty"`
}

// about is what a token says of somebody who comes in with it, and LiveKit of those who are there.
type about struct {
	Metadata   string            `json:"metadata,omitempty"`   // who the person is
	Attributes map[string]string `json:"attributes,omitempty"` // under nodeKey, the desk whose seat they have
}

const nodeKey = "node"

// token signs claims that count from now on.
func (d *Desk) token(identity string, g grants, who about, keep time.Duration) (string, time.Time, error) {
	now := time.Now()
	until := now.Add(keep)
	text, err := jwt.Signed(d.signer).Claims(jwt.Claims{
		Issuer: d.opt.Key, Subject: identity, NotBefore: jwt.NewNumericDate(now.Add(-10 * time.Second)), Expiry: jwt.NewNumericDate(until),
	}).Claims(who).Claims(map[string]any{"video": g}).Serialize()
	return text, until, err
}

// Token lets a client of a room in. silent: an owner has muted them, so they may listen only.
func (d *Desk) Token(room, client, person string, silent bool) (string, time.Time, error) {
	yes, no, may := true, false, !silent
	g := grants{Room: room, RoomJoin: true, CanPublish: &may, CanSubscribe: &yes, CanPublishData: &no}
	if may {
		g.Sources = []string{"microphone"}
	}
	return d.token(client, g, about{Metadata: person, Attributes: map[string]string{nodeKey: d.node}}, tokenFor)
}

// testToken lets a client into a room where nobody else is.
func (d *Desk) testToken(room, client string) (string, time.Time, error) {
	yes, no := true, false
	g := grants{Room: room + "/test/" + client, RoomJoin: true, Hidden: true, CanPublish: &no, CanSubscribe: &yes, CanPublishData: &no}
	return d.token(client, g, about{}, time.Minute)
}
