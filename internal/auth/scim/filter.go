package scim

import (
	"cmp"
	"strings"
	"time"
)

// filter is one of RFC 7644, 3.4.2.2.
type filter struct {
	op    string // "and", "or", "not"; "eq" and the like; "pr"; "[]": an element for which inner holds
	left  *filter
	right *filter
	path  path
	value any // string, bool, float64 or nil
	inner *filter
}

// match reports whether a resource (or an element of an attribute with several values) is one that the filter asks for.
func (f *filter) match(v map[string]any) bool {
	switch f.op {
	case "and":
		return f.left.match(v) && f.right.match(v)
	case "or":
		return f.left.match(v) || f.right.match(v)
	case "not":
		return !f.left.match(v)
	case "[]":
		return f.matchElement(v)
	case "pr":
		return len(valuesAt(v, f.path)) > 0
	case "ne":
		return !f.any(valuesAt(v, f.path), "eq")
	}
	return f.any(valuesAt(v, f.path), f.op)
}

// matchElement looks for one element that fulfils all that is in the brackets, and what is behind them.
func (f *filter) matchElement(v map[string]any) bool {
	for _, e := range elements(holder(v, f.path), f.path.attr) {
		if f.inner.match(e) && (f.right == nil || f.right.match(e)) {
			return true
		}
	}
	return false
}

func (f *filter) any(values []any, op string) bool {
	if f.value == nil {
		return op == "eq" && len(values) == 0
	}
	for _, v := range values {
		if holds(v, op, f.value, f.leaf()) {
			return true
		}
	}
	return false
}

// leaf is the attribute whose values are compared.
func (f *filter) leaf() *attribute {
	a := f.path.attr
	if f.path.sub != nil {
		return f.path.sub
	}
	if a.kind == "complex" {
		return find(a.sub, "value")
	}
	return a
}

// holds compares a value that is kept with one that is asked for.
func holds(kept any, op string, asked any, a *attribute) bool {
	switch k := kept.(type) {
	case bool:
		b, ok := asked.(bool)
		if s, isText := asked.(string); isText { // Entra ID asks for "True"
			b, ok = strings.EqualFold(s, "true"), true
		}
		return ok && op == "eq" && k == b
	case string:
		s, ok := asked.(string)
		if !ok {
			return false
		}
		if a.kind == "dateTime" && op != "co" && op != "sw" && op != "ew" {
			x, err1 := time.Parse(time.RFC3339, k)
			y, err2 := time.Parse(time.RFC3339, s)
			return err1 == nil && err2 == nil && ordered(op, x.Compare(y))
		}
		if !a.exact {
			k, s = strings.ToLower(k), strings.ToLower(s)
		}
		return compareText(op, k, s)
	}
	return false
}

func compareText(op, k, s string) bool {
	switch op {
	case "co":
		return strings.Contains(k, s)
	case "sw":
		return strings.HasPrefix(k, s)
	case "ew":
		return strings.HasSuffix(k, s)
	}
	return ordered(op, cmp.Compare(k, s))
}

func ordered(op string, c int) bool {
	switch op {
	case "eq":
		return c == 0
	case "gt":
		return c > 0
	case "ge":
		return c >= 0
	case "lt":
		return c < 0
	case "le":
		return c <= 0
	}
	return false
}

// holder is the object that has the attribute of a path: the resource, or its extension.
func holder(v map[string]any, p path) map[string]any {
	if !p.ext {
		return v
	}
	e, _ := v[enterpriseURN].(map[string]any)
	return e
}

// elements are the objects of an attribute that is complex.
func elements(v map[string]any, a *attribute) []map[string]any {
	switch x := v[a.name].(type) {
	case map[string]any:
		return []map[string]any{x}
	case []any:
		var out []map[string]any
		for _, e := range x {
			if m, ok := e.(map[string]any); ok {
				out = append(out, m)
			}
		}
		return out
	}
	return nil
}

// valuesAt are the values that a path names.
func valuesAt(v map[string]any, p path) []any {
	v = holder(v, p)
	if p.attr == nil {
		if len(v) == 0 {
			return nil
		}
		return []any{v}
	}
	if p.attr.kind != "complex" {
		return listOf(v[p.attr.name])
	}
	name := "value"
	if p.sub != nil {
		name = p.sub.name
	} else if find(p.attr.sub, name) == nil {
		return listOf(v[p.attr.name]) // "pr" of one like name
	}
	var out []any
	for _, e := range elements(v, p.attr) {
		out = append(out, listOf(e[name])...)
	}
	return out
}

func listOf(v any) []any {
	switch x := v.(type) {
	case nil:
		return nil
	case []any:
		return x
	}
	return []any{v}
}
