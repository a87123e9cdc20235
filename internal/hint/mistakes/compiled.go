package mistakes

import (
	"slices"
	"strings"

	"codecollab.dev/internal/hint/source"
)

// whole reports whether an operand that ends at token i (begins, when forward) is a whole number by its declaration.
func (p *program) whole(i int, forward bool) bool {
	t := p.at(i)
	ints := []string{"int", "long", "short", "int64", "int32"}
	switch {
	case t.Kind == source.Number:
		return !strings.ContainsAny(t.Text, ".eEfFdDxX")
	case t.Kind == source.Ident && forward && (p.at(i+1).Is(".") || p.at(i+1).Is("(") || p.at(i+1).Is("[")):
		return p.seq(i+1, ". size (") || p.seq(i+1, ". length") || p.Lang.ID == "go" && t.Is("len")
	case t.Kind == source.Ident:
		return slices.Contains(ints, p.types[t.Text]) && !p.at(i-1).Is(".")
	case t.Is(")") && !forward && p.Lang.ID != "go":
		open := i
		for depth := 0; open > 0; open-- {
			if p.at(open).Is(")") {
				depth++
			} else if p.at(open).Is("(") {
				if depth--; depth == 0 {
					break
				}
			}
		}
		if p.name(open-1) || p.at(open-1).Is(")") {
			return false
		}
		for j := open + 1; j < i; j++ {
			if p.at(j).Is("(") || p.at(j).Is(".") || p.name(j) && !p.whole(j, true) || p.at(j).Kind == source.Number && !p.whole(j, true) {
				return false
			}
		}
		return true
	}
	return false
}

// wholeDivision finds double d = a / b of whole numbers, and casts that come after the division.
func wholeDivision(p *program, hit func(int, string)) {
	for i, t := range p.toks {
		if !t.Is("/") || !p.whole(i-1, false) || !p.whole(i+1, true) || p.at(i-2).Is(")") && p.at(i-3).Is("double") {
			continue
		}
		first := i - 1
		if p.at(first).Is(")") {
			for first > 0 && !p.at(first).Is("(") {
				first--
			}
		}
		before := p.at(first - 1)
		wide := func(s string) bool { return s == "double" || s == "float" || s == "float64" }
		declared := before.Is("=") && wide(p.types[p.at(first-2).Text]) && p.name(first-2)
		late := before.Is("(") && (wide(p.at(first-2).Text) && p.Lang.ID == "go" || p.at(first-2).Is(")") && wide(p.at(first-3).Text) && p.at(first-4).Is("("))
		returned := before.Is("return") && wide(p.result(t.Line))
		factor := p.Lang.ID != "go" && p.at(i-1).Kind == source.Number && p.at(i+1).Kind == source.Number && p.at(i+2).Is("*")
		if (declared || late || returned || factor) && !p.floating(i, p.stop(first)) {
			hit(t.Line, "/")
		}
	}
}

// floating reports whether a number with a point is computed with in the rest of the statement: then the division may be meant.
func (p *program) floating(from, to int) bool {
	for i := from; i < to; i++ {
		if p.at(i).Is(",") || p.at(i).Is("?") {
			return true
		}
	}
	return false
}

// result is the type that the function around a line gives.
func (p *program) result(line int) string {
	f, in := p.FuncAt(line)
	if !in {
		return ""
	}
	on := p.On(f.Line)
	for i, t := range on {
		if t.Is(f.Name) && i > 0 && i+1 < len(on) && on[i+1].Is("(") {
			if i > 1 && on[i-1].Is("long") {
				return "long"
			}
			if p.Lang.ID != "go" {
				return on[i-1].Text
			}
		}
	}
	if n := len(on); p.Lang.ID == "go" && n > 1 && on[n-1].Is("{") {
		return on[n-2].Text
	}
	return ""
}

// wideTooLate finds long p = a * b of ints: the product has overflowed before it is made wider.
func wideTooLate(p *program, hit func(int, string)) {
	narrow := func(i int) bool { return p.plain(i) && p.types[p.at(i).Text] == "int" }
	for i, t := range p.toks {
		if !t.Is("*") || !narrow(i-1) || !narrow(i+1) {
			continue
		}
		before := p.at(i - 2)
		end := p.at(i + 2)
		declared := before.Is("=") && p.types[p.at(i-3).Text] == "long" && p.name(i-3)
		returned := before.Is("return") && p.result(t.Line) == "long"
		cast := before.Is("(") && p.at(i-3).Is(")") && p.at(i-4).Is("long")
		if (declared || returned) && (end.Is(";") || end.Is("*")) || cast && end.Is(")") {
			hit(t.Line, "*")
		}
	}
}

// fallsThrough finds cases without break among others that have one.
func fallsThrough(p *program, hit func(int, string)) {
	for _, s := range p.blocks("switch") {
		begin, leaves, ended, missing := -1, false, 0, []int(nil)
		flush := func(to int) {
			if begin < 0 || to <= begin {
				return
			}
			if leaves {
				ended++
			} else {
				missing = append(missing, p.at(begin).Line)
			}
		}
		depth := 0
		for i := s.begin; i < s.end; i++ {
			t := p.at(i)
			switch {
			case t.Is("{"):
				depth++
			case t.Is("}"):
				depth--
			case t.Is("->"):
				return // cases of the new form never fall through
			case depth == 0 && (t.Is("case") || t.Is("default")):
				if begin >= 0 && !p.said(p.at(begin).Line, t.Line) {
					flush(i)
				}
				for i < s.end && !p.at(i).Is(":") {
					i++
				}
				begin, leaves = i+1, false
			case depth <= 1 && slices.ContainsFunc([]string{"break", "return", "continue", "throw", "goto", "yield", "exit"}, t.Is):
				leaves = true
			}
		}
		if ended > 0 && len(missing) <= 1 {
			for _, line := range missing {
				hit(line, "case")
			}
		}
	}
}

// said reports whether a comment says that a case falls through.
func (p *program) said(from, to int) bool {
	for n := from; n <= to; n++ {
		if s := strings.ToLower(p.Line(n)); strings.Contains(s, "fall") && strings.Contains(s, "/") {
			return true
		}
	}
	return false
}

// voidConstructor finds void Name(), a method that is called like its class.
func voidConstructor(p *program, hit func(int, string)) {
	classes := map[string]bool{}
	for i := range p.toks {
		if p.at(i).Is("class") {
			classes[p.at(i+1).Text] = true
		}
		if p.seq(i, "void _ (") && classes[p.at(i+1).Text] {
			hit(p.at(i).Line, "void")
		}
	}
}

// immutableList finds lists that are made so that they cannot change, and are changed.
func immutableList(p *program, hit func(int, string)) {
	for i, t := range p.toks {
		made := p.seq(i, "_ = List . of (") || p.seq(i, "_ = Set . of (") || p.seq(i, "_ = Map . of (") || p.seq(i, "_ = Arrays . asList (") || p.seq(i, "_ = Collections .")
		if !made || !p.at(i-1).Is(">") {
			continue
		}
		f, in := p.FuncAt(t.Line)
		fixed := !p.at(i + 2).Is("Arrays") // of such a list elements can be exchanged
		for j := i + 2; j < len(p.toks) && (!in || p.at(j).Line <= f.End); j++ {
			call := p.at(j + 2)
			grows := call.Is("add") || call.Is("remove") || call.Is("clear") || call.Is("addAll") || call.Is("put")
			if p.at(j).Is(t.Text) && p.at(j+1).Is(".") && (grows || fixed && (call.Is("set") || call.Is("sort"))) && p.at(j+3).Is("(") {
				hit(t.Line, p.at(i+4).Text)
				break
			}
		}
	}
}

// restOfLine finds nextLine() behind nextInt(): it reads what is left of the number's line.
func restOfLine(p *program, hit func(int, string)) {
	for i := range p.toks {
		if !p.at(i).Is("nextInt") && !p.at(i).Is("nextDouble") && !p.at(i).Is("nextLong") {
			continue
		}
		for j := i + 1; j < len(p.toks) && p.at(j).Line <= p.at(i).Line+3; j++ {
			if p.at(j).Is("nextInt") || p.at(j).Is("next") || p.at(j).Is("for") || p.at(j).Is("while") {
				break
			}
			if p.seq(j, "nextLine ( )") {
				if !p.starts(j - 2) {
					hit(p.at(j).Line, "nextLine")
				}
				break
			}
		}
	}
}

// noFirstValue finds variables that begin with += or ++ and have no value before.
func noFirstValue(p *program, hit func(int, string)) {
	for i, t := range p.toks {
		prev := p.at(i - 1)
		if !p.name(i) || !p.at(i+1).Is(";") || prev.Kind != source.Keyword || !slices.Contains(append([]string{"size_t"}, numeric...), prev.Text) || p.at(i-2).Is("static") || p.at(i-2).Is("extern") {
			continue
		}
		f, in := p.FuncAt(t.Line)
		if !in {
			continue
		}
		for j := i + 2; j < len(p.toks) && p.at(j).Line <= f.End; j++ {
			if !p.at(j).Is(t.Text) || p.at(j-1).Is(".") || p.at(j-1).Is("->") {
				continue
			}
			next := p.at(j + 1)
			if assigns(next) && !next.Is("=") || next.Is("++") && p.starts(j) {
				hit(t.Line, t.Text)
			}
			break
		}
	}
}

// noRoomForEnd finds malloc(strlen(s)): the text's end has no room.
func noRoomForEnd(p *program, hit func(int, string)) {
	for i := range p.toks {
		if p.seq(i, "malloc ( strlen ( _ ) )") {
			hit(p.at(i).Line, "malloc")
		}
	}
}

// sizeOfPointer finds sizeof of a parameter that looks like an array and is a pointer.
func sizeOfPointer(p *program, hit func(int, string)) {
	for i, t := range p.toks {
		if !p.seq(i, "sizeof ( _ )") && !p.seq(i, "sizeof _") {
			continue
		}
		name := p.at(i + 1).Text
		if p.at(i + 1).Is("(") {
			name = p.at(i + 2).Text
		}
		f, in := p.FuncAt(t.Line)
		shared := p.seq(i+4, "/ sizeof") // how many elements an array has; a pointer does not know
		for j, h := range p.toks {
			pointer := p.at(j-1).Is("*") && (p.at(j+1).Is(",") || p.at(j+1).Is(")")) && shared
			if in && h.Line == f.Line && j < i && h.Is(name) && (p.at(j+1).Is("[") || pointer) && p.depth[j] > 0 {
				hit(t.Line, name)
				break
			}
		}
	}
}

// addressOfLocal finds return buf; of an array of the function.
func addressOfLocal(p *program, hit func(int, string)) {
	for i := range p.toks {
		name := i + 1
		if p.at(name).Is("&") {
			name++
		}
		f, in := p.FuncAt(p.at(i).Line)
		if !p.at(i).Is("return") || !p.name(name) || !p.at(name+1).Is(";") || !in {
			continue
		}
		for j, t := range p.toks {
			if t.Line < f.Begin || t.Line > f.End || j >= i || !t.Is(p.at(name).Text) || slices.Contains(f.Params, t.Text) {
				continue
			}
			local := p.at(j-1).Kind == source.Keyword && !p.at(j-1).Is("return") && !p.at(j-2).Is("static") && !p.at(j-1).Is("static")
			if local && (p.at(j+1).Is("[") || name == i+2) {
				hit(p.at(i).Line, t.Text)
				break
			}
		}
	}
}

// usedAfterFree finds free(p) with a use of p directly behind it.
func usedAfterFree(p *program, hit func(int, string)) {
	for i, t := range p.toks {
		if !p.seq(i, "free ( _ ) ;") || !p.starts(i) {
			continue
		}
		name := p.at(i + 2).Text
		for j := i + 5; j < len(p.toks) && p.at(j).Line <= t.Line+2 && !p.at(j).Is("}"); j++ {
			if p.at(j).Is(name) && !p.at(j-1).Is(".") && !p.at(j-1).Is("->") {
				if !p.at(j + 1).Is("=") {
					hit(t.Line, name)
				}
				break
			}
		}
	}
}
