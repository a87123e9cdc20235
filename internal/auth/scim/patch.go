package scim

import (
	"encoding/json"
	"slices"
	"strings"
)

// operation is one of a PATCH.
type operation struct {
	op    string // add, replace, remove
	path  string
	value any
}

// operations reads the body of a PATCH.
func operations(body map[string]any, most int) ([]operation, error) {
	var list []any
	for name, v := range body {
		if strings.EqualFold(name, "Operations") {
			list, _ = v.([]any)
		}
	}
	if len(list) == 0 {
		return nil, invalid("invalidSyntax", `A PATCH has "Operations", a list of one or more.`)
	}
	if len(list) > most {
		return nil, fail(413, "", "A PATCH has at most %d operations.", most)
	}
	var out []operation
	for _, v := range list {
		o, err := oneOperation(v)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

func oneOperation(v any) (operation, error) {
	fields, ok := v.(map[string]any)
	if !ok {
		return operation{}, invalid("invalidSyntax", "An operation is an object.")
	}
	var o operation
	for name, v := range fields {
		switch strings.ToLower(name) {
		case "op":
			o.op, _ = v.(string)
			o.op = strings.ToLower(o.op) // Entra ID writes Add, Replace, Remove
		case "path":
			if o.path, ok = v.(string); !ok && v != nil {
				return o, invalid("invalidPath", "A path is a text.")
			}
		case "value":
			o.value = v
		}
	}
	if !slices.Contains([]string{"add", "replace", "remove"}, o.op) {
		return o, invalid("invalidSyntax", "An operation is add, replace or remove, not %q.", o.op)
	}
	return o, nil
}

// apply changes v, which is normal, as an operation says.
func (o operation) apply(attrs []attribute, v map[string]any) error {
	if o.path != "" {
		p, err := parsePath(attrs, o.path)
		if err != nil {
			return err
		}
		return o.at(p, v)
	}
	fields, ok := o.value.(map[string]any)
	switch {
	case o.op == "remove":
		return invalid("noTarget", "What is removed needs a path.")
	case !ok:
		return invalid("invalidValue", "Without a path the value is an object.")
	}
	return o.fields(attrs, fields, v)
}

// fields takes an object for operations on the attributes that it names: by their names, or by paths as Entra ID does it. What
// cannot be written or is not known is left out, since providers send what they know with it, like the id.
func (o operation) fields(attrs []attribute, fields, v map[string]any) error {
	for name, value := range fields {
		p, err := parsePath(attrs, name)
		if err != nil || p.attr != nil && p.attr.readOnly {
			continue
		}
		if err := (operation{op: o.op, value: value}).at(p, v); err != nil {
			return err
		}
	}
	return nil
}

// at does the operation where a path says.
func (o operation) at(p path, v map[string]any) error {
	if p.attr != nil && p.attr.readOnly || p.sub != nil && p.sub.readOnly {
		return invalid("mutability", "%s cannot be written.", o.path)
	}
	if p.ext {
		return o.atExtension(p, v)
	}
	a := *p.attr
	switch {
	case p.filter != nil:
		return o.atElements(p, v)
	case p.sub != nil && a.multi:
		return o.atElements(p, v)
	case p.sub != nil:
		return o.atPart(a, *p.sub, v)
	case o.op == "remove":
		return o.removeValues(a, v)
	}
	n, err := normalValue(a, o.value)
	if err != nil {
		return err
	}
	if n == nil {
		if o.op == "replace" {
			delete(v, a.name)
		}
		return nil
	}
	v[a.name] = o.merged(a, v[a.name], n)
	return nil
}

// merged is what an attribute has after a value was added, or put in its place.
func (o operation) merged(a attribute, old, n any) any {
	if a.multi {
		if o.op == "replace" {
			return n
		}
		return appended(listOf(old), listOf(n))
	}
	had, ok1 := old.(map[string]any)
	has, ok2 := n.(map[string]any)
	if !ok1 || !ok2 {
		return n
	}
	for name, part := range has { // parts that are not named stay
		had[name] = part
	}
	return had
}

// appended is a list with what was not in it yet. Elements with the same value are the same.
func appended(old, more []any) []any {
	known := map[string]int{}
	for i, e := range old {
		known[keyOf(e)] = i
	}
	for _, e := range more {
		at, ok := known[keyOf(e)]
		if ok {
			old[at] = e
		} else {
			at = len(old)
			known[keyOf(e)] = at
			old = append(old, e)
		}
		if m, ok := e.(map[string]any); ok && m["primary"] == true {
			old = onePrimary(old, at)
		}
	}
	return old
}

func keyOf(e any) string {
	if m, ok := e.(map[string]any); ok {
		if value, ok := m["value"].(string); ok {
			kind, _ := m["type"].(string)
			return value + "\x00" + strings.ToLower(kind)
		}
	}
	raw, _ := json.Marshal(e) // it came as JSON
	return string(raw)
}

// removeValues removes an attribute; of one with several values those that are given, as Entra ID removes members.
func (o operation) removeValues(a attribute, v map[string]any) error {
	if a.required {
		return invalid("mutability", "%s cannot be removed.", a.name)
	}
	gone, err := normalValue(a, o.value)
	if err != nil {
		return err
	}
	if !a.multi || gone == nil {
		delete(v, a.name)
		return nil
	}
	values := map[any]bool{}
	for _, e := range listOf(gone) {
		if m, ok := e.(map[string]any); ok {
			values[m["value"]] = true
		}
	}
	o.keep(a, v, func(e map[string]any) bool { return !values[e["value"]] })
	return nil
}

func (o operation) keep(a attribute, v map[string]any, which func(map[string]any) bool) {
	left := []any{}
	for _, e := range elements(v, &a) {
		if which(e) {
			left = append(left, e)
		}
	}
	if len(left) == 0 {
		delete(v, a.name)
		return
	}
	v[a.name] = left
}

// atPart does it to a part of an attribute that has parts, like name.givenName.
func (o operation) atPart(a, sub attribute, v map[string]any) error {
	whole, ok := v[a.name].(map[string]any)
	if !ok {
		whole = map[string]any{}
	}
	var n any
	if o.op != "remove" {
		var err error
		if n, err = normalValue(sub, o.value); err != nil {
			return err
		}
	}
	if n == nil {
		delete(whole, sub.name)
	} else {
		whole[sub.name] = n
	}
	if delete(v, a.name); len(whole) > 0 {
		v[a.name] = whole
	}
	return nil
}

// atExtension does it to the enterprise extension, or to a part of that.
func (o operation) atExtension(p path, v map[string]any) error {
	whole, ok := v[enterpriseURN].(map[string]any)
	if !ok {
		whole = map[string]any{}
	}
	var err error
	switch fields, isObject := o.value.(map[string]any); {
	case p.attr != nil:
		p.ext = false
		err = o.at(p, whole)
	case o.op == "remove":
		clear(whole)
	case isObject:
		err = o.fields(enterpriseAttributes, fields, whole)
	default:
		err = invalid("invalidValue", "The extension is an object.")
	}
	if delete(v, enterpriseURN); len(whole) > 0 {
		v[enterpriseURN] = whole
	}
	return err
}

// atElements does it to the elements that a filter names, or to a part of them.
func (o operation) atElements(p path, v map[string]any) error {
	a := *p.attr
	meant := func(e map[string]any) bool { return p.filter == nil || p.filter.match(e) }
	if o.op == "remove" && p.sub == nil {
		o.keep(a, v, func(e map[string]any) bool { return !meant(e) })
		return nil
	}
	list := listOf(v[a.name])
	found := false
	for i, e := range elements(v, &a) {
		if !meant(e) {
			continue
		}
		found = true
		if err := o.toElement(p, e); err != nil {
			return err
		}
		if e["primary"] == true {
			onePrimary(list, i)
		}
	}
	if found || o.op == "remove" {
		o.keep(a, v, func(e map[string]any) bool { return len(e) > 0 })
		return nil
	}
	return o.newElement(p, v)
}

func (o operation) toElement(p path, e map[string]any) error {
	if p.sub != nil {
		var n any
		if o.op != "remove" {
			var err error
			if n, err = normalValue(*p.sub, o.value); err != nil {
				return err
			}
		}
		if n == nil {
			delete(e, p.sub.name)
		} else {
			e[p.sub.name] = n
		}
		return nil
	}
	n, err := single(*p.attr, o.value)
	fields, ok := n.(map[string]any)
	if err != nil || !ok {
		return err
	}
	if o.op == "replace" {
		clear(e)
	}
	for name, part := range fields {
		e[name] = part
	}
	return nil
}

// newElement makes the element that a filter asks for and that is not there. The RFC has it for add alone; Entra ID replaces
// emails[type eq "work"].value of somebody who has none yet, so that is taken too.
func (o operation) newElement(p path, v map[string]any) error {
	e := map[string]any{}
	if !p.filter.asks(e) || o.op == "replace" && p.sub == nil {
		return invalid("noTarget", "Nothing is there that %s names.", o.path)
	}
	if err := o.toElement(p, e); err != nil {
		return err
	}
	n, err := normalValue(*p.attr, e)
	if err != nil || n == nil {
		return err
	}
	v[p.attr.name] = appended(listOf(v[p.attr.name]), listOf(n))
	return nil
}

// asks fills in what an element must have for a filter to hold; false when that is not said.
func (f *filter) asks(e map[string]any) bool {
	switch {
	case f == nil:
		return true
	case f.op == "and":
		return f.left.asks(e) && f.right.asks(e)
	case f.op == "eq" && f.path.sub == nil && f.value != nil:
		e[f.path.attr.name] = f.value
		return true
	}
	return false
}
