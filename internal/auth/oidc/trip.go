package oidc

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"codecollab.dev/internal/auth"
)

// Trip is somebody's way to a provider and back. The browser carries it, sealed, in a cookie: what comes back is believed only
// from the browser that set out.
type Trip struct {
	Way      string    `json:"w"` // the id of the provider or connection
	To       string    `json:"t"` // the page that they wanted
	Test     bool      `json:"x,omitempty"`
	Account  string    `json:"a,omitempty"` // who gets one more way to sign in; "" is a sign-in
	Return   string    `json:"r"`           // the address that the provider sends them back to
	State    string    `json:"s"`
	Nonce    string    `json:"n"`
	Verifier string    `json:"v"` // of PKCE
	Began    time.Time `json:"b"`
}

// Trips are those that are under way. Nobody but this installation reads or makes one, and each comes back once.
type Trips struct {
	seal *auth.Sealer
	now  func() time.Time
	last time.Duration // how long a trip may take
	used Used
}

// Used remembers what has been used and must not be again.
type Used interface {
	// Use notes the name of something, and says whether it was new. It may be forgotten after until.
	Use(ctx context.Context, name string, until time.Time) (isNew bool, err error)
}

// NewTrips seals trips with s, each for so long. used may be nil when there is but one server: it then remembers by itself.
func NewTrips(s *auth.Sealer, last time.Duration, used Used, now func() time.Time) *Trips {
	if used == nil {
		used = NewMemory(now, mostUsed)
	}
	return &Trips{seal: s, now: now, last: last, used: used}
}

// Last is how long a trip may take.
func (s *Trips) Last() time.Duration { return s.last }

// sealedAs keeps what is sealed here from being opened as something else that the same key seals.
const sealedAs = "trip to a provider"

func (s *Trips) close(t Trip) (string, error) {
	plain, err := json.Marshal(t)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(s.seal.Seal(plain, sealedAs)), nil
}

// mostSealed is more than Begin ever makes: cookies end at 4 KiB.
const mostSealed = 4096

// Open reads what Begin sealed. Errors: a *Refusal.
func (s *Trips) Open(sealed string) (Trip, error) {
	if sealed == "" {
		return Trip{}, refuse("bad_state", "the browser brought no cookie of a sign-in that it began: it blocks cookies, took too long, or was sent here by somebody else")
	}
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || len(sealed) > mostSealed {
		return Trip{}, refuse("bad_state", "the cookie of the sign-in is not one of ours")
	}
	plain, err := s.seal.Open(raw, sealedAs)
	if err != nil {
		return Trip{}, refuse("bad_state", "the cookie of the sign-in was altered, or sealed with another key than this server's")
	}
	var t Trip
	if err := json.Unmarshal(plain, &t); err != nil {
		return Trip{}, refuse("bad_state", "the cookie of the sign-in cannot be read: %v", err)
	}
	if age := s.now().Sub(t.Began); age > s.last || age < 0 {
		return Trip{}, refuse("bad_state", "the sign-in was begun %v ago; it may take %v", age.Round(time.Second), s.last)
	}
	return t, nil
}

// land checks what came back against the trip that its browser is on, and ends the trip: it works once.
func (s *Trips) land(ctx context.Context, way string, back url.Values, sealed string) (Trip, error) {
	t, err := s.Open(sealed)
	if err != nil {
		return Trip{}, err
	}
	if t.Way != way {
		return t, refuse("bad_state", "the sign-in was begun with %q and came back to %q", t.Way, way)
	}
	for _, name := range []string{"state", "code", "iss", "error"} {
		if len(back[name]) > 1 {
			return t, refuse("bad_state", "the answer has the parameter %s %d times", name, len(back[name]))
		}
	}
	state := back.Get("state")
	switch {
	case state == "":
		return t, refuse("bad_state", "the answer of the provider has no state")
	case subtle.ConstantTimeCompare([]byte(state), []byte(t.State)) != 1:
		return t, refuse("bad_state", "the state of the answer is not that of this browser's last sign-in: a second window began another one, or somebody else began this one")
	}
	isNew, err := s.used.Use(ctx, "oidc trip "+t.State, t.Began.Add(s.last))
	if err != nil {
		return t, fmt.Errorf("remember that a sign-in was used: %w", err)
	}
	if !isNew {
		return t, refuse("bad_state", "this answer has been used before: the page was loaded again, or somebody repeats what they saw")
	}
	return t, nil
}

// begin makes a trip with what nobody can guess in it.
func (s *Trips) begin(way string, e Errand, verifier string) Trip {
	return Trip{Way: way, To: e.To, Test: e.Test, Account: e.Account, Return: e.Back, State: rand.Text(), Nonce: rand.Text(), Verifier: verifier, Began: s.now()}
}

// Memory is Used for a single server.
type Memory struct {
	now   func() time.Time
	most  int
	mu    sync.Mutex
	names map[string]time.Time
}

// mostUsed bounds what Memory holds: trips of a quarter of an hour.
const mostUsed = 100_000

// NewMemory makes a Memory for so many names at a time.
func NewMemory(now func() time.Time, most int) *Memory {
	return &Memory{now: now, most: most, names: map[string]time.Time{}}
}

// Use implements Used.
func (m *Memory) Use(_ context.Context, name string, until time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.names[name]; ok {
		return false, nil
	}
	if len(m.names) >= m.most {
		m.forget()
	}
	if len(m.names) >= m.most {
		return false, errors.New("too many sign-ins at a time")
	}
	m.names[name] = until
	return true, nil
}

func (m *Memory) forget() {
	now := m.now()
	for name, until := range m.names {
		if now.After(until) {
			delete(m.names, name)
		}
	}
}
