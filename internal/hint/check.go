package hint

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"codecollab.dev/internal/hint/source"
)

// The reasons why a hint is withheld.
var (
	ErrLeak        = errors.New("the hint gives the solution away")
	ErrContradicts = errors.New("the hint contradicts the facts")
	ErrUnspecific  = errors.New("the hint is too long")
)

const (
	blockLines = 2   // of code may stand together
	spanTokens = 7   // of a piece of code that is not the program's
	sameTokens = .8  // of a repaired line's tokens in one piece of code are the repaired line
	hintWords  = 120 // at most
	proven     = .85 // from this confidence on, a hint for another line is a contradiction
	nearLines  = 2
)

// Check is an error when a hint contradicts the facts or gives the solution away. Everything that is shown has to pass it. Errors are
// ErrLeak, ErrContradicts or ErrUnspecific.
func Check(a Ask, f Findings, h Hint) error {
	if err := checkPlace(a, f, h); err != nil {
		return err
	}
	if n := len(strings.Fields(h.Text)); n > hintWords && a.Kind != KindExplain && a.Kind != KindReview {
		return fmt.Errorf("%w: %d words of at most %d", ErrUnspecific, n, hintWords)
	}
	return checkLeak(a, f, h.Text)
}

func checkPlace(a Ask, f Findings, h Hint) error {
	if h.Line == 0 || a.Kind == KindExplain || a.Kind == KindReview {
		return nil
	}
	name := h.File
	if name == "" {
		name = a.Program
	}
	for _, file := range a.Files {
		if n := strings.Count(file.Text, "\n") + 1; file.Name == name && (h.Line < 0 || h.Line > n) {
			return fmt.Errorf("%w: %s has no line %d", ErrContradicts, name, h.Line)
		}
	}
	if len(f.Suspects) == 0 || f.Suspects[0].Confidence < proven {
		return nil
	}
	for _, s := range f.Suspects {
		if s.Confidence >= f.Suspects[0].Confidence/3 && s.File == name && h.Line >= s.Line-nearLines && h.Line <= s.Line+nearLines {
			return nil
		}
	}
	return fmt.Errorf("%w: it names line %d, they speak of line %d", ErrContradicts, h.Line, f.Suspects[0].Line)
}

var (
	fence = regexp.MustCompile("(?s)(?:```|~~~)[^\n]*\n(.*?)(?:```|~~~|$)")
	span  = regexp.MustCompile("`([^`\n]+)`")
)

// checkLeak looks for the solution in a text: for code blocks, for pieces of code that are not the program's, and for lines that are
// known to repair it.
func checkLeak(a Ask, f Findings, text string) error {
	lang, _ := source.Of(a.Language)
	program := ""
	for _, file := range a.Files {
		program += file.Text + "\n"
	}
	flat := squeeze(program)
	for _, block := range fence.FindAllStringSubmatch(text, -1) {
		if lines := strings.Count(strings.TrimSpace(block[1]), "\n") + 1; lines > blockLines {
			return fmt.Errorf("%w: a block of %d lines of code", ErrLeak, lines)
		}
	}
	if n := indentedLines(text); n > blockLines {
		return fmt.Errorf("%w: %d lines of code", ErrLeak, n)
	}
	for _, fix := range f.fixes {
		for line := range strings.Lines(fix) {
			if s := squeeze(line); len(s) > 6 && strings.Contains(squeeze(text), s) && !strings.Contains(flat, s) {
				return fmt.Errorf("%w: a line that repairs the program", ErrLeak)
			}
		}
	}
	for _, code := range pieces(text) {
		if strings.Contains(flat, squeeze(code)) {
			continue
		}
		tokens := source.Lex(lang, code)
		if len(tokens) > spanTokens && a.Level < LevelPseudo {
			return fmt.Errorf("%w: a piece of code with %d tokens that is not the program's", ErrLeak, len(tokens))
		}
		for _, fix := range f.fixes {
			if overlap(tokens, source.Lex(lang, fix)) >= sameTokens {
				return fmt.Errorf("%w: a piece of code that is nearly a line that repairs the program", ErrLeak)
			}
		}
	}
	return nil
}

// pieces are the code spans of a text, and the lines of its code blocks.
func pieces(text string) (out []string) {
	for _, m := range fence.FindAllStringSubmatch(text, -1) {
		for line := range strings.Lines(m[1]) {
			out = append(out, strings.TrimSpace(line))
		}
	}
	for _, m := range span.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
		out = append(out, m[1])
	}
	return out
}

// indentedLines is the longest run of lines that are code by their indentation.
func indentedLines(text string) (most int) {
	n := 0
	for line := range strings.Lines(fence.ReplaceAllString(text, "")) {
		if strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "\t") {
			if n++; n > most {
				most = n
			}
			continue
		}
		n = 0
	}
	return most
}

// squeeze leaves out white space.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// overlap is which part of the tokens of a line stands in a piece of code.
func overlap(piece, line []source.Token) float64 {
	if len(line) == 0 {
		return 0
	}
	have := map[string]int{}
	for _, t := range piece {
		have[t.Text]++
	}
	n := 0
	for _, t := range line {
		if have[t.Text] > 0 {
			have[t.Text]--
			n++
		}
	}
	return float64(n) / float64(len(line))
}
