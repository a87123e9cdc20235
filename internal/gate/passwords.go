package gate

import (
	"context"
	"net/http"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
)

// Invitations are what people are asked into organisations with.
type Invitations interface {
	// Invitation is what a token is good for. Error "no_invitation".
	Invitation(ctx context.Context, token string) (auth.Invitation, auth.Org, error)
	// Join uses an invitation up.
	Join(ctx context.Context, a auth.Actor, token string) (auth.Org, error)
}

// viaPassword and viaSetup are how sessions began.
const (
	viaPassword = "password"
	viaSetup    = "setup"
)

// passwordRoutes are those of signing in with a password, and of the links that work once.
func (g *Gate) passwordRoutes(mux *http.ServeMux) {
	mux.Handle("POST /api/v1/auth/password", g.handle(g.signInByPassword))
	mux.Handle("POST /api/v1/auth/register", g.handle(g.register))
	mux.Handle("POST /api/v1/auth/setup", g.handle(g.setup))
	mux.Handle("POST /api/v1/auth/reset", g.handle(g.reset))
	mux.Handle("PUT /api/v1/me/password", g.handle(g.setPassword))
	mux.Handle("POST /api/v1/admin/people/{account}/reset", g.handle(g.makeReset))
}

// signInByPassword signs in with an address and a password.
func (g *Gate) signInByPassword(w http.ResponseWriter, r *http.Request) error {
	var in struct{ Email, Password string }
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	if err := g.opt.Limits.Try(w, in.Email); err != nil {
		return err
	}
	a, err := g.opt.Desk.ByPassword(r.Context(), in.Email, in.Password)
	if err != nil {
		if codecollab.CodeOf(err) != "busy" {
			g.noteFailure(r, viaPassword, a, err)
		}
		return err
	}
	g.opt.Limits.Passed(in.Email)
	return g.signInAndSay(w, r, a, viaPassword)
}

// signInAndSay signs in a page that asked for it.
func (g *Gate) signInAndSay(w http.ResponseWriter, r *http.Request, a auth.Account, via string) error {
	if err := g.signIn(w, r, a, auth.Arrival{Via: via}); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// register makes an account with a password, and signs in. With an invitation it also takes that up.
func (g *Gate) register(w http.ResponseWriter, r *http.Request) error {
	var in struct{ Name, Email, Password, Invitation string }
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	if in.Invitation != "" {
		if err := g.invited(r, in.Invitation, in.Email); err != nil {
			return err
		}
	}
	a, err := g.opt.Desk.Register(r.Context(), in.Name, in.Email, in.Password, in.Invitation != "")
	if err != nil {
		g.note(r, auth.Entry{Action: auth.ActRegister, Outcome: codecollab.CodeOf(err)})
		return err
	}
	g.note(r, auth.Entry{Person: a.ID, Name: a.Name, Action: auth.ActRegister, Target: a.ID})
	if in.Invitation != "" {
		by := auth.Actor{Account: a, Address: g.address(r), Agent: r.UserAgent(), Via: viaPassword}
		if _, err := g.opt.Invitations.Join(r.Context(), by, in.Invitation); err != nil {
			return err
		}
	}
	return g.signInAndSay(w, r, a, viaPassword)
}

// invited checks an invitation before an account is made for it.
func (g *Gate) invited(r *http.Request, token, email string) error {
	if g.opt.Invitations == nil {
		return auth.NoInvitation()
	}
	i, _, err := g.opt.Invitations.Invitation(r.Context(), token)
	if err == nil && i.Email != "" && !auth.SameEmail(i.Email, email) {
		err = codecollab.Errorf(codecollab.Forbidden, "other_email", "This invitation is for somebody with another e-mail address.")
	}
	return err
}

// setup makes the first administrator, by the link that the server printed: with a password, or of the account that is signed in
// when no address is given.
func (g *Gate) setup(w http.ResponseWriter, r *http.Request) error {
	var in struct{ Token, Name, Email, Password string }
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	account := ""
	if in.Email == "" {
		id, err := g.account(w, r)
		if err != nil {
			return err
		}
		account = id.Person
	}
	a, err := g.opt.Desk.Setup(r.Context(), in.Token, account, in.Name, in.Email, in.Password)
	if err != nil {
		g.note(r, auth.Entry{Action: auth.ActSetup, Outcome: codecollab.CodeOf(err)})
		return err
	}
	g.note(r, auth.Entry{Person: a.ID, Name: a.Name, Action: auth.ActSetup, Target: a.ID})
	return g.signInAndSay(w, r, a, viaSetup)
}

// reset takes a new password from who has a link for that, and signs in.
func (g *Gate) reset(w http.ResponseWriter, r *http.Request) error {
	var in struct{ Token, Password string }
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	a, err := g.opt.Desk.Reset(r.Context(), in.Token, in.Password)
	g.notePassword(r, a, err)
	if err != nil {
		return err
	}
	return g.signInAndSay(w, r, a, viaPassword)
}

// setPassword changes the person's own password.
func (g *Gate) setPassword(w http.ResponseWriter, r *http.Request) error {
	id, err := g.account(w, r)
	if err != nil {
		return err
	}
	var in struct{ Old, New string }
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	if err := g.opt.Limits.Try(w, id.Account.Email); err != nil {
		return err
	}
	err = g.opt.Desk.SetPassword(r.Context(), id, in.Old, in.New)
	g.notePassword(r, *id.Account, err)
	if err != nil {
		return err
	}
	g.opt.Limits.Passed(id.Account.Email)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (g *Gate) notePassword(r *http.Request, a auth.Account, err error) {
	e := auth.Entry{Person: a.ID, Name: a.Name, Action: auth.ActPasswordSet, Target: a.ID}
	if err != nil {
		e.Outcome = codecollab.CodeOf(err)
	}
	g.note(r, e)
}

// makeReset makes a link by which a person gets a new password: the administrator hands it on.
func (g *Gate) makeReset(w http.ResponseWriter, r *http.Request) error {
	id, err := g.admin(w, r)
	if err != nil {
		return err
	}
	token, err := g.opt.Desk.ResetToken(r.Context(), r.PathValue("account"))
	if err != nil {
		return err
	}
	g.note(r, auth.Entry{Person: id.Person, Name: id.Account.Name, Action: auth.ActResetMade, Target: r.PathValue("account")})
	answer.JSON(w, http.StatusCreated, map[string]string{"path": "/reset#" + token})
	return nil
}
