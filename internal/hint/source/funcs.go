package source

import "slices"

// findFuncs finds heads of functions, and where their bodies end.
func (t *Text) findFuncs() {
	for i, tok := range t.Tokens {
		name, open, ok := t.head(i)
		if !ok {
			continue
		}
		shut := t.Match(open)
		if shut < 0 {
			continue
		}
		f := Func{Name: name, Line: tok.Line}
		if !t.body(&f, shut) {
			continue
		}
		f.Params = t.params(open, shut)
		f.Vars = unite(f.Params, t.assigned(f.Line, f.End, func(int) bool { return true }))
		for j := shut + 1; j+1 < len(t.Tokens) && t.Tokens[j].Line <= f.End; j++ {
			f.Self = f.Self || t.Tokens[j].Is(name) && t.Tokens[j+1].Is("(")
		}
		t.funcs = append(t.funcs, f)
	}
}

// head reports whether a function's head has its name (or what stands for one) at token i, and where its parameters open.
func (t *Text) head(i int) (name string, open int, ok bool) {
	at := func(j int) Token {
		if j < 0 || j >= len(t.Tokens) {
			return Token{}
		}
		return t.Tokens[j]
	}
	tok := at(i)
	switch {
	case t.Lang.Python:
		return at(i + 1).Text, i + 2, tok.Is("def") && at(i+2).Is("(")
	case t.Lang.ID == "go" && tok.Is("func"):
		if at(i + 1).Is("(") { // a receiver, or a function without a name
			if shut := t.Match(i + 1); shut > 0 && at(shut+1).Kind == Ident && at(shut+2).Is("(") {
				return at(shut + 1).Text, shut + 2, true
			}
			return "", i + 1, true
		}
		return at(i + 1).Text, i + 2, at(i + 2).Is("(")
	case t.Lang.ID == "go":
		return "", 0, false
	case tok.Is("function"):
		if at(i + 1).Is("(") {
			return "", i + 1, true
		}
		return at(i + 1).Text, i + 2, at(i + 2).Is("(")
	case tok.Is("=>") && at(i-1).Is(")"):
		open = t.matchBack(i - 1)
		if open > 1 && at(open-1).Is("=") {
			name = at(open - 2).Text
		}
		return name, open, open >= 0 && at(i+1).Is("{")
	}
	if tok.Kind != Ident || !at(i+1).Is("(") || at(i-1).Is(".") || at(i-1).Is("new") || at(i-1).Is("function") {
		return "", 0, false
	}
	return tok.Text, i + 1, true // whether a body follows decides
}

// body finds where the body of a function lies whose parameters close at token shut.
func (t *Text) body(f *Func, shut int) bool {
	if t.Lang.Python {
		return t.indented(f, shut)
	}
	for j := shut + 1; j < len(t.Tokens) && j < shut+12; j++ {
		switch tok := t.Tokens[j]; {
		case tok.Is("{"):
			end := t.Match(j)
			if end < 0 {
				end = len(t.Tokens) - 1
			}
			f.Begin, f.End = tok.Line, t.Tokens[end].Line
			if next := j + 1; next < len(t.Tokens) {
				f.Begin = t.Tokens[next].Line
			}
			return true
		case tok.Is(";"), tok.Is("}"), tok.Is("=") && t.Lang.ID != "go", tok.Is("return"), tok.Kind == Op && !slices.Contains([]string{"=>", "*", "[", "]", "(", ")", ",", ".", "->", ":", "<", ">", "?", "|"}, tok.Text):
			return false
		}
	}
	return false
}

// indented finds the body of a Python function.
func (t *Text) indented(f *Func, shut int) bool {
	head := len(t.Indent(f.Line))
	f.Begin, f.End = t.Tokens[shut].EndLine+1, t.Tokens[shut].EndLine
	inside := map[int]bool{}
	for _, tok := range t.Tokens {
		for n := tok.Line + 1; n <= tok.EndLine; n++ {
			inside[n] = true // the rest of a text of several lines says nothing by its indentation
		}
	}
	for n := f.Begin; n <= len(t.Lines); n++ {
		if len(t.byLine[n]) == 0 || inside[n] && len(t.byLine[n]) == 0 {
			continue
		}
		if len(t.Indent(n)) <= head && !t.closes(n) {
			break
		}
		f.End = n
	}
	return true
}

// closes reports whether a line begins with a bracket that goes on with what was opened before.
func (t *Text) closes(n int) bool {
	on := t.byLine[n]
	return len(on) > 0 && (on[0].Is(")") || on[0].Is("]") || on[0].Is("}"))
}

// params are the names of parameters between two brackets: of Name: type = value, of type name, and of name type.
func (t *Text) params(open, shut int) (out []string) {
	depth, last, done := 0, "", false
	flush := func() {
		if last != "" && last != "self" {
			out = append(out, last)
		}
		last, done = "", false
	}
	first := t.Lang.Python || t.Lang.ID == "go" || t.Lang.ID == "javascript" // the name comes first, a type behind it
	for _, tok := range t.Tokens[open+1 : shut] {
		switch {
		case tok.Is("(") || tok.Is("[") || tok.Is("{") || tok.Is("<"):
			depth++
		case tok.Is(")") || tok.Is("]") || tok.Is("}") || tok.Is(">"):
			depth--
		case depth > 0 && t.Lang.ID != "javascript":
		case tok.Is(","):
			flush()
		case tok.Is("=") || tok.Is(":"):
			done = true
		case tok.Kind == Ident && !done:
			last, done = tok.Text, first
		}
	}
	flush()
	return out
}

// assigned are the names that lines give a value: x = …, x := …, for x in …, type x; and of tuples all of them.
func (t *Text) assigned(from, to int, in func(line int) bool) (out []string) {
	add := func(tok Token) {
		if tok.Kind == Ident && !slices.Contains(out, tok.Text) {
			out = append(out, tok.Text)
		}
	}
	for i, tok := range t.Tokens {
		if tok.Line < from || tok.Line > to || tok.Kind != Ident || !in(tok.Line) {
			continue
		}
		prev, next := Token{}, Token{}
		if i > 0 {
			prev = t.Tokens[i-1]
		}
		if i+1 < len(t.Tokens) {
			next = t.Tokens[i+1]
		}
		if prev.Is(".") || next.Is("(") {
			continue
		}
		declared := !t.Lang.Python && (prev.Kind == Ident || prev.Kind == Keyword && isType(prev.Text) || prev.Is("*") || prev.Is("]") || prev.Is(">")) &&
			(next.Is("=") || next.Is(";") || next.Is(",") || next.Is(":") || next.Is("["))
		switch {
		case next.Is("=") || next.Is(":=") || next.Is("in") || next.Is("of") || declared:
			add(tok)
		case next.Is(",") && t.tuple(i):
			add(tok)
		case prev.Is("for") || prev.Is("as"):
			add(tok)
		}
	}
	return out
}

func isType(word string) bool {
	return slices.Contains([]string{"int", "long", "short", "char", "float", "double", "unsigned", "signed", "bool", "boolean", "byte", "var", "let", "const", "auto", "string"}, word)
}

// tuple reports whether token i begins names with commas between them that are given a value.
func (t *Text) tuple(i int) bool {
	for j := i; j+1 < len(t.Tokens) && t.Tokens[j].Kind == Ident; j += 2 {
		switch n := t.Tokens[j+1]; {
		case n.Is("=") || n.Is(":=") || n.Is("in") || n.Is("]") || n.Is(")"):
			return !n.Is("]") && !n.Is(")") || t.Lang.ID == "javascript" && j+2 < len(t.Tokens) && t.Tokens[j+2].Is("=")
		case !n.Is(","):
			return false
		}
	}
	return false
}

// Match is the token that closes the bracket of token i, or -1.
func (t *Text) Match(i int) int {
	depth := 0
	for j := i; j < len(t.Tokens); j++ {
		switch tok := t.Tokens[j]; {
		case tok.Is("(") || tok.Is("[") || tok.Is("{"):
			depth++
		case tok.Is(")") || tok.Is("]") || tok.Is("}"):
			if depth--; depth == 0 {
				return j
			}
		}
	}
	return -1
}

func (t *Text) matchBack(i int) int {
	depth := 0
	for j := i; j >= 0; j-- {
		switch tok := t.Tokens[j]; {
		case tok.Is(")") || tok.Is("]") || tok.Is("}"):
			depth++
		case tok.Is("(") || tok.Is("[") || tok.Is("{"):
			if depth--; depth == 0 {
				return j
			}
		}
	}
	return -1
}

func unite(a, b []string) []string {
	out := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
