package auth

import (
	"context"
	"strings"
	"time"

	"codecollab.dev"
)

// Invitation lets one person into an organisation.
type Invitation struct {
	ID      string    `json:"id"`
	Org     string    `json:"-"`
	Role    OrgRole   `json:"role"`
	Email   string    `json:"email"` // only this person; "": whoever has the link
	By      string    `json:"by"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
}

// InvitationStore keeps invitations, of their tokens only the hash.
type InvitationStore interface {
	SaveInvitation(ctx context.Context, i Invitation, hash []byte) error
	// Invitations are the open ones of an organisation, the newest first.
	Invitations(ctx context.Context, org string, now time.Time) ([]Invitation, error)
	// InvitationBy finds an open one. Error "no_invitation".
	InvitationBy(ctx context.Context, hash []byte, now time.Time) (Invitation, error)
	// DropInvitation takes one away; false when it was not there any more, so that it is used once.
	DropInvitation(ctx context.Context, org, id string) (bool, error)
}

// Invite makes a one-time link. The token is shown once. Errors: as May, "bad_role", "bad_email", "invitation_limit".
func (o *Orgs) Invite(ctx context.Context, a Actor, org string, role OrgRole, email string) (Invitation, string, error) {
	act := OrgInvite
	if role == OrgOwner {
		act = OrgOwners
	}
	if _, _, err := o.May(ctx, a, org, act); err != nil {
		return Invitation{}, "", err
	}
	if !role.Known() {
		return Invitation{}, "", badRole()
	}
	if email = strings.TrimSpace(email); email != "" && cleanEmail(email) == "" {
		return Invitation{}, "", codecollab.Errorf(codecollab.Invalid, "bad_email", "This is not an e-mail address.")
	}
	email = cleanEmail(email)
	now := o.opt.Now()
	open, err := o.opt.Invitations.Invitations(ctx, org, now)
	if err != nil {
		return Invitation{}, "", err
	}
	if len(open) >= o.opt.MaxInvitations {
		return Invitation{}, "", codecollab.Errorf(codecollab.Limit, "invitation_limit",
			"There are %d open invitations, which is as many as there may be. Take some back first.", len(open))
	}
	token := newSecret("")
	i := Invitation{ID: newID("i"), Org: org, Role: role, Email: email, By: a.Account.ID, Created: now, Expires: now.Add(o.opt.InvitationKeep)}
	if err := o.opt.Invitations.SaveInvitation(ctx, i, hashToken(token)); err != nil {
		return Invitation{}, "", err
	}
	o.note(ctx, a, org, ActInvitationMade, i.ID, map[string]string{"role": string(role), "email": email})
	return i, token, nil
}

// Invitations are the open ones. Errors: as May.
func (o *Orgs) Invitations(ctx context.Context, a Actor, org string) ([]Invitation, error) {
	if _, _, err := o.May(ctx, a, org, OrgInvite); err != nil {
		return nil, err
	}
	return o.opt.Invitations.Invitations(ctx, org, o.opt.Now())
}

// Uninvite takes an invitation back. Errors: as May, "no_invitation".
func (o *Orgs) Uninvite(ctx context.Context, a Actor, org, id string) error {
	if _, _, err := o.May(ctx, a, org, OrgInvite); err != nil {
		return err
	}
	gone, err := o.opt.Invitations.DropInvitation(ctx, org, id)
	if err != nil {
		return err
	}
	if !gone {
		return NoInvitation()
	}
	o.note(ctx, a, org, ActInvitationRevoked, id, nil)
	return nil
}

// Invitation is what a token is good for, and the organisation's name. Error "no_invitation".
func (o *Orgs) Invitation(ctx context.Context, token string) (Invitation, Org, error) {
	i, err := o.opt.Invitations.InvitationBy(ctx, hashToken(token), o.opt.Now())
	if err != nil {
		return Invitation{}, Org{}, err
	}
	org, err := o.opt.Store.Org(ctx, i.Org)
	return i, org, err
}

// Join uses an invitation up. Errors: "no_invitation", "other_email", "org_full", "sso_required".
func (o *Orgs) Join(ctx context.Context, a Actor, token string) (Org, error) {
	i, org, err := o.Invitation(ctx, token)
	if err != nil {
		return Org{}, err
	}
	if i.Email != "" && !SameEmail(i.Email, a.Account.Email) {
		return Org{}, codecollab.Errorf(codecollab.Forbidden, "other_email", "This invitation is for somebody with another e-mail address than your account has.")
	}
	m, err := o.opt.Book.RoleIn(ctx, i.Org, a.Account.ID)
	if err != nil {
		return Org{}, err
	}
	if err := o.admitTo(ctx, a, Membership{Org: i.Org, Role: i.Role}); err != nil {
		return Org{}, err
	}
	gone, err := o.opt.Invitations.DropInvitation(ctx, i.Org, i.ID)
	if err != nil {
		return Org{}, err
	}
	if !gone {
		return Org{}, NoInvitation()
	}
	if m.Role == i.Role || m.Role.Better(i.Role) {
		return org, nil // nobody becomes less by an invitation
	}
	err = o.enter(ctx, Membership{Org: i.Org, Account: a.Account.ID, Role: i.Role, Source: "manual"})
	if err == nil {
		o.note(ctx, a, i.Org, ActInvitationUsed, i.ID, map[string]string{"by": i.By})
		o.note(ctx, a, i.Org, ActMemberAdded, a.Account.ID, map[string]string{"role": string(i.Role), "via": "invitation"})
	}
	return org, err
}

// NoInvitation is the error of a link that opens nothing.
func NoInvitation() error {
	return codecollab.Errorf(codecollab.NotFound, "no_invitation", "This invitation has been used, taken back, or is too old. Ask for another one.")
}
