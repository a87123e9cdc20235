package auth

import (
	"context"
	"strings"
	"time"

	"codecollab.dev"
)

// ScimToken is by what a provider shows that it is an organisation's.
type ScimToken struct {
	ID      string    `json:"id"`
	Org     string    `json:"-"`
	Name    string    `json:"name"`
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen"` // to some minutes
}

// ScimTokenStore keeps tokens for provisioning, of their secrets only the hash.
type ScimTokenStore interface {
	SaveScimToken(ctx context.Context, t ScimToken, hash []byte) error
	// ScimTokens are an organisation's, the oldest first.
	ScimTokens(ctx context.Context, org string) ([]ScimToken, error)
	// ScimTokenBy finds one. Error "no_token".
	ScimTokenBy(ctx context.Context, hash []byte) (ScimToken, error)
	UseScimToken(ctx context.Context, id string, seen time.Time) error
	DropScimToken(ctx context.Context, org, id string) (bool, error)
}

// ScimGroup is a group of a provider, and the role that it gives.
type ScimGroup struct {
	ID      string  `json:"id"`
	Name    string  `json:"name"`
	Role    OrgRole `json:"role"` // "": none
	Members int     `json:"members"`
}

// GroupStore keeps which roles groups give.
type GroupStore interface {
	ScimGroups(ctx context.Context, org string) ([]ScimGroup, error)
	// SetGroupRole returns the users in the group. Error "no_group".
	SetGroupRole(ctx context.Context, org, group string, role OrgRole) (users []string, err error)
	// RoleByGroups is what a user is by their groups; "" when no group of the organisation gives a role.
	RoleByGroups(ctx context.Context, org, user string) (OrgRole, error)
}

// scimPrefix is what such tokens begin with, for programs that look for secrets in code.
const scimPrefix = "ccp_"

// MakeScimToken lets a provider in. The secret is shown once. Errors: as May, "bad_name", "token_limit".
func (o *Orgs) MakeScimToken(ctx context.Context, a Actor, org, name string) (ScimToken, string, error) {
	if _, _, err := o.May(ctx, a, org, OrgSignIn); err != nil {
		return ScimToken{}, "", err
	}
	name, err := orgName(name)
	if err != nil {
		return ScimToken{}, "", err
	}
	all, err := o.opt.Tokens.ScimTokens(ctx, org)
	if err != nil {
		return ScimToken{}, "", err
	}
	if len(all) >= o.opt.MaxScimTokens {
		return ScimToken{}, "", codecollab.Errorf(codecollab.Limit, "token_limit",
			"The organisation has %d tokens, which is as many as it may have. Take one back first.", len(all))
	}
	secret := newSecret(scimPrefix)
	t := ScimToken{ID: newID("t"), Org: org, Name: name, Created: o.opt.Now()}
	if err := o.opt.Tokens.SaveScimToken(ctx, t, hashToken(secret)); err != nil {
		return ScimToken{}, "", err
	}
	o.note(ctx, a, org, ActScimTokenMade, t.ID, map[string]string{"name": name})
	return t, secret, nil
}

// ScimTokens are those of an organisation. Errors: as May.
func (o *Orgs) ScimTokens(ctx context.Context, a Actor, org string) ([]ScimToken, error) {
	if _, _, err := o.May(ctx, a, org, OrgSeeSignIn); err != nil {
		return nil, err
	}
	return o.opt.Tokens.ScimTokens(ctx, org)
}

// DropScimToken takes a token back. Errors: as May, "no_token".
func (o *Orgs) DropScimToken(ctx context.Context, a Actor, org, id string) error {
	if _, _, err := o.May(ctx, a, org, OrgSignIn); err != nil {
		return err
	}
	gone, err := o.opt.Tokens.DropScimToken(ctx, org, id)
	if err != nil {
		return err
	}
	if !gone {
		return NoToken()
	}
	o.note(ctx, a, org, ActScimTokenRevoked, id, nil)
	return nil
}

// ScimCaller says whose a token is, and notes its use. Error "no_token".
func (o *Orgs) ScimCaller(ctx context.Context, secret string) (ScimToken, error) {
	if !strings.HasPrefix(secret, scimPrefix) {
		return ScimToken{}, NoToken()
	}
	t, err := o.opt.Tokens.ScimTokenBy(ctx, hashToken(secret))
	if err != nil {
		return t, err
	}
	if now := o.opt.Now(); now.Sub(t.Seen) >= useEvery {
		if err := o.opt.Tokens.UseScimToken(ctx, t.ID, now); err != nil {
			o.opt.Log.Warn("the use of a token is not noted", "err", err)
		}
	}
	return t, nil
}

// ScimGroups are the groups that an organisation's provider has told of. Errors: as May.
func (o *Orgs) ScimGroups(ctx context.Context, a Actor, org string) ([]ScimGroup, error) {
	if _, _, err := o.May(ctx, a, org, OrgSeeSignIn); err != nil {
		return nil, err
	}
	return o.opt.Groups.ScimGroups(ctx, org)
}

// SetGroupRole gives the people of a group a role, or none by it (""). It returns the users whose role has to follow. Errors: as May,
// "bad_role", "no_group".
func (o *Orgs) SetGroupRole(ctx context.Context, a Actor, org, group string, role OrgRole) ([]string, error) {
	if _, _, err := o.May(ctx, a, org, OrgSignIn); err != nil {
		return nil, err
	}
	if role != "" && role != OrgMember && role != OrgAdmin {
		return nil, codecollab.Errorf(codecollab.Invalid, "bad_role", `A group makes its people "admin" or "member". Owners are named by owners.`)
	}
	users, err := o.opt.Groups.SetGroupRole(ctx, org, group, role)
	if err == nil {
		o.note(ctx, a, org, ActScimGroupChanged, group, map[string]string{"how": "role", "role": string(role)})
	}
	return users, err
}

// RoleByGroups is what a user is by their groups; "" when no group of the organisation gives a role.
func (o *Orgs) RoleByGroups(ctx context.Context, org, user string) (OrgRole, error) {
	return o.opt.Groups.RoleByGroups(ctx, org, user)
}

// NoToken is the error of a token that counts for nothing.
func NoToken() error {
	return codecollab.Errorf(codecollab.Unknown, "no_token", "This token does not count here. An owner of the organisation makes a new one.")
}

func hashToken(token string) []byte {
	hash := hashOf(token)
	return hash[:]
}
