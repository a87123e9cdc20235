package gate

import (
	"encoding/json"
	"net/http"

	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
)

func (g *Gate) connectionRoutes(mux *http.ServeMux) {
	mux.Handle("GET /api/v1/orgs/{org}/domains", g.signed(g.domains))
	mux.Handle("POST /api/v1/orgs/{org}/domains", g.signed(g.addDomain))
	mux.Handle("POST /api/v1/orgs/{org}/domains/{domain}/verify", g.signed(g.verifyDomain))
	mux.Handle("DELETE /api/v1/orgs/{org}/domains/{domain}", g.signed(g.dropDomain))
	mux.Handle("GET /api/v1/orgs/{org}/connections", g.signed(g.connections))
	mux.Handle("POST /api/v1/orgs/{org}/connections", g.signed(g.addConnection))
	mux.Handle("GET /api/v1/orgs/{org}/connections/{id}", g.signed(g.showConnection))
	mux.Handle("PUT /api/v1/orgs/{org}/connections/{id}", g.signed(g.changeConnection))
	mux.Handle("DELETE /api/v1/orgs/{org}/connections/{id}", g.signed(g.dropConnection))
	mux.Handle("POST /api/v1/orgs/{org}/connections/{id}/test", g.signed(g.testConnection))
}

func (g *Gate) domains(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	all, err := g.opt.Orgs.DomainsOf(r.Context(), a, r.PathValue("org"))
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, map[string]any{"domains": all})
	return nil
}

func (g *Gate) addDomain(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	var in struct {
		Domain string `json:"domain"`
	}
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	d, err := g.opt.Orgs.AddDomain(r.Context(), a, r.PathValue("org"), in.Domain)
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusCreated, d)
	return nil
}

func (g *Gate) verifyDomain(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	d, err := g.opt.Orgs.CheckDomain(r.Context(), a, r.PathValue("org"), r.PathValue("domain"))
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, d)
	return nil
}

func (g *Gate) dropDomain(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	return done(w, g.opt.Orgs.DropDomain(r.Context(), a, r.PathValue("org"), r.PathValue("domain")))
}

func (g *Gate) connections(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	all, err := g.opt.Orgs.ConnectionsOf(r.Context(), a, r.PathValue("org"))
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, map[string]any{"connections": all})
	return nil
}

func (g *Gate) showConnection(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	c, err := g.opt.Orgs.ShowConnection(r.Context(), a, r.PathValue("org"), r.PathValue("id"))
	if err != nil {
		return err
	}
	// The provider has to be told addresses that begin with this: not with whatever name the page was opened by.
	origin, err := g.origin(r)
	if err != nil {
		origin = ""
	}
	answer.JSON(w, http.StatusOK, struct {
		auth.ShownConnection
		Origin string `json:"origin"` // "": the installation does not know its address (public-url)
	}{c, origin})
	return nil
}

// connectionBody is the most that settings may hold: metadata of a provider can be pasted into them.
const connectionBody = 2 << 20

// readConnection reads what is given, over what was there.
func readConnection(w http.ResponseWriter, r *http.Request, was auth.Connection) (auth.Connection, error) {
	in := struct {
		Kind     string          `json:"kind"`
		Name     string          `json:"name"`
		Enabled  bool            `json:"enabled"`
		Settings json.RawMessage `json:"settings"`
	}{was.Kind, was.Name, was.Enabled, nil}
	err := answer.ReadUpTo(w, r, &in, connectionBody)
	return auth.Connection{ID: r.PathValue("id"), Org: r.PathValue("org"), Kind: in.Kind, Name: in.Name, Enabled: in.Enabled, Settings: in.Settings}, err
}

func (g *Gate) addConnection(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	c, err := readConnection(w, r, auth.Connection{})
	if err != nil {
		return err
	}
	made, err := g.opt.Orgs.AddConnection(r.Context(), a, c)
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusCreated, made)
	return nil
}

func (g *Gate) changeConnection(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	was, err := g.opt.Orgs.ShowConnection(r.Context(), a, r.PathValue("org"), r.PathValue("id"))
	if err != nil {
		return err
	}
	c, err := readConnection(w, r, was.Connection)
	if err != nil {
		return err
	}
	changed, err := g.opt.Orgs.ChangeConnection(r.Context(), a, c)
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, changed)
	return nil
}

func (g *Gate) dropConnection(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	return done(w, g.opt.Orgs.DropConnection(r.Context(), a, r.PathValue("org"), r.PathValue("id")))
}

func (g *Gate) testConnection(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	steps, err := g.opt.Orgs.TestConnection(r.Context(), a, r.PathValue("org"), r.PathValue("id"))
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, map[string]any{"steps": steps})
	return nil
}
