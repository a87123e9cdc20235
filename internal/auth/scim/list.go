package scim

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// query is what a list is asked for.
type query struct {
	filter     string
	start      string
	count      string
	attributes string
	excluded   string
}

func fromQuery(q url.Values) query {
	return query{q.Get("filter"), q.Get("startIndex"), q.Get("count"), q.Get("attributes"), q.Get("excludedAttributes")}
}

// search is a list whose query is in the body.
func (h *Handler) search(r request, kind string) error {
	body, err := r.read()
	if err != nil {
		return err
	}
	var q query
	for name, v := range body {
		switch strings.ToLower(name) {
		case "filter":
			q.filter, _ = v.(string)
		case "startindex":
			q.start = number(v)
		case "count":
			q.count = number(v)
		case "attributes":
			q.attributes = commas(v)
		case "excludedattributes":
			q.excluded = commas(v)
		}
	}
	return h.list(r, kind, q)
}

func number(v any) string {
	if n, ok := v.(float64); ok {
		return strconv.Itoa(int(n))
	}
	return ""
}

func commas(v any) string {
	var out []string
	for _, e := range listOf(v) {
		if s, ok := e.(string); ok {
			out = append(out, s)
		}
	}
	return strings.Join(out, ",")
}

// list answers with a page of resources.
func (h *Handler) list(r request, kind string, q query) error {
	start, count, err := h.page(q)
	if err != nil {
		return err
	}
	show := newShown(kind, q.attributes, q.excluded)
	var found []Resource
	var total int
	if q.filter == "" {
		found, total, err = h.opt.Store.Resources(r.Context(), r.Org, kind, Lookup{From: start - 1, Most: count})
	} else {
		found, total, err = h.filtered(r.Context(), r.Caller, kind, q.filter, start-1, count)
	}
	if err != nil {
		return err
	}
	out := []any{}
	for _, res := range found {
		v, err := h.shown(r.Context(), r.Caller, res, show)
		if err != nil {
			return err
		}
		out = append(out, v)
	}
	write(r.w, http.StatusOK, map[string]any{
		"schemas": []string{listURN}, "totalResults": total, "startIndex": start, "itemsPerPage": len(out), "Resources": out,
	})
	return nil
}

// page reads where a page begins and how long it is.
func (h *Handler) page(q query) (start, count int, err error) {
	start, count = 1, h.opt.MaxPage
	for _, p := range []struct {
		text string
		into *int
		name string
	}{{q.start, &start, "startIndex"}, {q.count, &count, "count"}} {
		if p.text == "" {
			continue
		}
		if *p.into, err = strconv.Atoi(p.text); err != nil {
			return 0, 0, invalid("invalidValue", "%s is a whole number.", p.name)
		}
	}
	return max(start, 1), min(max(count, 0), h.opt.MaxPage), nil
}

// filtered is a page of what a filter asks for. What can be found by an index is; the rest is looked through.
func (h *Handler) filtered(ctx context.Context, by Caller, kind, text string, from, count int) ([]Resource, int, error) {
	f, err := parseFilter(kind, text)
	if err != nil {
		return nil, 0, err
	}
	lookup := Lookup{Most: -1}
	f.narrow(&lookup)
	all, _, err := h.opt.Store.Resources(ctx, by.Org, kind, lookup)
	if err != nil {
		return nil, 0, err
	}
	show := shown{kind: kind, members: f.mentions("members"), groups: f.mentions("groups")}
	var out []Resource
	total := 0
	for _, r := range all {
		v, err := h.shown(ctx, by, r, show)
		if err != nil {
			return nil, 0, err
		}
		if !f.match(v) {
			continue
		}
		if total++; total > from && len(out) < count {
			out = append(out, r)
		}
	}
	return out, total, nil
}

// narrow notes what the store can find by an index.
func (f *filter) narrow(l *Lookup) {
	if f.op == "and" {
		f.left.narrow(l)
		f.right.narrow(l)
	}
	s, ok := f.value.(string)
	if f.op != "eq" || !ok || s == "" || f.path.ext || f.path.sub != nil {
		return
	}
	switch f.path.attr.name {
	case "id":
		l.ID = s
	case "externalId":
		l.External = s
	case "userName", "displayName":
		if f.path.attr.unique {
			l.Name = strings.ToLower(s)
		}
	}
}

// mentions reports whether a filter asks about an attribute.
func (f *filter) mentions(name string) bool {
	if f == nil {
		return false
	}
	return f.path.attr != nil && f.path.attr.name == name || f.left.mentions(name) || f.right.mentions(name)
}
