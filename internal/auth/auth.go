// Package auth knows who is asking. For now everybody is a guest: a random token in a cookie, or sent as a bearer token
// by programs, and the person's id follows from the token alone, so nothing about guests needs to be stored.
package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"net/http"
	"strings"
	"time"
)

// Cookie is the name of the cookie that holds a guest's token.
const Cookie = "codecollab"

// Guest is someone who is known by nothing but a token.
type Guest struct {
	Person string // the id by which the person goes in logs; it does not give the token away
	token  string
}

const tokenLen = 26 // what rand.Text gives: 130 bits

// guest derives the person from a token.
func guest(token string) Guest {
	sum := sha256.Sum256([]byte("codecollab person " + token))
	id := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:])
	return Guest{Person: "p" + strings.ToLower(id[:20]), token: token}
}

// FromRequest returns who sends a request; ok is false when it has no usable token.
func FromRequest(r *http.Request) (g Guest, ok bool) {
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !bearer {
		c, err := r.Cookie(Cookie)
		if err != nil {
			return Guest{}, false
		}
		token = c.Value
	}
	if len(token) != tokenLen || strings.Trim(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" {
		return Guest{}, false
	}
	return guest(token), true
}

// NewGuest makes a guest with a token that nobody can guess.
func NewGuest() Guest { return guest(rand.Text()) }

// SetCookie remembers the guest in the browser for a year. secure keeps the cookie off plain HTTP.
func (g Guest) SetCookie(w http.ResponseWriter, secure bool) {
	http.SetCookie(w, &http.Cookie{
		Name: Cookie, Value: g.token, Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
		HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode,
	})
}
