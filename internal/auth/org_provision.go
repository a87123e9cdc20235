package auth

import (
	"context"

	"codecollab.dev"
)

// Provisioned is a person as an organisation's provider describes them.
type Provisioned struct {
	Org      string
	ID       string   // what the person is called among those of the provider
	Account  string   // "" when they have none yet
	Subjects []string // by what the provider may call them when they sign in
	Name     string
	Email    string // lower case
	Role     OrgRole
	Active   bool
	Gone     bool // the provider does not know them any more
}

// ProvisionStore keeps which accounts providers speak of.
type ProvisionStore interface {
	// ProvenBy are the accounts whose address this is, as somebody trusted has said, the oldest first.
	ProvenBy(ctx context.Context, email string) ([]Account, error)
	// ProvisionedBy finds the account that a provider's description belongs to, by one of its names or its address; "" is none.
	ProvisionedBy(ctx context.Context, org, subject, email string) (account string, err error)
	// Blocked reports whether the organisation's provider has deactivated an account.
	Blocked(ctx context.Context, org, account string) (bool, error)
	// Link notes by what a provider calls an account. false: the provider has a name for the account, or the name is somebody's.
	Link(ctx context.Context, account, provider, subject string) (bool, error)
}

// Newcomers makes accounts, and takes away what lets programs act for them.
type Newcomers interface {
	// AddAccount keeps a new person together with the name that a provider has for them. Error "taken": the name is somebody's.
	AddAccount(ctx context.Context, a Account, provider, subject string) error
	// DropTokens takes away all API tokens of a person.
	DropTokens(ctx context.Context, account string) error
}

// Note writes into the audit log.
func (o *Orgs) Note(ctx context.Context, e Entry) { o.opt.Desk.Note(ctx, e) }

// Settle makes an account what a provider says of its person: known, a member with a role, and active or not. One that is not active
// any more is out at once, with all sessions, connections and API tokens. Accounts that are not the organisation's only stop being
// members. It may be called again and again. Error "org_full".
func (o *Orgs) Settle(ctx context.Context, by Actor, p Provisioned) (string, error) {
	a, err := o.provision(ctx, by, p)
	if err != nil {
		return "", err
	}
	mine, ended, err := o.manages(ctx, p.Org, a)
	if err != nil {
		return "", err
	}
	if !p.Active {
		return a.ID, o.deactivate(ctx, by, p, a, mine)
	}
	if mine && (ended || a.Name != CleanName(p.Name, p.Email) || a.Email != p.Email) {
		if a, err = o.describe(ctx, p, a, ended); err != nil {
			return "", err
		}
	}
	return a.ID, o.settleRole(ctx, by, p, a)
}

// provision finds the account of a person, or makes it.
func (o *Orgs) provision(ctx context.Context, by Actor, p Provisioned) (Account, error) {
	if p.Account != "" {
		a, err := o.opt.Desk.Account(ctx, p.Account)
		if codecollab.CodeOf(err) != "no_account" {
			return a, err
		}
	}
	in, err := o.Vouches(ctx, p.Org, p.Email)
	if err != nil {
		return Account{}, err
	}
	if a, ok, err := o.matching(ctx, p, in); err != nil || ok {
		return a, err
	}
	a := Account{ID: newID("u"), Name: CleanName(p.Name, p.Email), Color: -1, Email: p.Email, Proven: in, Active: true, Created: o.opt.Now()}
	if err := o.opt.Newcomers.AddAccount(ctx, a, "scim:"+p.Org, p.ID); err != nil {
		return Account{}, err
	}
	o.note(ctx, by, p.Org, ActPersonMade, a.ID, map[string]string{"via": "scim"})
	return a, o.opt.Managed.Manage(ctx, a.ID, p.Org)
}

// matching finds an account that is there already: one that has come by the organisation's connections under that name, or, in a
// domain of the organisation, one with that proven address. Administrators of the installation are never found by their address:
// otherwise whoever provisions could become one.
func (o *Orgs) matching(ctx context.Context, p Provisioned, in bool) (Account, bool, error) {
	all, err := o.opt.Connections.Connections(ctx, p.Org)
	if err != nil {
		return Account{}, false, err
	}
	for _, c := range all {
		for _, s := range p.Subjects {
			a, err := o.opt.Desk.Find(ctx, ProviderOf(c.ID), s)
			if codecollab.CodeOf(err) == "no_account" {
				continue
			}
			if err != nil {
				return a, false, err
			}
			return a, true, o.manageIn(ctx, p.Org, a, in)
		}
	}
	if !in {
		return Account{}, false, nil
	}
	found, err := o.opt.Provision.ProvenBy(ctx, p.Email)
	if err != nil {
		return Account{}, false, err
	}
	for _, a := range found {
		of, _, err := o.opt.Managed.ManagedBy(ctx, a.ID)
		if err != nil {
			return Account{}, false, err
		}
		if !a.Admin && (of == "" || of == p.Org) {
			return a, true, o.opt.Managed.Manage(ctx, a.ID, p.Org)
		}
	}
	return Account{}, false, nil
}

// manageIn gives an account to the organisation if its own address is in a domain of that.
func (o *Orgs) manageIn(ctx context.Context, org string, a Account, in bool) error {
	if !in || a.Admin || !a.Proven {
		return nil
	}
	if own, err := o.Vouches(ctx, org, a.Email); err != nil || !own {
		return err
	}
	return o.opt.Managed.Manage(ctx, a.ID, org)
}

// manages reports whether an account is the organisation's to end, and whether it has.
func (o *Orgs) manages(ctx context.Context, org string, a Account) (mine, ended bool, err error) {
	of, ended, err := o.opt.Managed.ManagedBy(ctx, a.ID)
	mine = of == org && !a.Admin
	return mine, mine && ended, err
}

// describe writes down what the provider says of a person. An address counts only in the organisation's domains.
func (o *Orgs) describe(ctx context.Context, p Provisioned, a Account, again bool) (Account, error) {
	in, err := o.Vouches(ctx, p.Org, p.Email)
	if err != nil {
		return a, err
	}
	if again {
		if err := o.opt.Managed.SetEnded(ctx, a.ID, false); err != nil {
			return a, err
		}
	}
	return o.opt.Desk.Change(ctx, a.ID, func(a *Account) error {
		a.Name = CleanName(p.Name, p.Email)
		if in {
			a.Email, a.Proven = p.Email, true
		}
		a.Active = a.Active || again
		return nil
	})
}

// deactivate puts a person out. The membership of owners stays, since there has to be one; that of others too, unless the account is
// not the organisation's to end.
func (o *Orgs) deactivate(ctx context.Context, by Actor, p Provisioned, a Account, mine bool) error {
	if err := o.opt.Newcomers.DropTokens(ctx, a.ID); err != nil {
		return err
	}
	if mine && a.Active {
		if err := o.opt.Managed.SetEnded(ctx, a.ID, true); err != nil {
			return err
		}
		if _, err := o.opt.Desk.Change(ctx, a.ID, func(a *Account) error { a.Active = false; return nil }); err != nil {
			return err
		}
	} else if err := o.opt.Desk.EndSessions(ctx, a.ID); err != nil {
		return err
	}
	if mine && !p.Gone {
		return nil
	}
	m, err := o.opt.Book.RoleIn(ctx, p.Org, a.ID)
	if err != nil || m.Role == "" {
		return err
	}
	err = o.opt.Store.SetMember(ctx, Membership{Org: p.Org, Account: a.ID})
	if codecollab.CodeOf(err) == "last_owner" {
		o.opt.Log.Warn("provisioning removes the last owner of an organisation, who stays it", "org", p.Org, "account", a.ID)
		return nil
	}
	if err == nil {
		o.note(ctx, by, p.Org, ActMemberRemoved, a.ID, map[string]string{"before": string(m.Role), "via": "scim"})
	}
	return err
}

// fixed reports whether providers leave a membership as it is, when they would give it a role: owners are made and unmade by owners
// alone, and what somebody was given by hand does not become less.
func (m Membership) fixed(role OrgRole) bool {
	return m.Role == OrgOwner || m.Source == "manual" && m.Role.Better(role)
}

// settleRole makes a person a member with the role that their groups give.
func (o *Orgs) settleRole(ctx context.Context, by Actor, p Provisioned, a Account) error {
	role := p.Role
	if role == OrgOwner {
		role = OrgAdmin
	}
	m, err := o.opt.Book.RoleIn(ctx, p.Org, a.ID)
	switch {
	case err != nil:
		return err
	case m.Role == "":
		if role == "" {
			role = OrgMember
		}
		err = o.enter(ctx, Membership{Org: p.Org, Account: a.ID, Role: role, Source: "scim"})
		if err == nil {
			o.note(ctx, by, p.Org, ActMemberAdded, a.ID, map[string]string{"role": string(role), "via": "scim"})
		}
		return err
	case role == "" && m.Source == "scim":
		role = OrgMember // the group that made them more is gone
	}
	if role == "" || m.Role == role || m.fixed(role) {
		return nil
	}
	err = o.opt.Store.SetMember(ctx, Membership{Org: p.Org, Account: a.ID, Role: role, Source: "scim"})
	if err == nil {
		o.note(ctx, by, p.Org, ActMemberRole, a.ID, map[string]string{"before": string(m.Role), "role": string(role), "via": "scim"})
	}
	return err
}

// Known finds the account of somebody who comes by a connection for the first time, if the organisation's provider has described
// them before: by the name that it gives them, or by an address in the organisation's domains. ok is false when there is none.
func (o *Orgs) Known(ctx context.Context, in Arrival) (account string, ok bool, err error) {
	if in.Org == "" {
		return "", false, nil
	}
	email := ""
	if own, err := o.Vouches(ctx, in.Org, in.Email); err != nil {
		return "", false, err
	} else if own && in.Proven {
		email = cleanEmail(in.Email)
	}
	account, err = o.opt.Provision.ProvisionedBy(ctx, in.Org, in.Subject, email)
	if err != nil || account == "" {
		return "", false, err
	}
	ok, err = o.opt.Provision.Link(ctx, account, in.Provider, in.Subject)
	return account, ok, err
}
