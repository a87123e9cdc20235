package auth

import (
	"context"
	"time"
)

// Belongings are what is kept of a person beside rooms, as the person gets it: no secret, and no hash of one.
type Belongings struct {
	Account     Account        `json:"account"`
	Identities  []KnownAs      `json:"identities"`
	Sessions    []Session      `json:"sessions"`
	Tokens      []KnownToken   `json:"tokens"`
	Passkeys    []KnownPasskey `json:"passkeys"`
	Memberships []Membership   `json:"organisations"`
	Former      []string       `json:"guests"` // the ids of the guests that the person was
}

// KnownAs is what a provider calls a person.
type KnownAs struct {
	Provider string    `json:"provider"`
	Subject  string    `json:"subject"`
	Created  time.Time `json:"created"`
}

// KnownToken is an API token, without the token.
type KnownToken struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Scopes  string    `json:"scopes"`
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen"`
	Expires time.Time `json:"expires"` // zero: never
}

// KnownPasskey is a passkey, without its key.
type KnownPasskey struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen"`
}

// Erasure keeps who has been deleted.
type Erasure interface {
	Belongings(ctx context.Context, account string) (Belongings, error)
	// MayGo says why an account may not be deleted. Errors: "last_admin", "last_owner", "managed".
	MayGo(ctx context.Context, account string) error
	// DeleteAccount takes an account away, with all that hangs on it, and returns the ids by which the person went. Errors: as MayGo.
	DeleteAccount(ctx context.Context, account string) (ids []string, err error)
	// EraseGuest does so with a guest.
	EraseGuest(ctx context.Context, guest string) error
}

// Delete deletes whoever an identity is, signs them out everywhere, and returns the ids by which they went. Errors: those of
// Erasure.MayGo.
func (d *Desk) Delete(ctx context.Context, from Erasure, id Identity) (ids []string, err error) {
	if id.Account == nil {
		ids, err = []string{id.Person}, from.EraseGuest(ctx, id.Person)
	} else {
		ids, err = from.DeleteAccount(ctx, id.Person)
	}
	if err != nil {
		return nil, err
	}
	for _, one := range ids {
		d.changed(one, &Ended{Person: one})
	}
	return ids, nil
}
