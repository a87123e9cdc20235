package mutate

import (
	"strings"

	"codecollab.dev/internal/hint/source"
)

// values changes what is assigned, returned and passed on.
func (m *maker) values() {
	m.initial()
	m.wraps()
	m.keeps()
	m.empties()
	m.texts()
}

// initial changes the first value of a variable, or gives it one.
func (m *maker) initial() {
	for i, t := range m.on {
		if !t.Is("=") && !t.Is(":=") || m.at(i-1).Kind != source.Ident || m.depth(i) > 0 {
			continue
		}
		next := m.at(i + 1)
		end := len(strings.TrimRight(m.text, " \t;"))
		constant := next.Kind == source.Number || next.Is("None") || next.Is("null") || next.Is("nil") || next.Is("-") || next.Kind == source.String || next.Is("[")
		if m.operandAfter(i) != m.last() && !next.Is("-") || !constant {
			continue
		}
		name := m.on[i-1].Text
		for _, v := range m.firsts() {
			m.about(name, Initial, .45, next.Col, end, v)
		}
	}
	if m.t.Lang.ID == "c" || m.t.Lang.ID == "c++" || m.t.Lang.ID == "java" {
		for i, t := range m.on { // int sum;
			if t.Kind == source.Ident && m.at(i+1).Is(";") && (m.at(i-1).Kind == source.Keyword && !m.at(i-1).Is("return") || m.at(i-1).Is(",")) {
				for _, v := range []string{"0", "1", "NULL", "null"} {
					m.about(t.Text, Initial, .7, t.End(), t.End(), " = "+v)
				}
			}
		}
	}
}

// last is the last token but the end of the statement.
func (m *maker) last() int {
	n := len(m.on) - 1
	if n >= 0 && m.on[n].Is(";") {
		n--
	}
	return n
}

func (m *maker) firsts() (out []string) {
	out = []string{"0", "1", "-1"}
	switch m.t.Lang.ID {
	case "python":
		out = append(out, "float('-inf')", "float('inf')", "None", `""`, "[]", "{}", "1.0", "0.0", "set()")
	case "java":
		out = append(out, "Integer.MIN_VALUE", "Integer.MAX_VALUE", "1L", `""`)
	case "javascript":
		out = append(out, "-Infinity", "Infinity", `""`, "[]", "{}")
	case "go":
		out = append(out, "math.MinInt", "math.MaxInt", `""`, "-1 << 62", "1 << 62")
	default:
		out = append(out, "-2147483647", "2147483647")
	}
	for _, v := range m.vars {
		at := v + "[0]"
		if m.t.Lang.ID == "java" {
			out = append(out, v+".get(0)")
		}
		out = append(out, at, v)
		if m.python() {
			out = append(out, "len("+v+")", "len("+v+") - 1")
		}
	}
	return out
}

// wraps puts a limit, a square or a list around a value.
func (m *maker) wraps() {
	max, min, abs := "max", "min", "abs"
	switch m.t.Lang.ID {
	case "java", "javascript":
		max, min, abs = "Math.max", "Math.min", "Math.abs"
	case "c", "c++":
		max, min = "", ""
	case "go":
		abs = ""
	}
	for i, t := range m.on {
		if (t.Is("=") || t.Is("return") || t.Is(":=")) && m.depth(i) == 0 && m.last() > i {
			from, to := m.on[i+1].Col, m.on[m.last()].End()
			x := m.text[from:to]
			if max != "" {
				m.about(x, Wrap, .45, from, to, max+"(0, "+x+")")
				m.about(x, Wrap, .3, from, to, min+"(0, "+x+")")
				if !t.Is("return") && m.at(i-1).Kind == source.Ident {
					v := m.on[i-1].Text
					m.about(x, Wrap, .4, from, to, max+"("+v+", "+x+")")
					m.about(x, Wrap, .4, from, to, min+"("+v+", "+x+")")
				}
			}
			if abs != "" {
				m.about(x, Wrap, .35, from, to, abs+"("+x+")")
			}
			m.about(x, Negated, .3, from, to, m.not(x))
			m.about(x, Arithmetic, .25, from, to, "-("+x+")")
			if m.python() {
				m.about(x, Nest, .3, from, to, "["+x+"]")
			}
		}
		if t.Kind == source.Ident && m.variable(i) && !m.at(i+1).Is("=") && !m.at(i+1).Is("[") && !m.at(i+1).Is(".") {
			m.about(t.Text, Square, .3, t.Col, t.End(), t.Text+" * "+t.Text)
			if abs != "" && m.argument(i) {
				m.about(t.Text, Wrap, .3, t.Col, t.End(), abs+"("+t.Text+")")
			}
			if m.python() && m.argument(i) {
				m.about(t.Text, Nest, .25, t.Col, t.End(), "["+t.Text+"]")
				m.about(t.Text, Nest, .25, t.Col, t.End(), "*"+t.Text)
			}
		}
	}
}

// keeps adds what was gathered before to what is returned or assigned.
func (m *maker) keeps() {
	for i, t := range m.on {
		if !t.Is("return") && !t.Is("=") || m.depth(i) > 0 || m.last() <= i {
			continue
		}
		from, to := m.on[i+1].Col, m.on[m.last()].End()
		x := m.text[from:to]
		operand := x
		if m.operandAfter(i) != m.last() && !strings.HasPrefix(x, "[") {
			operand = "(" + x + ")"
		}
		for _, v := range m.vars {
			w := .35
			if v == x {
				w = .2
			}
			m.about("", Keep, w, from, to, v+" + "+operand)
			m.about("", Keep, w, from, to, operand+" + "+v)
			if m.t.Lang.ID != "java" {
				m.about("", Keep, w*.7, from, to, operand+" - "+v)
			}
			m.about("", Keep, w*.6, from, to, operand+" * "+v)
		}
		m.about("", Step, .3, from, to, operand+" + 1")
		m.about("", Step, .3, from, to, operand+" - 1")
		m.about("", Step, .3, from, to, "1 + "+operand)
	}
}

// empties exchanges kinds of nothing.
func (m *maker) empties() {
	nothing := map[string][]string{
		"python": {"[]", "[[]]", "None", "0", "1", "True", "False", `""`, "{}"}, "javascript": {"[]", "[[]]", "null", "0", "1", "true", "false", `""`},
		"java": {"null", "0", "1", "true", "false", `""`, "-1", "new ArrayList<>()"}, "c": {"0", "1", "-1", "NULL"}, "c++": {"0", "1", "-1", "nullptr", "{}"}, "go": {"0", "1", "-1", "nil", "true", "false", `""`},
	}[m.t.Lang.ID]
	for i, t := range m.on {
		if !t.Is("return") || m.last() <= i {
			continue
		}
		from, to := m.on[i+1].Col, m.on[m.last()].End()
		x := strings.TrimSpace(m.text[from:to])
		if strings.HasPrefix(x, "new ArrayList") { // a list with an empty list in it
			m.about(x, Nest, .5, from, to, "new ArrayList(List.of(new ArrayList()))")
		}
		for _, n := range nothing {
			w := .3
			op := Constant
			if x == "[]" && n == "[[]]" {
				w, op = .7, Nest
			} else if !isNothing(nothing, x) {
				w = .12
			}
			m.about(x, op, w, from, to, n)
		}
		for _, v := range m.vars {
			m.about(x, Variable, .25, from, to, v)
			if m.t.Lang.ID == "python" {
				m.about(x, Nest, .3, from, to, "["+v+"]")
			}
		}
	}
}

func isNothing(all []string, x string) bool {
	for _, n := range all {
		if n == x {
			return true
		}
	}
	return false
}

// texts changes short texts: separators, most often.
func (m *maker) texts() {
	for _, t := range m.on {
		if t.Kind != source.String || len(t.Text) > 4 || len(t.Text) < 2 {
			continue
		}
		q := t.Text[:1]
		if m.t.Lang.ID != "python" && m.t.Lang.ID != "javascript" && q == "'" {
			continue
		}
		for _, s := range []string{"", " ", ",", ", ", `\n`, "-", "0"} {
			if q+s+q != t.Text {
				m.edit(Constant, .2, t.Col, t.End(), q+s+q)
			}
		}
	}
}
