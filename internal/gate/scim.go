package gate

import (
	"net/http"
	"strings"

	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/scim"
)

func (g *Gate) scimRoutes(mux *http.ServeMux) {
	mux.Handle("GET /api/v1/orgs/{org}/scim-tokens", g.signed(g.scimTokens))
	mux.Handle("POST /api/v1/orgs/{org}/scim-tokens", g.signed(g.makeScimToken))
	mux.Handle("DELETE /api/v1/orgs/{org}/scim-tokens/{id}", g.signed(g.dropScimToken))
	mux.Handle("GET /api/v1/orgs/{org}/groups", g.signed(g.scimGroups))
	mux.Handle("PUT /api/v1/orgs/{org}/groups/{id}", g.signed(g.setGroupRole))
	g.opt.Scim.Routes(mux, g.scimCaller)
}

// scimCaller says whose provider asks. Error "no_token".
func (g *Gate) scimCaller(_ http.ResponseWriter, r *http.Request) (scim.Caller, error) {
	kind, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(kind, "Bearer") {
		return scim.Caller{}, auth.NoToken()
	}
	t, err := g.opt.Orgs.ScimCaller(r.Context(), strings.TrimSpace(secret))
	if err != nil {
		return scim.Caller{}, err
	}
	return scim.Caller{Org: t.Org, Actor: g.actor(r, auth.Account{Name: t.Name}, "scim"), Base: g.scimBase(r)}, nil
}

// scimBase is the address under which the provider reaches the endpoints. It gets back what it has sent where nothing else is known:
// it uses the address only to come here again.
func (g *Gate) scimBase(r *http.Request) string {
	base := g.opt.PublicURL
	if base == "" {
		base = map[bool]string{true: "https://", false: "http://"}[g.https(r)] + r.Host
	}
	return base + "/scim/v2"
}

func (g *Gate) scimTokens(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	all, err := g.opt.Orgs.ScimTokens(r.Context(), a, r.PathValue("org"))
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, map[string]any{"tokens": all, "base": g.scimBase(r)})
	return nil
}

func (g *Gate) makeScimToken(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	in := struct {
		Name string `json:"name"`
	}{Name: "SCIM"}
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	t, secret, err := g.opt.Orgs.MakeScimToken(r.Context(), a, r.PathValue("org"), in.Name)
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusCreated, struct {
		auth.ScimToken
		Token string `json:"token"`
		Base  string `json:"base"`
	}{t, secret, g.scimBase(r)})
	return nil
}

func (g *Gate) dropScimToken(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	return done(w, g.opt.Orgs.DropScimToken(r.Context(), a, r.PathValue("org"), r.PathValue("id")))
}

func (g *Gate) scimGroups(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	all, err := g.opt.Orgs.ScimGroups(r.Context(), a, r.PathValue("org"))
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, map[string]any{"groups": all})
	return nil
}

// setGroupRole says what the people of a group are in the organisation; they are it at once.
func (g *Gate) setGroupRole(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	var in struct {
		Role auth.OrgRole `json:"role"`
	}
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	org := r.PathValue("org")
	users, err := g.opt.Orgs.SetGroupRole(r.Context(), a, org, r.PathValue("id"), in.Role)
	if err != nil {
		return err
	}
	return done(w, g.opt.Scim.Resettle(r.Context(), scim.Caller{Org: org, Actor: a}, users))
}
