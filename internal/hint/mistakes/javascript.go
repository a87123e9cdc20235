package mistakes

import (
	"slices"
	"strings"

	"codecollab.dev/internal/hint/source"
)

// textSort finds sort() of numbers, which compares them as texts.
func textSort(p *program, hit func(int, string)) {
	numbers := false
	for i, t := range p.toks {
		numbers = numbers || p.seq(i, "map ( Number )") || p.seq(i, "Number (") || p.seq(i, "parseInt (") || p.seq(i, "[") && p.at(i+1).Kind == source.Number && p.at(i+2).Is(",") ||
			t.Is("/") && p.at(i+1).Kind == source.Number
	}
	for i := range p.toks {
		if numbers && p.seq(i, ". sort ( )") && !p.at(i-2).Is("keys") {
			hit(p.at(i).Line, "sort")
		}
	}
}

// forIn finds for (x in xs) over an array, whose x is an index and a text.
func forIn(p *program, hit func(int, string)) {
	arrays := map[string]bool{}
	for i := range p.toks {
		if p.name(i) && p.at(i+1).Is("=") && (p.at(i+2).Is("[") || p.has(i+2, p.stop(i), "split", "filter", "from")) {
			arrays[p.at(i).Text] = true
		}
	}
	for _, l := range p.blocks("for") {
		if !p.at(l.headEnd-2).Is("in") || !arrays[p.at(l.headEnd-1).Text] {
			continue
		}
		name, list, index := p.at(l.headEnd-3).Text, p.at(l.headEnd-1).Text, false
		for i := l.begin; i < l.end; i++ {
			index = index || p.at(i).Is(name) && p.at(i-1).Is("[") && p.at(i-2).Is(list)
		}
		if !index && p.uses(name, l.begin, l.end) {
			hit(l.line, "in")
		}
	}
}

// notAwaited finds calls of the program's own async functions that nobody waits for.
func notAwaited(p *program, hit func(int, string)) {
	later := map[string]bool{}
	for i := range p.toks {
		switch {
		case p.seq(i, "async function _"):
			later[p.at(i+2).Text] = true
		case p.at(i).Is("async") && p.at(i-1).Is("=") && p.name(i-2):
			later[p.at(i-2).Text] = true
		}
	}
	for i, t := range p.toks {
		if p.seq(i, "forEach ( async") {
			hit(t.Line, "forEach")
		}
		if !later[t.Text] || !p.at(i+1).Is("(") || p.at(i-1).Is(".") || p.at(i-1).Is("function") {
			continue
		}
		shut := p.match(i + 1)
		taken := p.at(i-1).Is("=") || p.at(i-1).Is("+") || p.seq(i-4, "console . log (")
		if taken && shut > 0 && !p.at(shut+1).Is(".") && !p.has(shut, len(p.toks), "all") && !p.awaited(i) {
			hit(t.Line, t.Text)
		}
	}
}

// awaited reports whether what a call is assigned to is awaited later.
func (p *program) awaited(i int) bool {
	if !p.at(i-1).Is("=") || !p.name(i-2) {
		return false
	}
	name := p.at(i - 2).Text
	for j := i; j < len(p.toks); j++ {
		if p.at(j).Is(name) && (p.at(j-1).Is("await") || p.at(j+1).Is(".") && p.at(j+2).Is("then") || p.at(j-1).Is("return")) {
			return true
		}
	}
	return false
}

// neverEqual finds comparisons that are never true: with NaN, with a new list or object, typeof with a name that it never gives.
func neverEqual(p *program, hit func(int, string)) {
	for i, t := range p.toks {
		if !slices.ContainsFunc([]string{"==", "===", "!=", "!=="}, t.Is) {
			continue
		}
		next := p.at(i + 1)
		kinds := []string{"array", "null", "int", "float", "integer", "list", "date", "NaN"}
		named := p.seq(i-2, "typeof _") && next.Kind == source.String && slices.Contains(kinds, strings.Trim(next.Text, "'\"`"))
		if next.Is("NaN") || p.seq(i+1, "[ ]") || p.seq(i+1, "{ }") || named {
			hit(t.Line, t.Text)
		}
	}
}

// mapParse finds map(parseInt), which takes the index for the base.
func mapParse(p *program, hit func(int, string)) {
	for i, t := range p.toks {
		if p.seq(i, "map ( parseInt )") {
			hit(t.Line, "parseInt")
		}
	}
}

// callbackWithoutReturn finds x => { x * x } where the result is wanted.
func callbackWithoutReturn(p *program, hit func(int, string)) {
	wanting := strings.Fields("map filter reduce some every find findIndex sort flatMap")
	for i, t := range p.toks {
		if !t.Is("=>") || !p.at(i+1).Is("{") {
			continue
		}
		open := i - 2 // x =>
		if p.at(i - 1).Is(")") {
			for open = i - 1; open > 0 && !p.at(open).Is("("); open-- {
			}
			open--
		}
		shut := p.match(i + 1)
		if p.at(open).Is("(") && slices.Contains(wanting, p.at(open-1).Text) && p.at(open-2).Is(".") && shut > i+2 && !p.has(i, shut, "return", "throw", "yield") {
			hit(t.Line, p.at(open-1).Text)
		}
	}
}

// returnAlone finds return with its value on the next line, which is never reached.
func returnAlone(p *program, hit func(int, string)) {
	for i, t := range p.toks {
		next := p.at(i + 1)
		if t.Is("return") && next.Kind != -1 && next.Line == t.Line+1 && !next.Is("}") && !next.Is("case") && !next.Is("default") && len(p.Indent(next.Line)) >= len(p.Indent(t.Line)) &&
			p.On(t.Line)[0].Is("return") {
			hit(t.Line, "return")
		}
	}
}

// maxOfArray finds Math.max(xs): the list has to be spread.
func maxOfArray(p *program, hit func(int, string)) {
	for i, t := range p.toks {
		if (p.seq(i, "Math . max ( _ )") || p.seq(i, "Math . min ( _ )")) && !p.at(i-1).Is(".") {
			hit(t.Line, p.at(i+2).Text)
		}
	}
}

// changedInPlace finds const r = xs.reverse() where xs is used afterwards as if it were as before.
func changedInPlace(p *program, hit func(int, string)) {
	for i, t := range p.toks {
		if !p.seq(i, "= _ . _ (") || !p.at(i+3).Is("reverse") && !p.at(i+3).Is("sort") || !p.name(i-1) || p.at(i-1).Text == p.at(i+1).Text {
			continue
		}
		f, in := p.FuncAt(t.Line)
		for j := i + 5; j < len(p.toks) && (!in || p.at(j).Line <= f.End); j++ {
			if p.at(j).Is(p.at(i+1).Text) && p.plain(j) {
				hit(t.Line, p.at(i+3).Text)
				break
			}
		}
	}
}

// lostThis finds methods that are passed on without their object, and functions in methods that have another this.
func lostThis(p *program, hit func(int, string)) {
	thisIn := map[string]bool{}
	for _, f := range p.Funcs() {
		for i, t := range p.toks {
			if t.Line >= f.Line && t.Line <= f.End && p.seq(i, "this .") {
				thisIn[f.Name] = true
			}
		}
	}
	for i, t := range p.toks {
		passed := p.at(i-1).Is("(") && (p.at(i-2).Is("forEach") || p.at(i-2).Is("map") || p.at(i-2).Is("filter") || p.at(i-2).Is("setTimeout") || p.at(i-2).Is("then"))
		if passed && p.seq(i, "_ . _") && (p.at(i+3).Is(")") || p.at(i+3).Is(",")) && thisIn[p.at(i+2).Text] && !p.thisPassed(i+3) {
			hit(t.Line, p.text(i, i+3))
		}
		if passed && t.Is("function") {
			if open := p.open(i); open > 0 && p.has(open, p.match(open), "this") && !p.at(p.match(open)+1).Is(",") && !p.has(p.match(open), p.match(open)+3, "bind") && p.inMethod(t.Line) {
				for j := open; j < p.match(open); j++ {
					if p.at(j).Is("this") {
						hit(p.at(j).Line, "this")
						break
					}
				}
			}
		}
	}
}

// thisPassed reports whether forEach has its second argument, which is this.
func (p *program) thisPassed(i int) bool { return p.at(i).Is(",") }

// open is the brace behind the head of a function at token i, or -1.
func (p *program) open(i int) int {
	for j := i; j < i+20 && j < len(p.toks); j++ {
		if p.at(j).Is("{") {
			return j
		}
	}
	return -1
}

// inMethod reports whether a line is in a function that is not the one of a callback: its object is what this would mean.
func (p *program) inMethod(line int) bool {
	for _, f := range p.Funcs() {
		if f.Name != "" && f.Line < line && line <= f.End {
			return true
		}
	}
	return false
}

// textsAdded finds a + b of what was cut out of the input and never made a number.
func textsAdded(p *program, hit func(int, string)) {
	for i, t := range p.toks {
		if !p.at(i).Is("[") || !(p.at(i-1).Is("const") || p.at(i-1).Is("let")) {
			continue
		}
		shut := p.match(i)
		if shut < 0 || !p.at(shut+1).Is("=") {
			continue
		}
		end := p.stop(i)
		if !p.has(shut, end, "split") || p.has(shut, end, "map", "Number", "parseInt", "parseFloat") {
			continue
		}
		names := map[string]bool{}
		for j := i + 1; j < shut; j++ {
			names[p.at(j).Text] = p.name(j)
		}
		for j := end; j < len(p.toks); j++ {
			if p.at(j).Is("+") && names[p.at(j-1).Text] && names[p.at(j+1).Text] {
				hit(t.Line, "split")
				break
			}
		}
	}
}

// constantAssigned finds const names that are given another value later.
func constantAssigned(p *program, hit func(int, string)) {
	for i, t := range p.toks {
		if !p.seq(i, "const _ =") {
			continue
		}
		name := p.at(i + 1).Text
		f, in := p.FuncAt(t.Line)
		again, declared := false, 0
		for j := range p.toks {
			if !p.at(j).Is(name) || in && p.at(j).Line > f.End {
				continue
			}
			if p.at(j-1).Is("const") || p.at(j-1).Is("let") || p.at(j-1).Is("var") || p.at(j-1).Is(",") || p.at(j-1).Is("(") || p.at(j+1).Is("=>") {
				declared++
			}
			again = again || j > i+2 && p.plain(j) && p.starts(j) && (assigns(p.at(j+1)) || p.at(j+1).Is("++") || p.at(j+1).Is("--"))
		}
		if again && declared == 1 {
			hit(t.Line, name)
		}
	}
}
