package scim

import "strings"

// path names a part of a resource: urn:attr.sub, or attr[filter].sub.
type path struct {
	attr   *attribute // nil: the whole of an extension
	ext    bool       // it is one of the enterprise extension
	filter *filter
	sub    *attribute
}

// resolve finds what a name without brackets means: "userName", "name.givenName", or either behind the name of a schema.
func resolve(attrs []attribute, name string) (path, bool) {
	rest, ext := name, false
	for _, urn := range []string{userURN, groupURN} {
		if cut, ok := cutFold(rest, urn+":"); ok {
			rest = cut
		}
	}
	if strings.EqualFold(rest, enterpriseURN) {
		return path{ext: true}, find(attrs, enterpriseURN) != nil
	}
	if cut, ok := cutFold(rest, enterpriseURN+":"); ok {
		extension := find(attrs, enterpriseURN)
		if extension == nil {
			return path{}, false
		}
		rest, ext, attrs = cut, true, extension.sub
	}
	first, second, deep := strings.Cut(rest, ".")
	p := path{attr: find(attrs, first), ext: ext}
	if p.attr == nil || p.attr.name == enterpriseURN {
		return p, false
	}
	if deep {
		p.sub = find(p.attr.sub, second)
		return p, p.sub != nil
	}
	return p, true
}

func cutFold(s, prefix string) (string, bool) {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return s, false
}

// parsePath reads the path of a PATCH.
func parsePath(attrs []attribute, s string) (path, error) {
	p := &parser{attrs: attrs, rest: strings.TrimSpace(s)}
	name := p.name()
	out, ok := resolve(attrs, name)
	if !ok {
		return path{}, invalid("invalidPath", "There is no attribute %q.", name)
	}
	if p.rest == "" {
		return out, nil
	}
	if out.attr == nil || !out.attr.multi || out.sub != nil || !p.take("[") {
		return path{}, invalid("invalidPath", "The path %q cannot be read from %q on.", s, p.rest)
	}
	var err error
	if out.filter, err = p.inBrackets(*out.attr); err != nil {
		return path{}, err
	}
	if p.take(".") {
		sub := p.name()
		if out.sub = find(out.attr.sub, sub); out.sub == nil {
			return path{}, invalid("invalidPath", "%s has no attribute %q.", out.attr.name, sub)
		}
	}
	if p.rest != "" {
		return path{}, invalid("invalidPath", "The path %q cannot be read from %q on.", s, p.rest)
	}
	return out, nil
}
