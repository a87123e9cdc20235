package mutate

import (
	"strings"

	"codecollab.dev/internal/hint/source"
)

// swaps are operators that are taken for each other, with the likelihood.
type swap struct {
	to     string
	op     Op
	weight float64
}

var operatorSwaps = map[string][]swap{
	"<":   {{"<=", Boundary, 1}, {">", Comparison, .8}, {">=", Comparison, .6}, {"==", Comparison, .3}, {"!=", Comparison, .3}},
	"<=":  {{"<", Boundary, 1}, {">=", Comparison, .8}, {">", Comparison, .6}, {"==", Comparison, .3}, {"!=", Comparison, .3}},
	">":   {{">=", Boundary, 1}, {"<", Comparison, .8}, {"<=", Comparison, .6}, {"==", Comparison, .3}, {"!=", Comparison, .3}},
	">=":  {{">", Boundary, 1}, {"<=", Comparison, .8}, {"<", Comparison, .6}, {"==", Comparison, .3}, {"!=", Comparison, .3}},
	"==":  {{"!=", Comparison, .7}, {"<=", Comparison, .4}, {">=", Comparison, .4}, {"<", Comparison, .3}, {">", Comparison, .3}},
	"!=":  {{"==", Comparison, .7}, {"<", Comparison, .3}, {">", Comparison, .3}},
	"===": {{"!==", Comparison, .7}, {"==", Comparison, .5}, {"<=", Comparison, .4}, {">=", Comparison, .4}},
	"!==": {{"===", Comparison, .7}, {"!=", Comparison, .5}},
	"+":   {{"-", Arithmetic, .8}, {"*", Arithmetic, .6}, {"/", Arithmetic, .3}, {"%", Arithmetic, .2}},
	"-":   {{"+", Arithmetic, .8}, {"*", Arithmetic, .4}, {"/", Arithmetic, .3}, {"%", Arithmetic, .3}},
	"*":   {{"+", Arithmetic, .8}, {"/", Arithmetic, .5}, {"-", Arithmetic, .4}, {"**", Arithmetic, .4}},
	"/":   {{"//", Division, .8}, {"*", Arithmetic, .6}, {"%", Arithmetic, .6}, {"-", Arithmetic, .3}},
	"//":  {{"/", Division, .8}, {"%", Arithmetic, .6}, {"*", Arithmetic, .4}},
	"%":   {{"/", Arithmetic, .6}, {"//", Arithmetic, .6}, {"*", Arithmetic, .2}},
	"**":  {{"*", Arithmetic, .6}},
	"&&":  {{"||", Logic, .9}},
	"||":  {{"&&", Logic, .9}},
	"and": {{"or", Logic, .9}},
	"or":  {{"and", Logic, .9}},
	"^":   {{"&", Bitwise, .9}, {"|", Bitwise, .7}, {"**", Bitwise, .6}, {"<<", Bitwise, .3}},
	"&":   {{"|", Bitwise, .7}, {"^", Bitwise, .7}, {"&&", Logic, .3}},
	"|":   {{"&", Bitwise, .7}, {"^", Bitwise, .7}, {"||", Logic, .3}},
	"<<":  {{">>", Bitwise, .8}},
	">>":  {{"<<", Bitwise, .8}},
	"+=":  {{"-=", Arithmetic, .7}, {"=", Assign, .6}, {"*=", Arithmetic, .6}, {"/=", Arithmetic, .2}},
	"-=":  {{"+=", Arithmetic, .7}, {"=", Assign, .5}},
	"*=":  {{"+=", Arithmetic, .7}, {"=", Assign, .4}, {"/=", Arithmetic, .3}},
	"/=":  {{"*=", Arithmetic, .5}, {"-=", Arithmetic, .3}, {"//=", Division, .7}, {"%=", Arithmetic, .3}},
	"//=": {{"%=", Arithmetic, .3}, {"-=", Arithmetic, .3}, {"/=", Division, .6}},
	"^=":  {{"&=", Bitwise, .9}, {"|=", Bitwise, .7}},
	"&=":  {{"|=", Bitwise, .7}, {"^=", Bitwise, .7}},
	"|=":  {{"&=", Bitwise, .7}, {"^=", Bitwise, .7}, {"+=", Assign, .3}},
	"++":  {{"--", Arithmetic, .6}},
	"--":  {{"++", Arithmetic, .6}},
	"=":   {{"+=", Assign, .5}, {"-=", Assign, .15}, {"*=", Assign, .2}},
	":=":  {{"=", Shadow, .8}},
	"in":  {{"not in", Negated, .4}},
	"is":  {{"==", Equality, .9}},
}

// operators replaces operators, and turns their operands round.
func (m *maker) operators() {
	for i, t := range m.on {
		if t.Kind != source.Op && t.Kind != source.Keyword {
			continue
		}
		binary := ends(m.at(i - 1))
		for _, s := range operatorSwaps[t.Text] {
			if !m.fits(i, s.to, binary) {
				continue
			}
			m.edit(s.op, s.weight, t.Col, t.End(), s.to)
		}
		if binary && m.at(i+1).Kind != -1 {
			m.turn(i)
		}
	}
	m.parentheses()
}

func (m *maker) fits(i int, to string, binary bool) bool {
	t := m.at(i)
	switch {
	case t.Text == "in" && (!m.python() || m.line != 0 && m.has("for")):
		return false
	case (to == "//" || to == "//=") && !m.python(), to == "**" && !m.python() && m.t.Lang.ID != "javascript":
		return false
	case t.Text == "is" && !m.python(), (t.Text == "and" || t.Text == "or") && !m.python():
		return false
	case t.Text == "*" && (m.t.Lang.ID == "c" || m.t.Lang.ID == "c++") && m.at(i-1).Kind == source.Keyword:
		return false
	case t.Text == "++" || t.Text == "--":
		return true
	case t.Text == "=" && m.declares(i):
		return false
	case t.Text == "=" && m.depth(i) > 0 && m.python():
		return false // a named argument
	case (t.Text == "&&" || t.Text == "||") && m.python():
		return false
	}
	return binary || t.Kind == source.Keyword
}

// declares reports whether the = of token i gives a new variable its first value.
func (m *maker) declares(i int) bool {
	if m.python() || m.t.Lang.ID == "go" {
		return false
	}
	return i >= 2 && (m.at(i-2).Kind == source.Keyword || m.at(i-2).Kind == source.Ident || m.at(i-2).Is(">") || m.at(i-2).Is("*"))
}

// depth is how many brackets of the line are open before token i.
func (m *maker) depth(i int) (n int) {
	for _, t := range m.on[:i] {
		switch {
		case t.Is("(") || t.Is("[") || t.Is("{"):
			n++
		case t.Is(")") || t.Is("]") || t.Is("}"):
			n--
		}
	}
	return n
}

func (m *maker) has(word string) bool {
	for _, t := range m.on {
		if t.Is(word) {
			return true
		}
	}
	return false
}

// turn exchanges the operands of the operator of token i.
func (m *maker) turn(i int) {
	op := m.at(i).Text
	if !strings.Contains(" + - / // % ** << >> ", " "+op+" ") {
		return
	}
	a, b := m.operandBefore(i), m.operandAfter(i)
	if a < 0 || b < 0 {
		return
	}
	left, right := m.text[m.on[a].Col:m.on[i-1].End()], m.text[m.on[i+1].Col:m.on[b].End()]
	if left == right {
		return
	}
	weight := .5
	if op == "+" {
		weight = .45 // of texts and lists; of numbers it changes nothing
	}
	between := m.text[m.on[i-1].End():m.on[i+1].Col]
	m.about(op, Swap, weight, m.on[a].Col, m.on[b].End(), right+between+left)
}

// operandBefore is the first token of the operand that ends before token i, or -1.
func (m *maker) operandBefore(i int) int {
	j := i - 1
	for j >= 0 {
		t := m.on[j]
		if t.Is(")") || t.Is("]") {
			open := j
			for depth := 0; open >= 0; open-- {
				switch o := m.on[open]; {
				case o.Is(")") || o.Is("]"):
					depth++
				case o.Is("(") || o.Is("["):
					depth--
				}
				if depth == 0 {
					break
				}
			}
			if open < 0 {
				return -1
			}
			j = open
			if p := m.at(j - 1); p.Kind == source.Ident || p.Is(")") || p.Is("]") {
				j--
				continue
			}
			return j
		}
		if t.Kind != source.Ident && t.Kind != source.Number && t.Kind != source.String && !t.Is("this") {
			return -1
		}
		if !m.at(j - 1).Is(".") {
			return j
		}
		j -= 2
	}
	return -1
}

// operandAfter is the last token of the operand that begins behind token i, or -1.
func (m *maker) operandAfter(i int) int {
	j := i + 1
	for j < len(m.on) {
		t := m.on[j]
		switch {
		case t.Is("(") || t.Is("["):
			if j = m.match(j); j < 0 {
				return -1
			}
		case t.Kind != source.Ident && t.Kind != source.Number && t.Kind != source.String && !t.Is("this"):
			return -1
		}
		switch next := m.at(j + 1); {
		case next.Is("."):
			j += 2
		case next.Is("(") || next.Is("["):
			j++
		default:
			return j
		}
	}
	return -1
}

// parentheses are put around a + b before * and /.
func (m *maker) parentheses() {
	for i, t := range m.on {
		if t.Is("+") || t.Is("-") {
			a, b := m.operandBefore(i), m.operandAfter(i)
			if a < 0 || b < 0 {
				continue
			}
			next, prev := m.at(b+1), m.at(a-1)
			if strings.Contains("* / // %", next.Text) && next.Kind == source.Op || strings.Contains("* / // %", prev.Text) && prev.Kind == source.Op {
				from, to := m.on[a].Col, m.on[b].End()
				m.about(t.Text, Precedence, .8, from, to, "("+m.text[from:to]+")")
			}
		}
	}
}
