package gate

import (
	"net/http"
	"strings"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
)

func (g *Gate) orgRoutes(mux *http.ServeMux) {
	if g.opt.Orgs == nil { // a gate without organisations, in tests
		return
	}
	mux.Handle("GET /api/v1/orgs", g.signed(g.listOrgs))
	mux.Handle("POST /api/v1/orgs", g.signed(g.makeOrg))
	mux.Handle("GET /api/v1/orgs/{org}", g.signed(g.getOrg))
	mux.Handle("PUT /api/v1/orgs/{org}", g.signed(g.changeOrg))
	mux.Handle("DELETE /api/v1/orgs/{org}", g.signed(g.deleteOrg))
	mux.Handle("GET /api/v1/orgs/{org}/members", g.signed(g.members))
	mux.Handle("PUT /api/v1/orgs/{org}/members/{account}", g.signed(g.setMember))
	mux.Handle("DELETE /api/v1/orgs/{org}/members/{account}", g.signed(g.removeMember))
	mux.Handle("GET /api/v1/orgs/{org}/invitations", g.signed(g.invitations))
	mux.Handle("POST /api/v1/orgs/{org}/invitations", g.signed(g.invite))
	mux.Handle("DELETE /api/v1/orgs/{org}/invitations/{id}", g.signed(g.uninvite))
	mux.Handle("POST /api/v1/auth/invitation", g.handle(g.readInvitation))
	mux.Handle("POST /api/v1/orgs/join", g.signed(g.join))
	mux.Handle("GET /api/v1/admin/orgs", g.handle(g.allOrgs))
	mux.Handle("POST /api/v1/auth/discover", g.handle(g.discover))
	g.connectionRoutes(mux)
	g.scimRoutes(mux)
}

// signed makes a handler of one that is for people with accounts.
func (g *Gate) signed(h func(http.ResponseWriter, *http.Request, auth.Actor) error) http.Handler {
	return g.handle(func(w http.ResponseWriter, r *http.Request) error {
		id, err := g.account(w, r)
		if err != nil {
			return err
		}
		return h(w, r, g.actor(r, *id.Account, id.Via))
	})
}

// orgAnswer is an organisation as pages get it.
type orgAnswer struct {
	auth.Org
	Role    auth.OrgRole  `json:"role"`
	May     []auth.OrgAct `json:"may,omitempty"` // what who asks may do there
	Members int           `json:"members,omitempty"`
}

// orgsOf are the organisations that the person is in, as pages get them.
func (g *Gate) orgsOf(r *http.Request, id auth.Identity) ([]any, error) {
	out := []any{}
	if g.opt.Orgs == nil {
		return out, nil
	}
	mine, err := g.opt.Orgs.Of(r.Context(), id.Person)
	for _, m := range mine {
		out = append(out, map[string]any{"id": m.Org, "name": m.OrgName, "role": m.Role})
	}
	return out, err
}

func (g *Gate) listOrgs(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	mine, err := g.opt.Orgs.Of(r.Context(), a.Account.ID)
	if err != nil {
		return err
	}
	out := []map[string]any{}
	for _, m := range mine {
		out = append(out, map[string]any{"id": m.Org, "name": m.OrgName, "role": m.Role})
	}
	answer.JSON(w, http.StatusOK, map[string]any{"orgs": out, "make": g.opt.Orgs.MayMake(a.Account)})
	return nil
}

func (g *Gate) allOrgs(w http.ResponseWriter, r *http.Request) error {
	if _, err := g.admin(w, r); err != nil {
		return err
	}
	all, err := g.opt.Orgs.All(r.Context())
	if err != nil {
		return err
	}
	out := []orgAnswer{}
	for _, o := range all {
		n, err := g.opt.Orgs.Count(r.Context(), o.ID)
		if err != nil {
			return err
		}
		out = append(out, orgAnswer{Org: o, Role: auth.OrgOwner, Members: n})
	}
	answer.JSON(w, http.StatusOK, map[string]any{"orgs": out})
	return nil
}

func (g *Gate) makeOrg(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	var in struct {
		Name string `json:"name"`
	}
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	o, err := g.opt.Orgs.Make(r.Context(), a, in.Name)
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusCreated, orgAnswer{Org: o, Role: auth.OrgOwner, May: auth.OrgActs(auth.OrgOwner), Members: 1})
	return nil
}

func (g *Gate) getOrg(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	o, role, err := g.opt.Orgs.May(r.Context(), a, r.PathValue("org"), auth.OrgSee)
	if err != nil {
		return err
	}
	n, err := g.opt.Orgs.Count(r.Context(), o.ID)
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, orgAnswer{Org: o, Role: role, May: auth.OrgActs(role), Members: n})
	return nil
}

// changeOrg changes the name, or whether single sign-on is the only way in.
func (g *Gate) changeOrg(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	var in struct {
		Name     *string `json:"name"`
		Enforced *bool   `json:"enforced"`
	}
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	if in.Name != nil {
		if _, err := g.opt.Orgs.Rename(r.Context(), a, r.PathValue("org"), *in.Name); err != nil {
			return err
		}
	}
	if in.Enforced != nil {
		if _, err := g.opt.Orgs.Enforce(r.Context(), a, r.PathValue("org"), *in.Enforced); err != nil {
			return err
		}
	}
	return g.getOrg(w, r, a)
}

func (g *Gate) deleteOrg(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	return done(w, g.opt.Orgs.Delete(r.Context(), a, r.PathValue("org")))
}

// done answers what has nothing more to say.
func done(w http.ResponseWriter, err error) error {
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

func (g *Gate) members(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	all, err := g.opt.Orgs.Members(r.Context(), a, r.PathValue("org"))
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, map[string]any{"members": all})
	return nil
}

func (g *Gate) setMember(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	var in struct {
		Role auth.OrgRole `json:"role"`
	}
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	return done(w, g.opt.Orgs.SetRole(r.Context(), a, r.PathValue("org"), r.PathValue("account"), in.Role))
}

func (g *Gate) removeMember(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	return done(w, g.opt.Orgs.Remove(r.Context(), a, r.PathValue("org"), r.PathValue("account")))
}

func (g *Gate) invitations(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	all, err := g.opt.Orgs.Invitations(r.Context(), a, r.PathValue("org"))
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, map[string]any{"invitations": all})
	return nil
}

// invite makes an invitation. Its link is the page /invite with the token behind the #, which browsers send to nobody.
func (g *Gate) invite(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	in := struct {
		Role  auth.OrgRole `json:"role"`
		Email string       `json:"email"`
	}{Role: auth.OrgMember}
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	i, token, err := g.opt.Orgs.Invite(r.Context(), a, r.PathValue("org"), in.Role, in.Email)
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusCreated, struct {
		auth.Invitation
		Token string `json:"token"`
		Path  string `json:"path"`
	}{i, token, "/invite#" + token})
	return nil
}

func (g *Gate) uninvite(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	return done(w, g.opt.Orgs.Uninvite(r.Context(), a, r.PathValue("org"), r.PathValue("id")))
}

// readInvitation says what a link opens, to whoever has it.
func (g *Gate) readInvitation(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Token string `json:"token"`
	}
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	i, org, err := g.opt.Orgs.Invitation(r.Context(), in.Token)
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, map[string]any{
		"org": map[string]any{"id": org.ID, "name": org.Name}, "role": i.Role, "email": i.Email, "expires": i.Expires.Format(time.RFC3339),
	})
	return nil
}

func (g *Gate) join(w http.ResponseWriter, r *http.Request, a auth.Actor) error {
	var in struct {
		Token string `json:"token"`
	}
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	org, err := g.opt.Orgs.Join(r.Context(), a, in.Token)
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, map[string]any{"id": org.ID, "name": org.Name})
	return nil
}

// discover says how people with an address sign in. It knows domains, and says nothing about people.
func (g *Gate) discover(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Email string `json:"email"`
	}
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	if !strings.Contains(in.Email, "@") {
		return codecollab.Errorf(codecollab.Invalid, "bad_email", "This is not an e-mail address.")
	}
	sso, err := g.opt.Orgs.Discover(r.Context(), in.Email)
	if err != nil {
		return err
	}
	out := map[string]any{}
	if sso != nil {
		out["sso"] = sso
	}
	answer.JSON(w, http.StatusOK, out)
	return nil
}

// letIn refuses somebody whose organisation wants another way of signing in. Error "sso_required".
func (g *Gate) letIn(r *http.Request, a auth.Account, how auth.Arrival) error {
	if g.opt.Orgs == nil {
		return nil
	}
	return g.opt.Orgs.Admit(r.Context(), g.actor(r, a, how.Via))
}
