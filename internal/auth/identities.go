package auth

import (
	"context"

	"codecollab.dev"
)

// Identities lists what providers call a person, the oldest first.
func (d *Desk) Identities(ctx context.Context, account string) ([]KnownAs, error) {
	return d.opt.Store.IdentitiesOf(ctx, account)
}

// Connect gives an account one more way to sign in: what a provider of the installation calls its person. The account keeps its own
// address. Error "identity_taken": somebody signs in by it, perhaps the same person with another account.
func (d *Desk) Connect(ctx context.Context, account string, in Arrival) error {
	err := d.opt.Store.AddIdentity(ctx, account, KnownAs{Provider: in.Provider, Subject: in.Subject, Created: d.opt.Now()})
	if codecollab.CodeOf(err) != "taken" {
		return err
	}
	if a, found := d.opt.Store.AccountBy(ctx, in.Provider, in.Subject); found == nil && a.ID == account {
		return nil // in two windows
	}
	return codecollab.Errorf(codecollab.Conflict, "identity_taken",
		"Somebody signs in with that account already. If that is you: sign in with it, delete the account that you have by it here, and connect it then.")
}

// Disconnect takes such a way away, unless it is the last by which the person can come in. works says of a provider whether people can
// sign in by it now, and of "passkey". Errors: "no_identity", "last_way".
func (d *Desk) Disconnect(ctx context.Context, account, provider string, works func(provider string) bool) error {
	return d.opt.Store.EndIdentity(ctx, account, provider, func(left []KnownAs, passkeys int) error {
		if passkeys > 0 && works("passkey") {
			return nil
		}
		for _, k := range left {
			if works(k.Provider) {
				return nil
			}
		}
		return codecollab.Errorf(codecollab.Conflict, "last_way",
			"You could not sign in any more: it is the only way that you have. Add another one first, like a passkey.")
	})
}

// isOwn reports whether an account began with what a provider calls its person. An account that was connected later does not say
// which address the person has here.
func (d *Desk) isOwn(ctx context.Context, a Account, in Arrival) (bool, error) {
	if in.Org != "" {
		return true, nil
	}
	all, err := d.opt.Store.IdentitiesOf(ctx, a.ID)
	if err != nil || len(all) == 0 {
		return false, err
	}
	return all[0].Provider == in.Provider && all[0].Subject == in.Subject, nil
}
