package runner

import (
	"fmt"
	"unicode/utf8"
)

// clipped keeps the head and the tail of a stream and counts what was between. Its memory is bounded by twice keep.
type clipped struct {
	keep int
	head []byte
	tail []byte // a ring once it is full
	next int    // where the ring goes on
	lost int64  // bytes between head and tail
}

func (c *clipped) write(p []byte) {
	if room := c.keep - len(c.head); room > 0 {
		n := min(room, len(p))
		c.head = append(c.head, p[:n]...)
		p = p[n:]
	}
	if over := len(p) - c.keep; over > 0 {
		c.lost += int64(over)
		p = p[over:]
	}
	if room := c.keep - len(c.tail); room > 0 {
		n := min(room, len(p))
		c.tail = append(c.tail, p[:n]...)
		p = p[n:]
	}
	c.lost += int64(len(p))
	for len(p) > 0 {
		n := copy(c.tail[c.next:], p)
		c.next = (c.next + n) % c.keep
		p = p[n:]
	}
}

// rest is the tail in order.
func (c *clipped) rest() []byte {
	return append(append([]byte(nil), c.tail[c.next:]...), c.tail[:c.next]...)
}

// String is head and tail with a line between that says how much is missing.
func (c *clipped) String() string {
	if c.lost == 0 {
		return string(c.head) + string(c.rest())
	}
	head, tail := c.head, c.rest()
	lost := c.lost
	whole := wholeRunes(head)
	lost += int64(len(head) - whole)
	start := 0
	for start < len(tail) && start < utf8.UTFMax && !utf8.RuneStart(tail[start]) {
		start++
	}
	lost += int64(start)
	return string(head[:whole]) + gap(lost) + string(tail[start:])
}

func gap(lost int64) string { return fmt.Sprintf("\n… %d bytes left out …\n", lost) }

// wholeRunes is how many bytes of p do not belong to a character that goes on after p.
func wholeRunes(p []byte) int {
	for back := 1; back < utf8.UTFMax && back <= len(p); back++ {
		b := p[len(p)-back]
		if utf8.RuneStart(b) {
			if !utf8.FullRune(p[len(p)-back:]) {
				return len(p) - back
			}
			break
		}
	}
	return len(p)
}
