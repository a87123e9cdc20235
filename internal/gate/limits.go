package gate

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
)

// LimitOptions are how often what may be done.
type LimitOptions struct {
	SignIn, Rooms, Joins, Requests Limit
	Tries                          Tries // by the name of the account
	Counts                         Limiter
}

// Limit is a rate for each person, and one for each address (where many people may be behind).
type Limit struct{ Person, Address Rate }

// Limits say when somebody has asked too often. A person is here whatever the request shows: a guest, a session or an API token.
type Limits struct{ opt LimitOptions }

// NewLimits makes limits.
func NewLimits(opt LimitOptions) *Limits { return &Limits{opt: opt} }

// class is a sort of request with limits of its own.
type class struct {
	name  string
	limit Limit
}

// classOf sorts a request. What is none of these (files of the page, edits of those who cannot use sockets) has no limit here:
// the page is in memory, and edits are paced by the room's connection.
func (l *Limits) classOf(r *http.Request) (class, bool) {
	path := r.URL.Path
	post := r.Method == http.MethodPost
	switch {
	case strings.HasPrefix(path, "/api/v1/auth/") && post, strings.HasPrefix(path, "/auth/"), strings.HasPrefix(path, "/oauth/") && post:
		return class{"sign-in", l.opt.SignIn}, true
	case path == "/api/v1/rooms" && post:
		return class{"rooms", l.opt.Rooms}, true
	case strings.HasPrefix(path, "/api/v1/rooms/") && strings.HasSuffix(path, "/socket"), strings.HasPrefix(path, "/api/v1/rooms/") && strings.HasSuffix(path, "/stream"):
		return class{"joins", l.opt.Joins}, true
	case strings.HasPrefix(path, "/api/v1/rooms/") && strings.Contains(path, "/stream/"):
		return class{}, false
	case strings.HasPrefix(path, "/api/"), strings.HasPrefix(path, "/scim/"), strings.HasPrefix(path, "/oauth/"):
		return class{"requests", l.opt.Requests}, true
	}
	return class{}, false
}

// Request counts a request. Error "slow_down", with the header Retry-After.
func (l *Limits) Request(w http.ResponseWriter, r *http.Request) error {
	c, ok := l.classOf(r)
	from := addrOf(answer.Address(r))
	if !ok || from.IsLoopback() { // who is on this machine can do worse than ask too often
		return nil
	}
	wait := l.opt.Counts.Take(c.name+" from "+network(from), c.limit.Address)
	if who := credential(r); who != "" && wait == 0 {
		wait = l.opt.Counts.Take(c.name+" by "+who, c.limit.Person)
	}
	return slowDown(w, wait)
}

// Try begins an attempt to show that one is a person of this name, be there such a person or not. Error "slow_down", with the
// header Retry-After: after some attempts in vain each has to wait longer. Passed ends the count.
func (l *Limits) Try(w http.ResponseWriter, name string) error {
	if l == nil { // a gate without limits, in tests
		return nil
	}
	return slowDown(w, l.opt.Tries.Try(strings.ToLower(name)))
}

// Passed tells that the attempt succeeded.
func (l *Limits) Passed(name string) {
	if l != nil {
		l.opt.Tries.Passed(strings.ToLower(name))
	}
}

func slowDown(w http.ResponseWriter, wait time.Duration) error {
	if wait <= 0 {
		return nil
	}
	seconds := int(math.Ceil(wait.Seconds()))
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	return codecollab.Errorf(codecollab.Limit, "slow_down", "That was too often. Try again in %d s.", seconds)
}

// network is what counts as one address: of IPv6 whoever has one host has a /64.
func network(a netip.Addr) string {
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// credential names what a request shows, without keeping it.
func credential(r *http.Request) string {
	shown := r.Header.Get("Authorization")
	if c, err := r.Cookie("codecollab"); err == nil && shown == "" {
		shown = c.Value
	}
	if shown == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(shown))
	return hex.EncodeToString(sum[:12])
}
