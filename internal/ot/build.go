package ot

import (
	"slices"
	"strings"
	"unicode/utf8"

	"codecollab.dev/internal/text"
)

// builder collects sections into the canonical form, which is the one that CodeMirror makes: no section is without
// effect, and no two neighbours are both kept, both deletions or both insertions. A replacement next to another
// stays apart from it, because positions map differently through the two.
type builder struct {
	out  []section
	join []byte // the text of the last section of out, while it is pieced together; empty: it is in the section
}

// put adds a section. With merge, it becomes part of the change before it instead.
func (b *builder) put(s section, merge bool) {
	if s.len == 0 && s.ins <= 0 {
		return
	}
	if n := len(b.out); n > 0 {
		last := &b.out[n-1]
		switch {
		case s.ins <= 0 && s.ins == last.ins:
			last.len += s.len
			return
		case merge || s.len == 0 && last.len == 0:
			last.len += s.len
			last.ins += s.ins
			b.extend(last, s.text)
			return
		}
	}
	b.seal()
	b.out = append(b.out, s)
}

// extend appends to the text of the last section, in a buffer: a long text may come in thousands of pieces.
func (b *builder) extend(last *section, piece string) {
	switch {
	case piece == "":
		return
	case last.text == "" && len(b.join) == 0:
		last.text = piece
		return
	case len(b.join) == 0:
		b.join = append(b.join, last.text...)
	}
	b.join = append(b.join, piece...)
}

// seal gives the last section the text that was pieced together for it.
func (b *builder) seal() {
	if len(b.join) > 0 {
		b.out[len(b.out)-1].text = string(b.join)
		b.join = b.join[:0]
	}
}

func (b *builder) done() ChangeSet {
	b.seal()
	c := ChangeSet{sections: b.out}
	for _, s := range b.out {
		c.length += s.len
		if s.kept() {
			c.newLen += s.len
		} else {
			c.newLen += s.ins
		}
	}
	return c
}

// Edit is one replacement for ReplaceAll: of the units From to To by Insert.
type Edit struct {
	From, To int
	Insert   string
}

// Replace makes the change that replaces the units from to to, in a document of docLen, by insert. As in CodeMirror,
// "\r\n" and "\r" become "\n"; invalid UTF-8 becomes U+FFFD. It panics when the range is not within the document.
func Replace(docLen, from, to int, insert string) ChangeSet {
	c, err := ReplaceAll(docLen, Edit{from, to, insert})
	if err != nil {
		panic("ot: " + err.Error())
	}
	return c
}

// ReplaceAll makes one change of several replacements. Their positions are all in the document before the change, of
// docLen units. They must be in order and must not overlap; otherwise, and when one lies outside of the document, the
// error is a bad_edit. Texts are treated as Replace does.
func ReplaceAll(docLen int, edits ...Edit) (ChangeSet, error) {
	b := builder{out: make([]section, 0, 2*len(edits)+1)}
	pos := 0
	for _, e := range edits {
		if e.From < pos || e.To < e.From || e.To > docLen {
			return ChangeSet{}, bad("The range %d to %d is out of order or outside of the document (%d units).",
				e.From, e.To, docLen)
		}
		ins := clean(e.Insert)
		b.put(section{e.From - pos, keep, ""}, false)
		b.put(section{e.To - e.From, text.Units(ins), ins}, false)
		pos = e.To
	}
	b.put(section{docLen - pos, keep, ""}, false)
	return b.done(), nil
}

// clean makes s fit to be inserted.
func clean(s string) string {
	if !utf8.ValidString(s) {
		s = string([]rune(s))
	}
	if strings.Contains(s, "\r") {
		s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	}
	return s
}

// ComposeAll composes a run of changes, each of which starts where the one before it ends. It composes neighbours
// first, so that tens of thousands take a few tens of milliseconds. The list must not be empty; the errors are those
// of Compose.
//
// The document is the same however the run is grouped; the sections may not be (SPEC.md, OT9), so both sides of a
// connection may only count on the composed change, not on having composed it in the same way.
func ComposeAll(list []ChangeSet) (ChangeSet, error) {
	if len(list) == 0 {
		return ChangeSet{}, bad("There are no edits to compose.")
	}
	work := slices.Clone(list)
	for len(work) > 1 {
		half := work[:0]
		for i := 0; i < len(work); i += 2 {
			if i+1 == len(work) {
				half = append(half, work[i])
				break
			}
			c, err := work[i].Compose(work[i+1])
			if err != nil {
				return ChangeSet{}, err
			}
			half = append(half, c)
		}
		work = half
	}
	return work[0], nil
}
