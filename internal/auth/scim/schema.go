package scim

import "strings"

// The names of schemas and messages.
const (
	userURN       = "urn:ietf:params:scim:schemas:core:2.0:User"
	groupURN      = "urn:ietf:params:scim:schemas:core:2.0:Group"
	enterpriseURN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	errorURN      = "urn:ietf:params:scim:api:messages:2.0:Error"
	listURN       = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
	patchURN      = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
)

// attribute is one of a schema.
type attribute struct {
	name     string
	kind     string // string, boolean, dateTime, reference, complex
	about    string
	multi    bool
	exact    bool // upper and lower case differ
	required bool
	readOnly bool
	always   bool // it is in every answer
	unique   bool
	types    []string // canonical values
	sub      []attribute
}

func text(name, about string) attribute { return attribute{name: name, kind: "string", about: about} }

// plural is an attribute with several values that have a type each.
func plural(name, about string, types ...string) attribute {
	return attribute{name: name, kind: "complex", about: about, multi: true, sub: []attribute{
		text("value", "The value"), text("display", "How it is shown"),
		{name: "type", kind: "string", about: "What it is for", types: types},
		{name: "primary", kind: "boolean", about: "Whether it is the one to prefer"},
	}}
}

// common are the attributes of all resources.
var common = []attribute{
	{name: "schemas", kind: "reference", about: "The schemas of the resource", multi: true, exact: true, always: true, readOnly: true},
	{name: "id", kind: "string", about: "What the resource is called here", exact: true, always: true, readOnly: true, unique: true},
	{name: "externalId", kind: "string", about: "What the provider calls it", exact: true},
	{name: "meta", kind: "complex", about: "About the resource", readOnly: true, sub: []attribute{
		{name: "resourceType", kind: "string", about: "User or Group", exact: true, readOnly: true},
		{name: "created", kind: "dateTime", about: "When it was made", readOnly: true},
		{name: "lastModified", kind: "dateTime", about: "When it was changed", readOnly: true},
		{name: "location", kind: "reference", about: "Its address", exact: true, readOnly: true},
		{name: "version", kind: "string", about: "Its ETag", exact: true, readOnly: true},
	}},
}

// members are references to other resources.
func references(name, about string, readOnly bool, types ...string) attribute {
	return attribute{name: name, kind: "complex", about: about, multi: true, readOnly: readOnly, sub: []attribute{
		{name: "value", kind: "string", about: "The id", exact: true, readOnly: readOnly},
		{name: "$ref", kind: "reference", about: "The address", exact: true, readOnly: true},
		{name: "display", kind: "string", about: "The name", readOnly: true},
		{name: "type", kind: "string", about: "The kind of resource", types: types, readOnly: readOnly},
	}}
}

var userAttributes = []attribute{
	{name: "userName", kind: "string", about: "By what the person signs in at the provider", required: true, unique: true},
	{name: "name", kind: "complex", about: "The parts of the name", sub: []attribute{
		text("formatted", "The whole name"), text("familyName", "The family name"), text("givenName", "The given name"),
		text("middleName", "The middle name"), text("honorificPrefix", "A title before the name"), text("honorificSuffix", "A title behind the name"),
	}},
	text("displayName", "The name that others see"),
	text("nickName", "What friends say"),
	{name: "profileUrl", kind: "reference", about: "A page about the person"},
	text("title", "What the person is in the organisation"),
	text("userType", "The relation to the organisation"),
	text("preferredLanguage", "The language of the person"),
	text("locale", "Where the person is, for dates and numbers"),
	text("timezone", "The time zone of the person"),
	{name: "active", kind: "boolean", about: "Whether the person may come in"},
	plural("emails", "E-mail addresses", "work", "home", "other"),
	plural("phoneNumbers", "Telephone numbers", "work", "home", "mobile", "fax", "pager", "other"),
	plural("ims", "Addresses for messages"),
	plural("photos", "Pictures", "photo", "thumbnail"),
	{name: "addresses", kind: "complex", about: "Postal addresses", multi: true, sub: []attribute{
		text("formatted", "The whole address"), text("streetAddress", "Street and number"), text("locality", "The place"), text("region", "The region"),
		text("postalCode", "The postal code"), text("country", "The country"),
		{name: "type", kind: "string", about: "What it is for", types: []string{"work", "home", "other"}},
		{name: "primary", kind: "boolean", about: "Whether it is the one to prefer"},
	}},
	references("groups", "The groups that the person is in", true, "direct"),
	plural("entitlements", "What the person is entitled to"),
	plural("roles", "What the person is at the provider"),
}

var enterpriseAttributes = []attribute{
	text("employeeNumber", "The number of the employee"), text("costCenter", "The cost centre"), text("organization", "The organisation"),
	text("division", "The division"), text("department", "The department"),
	{name: "manager", kind: "complex", about: "To whom the person reports", sub: []attribute{
		{name: "value", kind: "string", about: "The id of that person", exact: true},
		{name: "$ref", kind: "reference", about: "The address of that person", exact: true},
		text("displayName", "The name of that person"),
	}},
}

var groupAttributes = []attribute{
	{name: "displayName", kind: "string", about: "The name", required: true, unique: true},
	references("members", "The people in the group", false, "User"),
}

// attributesOf are the attributes of a kind of resource, its extension as one that is complex.
func attributesOf(kind string) []attribute {
	if kind == Group {
		return append(common[:len(common):len(common)], groupAttributes...)
	}
	all := append(common[:len(common):len(common)], userAttributes...)
	return append(all, attribute{name: enterpriseURN, kind: "complex", sub: enterpriseAttributes})
}

// find looks a name up as SCIM has it: upper and lower case are the same.
func find(attrs []attribute, name string) *attribute {
	for i := range attrs {
		if strings.EqualFold(attrs[i].name, name) {
			return &attrs[i]
		}
	}
	return nil
}
