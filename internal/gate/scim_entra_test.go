package gate

import (
	"fmt"
	"net/url"
	"testing"
)

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

// TestEntraValidator are the calls of Entra ID's SCIM validator, and of its provisioning service, with the bodies that they have.
func TestEntraValidator(t *testing.T) {
	p := newProvider(t)
	user := func(name string) object {
		return object{
			"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:User", enterprise}, "externalId": name + "-ext", "userName": name + "@example.com", "active": true,
			"displayName": name, "meta": object{"resourceType": "User"}, "name": object{"formatted": "G F", "familyName": "F", "givenName": "G"},
			"emails":       []object{{"primary": true, "type": "work", "value": name + "@example.com"}},
			"addresses":    []object{{"type": "work", "streetAddress": "1 Way", "primary": true}, {"type": "other", "formatted": "x"}},
			"phoneNumbers": []object{{"type": "work", "value": "1"}, {"type": "mobile", "value": "2"}},
			"roles":        []any{}, enterprise: object{"employeeNumber": "7", "department": "bcd", "manager": "su9"},
		}
	}
	patch := func(ops ...object) object {
		return object{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:PatchOp"}, "Operations": ops}
	}
	find := func(kind, filter string) string { return "/" + kind + "?filter=" + url.QueryEscape(filter) }

	made := p.want(201, "POST", "/Users", user("uma"))
	p.expect(made, object{"externalId": "uma-ext", "active": true, "emails/0/type": "work", "addresses/0/streetAddress": "1 Way", enterprise + "/department": "bcd",
		enterprise + "/manager/value": "su9", "schemas/1": enterprise})
	id := fmt.Sprint(made["id"])
	dup := p.want(409, "POST", "/Users", user("uma"))
	p.expect(dup, object{"scimType": "uniqueness"})
	p.expect(p.want(200, "GET", find("Users", `userName eq "UMA@example.com"`), nil), object{"totalResults": 1, "Resources/0/id": id})
	p.expect(p.want(200, "GET", find("Users", `externalId eq "uma-ext"`), nil), object{"totalResults": 1})
	p.expect(p.want(200, "GET", find("Users", `emails[type eq "work"].value eq "uma@example.com"`), nil), object{"totalResults": 1})
	p.expect(p.want(200, "GET", find("Users", `userName eq "non-existent"`), nil), object{"totalResults": 0, "Resources": "[]"})
	p.expect(p.want(200, "GET", find("Users", `userName eq "uma@example.com" and active eq true`), nil), object{"totalResults": 1})

	p.expect(p.want(200, "PATCH", "/Users/"+id, patch(
		object{"op": "Replace", "path": `emails[type eq "work"].value`, "value": "updated@example.com"},
		object{"op": "Replace", "path": "name.familyName", "value": "New"},
		object{"op": "Add", "path": `phoneNumbers[type eq "fax"].value`, "value": "3"},
		object{"op": "Replace", "path": enterprise + ":department", "value": "sales"},
	)), object{"emails/0/value": "updated@example.com", "name/familyName": "New", "name/givenName": "G", "phoneNumbers/2/value": "3", "phoneNumbers/2/type": "fax",
		enterprise + "/department": "sales", enterprise + "/employeeNumber": "7"})
	p.expect(p.want(200, "PATCH", "/Users/"+id, patch(object{"op": "Replace", "path": "userName", "value": "uma2@example.com"})), object{"userName": "uma2@example.com"})
	p.expect(p.want(200, "PATCH", "/Users/"+id, patch(object{"op": "Replace", "path": "active", "value": "False"})), object{"active": false})
	p.expect(p.want(200, "PATCH", "/Users/"+id, patch(object{"op": "Replace", "value": object{"active": "True", "displayName": "Uma", "name.formatted": "U M A"}})),
		object{"active": true, "displayName": "Uma", "name/formatted": "U M A"})
	p.expect(p.want(200, "PATCH", "/Users/"+id, patch(object{"op": "Remove", "path": `phoneNumbers[type eq "fax"]`}, object{"op": "Remove", "path": "displayName"})),
		object{"phoneNumbers/2": nil, "displayName": nil})
	p.want(200, "PATCH", "/Users/"+id, patch(object{"op": "Add", "path": enterprise + ":manager", "value": ""}))
	p.expect(p.want(400, "PATCH", "/Users/"+id, patch(object{"op": "Add", "path": "shoe.size", "value": "44"})), object{"scimType": "invalidPath"})

	other := fmt.Sprint(p.want(201, "POST", "/Users", user("otto"))["id"])
	p.expect(p.want(409, "PATCH", "/Users/"+other, patch(object{"op": "Replace", "path": "userName", "value": "UMA2@example.com"})), object{"scimType": "uniqueness"})

	group := p.want(201, "POST", "/Groups", object{
		"schemas":    []string{"urn:ietf:params:scim:schemas:core:2.0:Group", "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"},
		"externalId": "8aa1a0c0", "displayName": "displayName", "meta": object{"resourceType": "Group"},
	})
	gid := fmt.Sprint(group["id"])
	p.expect(p.want(200, "GET", find("Groups", `displayName eq "displayName"`)+"&excludedAttributes=members", nil), object{"totalResults": 1, "Resources/0/members": nil})
	p.expect(p.want(200, "GET", find("Groups", `externalId eq "8aa1a0c0"`), nil), object{"totalResults": 1})
	p.want(200, "PATCH", "/Groups/"+gid, patch(object{"op": "Add", "path": "members", "value": []object{{"$ref": nil, "value": id}, {"$ref": nil, "value": other}}}))
	p.expect(p.want(200, "GET", find("Groups", fmt.Sprintf("id eq %q and members eq %q", gid, id)), nil), object{"totalResults": 1})
	p.expect(p.want(200, "GET", "/Groups/"+gid, nil), object{"members/1/value": at(p.want(200, "GET", "/Groups/"+gid, nil), "members/1/value")})
	p.want(200, "PATCH", "/Groups/"+gid, patch(object{"op": "Remove", "path": "members", "value": []object{{"$ref": nil, "value": other}}}))
	p.expect(p.want(200, "GET", "/Groups/"+gid, nil), object{"members/0/value": id, "members/1": nil})
	p.expect(p.want(200, "PATCH", "/Groups/"+gid, patch(object{"op": "Replace", "path": "displayName", "value": "renamed"})), object{"displayName": "renamed"})
	p.expect(p.want(400, "PATCH", "/Groups/"+gid, patch(object{"op": "Add", "path": "members", "value": []object{{"value": "su0nobody"}}})), object{"scimType": "invalidValue"})
	p.want(204, "DELETE", "/Groups/"+gid, nil)
	p.want(204, "DELETE", "/Users/"+id, nil)
	p.want(404, "GET", "/Users/"+id, nil)
	p.want(404, "DELETE", "/Users/"+id, nil)
}

func TestScimPagesAndVersions(t *testing.T) {
	p := newProvider(t)
	for i := range 25 {
		p.want(201, "POST", "/Users", object{"userName": fmt.Sprintf("user%02d", i), "title": fmt.Sprint(i % 5)})
	}
	p.expect(p.want(200, "GET", "/Users", nil), object{"totalResults": 25, "itemsPerPage": 20, "startIndex": 1})
	p.expect(p.want(200, "GET", "/Users?startIndex=21", nil), object{"totalResults": 25, "itemsPerPage": 5, "startIndex": 21, "Resources/0/userName": "user20"})
	p.expect(p.want(200, "GET", "/Users?startIndex=0&count=-1", nil), object{"totalResults": 25, "itemsPerPage": 0, "startIndex": 1, "Resources": "[]"})
	p.expect(p.want(200, "GET", "/Users?startIndex=26&count=5", nil), object{"totalResults": 25, "itemsPerPage": 0})
	p.expect(p.want(200, "GET", "/Users?filter=title+eq+%223%22&startIndex=2&count=2", nil), object{"totalResults": 5, "itemsPerPage": 2, "Resources/0/userName": "user08"})
	p.expect(p.want(400, "GET", "/Users?count=x", nil), object{"scimType": "invalidValue"})
	p.expect(p.want(400, "GET", "/Users?filter=title", nil), object{"scimType": "invalidFilter"})
	p.expect(p.want(200, "POST", "/Users/.search", object{"filter": `title eq "3"`, "count": 1, "attributes": []string{"userName"}}),
		object{"totalResults": 5, "itemsPerPage": 1, "Resources/0/userName": "user03", "Resources/0/title": nil})

	made := p.want(201, "POST", "/Users", object{"userName": "vera", "name": object{"givenName": "V", "familyName": "W"}, "title": "x"})
	path := "/Users/" + fmt.Sprint(made["id"])
	resp, got := p.send("GET", path, nil)
	tag := resp.Header.Get("ETag")
	if tag == "" || at(got, "meta/version") != tag {
		t.Errorf("the ETag is %q, the version %v", tag, at(got, "meta/version"))
	}
	p.want(304, "GET", path, nil, "If-None-Match", tag)
	p.want(200, "PUT", path, object{"userName": "vera", "title": "y"}, "If-Match", tag)
	p.want(412, "PUT", path, object{"userName": "vera", "title": "z"}, "If-Match", tag)
	p.want(412, "PATCH", path, object{"Operations": []object{{"op": "remove", "path": "title"}}}, "If-Match", tag)
	p.want(412, "DELETE", path, nil, "If-Match", tag)
	p.expect(p.want(200, "GET", path, nil, "If-None-Match", tag), object{"title": "y", "name": nil})

	p.want(200, "PUT", path, object{"userName": "vera", "name": object{"givenName": "V", "familyName": "W"}, "title": "x"})
	p.expect(p.want(200, "GET", path+"?attributes=name.givenName,userName", nil), object{"name/givenName": "V", "name/familyName": nil, "title": nil, "meta": nil, "userName": "vera", "id": made["id"]})
	p.expect(p.want(200, "GET", path+"?excludedAttributes=name.givenName,title,id", nil), object{"name/givenName": nil, "name/familyName": "W", "title": nil, "id": made["id"]})
}

// TestScimAtTheSameTime has a provider add people to a group in many requests at once: none is lost, and none is refused.
func TestScimAtTheSameTime(t *testing.T) {
	p := newProvider(t)
	group := "/Groups/" + fmt.Sprint(p.want(201, "POST", "/Groups", object{"displayName": "all"})["id"])
	ids := []string{}
	for i := range 8 {
		ids = append(ids, p.user(fmt.Sprint("user", i), ""))
	}
	done := make(chan int)
	for _, id := range ids {
		go func() {
			resp, _ := p.send("PATCH", group, object{"Operations": []object{{"op": "add", "path": "members", "value": []object{{"value": id}}}}})
			done <- resp.StatusCode
		}()
	}
	for range ids {
		if status := <-done; status != 200 {
			t.Errorf("one is answered with %d", status)
		}
	}
	if members, _ := p.want(200, "GET", group, nil)["members"].([]any); len(members) != len(ids) {
		t.Errorf("of %d there are %d", len(ids), len(members))
	}
}

func TestScimSaysWhatItIs(t *testing.T) {
	p := newProvider(t)
	p.expect(p.want(200, "GET", "/ServiceProviderConfig", nil), object{"patch/supported": true, "bulk/supported": false, "filter/supported": true, "filter/maxResults": 20,
		"etag/supported": true, "sort/supported": false, "changePassword/supported": false, "authenticationSchemes/0/type": "oauthbearertoken"})
	p.expect(p.want(200, "GET", "/ResourceTypes", nil), object{"totalResults": 2, "Resources/0/endpoint": "/Users", "Resources/1/endpoint": "/Groups"})
	p.expect(p.want(200, "GET", "/ResourceTypes/User", nil), object{"schemaExtensions/0/schema": enterprise})
	p.expect(p.want(200, "GET", "/Schemas", nil), object{"totalResults": 3})
	p.expect(p.want(200, "GET", "/Schemas/"+enterprise, nil), object{"name": "EnterpriseUser", "attributes/0/name": "employeeNumber"})
	p.want(404, "GET", "/Schemas/urn:x", nil)
	p.want(403, "GET", "/Schemas?filter=id+pr", nil)
	p.want(404, "GET", "/Bulk", nil)
}

func TestScimRefuses(t *testing.T) {
	p := newProvider(t)
	p.expect(p.want(400, "POST", "/Users", `{"userName": `), object{"scimType": "invalidSyntax"})
	p.expect(p.want(400, "POST", "/Users", `[]`), object{"scimType": "invalidSyntax"})
	p.expect(p.want(400, "POST", "/Users", object{"displayName": "nobody"}), object{"scimType": "invalidValue"})
	p.expect(p.want(400, "POST", "/Users", object{"userName": "x", "active": "perhaps"}), object{"scimType": "invalidValue"})
	p.want(413, "POST", "/Users", object{"userName": string(make([]byte, 70<<10))})
	id := fmt.Sprint(p.want(201, "POST", "/Users", object{"userName": "x"})["id"])
	ops := []object{}
	for range 21 {
		ops = append(ops, object{"op": "replace", "path": "title", "value": "x"})
	}
	p.want(413, "PATCH", "/Users/"+id, object{"Operations": ops})
	for i := range 39 {
		p.want(201, "POST", "/Users", object{"userName": fmt.Sprint("more", i)})
	}
	p.want(429, "POST", "/Users", object{"userName": "one too many"})

	// Another organisation's provider sees nothing of it, and neither does anybody without a token.
	o := p.office
	_, token := o.signedIn("paul", "", "", false)
	var org, made struct{ ID, Token string }
	o.do("POST", "/api/v1/orgs", token, `{"name": "Other"}`, 201, &org)
	o.do("POST", "/api/v1/orgs/"+org.ID+"/scim-tokens", token, `{}`, 201, &made)
	other := &provider{t: t, office: o, base: p.base, token: made.Token}
	other.expect(other.want(200, "GET", "/Users", nil), object{"totalResults": 0})
	other.want(404, "GET", "/Users/"+id, nil)
	other.want(404, "PUT", "/Users/"+id, object{"userName": "x"})
	other.want(404, "PATCH", "/Users/"+id, object{"Operations": []object{{"op": "remove", "path": "title"}}})
	other.want(404, "DELETE", "/Users/"+id, nil)
	group := fmt.Sprint(other.want(201, "POST", "/Groups", object{"displayName": "g"})["id"])
	other.want(400, "PATCH", "/Groups/"+group, object{"Operations": []object{{"op": "add", "path": "members", "value": object{"value": id}}}})
	o.do("DELETE", "/api/v1/orgs/"+org.ID+"/scim-tokens/"+made.ID, token, "", 204, nil)
	for _, secret := range []string{made.Token, "", "ccp_x", token, o.token} {
		other.token = secret
		other.want(401, "GET", "/Users", nil)
	}
	p.want(200, "GET", "/Users", nil)
}
