package auth

import (
	"context"
	"errors"
	"time"

	"codecollab.dev"
)

// SignIn begins a session of an account. What is missing of s (its id and times) is filled in; token is its secret, which is
// nowhere kept. Error "account_closed".
func (d *Desk) SignIn(ctx context.Context, a Account, s Session) (token string, _ Session, err error) {
	now := d.opt.Now()
	s.ID, s.Account, s.Created, s.Seen = newID("s"), a.ID, now, now
	s.Until = earliest(now.Add(d.opt.SessionMax), s.Until)
	s.Expires = earliest(now.Add(d.opt.SessionIdle), s.Until)
	s.Agent = short(s.Agent, 300)
	token = newSecret(sessionPrefix)
	hash := hashOf(token)
	err = d.opt.Store.AddSession(ctx, s, hash[:])
	if codecollab.CodeOf(err) == "no_account" {
		err = errClosed()
	}
	return token, s, err
}

// Sessions lists the sessions of an account, the one used last first.
func (d *Desk) Sessions(ctx context.Context, account string) ([]Session, error) {
	return d.opt.Store.SessionsOf(ctx, account)
}

// EndSession ends one session of an account. false: it has no such session.
func (d *Desk) EndSession(ctx context.Context, account, id string) (bool, error) {
	ended, err := d.opt.Store.EndSessions(ctx, account, id)
	if err != nil || len(ended) == 0 {
		return false, err
	}
	d.changed(account, &Ended{Person: account, Sessions: ended})
	return true, nil
}

// SignOutEverywhere ends the sessions of an account, with what is open by them. API tokens are not signed in: they go on.
func (d *Desk) SignOutEverywhere(ctx context.Context, account string) error {
	ended, err := d.opt.Store.EndSessions(ctx, account)
	if err != nil {
		return err
	}
	d.changed(account, &Ended{Person: account, Sessions: append(ended, "")}) // never nil, which would be all of the person
	return nil
}

// EndSessions puts a person out: their sessions end, and all connections close, those of API tokens, too. Tokens that still count
// may come back.
func (d *Desk) EndSessions(ctx context.Context, account string) error {
	if _, err := d.opt.Store.EndSessions(ctx, account); err != nil {
		return err
	}
	d.changed(account, &Ended{Person: account})
	return nil
}

// Again reports whether an identity still counts, and that it is in use: those who hold a connection for hours ask now and
// then. Error "signed_out".
func (d *Desk) Again(ctx context.Context, id Identity) error {
	now := d.opt.Now()
	k, ok, ticket := d.cache.get(id.hash, now, d.believe())
	switch {
	case ok && id.Account == nil:
		return nil
	case id.Account == nil:
		adopted, err := d.opt.Store.Adopted(ctx, id.Person)
		if err == nil && adopted {
			err = ErrSignedOut()
		}
		return err
	case !ok:
		var err error
		if k, err = d.read(ctx, id.hash, id.Token != ""); err != nil {
			return err
		}
		k.read = now
		d.cache.put(id.hash, k, ticket)
	}
	if !k.expires.IsZero() && !now.Before(k.expires) {
		return ErrSignedOut()
	}
	return d.use(ctx, k, ticket)
}

// Sweep ends the sessions whose time is over.
func (d *Desk) Sweep(ctx context.Context) error {
	over, err := d.opt.Store.Expired(ctx, d.opt.Now())
	for _, s := range over {
		d.changed(s.Account, &Ended{Person: s.Account, Sessions: []string{s.ID}})
	}
	return errors.Join(err, d.opt.Store.SweepOnces(ctx, d.opt.Now()))
}

// Adopt makes the guest that a token belongs to part of an account: their rooms are the account's from now on, and the token
// opens nothing any more. A token of somebody else's is no guest's, and nothing happens: guest is "".
func (d *Desk) Adopt(ctx context.Context, token, account string) (guest string, err error) {
	g, ok := ParseToken(token)
	if !ok {
		return "", nil
	}
	adopted, err := d.opt.Store.Adopt(ctx, g.Person, account)
	if err != nil || !adopted {
		return "", err
	}
	d.changed(account, nil)
	d.changed(g.Person, &Ended{Person: g.Person, Signed: true})
	return g.Person, d.opt.Visits.MoveVisits(ctx, g.Person, account)
}

// sweepEvery is how often Sweep is called.
const sweepEvery = time.Minute

// Work sweeps until ctx ends.
func (d *Desk) Work(ctx context.Context) {
	t := time.NewTicker(sweepEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if err := d.Sweep(ctx); err != nil && ctx.Err() == nil {
				d.opt.Log.Warn("sessions that are over are not taken away", "err", err)
			}
		}
	}
}
