package gate

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
	"codecollab.dev/internal/auth"
)

// oauthRoutes are those by which programs get API tokens. What programs call answers as OAuth has it; what our pages call, as the rest
// of the API.
func (g *Gate) oauthRoutes(mux *http.ServeMux) {
	mux.Handle("GET /.well-known/oauth-authorization-server", g.handle(g.oauthMetadata))
	mux.Handle("POST /oauth/device_authorization", g.oauth(g.beginDevice))
	mux.Handle("POST /oauth/token", g.oauth(g.token))
	mux.Handle("POST /oauth/revoke", g.oauth(g.revoke))
	mux.Handle("GET /oauth/authorize", g.handle(g.authorize))
	mux.Handle("POST /api/v1/auth/device", g.handle(g.device))
	mux.Handle("POST /api/v1/auth/device/answer", g.handle(g.answerDevice))
	mux.Handle("POST /api/v1/auth/authorize", g.handle(g.asked))
	mux.Handle("POST /api/v1/auth/authorize/answer", g.handle(g.answerAsked))
}

const (
	grantCode   = "authorization_code"
	grantDevice = "urn:ietf:params:oauth:grant-type:device_code"
	formBytes   = 16 << 10 // of what a program sends
)

// oauthMetadata tells programs where to ask (RFC 8414).
func (g *Gate) oauthMetadata(w http.ResponseWriter, r *http.Request) error {
	origin := g.reachedAt(r)
	answer.JSON(w, http.StatusOK, map[string]any{
		"issuer": origin, "authorization_endpoint": origin + "/oauth/authorize", "token_endpoint": origin + "/oauth/token",
		"device_authorization_endpoint": origin + "/oauth/device_authorization", "revocation_endpoint": origin + "/oauth/revoke",
		"response_types_supported": []string{"code"}, "grant_types_supported": []string{grantCode, grantDevice},
		"code_challenge_methods_supported": []string{"S256"}, "token_endpoint_auth_methods_supported": []string{"none"},
		"scopes_supported": []auth.Scope{auth.ScopeRooms, auth.ScopeRead, auth.ScopeRun}, "authorization_response_iss_parameter_supported": true,
	})
	return nil
}

// oauth answers a program's form; errors are those of RFC 6749, section 5.2.
func (g *Gate) oauth(h answer.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, formBytes)
		err := r.ParseForm()
		if err != nil {
			err = codecollab.Errorf(codecollab.Invalid, "invalid_request", "The request is not a form.")
		} else {
			err = h(w, r)
		}
		if err == nil {
			return
		}
		e := g.desk().Public(r.Context(), err, "method", r.Method, "path", r.URL.Path)
		status := answer.Status(e.Kind, e.Code)
		code := e.Code
		switch code {
		case "internal", "busy":
			code = "server_error"
		case "account_closed", "sso_required", "too_many_tokens":
			code, status = "access_denied", http.StatusBadRequest
		}
		answer.JSON(w, status, map[string]string{"error": code, "error_description": e.Message})
	})
}

// beginDevice begins the device flow (RFC 8628, 3.1).
func (g *Gate) beginDevice(w http.ResponseWriter, r *http.Request) error {
	ask, err := auth.CheckAsk(r.PostFormValue("client_id"), r.PostFormValue("scope"))
	if err != nil {
		return err
	}
	origin := g.reachedAt(r)
	ask.Address = g.address(r)
	device, user, err := g.opt.Desk.BeginDevice(r.Context(), ask)
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, map[string]any{
		"device_code": device, "user_code": user, "verification_uri": origin + "/device",
		"verification_uri_complete": origin + "/device?code=" + user,
		"expires_in":                int(auth.DeviceFor.Seconds()), "interval": int(auth.DeviceEvery.Seconds()),
	})
	return nil
}

// token gives a program the token that it was granted (RFC 6749, 4.1.3; RFC 8628, 3.4).
func (g *Gate) token(w http.ResponseWriter, r *http.Request) error {
	client := r.PostFormValue("client_id")
	var token string
	var t auth.APIToken
	var err error
	switch grant := r.PostFormValue("grant_type"); grant {
	case grantCode:
		token, t, err = g.opt.Desk.RedeemCode(r.Context(), client, r.PostFormValue("code"), r.PostFormValue("redirect_uri"), r.PostFormValue("code_verifier"))
	case grantDevice:
		device := r.PostFormValue("device_code")
		if g.polls.Take(device, pollRate()) > 0 {
			return codecollab.Errorf(codecollab.Invalid, "slow_down", "Ask every %d seconds, and no more often.", int(auth.DeviceEvery.Seconds()))
		}
		token, t, err = g.opt.Desk.PollDevice(r.Context(), client, device)
	default:
		err = codecollab.Errorf(codecollab.Invalid, "unsupported_grant_type", "There is no grant %.60q here.", grant)
	}
	if err != nil {
		return err
	}
	a, err := g.opt.Desk.Account(r.Context(), t.Account)
	if err != nil {
		return err
	}
	g.noteToken(r, a, t)
	scopes := make([]string, len(t.Scopes))
	for i, s := range t.Scopes {
		scopes[i] = string(s)
	}
	answer.JSON(w, http.StatusOK, map[string]any{
		"access_token": token, "token_type": "Bearer", "scope": strings.Join(scopes, " "), "expires_in": int(t.Expires.Sub(t.Created).Seconds()),
	})
	return nil
}

// pollRate is how often a program may ask, with some patience for clocks.
func pollRate() Rate { return Rate{Burst: 1, Every: auth.DeviceEvery - time.Second} }

// pollsMost bounds the programs whose pace is watched.
const pollsMost = 10_000

// revoke ends a token that a program does not need any more (RFC 7009).
func (g *Gate) revoke(w http.ResponseWriter, r *http.Request) error {
	id, err := g.opt.Desk.Revoke(r.Context(), r.PostFormValue("token"))
	if err != nil {
		return err
	}
	if id.Token != "" {
		g.note(r, auth.Entry{Person: id.Person, Name: id.Account.Name, Action: auth.ActTokenRevoked, Target: id.Token})
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

// authorize begins the way through the browser (RFC 8252): it checks what the program asks for, and goes to the page that asks the
// person. What is wrong with the request is said on that page and not to an address that it may have made up.
func (g *Gate) authorize(w http.ResponseWriter, r *http.Request) error {
	ticket, err := g.beginCode(r.Context(), r.URL.Query())
	if e, ok := errors.AsType[*codecollab.Error](err); ok {
		http.Redirect(w, r, "/authorize?"+url.Values{"problem": {e.Code}}.Encode(), http.StatusSeeOther)
		return nil
	}
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, "/authorize?"+url.Values{"request": {ticket}}.Encode(), http.StatusSeeOther)
	return nil
}

func (g *Gate) beginCode(ctx context.Context, q url.Values) (string, error) {
	ask, err := auth.CheckAsk(q.Get("client_id"), q.Get("scope"))
	if err != nil {
		return "", err
	}
	ask.Redirect, ask.State, ask.Challenge = q.Get("redirect_uri"), q.Get("state"), q.Get("code_challenge")
	if err := auth.CheckRedirect(ask.Redirect); err != nil {
		return "", err
	}
	switch {
	case q.Get("response_type") != "code":
		return "", codecollab.Errorf(codecollab.Invalid, "unsupported_response_type", "The response type is code.")
	case q.Get("code_challenge_method") != "S256" || len(ask.Challenge) != 43: // SHA-256 in base64url
		return "", codecollab.Errorf(codecollab.Invalid, "invalid_request", "PKCE with S256 is needed.")
	case len(ask.State) > 500:
		return "", codecollab.Errorf(codecollab.Invalid, "invalid_request", "The state is longer than 500 characters.")
	}
	return g.opt.Desk.BeginCode(ctx, ask)
}

// askAnswer is what a program asks for, as our pages get it.
func askAnswer(a auth.Ask) map[string]any {
	return map[string]any{"client": a.Name(), "scopes": a.Scopes, "address": a.Address}
}

// device says what the program asks for whose code the person has typed. Codes are short, so that nobody may try many.
func (g *Gate) device(w http.ResponseWriter, r *http.Request) error {
	id, err := g.account(w, r)
	if err != nil {
		return err
	}
	var in struct{ Code string }
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	tries := "codes by " + id.Person
	if err := g.opt.Limits.Try(w, tries); err != nil {
		return err
	}
	ask, err := g.opt.Desk.Device(r.Context(), in.Code)
	if err != nil {
		return err
	}
	g.opt.Limits.Passed(tries)
	answer.JSON(w, http.StatusOK, askAnswer(ask))
	return nil
}

// answerDevice is what the person says to it.
func (g *Gate) answerDevice(w http.ResponseWriter, r *http.Request) error {
	id, err := g.account(w, r)
	if err != nil {
		return err
	}
	var in struct {
		Code  string
		Allow bool
	}
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	if _, err := g.opt.Desk.AnswerDevice(r.Context(), in.Code, id.Person, in.Allow); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// asked says what the program asks for that has sent the browser here.
func (g *Gate) asked(w http.ResponseWriter, r *http.Request) error {
	if _, err := g.account(w, r); err != nil {
		return err
	}
	var in struct{ Request string }
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	ask, err := g.opt.Desk.Code(r.Context(), in.Request)
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, askAnswer(ask))
	return nil
}

// answerAsked is what the person says to it, and where the browser goes then.
func (g *Gate) answerAsked(w http.ResponseWriter, r *http.Request) error {
	id, err := g.account(w, r)
	if err != nil {
		return err
	}
	var in struct {
		Request string
		Allow   bool
	}
	if err := answer.Read(w, r, &in); err != nil {
		return err
	}
	ask, code, err := g.opt.Desk.AnswerCode(r.Context(), in.Request, id.Person, in.Allow)
	if err != nil {
		return err
	}
	to, err := url.Parse(ask.Redirect)
	if err != nil {
		return err
	}
	q := to.Query()
	q.Set("iss", g.reachedAt(r)) // RFC 9207: the program sees who answers
	if ask.State != "" {
		q.Set("state", ask.State)
	}
	if code != "" {
		q.Set("code", code)
	} else {
		q.Set("error", "access_denied")
	}
	to.RawQuery = q.Encode()
	answer.JSON(w, http.StatusOK, map[string]string{"to": to.String()})
	return nil
}
