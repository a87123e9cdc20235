package mutate

import (
	"slices"
	"strings"

	"codecollab.dev/internal/hint/source"
)

// statements adds, removes and moves whole statements.
func (m *maker) statements() {
	trimmed := strings.TrimSpace(m.text)
	indent := m.t.Indent(m.line)
	m.returns(indent, trimmed)
	m.removes(indent)
	m.indents(trimmed)
	m.leaves(indent, trimmed)
	m.inserts(indent, trimmed)
	m.bases(indent)
	m.guards(indent, trimmed)
}

// opens reports whether the line begins a block.
func (m *maker) opens() bool {
	return len(m.on) > 0 && (m.on[len(m.on)-1].Is(":") || m.on[len(m.on)-1].Is("{"))
}

// simple reports whether the line is a statement that stands by itself.
func (m *maker) simple() bool {
	if len(m.on) == 0 || m.opens() || m.depth(len(m.on)) != 0 {
		return false
	}
	for _, w := range strings.Fields("def class import from package using else elif try except finally catch case default @ } #") {
		if m.on[0].Is(w) {
			return false
		}
	}
	if !m.python() && m.t.Lang.ID != "go" && m.t.Lang.ID != "javascript" {
		return m.on[len(m.on)-1].Is(";")
	}
	return true
}

// returns puts return before an expression.
func (m *maker) returns(indent, trimmed string) {
	if m.inFn && m.simple() && len(m.on) > 0 && m.line > m.fn.Line {
		switch first := m.on[0]; {
		case first.Is("return") || first.Kind == source.Keyword:
		case m.assigns():
		default:
			m.about("", Return, .7, len(indent), len(m.text), "return "+trimmed)
		}
	}
	for i, t := range m.on { // x => { f(x) }
		if t.Is("=>") && m.at(i+1).Is("{") && m.at(i+2).Kind != -1 && !m.at(i+2).Is("return") {
			m.about("=>", Return, .9, m.on[i+2].Col, m.on[i+2].Col, "return ")
		}
	}
	if m.inFn && m.line == m.fn.End && m.python() && m.simple() && !m.on[0].Is("return") {
		for _, v := range append(slices.Clone(m.fn.Vars), "True", "False", "0", "None") {
			base := m.t.Indent(m.fn.Begin)
			m.whole(Return, .6, "", m.text+"\n"+base+"return "+v)
		}
	}
	if m.inFn && m.line == m.fn.End && !m.python() && trimmed == "}" {
		for _, v := range append(slices.Clone(m.fn.Vars), "true", "false", "0", "-1") {
			m.whole(Return, .5, "", m.t.Indent(m.fn.Begin)+"return "+v+m.ender()+"\n"+m.text)
		}
	}
}

func (m *maker) assigns() bool {
	for i, t := range m.on {
		if t.Kind == source.Op && (strings.HasSuffix(t.Text, "=") && !slices.Contains([]string{"==", "!=", "<=", ">="}, t.Text) || t.Is("++") || t.Is("--")) && m.depth(i) == 0 {
			return true
		}
	}
	return false
}

func (m *maker) removes(indent string) {
	if !m.simple() || m.on[0].Is("return") && !m.inFn {
		return
	}
	nothing := indent + "pass"
	if !m.python() {
		nothing = indent + ";"
		if m.t.Lang.ID == "go" {
			nothing = indent
		}
	}
	w := .3
	if m.on[0].Is("return") || m.on[0].Is("break") || m.on[0].Is("continue") {
		w = .35
	}
	m.whole(Remove, w, m.on[0].Text, nothing)
}

// indents moves a statement of Python into the block around it, or into the one above.
func (m *maker) indents(trimmed string) {
	if !m.python() || !m.simple() {
		return
	}
	here := len(m.t.Indent(m.line))
	for n := m.line - 1; n >= 1; n-- { // outwards
		if len(m.t.On(n)) == 0 {
			continue
		}
		if d := len(m.t.Indent(n)); d < here {
			if n > m.fn.Line || !m.inFn {
				m.whole(Indent, .6, m.on[0].Text, strings.Repeat(" ", d)+trimmed)
			}
			if here = d; d == 0 || n <= m.fn.Line {
				break
			}
		} else if n == m.line-1 && d > here {
			m.whole(Indent, .5, m.on[0].Text, strings.Repeat(" ", d)+trimmed)
		}
	}
}

// leaves adds break and continue, or takes one for the other.
func (m *maker) leaves(indent, trimmed string) {
	if len(m.on) > 0 && m.on[0].Is("break") {
		m.about("break", Leave, .5, m.on[0].Col, m.on[0].End(), "continue")
	}
	if len(m.on) > 0 && m.on[0].Is("continue") {
		m.about("continue", Leave, .5, m.on[0].Col, m.on[0].End(), "break")
	}
	if m.simple() && !m.on[0].Is("return") {
		m.whole(Leave, .35, "", m.text+"\n"+indent+"break"+m.ender())
		m.whole(Leave, .2, "", m.text+"\n"+indent+"continue"+m.ender())
		if m.inFn {
			m.whole(Return, .15, "", m.text+"\n"+indent+"return"+m.ender())
		}
	}
	for i, t := range m.on { // case 1: f(); without break
		if (t.Is("case") || t.Is("default")) && m.on[len(m.on)-1].Is(";") && i == 0 {
			m.whole(Falls, .8, "case", m.text+" break;")
		}
	}
}

// inserts puts copies of the function's own statements, with another variable, behind the line.
func (m *maker) inserts(indent, trimmed string) {
	if !m.inFn || m.line <= m.fn.Line && !m.opens() {
		return
	}
	var wheres []string
	if m.opens() {
		wheres = append(wheres, m.inner())
	} else if m.simple() || strings.HasPrefix(trimmed, "}") && m.line < m.fn.End {
		wheres = append(wheres, indent)
		if m.python() {
			wheres = append(wheres, m.outer()...)
		}
	}
	for _, where := range wheres {
		for _, s := range m.pieces() {
			m.whole(Insert, s.weight, "", m.text+"\n"+where+s.text)
		}
	}
}

// inner is the indentation of the block that the line opens.
func (m *maker) inner() string {
	for n := m.line + 1; n <= len(m.t.Lines); n++ {
		if len(m.t.On(n)) > 0 {
			if in := m.t.Indent(n); len(in) > len(m.t.Indent(m.line)) {
				return in
			}
			break
		}
	}
	return m.t.Indent(m.line) + "    "
}

// outer are the indentations of the blocks that may end with this line.
func (m *maker) outer() (out []string) {
	next := ""
	for n := m.line + 1; n <= m.fn.End; n++ {
		if len(m.t.On(n)) > 0 {
			next = m.t.Indent(n)
			break
		}
	}
	here := len(m.t.Indent(m.line))
	for n := m.line - 1; n > m.fn.Line; n-- {
		if len(m.t.On(n)) == 0 {
			continue
		}
		if d := len(m.t.Indent(n)); d < here {
			if here = d; d < len(next) {
				break
			}
			out = append(out, m.t.Indent(n))
		}
	}
	return out
}

// piece is a statement that may be missing.
type piece struct {
	text   string
	weight float64
}

// pieces are the statements of the function around the line as they are and with one variable changed, and steps of counters.
func (m *maker) pieces() (out []piece) {
	seen := map[string]bool{}
	add := func(text string, w float64) {
		if !seen[text] {
			seen[text] = true
			out = append(out, piece{text, w})
		}
	}
	for n := m.fn.Begin; n <= m.fn.End; n++ {
		other := &maker{t: m.t, line: n, text: m.t.Line(n), on: m.t.On(n), vars: m.vars, fn: m.fn, inFn: true}
		if !other.simple() || other.on[0].Is("return") || other.on[0].EndLine != n {
			continue
		}
		if other.on[0].Kind == source.Keyword && !m.t.Lang.Python {
			continue // a declaration
		}
		s := strings.TrimSpace(other.text)
		shift := len(other.text) - len(strings.TrimLeft(other.text, " \t"))
		add(s, .2)
		for i, t := range other.on {
			if !other.variable(i) && !(t.Kind == source.Ident && slices.Contains(m.vars, t.Text) && !other.at(i-1).Is(".")) {
				continue
			}
			for _, v := range m.vars {
				if v != t.Text {
					add(s[:t.Col-shift]+v+s[t.End()-shift:], .15)
				}
			}
		}
		out = append(out, other.appends(s, shift)...)
	}
	for _, v := range m.fn.Vars {
		add(v+" += 1"+m.ender(), .3)
		add(v+" -= 1"+m.ender(), .2)
		add(v+" = 0"+m.ender(), .15)
	}
	for _, u := range m.fn.Vars {
		for _, v := range m.fn.Vars {
			if u != v {
				add(u+" = "+v+m.ender(), .12)
			}
		}
	}
	return out
}

// appends are calls like xs.append(f()) with a variable as the argument: ys.append(x).
func (m *maker) appends(s string, shift int) (out []piece) {
	for i, t := range m.on {
		if !slices.Contains([]string{"append", "push", "add", "addLast", "extend", "appendleft"}, t.Text) || !m.at(i-1).Is(".") || !m.at(i+1).Is("(") {
			continue
		}
		for _, list := range m.vars {
			for _, v := range m.vars {
				if list == v {
					continue
				}
				out = append(out, piece{list + "." + t.Text + "(" + v + ")" + m.ender(), .16})
				if m.t.Lang.ID == "java" && t.Text == "add" {
					out = append(out, piece{list + ".push(" + v + ");", .14}, piece{list + ".addAll(" + v + ");", .12})
				}
			}
		}
		break
	}
	return out
}

// bases adds an end to a recursion.
func (m *maker) bases(indent string) {
	if !m.inFn || !m.fn.Self || m.line != m.fn.Begin || len(m.on) == 0 || m.line == m.fn.Line {
		return
	}
	var asks, answers []string
	for _, p := range m.fn.Params {
		asks = append(asks, p+" == 0", p+" <= 0", p+" == 1", p+" <= 1", p+" < 0")
		switch m.t.Lang.ID {
		case "python":
			asks = append(asks, "not "+p, p+" is None", "len("+p+") <= 1")
		case "java":
			asks = append(asks, p+" == null", p+".isEmpty()")
		case "javascript":
			asks = append(asks, "!"+p, p+".length <= 1", p+".length === 0")
		case "go":
			asks = append(asks, p+" == nil", "len("+p+") <= 1", "len("+p+") == 0")
		default:
			asks = append(asks, p+" == "+m.null())
		}
	}
	answers = append([]string{"0", "1", m.null()}, m.fn.Params...)
	switch m.t.Lang.ID {
	case "python":
		answers = append(answers, "[]", `""`, "True", "False", "[[]]")
	case "javascript":
		answers = append(answers, "[]", `""`, "true", "false")
	case "java", "go":
		answers = append(answers, `""`, "true", "false")
	}
	for _, ask := range asks {
		for _, answer := range answers {
			m.whole(Base, .5, "", indent+m.ifReturn(ask, answer)+"\n"+m.text)
		}
	}
}

func (m *maker) ifReturn(ask, answer string) string {
	switch {
	case m.python():
		return "if " + ask + ": return " + answer
	case m.t.Lang.ID == "go":
		return "if " + ask + " { return " + answer + " }"
	}
	return "if (" + ask + ") return " + answer + ";"
}

// guards answers before the line for values that it cannot work with.
func (m *maker) guards(indent, trimmed string) {
	if !m.inFn || m.line <= m.fn.Line || len(m.on) == 0 || !m.simple() && !m.opens() || m.on[0].Is("else") || m.on[0].Is("elif") || m.on[0].Is("}") {
		return
	}
	used := m.usedIn(0, len(m.text))
	answers := []string{"0", "-1"}
	switch m.t.Lang.ID {
	case "python":
		answers = append(answers, "0.0", "None", "[]", "False", "True", `""`)
	case "javascript":
		answers = append(answers, "null", "[]", "false", "true", `""`)
	case "java":
		answers = append(answers, "null", "false", "true", `""`, "")
	case "go":
		answers = append(answers, "nil", "false", "true", `""`, "")
	default:
		answers = append(answers, "NULL", "")
	}
	for _, v := range used {
		asks := []string{v + " == 0", v + " < 0"}
		switch m.t.Lang.ID {
		case "python":
			asks = []string{"not " + v, v + " < 0"}
		case "javascript":
			asks = []string{"!" + v, v + ".length === 0"}
		case "java":
			asks = append(asks, v+" == null", v+".isEmpty()", v+".length == 0")
		case "go":
			asks = append(asks, v+" == nil", "len("+v+") == 0")
		case "c", "c++":
			asks = []string{"!" + v, v + " < 0"}
		}
		for _, ask := range asks {
			for _, a := range answers {
				m.whole(Guard, .3, v, indent+m.ifReturn(ask, a)+"\n"+m.text)
			}
		}
	}
}
