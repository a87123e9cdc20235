package gate

import (
	"context"
	"net/http"
	"strconv"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
)

// Directory finds people, for the administrator.
type Directory interface {
	People(ctx context.Context, q auth.PeopleQuery) ([]auth.Account, error)
}

const peoplePage = 50 // accounts of an answer

func (g *Gate) peopleRoutes(mux *http.ServeMux) {
	if g.opt.Directory == nil { // a gate without one, in tests
		return
	}
	mux.Handle("GET /api/v1/admin/people", g.handle(g.listPeople))
	mux.Handle("PUT /api/v1/admin/people/{account}", g.handle(g.changePerson))
}

// listPeople answers with accounts, the newest first. next is the "after" of the page behind it, "" at the end.
func (g *Gate) listPeople(w http.ResponseWriter, r *http.Request) error {
	if _, err := g.admin(w, r); err != nil {
		return err
	}
	q := auth.PeopleQuery{Text: r.URL.Query().Get("q"), After: r.URL.Query().Get("after"), Limit: peoplePage + 1}
	if len(q.Text) > 200 {
		return codecollab.Errorf(codecollab.Invalid, "bad_message", "The search is too long: it has at most 200 bytes.")
	}
	found, err := g.opt.Directory.People(r.Context(), q)
	if err != nil {
		return err
	}
	next := ""
	if len(found) > peoplePage {
		found = found[:peoplePage]
		next = found[peoplePage-1].ID
	}
	answer.JSON(w, http.StatusOK, map[string]any{"people": found, "next": next})
	return nil
}

// changePerson makes somebody an administrator, or lets them in no more; and the other way round. What one is oneself, another
// administrator has to change: so there is always one left.
func (g *Gate) changePerson(w http.ResponseWriter, r *http.Request) error {
	id, err := g.admin(w, r)
	if err != nil {
		return err
	}
	var in struct {
		Admin  *bool `json:"admin"`
		Active *bool `json:"active"`
	}
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	target := r.PathValue("account")
	if target == id.Person {
		return codecollab.Errorf(codecollab.Conflict, "own_account",
			"Your own account has to be changed by another administrator, so that one is always left.")
	}
	detail := map[string]string{}
	changed, err := g.opt.Desk.Change(r.Context(), target, func(a *auth.Account) error {
		if in.Admin != nil {
			a.Admin = *in.Admin
			detail["admin"] = strconv.FormatBool(a.Admin)
		}
		if in.Active != nil {
			a.Active = *in.Active
			detail["active"] = strconv.FormatBool(a.Active)
		}
		return nil
	})
	if err != nil {
		return err
	}
	detail["name"] = changed.Name
	g.note(r, auth.Entry{Person: id.Person, Name: id.Account.Name, Action: auth.ActPersonChanged, Target: target, Detail: detail})
	answer.JSON(w, http.StatusOK, changed)
	return nil
}
