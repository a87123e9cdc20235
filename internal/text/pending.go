package text

// maxPending is how many bytes of typing may lie beside the tree. Each edit there copies all of them.
const maxPending = 128

// edit is one replacement, in units from the start of the text or node it is given to. ins is valid UTF-8, and units
// is its length. The zero value changes nothing.
type edit struct {
	from, to int
	ins      string
	units    int
}

// index is Index in the text to insert, at once where that is ASCII.
func (e *edit) index(pos int) (offset int, inside bool) {
	if e.units == len(e.ins) {
		return pos, false
	}
	return Index(e.ins, pos)
}

// merge returns the pending edit with e, which is in units of t, taken into it. It does not when the two do not
// touch, when the result is too long, or when a character would be cut.
func (t *Text) merge(e edit) (merged edit, ok bool) {
	p := &t.pending
	end := p.from + p.units
	if e.from > end || e.to < p.from || p.units == 0 && p.from == p.to {
		return edit{}, false
	}
	from, to := max(e.from, p.from), min(e.to, end) // what e replaces of the text that is pending
	i, cutFrom := p.index(from - p.from)
	j, cutTo := i, cutFrom
	if to != from {
		j, cutTo = p.index(to - p.from)
	}
	if cutFrom || cutTo || len(p.ins)-(j-i)+len(e.ins) > maxPending {
		return edit{}, false
	}
	merged.from, merged.to = min(p.from, e.from), p.to+max(e.to-end, 0)
	if merged.from < p.from && t.root.cut(merged.from) || merged.to > p.to && t.root.cut(merged.to) {
		return edit{}, false
	}
	merged.ins = p.ins[:i] + e.ins + p.ins[j:]
	merged.units = p.units - (to - from) + e.units
	return merged, true
}

// tree returns the whole text as a tree.
func (t Text) tree() *node {
	if p := t.pending; p.units > 0 || p.from != p.to {
		return t.root.replace(p)
	}
	return t.root
}

// replace returns the tree with e made in it; nil is the empty tree.
func (n *node) replace(e edit) *node {
	if n == nil {
		return build(e.ins)
	}
	floor := minLeaf
	if n.isLeaf() {
		floor = 1
	}
	if fresh := n.edit(e, floor); fresh != nil {
		return fresh
	}
	left, _ := split(n, e.from)
	_, right := split(n, e.to)
	return join(join(left, build(e.ins)), right)
}
