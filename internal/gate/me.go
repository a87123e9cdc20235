package gate

import (
	"net/http"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
)

// colors are in the palette of the page.
const colors = 12

// me says who sends the request.
func (g *Gate) me(w http.ResponseWriter, r *http.Request) error {
	out := map[string]any{"ways": map[string]any{"guests": g.opt.Guests != "none"}, "orgs": []any{}}
	id, err := g.Who(w, r)
	switch {
	case codecollab.CodeOf(err) == "sign_in": // the page learns that it has to ask for an account
		out["person"] = ""
	case err != nil:
		return err
	default:
		out["person"] = id.Person
	}
	if a := id.Account; a != nil {
		out["account"] = map[string]any{"id": a.ID, "name": a.Name, "email": a.Email, "color": a.Color, "admin": a.Admin}
		out["via"] = id.Via
		if out["orgs"], err = g.orgsOf(r, id); err != nil {
			return err
		}
	}
	answer.JSON(w, http.StatusOK, out)
	return nil
}

// setMe changes the name and the colour by which a person goes.
func (g *Gate) setMe(w http.ResponseWriter, r *http.Request) error {
	id, err := g.account(w, r)
	if err != nil {
		return err
	}
	in := struct {
		Name  *string `json:"name"`
		Color *int    `json:"color"`
	}{}
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	if in.Color != nil && (*in.Color < -1 || *in.Color >= colors) {
		return codecollab.Errorf(codecollab.Invalid, "bad_message", "A colour is a number from 0 to %d, or -1 for none.", colors-1)
	}
	_, err = g.opt.Desk.Change(r.Context(), id.Person, func(a *auth.Account) error {
		if in.Name != nil {
			a.Name = auth.CleanName(*in.Name, a.Email)
		}
		if in.Color != nil {
			a.Color = *in.Color
		}
		return nil
	})
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// sessionAnswer is a session as pages get it.
type sessionAnswer struct {
	ID      string    `json:"id"`
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen"`
	Expires time.Time `json:"expires"`
	Agent   string    `json:"agent"`
	Address string    `json:"address"`
	Via     string    `json:"via"`
	Current bool      `json:"current"`
}

// sessions lists where the person is signed in.
func (g *Gate) sessions(w http.ResponseWriter, r *http.Request) error {
	id, err := g.account(w, r)
	if err != nil {
		return err
	}
	all, err := g.opt.Desk.Sessions(r.Context(), id.Person)
	if err != nil {
		return err
	}
	out := make([]sessionAnswer, 0, len(all))
	for _, s := range all {
		out = append(out, sessionAnswer{s.ID, s.Created, s.Seen, s.Expires, s.Agent, s.Address, s.Via, s.ID == id.Session})
	}
	answer.JSON(w, http.StatusOK, map[string]any{"sessions": out})
	return nil
}

// endSession signs the person out somewhere.
func (g *Gate) endSession(w http.ResponseWriter, r *http.Request) error {
	id, err := g.account(w, r)
	if err != nil {
		return err
	}
	ended, err := g.opt.Desk.EndSession(r.Context(), id.Person, r.PathValue("id"))
	if err != nil {
		return err
	}
	if !ended {
		return codecollab.Errorf(codecollab.NotFound, "no_session", "You have no such session, or it has ended already.")
	}
	g.note(r, auth.Entry{Person: id.Person, Name: id.Account.Name, Action: auth.ActSessionEnded, Target: r.PathValue("id")})
	w.WriteHeader(http.StatusNoContent)
	return nil
}
