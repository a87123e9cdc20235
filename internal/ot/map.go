package ot

// Map returns c as it must be applied after over, where both start in the same document. Where the two insert at one
// position, before says that the text of c goes first; otherwise that of over does. It is a bad_edit when the two are
// for documents of different lengths.
//
// Mapping over a composition is not mapping over its parts (OT6): map over one entry of the log at a time.
func (c ChangeSet) Map(over ChangeSet, before bool) (ChangeSet, error) {
	if c.length != over.length {
		return ChangeSet{}, bad("The edit is for a document of %d units, and this one has %d.", c.length, over.length)
	}
	if over.Empty() {
		return c, nil
	}
	return mapOver(c, over, before)
}

func mapOver(c, o ChangeSet, before bool) (ChangeSet, error) {
	out := builder{out: make([]section, 0, min(2*len(c.sections)+1, len(c.sections)+len(o.sections)))}
	a, b := over(c), over(o)
	for !a.done() || !b.done() {
		switch {
		case a.done() && b.len > 0 || b.done() && a.len > 0:
			return ChangeSet{}, mismatch()
		case a.kept() && b.kept():
			n := min(a.len, b.len)
			out.put(section{n, keep, ""}, false)
			a.skip(n)
			b.skip(n)
		case b.changes() && (!a.changes() || a.placed || firstIsB(&a, &b, before)):
			mapPast(&out, &a, &b)
		case a.changes():
			mapPiece(&out, &a, &b)
		default:
			return ChangeSet{}, mismatch()
		}
	}
	return out.done(), nil
}

// firstIsB orders two changes that start at one position: the shorter goes first, and of two equally long ones before
// decides. A change of a that was begun further left goes first.
func firstIsB(a, b *cursor, before bool) bool {
	return !a.begun && (b.len < a.len || b.len == a.len && !before)
}

// mapPast moves past the change at b: what it inserts is kept, and what it deletes is gone. A change of a that ends
// in there has nothing left to delete, but its text stays.
func mapPast(out *builder, a, b *cursor) {
	out.put(section{b.ins, keep, ""}, false)
	for left := b.len; left > 0; {
		n := min(a.len, left)
		if a.changes() && !a.placed && a.len <= n {
			out.put(section{0, a.ins, a.text}, false)
			a.placed = true
		}
		a.skip(n)
		left -= n
	}
	b.next()
}

// mapPiece puts the change at a, as far as the next change of b that inserts something or reaches past the end of a.
// Of what it deletes, only that counts which b keeps; its text is put with the first piece.
func mapPiece(out *builder, a, b *cursor) {
	kept, left := 0, a.len
walk:
	for left > 0 {
		switch {
		case b.kept():
			n := min(left, b.len)
			kept += n
			left -= n
			b.skip(n)
		case b.ins == 0 && b.len < left:
			left -= b.len
			b.next()
		default:
			break walk
		}
	}
	s := section{kept, 0, ""}
	if !a.placed {
		s = section{kept, a.ins, a.text}
	}
	out.put(s, false)
	rest := a.len - left
	a.placed = true
	a.skip(rest)
}

func mismatch() error {
	return bad("The two edits are for documents of different lengths.")
}

// MapPos returns where a position of the old document lies in the new one. Where text was inserted at pos, an assoc
// below zero stays before it and any other goes after it; inside a replaced range, the position goes to its start or
// its end in the same way. A position outside of the document is taken to its nearest end.
func (c ChangeSet) MapPos(pos, assoc int) int {
	pos = min(max(pos, 0), c.length)
	posA, posB := 0, 0
	for _, s := range c.sections {
		endA := posA + s.len
		switch {
		case s.kept():
			if endA > pos {
				return posB + pos - posA
			}
			posB += s.len
		case endA > pos || endA == pos && assoc < 0 && s.len == 0:
			if pos == posA || assoc < 0 {
				return posB
			}
			return posB + s.ins
		default:
			posB += s.ins
		}
		posA = endA
	}
	return posB
}
