package gate

import (
	"cmp"
	"context"
	"errors"
	"net/http"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/oidc"
)

// External are the ways to sign in by somebody else's accounts.
type External struct {
	Providers   []Provider        // of the installation, in the order in which they are shown
	Trips       *oidc.Trips       // nil: there are no such ways
	Connections *oidc.Connections // of organisations; nil: none
}

// Provider is a way of the installation.
type Provider struct {
	Way      // as people are offered it
	External oidc.Way
}

// oidcRoutes adds the addresses that browsers are sent to and come back to.
func (g *Gate) oidcRoutes(mux *http.ServeMux) {
	if g.opt.External.Trips == nil {
		return
	}
	mux.HandleFunc("GET /auth/oidc/{provider}", g.startProvider)
	mux.HandleFunc("GET /auth/oidc/callback", g.backFromProvider)
	mux.HandleFunc("GET /auth/github", g.startProvider)
	mux.HandleFunc("GET /auth/github/callback", g.backFromProvider)
	g.identityRoutes(mux)
	if g.opt.Companies != nil {
		mux.HandleFunc("GET /auth/sso/{connection}/callback", g.backFromConnection)
	}
}

// externalWays are those of the installation, as people are offered them.
func (g *Gate) externalWays() []Way {
	ways := []Way{}
	for _, p := range g.opt.External.Providers {
		ways = append(ways, p.Way)
	}
	return ways
}

func (g *Gate) provider(id string) (Provider, error) {
	for _, p := range g.opt.External.Providers {
		if p.ID == id {
			return p, nil
		}
	}
	return Provider{}, errNoWay()
}

// startProvider sends somebody to a provider of the installation.
func (g *Gate) startProvider(w http.ResponseWriter, r *http.Request) {
	id := cmp.Or(r.PathValue("provider"), oidc.GitHubID)
	to := r.URL.Query().Get("to")
	p, err := g.provider(id)
	if err == nil && (p.Kind == oidc.GitHubID) != (r.PathValue("provider") == "") {
		err = errNoWay()
	}
	if err != nil {
		g.problem(w, r, to, err, "via", id)
		return
	}
	g.sendOff(w, r, p.External, auth.Arrival{Via: id}, p.callback(), to, false)
}

// callback is where browsers come back to from a provider.
func (p Provider) callback() string {
	if p.Kind == oidc.GitHubID {
		return "/auth/github/callback"
	}
	return "/auth/oidc/callback"
}

func errNoWay() error {
	return codecollab.Errorf(codecollab.NotFound, "no_way", "This installation does not know that way to sign in. Choose another one.")
}

// startOidcConnection sends somebody to the provider of an organisation.
func (g *Gate) startOidcConnection(w http.ResponseWriter, r *http.Request, c auth.Connection, to string, test bool) {
	way, err := g.opt.External.Connections.Way(c)
	if err != nil {
		g.problem(w, r, to, err, "connection", c.ID, "org", c.Org)
		return
	}
	g.sendOff(w, r, way, auth.Arrival{Via: c.ID, Org: c.Org}, "/auth/sso/"+c.ID+"/callback", to, test)
}

// sendOff begins a trip: the browser gets a cookie that it must bring back, and goes.
func (g *Gate) sendOff(w http.ResponseWriter, r *http.Request, way oidc.Way, by auth.Arrival, back, to string, test bool) {
	origin, err := g.origin(r)
	if err == nil {
		var address, sealed string
		if address, sealed, err = way.Begin(r.Context(), oidc.Errand{Back: origin + back, To: localPath(to), Test: test}); err == nil {
			g.setTrip(w, r, sealed)
			w.Header().Set("Cache-Control", "no-store")
			http.Redirect(w, r, address, http.StatusSeeOther)
			return
		}
	}
	if test {
		g.tested(w, r, by.Org, by.Via, []auth.Step{stepOf("discovery", err)})
		return
	}
	g.notArrived(w, r, by, auth.Account{}, to, refused(err))
}

// backFromProvider ends a trip to a provider of the installation. Which one it was, the browser's cookie knows.
func (g *Gate) backFromProvider(w http.ResponseWriter, r *http.Request) {
	sealed := g.takeTrip(w, r)
	trip, err := g.opt.External.Trips.Open(sealed)
	if err != nil { // anybody can open this address: nothing has begun that the audit log should know of
		g.problem(w, r, "/", refused(err))
		return
	}
	p, err := g.provider(trip.Way)
	if err != nil {
		g.problem(w, r, trip.To, err, "via", trip.Way)
		return
	}
	landed, err := p.External.Finish(r.Context(), r.URL.Query(), sealed)
	if trip.Account != "" {
		g.connected(w, r, trip, landed.Arrival, err)
		return
	}
	if err != nil {
		g.notArrived(w, r, auth.Arrival{Via: p.ID}, auth.Account{}, trip.To, refused(err))
		return
	}
	g.arrive(w, r, landed.Arrival, trip.To)
}

// backFromConnection ends a trip to the provider of an organisation, or a test of it.
func (g *Gate) backFromConnection(w http.ResponseWriter, r *http.Request) {
	sealed := g.takeTrip(w, r)
	trip, err := g.opt.External.Trips.Open(sealed)
	if err != nil {
		g.problem(w, r, "/", refused(err), "connection", r.PathValue("connection"))
		return
	}
	c, way, err := g.oidcConnection(r, trip.Test)
	if err != nil {
		g.problem(w, r, trip.To, err, "connection", r.PathValue("connection"))
		return
	}
	landed, err := way.Finish(r.Context(), r.URL.Query(), sealed)
	switch {
	case landed.Trip.Test && landed.Trip.Way == c.ID:
		g.tested(w, r, c.Org, c.ID, landed.Steps)
	case err != nil:
		g.notArrived(w, r, auth.Arrival{Via: c.ID, Org: c.Org}, auth.Account{}, trip.To, refused(err))
	default:
		g.arrive(w, r, landed.Arrival, trip.To)
	}
}

func (g *Gate) oidcConnection(r *http.Request, test bool) (auth.Connection, *oidc.Provider, error) {
	c, err := g.connection(r, test)
	if err == nil && c.Kind != oidc.Kind {
		err = auth.NoConnection()
	}
	if err != nil {
		return c, nil, err
	}
	way, err := g.opt.External.Connections.Way(c)
	return c, way, err
}

// refused makes of a refusal what the page has words for; the reason stays beneath, for the log.
func refused(err error) error {
	r, ok := errors.AsType[*oidc.Refusal](err)
	if !ok {
		return err
	}
	e := codecollab.Errorf(codecollab.Forbidden, r.Code, "The sign-in was refused")
	e.Err = r
	return e
}

func stepOf(name string, err error) auth.Step {
	s := auth.Step{Name: name, Detail: err.Error()}
	if r, ok := errors.AsType[*oidc.Refusal](err); ok {
		s.Fix = r.Fix
	}
	return s
}

// tripCookie holds a trip while its browser is away.
const tripCookie = "codecollab-trip"

// setTrip has the browser keep a trip. Lax, not Strict: it has to be there when the provider sends the browser back.
func (g *Gate) setTrip(w http.ResponseWriter, r *http.Request, sealed string) {
	keep := int(g.opt.External.Trips.Last().Seconds())
	if sealed == "" {
		keep = -1
	}
	http.SetCookie(w, &http.Cookie{
		Name: tripCookie, Value: sealed, Path: "/auth/", MaxAge: keep, HttpOnly: true, Secure: g.secure(r), SameSite: http.SameSiteLaxMode,
	})
}

// takeTrip is the trip that the browser brings back. It keeps it no longer, whatever comes of it; and where it came back to, with
// the code in it, is told to no other site.
func (g *Gate) takeTrip(w http.ResponseWriter, r *http.Request) string {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	c, err := r.Cookie(tripCookie)
	if err != nil {
		return ""
	}
	g.setTrip(w, r, "")
	return c.Value
}

// leave is where a browser goes to sign out at the provider too that its session came by; "" is nowhere.
func (g *Gate) leave(r *http.Request, s auth.Session) string {
	way := g.wayOf(r.Context(), s.Via)
	origin, err := g.origin(r)
	if way == nil || err != nil {
		return ""
	}
	return way.Leave(r.Context(), s.Detail, origin+"/signin")
}

func (g *Gate) wayOf(ctx context.Context, via string) oidc.Way {
	if p, err := g.provider(via); err == nil {
		return p.External
	}
	if g.opt.Companies == nil {
		return nil
	}
	c, err := g.opt.Companies.Connection(ctx, via)
	if err != nil || c.Kind != oidc.Kind {
		return nil
	}
	way, err := g.opt.External.Connections.Way(c)
	if err != nil {
		return nil
	}
	return way
}
