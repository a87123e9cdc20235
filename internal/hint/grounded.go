package hint

import (
	"fmt"
	"strings"

	"codecollab.dev/internal/hint/mutate"
)

// detail is what a template needs beside the category.
type detail struct {
	op      mutate.Op // of a repair; empty: the category speaks
	what    string    // a piece of the program that the sentence is about
	message string    // what a tool said
	tool    Source
	rule    string // of a well-known mistake: its own sentence says the place
}

// Sure is the confidence from which a hint is given without being asked to guess.
const Sure = .75

// Grounded makes a hint of findings alone, or says that they are not enough for one.
func Grounded(a Ask, f Findings) (Hint, bool) {
	if len(f.Suspects) == 0 || f.Suspects[0].Confidence < Sure {
		return Hint{}, false
	}
	return say(a, f, f.Suspects[0])
}

// Guess is Grounded for people who want the likeliest place even where nobody can stand by it.
func Guess(a Ask, f Findings) (Hint, bool) {
	if len(f.Suspects) == 0 {
		return Hint{}, false
	}
	return say(a, f, f.Suspects[0])
}

// say puts a suspicion into words.
func say(a Ask, f Findings, s Suspect) (Hint, bool) {
	w := wordsOf(a.Speech)
	p, ok := w.ops[s.detail.op]
	if !ok {
		p = w.categories[s.Category]
	}
	h := Hint{Level: min(max(a.Level, LevelQuestion), LevelPseudo), Category: s.Category, Source: SourceGrounded, Confidence: s.Confidence, Facts: behind(f, s)}
	switch h.Level {
	case LevelQuestion:
		h.Text = p.question
	case LevelConcept:
		h.Text = p.concept
	default:
		h.File, h.Line = s.File, s.Line
		h.Text = placeText(a, f, s, w, p)
	}
	h.Text = w.fill(h.Text, s.detail.what)
	return h, Check(a, f, h) == nil
}

func placeText(a Ask, f Findings, s Suspect, w words, p phrase) string {
	var b strings.Builder
	if s.File == a.Program || s.File == "" {
		fmt.Fprintf(&b, w.line, s.Line)
	} else {
		fmt.Fprintf(&b, w.lineOf, s.Line, s.File)
	}
	if own := w.rules[s.detail.rule]; own != "" {
		b.WriteString(own)
	} else {
		b.WriteString(p.place)
	}
	if s.detail.message != "" {
		b.WriteString(" " + fmt.Sprintf(w.says, w.tool(s.detail.tool), shorten(s.detail.message, 90)) + ".")
	}
	if a.Level >= LevelPseudo {
		b.WriteString(" " + p.steps)
		return b.String()
	}
	if f.Failing != nil && f.Failing.Test.Stdin != "" {
		if in := shorten(f.Failing.Test.Stdin, 40); f.Failing.Late {
			b.WriteString(" " + fmt.Sprintf(w.late, in))
		} else {
			b.WriteString(" " + fmt.Sprintf(w.failing, in))
		}
	}
	return b.String()
}

// shorten makes one line of a text, and a short one.
func shorten(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return s
}

// behind are the facts that speak of the suspect's line.
func behind(f Findings, s Suspect) (out []Fact) {
	for _, fact := range f.Facts {
		if fact.File == s.File && fact.Line >= s.Line-1 && fact.Line <= s.Line+1 && len(out) < 5 {
			out = append(out, fact)
		}
	}
	return out
}
