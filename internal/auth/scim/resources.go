package scim

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/auth"
)

// answer writes a resource.
func (h *Handler) answer(r request, status int, res Resource) error {
	q := r.URL.Query()
	v, err := h.shown(r.Context(), r.Caller, res, newShown(res.Kind, q.Get("attributes"), q.Get("excludedAttributes")))
	if err != nil {
		return err
	}
	r.w.Header().Set("ETag", etag(res))
	r.w.Header().Set("Location", location(r.Caller, res))
	write(r.w, status, v)
	return nil
}

func (h *Handler) get(r request, kind string) error {
	res, err := h.opt.Store.Resource(r.Context(), r.Org, kind, r.PathValue("id"))
	if err != nil {
		return err
	}
	if m := r.Header.Get("If-None-Match"); m != "" && matches(m, res) {
		r.w.Header().Set("ETag", etag(res))
		r.w.WriteHeader(http.StatusNotModified)
		return nil
	}
	return h.answer(r, http.StatusOK, res)
}

// matches reports whether a list of ETags has that of a resource; strong and weak ones are the same here.
func matches(list string, r Resource) bool {
	for tag := range strings.SplitSeq(list, ",") {
		tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/")
		if tag == "*" || tag == strings.TrimPrefix(etag(r), "W/") {
			return true
		}
	}
	return false
}

// current is the resource that a request wants to change, if it is as the provider believes.
func (h *Handler) current(r request, kind string) (Resource, error) {
	res, err := h.opt.Store.Resource(r.Context(), r.Org, kind, r.PathValue("id"))
	if err != nil {
		return res, err
	}
	if m := r.Header.Get("If-Match"); m != "" && !matches(m, res) {
		return res, fail(http.StatusPreconditionFailed, "", "The resource has changed: its version is %s.", etag(res))
	}
	return res, nil
}

func (h *Handler) create(r request, kind string) error {
	body, err := r.read()
	if err != nil {
		return err
	}
	v, err := h.checked(kind, body, true)
	if err != nil {
		return err
	}
	id := map[string]string{User: "su", Group: "sg"}[kind] + strings.ToLower(rand.Text()[:20])
	res := Resource{ID: id, Org: r.Org, Kind: kind, Created: h.now()}
	res, err = h.save(r, res, v, nil, "made")
	if err != nil {
		return err
	}
	return h.answer(r, http.StatusCreated, res)
}

func (h *Handler) put(r request, kind string) error {
	body, err := r.read()
	if err != nil {
		return err
	}
	return h.change(r, kind, func(Resource, []Member) (map[string]any, error) { return body, nil })
}

func (h *Handler) patch(r request, kind string) error {
	body, err := r.read()
	if err != nil {
		return err
	}
	ops, err := operations(body, h.opt.MaxOps)
	if err != nil {
		return err
	}
	return h.change(r, kind, func(res Resource, had []Member) (map[string]any, error) { return patched(res, had, ops) })
}

// changeTries is how often a change is tried that others get ahead of: providers send several for one group at the same time.
const changeTries = 10

// change makes of a resource what next says. With If-Match it is that version or none.
func (h *Handler) change(r request, kind string, next func(Resource, []Member) (map[string]any, error)) error {
	for try := 1; ; try++ {
		res, err := h.changeOnce(r, kind, next)
		if codecollab.CodeOf(err) == "scim_changed" && r.Header.Get("If-Match") == "" && try < changeTries {
			continue
		}
		if err != nil {
			return err
		}
		return h.answer(r, http.StatusOK, res)
	}
}

func (h *Handler) changeOnce(r request, kind string, next func(Resource, []Member) (map[string]any, error)) (Resource, error) {
	res, err := h.current(r, kind)
	if err != nil {
		return res, err
	}
	had, err := h.membersOf(r.Context(), res)
	if err != nil {
		return res, err
	}
	v, err := next(res, had)
	if err != nil {
		return res, err
	}
	if v, err = h.checked(kind, v, res.Active); err != nil {
		return res, err
	}
	return h.save(r, res, v, had, "changed")
}

// patched is what a resource becomes by operations. With one that fails nothing is changed.
func patched(res Resource, had []Member, ops []operation) (map[string]any, error) {
	var v map[string]any
	if err := json.Unmarshal(res.Data, &v); err != nil {
		return nil, err
	}
	if len(had) > 0 {
		list := []any{}
		for _, m := range had {
			list = append(list, map[string]any{"value": m.User})
		}
		v["members"] = list
	}
	for _, o := range ops {
		if err := o.apply(attributesOf(res.Kind), v); err != nil {
			return nil, err
		}
	}
	return v, nil
}

func (h *Handler) membersOf(ctx context.Context, res Resource) ([]Member, error) {
	if res.Kind != Group {
		return nil, nil
	}
	return h.opt.Members.Members(ctx, res.Org, res.ID)
}

// checked is a resource as the schema has it, with all that it must have. A user of whom it is not said is as active as before.
func (h *Handler) checked(kind string, body map[string]any, active bool) (map[string]any, error) {
	v, err := normal(attributesOf(kind), body)
	if err != nil {
		return nil, err
	}
	for _, a := range attributesOf(kind) {
		if a.required && strings.TrimSpace(textOf(v[a.name])) == "" {
			return nil, invalid("invalidValue", "%s is needed.", a.name)
		}
	}
	if kind == User {
		if _, ok := v["active"]; !ok {
			v["active"] = active
		}
	}
	return v, nil
}

// now is the time as it is kept.
func (h *Handler) now() time.Time { return h.opt.Now().Truncate(time.Millisecond) }

func textOf(v any) string {
	s, _ := v.(string)
	return s
}

// save keeps a resource, and has it followed by what it means. A request that fails halfway is answered with an error, and all of
// it is done again when the provider sends it again.
func (h *Handler) save(r request, res Resource, v map[string]any, had []Member, how string) (Resource, error) {
	was := res
	members := memberIDs(v)
	delete(v, "members")
	res.Name = strings.ToLower(textOf(v[map[string]string{User: "userName", Group: "displayName"}[res.Kind]]))
	res.External = textOf(v["externalId"])
	res.Email = emailOf(v)
	res.Active = v["active"] != false
	data, err := json.Marshal(v)
	if err != nil {
		return res, err
	}
	res.Data, res.Changed = data, h.now()
	res.Version++
	if err := h.opt.Store.Save(r.Context(), res, h.opt.MaxResources); err != nil {
		return res, err
	}
	if res.Kind == Group {
		return res, h.saveMembers(r, res, had, members, how)
	}
	return h.settle(r, was, res, how)
}

// memberIDs are the users that a group is to have.
func memberIDs(v map[string]any) []string {
	var out []string
	for _, m := range listOf(v["members"]) {
		if e, ok := m.(map[string]any); ok {
			if id := textOf(e["value"]); id != "" {
				out = append(out, id)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// emailOf is the address of a user: the primary one, that for work, the first, or a userName that is one.
func emailOf(v map[string]any) string {
	best, rank := "", 0
	for _, m := range listOf(v["emails"]) {
		e, _ := m.(map[string]any)
		r := 1
		if strings.EqualFold(textOf(e["type"]), "work") {
			r = 2
		}
		if e["primary"] == true {
			r = 3
		}
		if s := textOf(e["value"]); r > rank && strings.Contains(s, "@") {
			best, rank = s, r
		}
	}
	if s := textOf(v["userName"]); best == "" && strings.Contains(s, "@") {
		best = s
	}
	return strings.ToLower(strings.TrimSpace(best))
}

// saveMembers puts people into a group and takes them out, and gives them the role that follows.
func (h *Handler) saveMembers(r request, res Resource, had []Member, members []string, how string) error {
	var before []string
	for _, m := range had {
		before = append(before, m.User)
	}
	slices.Sort(before)
	add, remove := without(members, before), without(before, members)
	if len(add)+len(remove) > 0 {
		if err := h.opt.Members.ChangeMembers(r.Context(), r.Org, res.ID, add, remove); err != nil {
			return err
		}
	}
	h.note(r, auth.ActScimGroupChanged, res.ID, how, res, map[string]string{"added": count(add), "removed": count(remove)})
	if res.Role == "" {
		return nil
	}
	return h.Resettle(r.Context(), r.Caller, slices.Concat(add, remove))
}

// without are those of a that are not in b; both are sorted.
func without(a, b []string) []string {
	var out []string
	for _, s := range a {
		if _, ok := slices.BinarySearch(b, s); !ok {
			out = append(out, s)
		}
	}
	return out
}

// Resettle gives users what follows from their groups.
func (h *Handler) Resettle(ctx context.Context, by Caller, users []string) error {
	for _, id := range users {
		u, err := h.opt.Store.Resource(ctx, by.Org, User, id)
		if codecollab.CodeOf(err) == "no_resource" {
			continue
		}
		if err != nil {
			return err
		}
		p, err := h.provisioned(ctx, u)
		if err != nil {
			return err
		}
		if _, err := h.opt.Directory.Settle(ctx, by.Actor, p); err != nil {
			return err
		}
	}
	return nil
}

func (h *Handler) delete(r request, kind string) error {
	res, err := h.current(r, kind)
	if err != nil {
		return err
	}
	had, err := h.membersOf(r.Context(), res)
	if err != nil {
		return err
	}
	if kind == User {
		p, err := h.provisioned(r.Context(), res)
		if err != nil {
			return err
		}
		p.Active, p.Gone = false, true
		if _, err := h.opt.Directory.Settle(r.Context(), r.Actor, p); err != nil {
			return err
		}
	}
	if err := h.opt.Store.Delete(r.Context(), r.Org, kind, res.ID); err != nil {
		return err
	}
	action := map[string]string{User: auth.ActScimUserChanged, Group: auth.ActScimGroupChanged}[kind]
	h.note(r, action, res.ID, "deleted", res, nil)
	if kind == Group && res.Role != "" {
		users := []string{}
		for _, m := range had {
			users = append(users, m.User)
		}
		if err := h.Resettle(r.Context(), r.Caller, users); err != nil {
			return err
		}
	}
	r.w.WriteHeader(http.StatusNoContent)
	return nil
}
