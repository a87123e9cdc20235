package mistakes

import (
	"slices"

	"codecollab.dev/internal/hint/source"
)

// copyOfElement finds for _, x := range xs { x.n++ }: x is a copy.
func copyOfElement(p *program, hit func(int, string)) {
	values := map[string]bool{} // what has elements that are no pointers
	for i := range p.toks {
		if p.seq(i, "[ ] *") {
			return
		}
		if p.seq(i, "_ [ ] _") || p.seq(i, "_ := [ ] _ {") {
			values[p.at(i).Text] = true
		}
	}
	for _, l := range p.blocks("for") {
		if !p.seq(l.head, "_ , _ := range") || !values[p.at(l.headEnd-1).Text] {
			continue
		}
		name := p.at(l.head + 2).Text
		changed, kept := 0, false
		for i := l.begin; i < l.end; i++ {
			if !p.at(i).Is(name) || p.at(i-1).Is(".") {
				continue
			}
			if p.starts(i) && p.seq(i+1, ". _") && (assigns(p.at(i+3)) || p.at(i+3).Is("++") || p.at(i+3).Is("--")) {
				changed = p.at(i).Line
			} else if !p.at(i + 1).Is(".") {
				kept = true
			}
		}
		if changed > 0 && !kept && !p.at(l.head+5).Is("map") {
			hit(changed, name)
		}
	}
}

// copyOfReceiver finds methods that change their receiver, which is a copy.
func copyOfReceiver(p *program, hit func(int, string)) {
	for i := range p.toks {
		if !p.seq(i, "func ( _ _ ) _ (") {
			continue
		}
		name := p.at(i + 2).Text
		f, in := p.FuncAt(p.at(i).Line)
		if !in {
			continue
		}
		changed, given := false, false
		for j := i + 7; j < len(p.toks) && p.at(j).Line <= f.End; j++ {
			if !p.at(j).Is(name) || p.at(j-1).Is(".") {
				continue
			}
			if p.starts(j) && p.seq(j+1, ". _") && (assigns(p.at(j+3)) || p.at(j+3).Is("++") || p.at(j+3).Is("--")) {
				changed = true
			} else if !p.at(j + 1).Is(".") {
				given = true
			}
		}
		if changed && !given {
			hit(f.Line, name)
		}
	}
}

// nilMap finds var m map[K]V that is written to.
func nilMap(p *program, hit func(int, string)) {
	for i := range p.toks {
		if !p.seq(i, "var _ map [") || p.at(i).Line != p.at(i+1).Line {
			continue
		}
		name, end := p.at(i+1).Text, p.stop(i)
		if p.has(i, end, "=") {
			continue
		}
		f, in := p.FuncAt(p.at(i).Line)
		for j := end; j < len(p.toks) && (!in || p.at(j).Line <= f.End); j++ {
			if !p.at(j).Is(name) || p.at(j-1).Is(".") {
				continue
			}
			if assigns(p.at(j+1)) || p.at(j-1).Is("&") {
				break
			}
			if p.at(j + 1).Is("[") {
				if shut := p.match(j + 1); shut > 0 && (assigns(p.at(shut+1)) || p.at(shut+1).Is("++")) {
					hit(p.at(i).Line, name)
					break
				}
			}
		}
	}
}

// nobodyWaits finds goroutines in a program that waits for nothing.
func nobodyWaits(p *program, hit func(int, string)) {
	for i, t := range p.toks {
		if t.Is("<-") || t.Is("Wait") || t.Is("select") || t.Is("Sleep") || t.Is("ListenAndServe") || t.Is("Done") || t.Is("range") && p.at(i+1).Is("ch") {
			return
		}
	}
	for i, t := range p.toks {
		f, in := p.FuncAt(t.Line)
		if t.Is("go") && p.starts(i) && in && f.Name == "main" {
			hit(t.Line, "go")
		}
	}
}

// lostAppend finds xs = append(xs, x) to a parameter that is not given back.
func lostAppend(p *program, hit func(int, string)) {
	for i, t := range p.toks {
		if !p.starts(i) || !p.seq(i, "_ = append (") || !p.at(i+4).Is(t.Text) {
			continue
		}
		f, in := p.FuncAt(t.Line)
		if !in || !slices.Contains(f.Params, t.Text) {
			continue
		}
		read := false
		for j, u := range p.toks {
			if u.Line >= f.Begin && u.Line <= f.End && u.Is(t.Text) && j != i && j != i+4 && !p.at(j-1).Is(".") {
				read = true
			}
		}
		if !read && f.Name != "" && !p.pointer(f, t.Text) {
			hit(t.Line, t.Text)
		}
	}
}

// pointer reports whether a parameter is declared with a * behind it, or is the receiver.
func (p *program) pointer(f source.Func, name string) bool {
	on := p.On(f.Line)
	for i, t := range on {
		if t.Is(name) && i+1 < len(on) && on[i+1].Is("*") {
			return true
		}
	}
	return false
}

// copyToNothing finds copy into a slice that has no length.
func copyToNothing(p *program, hit func(int, string)) {
	for i, t := range p.toks {
		if !p.seq(i, "copy ( _ ,") {
			continue
		}
		name := p.at(i + 2).Text
		for j := max(0, i-80); j < i; j++ {
			empty := p.seq(j, "var "+name+" [ ]") && p.at(j+4).Line == p.at(j).Line && !p.has(j, p.stop(j), "=")
			none := p.seq(j, name+" := make ( [ ] _ , 0") || p.seq(j, name+" := make ( [ ] int , 0")
			if (empty || none) && !p.changes(name, j+3, i) {
				hit(t.Line, name)
				break
			}
		}
	}
}

// indexForValue finds for x := range xs where x is summed up as if it were the element.
func indexForValue(p *program, hit func(int, string)) {
	slicesOf := map[string]bool{}
	for i := range p.toks {
		if p.seq(i, "_ [ ]") || p.seq(i, "_ := [ ]") {
			slicesOf[p.at(i).Text] = true
		}
	}
	for _, l := range p.blocks("for") {
		if !p.seq(l.head, "_ := range _") || l.head+4 != l.headEnd || !slicesOf[p.at(l.head+3).Text] {
			continue
		}
		name, over := p.at(l.head).Text, p.at(l.head+3).Text
		summed := false
		for i := l.begin; i < l.end; i++ {
			summed = summed || p.at(i).Is(name) && p.at(i-1).Is("+=") && p.starts(i+1)
		}
		if summed && !p.uses(over, l.begin, l.end) {
			hit(l.line, name)
		}
	}
}
