package source

import "strings"

// Text is a file, read.
type Text struct {
	Lang   Language
	Lines  []string // Lines[0] is line 1
	Tokens []Token  // without comments
	byLine map[int][]Token
	funcs  []Func
}

// Func is a function or method.
type Func struct {
	Name   string
	Line   int // of its head
	Begin  int // the first line of its body
	End    int // its last line
	Params []string
	Vars   []string // what it declares or assigns, Params included
	Self   bool     // it calls itself
}

// Read reads a file.
func Read(lang Language, text string) *Text {
	t := &Text{Lang: lang, Lines: strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), byLine: map[int][]Token{}}
	for _, tok := range Lex(lang, strings.Join(t.Lines, "\n")) {
		if tok.Kind == Comment {
			continue
		}
		t.Tokens = append(t.Tokens, tok)
		t.byLine[tok.Line] = append(t.byLine[tok.Line], tok)
	}
	t.findFuncs()
	return t
}

// Line is the text of a line, or nothing.
func (t *Text) Line(n int) string {
	if n < 1 || n > len(t.Lines) {
		return ""
	}
	return t.Lines[n-1]
}

// On are the tokens that begin on a line.
func (t *Text) On(line int) []Token { return t.byLine[line] }

// Code reports whether there is anything on a line but comments and brackets.
func (t *Text) Code(line int) bool {
	for _, tok := range t.byLine[line] {
		if tok.Kind != Op {
			return true
		}
	}
	return false
}

// Indent is the white space at the beginning of a line.
func (t *Text) Indent(line int) string {
	s := t.Line(line)
	return s[:len(s)-len(strings.TrimLeft(s, " \t"))]
}

// Funcs are all functions, in their order.
func (t *Text) Funcs() []Func { return t.funcs }

// FuncAt is the innermost function around a line.
func (t *Text) FuncAt(line int) (f Func, ok bool) {
	for _, g := range t.funcs {
		if g.Line <= line && line <= g.End && (!ok || g.Line >= f.Line) {
			f, ok = g, true
		}
	}
	return f, ok
}

// VarsAt are the variables that are known on a line: those of the functions around it, and of the top level.
func (t *Text) VarsAt(line int) []string {
	var out []string
	seen := map[string]bool{}
	add := func(names []string) {
		for _, n := range names {
			if !seen[n] {
				seen[n] = true
				out = append(out, n)
			}
		}
	}
	for i := len(t.funcs) - 1; i >= 0; i-- {
		if f := t.funcs[i]; f.Line <= line && line <= f.End {
			add(f.Vars)
		}
	}
	add(t.assigned(1, len(t.Lines), func(n int) bool { _, in := t.FuncAt(n); return !in }))
	return out
}
