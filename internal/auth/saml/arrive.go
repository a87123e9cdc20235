package saml

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/russellhaering/gosaml2/types"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
)

// What providers usually call things.
var (
	emailAttrs = []string{
		"email", "mail", "emailAddress", "urn:oid:0.9.2342.19200300.100.1.3", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
	}
	nameAttrs = []string{
		"displayName", "urn:oid:2.16.840.1.113730.3.1.241", "http://schemas.microsoft.com/identity/claims/displayname", "name", "cn", "urn:oid:2.5.4.3",
	}
	firstAttrs = []string{"givenName", "firstName", "urn:oid:2.5.4.42", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname"}
	lastAttrs  = []string{"sn", "surname", "lastName", "urn:oid:2.5.4.4", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname"}
)

const (
	formatEmail     = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
	formatTransient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
)

// attributes are values by the names of the attributes, friendly ones as well.
type attributes map[string][]string

func attributesOf(a types.Assertion) attributes {
	all := attributes{}
	if a.AttributeStatement == nil {
		return all
	}
	for _, found := range a.AttributeStatement.Attributes {
		for _, name := range slices.Compact([]string{found.Name, found.FriendlyName}) {
			for _, v := range found.Values {
				text := strings.TrimSpace(v.Value)
				if v.NameID != nil {
					text = strings.TrimSpace(v.NameID.Value)
				}
				if text != "" && name != "" {
					all[name] = append(all[name], text)
				}
			}
		}
	}
	return all
}

// first is the first value of the first of these that there is.
func (a attributes) first(names ...string) string {
	for _, name := range names {
		if values := a[name]; len(values) > 0 {
			return values[0]
		}
	}
	return ""
}

// names lists what the provider sent, without what it says: for the log.
func (a attributes) names() string {
	var out []string
	for name := range a {
		out = append(out, name)
	}
	slices.Sort(out)
	if len(out) == 0 {
		return "none"
	}
	return strings.Join(out, ", ")
}

// person makes an arrival of the assertion.
func (r *reading) person(context.Context) (string, error) {
	name := types.NameID{}
	if r.assertion.Subject.NameID != nil {
		name = *r.assertion.Subject.NameID
	}
	name.Value = strings.TrimSpace(name.Value)
	all := attributesOf(r.assertion)
	subject, err := r.subject(name, all)
	if err != nil {
		return "", err
	}
	c := r.site.Connection
	in := auth.Arrival{
		Provider: auth.ProviderOf(c.ID), Subject: subject, Org: c.Org, Via: c.ID, Proven: true,
		Name: r.nameOf(all), Email: r.emailOf(name, all), Role: r.settings.role(all),
	}
	if end := r.assertion.AuthnStatement.SessionNotOnOrAfter; end != nil {
		in.Until = *end
	}
	detail, err := json.Marshal(session{
		Name: name.Value, Format: name.Format, Qualifier: name.NameQualifier, Ours: name.SPNameQualifier, Index: r.assertion.AuthnStatement.SessionIndex,
	})
	in.Detail = string(detail)
	r.answer.Arrival = in
	r.mapped(in, all)
	return fmt.Sprintf("%s; attributes: %s", subject, all.names()), err
}

// mapped says what was found about a person, for who tries a connection out.
func (r *reading) mapped(in auth.Arrival, all attributes) {
	r.found = append(r.found, auth.Step{Name: "name", OK: in.Name != "", Detail: in.Name, Fix: "Have the provider send a name, or say here what its attribute is called."},
		auth.Step{Name: "email", OK: in.Email != "", Detail: in.Email, Fix: "Have the provider send an e-mail address, or say here what its attribute is called."})
	if a := r.settings.GroupsAttr; a != "" {
		r.found = append(r.found, auth.Step{Name: "groups", OK: len(all[a]) > 0, Detail: strings.Join(all[a], ", "), Fix: "Have the provider send groups as the attribute " + a + "."},
			auth.Step{Name: "role", OK: true, Detail: string(in.Role)})
	}
	for i, s := range r.found {
		if s.OK {
			r.found[i].Fix = ""
		}
	}
}

// subject is what names somebody for good.
func (r *reading) subject(name types.NameID, all attributes) (string, error) {
	if a := r.settings.SubjectAttr; a != "" {
		values := all[a]
		if len(values) != 1 {
			return "", fmt.Errorf("the attribute %q, which is to name people, has %d values; there are: %s", a, len(values), all.names())
		}
		return bounded(values[0])
	}
	if name.Format == formatTransient {
		return "", errors.New("the provider calls people by another name each time (transient): have it send a persistent name id, " +
			"or choose an attribute that names people")
	}
	return bounded(name.Value)
}

func bounded(subject string) (string, error) {
	if subject == "" || len(subject) > mostText {
		return "", fmt.Errorf("the name of a person has %d bytes, and it has to be 1 to %d", len(subject), mostText)
	}
	return subject, nil
}

func (r *reading) nameOf(all attributes) string {
	if a := r.settings.NameAttr; a != "" {
		return all.first(a)
	}
	if name := all.first(nameAttrs...); name != "" {
		return name
	}
	return strings.TrimSpace(all.first(firstAttrs...) + " " + all.first(lastAttrs...))
}

func (r *reading) emailOf(name types.NameID, all attributes) string {
	if a := r.settings.EmailAttr; a != "" {
		return all.first(a)
	}
	if email := all.first(emailAttrs...); email != "" {
		return email
	}
	if name.Format == formatEmail {
		return name.Value
	}
	return ""
}

// role is the best that the groups of a person have; "" where nothing is said about groups, which leaves the role as it is. Where
// groups have roles, somebody in none of them is a member.
func (s Settings) role(all attributes) auth.OrgRole {
	if s.GroupsAttr == "" || len(s.GroupRoles) == 0 {
		return ""
	}
	best := auth.OrgMember
	for _, group := range all[s.GroupsAttr] {
		if role := s.GroupRoles[group]; role.Better(best) {
			best = role
		}
	}
	return best
}

// session is what the provider calls somebody's session there, kept to end it together with ours.
type session struct {
	Name      string `json:"n"`
	Format    string `json:"f,omitempty"`
	Qualifier string `json:"q,omitempty"`
	Ours      string `json:"s,omitempty"`
	Index     string `json:"i,omitempty"`
}

// codeless reports whether an error is not yet one for people.
func codeless(err error) bool {
	_, ok := errors.AsType[*codecollab.Error](err)
	return !ok
}

// reasonOf is what an administrator is told.
func reasonOf(err error) string {
	if e, ok := errors.AsType[*codecollab.Error](err); ok && e.Err != nil {
		return e.Err.Error()
	}
	return err.Error()
}
