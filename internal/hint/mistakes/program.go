package mistakes

import (
	"slices"
	"strings"

	"codecollab.dev/internal/hint/source"
)

// program is a text with what rules ask of it again and again.
type program struct {
	*source.Text
	toks  []source.Token
	depth []int             // brackets ( and [ that are open before each token, within the innermost block
	types map[string]string // of variables: where names have two types, none
}

// loop is a loop or a condition: its head and its body, as tokens from and to (exclusive).
type loop struct {
	word           string
	at             int // the token of the word
	head, headEnd  int
	begin, end     int // of the body
	line, bodyLine int
}

func newProgram(t *source.Text) *program {
	p := &program{Text: t, toks: t.Tokens}
	depth := 0
	var outer []int
	for _, tok := range p.toks {
		switch {
		case tok.Is("{"):
			p.depth = append(p.depth, depth)
			outer, depth = append(outer, depth), 0
			continue
		case tok.Is("}") && len(outer) > 0:
			depth, outer = outer[len(outer)-1], outer[:len(outer)-1]
		case (tok.Is(")") || tok.Is("]")) && depth > 0:
			depth--
		}
		p.depth = append(p.depth, depth)
		if tok.Is("(") || tok.Is("[") {
			depth++
		}
	}
	p.findTypes()
	return p
}

func (p *program) python() bool { return p.Lang.Python }

// at is a token, or one of nothing.
func (p *program) at(i int) source.Token {
	if i < 0 || i >= len(p.toks) {
		return source.Token{Kind: -1}
	}
	return p.toks[i]
}

// seq reports whether the tokens from i on have these texts; "_" is any name.
func (p *program) seq(i int, texts string) bool {
	for k, s := range strings.Fields(texts) {
		t := p.at(i + k)
		if s == "_" && t.Kind != source.Ident || s != "_" && !t.Is(s) {
			return false
		}
	}
	return true
}

func (p *program) name(i int) bool { return p.at(i).Kind == source.Ident }

// plain reports whether token i is a variable and no member of anything.
func (p *program) plain(i int) bool {
	return p.name(i) && !p.at(i-1).Is(".") && !p.at(i-1).Is("->") && !p.at(i+1).Is("(")
}

// starts reports whether a statement begins at token i.
func (p *program) starts(i int) bool {
	if p.depth[i] != 0 {
		return false
	}
	prev := p.at(i - 1)
	if t := p.at(i); t.Kind == source.Op && !slices.ContainsFunc([]string{"(", "[", "{", "}", ";", "++", "--", "!", "*", "@", "<-"}, t.Is) {
		return false
	}
	switch {
	case i == 0 || prev.Is(";") || prev.Is("{") || prev.Is("}"):
		return true
	case prev.EndLine == p.at(i).Line:
		return false
	case p.python():
		return !prev.Is("\\")
	case p.Lang.ID == "go" || p.Lang.ID == "javascript":
		return prev.Kind != source.Op || prev.Is(")") || prev.Is("]") || prev.Is("++") || prev.Is("--")
	}
	return false
}

// stop is the token behind a statement that begins at i.
func (p *program) stop(i int) int {
	for j := i + 1; j < len(p.toks); j++ {
		t := p.toks[j]
		if p.depth[j] > p.depth[i] {
			continue
		}
		if t.Is(";") || t.Is("}") || p.starts(j) {
			return j
		}
	}
	return len(p.toks)
}

// match is the token of the bracket that closes the one of token i, or -1.
func (p *program) match(i int) int { return p.Match(i) }

// text is a piece of a line.
func (p *program) text(from, to int) string {
	a, b := p.at(from), p.at(to-1)
	if from >= to || a.Line != b.EndLine || a.Kind == -1 || b.Kind == -1 {
		return ""
	}
	return p.Line(a.Line)[a.Col:b.End()]
}

// changes reports whether a name is assigned between two tokens.
func (p *program) changes(name string, from, to int) bool {
	for i := from; i < to; i++ {
		if p.at(i).Is(name) && !p.at(i-1).Is(".") && p.assigned(i) {
			return true
		}
	}
	return false
}

// assigned reports whether token i is given a value: by an assignment, alone or among others, or by a step.
func (p *program) assigned(i int) bool {
	next, prev := p.at(i+1), p.at(i-1)
	if assigns(next) || next.Is("++") || next.Is("--") || prev.Is("++") || prev.Is("--") || prev.Is("&") || prev.Is("nonlocal") || prev.Is("global") {
		return true
	}
	for j := i + 1; j < len(p.toks) && p.toks[j].Line == p.at(i).Line; j++ { // a, b = b, a
		if assigns(p.toks[j]) {
			return true
		}
		if !p.toks[j].Is(",") && p.toks[j].Kind != source.Ident && !p.toks[j].Is("]") && !p.toks[j].Is(")") {
			return false
		}
	}
	return false
}

func assigns(t source.Token) bool {
	return t.Kind == source.Op && strings.HasSuffix(t.Text, "=") && !slices.Contains([]string{"==", "!=", "<=", ">=", "===", "!=="}, t.Text)
}

// uses reports whether a name stands between two tokens.
func (p *program) uses(name string, from, to int) bool {
	for i := from; i < to; i++ {
		if p.at(i).Is(name) && !p.at(i-1).Is(".") {
			return true
		}
	}
	return false
}

// has reports whether one of some words stands between two tokens.
func (p *program) has(from, to int, words ...string) bool {
	for i := from; i < to && i < len(p.toks); i++ {
		if slices.ContainsFunc(words, p.toks[i].Is) {
			return true
		}
	}
	return false
}

// blocks are all loops and conditions that begin with one of the words.
func (p *program) blocks(words ...string) (out []loop) {
	for i, t := range p.toks {
		if !slices.ContainsFunc(words, t.Is) || p.python() && !p.starts(i) || p.at(i-1).Is(".") {
			continue
		}
		l := loop{word: t.Text, at: i, head: i + 1, line: t.Line}
		if p.frame(&l) {
			l.bodyLine = p.at(l.begin).Line
			out = append(out, l)
		}
	}
	return out
}

// frame finds where head and body of a block end.
func (p *program) frame(l *loop) bool {
	if !p.python() && p.Lang.ID != "go" {
		shut := -1
		if p.at(l.head).Is("(") {
			shut = p.match(l.head)
		}
		if shut < 0 {
			return false
		}
		l.head, l.headEnd, l.begin = l.head+1, shut, shut+1
		if p.at(l.begin).Is("{") {
			l.end = p.match(l.begin)
			l.begin++
		} else {
			l.end = p.stop(l.begin)
		}
		return l.end >= l.begin
	}
	for j := l.head; j < len(p.toks); j++ {
		switch t := p.toks[j]; {
		case p.python() && t.Is(":") && p.depth[j] == p.depth[l.at] && !p.has(l.head, j, "lambda"):
			l.headEnd, l.begin = j, j+1
			l.end = p.indented(l.at, j+1)
			return true
		case !p.python() && t.Is("{") && p.depth[j] == p.depth[l.at]:
			l.headEnd, l.begin, l.end = j, j+1, p.match(j)
			return l.end >= l.begin
		}
	}
	return false
}

// indented is the token behind the block of Python whose head begins at token i and whose body begins at token begin.
func (p *program) indented(i, begin int) int {
	head := len(p.Indent(p.at(i).Line))
	for j := begin; j < len(p.toks); j++ {
		if t := p.toks[j]; t.Line > p.at(begin-1).Line && t.Line != p.at(j-1).EndLine && p.depth[j] == 0 && len(p.Indent(t.Line)) <= head {
			return j
		}
	}
	return len(p.toks)
}

// findTypes collects the types that names are declared with, in languages where the type comes first.
func (p *program) findTypes() {
	p.types = map[string]string{}
	if p.python() || p.Lang.ID == "javascript" {
		return
	}
	for i := range p.toks {
		name, kind := p.declared(i)
		if name == "" {
			continue
		}
		if old, ok := p.types[name]; ok && old != kind {
			kind = ""
		}
		p.types[name] = kind
	}
}

// declared is the name and the type that are declared at token i.
func (p *program) declared(i int) (name, kind string) {
	t := p.toks[i]
	if p.Lang.ID == "go" {
		if p.name(i) && (p.at(i-1).Is("var") || p.at(i-1).Is("(") || p.at(i-1).Is(",")) && p.at(i+1).Kind == source.Keyword && !p.at(i+1).Is("range") {
			return t.Text, p.at(i + 1).Text
		}
		return "", ""
	}
	if t.Kind != source.Ident {
		return "", ""
	}
	next := p.at(i + 1)
	if !next.Is("=") && !next.Is(";") && !next.Is(",") && !next.Is(")") && !next.Is("[") && !next.Is(":") {
		return "", ""
	}
	j := i - 1
	if p.at(j).Is("*") && (p.at(j-1).Kind == source.Keyword) && !p.at(j-1).Is("return") {
		return t.Text, p.at(j-1).Text + "*"
	}
	if p.at(j).Is("]") && p.at(j-1).Is("[") {
		return t.Text, p.at(j-2).Text + "[]"
	}
	if prev := p.at(j); prev.Kind == source.Ident || prev.Kind == source.Keyword && slices.Contains(numeric, prev.Text) || prev.Is("char") || prev.Is("boolean") || prev.Is("bool") {
		kind = prev.Text
		if next.Is("[") && p.Lang.ID != "java" {
			kind += "[]"
		}
		if p.at(j - 1).Is("long") {
			kind = "long"
		}
		return t.Text, kind
	}
	return "", ""
}

var numeric = []string{"int", "long", "short", "byte", "float", "double", "unsigned"}
