package mutate

import (
	"slices"
	"strings"

	"codecollab.dev/internal/hint/source"
)

// names puts other variables in the place of variables.
func (m *maker) names() {
	for i, t := range m.on {
		if !m.variable(i) {
			continue
		}
		for _, v := range m.vars {
			if v != t.Text {
				m.edit(Variable, m.nearness(i, v), t.Col, t.End(), v)
			}
		}
		if m.argument(i) {
			m.adjust(i)
		}
		m.member(i)
	}
	for i, t := range m.on { // a text or a number where the variable was meant
		if t.Kind == source.Number && m.argument(i) {
			for _, v := range m.vars {
				m.edit(Variable, .2, t.Col, t.End(), v)
			}
		}
	}
}

// nearness is higher for variables of the same line or of the head of the function.
func (m *maker) nearness(i int, v string) float64 {
	w := .5
	if slices.Contains(m.fn.Params, v) {
		w += .05
	}
	if m.at(i+1).Is("=") || m.at(i+1).Is(":=") || m.at(i-1).Is("for") {
		w -= .2 // what a line assigns is seldom the wrong one
	}
	return w
}

// variable reports whether token i is a variable, and no function, member, type or name of an argument.
func (m *maker) variable(i int) bool {
	t, prev, next := m.on[i], m.at(i-1), m.at(i+1)
	if t.Kind != source.Ident || prev.Is(".") || prev.Is("->") || next.Is("(") || next.Is("::") || prev.Is("def") || prev.Is("class") {
		return false
	}
	if !m.python() && (next.Kind == source.Ident || prev.Kind == source.Keyword && declarator(prev.Text)) {
		return false // a type, or what is declared
	}
	return slices.Contains(m.vars, t.Text)
}

func declarator(word string) bool {
	return slices.Contains(strings.Fields("int long short char float double unsigned signed bool boolean byte var let const auto string func class struct new"), word)
}

// argument reports whether token i is all of an argument, of a returned or of a printed value.
func (m *maker) argument(i int) bool {
	prev, next := m.at(i-1), m.at(i+1)
	return (prev.Is("(") || prev.Is(",") || prev.Is("return")) && (next.Is(")") || next.Is(",") || next.Kind == -1 || next.Is(";"))
}

// adjust changes an argument that is passed on as it is.
func (m *maker) adjust(i int) {
	t := m.on[i]
	for _, v := range m.vars {
		if v == t.Text {
			continue
		}
		m.about(t.Text, Adjust, .4, t.Col, t.End(), t.Text+" - "+v)
		m.about(t.Text, Adjust, .3, t.Col, t.End(), t.Text+" + "+v)
		m.about(t.Text, Adjust, .2, t.Col, t.End(), t.Text+" * "+v)
		m.about(t.Text, Adjust, .2, t.Col, t.End(), v+" - "+t.Text)
		if m.python() {
			m.about(t.Text, Adjust, .2, t.Col, t.End(), t.Text+" // "+v)
			m.about(t.Text, Adjust, .2, t.Col, t.End(), t.Text+" % "+v)
			m.about(t.Text, Adjust, .2, t.Col, t.End(), t.Text+"["+v+":]")
		}
	}
	switch m.t.Lang.ID {
	case "python":
		m.about(t.Text, Adjust, .5, t.Col, t.End(), t.Text+"[1:]")
		m.about(t.Text, Adjust, .4, t.Col, t.End(), t.Text+"[:-1]")
		m.about(t.Text, Adjust, .3, t.Col, t.End(), t.Text+" // 2")
		m.about(t.Text, Adjust, .2, t.Col, t.End(), t.Text+" // 10")
	case "java":
		m.about(t.Text, Adjust, .5, t.Col, t.End(), t.Text+".substring(1)")
		m.about(t.Text, Adjust, .3, t.Col, t.End(), t.Text+" / 2")
		m.about(t.Text, Adjust, .2, t.Col, t.End(), t.Text+" / 10")
	case "javascript":
		m.about(t.Text, Adjust, .5, t.Col, t.End(), t.Text+".slice(1)")
	case "go":
		m.about(t.Text, Adjust, .5, t.Col, t.End(), t.Text+"[1:]")
	}
}

// member puts a value's own member in the place of a variable, or takes another member that the program knows.
func (m *maker) member(i int) {
	t := m.on[i]
	if m.at(i+1).Is(".") || m.at(i+1).Is("=") || m.at(i+1).Is(":=") {
		return
	}
	if m.python() && !slices.Contains(m.fn.Params, t.Text) && m.inClass() {
		m.edit(Variable, .3, t.Col, t.End(), "self."+t.Text)
	}
}

func (m *maker) inClass() bool { return m.inFn && strings.Contains(m.t.Line(m.fn.Line), "self") }
