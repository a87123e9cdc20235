package gate

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/auth"
)

// connect adds a connection that is on, and returns its id.
func (o *office) connect() string {
	o.t.Helper()
	var c struct{ ID string }
	o.do("POST", o.own("/connections"), o.token, `{"kind": "oidc", "name": "Okta", "settings": {"issuer": "https://okta.example", "clientSecret": "hush"}}`, http.StatusCreated, &c)
	o.do("PUT", o.own("/connections/"+c.ID), o.token, `{"enabled": true}`, http.StatusOK, nil)
	return c.ID
}

// verify makes a domain the organisation's.
func (o *office) verify(domain string) {
	o.t.Helper()
	var d struct{ Record, Token string }
	o.do("POST", o.own("/domains"), o.token, fmt.Sprintf(`{"domain": %q}`, domain), http.StatusCreated, &d)
	o.dns.set(d.Record, "something else", d.Token)
	o.do("POST", o.own("/domains/"+domain+"/verify"), o.token, "", http.StatusOK, nil)
}

// arrives signs somebody in whom a connection vouches for, and returns the account and the token of the session.
func (o *office) arrives(connection, subject, email string, role auth.OrgRole) (auth.Account, string, error) {
	o.t.Helper()
	in := auth.Arrival{Provider: auth.ProviderOf(connection), Subject: subject, Name: subject, Email: email, Proven: true, Org: o.org, Role: role, Via: connection}
	a, err := o.desk.Arrive(o.t.Context(), in)
	if err != nil {
		return a, "", err
	}
	r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	if err := o.orgs.Arrived(r.Context(), o.gate.actor(r, a, in.Via), in); err != nil {
		return a, "", err
	}
	token, err := o.signInVia(a, connection)
	return a, token, err
}

// signInVia ends a sign-in, as all ways do.
func (o *office) signInVia(a auth.Account, via string) (string, error) {
	r, w := httptest.NewRequest(http.MethodGet, "/", http.NoBody), httptest.NewRecorder()
	if err := o.gate.signIn(w, r, a, auth.Arrival{Via: via}); err != nil {
		return "", err
	}
	for _, c := range w.Result().Cookies() {
		if c.Name == cookieName {
			return c.Value, nil
		}
	}
	o.t.Fatal("no cookie")
	return "", nil
}

func (o *office) roleOf(account string) auth.OrgRole {
	o.t.Helper()
	m, err := o.db.RoleIn(o.t.Context(), o.org, account)
	if err != nil {
		o.t.Fatal(err)
	}
	return m.Role
}

// isIn reports whether a session still counts.
func (o *office) isIn(token string) bool {
	status, _ := o.ask("GET", "/api/v1/me/sessions", token, "")
	return status == http.StatusOK
}

// account is that of a user of the provider.
func (p *provider) account(id string) auth.Account {
	p.t.Helper()
	res, err := p.office.db.Resource(p.t.Context(), p.office.org, "User", id)
	if err != nil {
		p.t.Fatal(err)
	}
	a, err := p.office.desk.Account(p.t.Context(), res.Account)
	if err != nil {
		p.t.Fatal(err)
	}
	return a
}

func (p *provider) user(name, external string) string {
	p.t.Helper()
	return fmt.Sprint(p.want(201, "POST", "/Users", object{"userName": name, "externalId": external, "displayName": strings.ToUpper(name[:1])})["id"])
}

func (p *provider) patch(path, field string, value any) {
	p.t.Helper()
	p.want(200, "PATCH", path, object{"Operations": []object{{"op": "replace", "path": field, "value": value}}})
}

func TestWhoIsProvisionedFirstSignsInAsThat(t *testing.T) {
	p := newProvider(t)
	o := p.office
	c := o.connect()
	o.verify("example.com")
	id := p.user("ada@example.com", "00u1")
	made := p.account(id)
	if made.Email != "ada@example.com" || !made.Proven || made.Name != "A" || o.roleOf(made.ID) != auth.OrgMember {
		t.Errorf("the account is %+v, a %s", made, o.roleOf(made.ID))
	}
	a, _, err := o.arrives(c, "00u1", "ada@example.com", "")
	if err != nil || a.ID != made.ID {
		t.Errorf("who arrives is %+v, %v", a, err)
	}
	// The provider calls them by one name: somebody else who claims the same address is somebody else.
	b, _, err := o.arrives(c, "00u2", "ada@example.com", "")
	if err != nil || b.ID == made.ID {
		t.Errorf("another subject with the address is %+v, %v", b, err)
	}
	// Where the sign-in has a name that SCIM does not know, the address decides, of those who have not come yet.
	eve := p.account(p.user("eve@example.com", "object-id"))
	if e, _, err := o.arrives(c, "pairwise", "Eve@example.com", ""); err != nil || e.ID != eve.ID {
		t.Errorf("by the address they are %+v, %v", e, err)
	}
	// Of another organisation's connection nothing is believed.
	x, err := o.desk.Arrive(t.Context(), auth.Arrival{Provider: "connection:cx", Subject: "00u1", Email: "ada@example.com", Proven: true, Org: "ox", Via: "cx"})
	if err != nil || x.ID == made.ID {
		t.Errorf("by another connection they are %+v, %v", x, err)
	}
}

func TestWhomProvisioningFinds(t *testing.T) {
	p := newProvider(t)
	o := p.office
	c := o.connect()
	known, _, err := o.arrives(c, "00u1", "ada@elsewhere.org", "")
	if err != nil {
		t.Fatal(err)
	}
	if a := p.account(p.user("somebody", "00u1")); a.ID != known.ID {
		t.Errorf("by the subject it is %+v", a)
	}
	// An address says nothing outside the organisation's domains …
	bob, _ := o.signedIn("bob", "", "", false)
	outside := p.user("bob@example.com", "00u2")
	if a := p.account(outside); a.ID == bob.ID || a.Proven {
		t.Errorf("outside the domains it is %+v", a)
	}
	p.want(204, "DELETE", "/Users/"+outside, nil)
	// … and inside only where somebody trusted has said whose it is, and of nobody who is more than the organisation's.
	o.verify("example.com")
	if a := p.account(p.user("bob@example.com", "00u2")); a.ID != bob.ID {
		t.Errorf("inside the domains it is %+v", a)
	}
	root, rootToken := o.signedIn("root", "", "", true)
	id := p.user("root@example.com", "00u3")
	if a := p.account(id); a.ID == root.ID || a.Admin {
		t.Errorf("the administrator of the installation is found: %+v", a)
	}
	p.patch("/Users/"+id, "active", false)
	if !o.isIn(rootToken) {
		t.Error("the administrator of the installation is put out")
	}
	eve, err := o.desk.Arrive(t.Context(), auth.Arrival{Provider: "x", Subject: "eve", Email: "carl@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	if a := p.account(p.user("carl@example.com", "00u4")); a.ID == eve.ID {
		t.Error("somebody who only says that an address is theirs is found by it")
	}
}

// TestAProviderSaysWhoseAddressesAreOnlyInItsDomains is about a provider that says of somebody that they are of another organisation.
func TestAProviderSaysWhoseAddressesAreOnlyInItsDomains(t *testing.T) {
	p := newProvider(t)
	o := p.office
	o.verify("example.com")
	_, token := o.signedIn("mallory", "", "", false)
	var other, made struct{ ID string }
	o.do("POST", "/api/v1/orgs", token, `{"name": "Other"}`, http.StatusCreated, &other)
	o.do("POST", "/api/v1/orgs/"+other.ID+"/connections", token, `{"kind": "oidc", "name": "x", "settings": {"issuer": "x"}}`, http.StatusCreated, &made)
	forged, err := o.desk.Arrive(t.Context(), auth.Arrival{
		Provider: auth.ProviderOf(made.ID), Subject: "1", Name: "Boss", Email: "boss@example.com", Proven: true, Org: other.ID, Via: made.ID,
	})
	if err != nil || forged.Proven {
		t.Errorf("it is believed: %+v, %v", forged, err)
	}
	if a := p.account(p.user("boss@example.com", "00u1")); a.ID == forged.ID {
		t.Error("the forged account is taken for the person")
	}
}

func TestDeactivation(t *testing.T) {
	p := newProvider(t)
	o := p.office
	c := o.connect()
	o.verify("example.com")
	id := p.user("ada@example.com", "00u1")
	a, token, err := o.arrives(c, "00u1", "ada@example.com", "")
	if err != nil || !o.isIn(token) {
		t.Fatal(err)
	}
	ended := make(chan auth.Ended, 9)
	o.desk.Watch(func(e auth.Ended) { ended <- e })
	p.patch("/Users/"+id, "active", "False")
	if e := <-ended; e.Person != a.ID || e.Sessions != nil {
		t.Errorf("what ends is %+v", e)
	}
	if o.isIn(token) || p.account(id).Active {
		t.Error("who is deactivated is still in")
	}
	p.want(200, "PUT", "/Users/"+id, object{"userName": "ada@example.com", "externalId": "00u1"}) // which says nothing of it
	if _, _, err := o.arrives(c, "00u1", "ada@example.com", ""); err == nil {
		t.Error("who is deactivated comes in")
	}
	p.patch("/Users/"+id, "active", true)
	if _, token, err = o.arrives(c, "00u1", "ada@example.com", ""); err != nil {
		t.Errorf("who is active again does not come in: %v", err)
	}
	p.want(204, "DELETE", "/Users/"+id, nil)
	if o.isIn(token) || o.roleOf(a.ID) != "" {
		t.Error("who is deleted is still in")
	}
	again := p.user("ada@example.com", "00u1")
	if b := p.account(again); b.ID != a.ID || !b.Active || o.roleOf(b.ID) != auth.OrgMember {
		t.Errorf("who comes back is %+v", b)
	}
	// What an administrator of the installation has closed, no provider opens.
	if _, err := o.desk.Change(t.Context(), a.ID, func(a *auth.Account) error { a.Active = false; return nil }); err != nil {
		t.Fatal(err)
	}
	p.patch("/Users/"+again, "active", false)
	p.patch("/Users/"+again, "active", true)
	if p.account(again).Active {
		t.Error("provisioning opens what an administrator has closed")
	}
}

// TestAnAccountOfSomebodyElseOnlyLeaves is about people whose account is not the organisation's: it cannot end that.
func TestAnAccountOfSomebodyElseOnlyLeaves(t *testing.T) {
	p := newProvider(t)
	o := p.office
	c := o.connect()
	a, token, err := o.arrives(c, "00u1", "ada@elsewhere.org", "")
	if err != nil {
		t.Fatal(err)
	}
	id := p.user("ada", "00u1")
	if p.account(id).ID != a.ID {
		t.Fatal("the account is not found")
	}
	p.patch("/Users/"+id, "active", false)
	if o.isIn(token) || o.roleOf(a.ID) != "" {
		t.Error("they are still in")
	}
	if !p.account(id).Active {
		t.Error("the account is closed")
	}
	if _, _, err := o.arrives(c, "00u1", "ada@elsewhere.org", ""); err == nil {
		t.Error("they come in by the connection")
	}
	if _, err := o.signInVia(a, "password"); err != nil {
		t.Errorf("they cannot come in as themselves: %v", err)
	}
}

func TestGroupsGiveRoles(t *testing.T) {
	p := newProvider(t)
	o := p.office
	id, other := p.user("ada", "1"), p.user("bob", "2")
	group := fmt.Sprint(p.want(201, "POST", "/Groups", object{"displayName": "Admins", "members": []object{{"value": id}}})["id"])
	role := func(id string, want auth.OrgRole) {
		t.Helper()
		if got := o.roleOf(p.account(id).ID); got != want {
			t.Errorf("the role is %q, want %q", got, want)
		}
	}
	role(id, auth.OrgMember)
	o.do("PUT", o.own("/groups/"+group), o.token, `{"role": "owner"}`, http.StatusBadRequest, nil)
	o.do("PUT", o.own("/groups/"+group), o.token, `{"role": "admin"}`, http.StatusNoContent, nil)
	role(id, auth.OrgAdmin)
	role(other, auth.OrgMember)
	p.patch("/Groups/"+group, "members", []object{{"value": other}})
	role(id, auth.OrgMember)
	role(other, auth.OrgAdmin)
	var list struct{ Groups []auth.ScimGroup }
	o.do("GET", o.own("/groups"), o.token, "", http.StatusOK, &list)
	if len(list.Groups) != 1 || list.Groups[0] != (auth.ScimGroup{ID: group, Name: "Admins", Role: auth.OrgAdmin, Members: 1}) {
		t.Errorf("the groups are %+v", list)
	}
	// Owners are made and unmade by owners alone.
	o.do("PUT", o.own("/members/"+p.account(other).ID), o.token, `{"role": "owner"}`, http.StatusNoContent, nil)
	p.patch("/Groups/"+group, "members", []object{})
	role(other, auth.OrgOwner)
	p.patch("/Groups/"+group, "members", []object{{"value": id}})
	role(id, auth.OrgAdmin)
	p.want(204, "DELETE", "/Groups/"+group, nil)
	role(id, auth.OrgMember)
	o.do("PUT", o.own("/members/"+p.account(id).ID), o.token, `{"role": "admin"}`, http.StatusNoContent, nil)
	p.patch("/Users/"+id, "title", "x")
	role(id, auth.OrgAdmin) // what is given by hand stays
}

func TestProvisioningIsAudited(t *testing.T) {
	p := newProvider(t)
	id := p.user("ada", "1")
	p.patch("/Users/"+id, "active", false)
	entries, err := p.office.db.Entries(t.Context(), auth.AuditQuery{Org: p.office.org, Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, e := range entries {
		if e.Action == auth.ActScimUserChanged {
			said = append(said, e.Detail["how"])
			if e.Name != "Okta" || e.Detail["name"] != "ada" || e.Target != p.account(id).ID || e.Address == "" || time.Since(e.At) > time.Minute {
				t.Errorf("the line is %+v", e)
			}
		}
	}
	if fmt.Sprint(said) != "[deactivated made]" {
		t.Errorf("the log says %v", said)
	}
}
