package mutate

import (
	"slices"
	"strings"

	"codecollab.dev/internal/hint/source"
)

// conditions changes what if, while and their like ask.
func (m *maker) conditions() {
	for i, t := range m.on {
		if !t.Is("if") && !t.Is("while") && !t.Is("elif") && !t.Is("for") && !t.Is("return") {
			continue
		}
		from, to := m.condition(i)
		if from < 0 {
			continue
		}
		c := m.text[from:to]
		if !t.Is("return") && !t.Is("for") {
			m.about(t.Text, Negated, .6, from, to, m.not(c))
			m.more(from, to, c)
		}
		m.parts(i, from, to)
	}
	for i, t := range m.on {
		if t.Is("!") || t.Is("not") && !m.at(i+1).Is("in") {
			end := t.End()
			for end < len(m.text) && m.text[end] == ' ' {
				end++
			}
			m.about(t.Text, Negated, .6, t.Col, end, "")
		}
		if t.Is("not") && m.at(i+1).Is("in") {
			m.about("not in", Negated, .6, t.Col, m.on[i+1].Col, "")
		}
		if t.Is("True") || t.Is("False") || t.Is("true") || t.Is("false") {
			other := map[string]string{"True": "False", "False": "True", "true": "false", "false": "true"}[t.Text]
			op := Constant
			if m.at(i - 1).Is("=") {
				op = Initial
			}
			m.edit(op, .5, t.Col, t.End(), other)
		}
		if t.Is("elif") {
			m.edit(Partial, .4, t.Col, t.End(), "if")
		}
		if t.Is("else") && m.at(i+1).Is("if") {
			m.about("else", Partial, .4, t.Col, m.on[i+1].Col, "")
		}
		if m.python() && i == 0 && t.Is("if") {
			m.edit(Partial, .3, t.Col, t.End(), "while")
			m.edit(Partial, .3, t.Col, t.End(), "elif")
		}
		if i == 0 && t.Is("while") {
			m.edit(Partial, .2, t.Col, t.End(), "if")
		}
		if !m.python() && t.Is("if") {
			m.edit(Partial, .25, t.Col, t.End(), "while")
		}
	}
}

func (m *maker) not(c string) string {
	if m.python() {
		return "not (" + c + ")"
	}
	return "!(" + c + ")"
}

// condition is from where to where the condition of the word of token i reaches.
func (m *maker) condition(i int) (from, to int) {
	if !m.python() && m.t.Lang.ID != "go" && !m.on[i].Is("return") {
		if !m.at(i + 1).Is("(") {
			return -1, -1
		}
		shut := m.match(i + 1)
		if shut < 0 || shut == i+2 {
			return -1, -1
		}
		from, to = m.on[i+1].End(), m.on[shut].Col
		if !m.on[i].Is("for") {
			return from, to
		}
		parts := strings.Split(m.text[from:to], ";")
		if len(parts) != 3 || strings.TrimSpace(parts[1]) == "" {
			return -1, -1
		}
		from += len(parts[0]) + 1
		return from, from + len(parts[1])
	}
	if m.at(i+1).Kind == -1 {
		return -1, -1
	}
	from = m.on[i+1].Col
	depth := 0
	for j := i + 1; j < len(m.on); j++ {
		switch t := m.on[j]; {
		case depth == 0 && (t.Is(":") || t.Is("{") || t.Is(";") || t.Is("else")):
			if m.on[j-1].End() <= from {
				return -1, -1
			}
			return from, m.on[j-1].End()
		case t.Is("(") || t.Is("[") || t.Is("{"):
			depth++
		case t.Is(")") || t.Is("]") || t.Is("}"):
			if depth--; depth < 0 {
				return from, m.on[j-1].End()
			}
		}
	}
	return from, m.on[len(m.on)-1].End()
}

// parts leaves out one side of and, or.
func (m *maker) parts(i, from, to int) {
	depth := 0
	for j := i + 1; j < len(m.on) && m.on[j].Col < to; j++ {
		switch t := m.on[j]; {
		case t.Col < from:
		case t.Is("(") || t.Is("["):
			depth++
		case t.Is(")") || t.Is("]"):
			depth--
		case depth == 0 && (t.Is("and") || t.Is("or") || t.Is("&&") || t.Is("||")):
			left, right := strings.TrimSpace(m.text[from:t.Col]), strings.TrimSpace(m.text[t.End():to])
			m.about(t.Text, Partial, .4, from, to, pad(m.text[from:to], left))
			m.about(t.Text, Partial, .4, from, to, pad(m.text[from:to], right))
			m.about(t.Text, Partial, .4, from, to, pad(m.text[from:to], right+" "+t.Text+" "+left))
		}
	}
}

// pad keeps the space at the beginning of what is replaced.
func pad(old, text string) string {
	return old[:len(old)-len(strings.TrimLeft(old, " "))] + text
}

// more adds a part to a condition: a comparison of what it speaks of, or one that another line makes.
func (m *maker) more(from, to int, c string) {
	and, or := " && ", " || "
	if m.python() {
		and, or = " and ", " or "
	}
	used := m.usedIn(from, to)
	var parts []string
	for _, v := range m.vars {
		parts = append(parts, m.truths(v)...)
		for _, u := range used {
			if u != v {
				parts = append(parts, u+" < "+v, u+" > "+v, u+" == "+v, u+" != "+v)
			}
		}
	}
	for _, v := range m.vars {
		for _, u := range m.vars {
			if u < v && !slices.Contains(used, u) && !slices.Contains(used, v) && len(m.vars) < 6 {
				parts = append(parts, u+" == "+v, u+" != "+v)
			}
		}
	}
	if strings.Contains(c, and) || strings.Contains(c, or) {
		c = "(" + c + ")"
	}
	for _, p := range parts {
		m.about("", Guard, .3, from, to, c+and+p)
		m.about("", Guard, .3, from, to, c+or+p)
		m.about("", Guard, .25, from, to, p+and+c)
		m.about("", Guard, .25, from, to, p+or+c)
	}
}

// truths are what is often asked of a variable.
func (m *maker) truths(v string) []string {
	switch m.t.Lang.ID {
	case "python":
		return []string{v, "not " + v, v + " is None", v + " > 0", v + " >= 0", v + " == 0", v + " != 0", v + " is not None", v + " > 1"}
	case "java":
		return []string{v, "!" + v, v + " != null", v + " == null", v + " > 0", v + " >= 0", v + " == 0", v + " != 0", "!" + v + ".isEmpty()", v + ".isEmpty()", v + " > 1"}
	case "javascript":
		return []string{v, "!" + v, v + " > 0", v + " >= 0", v + ".length > 0", v + " > 1"}
	}
	return []string{v + " > 0", v + " >= 0", v + " == 0", v + " != 0", v + " != " + m.null(), v + " > 1"}
}

func (m *maker) null() string {
	switch m.t.Lang.ID {
	case "c", "c++":
		return "NULL"
	case "go":
		return "nil"
	case "python":
		return "None"
	}
	return "null"
}

func (m *maker) usedIn(from, to int) (out []string) {
	for i, t := range m.on {
		if t.Col >= from && t.Col < to && t.Kind == source.Ident && slices.Contains(m.vars, t.Text) && !slices.Contains(out, t.Text) && !m.at(i-1).Is(".") {
			out = append(out, t.Text)
		}
	}
	return out
}
