package gate

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/scim"
)

// office is a porch with organisations, as the program has it, and one organisation with an owner.
type office struct {
	*porch
	orgs  *auth.Orgs
	dns   *zone
	owner auth.Account
	token string // of the owner's session
	org   string
}

func newOffice(t *testing.T, change ...func(*auth.OrgOptions)) *office {
	t.Helper()
	o := &office{dns: newZone(t)}
	o.porch = newPorch(t, func(opt *Options) {
		o.orgs, opt.Scim = o.organise(t, opt, change)
		opt.Orgs, opt.Companies, opt.Invitations = o.orgs, o.orgs, o.orgs
	})
	o.owner, o.token = o.signedIn("olga", "", "", false)
	var made struct{ ID string }
	o.do("POST", "/api/v1/orgs", o.token, `{"name": "Example"}`, http.StatusCreated, &made)
	o.org = made.ID
	return o
}

func (o *office) organise(t *testing.T, opt *Options, change []func(*auth.OrgOptions)) (*auth.Orgs, *scim.Handler) {
	db := opt.Trail.(interface { // the store of the porch
		auth.OrgStore
		auth.OrgBook
		auth.InvitationStore
		auth.DomainStore
		auth.ConnectionStore
		auth.ManagedStore
		auth.ProvisionStore
		auth.Newcomers
		auth.ScimTokenStore
		auth.GroupStore
		scim.Store
		GroupMembers() scim.Members
	})
	sealer, err := auth.NewSealer([]byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	orgOptions := auth.OrgOptions{
		Store: db, Book: db, Invitations: db, Domains: db, Connections: db, Managed: db, Provision: db, Newcomers: db, Tokens: db, Groups: db,
		Desk: opt.Desk, Sealer: sealer, Kinds: map[string]auth.ConnectionKind{"oidc": testKind}, TXT: auth.ResolveAt(o.dns.addr), Now: time.Now, Log: opt.Log,
		Everyone: true, MaxOrgs: 3, MaxMembers: 50, MaxInvitations: 3, InvitationKeep: time.Hour, MaxDomains: 3, MaxConnections: 2, MaxScimTokens: 2,
		DomainGrace: time.Hour,
	}
	for _, f := range change {
		f(&orgOptions)
	}
	orgs := auth.NewOrgs(orgOptions)
	opt.Desk.Consult(orgs)
	return orgs, scim.New(scim.Options{
		Store: db, Members: db.GroupMembers(), Directory: orgs, Roles: orgs.RoleByGroups, Now: time.Now, Log: opt.Log,
		MaxResources: 40, MaxPage: 20, MaxBody: 64 << 10, MaxOps: 20,
	})
}

// do asks, checks the status, and reads the answer.
func (o *office) do(method, path, token, body string, want int, into any) string {
	o.t.Helper()
	status, text := o.ask(method, path, token, body)
	if status != want {
		o.t.Fatalf("%s %s: %d %s, want %d", method, path, status, text, want)
	}
	if into != nil {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			o.t.Fatalf("%s %s: %s: %v", method, path, text, err)
		}
	}
	return text
}

// own is a path of the organisation.
func (o *office) own(path string) string { return "/api/v1/orgs/" + o.org + path }

// provider is an identity provider with a token, which speaks SCIM over a real connection.
type provider struct {
	t      *testing.T
	office *office
	base   string
	token  string
}

// object is what JSON is read into.
type object = map[string]any

func newProvider(t *testing.T) *provider {
	t.Helper()
	o := newOffice(t)
	server := httptest.NewServer(o.mux)
	t.Cleanup(server.Close)
	var made struct{ Token string }
	o.do("POST", o.own("/scim-tokens"), o.token, `{"name": "Okta"}`, http.StatusCreated, &made)
	return &provider{t: t, office: o, base: server.URL + "/scim/v2", token: made.Token}
}

// send sends a request, with headers as pairs, and returns the answer.
func (p *provider) send(method, path string, body any, headers ...string) (*http.Response, object) {
	p.t.Helper()
	var in io.Reader = http.NoBody
	if text, ok := body.(string); ok {
		in = strings.NewReader(text)
	} else if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			p.t.Fatal(err)
		}
		in = strings.NewReader(string(raw))
	}
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.base+path, in)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("Content-Type", "application/scim+json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	var v object
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &v); err != nil {
			p.t.Fatalf("%s %s: %s: %v", method, path, raw, err)
		}
		if kind := resp.Header.Get("Content-Type"); !strings.HasPrefix(kind, "application/scim+json") {
			p.t.Errorf("%s %s answers with %s", method, path, kind)
		}
	}
	return resp, v
}

// want is send with a status that it checks.
func (p *provider) want(status int, method, path string, body any, headers ...string) object {
	p.t.Helper()
	resp, v := p.send(method, path, body, headers...)
	if resp.StatusCode != status {
		p.t.Fatalf("%s %s: %s %v, want %d", method, path, resp.Status, v, status)
	}
	if status >= 400 {
		if v["status"] != fmt.Sprint(status) || fmt.Sprint(v["schemas"]) != "[urn:ietf:params:scim:api:messages:2.0:Error]" || v["detail"] == "" {
			p.t.Errorf("%s %s: the error is %v", method, path, v)
		}
	}
	return v
}

// at finds something in an answer by a path like "emails.0.value"; nil when it is not there.
func at(v any, path string) any {
	for part := range strings.SplitSeq(path, "/") {
		switch x := v.(type) {
		case object:
			v = x[part]
		case []any:
			i := 0
			if _, err := fmt.Sscan(part, &i); err != nil || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

// expect compares what is at paths of an answer.
func (p *provider) expect(v object, want object) {
	p.t.Helper()
	for path, w := range want {
		if got := at(v, path); fmt.Sprint(got) != fmt.Sprint(w) {
			p.t.Errorf("%s is %v, want %v; in %v", path, got, w, v)
		}
	}
}

// TestOktaConformance are the steps of Okta's SCIM 2.0 SPEC test, in its order.
func TestOktaConformance(t *testing.T) {
	p := newProvider(t)
	// "Required Test: Test Users endpoint" and "Get Users/{{id}}", after somebody is there.
	p.expect(p.want(200, "GET", "/Users?count=1&startIndex=1", nil), object{"totalResults": 0, "schemas": "[urn:ietf:params:scim:api:messages:2.0:ListResponse]"})
	p.expect(p.want(200, "GET", `/Users?filter=userName%20eq%20%22nobody@example.com%22`, nil), object{"totalResults": 0, "Resources": "[]"})
	p.expect(p.want(404, "GET", "/Users/00919288221112222", nil), object{"schemas": "[urn:ietf:params:scim:api:messages:2.0:Error]"})

	ada := object{
		"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:User"}, "userName": "Ada@Example.com", "name": object{"givenName": "Ada", "familyName": "Lovelace"},
		"emails": []object{{"primary": true, "value": "ada@example.com", "type": "work"}}, "displayName": "Ada Lovelace", "locale": "en-US",
		"externalId": "00ujl29u0le5T6Aj10h7", "groups": []any{}, "password": "1mz050nq", "active": true,
	}
	made := p.want(201, "POST", "/Users", ada)
	id, _ := made["id"].(string)
	p.expect(made, object{
		"userName": "Ada@Example.com", "name/givenName": "Ada", "name/familyName": "Lovelace", "emails/0/value": "ada@example.com", "active": true,
		"meta/resourceType": "User", "meta/location": p.base + "/Users/" + id, "schemas/0": "urn:ietf:params:scim:schemas:core:2.0:User",
	})
	if made["password"] != nil {
		t.Error("a password comes back")
	}
	p.expect(p.want(200, "GET", "/Users/"+id, nil), object{"userName": "Ada@Example.com", "name/familyName": "Lovelace", "id": id})
	p.expect(p.want(409, "POST", "/Users", ada), object{"scimType": "uniqueness"})
	p.expect(p.want(200, "GET", `/Users?filter=userName%20eq%20%22ada@example.com%22`, nil), object{"totalResults": 1, "Resources/0/id": id, "itemsPerPage": 1, "startIndex": 1})
	p.expect(p.want(200, "GET", `/Users?filter=userName%20eq%20%22ada@example.com%22&startIndex=1&count=100`, nil), object{"totalResults": 1})

	// An update as Okta sends it: the whole user.
	ada["name"] = object{"givenName": "Augusta Ada", "familyName": "King"}
	ada["id"] = id
	p.expect(p.want(200, "PUT", "/Users/"+id, ada), object{"name/givenName": "Augusta Ada", "name/familyName": "King", "id": id})
	off := object{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:PatchOp"}, "Operations": []object{{"op": "replace", "value": object{"active": false}}}}
	p.expect(p.want(200, "PATCH", "/Users/"+id, off), object{"active": false})
	p.expect(p.want(200, "GET", "/Users/"+id, nil), object{"active": false})
	on := object{"Operations": []object{{"op": "replace", "value": object{"active": true}}}}
	p.expect(p.want(200, "PATCH", "/Users/"+id, on), object{"active": true})

	// Groups, as Okta pushes them.
	group := p.want(201, "POST", "/Groups", object{"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:Group"}, "displayName": "Engineers", "members": []any{}})
	gid, _ := group["id"].(string)
	p.expect(p.want(200, "GET", `/Groups?filter=displayName%20eq%20%22Engineers%22&startIndex=1&count=100`, nil), object{"totalResults": 1, "Resources/0/id": gid})
	p.want(200, "PATCH", "/Groups/"+gid, object{"Operations": []object{
		{"op": "add", "path": "members", "value": []object{{"value": id, "display": "ada@example.com"}}},
	}})
	p.expect(p.want(200, "GET", "/Groups/"+gid, nil), object{"members/0/value": id, "members/0/$ref": p.base + "/Users/" + id})
	p.expect(p.want(200, "GET", "/Users/"+id, nil), object{"groups/0/value": gid, "groups/0/display": "Engineers"})
	p.expect(p.want(200, "PATCH", "/Groups/"+gid, object{"Operations": []object{
		{"op": "replace", "value": object{"id": gid, "displayName": "Engineering"}},
	}}), object{"displayName": "Engineering", "id": gid})
	p.want(200, "PATCH", "/Groups/"+gid, object{"Operations": []object{{"op": "remove", "path": fmt.Sprintf("members[value eq %q]", id)}}})
	p.expect(p.want(200, "GET", "/Groups/"+gid, nil), object{"members": nil})
	p.want(204, "DELETE", "/Groups/"+gid, nil)
	p.want(404, "GET", "/Groups/"+gid, nil)
}
