package mistakes

import (
	"slices"
	"strings"

	"codecollab.dev/internal/hint/source"
)

// mutableDefault finds def f(xs=[]) where the function changes xs.
func mutableDefault(p *program, hit func(int, string)) {
	for _, f := range p.blocks("def") {
		for i := f.head; i < f.headEnd; i++ {
			empty := p.at(i+1).Is("=") && (p.seq(i+2, "[ ]") || p.seq(i+2, "{ }") || p.seq(i+2, "set ( )") || p.seq(i+2, "list ( )") || p.seq(i+2, "dict ( )"))
			if empty && p.name(i) && p.mutated(p.at(i).Text, f.begin, f.end) {
				hit(p.at(i).Line, p.at(i).Text)
			}
		}
	}
}

// changers are methods that change what they are called on.
var changers = strings.Fields("append extend insert add update remove pop clear sort reverse setdefault push unshift shift splice put addAll")

// mutated reports whether the value of a name is changed in place between two tokens.
func (p *program) mutated(name string, from, to int) bool {
	for i := from; i < to; i++ {
		if !p.at(i).Is(name) || p.at(i-1).Is(".") {
			continue
		}
		if p.at(i+1).Is(".") && slices.Contains(changers, p.at(i+2).Text) && p.at(i+3).Is("(") {
			return true
		}
		if p.at(i + 1).Is("[") {
			if shut := p.match(i + 1); shut > 0 && assigns(p.at(shut+1)) {
				return true
			}
		}
		if p.at(i + 1).Is("+=") {
			return true
		}
	}
	return false
}

// comparedAlone finds a comparison where an assignment was meant: x == 5 as a statement.
func comparedAlone(p *program, hit func(int, string)) {
	for i := range p.toks {
		if !p.starts(i) || !p.plain(i) || p.at(i).Line != p.at(i+1).Line {
			continue
		}
		if p.at(i+1).Is("==") && p.stop(i) > i+2 && !p.has(i, p.stop(i), "&&", "||", "and", "or", "?", "=>") && !p.lastOfArrow(i) {
			hit(p.at(i).Line, "==")
		}
	}
}

// lastOfArrow reports whether a statement is what a function in one expression gives.
func (p *program) lastOfArrow(i int) bool { return p.at(i - 1).Is("=>") }

// valueAlone finds a value that is computed and not used at the end of a function: return is missing.
func valueAlone(p *program, hit func(int, string)) {
	for _, f := range p.Funcs() {
		if f.Name == "" || !p.wanted(f.Name) {
			continue
		}
		line := f.End
		if !p.python() {
			for line--; line > f.Line && len(p.On(line)) == 0; line-- {
			}
		}
		if line <= f.Line {
			continue
		}
		if on := p.On(line); len(on) > 2 && pure(on) {
			hit(line, "")
		}
	}
}

// wanted reports whether the result of a function is used somewhere.
func (p *program) wanted(name string) bool {
	for i := range p.toks {
		if p.at(i).Is(name) && p.at(i+1).Is("(") && (p.at(i-1).Is("=") || p.at(i-1).Is("(") || p.at(i-1).Is("return") || p.at(i-1).Is("+") || p.at(i-1).Is(",")) {
			return true
		}
	}
	return false
}

// pure reports whether a line is one expression of names, numbers and arithmetic only.
func pure(on []source.Token) bool {
	operators := 0
	for i, t := range on {
		switch {
		case t.Is(";") && i == len(on)-1, t.Is("."), t.Kind == source.Number:
		case t.Kind == source.Ident:
			if i+1 < len(on) && on[i+1].Is("(") || i > 0 && on[i-1].Kind == source.Ident {
				return false
			}
		case slices.ContainsFunc([]string{"+", "-", "*", "/", "%", "//", "**"}, t.Is):
			operators++
		case slices.ContainsFunc([]string{"(", ")", "[", "]"}, t.Is):
		default:
			return false
		}
	}
	return operators > 0
}

// givers are methods that give a new value and change nothing.
var givers = map[string][]string{
	"python":     strings.Fields("replace upper lower strip lstrip rstrip title capitalize swapcase zfill ljust rjust"),
	"javascript": strings.Fields("replace replaceAll toUpperCase toLowerCase trim trimEnd trimStart concat slice substring substr padStart padEnd filter toSorted toReversed"),
	"java":       strings.Fields("replace replaceAll toUpperCase toLowerCase trim strip concat substring repeat plusDays minusDays plusMonths plusHours"),
}

// discarded finds calls whose only use is their result, which nobody takes.
func discarded(p *program, hit func(int, string)) {
	for i := range p.toks {
		if !p.starts(i) || p.at(i-1).Is("=>") {
			continue
		}
		if p.Lang.ID == "go" {
			if p.seq(i, "strings . _ (") && p.On(p.at(i).Line)[0] == p.at(i) && p.alone(i+3) && !p.at(i-1).Is(",") {
				hit(p.at(i).Line, p.at(i+2).Text)
			}
			continue
		}
		if p.python() && (p.seq(i, "sorted (") || p.seq(i, "reversed (")) && p.alone(i+1) {
			hit(p.at(i).Line, p.at(i).Text)
		}
		if !p.seq(i, "_ . _ (") || !p.alone(i+3) || slices.Contains([]string{"os", "shutil", "path", "Path", "location", "router", "history"}, p.at(i).Text) {
			continue
		}
		method := p.at(i + 2).Text
		if p.has(i+3, p.match(i+3), "=>", "function") || method == "replace" && p.given(i+3) < 2 {
			continue // it is called for what the function does, or is a method of something else
		}
		if slices.Contains(givers[p.Lang.ID], method) && !p.builder(p.at(i).Text) || p.big(p.at(i).Text) && slices.Contains([]string{"add", "subtract", "multiply", "divide"}, method) {
			hit(p.at(i).Line, method)
		}
	}
}

// builder reports whether a variable of Java has methods of these names that do change it.
func (p *program) builder(name string) bool {
	kind := p.types[name]
	return p.Lang.ID == "java" && kind != "" && kind != "String"
}

func (p *program) big(name string) bool {
	return p.types[name] == "BigInteger" || p.types[name] == "BigDecimal"
}

// alone reports whether a statement ends with the bracket of token open.
func (p *program) alone(open int) bool {
	shut := p.match(open)
	return shut > 0 && (p.at(shut+1).Is(";") || p.at(shut+1).Is("}") || shut+1 >= len(p.toks) || p.starts(shut+1))
}

// nothingReturned finds xs = xs.sort(): what works in place returns nothing.
func nothingReturned(p *program, hit func(int, string)) {
	for i := range p.toks {
		method := p.at(i + 1).Text
		if !p.at(i).Is(".") || !p.at(i+2).Is("(") {
			continue
		}
		from := i - 1
		for from > 0 && (p.at(from-1).Is(".") || p.at(from).Is(".")) {
			from--
		}
		before, plainly := p.at(from-1), p.name(i-1)
		taken := before.Is("=") || before.Is("in") || before.Is("(") && p.name(from-2) && !p.at(from-2).Is("range")
		returned := before.Is("return")
		shut := p.match(i + 2)
		empty := shut == i+3 || p.seq(i+3, "reverse =") || p.seq(i+3, "key =")
		switch {
		case !plainly:
		case (method == "sort" || method == "reverse") && (taken || returned) && empty && !p.at(shut+1).Is("."),
			(method == "append" || method == "extend") && before.Is("=") && shut > 0 && (shut+1 >= len(p.toks) || p.starts(shut+1)),
			method == "shuffle" && p.at(i-1).Is("random") && before.Is("="):
			hit(p.at(i).Line, method)
		}
	}
}

// identityOfLiteral finds x is "a", x is 1000, x is [].
func identityOfLiteral(p *program, hit func(int, string)) {
	for i := range p.toks {
		next := p.at(i + 1)
		if next.Is("not") {
			next = p.at(i + 2)
		}
		if p.at(i).Is("is") && (next.Kind == source.String || next.Kind == source.Number || next.Is("[") || next.Is("{")) {
			hit(p.at(i).Line, "is")
		}
	}
}

// stringsByIdentity finds == between texts, and between boxed numbers.
func stringsByIdentity(p *program, hit func(int, string)) {
	for i := range p.toks {
		if !p.at(i).Is("==") && !p.at(i).Is("!=") {
			continue
		}
		left, right := p.at(i-1), p.at(i+1)
		if left.Is("null") || right.Is("null") || left.Is("NULL") || right.Is("NULL") {
			continue
		}
		if p.Lang.ID == "c" {
			quoted := left.Kind == source.String && strings.HasPrefix(left.Text, `"`) || right.Kind == source.String && strings.HasPrefix(right.Text, `"`)
			if quoted {
				hit(p.at(i).Line, p.at(i).Text)
			}
			continue
		}
		quoted := left.Kind == source.String && strings.HasPrefix(left.Text, `"`) || right.Kind == source.String && strings.HasPrefix(right.Text, `"`)
		objects := p.plain(i-1) && p.plain(i+1) && !p.at(i+2).Is(".") && !p.at(i+2).Is("[") && slices.Contains([]string{"String", "Integer", "Long", "Double"}, p.types[left.Text]) &&
			p.types[left.Text] == p.types[right.Text]
		if quoted || objects {
			hit(p.at(i).Line, p.at(i).Text)
		}
	}
}

// literalOr finds x == 1 or 2, which is always true.
func literalOr(p *program, hit func(int, string)) {
	for i := range p.toks {
		if !p.at(i).Is("or") && !p.at(i).Is("||") {
			continue
		}
		next, behind := p.at(i+1), p.at(i+2)
		compared := p.at(i-2).Is("==") || p.at(i-2).Is("===")
		closed := behind.Is(":") || behind.Is(")") || behind.Is("or") || behind.Is("||")
		if compared && closed && (next.Kind == source.String || next.Kind == source.Number) {
			hit(p.at(i).Line, p.at(i).Text)
		}
	}
}

// sharedRows finds [[0] * n] * m and fill([]): all rows are one.
func sharedRows(p *program, hit func(int, string)) {
	for i := range p.toks {
		if p.python() && p.at(i).Is("[") && p.at(i+1).Is("[") {
			shut := p.match(i)
			if shut > 0 && p.at(shut+1).Is("*") && p.match(i+1) < shut && !p.has(i, shut, "for", ",") {
				hit(p.at(i).Line, "*")
			}
		}
		if !p.python() && p.seq(i, ". fill (") && (p.seq(i+3, "[ ]") || p.seq(i+3, "{ }") || p.seq(i+3, "new Array") || p.seq(i+3, "Array (")) {
			hit(p.at(i).Line, "fill")
		}
	}
}

// keptAndChanged finds a list that is put into another as it is, and changed again afterwards: all that was kept is one list.
func keptAndChanged(p *program, hit func(int, string)) {
	add, drop := map[string]string{"python": "append", "javascript": "push", "java": "add"}[p.Lang.ID], []string{"pop", "remove", "removeLast"}
	for i := range p.toks {
		if !p.seq(i, "_ . "+add+" ( _ )") || p.at(i-1).Is(".") {
			continue
		}
		name := p.at(i + 4).Text
		f, in := p.FuncAt(p.at(i).Line)
		if !in || name == p.at(i).Text {
			continue
		}
		grows, shrinks := false, false
		for j, t := range p.toks {
			if t.Line < f.Line || t.Line > f.End || !t.Is(name) || !p.at(j+1).Is(".") || p.at(j-1).Is(".") {
				continue
			}
			grows = grows || p.at(j+2).Is(add)
			shrinks = shrinks || slices.ContainsFunc(drop, p.at(j+2).Is)
		}
		if grows && shrinks {
			hit(p.at(i).Line, name)
		}
	}
}

// methodNotCalled finds methods that are named and not called: if s.isdigit:
func methodNotCalled(p *program, hit func(int, string)) {
	tests := strings.Fields("isdigit isalpha isalnum isupper islower isspace")
	verbs := strings.Fields("sort reverse clear upper lower strip split pop close")
	for i := range p.toks {
		if !p.at(i).Is(".") || p.at(i+2).Is("(") || p.at(i+2).Is("=") || p.at(i+2).Is(".") {
			continue
		}
		if slices.Contains(tests, p.at(i+1).Text) && (p.at(i+2).Is(":") || p.at(i+2).Is("and") || p.at(i+2).Is("or")) {
			hit(p.at(i).Line, p.at(i+1).Text)
		}
		end := i+2 >= len(p.toks) || p.starts(i+2)
		if slices.Contains(verbs, p.at(i+1).Text) && end && p.name(i-1) && p.starts(i-1) {
			hit(p.at(i).Line, p.at(i+1).Text)
		}
	}
}

// foundAtZero finds if s.find(x): and s.indexOf(x) > 0, which take the first place for no place.
func foundAtZero(p *program, hit func(int, string)) {
	name := map[bool]string{true: "find", false: "indexOf"}[p.python()]
	for i := range p.toks {
		if !p.at(i).Is(name) || !p.at(i-1).Is(".") || !p.at(i+1).Is("(") {
			continue
		}
		shut := p.match(i + 1)
		if shut < 0 {
			continue
		}
		first := i - 2
		next := p.at(shut + 1)
		asked := p.name(first) && (p.at(first-1).Is("if") || !p.python() && p.at(first-1).Is("(") && p.at(first-2).Is("if"))
		if asked && (next.Is(":") || next.Is(")")) && p.at(i+2).Kind == source.String || next.Is(">") && p.at(shut+2).Is("0") {
			hit(p.at(i).Line, name)
		}
	}
}

// selfAssigned finds name = name where this.name or self.name was meant.
func selfAssigned(p *program, hit func(int, string)) {
	for i := range p.toks {
		f, in := p.FuncAt(p.at(i).Line)
		if in && slices.Contains(f.Params, p.at(i).Text) && p.starts(i) && p.seq(i, "_ = _") && p.at(i).Text == p.at(i+2).Text && p.plain(i+2) {
			if next := p.at(i + 3); next.Is(";") || next.Is("}") || i+3 >= len(p.toks) || p.starts(i+3) {
				hit(p.at(i).Line, p.at(i).Text)
			}
		}
	}
}

// reversedAssign finds x =+ 1.
func reversedAssign(p *program, hit func(int, string)) {
	for i := range p.toks {
		sign := p.at(i + 1)
		if !p.at(i).Is("=") || !sign.Is("+") && !sign.Is("-") && !sign.Is("*") {
			continue
		}
		touching := sign.Line == p.at(i).Line && sign.Col == p.at(i).End() && p.at(i+2).Line == sign.Line && p.at(i+2).Col > sign.End()
		if touching && p.name(i-1) && p.at(i-1).End() < p.at(i).Col && p.starts(i-1) {
			hit(p.at(i).Line, "=")
		}
	}
}
