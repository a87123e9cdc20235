package scim

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// shown says what of a resource is in an answer.
type shown struct {
	kind    string
	only    map[string]bool // lower case names: these alone; nil: all
	but     map[string]bool // these not
	members bool
	groups  bool
}

// newShown reads the parameters attributes and excludedAttributes.
func newShown(kind, only, but string) shown {
	s := shown{kind: kind, only: names(kind, only), but: names(kind, but)}
	s.members, s.groups = s.has("members"), s.has("groups")
	return s
}

// names are those of a list with commas between, as resolve understands them.
func names(kind, list string) map[string]bool {
	if strings.TrimSpace(list) == "" {
		return nil
	}
	out := map[string]bool{}
	for name := range strings.SplitSeq(list, ",") {
		p, ok := resolve(attributesOf(kind), strings.TrimSpace(name))
		if !ok {
			continue
		}
		key := ""
		if p.ext {
			key = strings.ToLower(enterpriseURN)
		}
		if p.attr != nil {
			key = strings.TrimPrefix(key+":"+strings.ToLower(p.attr.name), ":")
		}
		if p.sub != nil {
			key += "." + strings.ToLower(p.sub.name)
		}
		out[key] = true
	}
	return out
}

// has reports whether something of an attribute is shown.
func (s shown) has(name string) bool {
	name = strings.ToLower(name)
	if s.but[name] {
		return false
	}
	if s.only == nil || s.only[name] {
		return true
	}
	for n := range s.only {
		if strings.HasPrefix(n, name+".") || strings.HasPrefix(n, name+":") {
			return true
		}
	}
	return false
}

// part is v, the value of an attribute, with what is shown of it.
func (s shown) part(name, between string, v any) any {
	name = strings.ToLower(name)
	switch x := v.(type) {
	case []any:
		out := []any{}
		for _, e := range x {
			out = append(out, s.part(name, between, e))
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for sub, e := range x {
			key := name + between + strings.ToLower(sub)
			if s.but[key] || s.only != nil && !s.only[name] && !s.only[key] {
				continue
			}
			out[sub] = e
		}
		return out
	}
	return v
}

// shown is a resource as an answer has it.
func (h *Handler) shown(ctx context.Context, by Caller, r Resource, s shown) (map[string]any, error) {
	var v map[string]any
	if err := json.Unmarshal(r.Data, &v); err != nil {
		return nil, fmt.Errorf("what is kept of %s: %w", r.ID, err)
	}
	if err := h.addRelated(ctx, by, r, s, v); err != nil {
		return nil, err
	}
	schemas := []any{map[string]any{User: userURN, Group: groupURN}[r.Kind]}
	if v[enterpriseURN] != nil {
		schemas = append(schemas, enterpriseURN)
	}
	v["schemas"], v["id"] = schemas, r.ID
	v["meta"] = map[string]any{
		"resourceType": r.Kind, "created": r.Created.UTC().Format(time.RFC3339Nano), "lastModified": r.Changed.UTC().Format(time.RFC3339Nano),
		"location": location(by, r), "version": etag(r),
	}
	for name := range v {
		if name == "id" || name == "schemas" {
			continue
		}
		between := "."
		if name == enterpriseURN {
			between = ":"
		}
		if !s.has(name) {
			delete(v, name)
		} else if v[name] = s.part(name, between, v[name]); len(listOf(v[name])) == 0 {
			delete(v, name)
		}
	}
	return v, nil
}

// addRelated adds who is in a group, or in which groups a user is.
func (h *Handler) addRelated(ctx context.Context, by Caller, r Resource, s shown, v map[string]any) error {
	var list []Member
	var err error
	name, kind := "members", User
	switch {
	case r.Kind == Group && s.members:
		list, err = h.opt.Members.Members(ctx, r.Org, r.ID)
	case r.Kind == User && s.groups:
		name, kind = "groups", Group
		list, err = h.opt.Members.GroupsOf(ctx, r.Org, r.ID)
	}
	if err != nil || len(list) == 0 {
		return err
	}
	out := []any{}
	for _, m := range list {
		id, of := m.User, User
		if kind == Group {
			id, of = m.Group, "direct"
		}
		out = append(out, map[string]any{"value": id, "$ref": by.Base + "/" + kind + "s/" + id, "display": m.Name, "type": of})
	}
	v[name] = out
	return nil
}

func location(by Caller, r Resource) string { return by.Base + "/" + r.Kind + "s/" + r.ID }

// etag is the version of a resource.
func etag(r Resource) string { return fmt.Sprintf(`W/"%d"`, r.Version) }
