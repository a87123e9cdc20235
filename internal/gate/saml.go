package gate

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/saml"
)

// SAML is what signing in by SAML needs. Without a Service there is none.
type SAML struct {
	Service  *saml.Service
	Sealer   *auth.Sealer
	Sessions SessionBook
	Bytes    int64 // of what a provider posts
}

// SessionBook finds the sessions that a provider ends.
type SessionBook interface {
	// SessionsBy lists the sessions that came by a connection.
	SessionsBy(ctx context.Context, via string) ([]auth.Session, error)
}

// samlRoutes adds the addresses that providers know.
func (g *Gate) samlRoutes(mux *http.ServeMux) {
	if g.opt.SAML.Service == nil || g.opt.Companies == nil {
		return
	}
	mux.Handle("GET /auth/saml/{connection}/metadata", g.handle(g.samlMetadata))
	mux.HandleFunc("POST /auth/saml/{connection}/acs", g.samlAnswer)
	mux.HandleFunc("GET /auth/saml/{connection}/acs", g.samlLanded)
	mux.HandleFunc("GET /auth/saml/{connection}/slo", g.samlLogout)
	mux.HandleFunc("POST /auth/saml/{connection}/slo", g.samlLogout)
	mux.HandleFunc("GET /auth/saml/{connection}/signout", g.samlLeave)
	mux.HandleFunc("GET /auth/saml/submit.js", submitScript)
}

// samlSite is the connection of the address, whether it is on or not, and the address that people use.
func (g *Gate) samlSite(r *http.Request) (saml.Site, error) {
	c, err := g.connection(r, true)
	if err == nil && c.Kind != "saml" {
		err = auth.NoConnection()
	}
	if err != nil {
		return saml.Site{}, err
	}
	origin, err := g.origin(r)
	return saml.Site{Origin: origin, Connection: c}, err
}

// samlMetadata says who we are. It is no secret, and there before the connection is on.
func (g *Gate) samlMetadata(w http.ResponseWriter, r *http.Request) error {
	site, err := g.samlSite(r)
	if err != nil {
		return err
	}
	data, err := g.opt.SAML.Service.Metadata(r.Context(), site)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/samlmetadata+xml")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(data) // the client has gone: nobody is left to tell
	return nil
}

// startSaml sends somebody to the provider of their organisation. The browser keeps, sealed, what it was sent for.
func (g *Gate) startSaml(w http.ResponseWriter, r *http.Request, c auth.Connection, to string, test bool) {
	in := auth.Arrival{Via: c.ID, Org: c.Org}
	origin, err := g.origin(r)
	if err != nil {
		g.notArrived(w, r, in, auth.Account{}, to, err)
		return
	}
	out, kept, err := g.opt.SAML.Service.Begin(r.Context(), saml.Site{Origin: origin, Connection: c}, localPath(to), test)
	if err != nil && test {
		g.tested(w, r, c.Org, c.ID, []auth.Step{{Name: "metadata", Detail: err.Error()}})
		return
	}
	if err == nil {
		err = g.setWaiting(w, r, kept)
	}
	if err != nil {
		g.notArrived(w, r, in, auth.Account{}, to, err)
		return
	}
	g.sendSaml(w, r, out)
}

// said is what a provider has said, on its way from the request that its page posted to one that this site's cookies come with.
// It travels in the address, sealed: nothing has to be kept of what strangers post.
type said struct {
	Arrival auth.Arrival `json:"a"`
	Request string       `json:"r"`
	Steps   []auth.Step  `json:"s"`
	Code    string       `json:"c,omitempty"` // why it was refused; "": it was not
	Number  string       `json:"n,omitempty"` // by which the log has the reason
	Until   time.Time    `json:"u"`
}

// landingTime is how long a browser may take to follow a redirection.
const landingTime = 2 * time.Minute

// samlAnswer takes what a provider has the browser post. Cookies that this site has set are not sent with that (SameSite=Lax), so
// here is only found out what the provider says; samlLanded finds out whether this browser had asked, and whether the connection
// is on.
func (g *Gate) samlAnswer(w http.ResponseWriter, r *http.Request) {
	site, err := g.samlSite(r)
	var relay string
	var a saml.Answer
	if err == nil {
		var message string
		if message, relay, err = g.posted(w, r); err == nil {
			a, err = g.opt.SAML.Service.Read(r.Context(), site, message)
		}
	}
	if err == nil && a.Request == "" { // the provider began: now we do, so that what counts is an answer to us
		http.Redirect(w, r, "/auth/sso/"+url.PathEscape(site.Connection.ID)+"?"+url.Values{"to": {localPath(relay)}}.Encode(), http.StatusSeeOther)
		return
	}
	found := said{Arrival: a.Arrival, Request: a.Request, Steps: a.Steps, Until: time.Now().Add(landingTime)}
	if err != nil {
		found.Number, found.Code = rand.Text()[:8], codecollab.CodeOf(err)
		g.opt.Log.WarnContext(r.Context(), "a SAML response was refused", "connection", r.PathValue("connection"), "org", site.Connection.Org,
			"number", found.Number, "code", found.Code, "reason", causeOf(err), "address", g.address(r))
		if site.Connection.ID == "" {
			g.said(w, r, found)
			return
		}
		g.note(r, auth.Entry{Org: site.Connection.Org, Action: auth.ActSignIn, Outcome: found.Code, Detail: map[string]string{"via": site.Connection.ID, "number": found.Number}})
	}
	sealed, err := g.sealSaml(site.Connection.ID+" said", found)
	if err != nil {
		g.problem(w, r, "/", err, "connection", site.Connection.ID)
		return
	}
	http.Redirect(w, r, "/auth/saml/"+url.PathEscape(site.Connection.ID)+"/acs?said="+sealed, http.StatusSeeOther)
}

// posted is the message that was posted, and where the provider thinks that people want to go.
func (g *Gate) posted(w http.ResponseWriter, r *http.Request) (message, relay string, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, g.opt.SAML.Bytes)
	if err := r.ParseForm(); err != nil {
		if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return "", "", codecollab.Errorf(codecollab.Limit, "too_large", "What was posted is larger than %d bytes (saml-bytes)", tooLarge.Limit)
		}
		return "", "", codecollab.Errorf(codecollab.Invalid, "saml_refused", "What was posted is no form: %v", err)
	}
	for _, name := range []string{"SAMLResponse", "RelayState"} {
		if len(r.PostForm[name]) > 1 {
			return "", "", codecollab.Errorf(codecollab.Invalid, "saml_refused", "The form has %s more than once", name)
		}
	}
	return r.PostForm.Get("SAMLResponse"), r.PostForm.Get("RelayState"), nil
}

// samlLanded signs in who comes back with an answer to what this very browser had asked.
func (g *Gate) samlLanded(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	var found said
	err := g.openSaml(r.PathValue("connection")+" said", r.URL.Query().Get("said"), &found)
	if err == nil && time.Now().After(found.Until) {
		err = codecollab.Errorf(codecollab.Forbidden, "saml_expired", "The browser came back too late, or the page was loaded again")
	}
	site, siteErr := g.samlSite(r)
	if err = errors.Join(siteErr, err); err != nil {
		g.problem(w, r, "/", err, "connection", r.PathValue("connection"))
		return
	}
	kept := g.waitingFor(r, found.Request, site.Connection.ID)
	if found.Code != "" {
		if kept.Test {
			g.drop(w, r, kept)
			g.tested(w, r, site.Connection.Org, site.Connection.ID, found.Steps)
			return
		}
		g.said(w, r, found)
		return
	}
	g.drop(w, r, kept)
	in := found.Arrival
	err = g.opt.SAML.Service.Bound(r.Context(), site, saml.Answer{Arrival: in, Request: found.Request}, kept)
	if err == nil && !site.Connection.Enabled && !kept.Test {
		err = auth.NoConnection()
	}
	switch {
	case err != nil:
		g.notArrived(w, r, in, auth.Account{}, kept.To, err)
	case kept.Test:
		g.tested(w, r, in.Org, in.Via, append(found.Steps, auth.Step{Name: "login", OK: true}))
	default:
		g.arrive(w, r, in, kept.To)
	}
}

// said ends a sign-in whose reason the log has already.
func (g *Gate) said(w http.ResponseWriter, r *http.Request, found said) {
	q := url.Values{"problem": {found.Code}, "number": {found.Number}, "to": {"/"}}
	http.Redirect(w, r, "/signin?"+q.Encode(), http.StatusSeeOther)
}

// causeOf is the reason behind an error, for the log: what people are told is of no use there.
func causeOf(err error) string {
	if e, ok := errors.AsType[*codecollab.Error](err); ok && e.Err != nil {
		return e.Err.Error()
	}
	return err.Error()
}

// waitingCookie and a part of a request's identifier name the cookie that waits for its answer: each window has its own.
const waitingCookie = "codecollab-saml-"

func waitingName(request string) string {
	request = strings.TrimPrefix(request, "_")
	return waitingCookie + request[:min(8, len(request))]
}

func (g *Gate) setWaiting(w http.ResponseWriter, r *http.Request, kept saml.Remembered) error {
	sealed, err := g.sealSaml("waiting", kept)
	if err == nil {
		http.SetCookie(w, g.waiting(r, waitingName(kept.Request), sealed, int(time.Until(kept.Until).Seconds())))
	}
	return err
}

// waiting is a cookie that is sent back after a redirection from elsewhere, but with nothing that another site posts.
func (g *Gate) waiting(r *http.Request, name, value string, seconds int) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: value, Path: "/auth/saml/", MaxAge: seconds, HttpOnly: true, Secure: g.secure(r), SameSite: http.SameSiteLaxMode,
	}
}

// waitingFor is what this browser was sent for; empty when it was not. An answer that is refused may name no request that could be
// believed: then it is the test that is under way, if there is one.
func (g *Gate) waitingFor(r *http.Request, request, connection string) saml.Remembered {
	for _, c := range r.Cookies() {
		var one saml.Remembered
		if !strings.HasPrefix(c.Name, waitingCookie) || g.openSaml("waiting", c.Value, &one) != nil || one.Connection != connection {
			continue
		}
		if one.Request == request || request == "" && one.Test && time.Now().Before(one.Until) {
			return one
		}
	}
	return saml.Remembered{}
}

// drop has the browser forget what it was sent for: the answer is there.
func (g *Gate) drop(w http.ResponseWriter, r *http.Request, kept saml.Remembered) {
	if kept.Request != "" {
		http.SetCookie(w, g.waiting(r, waitingName(kept.Request), "", -1))
	}
}

func (g *Gate) sealSaml(about string, v any) (string, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(g.opt.SAML.Sealer.Seal(plain, "saml "+about)), nil
}

func (g *Gate) openSaml(about, sealed string, v any) error {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err == nil {
		raw, err = g.opt.SAML.Sealer.Open(raw, "saml "+about)
	}
	if err == nil {
		err = json.Unmarshal(raw, v)
	}
	if err != nil {
		return codecollab.Errorf(codecollab.Forbidden, "saml_refused", "What the browser brings was not made here: %v", err)
	}
	return nil
}
