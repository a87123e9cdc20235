package oidc

import (
	"context"
	"errors"
	"strings"

	"codecollab.dev/internal/auth"
)

// Check tries what can be tried without a person: the settings, what the provider says about itself, and its keys.
func (p *Provider) Check(ctx context.Context) []auth.Step {
	var l Landing
	l.step("settings", "issuer %s, client %s", p.set.Issuer, p.set.ClientID)
	m, err := ask(ctx, p.opt.Client, p.set.Issuer)
	if err != nil {
		_ = l.fail("discovery", err)
		return l.Steps
	}
	l.step("discovery", "the provider calls itself %s and signs with %s", m.Issuer, strings.Join(m.algorithms(), ", "))
	found, err := (&keys{address: m.KeysURL, client: p.opt.Client, now: p.opt.Now}).fetch(ctx)
	if err == nil && len(found) == 0 {
		err = errors.New("there is none that can sign ID tokens")
	}
	if err != nil {
		_ = l.fail("keys", refuse("provider_failed", "the keys of the provider at %s cannot be used", m.KeysURL).because(err))
		return l.Steps
	}
	l.step("keys", "%d keys at %s", len(found), m.KeysURL)
	if p.set.SignOut && m.EndURL == "" {
		l.Steps = append(l.Steps, auth.Step{Name: "sign_out", Detail: "the provider has no address for signing out (end_session_endpoint)", Fix: "Turn signing out at the provider off."})
	}
	return l.Steps
}
