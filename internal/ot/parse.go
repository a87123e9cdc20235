package ot

import (
	"unicode/utf16"
	"unicode/utf8"

	"codecollab.dev/internal/text"
)

// Parse reads the JSON form of a change: an array of numbers, which keep so many units, and of arrays
// [n, ...lines], which replace n units by the lines joined with "\n". It refuses with a bad_edit what JavaScript's
// JSON.parse and ChangeSet.fromJSON refuse and, further, numbers that are not plain integers from 0 to MaxLen,
// documents longer than MaxLen, lines that hold "\n" or "\r", half of a surrogate pair, and invalid UTF-8.
//
// What is accepted is brought into the canonical form (OT3), which is the form of every change that CodeMirror makes
// by itself: sections without effect are dropped, and neighbours of one sort are joined.
func Parse(data []byte) (ChangeSet, error) {
	p := parser{data: data}
	p.sections.out = make([]section, 0, 3)
	if !p.changes() {
		return ChangeSet{}, bad("The edit is not a valid change: %s at byte %d.", p.wrong, p.pos)
	}
	c := p.sections.done()
	if c.length > MaxLen || c.newLen > MaxLen {
		return ChangeSet{}, bad("The edit is for a document of more than %d units.", MaxLen)
	}
	return c, nil
}

// parser reads one change. Its methods return false when they have met something wrong, which they name in wrong.
type parser struct {
	data     []byte
	pos      int
	wrong    string
	sections builder
	text     []byte // a text that could not be taken from data as it stands
}

func (p *parser) fail(wrong string) bool {
	p.wrong = wrong
	return false
}

// peek skips white space and returns the byte that follows, or 0 at the end.
func (p *parser) peek() byte {
	for ; p.pos < len(p.data); p.pos++ {
		switch c := p.data[p.pos]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// eat skips white space and then c, if it follows.
func (p *parser) eat(c byte) bool {
	if p.peek() != c || p.pos == len(p.data) {
		return false
	}
	p.pos++
	return true
}

func (p *parser) changes() bool {
	if !p.eat('[') {
		return p.fail("an array should begin")
	}
	for more := !p.eat(']'); more; {
		if !p.section() {
			return false
		}
		if more = p.eat(','); !more && !p.eat(']') {
			return p.fail("a comma or the end of the array should be")
		}
	}
	if p.peek(); p.pos < len(p.data) {
		return p.fail("something follows the change")
	}
	return true
}

func (p *parser) section() bool {
	s := section{ins: keep}
	var ok bool
	if !p.eat('[') {
		if s.len, ok = p.number(); ok {
			p.sections.put(s, false)
		}
		return ok
	}
	if s.len, ok = p.number(); !ok {
		return false
	}
	if s.text, s.ins, ok = p.lines(); ok {
		p.sections.put(s, false)
	}
	return ok
}

func (p *parser) number() (n int, ok bool) {
	c := p.peek()
	start := p.pos
	for ; c >= '0' && c <= '9'; c = p.at(p.pos) {
		if n = n*10 + int(c-'0'); n > MaxLen {
			return 0, p.fail("the number is too large")
		}
		p.pos++
	}
	switch {
	case p.pos == start:
		return 0, p.fail("a whole number, not below zero, should be")
	case c == '.' || c == 'e' || c == 'E':
		return 0, p.fail("the number is not written as an integer")
	case p.data[start] == '0' && p.pos > start+1:
		return 0, p.fail("the number starts with a zero")
	}
	return n, true
}

func (p *parser) at(i int) byte {
	if i < len(p.data) {
		return p.data[i]
	}
	return 0
}

// lines reads the rest of a replacement, its closing bracket included, and returns the text and its units.
func (p *parser) lines() (s string, units int, ok bool) {
	p.text = p.text[:0]
	for count := 0; ; count++ {
		if p.eat(']') {
			return s, units, true
		}
		if !p.eat(',') || !p.eat('"') {
			return "", 0, p.fail("a line of text or the end of the replacement should be")
		}
		if count == 0 {
			if s, ok = p.plain(); ok {
				units = len(s)
				continue
			}
		}
		// Not one plain line: collect all that there are.
		if count == 1 {
			p.text = append(p.text, s...)
		}
		if count > 0 {
			p.text = append(p.text, '\n')
		}
		if !p.line() {
			return "", 0, false
		}
		if p.peek() == ']' {
			s = string(p.text)
			units = text.Units(s)
		}
	}
}

// plain reads a string of ASCII without escapes, up to and with the closing quote. If it is not that, plain leaves
// pos where it is.
func (p *parser) plain() (string, bool) {
	for i := p.pos; i < len(p.data); i++ {
		switch c := p.data[i]; {
		case c == '"':
			s := string(p.data[p.pos:i])
			p.pos = i + 1
			return s, true
		case c == '\\' || c < ' ' || c >= utf8.RuneSelf:
			return "", false
		}
	}
	return "", false
}

// line appends any string to text, up to and with the closing quote.
func (p *parser) line() bool {
	for start := p.pos; p.pos < len(p.data); {
		switch c := p.data[p.pos]; {
		case c == '"':
			p.text = append(p.text, p.data[start:p.pos]...)
			p.pos++
			return true
		case c == '\\':
			p.text = append(p.text, p.data[start:p.pos]...)
			if !p.escape() {
				return false
			}
			start = p.pos
		case c < ' ':
			return p.fail("a control character is not escaped")
		case c < utf8.RuneSelf:
			p.pos++
		default:
			r, size := utf8.DecodeRune(p.data[p.pos:])
			if r == utf8.RuneError && size <= 1 {
				return p.fail("the text is not valid UTF-8")
			}
			p.pos += size
		}
	}
	return p.fail("the text does not end")
}

// escape reads what a backslash begins.
func (p *parser) escape() bool {
	c := p.at(p.pos + 1)
	switch c {
	case '"', '\\', '/':
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 't':
		c = '\t'
	case 'n', 'r':
		return p.fail("a line holds a line break")
	case 'u':
		return p.unicode()
	default:
		return p.fail("the escape is unknown")
	}
	p.text = append(p.text, c)
	p.pos += 2
	return true
}

// unicode reads \uXXXX, or two of them where they make a surrogate pair.
func (p *parser) unicode() bool {
	r, ok := p.unit(p.pos)
	if !ok {
		return p.fail("the escape is not of four hexadecimal digits")
	}
	size := 6
	if utf16.IsSurrogate(r) {
		low, _ := p.unit(p.pos + size)
		if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
			return p.fail("half of a surrogate pair stands alone")
		}
		size = 12
	}
	if r == '\n' || r == '\r' {
		return p.fail("a line holds a line break")
	}
	p.text = utf8.AppendRune(p.text, r)
	p.pos += size
	return true
}

// unit reads one \uXXXX at i.
func (p *parser) unit(i int) (r rune, ok bool) {
	if i+6 > len(p.data) || p.data[i] != '\\' || p.data[i+1] != 'u' {
		return 0, false
	}
	for _, c := range p.data[i+2 : i+6] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
