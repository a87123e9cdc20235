package oidc

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"codecollab.dev/internal/auth/fetch"
	"github.com/go-jose/go-jose/v4"
)

// keys are the public keys of one provider. They are fetched when they are old, and for a token that none of them has signed,
// but then no more often than the interval says: forged tokens must not make this server knock at the provider's door.
type keys struct {
	address string
	client  *http.Client
	now     func() time.Time
	keep    time.Duration
	again   time.Duration

	mu    sync.Mutex
	known []jose.JSONWebKey
	at    time.Time // when they were fetched
	tried time.Time
}

// payload returns what the token says when one of the keys has signed it. A key that the token brings along is not looked at.
func (k *keys) payload(ctx context.Context, token string, algorithms []string) ([]byte, error) {
	signed, err := jose.ParseSignedCompact(token, wanted(algorithms))
	if odd, ok := errors.AsType[*jose.ErrUnexpectedSignatureAlgorithm](err); ok {
		return nil, refuse("token_refused", "the ID token is signed with %q, which proves nothing or is not what the provider announces (%s)", short(string(odd.Got)), strings.Join(algorithms, ", "))
	}
	if err != nil {
		return nil, refuse("token_refused", "the ID token cannot be read").because(err)
	}
	if len(signed.Signatures) != 1 {
		return nil, refuse("token_refused", "the ID token has %d signatures; it must have one", len(signed.Signatures))
	}
	known, err := k.get(ctx, false)
	if err != nil {
		return nil, err
	}
	if payload, ok := verify(signed, known); ok {
		return payload, nil
	}
	if known, err = k.get(ctx, true); err != nil {
		return nil, err
	}
	if payload, ok := verify(signed, known); ok {
		return payload, nil
	}
	return nil, unsigned(signed.Signatures[0].Protected, known)
}

// unsigned says why no key fits.
func unsigned(header jose.Header, known []jose.JSONWebKey) error {
	var names []string
	for _, k := range known {
		names = append(names, k.KeyID)
	}
	own := ""
	if header.JSONWebKey != nil || header.ExtraHeaders["jku"] != nil || header.ExtraHeaders["x5u"] != nil {
		own = "; it brings a key of its own along, which is not looked at"
	}
	if !slices.Contains(names, header.KeyID) {
		return refuse("token_refused", "the ID token was signed with the key %q, which the provider does not publish (it publishes %s)%s", short(header.KeyID), strings.Join(names, ", "), own)
	}
	return refuse("token_refused", "the ID token names the provider's key %q, but was not signed with it%s", short(header.KeyID), own)
}

func verify(signed *jose.JSONWebSignature, known []jose.JSONWebKey) ([]byte, bool) {
	header := signed.Signatures[0].Protected
	for _, key := range known {
		if header.KeyID != "" && key.KeyID != header.KeyID || key.Algorithm != "" && key.Algorithm != header.Algorithm {
			continue
		}
		if payload, err := signed.Verify(key.Key); err == nil {
			return payload, true
		}
	}
	return nil, false
}

// get returns the keys; missed says that those known had not the one that is needed.
func (k *keys) get(ctx context.Context, missed bool) ([]jose.JSONWebKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.now()
	old := k.known == nil || now.Sub(k.at) >= k.keep
	if !old && !missed || k.known != nil && now.Sub(k.tried) < k.again {
		return k.known, nil
	}
	k.tried = now
	found, err := k.fetch(context.WithoutCancel(ctx))
	switch {
	case err == nil:
		k.known, k.at = found, now
	case k.known == nil || now.Sub(k.at) >= stale*k.keep:
		return nil, refuse("provider_failed", "the provider's keys cannot be fetched from %s", k.address).because(err)
	}
	return k.known, nil
}

// fetch leaves out what cannot sign ID tokens, so that one strange key does not spoil the others.
func (k *keys) fetch(ctx context.Context) ([]jose.JSONWebKey, error) {
	body, err := fetch.Get(ctx, k.client, k.address)
	if err != nil {
		return nil, err
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, err
	}
	found := []jose.JSONWebKey{}
	for _, raw := range set.Keys[:min(len(set.Keys), mostKeys)] {
		var key jose.JSONWebKey
		if key.UnmarshalJSON(raw) == nil && fits(key) {
			found = append(found, key)
		}
	}
	return found, nil
}

// mostKeys is more than any provider has; each may cost a look.
const mostKeys = 100

// shortRSA is the length below which RSA keys are not believed, in bits.
const shortRSA = 2048

func fits(key jose.JSONWebKey) bool {
	if !key.Valid() || !key.IsPublic() || key.Use != "" && key.Use != "sig" {
		return false
	}
	if r, ok := key.Key.(*rsa.PublicKey); ok && r.N.BitLen() < shortRSA {
		return false
	}
	return true
}

func wanted(names []string) []jose.SignatureAlgorithm {
	var all []jose.SignatureAlgorithm
	for _, n := range names {
		all = append(all, jose.SignatureAlgorithm(n))
	}
	return all
}
