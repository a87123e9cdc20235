package auth

import (
	"context"
	"time"
)

// Passkey is a key pair of which a person's authenticator has the private half.
type Passkey struct {
	ID         string    `json:"id"`
	Account    string    `json:"-"`
	Credential []byte    `json:"-"` // what the authenticator calls it
	Name       string    `json:"name"`
	Data       string    `json:"-"` // JSON, of package passkey: the public key and how often it has signed
	Created    time.Time `json:"created"`
	Seen       time.Time `json:"seen"`
}

// Passkeys keep them.
type Passkeys interface {
	// AddPasskey keeps a passkey, unless its account has so many. Errors: "taken", "too_many_passkeys".
	AddPasskey(ctx context.Context, k Passkey, most int) error
	// PasskeyBy finds one by what its authenticator calls it. Error "no_passkey".
	PasskeyBy(ctx context.Context, credential []byte) (Passkey, error)
	// Passkeys lists those of an account, the newest first.
	Passkeys(ctx context.Context, account string) ([]Passkey, error)
	// UsePasskey notes a use, if nobody else has since the passkey was read. false: somebody has.
	UsePasskey(ctx context.Context, k Passkey, data string, seen time.Time) (bool, error)
	// EndPasskey takes one away from an account. false: it has no such passkey.
	EndPasskey(ctx context.Context, account, id string) (bool, error)
}

// Put keeps something that works once, and returns the token by which it is taken.
func (d *Desk) Put(ctx context.Context, o Once) (token string, err error) { return d.putOnce(ctx, o) }

// Take takes something that works once. Error "no_once".
func (d *Desk) Take(ctx context.Context, kind, token string) (Once, error) {
	hash := hashOf(token)
	return d.opt.Store.TakeOnce(ctx, kind, hash[:], d.opt.Now())
}

// NewPasskeyID makes the id of a passkey.
func NewPasskeyID() string { return newID("k") }
