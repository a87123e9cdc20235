// Package ot is the algebra of edits: CodeMirror's ChangeSet, in its own JSON form, with the operations that a room
// needs to merge what people type. It gives byte for byte the JSON that @codemirror/state gives, so that server and
// client never disagree. SPEC.md has the rules by name.
//
// Every position and length counts UTF-16 code units, as JavaScript does. Every error is a *codecollab.Error of kind
// Invalid with the code "bad_edit". Nothing here does I/O, keeps state or changes its arguments.
package ot

import (
	"codecollab.dev"
)

// MaxLen is the greatest length of a document, in UTF-16 units, before or after a change that Parse accepts. It is
// more than a JavaScript string can hold, and keeps every sum of lengths far from overflow.
const MaxLen = 1 << 30

// ChangeSet turns a document of one length into another document. It is an immutable value; the zero value changes
// nothing in the empty document.
type ChangeSet struct {
	sections       []section // canonical: see builder
	length, newLen int
}

// section is a stretch of the old document, of len units, and what becomes of it: kept when ins is keep, otherwise
// replaced by text, which is ins units long.
type section struct {
	len, ins int
	text     string // UTF-8
}

const keep = -1

func (s section) kept() bool { return s.ins == keep }

// Len returns the length of the document before the change.
func (c ChangeSet) Len() int { return c.length }

// NewLen returns the length of the document after the change.
func (c ChangeSet) NewLen() int { return c.newLen }

// Empty reports whether the change leaves every document as it is.
func (c ChangeSet) Empty() bool {
	return len(c.sections) == 0 || len(c.sections) == 1 && c.sections[0].kept()
}

// Inserted returns how many units the change inserts.
func (c ChangeSet) Inserted() int {
	n := 0
	for _, s := range c.sections {
		n += max(s.ins, 0)
	}
	return n
}

// Each calls f for each changed range in order: the range in the old document, where it came to lie in the new one,
// and the text that it was replaced by. Changes that touch are reported as one, as iterChanges of CodeMirror does
// unless it is asked for individual ones.
func (c ChangeSet) Each(f func(fromA, toA, fromB, toB int, inserted string)) {
	posA, posB := 0, 0
	for i := 0; i < len(c.sections); {
		if s := c.sections[i]; s.kept() {
			posA, posB, i = posA+s.len, posB+s.len, i+1
			continue
		}
		endA, endB, text := posA, posB, ""
		for ; i < len(c.sections) && !c.sections[i].kept(); i++ {
			s := c.sections[i]
			endA, endB, text = endA+s.len, endB+s.ins, text+s.text
		}
		f(posA, endA, posB, endB, text)
		posA, posB = endA, endB
	}
}

// bad makes the one kind of error of this package.
func bad(format string, args ...any) error {
	return codecollab.Errorf(codecollab.Invalid, "bad_edit", format, args...)
}
