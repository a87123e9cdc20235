package ot

// Compose returns the change that does what c and then d does: d starts in the document that c ends with. It is a
// bad_edit when the lengths do not meet, or when d cuts a character that c inserts in two.
func (c ChangeSet) Compose(d ChangeSet) (ChangeSet, error) {
	switch {
	case c.newLen != d.length:
		return ChangeSet{}, bad("The edit is for a document of %d units, but the one before it leaves %d.", d.length, c.newLen)
	case c.Empty():
		return d, nil
	case d.Empty():
		return c, nil
	}
	out := builder{out: make([]section, 0, len(c.sections)+len(d.sections))}
	a, b := over(c), over(d)
	// open: the next piece still belongs to the change that was put last, because one of the two sections that made
	// it goes on.
	open := false
	for !a.done() || !b.done() {
		switch {
		case a.ins == 0: // what c deletes, d has never seen
			out.put(section{a.len, 0, ""}, open)
			a.next()
		case b.len == 0 && !b.done():
			out.put(section{0, b.ins, b.text}, open)
			b.next()
		case a.done() || b.done():
			return ChangeSet{}, mismatch()
		default:
			open = composePiece(&out, &a, &b, open)
		}
	}
	if a.broken {
		return ChangeSet{}, bad("The edit cuts a character in two.")
	}
	return out.done(), nil
}

// composePiece puts the longest stretch that lies within one section of a and one of b, and reports whether the
// change that it put is still open.
func composePiece(out *builder, a, b *cursor, open bool) bool {
	n := min(a.newLen(), b.len)
	before := len(out.out)
	goesOn := a.ins > n || b.changes() && b.len > n
	// A section that is met in pieces gives its old length, or its text, with the first of them only.
	aKept, aLen, bIns, bText := a.kept(), a.len, b.ins, b.text
	if b.begun {
		bIns, bText = min(bIns, 0), ""
	}
	if aKept {
		aLen = n
	} else if a.begun {
		aLen = 0
	}
	bit := a.take(n)
	switch {
	case bIns != keep:
		out.put(section{aLen, bIns, bText}, open)
	case aKept:
		out.put(section{n, keep, ""}, open)
	default:
		out.put(section{aLen, n, bit}, open)
	}
	b.skip(n)
	return goesOn && (open || len(out.out) > before)
}
