package scim

import (
	"encoding/json"
	"strings"
	"time"
)

// maxText bounds one text of a resource, in bytes; maxValues how many values one attribute has, but members.
const (
	maxText   = 4 << 10
	maxValues = 100
)

// normal is an object with the names as the schema writes them and the values as it wants them. What the schema does not know or
// does not let anybody write is left out, and so is what says nothing (null, an empty list).
func normal(attrs []attribute, v map[string]any) (map[string]any, error) {
	out := map[string]any{}
	for name, value := range v {
		a := find(attrs, name)
		if a == nil || a.readOnly {
			continue
		}
		n, err := normalValue(*a, value)
		if err != nil {
			return nil, err
		}
		if n != nil {
			out[a.name] = n
		}
	}
	return out, nil
}

// normalValue is the whole value of an attribute; nil when it says nothing.
func normalValue(a attribute, v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	if !a.multi {
		if list, ok := v.([]any); ok && len(list) == 1 {
			v = list[0]
		}
		return single(a, v)
	}
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	if len(list) > maxValues && a.name != "members" {
		return nil, invalid("tooMany", "%s has more than %d values.", a.name, maxValues)
	}
	out := []any{}
	for _, e := range list {
		n, err := single(a, e)
		if err != nil {
			return nil, err
		}
		if n != nil {
			out = append(out, n)
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	return onePrimary(out, -1), nil
}

// single is one value of an attribute.
func single(a attribute, v any) (any, error) {
	switch a.kind {
	case "complex":
		return complexValue(a, v)
	case "boolean":
		switch b := v.(type) {
		case bool:
			return b, nil
		case string: // Entra ID sends "True" and "False"
			if strings.EqualFold(b, "true") || strings.EqualFold(b, "false") {
				return strings.EqualFold(b, "true"), nil
			}
		}
		return nil, invalid("invalidValue", "%s is true or false.", a.name)
	}
	var s string
	switch x := v.(type) {
	case string:
		s = x
	case float64: // employee numbers
		raw, _ := json.Marshal(x) // it came as JSON
		s = string(raw)
	case nil:
		return nil, nil
	default:
		return nil, invalid("invalidValue", "%s is a text.", a.name)
	}
	if len(s) > maxText {
		return nil, invalid("invalidValue", "%s is longer than %d bytes.", a.name, maxText)
	}
	if a.kind == "dateTime" {
		if _, err := time.Parse(time.RFC3339, s); err != nil {
			return nil, invalid("invalidValue", "%s is a time, like 2026-01-31T12:00:00Z.", a.name)
		}
	}
	return s, nil
}

// complexValue is an object. A text alone is its value: so Entra ID sends managers, and some members.
func complexValue(a attribute, v any) (any, error) {
	switch x := v.(type) {
	case nil:
		return nil, nil
	case map[string]any:
		n, err := normal(a.sub, x)
		if err != nil || len(n) == 0 {
			return nil, err
		}
		return n, nil
	case string:
		if find(a.sub, "value") != nil {
			if x == "" {
				return nil, nil
			}
			return map[string]any{"value": x}, nil
		}
	}
	return nil, invalid("invalidValue", "%s is an object.", a.name)
}

// onePrimary leaves one primary value: that at keep, or the last.
func onePrimary(list []any, keep int) []any {
	found := keep >= 0
	for i := len(list) - 1; i >= 0; i-- {
		e, ok := list[i].(map[string]any)
		if !ok || e["primary"] != true || i == keep {
			continue
		}
		if found {
			e["primary"] = false
		}
		found = true
	}
	return list
}
