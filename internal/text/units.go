package text

import (
	"strings"
	"unicode/utf8"
)

// half stands for one half of a surrogate pair: UTF-8 has no form for it, and U+FFFD is one unit long like the half.
const half = "\uFFFD"

// astral is the first code point that takes two UTF-16 units.
const astral = 0x10000

// Units returns the length of s in UTF-16 code units. A byte that is not part of valid UTF-8 counts as one.
func Units(s string) int {
	i := ascii(s)
	n := i
	for _, r := range s[i:] {
		n++
		if r >= astral {
			n++
		}
	}
	return n
}

// Index returns the byte offset in s, which must be valid UTF-8, of the position that lies units UTF-16 code units
// after its start. When that position is inside a surrogate pair, the offset is that of the character and inside is
// true. Past the end, the offset is len(s).
func Index(s string, units int) (offset int, inside bool) {
	i := 0
	for units > 0 && i < len(s) {
		// The first byte tells all; decoding would take several times as long.
		switch c := s[i]; {
		case c < utf8.RuneSelf:
			i++
		case c < 0xE0:
			i += 2
		case c < 0xF0:
			i += 3
		case units == 1:
			return i, true
		default:
			i += 4
			units--
		}
		units--
	}
	return min(i, len(s)), false
}

// ascii returns the length of the ASCII text that s starts with.
func ascii(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return i
		}
	}
	return len(s)
}

// valid returns s with U+FFFD for each byte that is not part of valid UTF-8.
func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	for _, r := range s {
		b.WriteRune(r)
	}
	return b.String()
}
