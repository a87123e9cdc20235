package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"strings"
)

// Guest is someone who is known by nothing but a token.
type Guest struct {
	Person string // the id by which the person goes in logs; it does not give the token away
	token  string
}

const tokenLen = 26 // what rand.Text gives: 130 bits

// NewGuest makes a guest with a token that nobody can guess.
func NewGuest() Guest { return guest(rand.Text()) }

// ParseToken returns the guest that a token belongs to; ok is false when it is none that NewGuest could have made.
func ParseToken(token string) (g Guest, ok bool) {
	if len(token) != tokenLen || strings.Trim(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" {
		return Guest{}, false
	}
	return guest(token), true
}

// Token is the secret by which the guest is known.
func (g Guest) Token() string { return g.token }

func guest(token string) Guest {
	sum := sha256.Sum256([]byte("codecollab person " + token))
	id := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:])
	return Guest{Person: "p" + strings.ToLower(id[:20]), token: token}
}
