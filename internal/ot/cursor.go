package ot

import "codecollab.dev/internal/text"

// cursor walks over the sections of a change, in pieces of any length.
type cursor struct {
	section           // what is left of the current one; len 0 and ins past at the end
	rest    []section // those after it
	begun   bool      // part of the current section has been walked over
	placed  bool      // Map: the text of the current section has been put into the result
	broken  bool      // take cut a character in two
}

// past is the ins of a cursor that has come to the end.
const past = -2

func over(c ChangeSet) cursor {
	cur := cursor{rest: c.sections}
	cur.next()
	return cur
}

func (c *cursor) next() {
	c.begun, c.placed = false, false
	if len(c.rest) == 0 {
		c.section = section{0, past, ""}
		return
	}
	c.section, c.rest = c.rest[0], c.rest[1:]
}

func (c *cursor) done() bool    { return c.ins == past }
func (c *cursor) changes() bool { return c.ins >= 0 }

// skip moves on by n units of the old document, at most what is left of the section.
func (c *cursor) skip(n int) {
	if n == c.len {
		c.next()
		return
	}
	c.len -= n
	c.begun = true
}

// newLen is how much of the new document is left in the section.
func (c *cursor) newLen() int {
	if c.ins < 0 {
		return c.len
	}
	return c.ins
}

// take moves on by n units of the new document, at most what is left of the section, and returns the text inserted
// there, if any.
func (c *cursor) take(n int) string {
	if c.ins < 0 {
		c.skip(n)
		return ""
	}
	if n == c.ins {
		bit := c.text
		c.next()
		return bit
	}
	i := n
	if len(c.text) != c.ins {
		var inside bool
		i, inside = text.Index(c.text, n)
		c.broken = c.broken || inside
	}
	bit := c.text[:i]
	c.text = c.text[i:]
	c.ins -= n
	c.begun = true
	return bit
}
