package auth

import (
	"context"

	"codecollab.dev"
)

// Arrived makes somebody whom a connection vouches for a member of its organisation, and what the provider says of their groups their
// role: at every sign-in, so that who is in a group no more is less from then on. Roles that SCIM gives are SCIM's to change. Errors: "org_full", "deactivated".
func (o *Orgs) Arrived(ctx context.Context, a Actor, in Arrival) error {
	if in.Org == "" {
		return nil
	}
	if in.Role == OrgOwner {
		in.Role = OrgAdmin
	}
	if blocked, err := o.opt.Provision.Blocked(ctx, in.Org, a.Account.ID); err != nil {
		return err
	} else if blocked {
		return deactivated()
	}
	m, err := o.opt.Book.RoleIn(ctx, in.Org, a.Account.ID)
	if err != nil {
		return err
	}
	if err := o.manageArrived(ctx, a, in); err != nil {
		return err
	}
	switch {
	case m.Role == "":
		role := in.Role
		if role == "" {
			role = OrgMember
		}
		err := o.enter(ctx, Membership{Org: in.Org, Account: a.Account.ID, Role: role, Source: "sso"})
		if err == nil {
			o.note(ctx, a, in.Org, ActMemberAdded, a.Account.ID, map[string]string{"role": string(role), "via": in.Via})
		}
		return err
	case in.Role == "" || m.Role == in.Role || m.fixed(in.Role) || m.Source == "scim":
		return nil
	}
	err = o.opt.Store.SetMember(ctx, Membership{Org: in.Org, Account: a.Account.ID, Role: in.Role, Source: "sso"})
	if err == nil {
		o.note(ctx, a, in.Org, ActMemberRole, a.Account.ID, map[string]string{"before": string(m.Role), "role": string(in.Role), "via": in.Via})
	}
	return err
}

// manageArrived gives the account to the organisation whose domain its proven address is in.
func (o *Orgs) manageArrived(ctx context.Context, a Actor, in Arrival) error {
	if a.Account.Admin || !a.Account.Proven {
		return nil
	}
	ok, err := o.Vouches(ctx, in.Org, a.Account.Email)
	if err != nil || !ok {
		return err
	}
	return o.opt.Managed.Manage(ctx, a.Account.ID, in.Org)
}

func deactivated() error {
	return codecollab.Errorf(codecollab.Forbidden, "deactivated", "Your organisation has deactivated this account. Ask its administrators.")
}
