package scim

import (
	"encoding/json"
	"slices"
	"strings"
)

// parser reads filters and paths. attrs are the attributes that names may mean where it is.
type parser struct {
	attrs []attribute
	rest  string
	depth int
}

// maxDepth bounds what is within each other, and maxFilter the whole, so that nobody's filter takes the stack.
const (
	maxDepth  = 40
	maxFilter = 8 << 10
)

// parseFilter reads a filter.
func parseFilter(kind, s string) (*filter, error) {
	if len(s) > maxFilter {
		return nil, invalid("invalidFilter", "The filter is longer than %d bytes.", maxFilter)
	}
	p := &parser{attrs: attributesOf(kind), rest: s}
	f, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.space(); p.rest != "" {
		return nil, p.wrong("an end, \"and\" or \"or\"")
	}
	return f, nil
}

func (p *parser) wrong(expected string) error {
	at := p.rest
	if len(at) > 40 {
		at = at[:40] + "…"
	}
	return invalid("invalidFilter", "The filter needs %s at %q.", expected, at)
}

func (p *parser) space() { p.rest = strings.TrimLeft(p.rest, " \t") }

func (p *parser) take(s string) bool {
	rest, ok := strings.CutPrefix(p.rest, s)
	if ok {
		p.rest = rest
	}
	return ok
}

// word takes a keyword, which a blank or a bracket ends.
func (p *parser) word(w string) bool {
	p.space()
	rest, ok := cutFold(p.rest, w)
	if !ok || rest != "" && !strings.ContainsAny(rest[:1], " \t()[]") {
		return false
	}
	p.rest = rest
	return true
}

// name takes what may be in the name of an attribute.
func (p *parser) name() string {
	i := strings.IndexFunc(p.rest, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.:$", r))
	})
	if i < 0 {
		i = len(p.rest)
	}
	name := p.rest[:i]
	p.rest = p.rest[i:]
	return name
}

func (p *parser) or() (*filter, error) {
	left, err := p.and()
	for err == nil && p.word("or") {
		var right *filter
		right, err = p.and()
		left = &filter{op: "or", left: left, right: right}
	}
	return left, err
}

func (p *parser) and() (*filter, error) {
	left, err := p.not()
	for err == nil && p.word("and") {
		var right *filter
		right, err = p.not()
		left = &filter{op: "and", left: left, right: right}
	}
	return left, err
}

func (p *parser) not() (*filter, error) {
	if p.word("not") {
		p.space()
		if !strings.HasPrefix(p.rest, "(") {
			return nil, p.wrong(`a "(" behind "not"`)
		}
		f, err := p.group()
		return &filter{op: "not", left: f}, err
	}
	return p.group()
}

func (p *parser) group() (*filter, error) {
	p.space()
	if !p.take("(") {
		return p.expression()
	}
	if p.depth++; p.depth > maxDepth {
		return nil, invalid("invalidFilter", "The filter has more than %d brackets within each other.", maxDepth)
	}
	f, err := p.or()
	if err != nil {
		return nil, err
	}
	p.depth--
	if p.space(); !p.take(")") {
		return nil, p.wrong(`a ")"`)
	}
	return f, nil
}

var operators = []string{"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"}

// expression reads attr op value, attr pr, or attr[filter] with .sub op value behind it, as Entra ID sends it.
func (p *parser) expression() (*filter, error) {
	name := p.name()
	if name == "" {
		return nil, p.wrong("the name of an attribute")
	}
	at, ok := resolve(p.attrs, name)
	if !ok || at.attr == nil && at.ext {
		return nil, invalid("invalidFilter", "There is no attribute %q to filter by.", name)
	}
	if at.attr.multi && at.attr.kind == "complex" && at.sub == nil && p.take("[") {
		return p.element(at)
	}
	return p.comparison(at)
}

func (p *parser) element(at path) (*filter, error) {
	inner, err := p.inBrackets(*at.attr)
	if err != nil || !p.take(".") {
		return &filter{op: "[]", path: at, inner: inner}, err
	}
	name := p.name()
	sub := find(at.attr.sub, name)
	if sub == nil {
		return nil, invalid("invalidFilter", "%s has no attribute %q.", at.attr.name, name)
	}
	right, err := p.comparison(path{attr: sub})
	return &filter{op: "[]", path: at, inner: inner, right: right}, err
}

// inBrackets reads the filter between [ and ], whose names are those of the elements.
func (p *parser) inBrackets(a attribute) (*filter, error) {
	inside := &parser{attrs: a.sub, rest: p.rest, depth: p.depth + 1}
	if inside.depth > maxDepth {
		return nil, invalid("invalidFilter", "The filter has more than %d brackets within each other.", maxDepth)
	}
	f, err := inside.or()
	if err != nil {
		return nil, err
	}
	inside.space()
	p.rest = inside.rest
	if !p.take("]") {
		return nil, p.wrong(`a "]"`)
	}
	return f, nil
}

func (p *parser) comparison(at path) (*filter, error) {
	if p.word("pr") {
		return &filter{op: "pr", path: at}, nil
	}
	i := slices.IndexFunc(operators, p.word)
	if i < 0 {
		return nil, p.wrong("an operator (eq, ne, co, sw, ew, pr, gt, ge, lt, le)")
	}
	f := &filter{op: operators[i], path: at}
	leaf := f.leaf()
	if leaf == nil {
		return nil, invalid("invalidFilter", "%s has several parts: name one of them.", at.attr.name)
	}
	if leaf.kind == "boolean" && f.op != "eq" && f.op != "ne" {
		return nil, invalid("invalidFilter", "%s is true or false, which %q says nothing about.", leaf.name, f.op)
	}
	var err error
	f.value, err = p.value()
	return f, err
}

// value reads a JSON value: a text, a number, true, false or null.
func (p *parser) value() (any, error) {
	p.space()
	d := json.NewDecoder(strings.NewReader(p.rest))
	token, err := d.Token()
	if _, isDelim := token.(json.Delim); err != nil || isDelim {
		for word, v := range map[string]any{"true": true, "false": false, "null": nil} { // Entra ID writes True
			if rest, ok := cutFold(p.rest, word); ok {
				p.rest = rest
				return v, nil
			}
		}
		return nil, p.wrong(`a value, like "text", true or null`)
	}
	p.rest = p.rest[d.InputOffset():]
	return token, nil
}
