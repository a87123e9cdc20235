package main

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/fetch"
	"codecollab.dev/internal/auth/oidc"
	"codecollab.dev/internal/config"
	"codecollab.dev/internal/gate"
)

// externalWays are the ways to sign in by somebody else's accounts that the settings name. Nobody is asked before somebody comes:
// a provider that does not answer keeps no server from starting.
func externalWays(s config.Settings, sealer *auth.Sealer, used oidc.Used) (gate.External, error) {
	limits := fetch.Limits{Time: s.SsoTimeout, Bytes: int64(s.SsoAnswerMax), Private: true}
	opt := oidc.Options{
		Trips: oidc.NewTrips(sealer, s.SsoTripTime, used, time.Now), Client: fetch.Client(limits),
		Leeway: s.SsoClockSkew, Keep: s.SsoKeep, Again: s.SsoKeysAgain,
	}
	theirs := opt
	limits.Private = s.SsoPrivateNetworks
	theirs.Client = fetch.Client(limits)
	out := gate.External{Trips: opt.Trips, Connections: oidc.NewConnections(theirs)}
	for _, open := range []func(config.Settings, oidc.Options) (gate.Provider, error){ownProvider, googleProvider, githubProvider} {
		p, err := open(s, opt)
		if err != nil {
			return out, err
		}
		if p.External != nil {
			out.Providers = append(out.Providers, p)
		}
	}
	return out, nil
}

// ownProvider is the installation's own.
func ownProvider(s config.Settings, opt oidc.Options) (gate.Provider, error) {
	if s.OidcIssuer == "" {
		return gate.Provider{}, nil
	}
	name := s.OidcName
	if u, err := url.Parse(s.OidcIssuer); err == nil && name == "" {
		name = u.Hostname()
	}
	set := oidc.Settings{
		Issuer: s.OidcIssuer, ClientID: s.OidcClient, ClientSecret: s.OidcSecret.Reveal(), Scopes: strings.Fields(s.OidcScopes), SignOut: s.OidcSignOut,
	}
	return openID(gate.Way{ID: "main", Name: name}, set, opt, "oidc-issuer, oidc-client and oidc-secret")
}

// googleProvider is Google's.
func googleProvider(s config.Settings, opt oidc.Options) (gate.Provider, error) {
	if s.GoogleClient == "" {
		return gate.Provider{}, nil
	}
	set := oidc.Settings{Issuer: oidc.Google, ClientID: s.GoogleClient, ClientSecret: s.GoogleSecret.Reveal(), HostedDomain: s.GoogleDomain}
	return openID(gate.Way{ID: "google", Name: "Google"}, set, opt, "google-client, google-secret and google-domain")
}

func openID(way gate.Way, set oidc.Settings, opt oidc.Options, named string) (gate.Provider, error) {
	opt.ID = way.ID
	p, err := oidc.New(set, opt)
	if err != nil {
		return gate.Provider{}, fmt.Errorf("%s: %w", named, err)
	}
	way.Kind, way.Path = oidc.Kind, "/auth/oidc/"+way.ID
	return gate.Provider{Way: way, External: p}, nil
}

// githubProvider is GitHub's.
func githubProvider(s config.Settings, opt oidc.Options) (gate.Provider, error) {
	if s.GithubClient == "" {
		return gate.Provider{}, nil
	}
	p, err := oidc.NewGitHub(oidc.GitHubOptions{
		URL: s.GithubURL, ClientID: s.GithubClient, ClientSecret: s.GithubSecret.Reveal(), Trips: opt.Trips, Client: opt.Client,
	})
	if err != nil {
		return gate.Provider{}, fmt.Errorf("github-url, github-client and github-secret: %w", err)
	}
	return gate.Provider{Way: gate.Way{ID: oidc.GitHubID, Kind: oidc.GitHubID, Name: "GitHub", Path: "/auth/github"}, External: p}, nil
}
