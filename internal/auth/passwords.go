package auth

import (
	"context"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth/password"
)

// SetupFor is how long the link for the first administrator is good.
const SetupFor = 24 * time.Hour

// resetFor is how long one for a new password is.
const resetFor = 24 * time.Hour

// The kinds of such links.
const (
	onceSetup = "setup"
	onceReset = "reset"
)

// freshFor is how long after a sign-in one may do what a stolen session must not be enough for.
const freshFor = 10 * time.Minute

// ByPassword finds the person who signs in by an address with a password. An address that nobody has, and one whose person has no
// password, take as long and get the same answer. Errors: "bad_sign_in", "account_closed", "passwords_off", "busy".
func (d *Desk) ByPassword(ctx context.Context, email, pass string) (Account, error) {
	if d.opt.Passwords == "off" {
		return Account{}, errPasswordsOff()
	}
	a, hash, err := d.opt.Store.PasswordOf(ctx, cleanEmail(email))
	if err != nil && codecollab.CodeOf(err) != "no_account" {
		return Account{}, err
	}
	ok, stale, err := d.opt.Hasher.Verify(ctx, hash, pass)
	switch {
	case err != nil:
		return Account{}, err
	case !ok:
		return Account{ID: a.ID, Name: a.Name}, errBadSignIn()
	case !a.Active:
		return a, errClosed()
	}
	if stale {
		d.rehash(ctx, a, email, pass)
	}
	return a, nil
}

// rehash keeps a password as the settings have it now. It can wait for the next time.
func (d *Desk) rehash(ctx context.Context, a Account, email, pass string) {
	hash, err := d.opt.Hasher.Hash(ctx, pass)
	if err == nil {
		err = d.opt.Store.SetPassword(ctx, a.ID, cleanEmail(email), hash)
	}
	if err != nil {
		d.opt.Log.Warn("a password is not hashed again", "account", a.ID, "err", err)
	}
}

// Register makes an account with a password. invited says that somebody has asked them in. Errors: "passwords_off",
// "invitation_needed", "bad_email", "weak_password", "taken", "busy".
func (d *Desk) Register(ctx context.Context, name, email, pass string, invited bool) (Account, error) {
	switch {
	case d.opt.Passwords == "off":
		return Account{}, errPasswordsOff()
	case d.opt.Passwords != "open" && !invited:
		return Account{}, codecollab.Errorf(codecollab.Forbidden, "invitation_needed", "Here one needs an invitation to make an account. Ask somebody who has one.")
	}
	return d.addWithPassword(ctx, name, email, pass, false)
}

func (d *Desk) addWithPassword(ctx context.Context, name, email, pass string, admin bool) (Account, error) {
	hash, err := d.newPassword(ctx, email, pass)
	if err != nil {
		return Account{}, err
	}
	a := Account{ID: newID("u"), Name: CleanName(name, email), Color: -1, Email: cleanEmail(email), Admin: admin, Active: true, Created: d.opt.Now()}
	return a, d.opt.Store.AddWithPassword(ctx, a, hash)
}

// newPassword checks an address and a new password, and hashes it.
func (d *Desk) newPassword(ctx context.Context, email, pass string) (string, error) {
	if cleanEmail(email) == "" {
		return "", codecollab.Errorf(codecollab.Invalid, "bad_email", "This is not an e-mail address.")
	}
	if err := password.Weak(pass, email, d.opt.PasswordMin); err != nil {
		return "", err
	}
	return d.opt.Hasher.Hash(ctx, pass)
}

// SetupToken makes the token by which somebody becomes the first administrator; "" when there is one already. The tokens before it
// are void.
func (d *Desk) SetupToken(ctx context.Context) (string, error) {
	has, err := d.opt.Store.HasAdmin(ctx)
	if err != nil || has {
		return "", err
	}
	if err := d.opt.Store.DropOnces(ctx, onceSetup, ""); err != nil {
		return "", err
	}
	return d.putOnce(ctx, Once{Kind: onceSetup, Expires: d.opt.Now().Add(SetupFor)})
}

// putOnce keeps something that works once, and returns its token.
func (d *Desk) putOnce(ctx context.Context, o Once) (string, error) {
	token := newSecret("")
	hash := hashOf(token)
	return token, d.opt.Store.PutOnce(ctx, o, hash[:])
}

// Setup makes the first administrator: the account id where one is named, or else a new one with a password. Errors: "bad_link",
// those of Register, "no_account".
func (d *Desk) Setup(ctx context.Context, token, id, name, email, pass string) (Account, error) {
	hash := hashOf(token)
	if _, err := d.opt.Store.PeekOnce(ctx, onceSetup, hash[:], d.opt.Now()); err != nil {
		return Account{}, badLink(err)
	}
	if id == "" && d.opt.Passwords == "off" {
		return Account{}, errPasswordsOff()
	}
	if id == "" { // what is wrong with these is said before the link is used up
		if _, err := d.newPassword(ctx, email, pass); err != nil {
			return Account{}, err
		}
	}
	o, err := d.opt.Store.TakeOnce(ctx, onceSetup, hash[:], d.opt.Now())
	if err != nil {
		return Account{}, badLink(err)
	}
	a, err := d.firstAdmin(ctx, id, name, email, pass)
	if err != nil {
		_ = d.opt.Store.PutOnce(ctx, o, hash[:]) // if not, a new link is printed at the next start
	}
	return a, err
}

func (d *Desk) firstAdmin(ctx context.Context, id, name, email, pass string) (Account, error) {
	if has, err := d.opt.Store.HasAdmin(ctx); err != nil || has {
		return Account{}, badLink(err)
	}
	if id == "" {
		return d.addWithPassword(ctx, name, email, pass, true)
	}
	return d.Change(ctx, id, func(a *Account) error { a.Admin = true; return nil })
}

// ResetToken makes a token by which a person gets a new password. The tokens before it are void. Errors: "no_account", "bad_email".
func (d *Desk) ResetToken(ctx context.Context, account string) (string, error) {
	if d.opt.Passwords == "off" {
		return "", errPasswordsOff()
	}
	a, err := d.opt.Store.Account(ctx, account)
	if err != nil {
		return "", err
	}
	if a.Email == "" {
		return "", codecollab.Errorf(codecollab.Invalid, "bad_email", "The account has no e-mail address, and could not sign in with a password.")
	}
	if err := d.opt.Store.DropOnces(ctx, onceReset, account); err != nil {
		return "", err
	}
	return d.putOnce(ctx, Once{Kind: onceReset, Account: account, Expires: d.opt.Now().Add(resetFor)})
}

// Reset gives the person of a token a new password, and signs them out everywhere: who had the old one is out. Errors: "bad_link",
// "weak_password", "taken", "busy".
func (d *Desk) Reset(ctx context.Context, token, pass string) (Account, error) {
	hash := hashOf(token)
	o, err := d.opt.Store.PeekOnce(ctx, onceReset, hash[:], d.opt.Now())
	if err != nil {
		return Account{}, badLink(err)
	}
	a, err := d.opt.Store.Account(ctx, o.Account)
	if err != nil {
		return Account{}, badLink(err)
	}
	kept, err := d.newPassword(ctx, a.Email, pass)
	if err != nil {
		return a, err
	}
	if _, err := d.opt.Store.TakeOnce(ctx, onceReset, hash[:], d.opt.Now()); err != nil {
		return a, badLink(err)
	}
	if err := d.opt.Store.SetPassword(ctx, a.ID, a.Email, kept); err != nil {
		return a, err
	}
	return a, d.SignOutEverywhere(ctx, a.ID)
}

// SetPassword changes the password of who is signed in, and ends their other sessions. Without one so far, they have to have signed
// in just now. Errors: "bad_sign_in", "sign_in_again", "weak_password", "passwords_off", "taken", "busy".
func (d *Desk) SetPassword(ctx context.Context, id Identity, old, pass string) error {
	if d.opt.Passwords == "off" {
		return errPasswordsOff()
	}
	email := id.Account.Email
	by, hash, err := d.opt.Store.PasswordOf(ctx, email)
	if err != nil && codecollab.CodeOf(err) != "no_account" {
		return err
	}
	if has := err == nil && by.ID == id.Person && hash != ""; has {
		if ok, _, err := d.opt.Hasher.Verify(ctx, hash, old); err != nil || !ok {
			return orElse(err, errBadSignIn())
		}
	} else if err := d.Fresh(id); err != nil {
		return err
	}
	kept, err := d.newPassword(ctx, email, pass)
	if err != nil {
		return err
	}
	if err := d.opt.Store.SetPassword(ctx, id.Person, email, kept); err != nil {
		return err
	}
	return d.endOthers(ctx, id)
}

// Fresh refuses sessions that began a while ago. Error "sign_in_again".
func (d *Desk) Fresh(id Identity) error {
	if d.opt.Now().Sub(id.Since) < freshFor {
		return nil
	}
	return codecollab.Errorf(codecollab.Unknown, "sign_in_again", "For this, sign in again first: it is allowed within %d minutes after it.", int(freshFor.Minutes()))
}

// endOthers ends the sessions that a person has beside the one that they use.
func (d *Desk) endOthers(ctx context.Context, id Identity) error {
	all, err := d.opt.Store.SessionsOf(ctx, id.Person)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.ID == id.Session {
			continue
		}
		if _, err := d.EndSession(ctx, id.Person, s.ID); err != nil {
			return err
		}
	}
	return nil
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

func errBadSignIn() error {
	return codecollab.Errorf(codecollab.Unknown, "bad_sign_in", "The e-mail address or the password is wrong.")
}

func errPasswordsOff() error {
	return codecollab.Errorf(codecollab.Forbidden, "passwords_off", "Nobody signs in with a password here. Use one of the other ways.")
}

// badLink is what they get whose link does not work: the same, whatever the reason.
func badLink(err error) error {
	if err != nil && codecollab.CodeOf(err) != "no_once" && codecollab.CodeOf(err) != "no_account" {
		return err
	}
	return codecollab.Errorf(codecollab.Forbidden, "bad_link", "This link has been used, replaced, or is too old. Ask for a new one.")
}
