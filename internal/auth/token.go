package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"strings"
)

// What tokens begin with tells what they are: to us, and to programs that look for secrets in code.
const (
	sessionPrefix = "ccs_"
	apiPrefix     = "cca_"
)

// newSecret makes a token that nobody can guess: 260 bits behind its prefix.
func newSecret(prefix string) string { return prefix + rand.Text() + rand.Text() }

// hashOf is what is kept of a token. It needs no salt and no time: nobody can try 2^260 tokens.
func hashOf(token string) [sha256.Size]byte {
	return sha256.Sum256([]byte("codecollab token " + token))
}

// newID makes the id of something that is no secret: a letter that says what it is, and 100 bits.
func newID(letter string) string { return letter + strings.ToLower(rand.Text()[:20]) }

// IsSession reports whether a token looks like one of a session.
func IsSession(token string) bool { return strings.HasPrefix(token, sessionPrefix) }

// IsAPIToken reports whether a token looks like one that a program uses for a person.
func IsAPIToken(token string) bool { return strings.HasPrefix(token, apiPrefix) }
