package mistakes

import (
	"slices"
	"strings"

	"codecollab.dev/internal/hint/source"
)

// changedWhileLooped finds for x in xs: xs.remove(x).
func changedWhileLooped(p *program, hit func(int, string)) {
	word := map[bool]string{true: "in", false: ":"}[p.python()]
	for _, l := range p.blocks("for") {
		if !p.at(l.headEnd-2).Is(word) || !p.name(l.headEnd-1) {
			continue
		}
		name := p.at(l.headEnd - 1).Text
		for i := l.begin; i < l.end; i++ {
			changes := p.at(i).Is(name) && !p.at(i-1).Is(".") && p.at(i+1).Is(".") && p.at(i+3).Is("(") &&
				slices.ContainsFunc([]string{"remove", "pop", "insert", "append", "add"}, p.at(i+2).Is)
			deletes := p.at(i).Is("del") && p.at(i+1).Is(name) && p.at(i+2).Is("[")
			if (changes || deletes) && !p.leaves(i, l.end) {
				if changes && p.at(i+2).Is("append") && p.python() && !p.at(i+4).Is(p.at(l.head).Text) {
					continue // a list of work that grows
				}
				hit(l.line, name)
				break
			}
		}
	}
}

// leaves reports whether the block that token i is in ends by leaving the loop.
func (p *program) leaves(i, end int) bool {
	line := p.at(i).Line
	for j := i; j < end && p.at(j).Line <= line+2; j++ {
		if p.at(j).Is("break") || p.at(j).Is("return") {
			return true
		}
	}
	return false
}

// lateBinding finds functions made in a loop that all see its variable as it is at the end.
func lateBinding(p *program, hit func(int, string)) {
	for _, l := range p.blocks("for") {
		name := ""
		switch {
		case p.python() && p.seq(l.head, "_ in"):
			name = p.at(l.head).Text
		case p.seq(l.head, "var _"):
			name = p.at(l.head + 1).Text
		default:
			continue
		}
		for i := l.begin; i < l.end; i++ {
			kept := p.at(i-1).Is("(") && (p.at(i-2).Is("append") || p.at(i-2).Is("push") || p.at(i-2).Is("setTimeout")) || p.at(i-1).Is("=") && p.at(i-2).Is("]")
			arrow := p.at(i).Is("lambda") || p.at(i).Is("function") || p.seq(i, "( ) =>")
			if !kept || !arrow || p.at(i+1).Is(name) && p.at(i+2).Is("=") {
				continue
			}
			end := min(l.end, p.stop(i))
			if p.uses(name, i, end) && !p.has(i, min(i+8, end), name+"=") && !p.bound(name, i, end) {
				line := p.at(i).Line
				if !p.python() {
					line = l.line
				}
				hit(line, name)
			}
		}
	}
}

// bound reports whether a lambda binds a name by a default.
func (p *program) bound(name string, from, to int) bool {
	for i := from; i < to && !p.at(i).Is(":"); i++ {
		if p.at(i).Is(name) && p.at(i+1).Is("=") {
			return true
		}
	}
	return false
}

// assignedInCondition finds if (x = 5).
func assignedInCondition(p *program, hit func(int, string)) {
	for _, l := range p.blocks("if", "while") {
		literal := p.at(l.head+2).Kind == source.Number || p.at(l.head+2).Kind == source.String || p.at(l.head+2).Is("true") || p.at(l.head+2).Is("false") || p.at(l.head+2).Is("null")
		if p.seq(l.head, "_ =") && l.headEnd == l.head+3 && (literal || l.word == "if") {
			hit(l.line, "=")
		}
	}
}

// emptyBody finds if (x); and for (…); with a block behind it that was meant as the body.
func emptyBody(p *program, hit func(int, string)) {
	for _, l := range p.blocks("if", "for", "while") {
		if !p.at(l.begin).Is(";") || p.at(l.begin).Line != p.at(l.headEnd).Line {
			continue
		}
		next := p.at(l.begin + 1)
		if end := strings.TrimSpace(p.Line(l.line)); !strings.HasSuffix(end, ");") && !strings.HasSuffix(end, "); {") {
			continue // an expression of JavaScript with quotes in it, perhaps
		}
		ofDo := l.word == "while" && p.at(l.at-1).Is("}")
		if l.word == "if" && !next.Is("else") || next.Is("{") && !ofDo {
			hit(l.line, ";")
		}
	}
}

// counted is a loop that counts a variable up to, and with <=, the length of something, or one more.
type counted struct {
	loop
	name, over string // the variable, and what has the length
}

// counts finds loops that count one too far.
func (p *program) counts() (out []counted) {
	for _, l := range p.blocks("for", "while") {
		from, to := l.head, l.headEnd
		if !p.python() && l.word == "for" && p.has(from, to, ";") {
			for from < to && !p.at(from).Is(";") {
				from++
			}
			from++
			for j := from; j < to; j++ {
				if p.at(j).Is(";") {
					to = j
				}
			}
		}
		c := counted{loop: l}
		switch {
		case p.python() && p.seq(from, "_ in range ( len ( _ ) + 1 )") && from+11 == to:
			c.name, c.over = p.at(from).Text, p.at(from+6).Text
		case p.seq(from, "_ <= len ( _ )") && from+6 == to:
			c.name, c.over = p.at(from).Text, p.at(from+4).Text
		case (p.seq(from, "_ <= _ . length") || p.seq(from, "_ <= _ . size")) && p.ended(from+5, to):
			c.name, c.over = p.at(from).Text, p.at(from+2).Text
		default:
			continue
		}
		out = append(out, c)
	}
	return out
}

// ended reports whether there is nothing but () up to a token.
func (p *program) ended(from, to int) bool { return from == to || p.seq(from, "( )") && from+2 == to }

// pastTheEnd finds loops that use an index behind the last one, and xs[len(xs)].
func pastTheEnd(p *program, hit func(int, string)) {
	for _, c := range p.counts() {
		if c.word == "while" && p.changes(c.name, c.begin, c.begin+2) {
			continue
		}
		for i := c.begin; i < c.end; i++ {
			direct := p.at(i).Is(c.over) && (p.seq(i+1, "[ "+c.name+" ]") || p.seq(i+1, ". get ( "+c.name+" )") || p.seq(i+1, ". charAt ( "+c.name+" )"))
			if direct && !p.at(i-1).Is(".") {
				hit(c.line, c.name)
				break
			}
		}
	}
	for i := range p.toks {
		name := p.at(i).Text
		if p.name(i) && !p.at(i-1).Is(".") && p.at(i+1).Is("[") && (p.seq(i+2, "len ( "+name+" ) ]") || p.seq(i+2, name+" . length ]")) {
			if shut := p.match(i + 1); p.Lang.ID != "javascript" || !assigns(p.at(shut+1)) {
				hit(p.at(i).Line, name)
			}
		}
	}
}

// wrongStep finds for (i = n; i >= 0; i++), and for (i = 0; i < n; j++).
func wrongStep(p *program, hit func(int, string)) {
	for _, l := range p.blocks("for") {
		var semi []int
		for i := l.head; i < l.headEnd; i++ {
			if p.at(i).Is(";") {
				semi = append(semi, i)
			}
		}
		if len(semi) != 2 || !p.name(semi[0]+1) || semi[1]+3 != l.headEnd {
			continue
		}
		name, less := p.at(semi[0]+1).Text, p.at(semi[0]+2)
		stepped, step := p.at(semi[1]+1), p.at(semi[1]+2)
		if !p.name(semi[1] + 1) {
			stepped, step = step, stepped
		}
		up := step.Is("++")
		if !up && !step.Is("--") {
			continue
		}
		started := p.changes(name, l.head, semi[0]) && semi[1]-semi[0] == 4
		other := stepped.Text != name && started && !p.changes(name, l.begin, l.end) && !p.uses(stepped.Text, semi[0], semi[1])
		away := stepped.Text == name && started && !p.changes(name, l.begin, l.end) && !p.has(l.begin, l.end, "break", "return") &&
			((less.Is("<") || less.Is("<=")) && !up || (less.Is(">") || less.Is(">=")) && up)
		if other || away {
			hit(l.line, stepped.Text)
		}
	}
}

// noProgress finds while loops in which nothing changes that their condition speaks of.
func noProgress(p *program, hit func(int, string)) {
	words := []string{"while"}
	if p.Lang.ID == "go" {
		words = []string{"for"}
	}
	for _, l := range p.blocks(words...) {
		if l.headEnd <= l.head || p.at(l.begin).Is(";") || p.has(l.head, l.headEnd, "(", "[", ";", ":=", "range", "=", ".", "->", "++", "--", "await", "*") || p.has(l.begin, l.end, "break", "return", "yield", "raise", "throw", "goto", "exit", "await") {
			continue
		}
		names, changed := 0, false
		for i := l.head; i < l.headEnd; i++ {
			if p.name(i) {
				names++
				changed = changed || p.changes(p.at(i).Text, l.begin, l.end) || p.mutated(p.at(i).Text, l.begin, l.end) || p.outside(p.at(i).Text, l.line) || p.passed(p.at(i).Text, l)
			}
		}
		if names > 0 && !changed && p.has(l.head, l.headEnd, "<", ">", "<=", ">=", "!=", "==", "!==") && l.end > l.begin {
			hit(l.line, p.text(l.head, l.headEnd))
		}
	}
}

// passed reports whether a name is declared or has its address taken elsewhere, or is the target of a loop.
func (p *program) passed(name string, l loop) bool {
	for i := l.begin; i < l.end; i++ {
		if p.at(i).Is(name) && (p.at(i-1).Is("&") || p.at(i-1).Is("for") || p.at(i+1).Is("in")) {
			return true
		}
	}
	return false
}

// outside reports whether a name is no variable of the function around a line: others may change it.
func (p *program) outside(name string, line int) bool {
	f, in := p.FuncAt(line)
	return in && !slices.Contains(f.Vars, name)
}

// sameCall finds a function that calls itself with just what it was given.
func sameCall(p *program, hit func(int, string)) {
	for _, f := range p.Funcs() {
		if !f.Self || len(f.Params) == 0 || p.ofObject(f) {
			continue
		}
		for i, t := range p.toks {
			if t.Line < f.Begin || t.Line > f.End || !t.Is(f.Name) || !p.at(i+1).Is("(") || p.at(i-1).Is(".") || p.at(i-1).Is("new") || t.Line == f.Line && i > 0 && (p.at(i-1).Is("def") || p.at(i-1).Is("function")) {
				continue
			}
			if inner, _ := p.FuncAt(t.Line); inner.Line == f.Line && p.sameArguments(f, i+1) {
				hit(t.Line, f.Name)
			}
		}
	}
}

// ofObject reports whether a function belongs to an object in a language where its bare name then means another one.
func (p *program) ofObject(f source.Func) bool {
	on := p.On(f.Line)
	for i, t := range on {
		if t.Is("func") && i+1 < len(on) && on[i+1].Is("(") || t.Is("self") || t.Is("cls") {
			return true
		}
	}
	return p.Lang.ID == "javascript" && !slices.ContainsFunc(on, func(t source.Token) bool { return t.Is("function") || t.Is("=>") })
}

// sameArguments reports whether a call has the function's parameters, which nothing has changed, as its arguments.
func (p *program) sameArguments(f source.Func, open int) bool {
	i := open + 1
	for k, name := range f.Params {
		if !p.at(i).Is(name) || k < len(f.Params)-1 && !p.at(i+1).Is(",") {
			return false
		}
		i += 2
	}
	if !p.at(i - 1).Is(")") {
		return false
	}
	for _, name := range f.Params {
		for j, t := range p.toks {
			if t.Line >= f.Begin && t.Line <= f.End && t.Is(name) && (p.assigned(j) || p.at(j-1).Is("for")) && j < open || t.Is(name) && t.Line >= f.Begin && t.Line <= f.End && p.at(j+1).Is(".") {
				return false
			}
		}
	}
	return true
}

// noBase finds a function that calls itself whatever it was given.
func noBase(p *program, hit func(int, string)) {
	for _, f := range p.Funcs() {
		if !f.Self || len(f.Params) == 0 || p.ofObject(f) {
			continue
		}
		asks, call := false, 0
		for i, t := range p.toks {
			if t.Line < f.Begin || t.Line > f.End {
				continue
			}
			asks = asks || slices.ContainsFunc([]string{"if", "while", "for", "switch", "match", "?", "and", "or", "&&", "||", "try", "except", "??"}, t.Is)
			if t.Is(f.Name) && p.at(i+1).Is("(") && call == 0 && t.Line > f.Line && !p.at(i-1).Is(".") && !p.at(i-1).Is("def") && !p.at(i-1).Is("new") && !p.at(i-1).Is(":") && p.given(i+1) == len(f.Params) {
				if inner, _ := p.FuncAt(t.Line); inner.Line == f.Line {
					call = t.Line
				}
			}
		}
		if !asks && call > 0 {
			hit(call, f.Name)
		}
	}
}

// given counts the arguments of a call whose bracket is token open.
func (p *program) given(open int) int {
	shut := p.match(open)
	if shut <= open+1 {
		return 0
	}
	n, depth := 1, 0
	for i := open + 1; i < shut; i++ {
		switch t := p.at(i); {
		case t.Is("(") || t.Is("[") || t.Is("{"):
			depth++
		case t.Is(")") || t.Is("]") || t.Is("}"):
			depth--
		case t.Is(",") && depth == 0:
			n++
		}
	}
	return n
}

// leavesInFirstRound finds loops that return in their first round whatever it brings: return stands in the loop instead of behind it.
func leavesInFirstRound(p *program, hit func(int, string)) {
	for _, l := range p.blocks("for") {
		if !p.python() && !p.at(l.end).Is("}") {
			continue
		}
		last, before := -1, false
		in := len(p.Indent(p.at(l.begin).Line))
		for i := l.begin; i < l.end; i++ {
			if !p.starts(i) || len(p.Indent(p.at(i).Line)) != in || p.at(i).Col != in {
				continue
			}
			last = i
			before = before || p.at(i).Is("if")
		}
		if last < 0 || !p.at(last).Is("return") || !before || p.at(l.begin).Line == l.line {
			continue
		}
		if p.has(l.begin, last, "return", "continue") && !p.has(l.begin, last, "continue") {
			hit(p.at(last).Line, "return")
		}
	}
}
