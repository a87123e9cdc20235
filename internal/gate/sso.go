package gate

import (
	"context"
	"net/http"
	"strings"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
)

// Companies are the organisations, as far as signing in needs them.
type Companies interface {
	// Connection opens a connection. Error "no_connection".
	Connection(ctx context.Context, id string) (auth.Connection, error)
	// May refuses what somebody may not do in an organisation. Errors: "no_org", "org_role".
	May(ctx context.Context, a auth.Actor, org string, act auth.OrgAct) (auth.Org, auth.OrgRole, error)
	// Vouches reports whether an organisation can say whose an e-mail address is: it is in one of its verified domains.
	Vouches(ctx context.Context, org, email string) (bool, error)
	// Arrived makes somebody whom a connection vouches for a member. Errors: "org_full", "deactivated".
	Arrived(ctx context.Context, a auth.Actor, in auth.Arrival) error
}

func (g *Gate) ssoRoutes(mux *http.ServeMux) {
	if g.opt.Companies == nil {
		return
	}
	mux.HandleFunc("GET /auth/sso/{connection}", g.startSSO)
}

// startSSO sends somebody to the provider of their organisation. With test=1 nobody is signed in at the end: an administrator of
// the organisation sees how far it got, of a connection that is not on yet, too.
func (g *Gate) startSSO(w http.ResponseWriter, r *http.Request) {
	to, test := r.URL.Query().Get("to"), r.URL.Query().Get("test") == "1"
	c, err := g.connection(r, test)
	if err == nil && test {
		err = g.mayTest(w, r, c.Org)
	}
	if err != nil {
		g.problem(w, r, to, err, "connection", r.PathValue("connection"))
		return
	}
	switch c.Kind {
	case "oidc":
		g.startOidcConnection(w, r, c, to, test)
	case "saml":
		g.startSaml(w, r, c, to, test)
	default:
		g.problem(w, r, to, auth.NoConnection(), "connection", c.ID, "kind", c.Kind)
	}
}

// connection is the one of the address; one that is off is there for tests alone. Error "no_connection".
func (g *Gate) connection(r *http.Request, test bool) (auth.Connection, error) {
	c, err := g.opt.Companies.Connection(r.Context(), r.PathValue("connection"))
	if err == nil && !c.Enabled && !test {
		err = auth.NoConnection()
	}
	return c, err
}

// leaveTo is where the browser goes on to when its session ends here, to end it at the provider as well; "" is nowhere.
func (g *Gate) leaveTo(r *http.Request, id auth.Identity) string {
	if id.Session == "" {
		return ""
	}
	all, err := g.opt.Desk.Sessions(r.Context(), id.Person)
	if err != nil {
		return ""
	}
	for _, s := range all {
		if s.ID != id.Session {
			continue
		}
		if g.opt.SAML.Service != nil {
			if c, err := g.opt.Companies.Connection(r.Context(), s.Via); err == nil && c.Kind == "saml" {
				return g.leaveSaml(c, s.Detail)
			}
		}
		return g.leave(r, s)
	}
	return ""
}

// mayTest lets those test a connection who may change it.
func (g *Gate) mayTest(w http.ResponseWriter, r *http.Request, org string) error {
	id, err := g.account(w, r)
	if err != nil {
		return err
	}
	_, _, err = g.opt.Companies.May(r.Context(), g.actor(r, *id.Account, id.Via), org, auth.OrgSignIn)
	return err
}

func (g *Gate) actor(r *http.Request, a auth.Account, via string) auth.Actor {
	return auth.Actor{Account: a, Address: g.address(r), Agent: r.UserAgent(), Via: via}
}

// arrive signs somebody in whom a provider vouches for, and sends the browser on. Whoever a connection vouches for becomes a member
// of its organisation, and somebody new there an account. Of addresses it only counts what its provider says of the organisation's
// own domains: otherwise whoever runs a provider could be anybody for those who invite people by their address.
func (g *Gate) arrive(w http.ResponseWriter, r *http.Request, in auth.Arrival, to string) {
	var a auth.Account
	var err error
	if in.Org != "" && in.Proven {
		in.Proven, err = g.opt.Companies.Vouches(r.Context(), in.Org, in.Email)
	}
	if err == nil {
		a, err = g.letInAsBefore(r, in)
	}
	if err == nil {
		a, err = g.opt.Desk.Arrive(r.Context(), in)
	}
	if err == nil && in.Org != "" {
		err = g.opt.Companies.Arrived(r.Context(), g.actor(r, a, in.Via), in)
	}
	if err != nil {
		g.notArrived(w, r, in, a, to, err)
		return
	}
	if err := g.signIn(w, r, a, in); err != nil { // which has noted it
		g.problem(w, r, to, err, "via", in.Via, "person", a.ID)
		return
	}
	http.Redirect(w, r, localPath(to), http.StatusSeeOther)
}

// letInAsBefore refuses somebody who may not come in by this way with the address that they have had so far. It is asked before the
// address becomes the one that the provider knows now: otherwise it would be enough to change it there to come around an
// organisation's own sign-in.
func (g *Gate) letInAsBefore(r *http.Request, in auth.Arrival) (auth.Account, error) {
	a, err := g.opt.Desk.Find(r.Context(), in.Provider, in.Subject)
	switch {
	case codecollab.CodeOf(err) == "no_account":
		return auth.Account{}, nil
	case err != nil || in.Org != "" || !a.Active || a.Email == "" || strings.EqualFold(a.Email, in.Email):
		return a, err
	}
	return a, g.letIn(r, a, in)
}

// notArrived ends a sign-in that a provider took part in and that failed: in the audit log of whom it concerns, in the server's
// log, and at the page that has words for it. in says by which way; of a there may be nothing.
func (g *Gate) notArrived(w http.ResponseWriter, r *http.Request, in auth.Arrival, a auth.Account, to string, err error) {
	g.note(r, auth.Entry{
		Org: in.Org, Person: a.ID, Name: a.Name, Action: auth.ActSignIn, Target: a.ID, Outcome: codecollab.CodeOf(err), Detail: map[string]string{"via": in.Via},
	})
	g.problem(w, r, to, err, "via", in.Via, "person", a.ID)
}
