package oidc

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"golang.org/x/oauth2"

	"codecollab.dev/internal/auth"
)

func (p *Provider) oauth(m *metadata, back string) *oauth2.Config {
	style := oauth2.AuthStyleInHeader
	if p.set.ClientSecret == "" || len(m.Methods) > 0 && !slices.Contains(m.Methods, "client_secret_basic") {
		style = oauth2.AuthStyleInParams
	}
	return &oauth2.Config{
		ClientID: p.set.ClientID, ClientSecret: p.set.ClientSecret, RedirectURL: back, Scopes: p.set.scopes(),
		Endpoint: oauth2.Endpoint{AuthURL: m.AuthURL, TokenURL: m.TokenURL, AuthStyle: style},
	}
}

// Begin implements Way.
func (p *Provider) Begin(ctx context.Context, e Errand) (address, sealed string, err error) {
	m, err := p.doc.get(ctx)
	if err != nil {
		return "", "", err
	}
	t := p.opt.Trips.begin(p.opt.ID, e, oauth2.GenerateVerifier())
	if sealed, err = p.opt.Trips.close(t); err != nil {
		return "", "", err
	}
	more := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(t.Verifier), oauth2.SetAuthURLParam("nonce", t.Nonce)}
	if p.set.HostedDomain != "" {
		more = append(more, oauth2.SetAuthURLParam("hd", p.set.HostedDomain))
	}
	return p.oauth(m, e.Back).AuthCodeURL(t.State, more...), sealed, nil
}

// Provider implements Way.
func (p *Provider) Provider() string { return p.opt.Provider }

// Finish implements Way.
func (p *Provider) Finish(ctx context.Context, back url.Values, sealed string) (l Landing, err error) {
	l.Trip, err = p.opt.Trips.land(ctx, p.opt.ID, back, sealed)
	if err != nil {
		return l, l.fail("state", err)
	}
	m, err := p.doc.get(ctx)
	if err != nil {
		return l, l.fail("discovery", err)
	}
	if err := answered(m, back); err != nil {
		return l, l.fail("state", err)
	}
	l.step("state", "the provider sent the browser back with a code")
	tokens, err := p.exchange(ctx, m, l.Trip, back.Get("code"))
	if err != nil {
		return l, l.fail("token", err)
	}
	l.step("token", "the provider took the code and the client's secret")
	c, err := p.believe(ctx, m, l.Trip, tokens)
	if err != nil {
		return l, l.fail("id_token", err)
	}
	l.step("id_token", "the ID token is signed by %s for this client: subject %s", m.Issuer, short(c.Subject))
	if c, err = p.complete(ctx, m, c, tokens); err != nil {
		return l, l.fail("name", err)
	}
	if err := p.admit(c); err != nil {
		return l, l.fail("domain", err)
	}
	p.arrive(&l, c, tokens)
	return l, nil
}

// answered reads what the provider says in the address: which provider it is (RFC 9207), and whether somebody signed in.
func answered(m *metadata, back url.Values) error {
	iss := back.Get("iss")
	switch {
	case iss == "" && m.SendsIss:
		return refuse("token_refused", "the answer does not say which provider it is from, although %s promises to (iss)", m.Issuer)
	case iss != "" && iss != m.Issuer:
		return refuse("token_refused", "the answer is from the provider %q; %q was asked", short(iss), m.Issuer)
	}
	return declined(back)
}

// declined reports what a provider says in the place of a code.
func declined(back url.Values) error {
	if code := back.Get("error"); code != "" {
		r := refuse("provider_failed", "the provider answered %q: %q", short(code), short(back.Get("error_description")))
		switch code {
		case "access_denied":
			r.Code = "denied"
			r.Fix = "The person declined, or is not assigned to this application at the provider."
		case "redirect_uri_mismatch", "invalid_request":
			r.Fix = "Check that the redirect address of this connection is registered at the provider, letter by letter."
		case "invalid_scope":
			r.Fix = "The provider does not know one of the scopes: leave them empty to ask for openid, profile and email."
		}
		return r
	}
	if back.Get("code") == "" {
		return refuse("provider_failed", "the answer of the provider has neither a code nor an error")
	}
	return nil
}

// exchange turns the code into tokens, with the proof that it was this trip that asked for it (PKCE).
func (p *Provider) exchange(ctx context.Context, m *metadata, t Trip, code string) (*oauth2.Token, error) {
	ctx = context.WithValue(ctx, oauth2.HTTPClient, p.opt.Client)
	tokens, err := p.oauth(m, t.Return).Exchange(ctx, code, oauth2.VerifierOption(t.Verifier))
	if err != nil {
		return nil, exchangeFailed(err, m.TokenURL)
	}
	return tokens, nil
}

func exchangeFailed(err error, address string) error {
	answer, ok := errors.AsType[*oauth2.RetrieveError](err)
	if !ok {
		return refuse("provider_failed", "the code could not be exchanged at %s", address).because(err)
	}
	r := refuse("provider_failed", "the provider did not take the code: %q %q", short(answer.ErrorCode), short(answer.ErrorDescription))
	if answer.ErrorCode == "" && answer.Response != nil {
		r = refuse("provider_failed", "the provider did not take the code: %s answered %s", address, answer.Response.Status)
	}
	switch answer.ErrorCode {
	case "invalid_client", "unauthorized_client":
		r.Fix = "Check the client ID and the client secret; secrets expire at some providers."
	case "invalid_grant":
		r.Fix = "Sign in again; if that does not help, check the redirect address at the provider and the clock of this server."
	}
	return r
}

// session is what the session keeps to be able to end that of the provider.
type session struct {
	IDToken string `json:"t,omitempty"`
}

// mostHint is the longest ID token that is kept as a hint for signing out: it goes into an address.
const mostHint = 4096

func (p *Provider) arrive(l *Landing, c claims, tokens *oauth2.Token) {
	l.Arrival = auth.Arrival{
		Provider: p.opt.Provider, Subject: c.Subject, Name: c.name(), Email: c.email(), Proven: c.proven(p.set.isEntra(), p.opt.Org != ""),
		Org: p.opt.Org, Via: p.opt.ID,
	}
	l.person()
	p.role(l, c)
	if raw, _ := tokens.Extra("id_token").(string); p.set.SignOut && len(raw) <= mostHint {
		detail, _ := json.Marshal(session{IDToken: raw}) // a struct of a text
		l.Arrival.Detail = string(detail)
	}
}

// person notes what is known about who arrives.
func (l *Landing) person() {
	in := l.Arrival
	if in.Name == "" {
		l.Steps = append(l.Steps, auth.Step{Name: "name", OK: true, Detail: "the provider tells no name; the person is asked for one", Fix: "Let the provider put the claim name into the ID token (scope profile)."})
	} else {
		l.step("name", "%s", in.Name)
	}
	switch {
	case in.Email == "":
		l.Steps = append(l.Steps, auth.Step{Name: "email", OK: true, Detail: "the provider tells no address", Fix: "Let the provider put the claim email into the ID token (scope email)."})
	case in.Proven:
		l.step("email", "%s; the provider says that it is theirs", in.Email)
	default:
		l.Steps = append(l.Steps, auth.Step{Name: "email", OK: true, Detail: in.Email + "; the provider does not say that it is theirs, so nothing is decided by it",
			Fix: "Let the provider send email_verified; in Entra ID, add the optional claim xms_edov."})
	}
}

// role maps groups. Who is in none of those mapped is a member: a role that was lost at the provider is lost here.
func (p *Provider) role(l *Landing, c claims) {
	if len(p.set.GroupRoles) == 0 {
		return
	}
	groups, elsewhere := c.groups(p.set.GroupsClaim)
	if elsewhere {
		l.Steps = append(l.Steps, auth.Step{Name: "groups", OK: true, Detail: "the person is in so many groups that the provider left them out of the token; their role stays as it is",
			Fix: "In Entra ID, choose “groups assigned to the application”, or app roles with the claim roles."})
		return
	}
	l.Arrival.Role = auth.OrgMember
	for _, g := range groups {
		if role, ok := p.set.GroupRoles[g]; ok && role.Better(l.Arrival.Role) {
			l.Arrival.Role = role
		}
	}
	if groups == nil {
		l.Steps = append(l.Steps, auth.Step{Name: "groups", OK: true, Detail: fmt.Sprintf("the provider sent no claim %q; the role is member", p.set.GroupsClaim),
			Fix: "If people should get roles by groups, let the provider put them into the ID token."})
		return
	}
	l.step("groups", "%d groups in %q; the role is %s", len(groups), p.set.GroupsClaim, l.Arrival.Role)
}

// admit keeps out who is not of the domain that Google was asked for: the parameter hd alone is but a wish.
func (p *Provider) admit(c claims) error {
	if p.set.HostedDomain == "" || subtle.ConstantTimeCompare([]byte(p.set.HostedDomain), []byte(c.HostedDomain)) == 1 {
		return nil
	}
	if c.HostedDomain == "" {
		return refuse("not_allowed", "the person has a private Google account; only those of %s may come in", p.set.HostedDomain)
	}
	return refuse("not_allowed", "the person is of %s; only those of %s may come in", short(c.HostedDomain), p.set.HostedDomain)
}

// Leave implements Way.
func (p *Provider) Leave(ctx context.Context, detail, back string) string {
	m, err := p.doc.get(ctx)
	if err != nil || !p.set.SignOut || m.EndURL == "" {
		return ""
	}
	var s session
	_ = json.Unmarshal([]byte(detail), &s) // without a hint the provider asks
	end, err := url.Parse(m.EndURL)
	if err != nil {
		return ""
	}
	q := end.Query()
	q.Set("client_id", p.set.ClientID)
	q.Set("post_logout_redirect_uri", back)
	if s.IDToken != "" {
		q.Set("id_token_hint", s.IDToken)
	}
	end.RawQuery = q.Encode()
	return end.String()
}
