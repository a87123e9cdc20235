package gate

import (
	"net/http"
	"net/url"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/oidc"
)

// identityRoutes are those of the accounts elsewhere with which a person signs in here.
func (g *Gate) identityRoutes(mux *http.ServeMux) {
	mux.Handle("GET /api/v1/me/identities", g.handle(g.identities))
	mux.Handle("POST /api/v1/me/identities/{provider}", g.handle(g.beginConnect))
	mux.Handle("DELETE /api/v1/me/identities/{provider}", g.handle(g.disconnect))
}

// identities lists the providers of the installation, and since when the person is connected there.
func (g *Gate) identities(w http.ResponseWriter, r *http.Request) error {
	id, err := g.account(w, r)
	if err != nil {
		return err
	}
	all, err := g.opt.Desk.Identities(r.Context(), id.Person)
	if err != nil {
		return err
	}
	out := []map[string]any{}
	for _, p := range g.opt.External.Providers {
		one := map[string]any{"id": p.ID, "kind": p.Kind, "name": p.Name}
		for _, k := range all {
			if k.Provider == p.External.Provider() {
				one["since"] = k.Created
			}
		}
		out = append(out, one)
	}
	answer.JSON(w, http.StatusOK, map[string]any{"identities": out})
	return nil
}

// beginConnect begins a trip to a provider, from which the person comes back with one more way to sign in. As it is a POST of our own
// page, nobody else can begin it for them; who comes back has to be who went.
func (g *Gate) beginConnect(w http.ResponseWriter, r *http.Request) error {
	id, origin, err := g.freshAccount(w, r)
	if err != nil {
		return err
	}
	p, err := g.provider(r.PathValue("provider"))
	if err != nil {
		return err
	}
	address, sealed, err := p.External.Begin(r.Context(), oidc.Errand{Back: origin + p.callback(), To: accountPage, Account: id.Person})
	if err != nil {
		return refused(err)
	}
	g.setTrip(w, r, sealed)
	answer.JSON(w, http.StatusOK, map[string]string{"to": address})
	return nil
}

// accountPage is where people see how they sign in.
const accountPage = "/account"

// connected ends such a trip: the browser goes on to the person's page, which says what came of it.
func (g *Gate) connected(w http.ResponseWriter, r *http.Request, trip oidc.Trip, in auth.Arrival, err error) {
	id, who := g.account(w, r)
	switch {
	case err != nil:
		err = refused(err)
	case who != nil || id.Person != trip.Account:
		err = codecollab.Errorf(codecollab.Forbidden, "other_account",
			"You were signed in as somebody else when this began. Nothing was connected; begin again.")
	default:
		if err = g.letIn(r, *id.Account, in); err == nil {
			err = g.opt.Desk.Connect(r.Context(), id.Person, in)
		}
	}
	entry := auth.Entry{Person: trip.Account, Action: auth.ActIdentityAdded, Target: trip.Way, Outcome: auth.OK}
	said := url.Values{"connected": {trip.Way}}
	if err != nil {
		entry.Outcome = codecollab.CodeOf(err)
		said = url.Values{"problem": {entry.Outcome}, "provider": {trip.Way}}
		g.opt.Log.WarnContext(r.Context(), "an account elsewhere is not connected", "person", trip.Account, "provider", trip.Way, "err", err)
	}
	g.note(r, entry)
	http.Redirect(w, r, accountPage+"?"+said.Encode(), http.StatusSeeOther)
}

// disconnect takes a way to sign in away.
func (g *Gate) disconnect(w http.ResponseWriter, r *http.Request) error {
	id, _, err := g.freshAccount(w, r)
	if err != nil {
		return err
	}
	p, err := g.provider(r.PathValue("provider"))
	if err != nil {
		return err
	}
	if err := g.opt.Desk.Disconnect(r.Context(), id.Person, p.External.Provider(), g.works(r)); err != nil {
		return err
	}
	g.note(r, auth.Entry{Person: id.Person, Name: id.Account.Name, Action: auth.ActIdentityEnded, Target: p.ID})
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// works says by which providers people can sign in now: those of the installation, passwords and passkeys where they are on. Those of
// organisations may be turned off by others at any time, and do not count.
func (g *Gate) works(r *http.Request) func(string) bool {
	now := map[string]bool{"password": g.opt.Passwords != "off", viaPasskey: len(g.passkeyWays(r)) > 0}
	for _, p := range g.opt.External.Providers {
		now[p.External.Provider()] = true
	}
	return func(provider string) bool { return now[provider] }
}
