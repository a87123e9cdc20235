package auth

import (
	"context"
	"slices"

	"codecollab.dev"
)

// ManagedStore keeps which organisation an account belongs to, so that it may end it.
type ManagedStore interface {
	// ManagedBy is the organisation that manages an account, "" is none, and whether that has ended it.
	ManagedBy(ctx context.Context, account string) (org string, ended bool, err error)
	// Manage notes that an organisation manages an account, unless another one does.
	Manage(ctx context.Context, account, org string) error
	// SetEnded notes whether the organisation that manages an account has ended it.
	SetEnded(ctx context.Context, account string, ended bool) error
}

// SSO is how people of a domain sign in.
type SSO struct {
	Org      string `json:"org"`
	Path     string `json:"path"`
	Enforced bool   `json:"enforced"`
}

// Discover says how people with an address sign in; nil: in no special way. It looks at the domain alone, so that nobody learns
// whether there is such a person.
func (o *Orgs) Discover(ctx context.Context, email string) (*SSO, error) {
	id, err := o.opt.Domains.OrgOf(ctx, domainOf(email))
	if err != nil || id == "" {
		return nil, err
	}
	org, err := o.opt.Store.Org(ctx, id)
	if err != nil {
		return nil, err
	}
	c, err := o.firstEnabled(ctx, id, "")
	if err != nil || c == "" {
		return nil, err
	}
	return &SSO{Org: org.Name, Path: "/auth/sso/" + c, Enforced: org.Enforced}, nil
}

// firstEnabled is the first connection that is on, but one.
func (o *Orgs) firstEnabled(ctx context.Context, org, but string) (string, error) {
	all, err := o.opt.Connections.Connections(ctx, org)
	for _, c := range all {
		if c.Enabled && c.ID != but {
			return c.ID, err
		}
	}
	return "", err
}

// Enforce makes the organisation's connection the only way in for its members with an address of its domains, or ends that. Sessions
// that began in another way end, but those of owners. Errors: as May, "enforced".
func (o *Orgs) Enforce(ctx context.Context, a Actor, id string, on bool) (Org, error) {
	org, _, err := o.May(ctx, a, id, OrgSignIn)
	if err != nil || org.Enforced == on {
		return org, err
	}
	if on {
		if err := o.stillEnforceable(ctx, id, "", ""); err != nil {
			return Org{}, err
		}
	}
	org.Enforced = on
	if err := o.opt.Store.SaveOrg(ctx, org, ""); err != nil {
		return Org{}, err
	}
	o.note(ctx, a, id, ActOrgChanged, id, map[string]string{"enforced": map[bool]string{true: "yes", false: "no"}[on]})
	if on {
		err = o.endOthers(ctx, id)
	}
	return org, err
}

// stillEnforceable refuses what would leave an organisation without a verified domain or a connection, but for those two.
func (o *Orgs) stillEnforceable(ctx context.Context, org, butDomain, butConnection string) error {
	domains, err := o.opt.Domains.Domains(ctx, org)
	if err != nil {
		return err
	}
	c, err := o.firstEnabled(ctx, org, butConnection)
	if err != nil {
		return err
	}
	if c == "" || !slices.ContainsFunc(domains, func(d Domain) bool { return d.Holds() && d.Domain != butDomain }) {
		return codecollab.Errorf(codecollab.Conflict, "enforced",
			"Single sign-on can be the only way in while a connection is on and a domain is verified. End the enforcement first, or set those up.")
	}
	return nil
}

// endOthers ends the members' sessions that began in another way than by the organisation's connections.
func (o *Orgs) endOthers(ctx context.Context, org string) error {
	members, err := o.opt.Store.Members(ctx, org)
	if err != nil {
		return err
	}
	ways, err := o.ways(ctx, org)
	if err != nil {
		return err
	}
	for _, m := range members {
		in, err := o.Vouches(ctx, org, m.Email)
		if err != nil {
			return err
		}
		if !in || m.Role == OrgOwner {
			continue
		}
		if err := o.endSessions(ctx, m.Account, func(s Session) bool { return !slices.Contains(ways, s.Via) }); err != nil {
			return err
		}
	}
	return nil
}

// ways are the ids of the connections of an organisation that are on.
func (o *Orgs) ways(ctx context.Context, org string) ([]string, error) {
	all, err := o.opt.Connections.Connections(ctx, org)
	var out []string
	for _, c := range all {
		if c.Enabled {
			out = append(out, c.ID)
		}
	}
	return out, err
}

// Vouches reports whether an address is of a domain that is verified for the organisation.
func (o *Orgs) Vouches(ctx context.Context, org, email string) (bool, error) {
	domain := domainOf(email)
	if domain == "" {
		return false, nil
	}
	of, err := o.opt.Domains.OrgOf(ctx, domain)
	return of == org && org != "", err
}

// Admit refuses people who may not come in this way: the organisation that they are in wants its own sign-in. Owners may do without,
// so that a broken provider locks nobody out; the audit log says so. Error "sso_required".
func (o *Orgs) Admit(ctx context.Context, a Actor) error {
	mine, err := o.opt.Book.Memberships(ctx, a.Account.ID)
	if err != nil {
		return err
	}
	for _, m := range mine {
		if err := o.admitTo(ctx, a, m); err != nil {
			return err
		}
	}
	return nil
}

func (o *Orgs) admitTo(ctx context.Context, a Actor, m Membership) error {
	org, err := o.opt.Store.Org(ctx, m.Org)
	if err != nil || !org.Enforced {
		return err
	}
	in, err := o.Vouches(ctx, m.Org, a.Account.Email)
	if err != nil || !in {
		return err
	}
	ways, err := o.ways(ctx, m.Org)
	if err != nil || slices.Contains(ways, a.Via) {
		return err
	}
	if m.Role == OrgOwner {
		o.note(ctx, a, m.Org, ActBreakGlass, a.Account.ID, map[string]string{"via": a.Via})
		return nil
	}
	e := a.entry(m.Org, ActSignIn, a.Account.ID, map[string]string{"via": a.Via})
	e.Outcome = "sso_required"
	o.opt.Desk.Note(ctx, e)
	return codecollab.Errorf(codecollab.Forbidden, "sso_required", "%s wants its people to come in by its own sign-in. Sign in with your work address there.", org.Name)
}
