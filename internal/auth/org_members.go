package auth

import (
	"context"

	"codecollab.dev"
)

// Members are the people of an organisation. Members see who is with them; addresses only those who look after it. Errors: as May.
func (o *Orgs) Members(ctx context.Context, a Actor, org string) ([]Member, error) {
	_, role, err := o.May(ctx, a, org, OrgSee)
	if err != nil {
		return nil, err
	}
	members, err := o.opt.Store.Members(ctx, org)
	if !OrgMay(role, OrgPeople) {
		for i := range members {
			if members[i].Account != a.Account.ID {
				members[i].Email = ""
			}
		}
	}
	return members, err
}

// SetRole makes a person who is in an organisation something else there. Errors: as May, "no_member", "last_owner", "bad_role".
func (o *Orgs) SetRole(ctx context.Context, a Actor, org, account string, role OrgRole) error {
	if !role.Known() {
		return badRole()
	}
	was, err := o.mayChange(ctx, a, org, account, role)
	if err != nil || was.Role == role {
		return err
	}
	err = o.opt.Store.SetMember(ctx, Membership{Org: org, Account: account, Role: role, Source: "manual"})
	if err == nil {
		o.note(ctx, a, org, ActMemberRole, account, map[string]string{"before": string(was.Role), "role": string(role)})
	}
	return err
}

// Remove takes a person out of an organisation; everybody may take themselves out. Errors: as May, "no_member", "last_owner".
func (o *Orgs) Remove(ctx context.Context, a Actor, org, account string) error {
	var was Membership
	var err error
	if account == a.Account.ID {
		was, err = o.memberOf(ctx, org, account)
	} else {
		was, err = o.mayChange(ctx, a, org, account, "")
	}
	if err != nil {
		return err
	}
	if err := o.opt.Store.SetMember(ctx, Membership{Org: org, Account: account}); err != nil {
		return err
	}
	o.note(ctx, a, org, ActMemberRemoved, account, map[string]string{"before": string(was.Role)})
	return nil
}

// mayChange refuses to change what a person is unless the actor may do it to the role that they have and to that which they get.
func (o *Orgs) mayChange(ctx context.Context, a Actor, org, account string, role OrgRole) (Membership, error) {
	if _, _, err := o.May(ctx, a, org, OrgPeople); err != nil {
		return Membership{}, err
	}
	was, err := o.memberOf(ctx, org, account)
	if err != nil {
		return Membership{}, err
	}
	if was.Role == OrgOwner || role == OrgOwner {
		_, _, err = o.May(ctx, a, org, OrgOwners)
	}
	return was, err
}

func (o *Orgs) memberOf(ctx context.Context, org, account string) (Membership, error) {
	m, err := o.opt.Book.RoleIn(ctx, org, account)
	if err == nil && m.Role == "" {
		err = codecollab.Errorf(codecollab.NotFound, "no_member", "This person is not in the organisation.")
	}
	return m, err
}

// enter adds a person, if there is room for one more.
func (o *Orgs) enter(ctx context.Context, m Membership) error {
	members, err := o.opt.Book.CountMembers(ctx, m.Org)
	if err != nil {
		return err
	}
	if members >= o.opt.MaxMembers {
		return codecollab.Errorf(codecollab.Limit, "org_full",
			"The organisation has %d people, which is as many as it may have. Its owner can remove some, or the limit can be raised.", members)
	}
	return o.opt.Store.SetMember(ctx, m)
}

func badRole() error {
	return codecollab.Errorf(codecollab.Invalid, "bad_role", `A role in an organisation is "owner", "admin" or "member".`)
}
