package oidc

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"maps"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// believe checks the ID token: the keys look at the signature, the library at issuer and audience, and all else is looked at here.
func (p *Provider) believe(ctx context.Context, m *metadata, t Trip, tokens *oauth2.Token) (claims, error) {
	raw, _ := tokens.Extra("id_token").(string)
	switch {
	case raw == "":
		return claims{}, refuse("token_refused", "the provider sent no ID token").fix("The scope openid is needed, and at the provider an application of OpenID Connect rather than plain OAuth.")
	case strings.Count(raw, ".") == 4:
		return claims{}, refuse("token_refused", "the ID token is encrypted").fix("Turn the encryption of ID tokens off for this client: they come over HTTPS.")
	case strings.Count(raw, ".") != 2:
		return claims{}, refuse("token_refused", "the ID token is not of three parts")
	}
	payload, err := m.keys.payload(ctx, raw, m.algorithms())
	if err != nil {
		return claims{}, err
	}
	verifier := oidc.NewVerifier(m.Issuer, known(payload), &oidc.Config{
		ClientID: p.set.ClientID, SupportedSigningAlgs: m.algorithms(), SkipExpiryCheck: true, // times are checked below, with a smaller leeway
	})
	token, err := verifier.Verify(ctx, raw)
	if err != nil {
		return claims{}, refuse("token_refused", "the ID token is not meant for this sign-in: %s", short(strings.TrimPrefix(err.Error(), "oidc: ")))
	}
	var c claims
	if err := c.read(token.Claims); err != nil {
		return claims{}, err
	}
	if err := p.checkTimes(token, c, t); err != nil {
		return claims{}, err
	}
	return c, p.checkParties(token, c, t, tokens.AccessToken)
}

// known is what a signature was found to cover, handed to the library as its KeySet: it would lose the reason of a refusal.
type known []byte

// VerifySignature implements the library's KeySet.
func (k known) VerifySignature(context.Context, string) ([]byte, error) { return k, nil }

func (p *Provider) checkTimes(token *oidc.IDToken, c claims, t Trip) error {
	now, leeway := p.opt.Now(), p.opt.Leeway
	clock := "Check the clocks of this server and of the provider: they may be " + leeway.String() + " apart."
	switch {
	case token.Expiry.Unix() <= 0:
		return refuse("token_refused", "the ID token does not say until when it holds (exp)")
	case token.IssuedAt.Unix() <= 0:
		return refuse("token_refused", "the ID token does not say when it was issued (iat)")
	case !now.Before(token.Expiry.Add(leeway)):
		return refuse("token_refused", "the ID token expired at %s; here it is %s", stamp(token.Expiry), stamp(now)).fix("%s", clock)
	case token.IssuedAt.After(now.Add(leeway)):
		return refuse("token_refused", "the ID token was issued in the future, at %s; here it is %s", stamp(token.IssuedAt), stamp(now)).fix("%s", clock)
	case token.IssuedAt.Before(t.Began.Truncate(time.Second).Add(-leeway)):
		return refuse("token_refused", "the ID token was issued at %s, before this sign-in began at %s", stamp(token.IssuedAt), stamp(t.Began)).fix("%s", clock)
	case c.NotBefore != 0 && unix(c.NotBefore).After(now.Add(leeway)):
		return refuse("token_refused", "the ID token does not hold before %s; here it is %s", stamp(unix(c.NotBefore)), stamp(now)).fix("%s", clock)
	}
	return nil
}

func unix(seconds float64) time.Time { return time.Unix(int64(seconds), 0) }

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// checkParties finds out whether the token is for this client, this trip, and belongs to the access token beside it.
func (p *Provider) checkParties(token *oidc.IDToken, c claims, t Trip, access string) error {
	switch {
	case c.Subject == "" || len(c.Subject) > 255:
		return refuse("token_refused", "the ID token does not say who it is about (sub), or at more length than 255 bytes")
	case token.Nonce == "":
		return refuse("token_refused", "the ID token does not say for which sign-in it is (nonce)")
	case subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(t.Nonce)) != 1:
		return refuse("token_refused", "the ID token is for another sign-in than this one (nonce)")
	case len(token.Audience) > 1 && c.Party == "":
		return refuse("token_refused", "the ID token is for %d applications and does not say which of them asked for it (azp)", len(token.Audience))
	case c.Party != "" && c.Party != p.set.ClientID:
		return refuse("token_refused", "the ID token was asked for by another application, %q (azp)", short(c.Party))
	}
	if token.AccessTokenHash != "" {
		if err := token.VerifyAccessToken(access); err != nil {
			return refuse("token_refused", "the ID token belongs to another access token than came with it").because(err)
		}
	}
	return nil
}

// claims are what a provider says about a person.
type claims struct {
	Subject      string  `json:"sub"`
	Party        string  `json:"azp"`
	NotBefore    float64 `json:"nbf"`
	Name         string  `json:"name"`
	GivenName    string  `json:"given_name"`
	FamilyName   string  `json:"family_name"`
	Preferred    string  `json:"preferred_username"`
	Email        string  `json:"email"`
	Verified     flag    `json:"email_verified"`
	EntraEdov    flag    `json:"xms_edov"`
	HostedDomain string  `json:"hd"`

	all map[string]json.RawMessage
}

func (c *claims) read(into func(any) error) error {
	if err := into(c); err != nil {
		return refuse("token_refused", "the provider's words about the person cannot be read").because(err)
	}
	return into(&c.all)
}

// flag is a truth value, which some providers write as a text or a number.
type flag bool

// UnmarshalJSON implements json.Unmarshaler: what is not clearly true is false.
func (f *flag) UnmarshalJSON(b []byte) error {
	text := strings.Trim(string(b), `"`)
	*f = text == "true" || text == "True" || text == "1"
	return nil
}

// complete asks the userinfo endpoint for what the ID token lacks.
func (p *Provider) complete(ctx context.Context, m *metadata, c claims, tokens *oauth2.Token) (claims, error) {
	_, hasGroups := c.all[p.set.GroupsClaim]
	if m.UserURL == "" || c.name() != "" && c.Email != "" && (hasGroups || p.set.GroupsClaim == "") {
		return c, nil
	}
	ctx = oidc.ClientContext(ctx, p.opt.Client)
	asked := (&oidc.ProviderConfig{IssuerURL: m.Issuer, UserInfoURL: m.UserURL, JWKSURL: m.KeysURL}).NewProvider(ctx)
	info, err := asked.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	if err != nil {
		return c, refuse("provider_failed", "the provider does not say more about the person at %s", m.UserURL).because(err)
	}
	if info.Subject != c.Subject {
		return c, refuse("token_refused", "the provider's userinfo is about another person (%q) than the ID token (%q)", short(info.Subject), short(c.Subject))
	}
	var more claims
	if err := more.read(info.Claims); err != nil {
		return c, err
	}
	return c.with(more), nil
}

// with fills what c lacks. An address and whether it is theirs come from the same mouth. What the provider signed stays as it is.
func (c claims) with(more claims) claims {
	if c.Email == "" {
		c.Email, c.Verified, c.EntraEdov = more.Email, more.Verified, more.EntraEdov
	}
	if c.name() == "" {
		c.Name, c.GivenName, c.FamilyName, c.Preferred = more.Name, more.GivenName, more.FamilyName, more.Preferred
	}
	all := maps.Clone(more.all)
	maps.Copy(all, c.all)
	c.all = all
	return c
}

// name is what the person is called: their own name first, then that of their account.
func (c claims) name() string {
	for _, name := range []string{c.Name, c.GivenName + " " + c.FamilyName, c.Preferred} {
		if name = clean(name); name != "" {
			return name
		}
	}
	return ""
}

// longestName is what an account's name may have, in bytes.
const longestName = 100

// clean makes one line of a name.
func clean(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, name)
	name = strings.Join(strings.Fields(name), " ")
	for len(name) > longestName {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return name
}

// email is their address in lower case; "" for what is none.
func (c claims) email() string {
	e := strings.ToLower(strings.TrimSpace(c.Email))
	at := strings.LastIndexByte(e, '@')
	if at <= 0 || at == len(e)-1 || len(e) > 254 || strings.ContainsFunc(e, func(r rune) bool { return r <= ' ' || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
		return ""
	}
	return e
}

// proven reports whether the provider says that the address is theirs. Entra ID has a word of its own (xms_edov), which most tenants
// do not send: its administrators can write any address into an account, but nobody else can. So without that word its addresses
// prove nothing to the installation, and to the tenant's own organisation (theirs) what the organisation may vouch for; those of
// guests (idp) are the word of another tenant's administrators.
func (c claims) proven(entra, theirs bool) bool {
	if c.email() == "" {
		return false
	}
	if !entra {
		return bool(c.Verified)
	}
	_, said := c.all["xms_edov"]
	_, guest := c.all["idp"]
	return bool(c.EntraEdov) || theirs && !said && !guest
}

// groups reads a claim of texts; elsewhere says that the provider left it out because it would be too long.
func (c claims) groups(claim string) (names []string, elsewhere bool) {
	raw, ok := c.all[claim]
	if !ok {
		var sources map[string]json.RawMessage
		_ = json.Unmarshal(c.all["_claim_names"], &sources) // most tokens have none
		_, elsewhere = sources[claim]
		return nil, elsewhere
	}
	if json.Unmarshal(raw, &names) == nil && names != nil {
		return names, false
	}
	var one string
	if json.Unmarshal(raw, &one) == nil && one != "" {
		return strings.Fields(strings.ReplaceAll(one, ",", " ")), false
	}
	return []string{}, false
}
