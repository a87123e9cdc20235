package oidc

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/oauth2"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/fetch"
)

// GitHubID is how GitHub is called in sessions and trips; github.com in arrivals, too.
const GitHubID = "github"

// GitHub signs people in with GitHub's OAuth, which is not OpenID Connect: who somebody is, its API says.
type GitHub struct {
	oauth  oauth2.Config
	api    string
	name   string // as arrivals name it
	trips  *Trips
	client *http.Client
}

// GitHubOptions are what GitHub needs.
type GitHubOptions struct {
	URL          string // https://github.com, or that of a GitHub Enterprise Server
	ClientID     string
	ClientSecret string
	Trips        *Trips
	Client       *http.Client
}

// NewGitHub makes the way. Errors: "bad_connection".
func NewGitHub(opt GitHubOptions) (*GitHub, error) {
	base := strings.TrimSuffix(opt.URL, "/")
	if err := fetch.Address(base); err != nil {
		return nil, wrong("The address of GitHub does not fit: %v.", err)
	}
	if opt.ClientID == "" || opt.ClientSecret == "" {
		return nil, wrong("GitHub needs a client ID and a client secret: GitHub, Settings, Developer settings, OAuth apps.")
	}
	api, name := base+"/api/v3", base // each server has numbers of its own
	if base == "https://github.com" {
		api, name = "https://api.github.com", GitHubID
	}
	return &GitHub{
		oauth: oauth2.Config{
			ClientID: opt.ClientID, ClientSecret: opt.ClientSecret, Scopes: []string{"read:user", "user:email"},
			Endpoint: oauth2.Endpoint{AuthURL: base + "/login/oauth/authorize", TokenURL: base + "/login/oauth/access_token", AuthStyle: oauth2.AuthStyleInParams},
		},
		api: api, name: name, trips: opt.Trips, client: opt.Client,
	}, nil
}

// Begin implements Way.
func (g *GitHub) Begin(_ context.Context, e Errand) (address, sealed string, err error) {
	t := g.trips.begin(GitHubID, e, oauth2.GenerateVerifier())
	if sealed, err = g.trips.close(t); err != nil {
		return "", "", err
	}
	config := g.oauth
	config.RedirectURL = e.Back
	return config.AuthCodeURL(t.State, oauth2.S256ChallengeOption(t.Verifier)), sealed, nil
}

// Provider implements Way.
func (g *GitHub) Provider() string { return g.name }

// Finish implements Way.
func (g *GitHub) Finish(ctx context.Context, back url.Values, sealed string) (l Landing, err error) {
	l.Trip, err = g.trips.land(ctx, GitHubID, back, sealed)
	if err != nil {
		return l, l.fail("state", err)
	}
	if err := declined(back); err != nil {
		return l, l.fail("state", err)
	}
	l.step("state", "GitHub sent the browser back with a code")
	config := g.oauth
	config.RedirectURL = l.Trip.Return
	asking := context.WithValue(ctx, oauth2.HTTPClient, g.client)
	tokens, err := config.Exchange(asking, back.Get("code"), oauth2.VerifierOption(l.Trip.Verifier))
	if err != nil {
		return l, l.fail("token", exchangeFailed(err, g.oauth.Endpoint.TokenURL))
	}
	l.step("token", "GitHub took the code and the client's secret")
	l.Arrival, err = g.person(ctx, tokens.AccessToken)
	if err != nil {
		return l, l.fail("name", err)
	}
	l.person()
	return l, nil
}

// Leave implements Way: GitHub has no such place.
func (*GitHub) Leave(context.Context, string, string) string { return "" }

// person asks who the token belongs to. Their number is the subject: names can be given up and taken by others.
func (g *GitHub) person(ctx context.Context, token string) (auth.Arrival, error) {
	var user struct {
		ID    int64  `json:"id"`
		Login string `json:"login"`
		Name  string `json:"name"`
		Type  string `json:"type"`
	}
	if err := g.ask(ctx, "/user", token, &user); err != nil {
		return auth.Arrival{}, err
	}
	if user.ID <= 0 || user.Type != "" && user.Type != "User" {
		return auth.Arrival{}, refuse("token_refused", "GitHub's answer is about no person (id %d, type %q)", user.ID, short(user.Type))
	}
	var emails []struct {
		Email    string `json:"email"`
		Primary  bool   `json:"primary"`
		Verified bool   `json:"verified"`
	}
	if err := g.ask(ctx, "/user/emails", token, &emails); err != nil {
		return auth.Arrival{}, err
	}
	a := auth.Arrival{Provider: g.name, Subject: strconv.FormatInt(user.ID, 10), Name: clean(user.Name), Via: GitHubID}
	if a.Name == "" {
		a.Name = clean(user.Login)
	}
	for _, e := range emails {
		if e.Primary {
			a.Email = claims{Email: e.Email}.email()
			a.Proven = a.Email != "" && e.Verified
		}
	}
	return a, nil
}

func (g *GitHub) ask(ctx context.Context, path, token string, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, g.api+path, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept", "application/vnd.github+json")
	answer, err := g.client.Do(r)
	if err != nil {
		return refuse("provider_failed", "GitHub does not say who this is").because(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return refuse("provider_failed", "GitHub does not say who this is: %s%s answered %s", g.api, path, answer.Status)
	}
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		return refuse("provider_failed", "GitHub's answer cannot be read").because(fmt.Errorf("%s%s: %w", g.api, path, err))
	}
	return nil
}
