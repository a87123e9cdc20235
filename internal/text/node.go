package text

import (
	"strings"
	"unicode/utf8"
)

// The shape of the tree. Small leaves make an edit cheap (a leaf is copied by each edit in it), large ones make the
// tree small; these were measured on the traces (see the benchmarks of package ot).
const (
	maxLeaf = 512         // bytes
	minLeaf = maxLeaf / 4 // bytes; the root may be shorter
	maxKids = 16
	minKids = maxKids / 2 // the root may have as few as two
)

// node is a leaf (height 0: text) or a branch (kids, all of one height). It never changes once it is built.
type node struct {
	text   string
	kids   []*node
	units  int // UTF-16 code units below
	bytes  int // bytes of UTF-8 below
	height int
}

func leaf(s string) *node {
	return &node{text: s, units: Units(s), bytes: len(s)}
}

// branch makes a node of kids, which it keeps. One kid is returned as it is, and none is nil.
func branch(kids []*node) *node {
	if len(kids) == 0 {
		return nil
	}
	if len(kids) == 1 {
		return kids[0]
	}
	n := &node{kids: kids, height: kids[0].height + 1}
	for _, k := range kids {
		n.units += k.units
		n.bytes += k.bytes
	}
	return n
}

func (n *node) isLeaf() bool  { return n.height == 0 }
func (n *node) isASCII() bool { return n.units == n.bytes }

// index is Index in a leaf, at once where the leaf is ASCII.
func (n *node) index(pos int) (offset int, inside bool) {
	if n.isASCII() {
		return pos, false
	}
	return Index(n.text, pos)
}

// edit returns a copy of n with e applied, if e falls within one leaf, splits no character and leaves that leaf a
// size between floor and maxLeaf; otherwise nil, and the edit must be made by split and join. Nearly every edit that a
// person makes goes this way, and it copies one leaf and the branches above it.
func (n *node) edit(e edit, floor int) *node {
	if n.isLeaf() {
		return n.editLeaf(e, floor)
	}
	for i, k := range n.kids {
		if e.to <= k.units {
			if e.from < 0 {
				return nil
			}
			fresh := k.edit(e, floor)
			if fresh == nil {
				return nil
			}
			return n.with(i, fresh)
		}
		e.from -= k.units
		e.to -= k.units
	}
	return nil
}

func (n *node) editLeaf(e edit, floor int) *node {
	i, insideFrom := n.index(e.from)
	j, insideTo := i, insideFrom
	if e.to != e.from {
		j, insideTo = n.index(e.to)
	}
	size := n.bytes - (j - i) + len(e.ins)
	if insideFrom || insideTo || size < floor || size > maxLeaf {
		return nil
	}
	return &node{text: n.text[:i] + e.ins + n.text[j:], units: n.units - (e.to - e.from) + e.units, bytes: size}
}

// with returns a copy of n whose kid i is k.
func (n *node) with(i int, k *node) *node {
	b := &struct { // one allocation for the node and its kids
		node
		space [maxKids]*node
	}{}
	old := n.kids[i]
	b.kids = b.space[:len(n.kids)]
	copy(b.kids, n.kids)
	b.kids[i] = k
	b.units = n.units - old.units + k.units
	b.bytes = n.bytes - old.bytes + k.bytes
	b.height = n.height
	return &b.node
}

// length is the length in units; a nil node is an empty tree.
func (n *node) length() int {
	if n == nil {
		return 0
	}
	return n.units
}

// cut reports whether pos lies inside a surrogate pair; a nil node is an empty tree.
func (n *node) cut(pos int) bool {
	return n != nil && !n.isASCII() && n.splits(pos)
}

// offset returns the bytes before pos.
func (n *node) offset(pos int) int {
	size := 0
	for !n.isASCII() {
		if n.isLeaf() {
			i, _ := n.index(pos)
			return size + i
		}
		for _, k := range n.kids {
			if pos <= k.units {
				n = k
				break
			}
			pos -= k.units
			size += k.bytes
		}
	}
	return size + pos
}

// splits reports whether pos lies inside a surrogate pair. A character never lies across two leaves.
func (n *node) splits(pos int) bool {
	for !n.isLeaf() {
		for _, k := range n.kids {
			if pos <= k.units {
				n = k
				break
			}
			pos -= k.units
		}
	}
	_, inside := n.index(pos)
	return inside
}

// each calls f with the leaves in order until it returns false, and reports whether it never did.
func (n *node) each(f func(string) bool) bool {
	if n.isLeaf() {
		return f(n.text)
	}
	for _, k := range n.kids {
		if !k.each(f) {
			return false
		}
	}
	return true
}

// slice writes the text from from to to, which may lie outside of n.
func (n *node) slice(b *strings.Builder, from, to int) {
	if n.isLeaf() {
		n.sliceLeaf(b, max(from, 0), min(to, n.units))
		return
	}
	for _, k := range n.kids {
		if to <= 0 {
			return
		}
		if from < k.units {
			k.slice(b, from, to)
		}
		from -= k.units
		to -= k.units
	}
}

func (n *node) sliceLeaf(b *strings.Builder, from, to int) {
	i, insideFrom := n.index(from)
	j, insideTo := n.index(to)
	if insideFrom {
		b.WriteString(half)
		_, size := utf8.DecodeRuneInString(n.text[i:])
		i += size
	}
	b.WriteString(n.text[min(i, j):j])
	if insideTo {
		b.WriteString(half)
	}
}
