package gate

import (
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/saml"
)

// sendSaml has the browser carry a message to the provider: by its address, or as a form that sends itself.
func (g *Gate) sendSaml(w http.ResponseWriter, r *http.Request, out saml.Outgoing) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	if out.Fields == nil {
		http.Redirect(w, r, out.URL, http.StatusSeeOther)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; frame-ancestors 'none'; base-uri 'none'")
	_ = formPage.Execute(w, map[string]any{"URL": out.URL, "Names": slices.Sorted(maps.Keys(out.Fields)), "Fields": out.Fields}) // the client has gone
}

// formPage works without its script, too: by its button.
var formPage = template.Must(template.New("form").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>CodeCollab</title><meta name="viewport" content="width=device-width"></head>
<body><form method="post" action="{{.URL}}">
{{range .Names}}<input type="hidden" name="{{.}}" value="{{index $.Fields .}}">
{{end}}<button>Continue to your organisation’s sign-in · Weiter zur Anmeldung</button></form>
<script src="/auth/saml/submit.js"></script></body></html>
`))

// submitScript sends the form. It is a file of its own, since no page here has a script within.
func submitScript(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Cache-Control", "max-age=3600")
	_, _ = w.Write([]byte("document.forms[0].submit();\n")) // the client has gone
}

// samlLogout takes what a provider says about signing out: that somebody does, or that our own request was done.
func (g *Gate) samlLogout(w http.ResponseWriter, r *http.Request) {
	site, err := g.samlSite(r)
	var form url.Values
	if err == nil && r.Method == http.MethodPost {
		if _, _, err = g.posted(w, r); err == nil {
			form = r.PostForm
		}
	}
	var l saml.Logout
	if err == nil {
		l, err = g.opt.SAML.Service.ReadLogout(r.Context(), site, r.URL.RawQuery, form)
	}
	if err != nil {
		g.problem(w, r, "/", err, "connection", r.PathValue("connection"))
		return
	}
	if l.Request == "" {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	err = g.endBySaml(r, site.Connection, l)
	if err != nil {
		g.opt.Log.ErrorContext(r.Context(), "sessions that a provider ended are not all ended", "connection", site.Connection.ID, "err", err)
	}
	out, err := g.opt.SAML.Service.Reply(r.Context(), site, l, err == nil)
	if err != nil {
		g.problem(w, r, "/", err, "connection", site.Connection.ID)
		return
	}
	g.sendSaml(w, r, out)
}

// endBySaml ends the sessions that a provider means.
func (g *Gate) endBySaml(r *http.Request, c auth.Connection, l saml.Logout) error {
	all, err := g.opt.SAML.Sessions.SessionsBy(r.Context(), c.ID)
	if err != nil {
		return err
	}
	for _, s := range all {
		if !l.Of(s.Detail) {
			continue
		}
		ended, err := g.opt.Desk.EndSession(r.Context(), s.Account, s.ID)
		if err != nil {
			return err
		}
		if ended {
			g.note(r, auth.Entry{Org: c.Org, Person: s.Account, Action: auth.ActSessionEnded, Target: s.ID, Detail: map[string]string{"via": c.ID}})
		}
	}
	return nil
}

// leaving is a session that has ended here and is to end at the provider, too.
type leaving struct {
	Detail string    `json:"d"`
	Until  time.Time `json:"u"`
}

// leaveSaml is where a browser goes to sign out at the provider that its session came by; "" is nowhere.
func (g *Gate) leaveSaml(c auth.Connection, detail string) string {
	if g.opt.SAML.Service == nil || detail == "" {
		return ""
	}
	sealed, err := g.sealSaml(c.ID+" leaving", leaving{Detail: detail, Until: time.Now().Add(landingTime)})
	if err != nil {
		return ""
	}
	return "/auth/saml/" + url.PathEscape(c.ID) + "/signout?said=" + sealed
}

// samlLeave tells the provider that somebody signs out. Only who has just done so here comes with what is sealed.
func (g *Gate) samlLeave(w http.ResponseWriter, r *http.Request) {
	var l leaving
	site, err := g.samlSite(r)
	if err == nil {
		err = g.openSaml(site.Connection.ID+" leaving", r.URL.Query().Get("said"), &l)
	}
	if err != nil || time.Now().After(l.Until) {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	out, ok, err := g.opt.SAML.Service.SignOut(r.Context(), site, l.Detail, "")
	if err != nil {
		g.opt.Log.WarnContext(r.Context(), "the provider is not told that somebody signs out", "connection", site.Connection.ID, "err", err)
	}
	if !ok {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	g.sendSaml(w, r, out)
}
