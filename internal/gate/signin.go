package gate

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
)

// signIn begins a session of an account in the browser that sends the request, and makes the guest that it was part of the account.
// how says by which way: of the Arrival, Via, Org, Detail and Until count. A sign-in ends here, whichever way it came. The session
// that the browser had before is over: nobody can have planted it.
func (g *Gate) signIn(w http.ResponseWriter, r *http.Request, a auth.Account, how auth.Arrival) error {
	if err := g.letIn(r, a, how); err != nil {
		g.noteFailure(r, how.Via, a, err)
		return err
	}
	token, s, err := g.opt.Desk.SignIn(r.Context(), a, auth.Session{
		Agent: r.UserAgent(), Address: g.address(r), Via: how.Via, Detail: how.Detail, Until: how.Until,
	})
	if err != nil {
		g.noteFailure(r, how.Via, a, err)
		return err
	}
	before := cookieOf(r)
	if guest, err := g.opt.Desk.Adopt(r.Context(), before, a.ID); err != nil { // they are in all the same; the guest stays a guest
		g.opt.Log.WarnContext(r.Context(), "a guest's rooms stay with the guest", "account", a.ID, "err", err)
	} else if guest != "" {
		g.note(r, auth.Entry{Person: a.ID, Name: a.Name, Action: auth.ActGuestAdopted, Target: guest})
	}
	g.endBefore(r, before)
	g.setCookie(w, r, token, time.Until(s.Until))
	g.note(r, auth.Entry{
		Org: how.Org, Person: a.ID, Name: a.Name, Action: auth.ActSignIn, Target: a.ID, Detail: map[string]string{"via": how.Via, "session": s.ID},
	})
	return nil
}

// endBefore ends the session that a browser had before it signed in.
func (g *Gate) endBefore(r *http.Request, token string) {
	if !auth.IsSession(token) {
		return
	}
	id, _, err := g.opt.Desk.Identify(r.Context(), token)
	if err == nil && id.Session != "" {
		_, err = g.opt.Desk.EndSession(r.Context(), id.Person, id.Session)
	}
	if err != nil && codecollab.CodeOf(err) != "signed_out" {
		g.opt.Log.WarnContext(r.Context(), "the session before is not ended", "err", err)
	}
}

// noteFailure writes a sign-in that did not work into the audit log. a may be empty: nobody knows who it was.
func (g *Gate) noteFailure(r *http.Request, via string, a auth.Account, err error) {
	g.note(r, auth.Entry{
		Person: a.ID, Name: a.Name, Action: auth.ActSignIn, Target: a.ID, Outcome: codecollab.CodeOf(err), Detail: map[string]string{"via": via},
	})
}

// problem ends a sign-in for which the browser went elsewhere and came back, and which did not work: the page says in its own words
// what the code means, and shows the number by which an administrator finds the reason in the log. to is where they wanted to go.
func (g *Gate) problem(w http.ResponseWriter, r *http.Request, to string, err error, about ...any) {
	number := rand.Text()[:8]
	g.opt.Log.WarnContext(r.Context(), "somebody could not sign in", append(about, "number", number, "code", codecollab.CodeOf(err), "reason", err, "address", g.address(r))...)
	q := url.Values{"problem": {codecollab.CodeOf(err)}, "number": {number}, "to": {localPath(to)}}
	http.Redirect(w, r, "/signin?"+q.Encode(), http.StatusSeeOther)
}

// signOut ends the session of the browser, or all of the person. Whoever is not signed in (any more) forgets their cookie, too:
// that is how a page goes on as a guest.
func (g *Gate) signOut(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Everywhere bool `json:"everywhere"`
	}
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	id, _, err := g.opt.Desk.Identify(r.Context(), cookieOf(r))
	to := ""
	if err == nil {
		to = g.leaveTo(r, id)
	}
	switch {
	case codecollab.CodeOf(err) == "signed_out", err == nil && id.Session == "":
	case err != nil:
		return err
	case in.Everywhere:
		err = g.opt.Desk.SignOutEverywhere(r.Context(), id.Person)
	default:
		_, err = g.opt.Desk.EndSession(r.Context(), id.Person, id.Session)
	}
	if err != nil && codecollab.CodeOf(err) != "signed_out" {
		return err
	}
	if id.Account != nil {
		e := auth.Entry{Person: id.Person, Name: id.Account.Name, Action: auth.ActSignOut}
		if in.Everywhere {
			e.Detail = map[string]string{"everywhere": "true"}
		}
		g.note(r, e)
	}
	if signedToken(cookieOf(r)) { // a guest's cookie is the only thing that they are known by
		g.dropCookie(w, r)
	}
	if to != "" { // the provider is told by way of the browser
		answer.JSON(w, http.StatusOK, map[string]string{"to": to})
		return nil
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
