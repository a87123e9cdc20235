package scim

import (
	"net/http"
)

func (h *Handler) providerConfig(r request) error {
	no := map[string]any{"supported": false}
	write(r.w, http.StatusOK, map[string]any{
		"schemas":        []string{"urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"},
		"patch":          map[string]any{"supported": true},
		"bulk":           map[string]any{"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
		"filter":         map[string]any{"supported": true, "maxResults": h.opt.MaxPage},
		"changePassword": no,
		"sort":           no,
		"etag":           map[string]any{"supported": true},
		"authenticationSchemes": []any{map[string]any{
			"type": "oauthbearertoken", "name": "Bearer token", "primary": true,
			"description": "A token that an owner of the organisation has made, in the header Authorization.",
		}},
		"meta": map[string]any{"resourceType": "ServiceProviderConfig", "location": r.Base + "/ServiceProviderConfig"},
	})
	return nil
}

func resourceTypesAt(base string) []map[string]any {
	of := func(kind, urn string, more ...any) map[string]any {
		return map[string]any{
			"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:ResourceType"},
			"id":      kind, "name": kind, "endpoint": "/" + kind + "s", "description": kind + "s of the organisation", "schema": urn, "schemaExtensions": more,
			"meta": map[string]any{"resourceType": "ResourceType", "location": base + "/ResourceTypes/" + kind},
		}
	}
	return []map[string]any{
		of(User, userURN, map[string]any{"schema": enterpriseURN, "required": false}),
		of(Group, groupURN),
	}
}

func (h *Handler) resourceTypes(r request) error { return writeAll(r, resourceTypesAt(r.Base)) }

func (h *Handler) resourceType(r request) error {
	return writeOne(r, resourceTypesAt(r.Base), r.PathValue("id"))
}

func schemasAt(base string) []map[string]any {
	of := func(urn, name, about string, attrs []attribute) map[string]any {
		return map[string]any{
			"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:Schema"},
			"id":      urn, "name": name, "description": about, "attributes": described(attrs),
			"meta": map[string]any{"resourceType": "Schema", "location": base + "/Schemas/" + urn},
		}
	}
	return []map[string]any{
		of(userURN, "User", "A person", userAttributes),
		of(enterpriseURN, "EnterpriseUser", "A person in a company", enterpriseAttributes),
		of(groupURN, "Group", "A group of people", groupAttributes),
	}
}

func (h *Handler) schemas(r request) error { return writeAll(r, schemasAt(r.Base)) }

func (h *Handler) schema(r request) error {
	return writeOne(r, schemasAt(r.Base), r.PathValue("id"))
}

func described(attrs []attribute) []any {
	out := []any{}
	for _, a := range attrs {
		d := map[string]any{
			"name": a.name, "type": a.kind, "multiValued": a.multi, "description": a.about, "required": a.required, "caseExact": a.exact,
			"mutability": map[bool]string{true: "readOnly", false: "readWrite"}[a.readOnly],
			"returned":   map[bool]string{true: "always", false: "default"}[a.always],
			"uniqueness": map[bool]string{true: "server", false: "none"}[a.unique],
		}
		if len(a.types) > 0 {
			d["canonicalValues"] = a.types
		}
		if a.kind == "complex" {
			d["subAttributes"] = described(a.sub)
		}
		if a.kind == "reference" {
			d["referenceTypes"] = []string{"external"}
		}
		out = append(out, d)
	}
	return out
}

func writeAll(r request, all []map[string]any) error {
	if r.URL.Query().Has("filter") {
		return fail(http.StatusForbidden, "", "This list is not filtered.") // RFC 7644, 4
	}
	write(r.w, http.StatusOK, map[string]any{
		"schemas": []string{listURN}, "totalResults": len(all), "startIndex": 1, "itemsPerPage": len(all), "Resources": all,
	})
	return nil
}

func writeOne(r request, all []map[string]any, id string) error {
	for _, v := range all {
		if v["id"] == id {
			write(r.w, http.StatusOK, v)
			return nil
		}
	}
	return fail(http.StatusNotFound, "", "There is nothing called %q.", id)
}
