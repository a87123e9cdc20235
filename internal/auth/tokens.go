package auth

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"codecollab.dev"
)

// Tokens keep what lets programs act for people, by hashes.
type Tokens interface {
	// AddToken keeps a token, unless its account has so many. Errors: "no_account" (there is none that is active), "too_many_tokens".
	AddToken(ctx context.Context, t APIToken, hash []byte, most int) error
	// TokenBy finds a token and whose it is. Error "no_token".
	TokenBy(ctx context.Context, hash []byte) (APIToken, Account, error)
	// TokensOf lists the tokens of an account, the newest first.
	TokensOf(ctx context.Context, account string) ([]APIToken, error)
	// UseToken notes that a token is used.
	UseToken(ctx context.Context, id string, seen time.Time) error
	// EndToken ends a token of an account. false: it has no such token.
	EndToken(ctx context.Context, account, id string) (bool, error)
}

// scopes are all that an API token can be for.
func scopes() []Scope { return []Scope{ScopeRooms, ScopeRead, ScopeRun} }

// CleanScopes puts scopes in order, once each. Error "bad_scope": there is none, or no such scope.
func CleanScopes(in []Scope) ([]Scope, error) {
	out := slices.DeleteFunc(scopes(), func(s Scope) bool { return !slices.Contains(in, s) })
	for _, s := range in {
		if !slices.Contains(out, s) {
			return nil, codecollab.Errorf(codecollab.Invalid, "bad_scope", "There is no scope %.20q; there are rooms, read and run.", s)
		}
	}
	if len(out) == 0 {
		return nil, codecollab.Errorf(codecollab.Invalid, "bad_scope", "A token has to be for something: rooms, read or run.")
	}
	return out, nil
}

// MakeToken makes an API token of an account: its secret is returned, and kept nowhere. A token that would last for ever, or for
// longer than tokens may, lasts as long as they may. Errors: "bad_scope", "too_many_tokens", "account_closed".
func (d *Desk) MakeToken(ctx context.Context, account, name string, scopes []Scope, lasts time.Duration) (string, APIToken, error) {
	kept, err := CleanScopes(scopes)
	if err != nil {
		return "", APIToken{}, err
	}
	if lasts <= 0 || lasts > d.opt.TokenMax {
		lasts = d.opt.TokenMax
	}
	now := d.opt.Now()
	t := APIToken{ID: newID("t"), Account: account, Name: tokenName(name), Scopes: kept, Created: now, Expires: now.Add(lasts)}
	token := newSecret(apiPrefix)
	hash := hashOf(token)
	err = d.opt.Store.AddToken(ctx, t, hash[:], d.opt.TokensMost)
	if codecollab.CodeOf(err) == "no_account" {
		err = errClosed()
	}
	return token, t, err
}

func tokenName(name string) string {
	if strings.TrimSpace(name) == "" {
		return "Token"
	}
	return CleanName(name, "")
}

// Tokens lists the API tokens of an account, the newest first.
func (d *Desk) Tokens(ctx context.Context, account string) ([]APIToken, error) {
	return d.opt.Store.TokensOf(ctx, account)
}

// EndToken ends an API token of an account. false: it has no such token.
func (d *Desk) EndToken(ctx context.Context, account, id string) (bool, error) {
	ok, err := d.opt.Store.EndToken(ctx, account, id)
	if ok {
		d.changed(account, &Ended{Person: account, Sessions: []string{id}})
	}
	return ok, err
}

// readToken asks the store whose an API token is.
func (d *Desk) readToken(ctx context.Context, hash [sha256.Size]byte) (known, error) {
	t, a, err := d.opt.Store.TokenBy(ctx, hash[:])
	if codecollab.CodeOf(err) == "no_token" || err == nil && !a.Active {
		return known{}, ErrSignedOut()
	}
	if err != nil {
		return known{}, err
	}
	former, err := d.opt.Store.Former(ctx, a.ID)
	if err != nil {
		return known{}, err
	}
	id := Identity{Person: a.ID, Account: &a, Token: t.ID, Scopes: t.Scopes, Via: "token", Former: former, hash: hash}
	return known{id: id, seen: t.Seen, expires: t.Expires}, nil
}

// useToken notes that an API token is used.
func (d *Desk) useToken(ctx context.Context, k known, ticket int64) {
	now := d.opt.Now()
	if now.Sub(k.seen) < useEvery {
		return
	}
	if err := d.opt.Store.UseToken(ctx, k.id.Token, now); err != nil {
		d.opt.Log.Warn("the use of a token is not noted", "err", err)
	}
	k.seen = now
	d.cache.put(k.id.hash, k, ticket)
}
