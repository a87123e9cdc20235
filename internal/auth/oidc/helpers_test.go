package oidc_test

import (
	"crypto/rand"
	"crypto/rsa"

	"github.com/go-jose/go-jose/v4"

	"codecollab.dev/internal/auth/oidc/oidctest"
)

func signer(p *oidctest.Provider) jose.SigningKey {
	return jose.SigningKey{Algorithm: jose.ES256, Key: p.Key}
}

// strange are keys that must not be believed: too short, and not for signatures.
func strange() []jose.JSONWebKey {
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		panic(err)
	}
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return []jose.JSONWebKey{
		{Key: &short.PublicKey, KeyID: "short", Algorithm: "RS256", Use: "sig"},
		{Key: &other.PublicKey, KeyID: "encryption", Use: "enc"},
	}
}
