package desk

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"codecollab.dev/internal/hint"
)

// Why an answer is not shown.
var (
	errNonsense = errors.New("the answer does not have the form that was asked for")
	errWithheld = errors.New("the answer is withheld")
)

// form reads an answer as it comes, and passes on its words as soon as they may be shown (D2).
type form struct {
	start hint.Hint             // what is known of the hint before it is read
	lines int                   // of the file
	check func(hint.Hint) error // for what is about to be shown
	place func(hint.Hint)       // told once, when the place has passed the check
	say   func(text string)

	head  strings.Builder // until the hint begins
	begun bool
	hint  hint.Hint
	shown string // what was said
	held  string // what was not yet
	err   error
}

const headMost = 600 // characters before the hint begins

var (
	label  = regexp.MustCompile("(?i)^[\\s*_#>`-]*(line|kind|category|hint)[\\s*_]*:[\\s*_]*(.*)$")
	number = regexp.MustCompile(`\d+`)
	// plain is a word of a sentence, which cannot be code.
	plain = regexp.MustCompile(`^["“„(']?\pL[\pL'’-]*["”)']?[.,;:!?…]*["”)']?$`)
	// strange is what no hint has: addresses, and the mark of the prompt.
	strange = regexp.MustCompile(`(?i)\bhttps?:|\bwww\.|data-[0-9a-f]{16}`)
	// block is the beginning of a line that may begin a block of code.
	block = regexp.MustCompile("^(?: {4}|\t|~~~)|^ {1,3}$|^~{1,2}$")
	// sentence is where one ends.
	sentence = regexp.MustCompile(`[.!?:;…]["”)'` + "`" + `]*\s|\n`)
)

// add takes more of the answer; false when there is no use in more.
func (f *form) add(text string) bool {
	if f.err != nil {
		return false
	}
	if f.begun {
		f.held += text
	} else {
		f.head.WriteString(text)
		f.begin()
	}
	if f.begun && f.err == nil {
		f.release(false)
	}
	return f.err == nil
}

// begin looks for the place where the hint begins, and reads what stands before it.
func (f *form) begin() {
	f.hint = f.start
	hasLine := false
	rest := f.head.String()
	for rest != "" {
		line, after, whole := strings.Cut(rest, "\n")
		m := label.FindStringSubmatch(line)
		if m != nil && strings.EqualFold(m[1], "hint") && hasLine {
			f.begun = true
			f.held = strings.TrimLeft(m[2], " *_")
			if whole {
				f.held += "\n" + after
			}
			if f.hint.Line > f.lines {
				f.err = errNonsense
			}
			return
		}
		if !whole {
			break
		}
		if m != nil && strings.EqualFold(m[1], "line") {
			hasLine = true
			f.hint.Line, _ = strconv.Atoi(number.FindString(m[2])) // "none" is 0
		} else if m != nil {
			f.hint.Category = category(m[2])
		}
		rest = after
	}
	if f.head.Len() > headMost {
		f.err = errNonsense
	}
}

func category(text string) hint.Category {
	c := hint.Category(strings.ToLower(strings.Trim(text, " *_`.")))
	if !c.Known() {
		return hint.Other
	}
	return c
}

// release shows what may be shown of what is held: plain words at once, what may be code when its sentence is whole.
func (f *form) release(end bool) {
	for f.err == nil && f.held != "" {
		n := 0
		if inBlock := block.MatchString(f.held) && (f.shown == "" || strings.HasSuffix(f.shown, "\n")); !inBlock {
			n = f.ready()
		}
		if n == 0 && end {
			n = len(f.held)
		}
		if n == 0 {
			return
		}
		f.show(f.held[:n])
	}
}

// ready is how much of what is held may be shown before the rest is there.
func (f *form) ready() int {
	if n := plainWords(f.held); n > 0 {
		return n
	}
	return wholeSentence(f.held)
}

func (f *form) show(text string) {
	f.held = f.held[len(text):]
	if f.shown == "" {
		if text = strings.TrimLeft(text, " \n*_"); text == "" {
			return
		}
	}
	h := f.hint
	h.Text = strings.TrimSpace(f.shown + text)
	if strange.MatchString(h.Text) {
		f.err = errNonsense
		return
	}
	if err := f.check(h); err != nil {
		f.err = errors.Join(errWithheld, err)
		return
	}
	if f.shown == "" {
		f.place(h)
	}
	f.shown += text
	f.say(text)
}

// plainWords is how much of the beginning of a text, within its first line, are plain words, each with the space behind it.
func plainWords(text string) int {
	n := 0
	for n < len(text) {
		i := strings.IndexAny(text[n:], " \n")
		if i < 0 || i > 0 && !plain.MatchString(text[n:n+i]) {
			break
		}
		n += i + 1
		if text[n-1] == '\n' {
			break // what begins the next line has to be looked at
		}
	}
	return n
}

// wholeSentence is the length of the first sentence, if its end is there and not within back quotes.
func wholeSentence(text string) int {
	for _, at := range sentence.FindAllStringIndex(text, -1) {
		if strings.Count(text[:at[1]], "`")%2 == 0 {
			return at[1]
		}
	}
	return 0
}

// end reads what is left. The hint is as it was shown.
func (f *form) end() (hint.Hint, error) {
	if f.err == nil && !f.begun {
		f.add("\n") // the last line may have had no end
	}
	if f.err == nil && f.begun {
		f.held = strings.TrimRight(f.held, " \n\t`*_")
		if strings.Count(f.shown+f.held, "`")%2 == 1 {
			f.held += "`" // what was trimmed too much
		}
		f.release(true)
	}
	h := f.hint
	h.Text = strings.TrimSpace(f.shown)
	if f.err == nil && h.Text == "" {
		f.err = errNonsense
	}
	return h, f.err
}
