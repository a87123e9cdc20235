// Package passkey signs people in by what their device signs (WebAuthn, https://www.w3.org/TR/webauthn-3/). The keys are
// discoverable: nobody says who they are first, so nobody learns who has an account. The device has to check that it is the person
// (user verification), for there is no second proof.
package passkey

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
)

// Desk keeps what was begun until it is finished.
type Desk interface {
	Put(ctx context.Context, o auth.Once) (token string, err error)
	Take(ctx context.Context, kind, token string) (auth.Once, error)
	Account(ctx context.Context, id string) (auth.Account, error)
	Now() time.Time
}

// Options are what Keys are made of. Every field must be set.
type Options struct {
	Desk  Desk
	Store auth.Passkeys
	Most  int // passkeys of one account
}

// Keys sign people in.
type Keys struct{ opt Options }

// New makes Keys.
func New(opt Options) *Keys { return &Keys{opt} }

// Begun is what a browser needs to go on: options as the browser has them in JSON, and the ticket to finish with.
type Begun struct {
	PublicKey any    `json:"publicKey"`
	Ticket    string `json:"ticket"`
}

const (
	onceSignIn = "passkey"
	onceAdd    = "passkey-add"
	within     = 5 * time.Minute // from begin to finish
)

// Usable reports whether there can be passkeys at an address: browsers tie them to a name, and not to a number.
func Usable(origin string) bool {
	_, err := party(origin)
	return err == nil
}

// party is this installation at an address. Passkeys belong to its host's name.
func party(origin string) (*webauthn.WebAuthn, error) {
	u, err := url.Parse(origin)
	if err != nil {
		return nil, err
	}
	if err := protocol.ValidateRPID(u.Hostname()); err != nil {
		return nil, err
	}
	return webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: "CodeCollab", RPOrigins: []string{origin},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		},
	})
}

// BeginSignIn asks whoever sits there for a passkey.
func (k *Keys) BeginSignIn(ctx context.Context, origin string) (Begun, error) {
	rp, err := party(origin)
	if err != nil {
		return Begun{}, unusable(err)
	}
	options, state, err := rp.BeginDiscoverableLogin()
	if err != nil {
		return Begun{}, err
	}
	ticket, err := k.put(ctx, onceSignIn, "", state)
	return Begun{options.Response, ticket}, err
}

// FinishSignIn checks what the device has signed, and says whose passkey it was. Errors: "bad_passkey", "account_closed".
func (k *Keys) FinishSignIn(ctx context.Context, origin, ticket string, response []byte) (auth.Account, error) {
	rp, err := party(origin)
	if err != nil {
		return auth.Account{}, unusable(err)
	}
	_, state, err := k.take(ctx, onceSignIn, ticket)
	if err != nil {
		return auth.Account{}, err
	}
	signed, err := protocol.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return auth.Account{}, bad(err)
	}
	var used auth.Passkey
	var broken error // of ours: a store that cannot be asked is nobody's bad passkey
	_, now, err := rp.ValidatePasskeyLogin(func(credential, _ []byte) (webauthn.User, error) {
		owner, err := k.owner(ctx, credential, &used)
		if err != nil && codecollab.CodeOf(err) == "internal" {
			broken = err
		}
		return owner, err
	}, state, signed)
	switch {
	case broken != nil:
		return auth.Account{}, broken
	case err != nil:
		return auth.Account{ID: used.Account}, bad(err)
	case now.Authenticator.CloneWarning:
		return auth.Account{ID: used.Account}, bad(errors.New("it has signed fewer times than it had before: there may be a copy of it"))
	}
	if err := k.use(ctx, used, now); err != nil {
		return auth.Account{ID: used.Account}, err
	}
	return k.opt.Desk.Account(ctx, used.Account)
}

// use keeps how often the passkey has signed now.
func (k *Keys) use(ctx context.Context, used auth.Passkey, now *webauthn.Credential) error {
	data, err := json.Marshal(now)
	if err != nil {
		return err
	}
	ok, err := k.opt.Store.UsePasskey(ctx, used, string(data), k.opt.Desk.Now())
	if err == nil && !ok {
		err = bad(errors.New("it was used twice at the same time"))
	}
	return err
}

// owner finds whose passkey it is that an authenticator calls so.
func (k *Keys) owner(ctx context.Context, credential []byte, found *auth.Passkey) (webauthn.User, error) {
	p, err := k.opt.Store.PasskeyBy(ctx, credential)
	if err != nil {
		return nil, err
	}
	*found = p
	var c webauthn.Credential
	if err := json.Unmarshal([]byte(p.Data), &c); err != nil {
		return nil, err
	}
	return person{account: auth.Account{ID: p.Account}, keys: []webauthn.Credential{c}}, nil
}

// BeginAdd asks a person's device for another passkey.
func (k *Keys) BeginAdd(ctx context.Context, origin string, a auth.Account) (Begun, error) {
	rp, err := party(origin)
	if err != nil {
		return Begun{}, unusable(err)
	}
	have, err := k.opt.Store.Passkeys(ctx, a.ID)
	if err != nil {
		return Begun{}, err
	}
	var known []protocol.CredentialDescriptor
	for _, p := range have {
		known = append(known, protocol.CredentialDescriptor{Type: protocol.PublicKeyCredentialType, CredentialID: p.Credential})
	}
	options, state, err := rp.BeginRegistration(person{account: a}, webauthn.WithExclusions(known))
	if err != nil {
		return Begun{}, err
	}
	ticket, err := k.put(ctx, onceAdd, a.ID, state)
	return Begun{options.Response, ticket}, err
}

// FinishAdd keeps the passkey that the device has made. Errors: "bad_passkey", "taken", "too_many_passkeys".
func (k *Keys) FinishAdd(ctx context.Context, origin, ticket string, a auth.Account, name string, response []byte) (auth.Passkey, error) {
	rp, err := party(origin)
	if err != nil {
		return auth.Passkey{}, unusable(err)
	}
	whose, state, err := k.take(ctx, onceAdd, ticket)
	if err != nil {
		return auth.Passkey{}, err
	}
	if whose != a.ID {
		return auth.Passkey{}, bad(errors.New("somebody else has begun this"))
	}
	made, err := protocol.ParseCredentialCreationResponseBytes(response)
	if err != nil {
		return auth.Passkey{}, bad(err)
	}
	c, err := rp.CreateCredential(person{account: a}, state, made)
	if err != nil {
		return auth.Passkey{}, bad(err)
	}
	c.Attestation = webauthn.CredentialAttestation{} // who made the device is nobody's business here
	data, err := json.Marshal(c)
	if err != nil {
		return auth.Passkey{}, err
	}
	if name == "" {
		name = "Passkey"
	}
	p := auth.Passkey{
		ID: auth.NewPasskeyID(), Account: a.ID, Credential: c.ID, Name: auth.CleanName(name, ""), Data: string(data), Created: k.opt.Desk.Now(),
	}
	return p, k.opt.Store.AddPasskey(ctx, p, k.opt.Most)
}

// List lists the passkeys of an account, the newest first.
func (k *Keys) List(ctx context.Context, account string) ([]auth.Passkey, error) {
	return k.opt.Store.Passkeys(ctx, account)
}

// End takes a passkey away. false: the account has no such.
func (k *Keys) End(ctx context.Context, account, id string) (bool, error) {
	return k.opt.Store.EndPasskey(ctx, account, id)
}

func (k *Keys) put(ctx context.Context, kind, account string, state *webauthn.SessionData) (string, error) {
	data, err := json.Marshal(state)
	if err != nil {
		return "", err
	}
	return k.opt.Desk.Put(ctx, auth.Once{Kind: kind, Account: account, Data: string(data), Expires: k.opt.Desk.Now().Add(within)})
}

// take finds what was begun with a ticket, and by whom. It can be finished once.
func (k *Keys) take(ctx context.Context, kind, ticket string) (account string, state webauthn.SessionData, err error) {
	o, err := k.opt.Desk.Take(ctx, kind, ticket)
	if codecollab.CodeOf(err) == "no_once" {
		return "", state, bad(errors.New("the ticket is used, too old, or none"))
	}
	if err != nil {
		return "", state, err
	}
	return o.Account, state, json.Unmarshal([]byte(o.Data), &state)
}

// bad is what people get whose passkey does not open anything, with the reason for the log.
func bad(why error) error {
	if e, ok := errors.AsType[*protocol.Error](why); ok {
		why = fmt.Errorf("%w: %s", why, e.DevInfo)
	}
	return &codecollab.Error{Kind: codecollab.Unknown, Code: "bad_passkey", Message: "This passkey opens no account here. Try again, or sign in another way.", Err: why}
}

func unusable(why error) error {
	return &codecollab.Error{Kind: codecollab.Unavailable, Code: "no_passkeys", Message: "There are no passkeys at this address: they need one with a name, like localhost or code.example.org.", Err: why}
}

// person is an account as the library wants it.
type person struct {
	account auth.Account
	keys    []webauthn.Credential
}

// WebAuthnID implements webauthn.User. An account's id is random, and says nothing of the person.
func (p person) WebAuthnID() []byte { return []byte(p.account.ID) }

// WebAuthnName implements webauthn.User: it is what devices list.
func (p person) WebAuthnName() string {
	if p.account.Email != "" {
		return p.account.Email
	}
	return p.account.Name
}

// WebAuthnDisplayName implements webauthn.User.
func (p person) WebAuthnDisplayName() string { return p.account.Name }

// WebAuthnCredentials implements webauthn.User.
func (p person) WebAuthnCredentials() []webauthn.Credential { return p.keys }
