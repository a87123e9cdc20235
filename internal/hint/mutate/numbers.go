package mutate

import (
	"strconv"

	"codecollab.dev/internal/hint/source"
)

// numbers changes constants, and what is one too small or too large.
func (m *maker) numbers() {
	for i, t := range m.on {
		if t.Kind != source.Number {
			continue
		}
		n, err := strconv.Atoi(t.Text)
		if err != nil {
			continue
		}
		m.number(i, n)
	}
	for i, t := range m.on {
		if ends(t) && t.Kind != source.String && t.Kind != source.Number {
			m.oneMore(i)
		}
	}
}

// number changes a whole number.
func (m *maker) number(i, n int) {
	t := m.on[i]
	prev := m.at(i - 1)
	if (prev.Is("+") || prev.Is("-")) && n == 1 && ends(m.at(i-2)) { // … + 1: without it
		m.about(prev.Text, Step, .9, m.on[i-2].End(), t.End(), "")
	}
	first := prev.Is("=") && (m.at(i+1).Kind == -1 || m.at(i+1).Is(";") || m.at(i+1).Is(",")) || prev.Is(":=") && m.at(i+1).Kind == -1
	op := Constant
	switch {
	case first:
		op = Initial
	case prev.Is("[") || prev.Is(",") || prev.Is("(") || prev.Is("+") || prev.Is("-") || prev.Is(":") || m.has("for") || m.has("while"):
		op = Step
	}
	weight := map[Op]float64{Initial: .7, Step: .7, Constant: .4}[op]
	for _, d := range []int{1, -1} {
		if n+d >= 0 {
			m.edit(op, weight, t.Col, t.End(), strconv.Itoa(n+d))
		} else if !prev.Is("-") {
			m.edit(op, weight*.7, t.Col, t.End(), strconv.Itoa(n+d))
		}
	}
	for _, v := range []int{0, 1, 2, 10} {
		if v != n {
			m.edit(Constant, .25, t.Col, t.End(), strconv.Itoa(v))
		}
	}
	if prev.Is("-") && !ends(m.at(i-2)) { // -1: without the sign
		m.edit(Constant, .3, prev.Col, t.End(), t.Text)
	}
}

// oneMore adds or takes one where an expression ends with token i that is an index, an argument or a bound.
func (m *maker) oneMore(i int) {
	t, next, start := m.on[i], m.at(i+1), m.at(m.operandBefore(i+1))
	if start.Kind == -1 {
		return
	}
	before := m.at(m.operandBefore(i+1) - 1)
	bounds := next.Is(")") || next.Is("]") || next.Is(",") || next.Is(":") || next.Is(";") || next.Kind == -1 || next.Is("{") || next.Is("&&") || next.Is("and")
	begins := before.Is("(") || before.Is("[") || before.Is(",") || before.Is("<") || before.Is("<=") || before.Is(">") || before.Is(">=") || before.Is("==") ||
		before.Is("=") || before.Is("return") || before.Is(":") || before.Is("+") || before.Is("-") || before.Is(":=")
	if !bounds || !begins || t.Is("this") {
		return
	}
	weight := .5
	if before.Is("return") || before.Is("=") || before.Is(":=") {
		weight = .35
	}
	m.about(m.text[start.Col:t.End()], Step, weight, t.End(), t.End(), " + 1")
	m.about(m.text[start.Col:t.End()], Step, weight, t.End(), t.End(), " - 1")
}
