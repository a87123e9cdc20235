package auth

import (
	"context"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"codecollab.dev"
)

// OrgStore keeps organisations and who is in them.
type OrgStore interface {
	// Org returns an organisation. Error "no_org".
	Org(ctx context.Context, id string) (Org, error)
	// SaveOrg makes or changes an organisation; a new one gets its owner.
	SaveOrg(ctx context.Context, o Org, owner string) error
	// DropOrg takes an organisation away, with all that belongs to it. Error "no_org".
	DropOrg(ctx context.Context, id string) error
	// SetMember gives a person a role; "" takes them out. Error "last_owner".
	SetMember(ctx context.Context, m Membership) error
	// Members are the people of an organisation, owners first, then by name.
	Members(ctx context.Context, org string) ([]Member, error)
}

// OrgBook answers what is asked across organisations.
type OrgBook interface {
	// Orgs are all of them, by name.
	Orgs(ctx context.Context) ([]Org, error)
	// Memberships are a person's, by name of the organisation.
	Memberships(ctx context.Context, account string) ([]Membership, error)
	// RoleIn is what a person is in an organisation; "" is nothing.
	RoleIn(ctx context.Context, org, account string) (Membership, error)
	// CountMembers says how many people are in an organisation.
	CountMembers(ctx context.Context, org string) (int, error)
}

// Member is a person in an organisation.
type Member struct {
	Account string    `json:"account"`
	Name    string    `json:"name"`
	Email   string    `json:"email"`
	Role    OrgRole   `json:"role"`
	Source  string    `json:"source"`
	Active  bool      `json:"active"`
	Seen    time.Time `json:"seen"` // the last sign-in; zero: never
}

// OrgDesk is what organisations need of the desk of people.
type OrgDesk interface {
	// Note writes a line of the audit log.
	Note(ctx context.Context, e Entry)
	Account(ctx context.Context, id string) (Account, error)
	// Change changes what is known about a person. Whoever is not active any more is put out.
	Change(ctx context.Context, id string, change func(*Account) error) (Account, error)
	Sessions(ctx context.Context, account string) ([]Session, error)
	// Find returns the account that a provider calls by a name. Error "no_account".
	Find(ctx context.Context, provider, subject string) (Account, error)
	// EndSessions puts a person out, with all connections that they have.
	EndSessions(ctx context.Context, account string) error
	// EndSession ends a session, with the connections that it has.
	EndSession(ctx context.Context, account, id string) (bool, error)
	// Forget tells that something about a person has changed that may concern what they may do.
	Forget(person string)
}

// OrgOptions are what organisations are made of. Every field must be set.
type OrgOptions struct {
	Store       OrgStore
	Book        OrgBook
	Invitations InvitationStore
	Domains     DomainStore
	Connections ConnectionStore
	Managed     ManagedStore
	Provision   ProvisionStore
	Newcomers   Newcomers
	Tokens      ScimTokenStore
	Groups      GroupStore
	Desk        OrgDesk
	Sealer      *Sealer
	Kinds       map[string]ConnectionKind
	TXT         LookupTXT
	Now         func() time.Time
	Log         *slog.Logger

	Everyone       bool          // everybody with an account may make an organisation, not only administrators
	MaxMembers     int           // people in one organisation
	MaxOrgs        int           // organisations of one owner
	MaxInvitations int           // open ones of an organisation
	InvitationKeep time.Duration // how long one is good
	MaxDomains     int
	MaxScimTokens  int
	MaxConnections int
	DomainRecheck  time.Duration // how often DNS is asked again
	DomainGrace    time.Duration // how long a domain stays verified that DNS does not confirm any more
}

// Orgs are the organisations of an installation.
type Orgs struct{ opt OrgOptions }

// NewOrgs makes an Orgs.
func NewOrgs(opt OrgOptions) *Orgs {
	opt.Store = toldStore{opt.Store, opt.Desk}
	return &Orgs{opt}
}

// toldStore tells of whom it makes something else in an organisation.
type toldStore struct {
	OrgStore
	desk OrgDesk
}

// SetMember implements OrgStore.
func (s toldStore) SetMember(ctx context.Context, m Membership) error {
	err := s.OrgStore.SetMember(ctx, m)
	if err == nil {
		s.desk.Forget(m.Account)
	}
	return err
}

// Actor is who does something, and from where, for decisions and for the audit log.
type Actor struct {
	Account Account
	Address string
	Agent   string
	Via     string // how they signed in
}

// entry begins a line of the audit log.
func (a Actor) entry(org, action, target string, detail map[string]string) Entry {
	return Entry{
		Org: org, Person: a.Account.ID, Name: a.Account.Name, Action: action, Target: target, Outcome: "ok",
		Address: a.Address, Agent: a.Agent, Detail: detail,
	}
}

func (o *Orgs) note(ctx context.Context, a Actor, org, action, target string, detail map[string]string) {
	o.opt.Desk.Note(ctx, a.entry(org, action, target, detail))
}

// Role is what somebody may be taken for in an organisation: administrators of the installation are owners everywhere.
func (o *Orgs) Role(ctx context.Context, org string, a Account) (OrgRole, error) {
	if a.Admin {
		return OrgOwner, nil
	}
	m, err := o.opt.Book.RoleIn(ctx, org, a.ID)
	return m.Role, err
}

// May refuses what somebody may not do in an organisation. Errors: "no_org", "org_role".
func (o *Orgs) May(ctx context.Context, a Actor, org string, act OrgAct) (Org, OrgRole, error) {
	found, err := o.opt.Store.Org(ctx, org)
	if err != nil {
		return Org{}, "", err
	}
	role, err := o.Role(ctx, org, a.Account)
	if err != nil {
		return Org{}, "", err
	}
	if !OrgMay(role, OrgSee) {
		return Org{}, "", NoOrg()
	}
	if !OrgMay(role, act) {
		return Org{}, "", orgRefused(act)
	}
	return found, role, nil
}

// MayMake reports whether somebody may make an organisation.
func (o *Orgs) MayMake(a Account) bool { return a.ID != "" && (a.Admin || o.opt.Everyone) }

// Make makes an organisation. Errors: "org_role", "bad_name", "org_limit".
func (o *Orgs) Make(ctx context.Context, a Actor, name string) (Org, error) {
	if !o.MayMake(a.Account) {
		return Org{}, codecollab.Errorf(codecollab.Forbidden, "org_role", "Here only administrators of the installation make organisations. Ask one of them.")
	}
	name, err := orgName(name)
	if err != nil {
		return Org{}, err
	}
	if err := o.roomForOne(ctx, a.Account); err != nil {
		return Org{}, err
	}
	org := Org{ID: newID("o"), Name: name, Created: o.opt.Now()}
	if err := o.opt.Store.SaveOrg(ctx, org, a.Account.ID); err != nil {
		return Org{}, err
	}
	o.note(ctx, a, org.ID, ActOrgMade, org.ID, map[string]string{"name": name})
	return org, nil
}

func (o *Orgs) roomForOne(ctx context.Context, a Account) error {
	mine, err := o.opt.Book.Memberships(ctx, a.ID)
	if err != nil || a.Admin {
		return err
	}
	owned := 0
	for _, m := range mine {
		if m.Role == OrgOwner {
			owned++
		}
	}
	if owned >= o.opt.MaxOrgs {
		return codecollab.Errorf(codecollab.Limit, "org_limit", "You are the owner of %d organisations, which is as many as one person may have.", owned)
	}
	return nil
}

// Of are the organisations of a person.
func (o *Orgs) Of(ctx context.Context, account string) ([]Membership, error) {
	return o.opt.Book.Memberships(ctx, account)
}

// Count says how many people are in an organisation.
func (o *Orgs) Count(ctx context.Context, org string) (int, error) {
	return o.opt.Book.CountMembers(ctx, org)
}

// All are all organisations, for administrators.
func (o *Orgs) All(ctx context.Context) ([]Org, error) { return o.opt.Book.Orgs(ctx) }

// Rename gives an organisation another name. Errors: as May, "bad_name".
func (o *Orgs) Rename(ctx context.Context, a Actor, id, name string) (Org, error) {
	org, _, err := o.May(ctx, a, id, OrgRename)
	if err != nil {
		return Org{}, err
	}
	before := org.Name
	if org.Name, err = orgName(name); err != nil {
		return Org{}, err
	}
	if err := o.opt.Store.SaveOrg(ctx, org, ""); err != nil {
		return Org{}, err
	}
	o.note(ctx, a, id, ActOrgChanged, id, map[string]string{"before": before, "name": org.Name})
	return org, nil
}

// Delete takes an organisation away, and ends the sessions that came by its connections. The people stay, and so do their rooms. Errors: as May.
func (o *Orgs) Delete(ctx context.Context, a Actor, id string) error {
	org, _, err := o.May(ctx, a, id, OrgDelete)
	if err != nil {
		return err
	}
	connections, err := o.opt.Connections.Connections(ctx, id)
	if err != nil {
		return err
	}
	if err := o.opt.Store.DropOrg(ctx, id); err != nil {
		return err
	}
	o.note(ctx, a, "", ActOrgDeleted, id, map[string]string{"name": org.Name})
	for _, c := range connections {
		if err := o.endVia(ctx, c.ID); err != nil {
			return err
		}
	}
	return nil
}

const maxOrgName = 80

func orgName(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || utf8.RuneCountInString(name) > maxOrgName || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", codecollab.Errorf(codecollab.Invalid, "bad_name", "A name has 1 to %d characters.", maxOrgName)
	}
	return name, nil
}

// domainOf is the domain of an address; "" when it is none.
func domainOf(email string) string {
	_, domain, ok := strings.Cut(cleanEmail(email), "@")
	if !ok || strings.Contains(domain, "@") {
		return ""
	}
	return domain
}
