package gate

import (
	"encoding/json"
	"net/http"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/passkey"
)

// viaPasskey is how sessions began that a passkey has opened.
const viaPasskey = "passkey"

// passkeyRoutes are those of signing in with a passkey, and of the person's own.
func (g *Gate) passkeyRoutes(mux *http.ServeMux) {
	if g.opt.Passkeys == nil {
		return
	}
	mux.Handle("POST /api/v1/auth/passkey/begin", g.handle(g.beginPasskey))
	mux.Handle("POST /api/v1/auth/passkey/finish", g.handle(g.finishPasskey))
	mux.Handle("GET /api/v1/me/passkeys", g.handle(g.passkeys))
	mux.Handle("POST /api/v1/me/passkeys/begin", g.handle(g.beginAddPasskey))
	mux.Handle("POST /api/v1/me/passkeys/finish", g.handle(g.finishAddPasskey))
	mux.Handle("DELETE /api/v1/me/passkeys/{id}", g.handle(g.endPasskey))
}

// passkeyWays offers passkeys where browsers can have them.
func (g *Gate) passkeyWays(r *http.Request) []Way {
	if g.opt.Passkeys == nil {
		return nil
	}
	if origin, err := g.origin(r); err != nil || !passkey.Usable(origin) {
		return nil
	}
	return []Way{{ID: viaPasskey, Kind: "passkey", Name: "Passkey"}}
}

// beginPasskey begins a sign-in with a passkey.
func (g *Gate) beginPasskey(w http.ResponseWriter, r *http.Request) error {
	origin, err := g.origin(r)
	if err != nil {
		return err
	}
	begun, err := g.opt.Passkeys.BeginSignIn(r.Context(), origin)
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, begun)
	return nil
}

// finished is what a browser sends when its device has done its part.
type finished struct {
	Ticket   string
	Name     string
	Response json.RawMessage
}

// finishPasskey signs in whose device has signed.
func (g *Gate) finishPasskey(w http.ResponseWriter, r *http.Request) error {
	origin, err := g.origin(r)
	if err != nil {
		return err
	}
	var in finished
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	a, err := g.opt.Passkeys.FinishSignIn(r.Context(), origin, in.Ticket, in.Response)
	if err != nil {
		g.noteFailure(r, viaPasskey, a, err)
		return err
	}
	return g.signInAndSay(w, r, a, viaPasskey)
}

// passkeys lists the person's passkeys.
func (g *Gate) passkeys(w http.ResponseWriter, r *http.Request) error {
	id, err := g.account(w, r)
	if err != nil {
		return err
	}
	all, err := g.opt.Passkeys.List(r.Context(), id.Person)
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, map[string]any{"passkeys": all})
	return nil
}

// freshAccount is who adds a way to come in: a session that somebody left open is not enough for that. Errors: those of account,
// "sign_in_again".
func (g *Gate) freshAccount(w http.ResponseWriter, r *http.Request) (auth.Identity, string, error) {
	id, err := g.account(w, r)
	if err != nil {
		return id, "", err
	}
	if err := g.opt.Desk.Fresh(id); err != nil {
		return id, "", err
	}
	origin, err := g.origin(r)
	return id, origin, err
}

// beginAddPasskey begins to add one.
func (g *Gate) beginAddPasskey(w http.ResponseWriter, r *http.Request) error {
	id, origin, err := g.freshAccount(w, r)
	if err != nil {
		return err
	}
	begun, err := g.opt.Passkeys.BeginAdd(r.Context(), origin, *id.Account)
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, begun)
	return nil
}

// finishAddPasskey keeps the one that the device has made.
func (g *Gate) finishAddPasskey(w http.ResponseWriter, r *http.Request) error {
	id, origin, err := g.freshAccount(w, r)
	if err != nil {
		return err
	}
	var in finished
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	k, err := g.opt.Passkeys.FinishAdd(r.Context(), origin, in.Ticket, *id.Account, in.Name, in.Response)
	if err != nil {
		return err
	}
	g.note(r, auth.Entry{Person: id.Person, Name: id.Account.Name, Action: auth.ActPasskeyAdded, Target: k.ID, Detail: map[string]string{"name": k.Name}})
	answer.JSON(w, http.StatusCreated, k)
	return nil
}

// endPasskey takes one away.
func (g *Gate) endPasskey(w http.ResponseWriter, r *http.Request) error {
	id, err := g.account(w, r)
	if err != nil {
		return err
	}
	ended, err := g.opt.Passkeys.End(r.Context(), id.Person, r.PathValue("id"))
	if err != nil {
		return err
	}
	if !ended {
		return codecollab.Errorf(codecollab.NotFound, "no_passkey", "You have no such passkey, or not any more.")
	}
	g.note(r, auth.Entry{Person: id.Person, Name: id.Account.Name, Action: auth.ActPasskeyRemoved, Target: r.PathValue("id")})
	w.WriteHeader(http.StatusNoContent)
	return nil
}
