package scim

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

const bjensen = `{
	"id": "su1", "userName": "bjensen", "externalId": "Ext1", "displayName": "Babs \"B\" Jensen", "title": "Tour Guide", "active": true,
	"name": {"familyName": "O'Malley", "givenName": "Barbara"},
	"emails": [{"value": "bjensen@example.com", "type": "work", "primary": true}, {"value": "babs@home.org", "type": "home"}],
	"meta": {"resourceType": "User", "lastModified": "2026-05-13T04:42:34Z"},
	"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Tours", "manager": {"value": "su9"}}
}`

func parsed(t testing.TB, text string) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// TestFilters has the examples of RFC 7644, 3.4.2.2, and what providers send.
func TestFilters(t *testing.T) {
	v := parsed(t, bjensen)
	for text, want := range map[string]bool{
		`userName eq "bjensen"`:         true,
		`userName Eq "BJENSEN"`:         true,
		`externalId eq "ext1"`:          false, // upper and lower case differ
		`id eq "su1"`:                   true,
		`name.familyName co "O'Malley"`: true,
		`userName sw "J"`:               false,
		`userName sw "b"`:               true,
		`userName ew "SEN"`:             true,
		`urn:ietf:params:scim:schemas:core:2.0:User:userName sw "B"`: true,
		`title pr`:    true,
		`nickName pr`: false,
		`name pr`:     true,
		`meta.lastModified gt "2011-05-13T04:42:34Z"`:                                               true,
		`meta.lastModified ge "2026-05-13T06:42:34+02:00"`:                                          true,
		`meta.lastModified lt "2026-05-13T04:42:34Z"`:                                               false,
		`meta.lastModified le "2026-05-13T04:42:34.000Z"`:                                           true,
		`title pr and userType eq "Employee"`:                                                       false,
		`title pr or userType eq "Intern"`:                                                          true,
		`userType ne "Employee" and not (emails co "example.org" or emails.value co "example.edu")`: true,
		`userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")`: false,
		`emails.type eq "work"`:                                                                     true,
		`emails[type eq "work" and value co "@example.com"]`:                                        true,
		`emails[type eq "home" and value co "@example.com"]`:                                        false, // no one element has both
		`emails.type eq "home" and emails.value co "@example.com"`:                                  true,
		`emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value pr]`:    true,
		`emails[type eq "work"].value eq "bjensen@example.com"`:                                     true,
		`emails[type eq "home"].value eq "bjensen@example.com"`:                                     false,
		`active eq true`:                     true,
		`active eq "True"`:                   true,
		`active eq False`:                    false,
		`active ne true`:                     false,
		`nickName eq null`:                   true,
		`nickName ne "x"`:                    true,
		`userName eq null`:                   false,
		`displayName eq "Babs \"B\" Jensen"`: true,
		`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "tours"`:  true,
		`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "su9"`: true,
		`userName eq "a" or userName eq "b" and title pr or title eq "tour guide"`:          true, // "and" binds closer
		`userName eq "bjensen" or userName eq "b" and title eq "x"`:                         true,
		`(userName eq "bjensen" or userName eq "b") and title eq "x"`:                       false,
		`not (not (active eq true))`:          true,
		`  userName   eq   "bjensen"  `:       true,
		`userName gt "a" and userName lt "c"`: true,
	} {
		f, err := parseFilter(User, text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if f.match(v) != want {
			t.Errorf("%s: %v", text, !want)
		}
	}
}

func TestFiltersThatAreNone(t *testing.T) {
	for _, text := range []string{
		``, `userName`, `userName eq`, `userName is "x"`, `userName eq x`, `eq "x"`, `shoeSize eq "44"`, `userName eq "x" and`, `userName eq "x" xor title pr`,
		`(userName eq "x"`, `userName eq "x")`, `not userName eq "x"`, `emails[type eq "work"`, `emails[userName eq "x"]`, `emails[type eq "work"].x eq "y"`,
		`name eq "x"`, `active gt true`, `userName eq {"a": 1}`, `userName eq "x`, `urn:x:userName eq "x"`, `userName pr "x"`, `emails[]`, `members eq "x"`,
		strings.Repeat("(", 50) + `title pr` + strings.Repeat(")", 50), `title eq "` + strings.Repeat("x", maxFilter) + `"`,
		`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User pr`,
	} {
		f, err := parseFilter(User, text)
		fail, ok := errors.AsType[*failure](err)
		if !ok || fail.kind != "invalidFilter" || fail.status != 400 {
			t.Errorf("%.80s: %v, %v", text, f, err)
		}
	}
}

// TestNarrow shows which filters an index answers: it must never leave out what the filter would find.
func TestNarrow(t *testing.T) {
	for text, want := range map[string]Lookup{
		`userName eq "Bob"`:                     {Name: "bob"},
		`userName eq "Bob" and active eq true`:  {Name: "bob"},
		`externalId eq "X" and userName eq "b"`: {Name: "b", External: "X"},
		`userName eq "a" or userName eq "b"`:    {},
		`not (userName eq "a")`:                 {},
		`userName co "a"`:                       {},
		`displayName eq "Babs"`:                 {}, // of users it is no key
		`id eq "su1"`:                           {ID: "su1"},
		`emails[value eq "x"]`:                  {},
		`name.givenName eq "x"`:                 {},
	} {
		f, err := parseFilter(User, text)
		if err != nil {
			t.Fatal(err)
		}
		var l Lookup
		if f.narrow(&l); l != want {
			t.Errorf("%s: %+v", text, l)
		}
	}
}

// FuzzFilter looks for filters and paths that break the parser, or that match without an answer.
func FuzzFilter(f *testing.F) {
	for _, s := range []string{`userName eq "x"`, `emails[type eq "work"].value eq "x"`, `not (a pr)`, `members[value eq "1"]`, `name.givenName`, `active eq True)`} {
		f.Add(s)
	}
	user := parsed(f, bjensen)
	f.Fuzz(func(t *testing.T, s string) {
		for _, kind := range []string{User, Group} {
			if e, err := parseFilter(kind, s); err == nil {
				e.match(user)
				e.narrow(&Lookup{})
				e.mentions("members")
			}
			if _, err := parsePath(attributesOf(kind), s); err == nil {
				for _, op := range []string{"add", "replace", "remove"} {
					for _, value := range []any{nil, "x", true, 1.5, []any{"x", map[string]any{"value": "y", "type": "work", "primary": true}}, map[string]any{"value": "z"}} {
						v := parsed(t, bjensen)
						_ = operation{op: op, path: s, value: value}.apply(attributesOf(kind), v)
					}
				}
			}
		}
	})
}
