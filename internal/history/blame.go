package history

import (
	"slices"

	"codecollab.dev"
	"codecollab.dev/internal/ot"
)

// Stint is a short stretch of time in which a person edited: what they wrote in it is told apart from what they wrote
// later, and not any finer.
type Stint struct {
	By      string             `json:"by"`      // the person; empty: the server
	Version codecollab.Version `json:"version"` // the first event of it
	At      int64              `json:"at"`      // when that was, ms since the Unix epoch
}

// stintLength is the longest stint in ms.
const stintLength = 60_000

// Span is a piece of a text that was written in one stint.
type Span struct {
	Len   int // UTF-16 units
	Stint *Stint
}

// Blame says of every unit of a text who wrote it. Neighbours are of different stints, and none is empty.
type Blame struct {
	spans []Span
	// Where the last edit was: the next one is mostly near. at is the index of a span, off the position of its start.
	at, off int
}

// Spans are the pieces of the text in order. They may not be changed, and are good until the next edit.
func (b *Blame) Spans() []Span { return b.spans }

// Len is the length of the text in UTF-16 units.
func (b *Blame) Len() int {
	n := 0
	for _, s := range b.spans {
		n += s.Len
	}
	return n
}

// edit makes a change of the text, written in a stint.
func (b *Blame) edit(c ot.ChangeSet, by *Stint) {
	c.Each(func(fromA, toA, fromB, toB int, _ string) { b.replace(fromB, toA-fromA, toB-fromB, by) })
}

// replace puts ins units of a stint in the place of del units at pos.
func (b *Blame) replace(pos, del, ins int, by *Stint) {
	b.seek(pos)
	first, last := b.at, b.at
	left := pos - b.off
	pieces := make([]Span, 0, 4)
	if first > 0 { // its neighbour may be of the same stint
		first--
		pieces = append(pieces, b.spans[first])
		b.off -= b.spans[first].Len
	}
	if left > 0 {
		pieces = join(pieces, Span{left, b.spans[last].Stint})
	}
	pieces = join(pieces, Span{ins, by})
	for del += left; last < len(b.spans) && del >= b.spans[last].Len; last++ {
		del -= b.spans[last].Len
	}
	if last < len(b.spans) {
		pieces = join(pieces, Span{b.spans[last].Len - del, b.spans[last].Stint})
		last++
	}
	b.spans = slices.Replace(b.spans, first, last, pieces...)
	b.at = first
}

// seek moves to the span that holds the unit at pos, or to the end.
func (b *Blame) seek(pos int) {
	for b.off > pos {
		b.at--
		b.off -= b.spans[b.at].Len
	}
	for b.at < len(b.spans) && b.off+b.spans[b.at].Len <= pos {
		b.off += b.spans[b.at].Len
		b.at++
	}
}

// join appends a span, or lengthens the last one.
func join(list []Span, s Span) []Span {
	if s.Len == 0 {
		return list
	}
	if n := len(list); n > 0 && list[n-1].Stint == s.Stint {
		list[n-1].Len += s.Len
		return list
	}
	return append(list, s)
}
