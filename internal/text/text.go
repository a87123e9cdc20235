// Package text holds a document's text on the server: an immutable rope that is indexed in UTF-16 code units, as
// JavaScript strings and CodeMirror's positions are, and that stores UTF-8.
//
// A Text is a value. Replace gives a new Text and leaves the old one as it was; the two share all but the path to the
// place that changed, so a snapshot costs nothing and may be read by any number of goroutines.
//
// The rope is a B-tree of short strings: all leaves lie at the same depth, and every node but the root is at least
// half full (leaves: a quarter), whatever the order of the edits. The last stretch of typing is not in the tree yet:
// it lies beside it as one replacement, which takes in each edit that touches it, so that most edits copy only that.
package text

import (
	"fmt"
	"io"
	"strings"
)

// Text is an immutable document. The zero value is the empty document.
type Text struct {
	root    *node // nil: empty
	pending edit  // to be made in root; it cuts no character in two
}

// Of returns the text of s. A byte that is not part of valid UTF-8 becomes U+FFFD, one for each such byte, as a
// conversion to []rune does; so a Text is always valid and never holds half of a surrogate pair.
func Of(s string) Text {
	return Text{root: build(valid(s))}
}

// Len returns the length in UTF-16 code units, the unit of every position in this package.
func (t Text) Len() int {
	return t.root.length() - (t.pending.to - t.pending.from) + t.pending.units
}

// Bytes returns the length in bytes of UTF-8, which is what a limit on the size of a file counts.
func (t Text) Bytes() int {
	if t.root == nil {
		return len(t.pending.ins)
	}
	gone := t.root.offset(t.pending.to) - t.root.offset(t.pending.from)
	return t.root.bytes - gone + len(t.pending.ins)
}

// String returns the whole text.
func (t Text) String() string {
	root := t.tree()
	if root == nil {
		return ""
	}
	if root.isLeaf() {
		return root.text
	}
	var b strings.Builder
	b.Grow(root.bytes)
	root.each(func(s string) bool {
		b.WriteString(s)
		return true
	})
	return b.String()
}

// Slice returns the text between two positions. Half of a surrogate pair at either end becomes U+FFFD, so that the
// result is to-from units long in any case. It panics when the range is not within the text, as slicing a string does.
func (t Text) Slice(from, to int) string {
	t.check(from, to)
	if from == to {
		return ""
	}
	var b strings.Builder
	b.Grow(to - from)
	t.tree().slice(&b, from, to)
	return b.String()
}

// Replace returns the text with the range between two positions replaced by ins. An end of the range that lies inside
// a surrogate pair leaves U+FFFD in the place of the half outside of the range (see Splits); invalid UTF-8 in ins is
// treated as Of does. It panics when the range is not within the text.
func (t Text) Replace(from, to int, ins string) Text {
	t.check(from, to)
	if from == to && ins == "" {
		return t
	}
	units := len(ins)
	if ascii(ins) != units {
		ins = valid(ins)
		units = Units(ins)
	}
	e := edit{from, to, ins, units}
	if merged, ok := t.merge(e); ok {
		return Text{t.root, merged}
	}
	root := t.tree()
	if len(ins) > maxPending || root.cut(from) || root.cut(to) {
		return Text{root: root.replace(e)}
	}
	return Text{root, e}
}

// Splits reports whether pos lies inside a surrogate pair: between the two units of one character. It panics when pos
// is not within the text.
func (t Text) Splits(pos int) bool {
	t.check(pos, pos)
	p := &t.pending
	switch end := p.from + p.units; {
	case pos <= p.from:
		return t.root.cut(pos)
	case pos >= end:
		return t.root.cut(pos - end + p.to)
	}
	_, inside := p.index(pos - p.from)
	return inside
}

// WriteTo writes the text as UTF-8, piece by piece, without making one string of it. It implements io.WriterTo; the
// error is that of w.
func (t Text) WriteTo(w io.Writer) (written int64, err error) {
	root := t.tree()
	if root == nil {
		return 0, nil
	}
	root.each(func(s string) bool {
		var n int
		n, err = io.WriteString(w, s)
		written += int64(n)
		return err == nil
	})
	return written, err
}

func (t Text) check(from, to int) {
	if from < 0 || to < from || to > t.Len() {
		panic(fmt.Sprintf("text: range %d to %d in a text of %d units", from, to, t.Len()))
	}
}
