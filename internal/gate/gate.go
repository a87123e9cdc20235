// Package gate is the door: it finds out who sends a request, and answers HTTP about signing in, accounts and
// organisations. What counts is decided by package auth.
//
// A way to sign in lives in files of its own here. It ends in Desk.Arrive (who is it?) and signIn (the session, its cookie, the
// guest's rooms, the audit log), and, where a browser was sent to and fro, in a redirect; when it fails, in problem.
package gate

import (
	"context"
	"log/slog"
	"net/http"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/passkey"
	"codecollab.dev/internal/auth/scim"
)

// Options are what a gate is made of. Desk and Log must be set.
type Options struct {
	Desk          *auth.Desk
	Log           *slog.Logger
	PublicURL     string // where people find this installation, without a slash at its end; "": only from this machine
	SecureCookies string // whether cookies go over HTTPS only: "always", "never", or when they were asked for so
	Limits        *Limits
	Trail         Trail
	Directory     Directory  // nil: nobody looks for people, in tests
	Orgs          *auth.Orgs // nil: without organisations, in tests
	Scim          *scim.Handler
	Privacy       Privacy
	Contact       string // where to report faults in security, as a URL; "": nothing is said of it
	Guests        string // who may come in without an account: "everyone", "invited" (by a link, and make no rooms), "none"
	Passwords     string // who may make an account with a password: "off", "invited", "open"
	Invitations   Invitations
	Passkeys      *passkey.Keys // nil: there are none
	External      External
	Companies     Companies // nil: there are no organisations
	SAML          SAML
}

// Gate answers at the door.
type Gate struct {
	opt     Options
	exports chan struct{} // those that are under way
	polls   *Buckets      // of programs that ask whether they were let in
}

// New makes a gate.
func New(opt Options) (*Gate, error) {
	return &Gate{opt: opt, exports: make(chan struct{}, exportsAtOnce), polls: NewBuckets(pollsMost, opt.Desk.Now)}, nil
}

// Routes adds all that the gate answers.
func (g *Gate) Routes(mux *http.ServeMux) {
	mux.Handle("GET /api/v1/me", g.handle(g.me))
	mux.Handle("PUT /api/v1/me", g.handle(g.setMe))
	mux.Handle("GET /api/v1/auth/ways", g.handle(g.listWays))
	mux.Handle("POST /api/v1/auth/guest", g.handle(g.newGuest))
	mux.Handle("POST /api/v1/auth/signout", g.handle(g.signOut))
	g.passwordRoutes(mux)
	g.peopleRoutes(mux)
	g.passkeyRoutes(mux)
	g.tokenRoutes(mux)
	g.oauthRoutes(mux)
	mux.Handle("GET /api/v1/me/sessions", g.handle(g.sessions))
	mux.Handle("DELETE /api/v1/me/sessions/{id}", g.handle(g.endSession))
	g.auditRoutes(mux)
	g.ssoRoutes(mux)
	g.oidcRoutes(mux)
	g.orgRoutes(mux)
	g.samlRoutes(mux)
	g.privacyRoutes(mux)
	mux.Handle("GET /.well-known/security.txt", g.handle(g.securityText))
}

// Foreign are the patterns of what pages of other origins may post to. Each proves by other means that it was meant: a signature
// bound to this browser, or a secret in the body; none goes by the cookie alone.
func (g *Gate) Foreign() []string {
	return []string{
		"POST /auth/saml/{connection}/acs",
		"POST /auth/saml/{connection}/slo",
		"POST /oauth/token",
		"POST /oauth/device_authorization",
	}
}

// Who says who sends a request; someone new becomes a guest and gets a cookie. Errors: "signed_out" for a session or API token
// that does not count any more, "sign_in" where guests may not come in.
func (g *Gate) Who(w http.ResponseWriter, r *http.Request) (auth.Identity, error) {
	if g.opt.Guests == "none" && !signedToken(tokenOf(r)) {
		return auth.Identity{}, errSignIn()
	}
	if strangeToken(r) {
		return auth.Identity{}, auth.ErrSignedOut()
	}
	id, fresh, err := g.opt.Desk.Identify(r.Context(), tokenOf(r))
	if err != nil {
		return auth.Identity{}, err
	}
	if fresh != "" && mayForget(r) {
		g.setCookie(w, r, fresh, guestCookie)
	}
	id.Invited = id.Account == nil && g.opt.Guests == "invited"
	return id, nil
}

// newGuest gives a program the token of a new guest: where it runs in a browser, it would not see a cookie. Whose guest a browser is
// already, nobody is told. Error "sign_in" where guests may not come in.
func (g *Gate) newGuest(w http.ResponseWriter, r *http.Request) error {
	if g.opt.Guests == "none" {
		return errSignIn()
	}
	_, token, err := g.opt.Desk.Identify(r.Context(), "")
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusCreated, map[string]string{"token": token})
	return nil
}

// Again reports whether an identity still counts. Error "signed_out".
func (g *Gate) Again(ctx context.Context, id auth.Identity) error { return g.opt.Desk.Again(ctx, id) }

// Watch has f called when somebody is not to be in any more.
func (g *Gate) Watch(f func(auth.Ended)) { g.opt.Desk.Watch(f) }

// WatchChanges has f called for everybody about whom something has changed; "" is anybody.
func (g *Gate) WatchChanges(f func(person string)) { g.opt.Desk.WatchChanges(f) }

func errSignIn() error {
	return codecollab.Errorf(codecollab.Unknown, "sign_in", "Here one needs an account. Sign in first.")
}

// account is who sends a request that is about an account. API tokens cannot: they act for a person in rooms, and not on who the
// person is. Errors: those of Who, "sign_in", "no_scope".
func (g *Gate) account(w http.ResponseWriter, r *http.Request) (auth.Identity, error) {
	id, err := g.Who(w, r)
	switch {
	case err != nil:
		return id, err
	case id.Account == nil:
		return id, errSignIn()
	}
	return id, id.Need(auth.ScopeNone)
}

// admin is who sends a request that only an administrator of the installation may send. Errors: those of account, "admin_only".
func (g *Gate) admin(w http.ResponseWriter, r *http.Request) (auth.Identity, error) {
	id, err := g.account(w, r)
	if err == nil && !id.Account.Admin {
		err = codecollab.Errorf(codecollab.Forbidden, "admin_only", "Only an administrator of this installation may do that.")
	}
	return id, err
}

func (g *Gate) handle(h answer.Handler) http.Handler { return g.desk().Handle(h) }

func (g *Gate) desk() answer.Desk { return answer.Desk{Log: g.opt.Log} }
