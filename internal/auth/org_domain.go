package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"slices"
	"strings"
	"time"

	"codecollab.dev"
)

// Domain is a domain that an organisation says is its own.
type Domain struct {
	Org      string    `json:"-"`
	Domain   string    `json:"domain"`
	Token    string    `json:"token"`  // what the TXT record has to say
	Record   string    `json:"record"` // the name of that record
	Verified time.Time `json:"verified"`
	Checked  time.Time `json:"checked"`
	Failing  time.Time `json:"failing"` // since when DNS does not confirm it any more
	Created  time.Time `json:"created"`
}

// Holds reports whether the domain is the organisation's.
func (d Domain) Holds() bool { return !d.Verified.IsZero() }

// DomainStore keeps domains. One that is verified belongs to one organisation.
type DomainStore interface {
	// SaveDomain makes or changes one. Error "domain_taken": it is verified for another organisation.
	SaveDomain(ctx context.Context, d Domain) error
	// Domains are an organisation's, by name; all that are verified when org is "".
	Domains(ctx context.Context, org string) ([]Domain, error)
	DropDomain(ctx context.Context, org, domain string) (bool, error)
	// OrgOf is the organisation that a domain is verified for; "" is none.
	OrgOf(ctx context.Context, domain string) (string, error)
}

// LookupTXT asks DNS.
type LookupTXT func(ctx context.Context, name string) ([]string, error)

// ResolveAt asks the DNS server at host:port; "" is that of the machine.
func ResolveAt(addr string) LookupTXT {
	r := net.DefaultResolver
	if addr != "" {
		var d net.Dialer
		r = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return d.DialContext(ctx, network, addr)
		}}
	}
	return r.LookupTXT
}

// domainRecord is the name under a domain that has the token.
const domainRecord = "_codecollab."

// AddDomain notes that an organisation says a domain is its own; CheckDomain finds out. Errors: as May, "bad_domain", "domain_limit".
func (o *Orgs) AddDomain(ctx context.Context, a Actor, org, name string) (Domain, error) {
	if _, _, err := o.May(ctx, a, org, OrgSignIn); err != nil {
		return Domain{}, err
	}
	name, err := domainName(name)
	if err != nil {
		return Domain{}, err
	}
	all, err := o.opt.Domains.Domains(ctx, org)
	if err != nil {
		return Domain{}, err
	}
	if i := slices.IndexFunc(all, func(d Domain) bool { return d.Domain == name }); i >= 0 {
		return all[i], nil
	}
	if len(all) >= o.opt.MaxDomains {
		return Domain{}, codecollab.Errorf(codecollab.Limit, "domain_limit", "The organisation has %d domains, which is as many as it may have.", len(all))
	}
	d := Domain{Org: org, Domain: name, Token: "codecollab-" + strings.ToLower(rand.Text()), Record: domainRecord + name, Created: o.opt.Now()}
	if err := o.opt.Domains.SaveDomain(ctx, d); err != nil {
		return Domain{}, err
	}
	o.note(ctx, a, org, ActDomainAdded, name, nil)
	return d, nil
}

// DomainsOf are the domains of an organisation. Errors: as May.
func (o *Orgs) DomainsOf(ctx context.Context, a Actor, org string) ([]Domain, error) {
	if _, _, err := o.May(ctx, a, org, OrgSeeSignIn); err != nil {
		return nil, err
	}
	return o.opt.Domains.Domains(ctx, org)
}

// DropDomain takes a domain off an organisation. Errors: as May, "no_domain", "enforced".
func (o *Orgs) DropDomain(ctx context.Context, a Actor, org, name string) error {
	found, _, err := o.May(ctx, a, org, OrgSignIn)
	if err != nil {
		return err
	}
	if found.Enforced {
		if err := o.stillEnforceable(ctx, org, name, ""); err != nil {
			return err
		}
	}
	gone, err := o.opt.Domains.DropDomain(ctx, org, name)
	if err != nil {
		return err
	}
	if !gone {
		return noDomain()
	}
	o.note(ctx, a, org, ActDomainRemoved, name, nil)
	return nil
}

// CheckDomain asks DNS whether a domain is the organisation's. Errors: as May, "no_domain", "domain_unproven", "domain_taken".
func (o *Orgs) CheckDomain(ctx context.Context, a Actor, org, name string) (Domain, error) {
	if _, _, err := o.May(ctx, a, org, OrgSignIn); err != nil {
		return Domain{}, err
	}
	all, err := o.opt.Domains.Domains(ctx, org)
	if err != nil {
		return Domain{}, err
	}
	i := slices.IndexFunc(all, func(d Domain) bool { return d.Domain == name })
	if i < 0 {
		return Domain{}, noDomain()
	}
	d := all[i]
	found, err := o.proven(ctx, d)
	if found != "" {
		err = codecollab.Errorf(codecollab.Invalid, "domain_unproven", "%s DNS changes can take an hour to be seen everywhere.", found)
	}
	if err != nil {
		e := a.entry(org, ActDomainVerified, name, nil)
		e.Outcome = codecollab.CodeOf(err)
		o.opt.Desk.Note(ctx, e)
		return d, err
	}
	was := d.Holds()
	now := o.opt.Now()
	d.Checked, d.Failing = now, time.Time{}
	if !was {
		d.Verified = now
	}
	if err := o.opt.Domains.SaveDomain(ctx, d); err != nil {
		return Domain{}, err
	}
	if !was {
		o.note(ctx, a, org, ActDomainVerified, name, nil)
	}
	return d, nil
}

// proven asks DNS; when it does not say what it should, the sentence says what it does say.
func (o *Orgs) proven(ctx context.Context, d Domain) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	name := domainRecord + d.Domain
	texts, err := o.opt.TXT(ctx, name+".")
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return "DNS has no TXT record for " + name + " yet.", nil
	}
	if err != nil {
		return "", &codecollab.Error{
			Kind: codecollab.Unavailable, Code: "dns_failed", Err: err,
			Message: "The server cannot ask DNS about " + name + " just now. Try again in a minute.",
		}
	}
	for _, t := range texts {
		if strings.TrimSpace(t) == d.Token {
			return "", nil
		}
	}
	return "DNS has a TXT record for " + name + ", but not with the value that is asked for.", nil
}

// Recheck asks DNS again about the verified domains that were not asked about for long enough. One that is not confirmed for longer
// than the grace period is verified no more.
func (o *Orgs) Recheck(ctx context.Context) {
	all, err := o.opt.Domains.Domains(ctx, "")
	if err != nil {
		o.opt.Log.Error("domains cannot be checked again", "err", err)
		return
	}
	for _, d := range all {
		if o.opt.Now().Sub(d.Checked) >= o.opt.DomainRecheck {
			o.recheck(ctx, d)
		}
	}
}

func (o *Orgs) recheck(ctx context.Context, d Domain) {
	found, err := o.proven(ctx, d)
	if err != nil {
		o.opt.Log.Warn("a domain could not be checked", "domain", d.Domain, "err", err)
		return // our resolver fails, which says nothing about the domain
	}
	now, lost := o.opt.Now(), false
	d.Checked = now
	switch {
	case found == "":
		d.Failing = time.Time{}
	case d.Failing.IsZero():
		d.Failing = now
		o.opt.Log.Warn("a domain is not confirmed any more", "domain", d.Domain, "org", d.Org, "found", found)
	case now.Sub(d.Failing) >= o.opt.DomainGrace:
		d.Verified, lost = time.Time{}, true
	}
	if err := o.opt.Domains.SaveDomain(ctx, d); err != nil {
		o.opt.Log.Error("a domain's check cannot be kept", "domain", d.Domain, "err", err)
		return
	}
	if lost {
		o.note(ctx, Actor{}, d.Org, ActDomainLost, d.Domain, map[string]string{"found": found})
	}
}

// domainName is a domain as it is kept: lower case, of letters, digits and hyphens (other letters as xn--).
func domainName(name string) (string, error) {
	name = strings.ToLower(strings.TrimSuffix(strings.TrimSpace(name), "."))
	bad := codecollab.Errorf(codecollab.Invalid, "bad_domain", "A domain is like example.com; with other letters than a to z, in the form that begins with xn--.")
	labels := strings.Split(name, ".")
	if len(name) > 240 || len(labels) < 2 || net.ParseIP(name) != nil {
		return "", bad
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return "", bad
		}
	}
	return name, nil
}

func noDomain() error {
	return codecollab.Errorf(codecollab.NotFound, "no_domain", "The organisation has no such domain.")
}
