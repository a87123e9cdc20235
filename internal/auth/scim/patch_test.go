package scim

import (
	"encoding/json"
	"errors"
	"testing"
)

// TestPatches has operations as the RFC, Okta and Entra ID have them. What is not in the object stays as it was.
func TestPatches(t *testing.T) {
	for name, c := range map[string]struct{ kind, before, ops, after string }{
		"Okta deactivates":               {User, `{"active": true}`, `[{"op": "replace", "value": {"active": false}}]`, `{"active": false}`},
		"Entra deactivates":              {User, `{"active": true}`, `[{"op": "Replace", "path": "active", "value": "False"}]`, `{"active": false}`},
		"Entra deactivates in an object": {User, `{"active": true}`, `[{"op": "Replace", "value": {"active": "False"}}]`, `{"active": false}`},
		"Entra's object with paths for names": {User, `{"userName": "a", "name": {"familyName": "X"}}`,
			`[{"op": "Add", "value": {"displayName": "New", "name.givenName": "Anna", "emails[type eq \"work\"].value": "a@example.com",
				"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": "R&D"}}]`,
			`{"userName": "a", "displayName": "New", "name": {"familyName": "X", "givenName": "Anna"}, "emails": [{"type": "work", "value": "a@example.com"}],
				"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "R&D"}}`},
		"Entra replaces an address that is not there": {User, `{}`, `[{"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "a@example.com"}]`,
			`{"emails": [{"type": "work", "value": "a@example.com"}]}`},
		"one address of two": {User, `{"emails": [{"type": "work", "value": "a"}, {"type": "home", "value": "b"}]}`,
			`[{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "c"}]`, `{"emails": [{"type": "work", "value": "c"}, {"type": "home", "value": "b"}]}`},
		"another primary": {User, `{"emails": [{"type": "home", "value": "b"}, {"type": "work", "value": "a", "primary": true}]}`,
			`[{"op": "replace", "path": "emails[type eq \"home\"].primary", "value": "True"}]`,
			`{"emails": [{"type": "home", "value": "b", "primary": true}, {"type": "work", "value": "a", "primary": false}]}`},
		"a primary is added": {User, `{"emails": [{"type": "home", "value": "b", "primary": true}]}`,
			`[{"op": "add", "path": "emails", "value": [{"type": "work", "value": "a", "primary": true}]}]`,
			`{"emails": [{"type": "home", "value": "b", "primary": false}, {"type": "work", "value": "a", "primary": true}]}`},
		"adding twice is adding once": {User, `{"emails": [{"type": "work", "value": "a"}]}`,
			`[{"op": "add", "path": "emails", "value": {"type": "work", "value": "a"}}]`, `{"emails": [{"type": "work", "value": "a"}]}`},
		"the manager as a text": {User, `{}`, `[{"op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", "value": "su9"}]`,
			`{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "su9"}}}`},
		"the manager's id": {User, `{}`, `[{"op": "replace", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value", "value": "su9"}]`,
			`{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "su9"}}}`},
		"the extension as a whole": {User, `{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"division": "A"}}`,
			`[{"op": "replace", "value": {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "B"}}}]`,
			`{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"division": "A", "department": "B"}}`},
		"a part is removed":        {User, `{"name": {"givenName": "A", "familyName": "B"}}`, `[{"op": "remove", "path": "name.givenName"}]`, `{"name": {"familyName": "B"}}`},
		"the last part is removed": {User, `{"name": {"givenName": "A"}}`, `[{"op": "remove", "path": "NAME.GIVENNAME"}]`, `{}`},
		"parts are replaced, others stay": {User, `{"name": {"givenName": "A", "familyName": "B"}}`, `[{"op": "replace", "path": "name", "value": {"givenName": "C"}}]`,
			`{"name": {"givenName": "C", "familyName": "B"}}`},
		"nothing is nothing":     {User, `{"title": "x"}`, `[{"op": "replace", "path": "title", "value": null}]`, `{}`},
		"several":                {User, `{"title": "x"}`, `[{"op": "replace", "path": "title", "value": "y"}, {"op": "add", "path": "nickName", "value": "z"}]`, `{"title": "y", "nickName": "z"}`},
		"what nobody knows":      {User, `{"title": "x"}`, `[{"op": "replace", "value": {"shoeSize": 44, "id": "su2", "meta": {"version": "x"}, "title": "y"}}]`, `{"title": "y"}`},
		"the name of the schema": {User, `{}`, `[{"op": "add", "path": "urn:ietf:params:scim:schemas:core:2.0:User:title", "value": "y"}]`, `{"title": "y"}`},

		"members come":              {Group, `{"members": [{"value": "1"}]}`, `[{"op": "Add", "path": "members", "value": [{"value": "2"}, {"value": "1"}]}]`, `{"members": [{"value": "1"}, {"value": "2"}]}`},
		"one as an object":          {Group, `{}`, `[{"op": "add", "path": "members", "value": {"value": "2", "type": "User"}}]`, `{"members": [{"value": "2", "type": "User"}]}`},
		"one goes":                  {Group, `{"members": [{"value": "1"}, {"value": "2"}]}`, `[{"op": "remove", "path": "members[value eq \"1\"]"}]`, `{"members": [{"value": "2"}]}`},
		"Entra removes by value":    {Group, `{"members": [{"value": "1"}, {"value": "2"}]}`, `[{"op": "Remove", "path": "members", "value": [{"value": "1"}]}]`, `{"members": [{"value": "2"}]}`},
		"all go":                    {Group, `{"members": [{"value": "1"}]}`, `[{"op": "remove", "path": "members"}]`, `{}`},
		"one who is not there goes": {Group, `{"members": [{"value": "1"}]}`, `[{"op": "remove", "path": "members[value eq \"9\"]"}]`, `{"members": [{"value": "1"}]}`},
		"all are replaced":          {Group, `{"members": [{"value": "1"}]}`, `[{"op": "replace", "path": "members", "value": [{"value": "3"}]}]`, `{"members": [{"value": "3"}]}`},
		"Okta renames":              {Group, `{"displayName": "A"}`, `[{"op": "replace", "value": {"id": "sg1", "displayName": "B"}}]`, `{"displayName": "B"}`},
	} {
		ops, err := operations(map[string]any{"Operations": parsedList(t, c.ops)}, 10)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		v := parsed(t, c.before)
		for _, o := range ops {
			if err := o.apply(attributesOf(c.kind), v); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		got, _ := json.Marshal(v)
		want, _ := json.Marshal(parsed(t, c.after))
		if string(got) != string(want) {
			t.Errorf("%s:\n%s, want\n%s", name, got, want)
		}
	}
}

func parsedList(t testing.TB, text string) []any {
	t.Helper()
	var v []any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestPatchesThatAreRefused(t *testing.T) {
	for ops, want := range map[string]string{
		`[]`:                                "invalidSyntax",
		`["x"]`:                             "invalidSyntax",
		`[{"op": "move", "path": "title"}]`: "invalidSyntax",
		`[{"op": "remove"}]`:                "noTarget",
		`[{"op": "add", "value": "x"}]`:     "invalidValue",
		`[{"op": "add", "path": "shoeSize", "value": "x"}]`:                                "invalidPath",
		`[{"op": "add", "path": "name.shoeSize", "value": "x"}]`:                           "invalidPath",
		`[{"op": "add", "path": "emails[type eq \"x\"", "value": "x"}]`:                    "invalidFilter",
		`[{"op": "add", "path": "title[x eq 1]", "value": "x"}]`:                           "invalidPath",
		`[{"op": "replace", "path": "id", "value": "x"}]`:                                  "mutability",
		`[{"op": "replace", "path": "groups", "value": []}]`:                               "mutability",
		`[{"op": "replace", "path": "meta.version", "value": "x"}]`:                        "mutability",
		`[{"op": "remove", "path": "userName"}]`:                                           "mutability",
		`[{"op": "replace", "path": "active", "value": "perhaps"}]`:                        "invalidValue",
		`[{"op": "replace", "path": "title", "value": {"a": 1}}]`:                          "invalidValue",
		`[{"op": "replace", "path": "emails[type eq \"home\"]", "value": {"value": "x"}}]`: "noTarget",
		`[{"op": "add", "path": "emails[value co \"home\"].type", "value": "x"}]`:          "noTarget",
		`[{"op": "add", "path": 7, "value": "x"}]`:                                         "invalidPath",
	} {
		list, err := operations(map[string]any{"operations": parsedList(t, ops)}, 10)
		for _, o := range list {
			if err == nil {
				err = o.apply(attributesOf(User), parsed(t, `{"userName": "a"}`))
			}
		}
		if f, ok := errors.AsType[*failure](err); !ok || f.kind != want || f.status != 400 {
			t.Errorf("%s: %v", ops, err)
		}
	}
	if _, err := operations(map[string]any{"Operations": make([]any, 11)}, 10); err == nil {
		t.Error("eleven operations are taken")
	}
}
