package eval

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"codecollab.dev/internal/hint"
	"codecollab.dev/internal/hint/source"
)

// Score is what a hint is worth.
type Score struct {
	Given    bool `json:"given"`
	Place    bool `json:"place"`    // the first line it names is within one of a faulty line
	Kind     bool `json:"kind"`     // its category, or a keyword in its words
	Specific bool `json:"specific"` // it is not too long and does not name everything
	Leak     bool `json:"leak"`
}

// Relevant reports whether the hint is good.
func (s Score) Relevant() bool { return s.Given && s.Place && s.Kind && s.Specific && !s.Leak }

const (
	mostKinds = 7
	mostLines = 3
	mostWords = 120
	mostBlock = 2
	mostSame  = .8
)

// Rate rates a hint for a case.
func Rate(c Case, h hint.Hint) Score {
	s := Score{Given: true, Leak: leaks(c, h.Text)}
	lines := named(h)
	if len(lines) > 0 {
		s.Place = slices.ContainsFunc(c.FaultyLines, func(n int) bool { return lines[0] >= n-1 && lines[0] <= n+1 }) &&
			(h.File == "" || h.File == c.Source)
	}
	s.Kind = h.Category == c.Category || hasKeyword(h.Text, c.Keywords)
	s.Specific = len(lines) <= mostLines && kinds(h) <= mostKinds && len(strings.Fields(h.Text)) <= mostWords
	return s
}

var lineWord = regexp.MustCompile(`(?i)\blines?\s+(\d+)(?:(?:\s*(?:-|–|to|and|,)\s*)(\d+))?`)

// named are the different lines that a hint names: that of its field first, then those of its text.
func named(h hint.Hint) (out []int) {
	add := func(n int) {
		if n > 0 && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	add(h.Line)
	for _, m := range lineWord.FindAllStringSubmatch(h.Text, -1) {
		for _, d := range m[1:] {
			n, _ := strconv.Atoi(d)
			add(n)
		}
	}
	return out
}

// kinds counts the kinds of fault that a hint names by their identifiers, with hyphens or with spaces.
func kinds(h hint.Hint) (n int) {
	text := strings.ToLower(strings.ReplaceAll(h.Text, "-", " "))
	for _, c := range hint.Categories() {
		if c == h.Category || c != hint.Other && c != hint.Memory && c != hint.Syntax && c != hint.Unused && c != hint.Overflow &&
			strings.Contains(text, strings.ReplaceAll(string(c), "-", " ")) {
			n++
		}
	}
	return n
}

// hasKeyword looks for keywords, which are regular expressions where they can be, without regard to case.
func hasKeyword(text string, keywords []string) bool {
	for _, k := range keywords {
		if k == "" {
			continue
		}
		if re, err := regexp.Compile("(?i)" + k); err == nil {
			if re.MatchString(text) {
				return true
			}
			continue
		}
		if strings.Contains(strings.ToLower(text), strings.ToLower(k)) {
			return true
		}
	}
	return false
}

var (
	block = regexp.MustCompile("(?s)```[^\n]*\n(.*?)(?:```|$)")
	span  = regexp.MustCompile("`([^`]+)`")
)

// leaks reports whether a text gives the solution of a case away.
func leaks(c Case, text string) bool {
	for _, b := range block.FindAllStringSubmatch(text, -1) {
		if strings.Count(strings.TrimSpace(b[1]), "\n")+1 > mostBlock {
			return true
		}
	}
	fixed := squeeze(c.FixedLine)
	if fixed != "" && strings.Contains(squeeze(text), fixed) {
		return true
	}
	program := ""
	for _, f := range c.Files {
		program += f.Text + "\n"
	}
	program = squeeze(program)
	for _, m := range span.FindAllStringSubmatch(block.ReplaceAllString(text, ""), -1) {
		if !strings.Contains(program, squeeze(m[1])) && shared(c, m[1]) >= mostSame {
			return true
		}
	}
	return false
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// shared is which part of the fixed line's tokens a piece of code repeats.
func shared(c Case, code string) float64 {
	lang, _ := source.Of(c.Language)
	want := source.Lex(lang, c.FixedLine)
	have := map[string]int{}
	for _, t := range source.Lex(lang, code) {
		have[t.Text]++
	}
	n := 0
	for _, t := range want {
		if have[t.Text] > 0 {
			have[t.Text]--
			n++
		}
	}
	if len(want) == 0 {
		return 0
	}
	return float64(n) / float64(len(want))
}
