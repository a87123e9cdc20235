package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"codecollab.dev/internal/auth/fetch"
)

// metadata is what a provider says about itself, as far as it matters here.
type metadata struct {
	Issuer     string   `json:"issuer"`
	AuthURL    string   `json:"authorization_endpoint"`
	TokenURL   string   `json:"token_endpoint"`
	KeysURL    string   `json:"jwks_uri"`
	UserURL    string   `json:"userinfo_endpoint"`
	EndURL     string   `json:"end_session_endpoint"`
	Algorithms []string `json:"id_token_signing_alg_values_supported"`
	Challenges []string `json:"code_challenge_methods_supported"`
	Methods    []string `json:"token_endpoint_auth_methods_supported"`
	SendsIss   bool     `json:"authorization_response_iss_parameter_supported"`

	keys *keys
}

// discovery keeps the metadata of one provider, and asks for it again when it has become old. When that fails, what is known
// goes on for as long again: a provider that has a bad minute does not lock people out.
type discovery struct {
	issuer string
	client *http.Client
	now    func() time.Time
	keep   time.Duration
	again  time.Duration

	mu     sync.Mutex
	known  *metadata
	at     time.Time // when it was fetched
	tried  time.Time // when that was tried last
	failed error     // what came of it
}

// stale is how many times longer than usual metadata is used while the provider does not answer.
const stale = 24

// retry is how long a failure is believed when nothing is known.
const retry = 5 * time.Second

func (d *discovery) get(ctx context.Context) (*metadata, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	if d.known != nil && now.Sub(d.at) < d.keep {
		return d.known, nil
	}
	usable := d.known != nil && now.Sub(d.at) < stale*d.keep
	wait := retry
	if usable {
		wait = d.again
	}
	if d.failed != nil && now.Sub(d.tried) < wait {
		return d.or(usable, d.failed)
	}
	m, err := ask(context.WithoutCancel(ctx), d.client, d.issuer)
	d.tried, d.failed = now, err
	if err != nil {
		return d.or(usable, err)
	}
	if d.known != nil && d.known.KeysURL == m.KeysURL {
		m.keys = d.known.keys
	} else {
		m.keys = &keys{address: m.KeysURL, client: d.client, now: d.now, keep: d.keep, again: d.again}
	}
	d.known, d.at = m, now
	return m, nil
}

func (d *discovery) or(usable bool, err error) (*metadata, error) {
	if usable {
		return d.known, nil
	}
	return nil, err
}

// ask fetches metadata and refuses what cannot be used.
func ask(ctx context.Context, client *http.Client, issuer string) (*metadata, error) {
	address := strings.TrimSuffix(issuer, "/") + "/.well-known/openid-configuration"
	body, err := fetch.Get(ctx, client, address)
	if err != nil {
		r := refuse("provider_failed", "what the provider says about itself cannot be fetched from %s", address).because(err)
		if errors.Is(err, fetch.ErrPrivate) {
			return nil, r.fix("Ask the operator of this server to allow addresses of private networks (sso-private-networks).")
		}
		return nil, r.fix("Check the issuer, and that this server can reach it.")
	}
	var m metadata
	if err := json.Unmarshal(body, &m); err != nil {
		return nil, refuse("provider_failed", "%s is not the JSON that providers say about themselves", address).because(err).fix("Check the issuer: it is the part before /.well-known/openid-configuration.")
	}
	return &m, m.check(issuer)
}

func (m *metadata) check(issuer string) error {
	if m.Issuer != issuer {
		return refuse("provider_failed", "the issuer is given as %q, but the provider calls itself %q", issuer, short(m.Issuer)).
			fix("Give the issuer exactly as the provider calls itself, to the last slash.")
	}
	for name, address := range map[string]string{"authorization_endpoint": m.AuthURL, "token_endpoint": m.TokenURL, "jwks_uri": m.KeysURL} {
		if err := fetch.Address(address); err != nil {
			return refuse("provider_failed", "the provider's %s cannot be used", name).because(err)
		}
	}
	for name, address := range map[string]string{"userinfo_endpoint": m.UserURL, "end_session_endpoint": m.EndURL} {
		if address == "" {
			continue
		}
		if err := fetch.Address(address); err != nil {
			return refuse("provider_failed", "the provider's %s cannot be used", name).because(err)
		}
	}
	if len(m.algorithms()) == 0 {
		return refuse("provider_failed", "the provider signs with %v only; this server takes %v", m.Algorithms, algorithms).
			fix("Let the provider sign ID tokens for this client with RS256 or ES256.")
	}
	if len(m.Challenges) > 0 && !slices.Contains(m.Challenges, "S256") {
		return refuse("provider_failed", "the provider knows PKCE by %v only; this server uses S256", m.Challenges)
	}
	return nil
}

// algorithms are those that may sign an ID token: all prove who signed to those who cannot sign themselves. Neither none nor HS*
// will ever be among them.
var algorithms = []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}

// algorithms are those of them that the provider says it uses; all when it does not say.
func (m *metadata) algorithms() []string {
	if len(m.Algorithms) == 0 {
		return algorithms
	}
	return slices.DeleteFunc(slices.Clone(algorithms), func(a string) bool { return !slices.Contains(m.Algorithms, a) })
}
