package gate

import (
	"net/http"
	"strings"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
)

// tokenRoutes are those of the person's API tokens.
func (g *Gate) tokenRoutes(mux *http.ServeMux) {
	mux.Handle("GET /api/v1/me/tokens", g.handle(g.tokens))
	mux.Handle("POST /api/v1/me/tokens", g.handle(g.makeToken))
	mux.Handle("DELETE /api/v1/me/tokens/{id}", g.handle(g.endToken))
}

// tokens lists the person's API tokens.
func (g *Gate) tokens(w http.ResponseWriter, r *http.Request) error {
	id, err := g.account(w, r)
	if err != nil {
		return err
	}
	all, err := g.opt.Desk.Tokens(r.Context(), id.Person)
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, map[string]any{"tokens": all})
	return nil
}

// makeToken makes an API token, and shows it this once.
func (g *Gate) makeToken(w http.ResponseWriter, r *http.Request) error {
	id, err := g.account(w, r)
	if err != nil {
		return err
	}
	var in struct {
		Name   string
		Scopes []auth.Scope
		Days   int
	}
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	token, t, err := g.opt.Desk.MakeToken(r.Context(), id.Person, in.Name, in.Scopes, time.Duration(min(in.Days, 100_000))*24*time.Hour)
	if err != nil {
		return err
	}
	g.noteToken(r, *id.Account, t)
	answer.JSON(w, http.StatusCreated, map[string]any{"token": token, "id": t.ID, "name": t.Name, "scopes": t.Scopes, "expires": t.Expires})
	return nil
}

func (g *Gate) noteToken(r *http.Request, a auth.Account, t auth.APIToken) {
	names := make([]string, len(t.Scopes))
	for i, s := range t.Scopes {
		names[i] = string(s)
	}
	g.note(r, auth.Entry{
		Person: a.ID, Name: a.Name, Action: auth.ActTokenMade, Target: t.ID, Detail: map[string]string{"name": t.Name, "scopes": strings.Join(names, " ")},
	})
}

// endToken takes an API token back.
func (g *Gate) endToken(w http.ResponseWriter, r *http.Request) error {
	id, err := g.account(w, r)
	if err != nil {
		return err
	}
	ended, err := g.opt.Desk.EndToken(r.Context(), id.Person, r.PathValue("id"))
	if err != nil {
		return err
	}
	if !ended {
		return codecollab.Errorf(codecollab.NotFound, "no_token", "You have no such API token, or not any more.")
	}
	g.note(r, auth.Entry{Person: id.Person, Name: id.Account.Name, Action: auth.ActTokenRevoked, Target: r.PathValue("id")})
	w.WriteHeader(http.StatusNoContent)
	return nil
}
