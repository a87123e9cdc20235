// Package mutate makes small changes to programs, one line each, of the kinds by which people get programs wrong. A change that
// makes all tests pass tells where the fault is and of which kind. It is never shown to anybody.
package mutate

import (
	"cmp"
	"slices"
	"strings"

	"codecollab.dev/internal/hint/source"
)

// Op is a kind of change, named by what the program then was before: Negated means that a condition was the wrong way round.
type Op string

const (
	Boundary   Op = "boundary"    // < for <=
	Comparison Op = "comparison"  // < for >, == for !=
	Arithmetic Op = "arithmetic"  // + for -
	Logic      Op = "logic"       // and for or
	Bitwise    Op = "bitwise"     // ^ for &
	Assign     Op = "assign"      // = for +=
	Step       Op = "step"        // an index or bound that is one too small or too large
	Constant   Op = "constant"    // another constant
	Initial    Op = "initial"     // a first value that is wrong, or not there
	Variable   Op = "variable"    // another variable
	Adjust     Op = "adjust"      // an argument is passed on as it is: k for k - n, b for b[1:]
	Swap       Op = "swap"        // arguments or operands in the wrong order
	Negated    Op = "negated"     // a condition the wrong way round
	Partial    Op = "partial"     // a condition with a part too much or too little
	Return     Op = "return"      // a return that is not there
	Call       Op = "call"        // another function or method: any for all
	Equality   Op = "equality"    // identity for equality
	Convert    Op = "convert"     // a value of the wrong type, or a type that is too narrow
	Wide       Op = "wide"        // a type or a computation that is too narrow
	Copy       Op = "copy"        // a value that is shared and changed
	Wrap       Op = "wrap"        // a value without its limit: x for max(0, x)
	Nest       Op = "nest"        // [] for [[]]
	Keep       Op = "keep"        // what was gathered so far is lost: x for rest + x
	Square     Op = "square"      // x for x * x
	Insert     Op = "insert"      // a statement that is not there
	Remove     Op = "remove"      // a statement too much
	Indent     Op = "indent"      // a statement in the wrong block
	Base       Op = "base"        // a recursion without its end
	Guard      Op = "guard"       // a case that is not handled
	Leave      Op = "leave"       // break or continue that is not there, or is the other one
	Discard    Op = "discard"     // a result that is thrown away
	Receiver   Op = "receiver"    // a method that changes a copy
	Division   Op = "division"    // whole numbers are divided
	Precedence Op = "precedence"  // parentheses that are not there
	Shadow     Op = "shadow"      // a new variable that hides another
	Await      Op = "await"       // a promise that nobody waits for
	Scope      Op = "scope"       // a variable of the function that should be the one outside
	Falls      Op = "fallthrough" // a case without its break
)

// Mutant is a program with one change.
type Mutant struct {
	Line   int     // that is changed, from 1
	Text   string  // what stands there instead; an inserted statement and the line itself have a line break between them
	Op     Op      //
	From   string  // what the change replaces, where it is worth a word: it stands in the program
	Weight float64 // how often faults are of this kind, compared with others
}

// Apply makes the text of a mutant.
func Apply(text string, m Mutant) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	lines[m.Line-1] = m.Text
	return strings.Join(lines, "\n")
}

// Of makes all mutants of a line. The likelier come first.
func Of(t *source.Text, line int) []Mutant {
	if !t.Code(line) && !insertable(t, line) {
		return nil
	}
	m := &maker{t: t, line: line, text: t.Line(line), on: t.On(line), vars: t.VarsAt(line), seen: map[string]bool{t.Line(line): true}}
	for _, tok := range m.on {
		if tok.EndLine != line { // a text of several lines: what is behind it stands elsewhere
			return nil
		}
	}
	m.fn, m.inFn = t.FuncAt(line)
	m.operators()
	m.numbers()
	m.names()
	m.calls()
	m.conditions()
	m.values()
	m.statements()
	m.particular()
	slices.SortStableFunc(m.out, func(a, b Mutant) int { return cmp.Compare(b.Weight, a.Weight) })
	return m.out
}

// insertable reports whether a line without code of its own may get a statement: a closing bracket.
func insertable(t *source.Text, line int) bool {
	return strings.HasPrefix(strings.TrimSpace(t.Line(line)), "}")
}

type maker struct {
	t    *source.Text
	line int
	text string
	on   []source.Token
	vars []string
	fn   source.Func
	inFn bool
	seen map[string]bool
	out  []Mutant
}

// whole replaces the line.
func (m *maker) whole(op Op, weight float64, from, text string) {
	if m.seen[text] {
		return
	}
	m.seen[text] = true
	m.out = append(m.out, Mutant{Line: m.line, Text: text, Op: op, From: from, Weight: weight})
}

// edit replaces some columns of the line.
func (m *maker) edit(op Op, weight float64, from, to int, text string) {
	m.whole(op, weight, strings.TrimSpace(m.text[from:to]), m.text[:from]+text+m.text[to:])
}

// about is edit with other words for what was replaced.
func (m *maker) about(what string, op Op, weight float64, from, to int, text string) {
	m.whole(op, weight, what, m.text[:from]+text+m.text[to:])
}

// at is a token of the line, or one of nothing.
func (m *maker) at(i int) source.Token {
	if i < 0 || i >= len(m.on) {
		return source.Token{Kind: -1}
	}
	return m.on[i]
}

// match is the token that closes the bracket of token i on the same line, or -1.
func (m *maker) match(i int) int {
	depth := 0
	for j := i; j < len(m.on); j++ {
		switch t := m.on[j]; {
		case t.Is("(") || t.Is("[") || t.Is("{"):
			depth++
		case t.Is(")") || t.Is("]") || t.Is("}"):
			if depth--; depth == 0 {
				return j
			}
		}
	}
	return -1
}

func (m *maker) python() bool { return m.t.Lang.Python }

// ender is what ends a statement.
func (m *maker) ender() string {
	if m.python() || m.t.Lang.ID == "go" {
		return ""
	}
	return ";"
}

// numeric reports whether a token ends an expression.
func ends(t source.Token) bool {
	return t.Kind == source.Ident || t.Kind == source.Number || t.Kind == source.String || t.Is(")") || t.Is("]") || t.Is("}") || t.Is("this") || t.Is("self")
}
