package oidc

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/fetch"
)

// Settings say which provider is asked, and how its words are understood.
type Settings struct {
	Issuer       string                  `json:"issuer"` // exactly as the provider calls itself
	ClientID     string                  `json:"clientId"`
	ClientSecret string                  `json:"clientSecret,omitempty"` // "" for a public client: PKCE alone
	Scopes       []string                `json:"scopes,omitempty"`       // nil: openid, profile and email
	HostedDomain string                  `json:"hostedDomain,omitempty"` // Google alone: whose people may come in
	GroupsClaim  string                  `json:"groupsClaim,omitempty"`  // "groups", "roles" …: a claim of texts
	GroupRoles   map[string]auth.OrgRole `json:"groupRoles,omitempty"`   // from its values to roles; of several the best counts
	SignOut      bool                    `json:"signOut,omitempty"`      // signing out here signs out at the provider too
}

// Google is the issuer of Google's accounts.
const Google = "https://accounts.google.com"

// entraHost is where Microsoft's tenants have their issuers.
const entraHost = "login.microsoftonline.com"

// Preset is what is known about a provider before anybody has typed anything.
type Preset struct {
	Name   string
	Issuer string // with {…} for what is each customer's own
	Scopes []string
	Groups string // the claim that its set-up guide makes
}

// Presets are the providers that the set-up page guides through.
func Presets() map[string]Preset {
	return map[string]Preset{
		"google": {Name: "Google", Issuer: Google},
		"okta":   {Name: "Okta", Issuer: "https://{domain}.okta.com", Scopes: []string{"openid", "profile", "email", "groups"}, Groups: "groups"},
		"entra":  {Name: "Microsoft Entra ID", Issuer: "https://" + entraHost + "/{tenant}/v2.0", Groups: "roles"},
	}
}

// Validate says what is wrong with the settings of an organisation's connection. Errors: "bad_connection".
func (s Settings) Validate() error {
	if err := s.validate(); err != nil {
		return err
	}
	if s.Issuer == Google && s.HostedDomain == "" {
		return wrong("Google signs in everybody who has a Google account: name your organisation's domain (example.com) as hosted domain.")
	}
	return nil
}

// validate is Validate for the installation's own provider, which may take everybody.
func (s Settings) validate() error {
	switch {
	case s.Issuer == "":
		return wrong("The issuer is missing: the address by which the provider calls itself.")
	case s.ClientID == "":
		return wrong("The client ID is missing: the provider shows it where this application is registered.")
	case s.HostedDomain != "" && s.Issuer != Google:
		return wrong("A hosted domain is for the issuer %s alone.", Google)
	case len(s.GroupRoles) > 0 && s.GroupsClaim == "":
		return wrong("Groups are mapped to roles, but the name of the claim that has the groups is missing.")
	case len(s.Scopes) > mostWords || len(s.GroupRoles) > mostWords*10:
		return wrong("More than %d scopes or %d groups are not understood.", mostWords, mostWords*10)
	}
	if err := fetch.Address(s.Issuer); err != nil {
		return wrong("The issuer does not fit: %v.", err)
	}
	for group, role := range s.GroupRoles {
		if !slices.Contains([]auth.OrgRole{auth.OrgAdmin, auth.OrgMember}, role) {
			return wrong("The group %q is mapped to %q, which no group can give: admin or member. Owners are made by owners.", group, role)
		}
	}
	for _, scope := range s.Scopes {
		if scope == "" || strings.ContainsFunc(scope, func(r rune) bool { return r <= ' ' || r == '"' || r == '\\' || r > '~' }) {
			return wrong("%q is no scope.", scope)
		}
	}
	return s.validateEntra()
}

const mostWords = 50

// validateEntra refuses the issuers of everybody: tokens name the tenant, which would have to be checked in a list.
func (s Settings) validateEntra() error {
	u, err := url.Parse(s.Issuer)
	if err != nil || u.Host != entraHost {
		return nil
	}
	tenant, version, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	switch {
	case slices.Contains([]string{"common", "organizations", "consumers", ""}, tenant):
		return wrong("The issuer of Entra ID must name your tenant: https://%s/TENANT-ID/v2.0, not %q.", entraHost, tenant)
	case version != "v2.0":
		return wrong("The issuer of Entra ID must end in /v2.0: https://%s/%s/v2.0.", entraHost, tenant)
	}
	return nil
}

func (s Settings) isEntra() bool {
	u, err := url.Parse(s.Issuer)
	return err == nil && u.Host == entraHost
}

// scopes are those asked for; openid is what makes it OpenID Connect.
func (s Settings) scopes() []string {
	if len(s.Scopes) == 0 {
		return []string{"openid", "profile", "email"}
	}
	if slices.Contains(s.Scopes, "openid") {
		return s.Scopes
	}
	return append([]string{"openid"}, s.Scopes...)
}

func wrong(format string, args ...any) error {
	return codecollab.Errorf(codecollab.Invalid, "bad_connection", "%s", fmt.Sprintf(format, args...))
}
