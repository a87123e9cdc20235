// Package oidc takes somebody to a provider of OpenID Connect, or to GitHub, and back, and finds out who they are. It does
// by itself what the library leaves to its callers: state, nonce, PKCE, the issuer of the answer, the times of the token, whose
// token it is, which algorithms sign, and when keys are fetched again. It knows no cookie and no session.
package oidc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"codecollab.dev/internal/auth"
)

// Way is a provider that somebody can be sent to.
type Way interface {
	// Begin returns the address to send the browser to, and what its cookie has to keep until it comes back.
	Begin(ctx context.Context, e Errand) (address, sealed string, err error)
	// Finish finds out who came back, from the parameters of the address and the cookie. Errors: a *Refusal for all that is the
	// provider's or the browser's doing.
	Finish(ctx context.Context, back url.Values, sealed string) (Landing, error)
	// Leave returns where to send the browser to so that the session at the provider ends, too; "" when there is no such place.
	Leave(ctx context.Context, detail, back string) string
	// Provider is what arrivals by this way name as theirs.
	Provider() string
}

// Errand is what somebody is sent to a provider for.
type Errand struct {
	Back    string // the address that the provider sends them back to
	To      string // the page that they want then
	Test    bool   // nobody is signed in: it is to be seen how far it gets
	Account string // not to sign in, but so that this account has one more way to do so; "" is to sign in
}

// Landing is what a trip led to. Trip and Steps are there, as far as it got, beside an error too.
type Landing struct {
	Arrival auth.Arrival
	Trip    Trip
	Steps   []auth.Step
}

// step notes that something went well.
func (l *Landing) step(name, format string, args ...any) {
	l.Steps = append(l.Steps, auth.Step{Name: name, OK: true, Detail: fmt.Sprintf(format, args...)})
}

// fail notes what did not, and hands the error on.
func (l *Landing) fail(name string, err error) error {
	s := auth.Step{Name: name, Detail: err.Error()}
	if r, ok := errors.AsType[*Refusal](err); ok {
		s.Fix = r.Fix
	}
	l.Steps = append(l.Steps, s)
	return err
}

// Refusal is why somebody does not get in: a code for the page, and a reason for the log of an administrator.
type Refusal struct {
	Code   string // "bad_state", "denied", "provider_failed", "token_refused" or "not_allowed"
	Reason string
	Fix    string // what to do about it, where that is known
	Err    error
}

// Error returns the reason.
func (r *Refusal) Error() string {
	if r.Err != nil {
		return r.Reason + ": " + short(r.Err.Error())
	}
	return r.Reason
}

// Unwrap gives the cause to errors.Is and errors.As.
func (r *Refusal) Unwrap() error { return r.Err }

func refuse(code, format string, args ...any) *Refusal {
	return &Refusal{Code: code, Reason: fmt.Sprintf(format, args...)}
}

func (r *Refusal) because(err error) *Refusal { r.Err = err; return r }

func (r *Refusal) fix(format string, args ...any) *Refusal {
	r.Fix = fmt.Sprintf(format, args...)
	return r
}

// short cuts what a provider says: it goes into logs and onto pages.
func short(text string) string {
	const most = 400
	if len(text) <= most {
		return text
	}
	return text[:most] + " …"
}

// Options are what a Provider needs beside its settings.
type Options struct {
	ID       string // how it is called in addresses and sessions: "google", or a connection's id
	Provider string // how arrivals name it: the issuer when ""
	Org      string // whose connection it is; "" for the installation's own
	Trips    *Trips
	Client   *http.Client  // with limits: see package fetch
	Leeway   time.Duration // how far the clocks of the two may be apart
	Keep     time.Duration // 1 h; how long what the provider says about itself, and its keys, are kept
	Again    time.Duration // 1 min; keys are fetched again for unknown ones no more often than this
	Now      func() time.Time
}

// The defaults of Options.
const (
	defaultKeep  = time.Hour
	defaultAgain = time.Minute
)

// Provider is one provider of OpenID Connect. It is safe for use by many.
type Provider struct {
	set Settings
	opt Options
	doc discovery
}

// New makes the provider of an installation, or of a connection when opt.Org says whose. The provider itself is asked when
// it is needed for the first time. Errors: "bad_connection".
func New(set Settings, opt Options) (*Provider, error) {
	check := set.validate
	if opt.Org != "" {
		check = set.Validate
	}
	if err := check(); err != nil {
		return nil, err
	}
	if opt.Keep == 0 {
		opt.Keep = defaultKeep
	}
	if opt.Again == 0 {
		opt.Again = defaultAgain
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Provider == "" {
		opt.Provider = set.Issuer
	}
	p := &Provider{set: set, opt: opt}
	p.doc = discovery{issuer: set.Issuer, client: opt.Client, now: opt.Now, keep: opt.Keep, again: opt.Again}
	return p, nil
}
