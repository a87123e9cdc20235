package text

import (
	"strings"
	"unicode/utf8"
)

// build makes a tree of s, which must be valid UTF-8. The leaves are copies: a leaf that outlives the rest must not
// keep all of s in memory. They are three quarters full, to leave room for edits.
func build(s string) *node {
	if s == "" {
		return nil
	}
	const fill = maxLeaf * 3 / 4
	count := (len(s) + fill - 1) / fill
	level := make([]*node, 0, count)
	for i, start := 0, 0; i < count; i++ {
		end := runeStart(s, len(s)*(i+1)/count)
		level = append(level, leaf(strings.Clone(s[start:end])))
		start = end
	}
	for len(level) > 1 {
		level = group(level)
	}
	return level[0]
}

// group puts branches over nodes of one height, as few as will do and evenly filled.
func group(level []*node) []*node {
	count := (len(level) + maxKids - 1) / maxKids
	out := make([]*node, 0, count)
	for i := range count {
		out = append(out, branch(level[len(level)*i/count:len(level)*(i+1)/count:len(level)*(i+1)/count]))
	}
	return out
}

// split cuts a tree at pos. Inside a surrogate pair each side gets U+FFFD for its half. A leaf that is cut shares its
// memory with both parts, so a part may hold on to as much as maxLeaf bytes.
func split(n *node, pos int) (left, right *node) {
	switch {
	case n == nil:
		return nil, nil
	case pos == 0:
		return nil, n
	case pos == n.units:
		return n, nil
	case n.isLeaf():
		return splitLeaf(n, pos)
	}
	for i, k := range n.kids {
		if pos <= k.units {
			l, r := split(k, pos)
			return join(branch(n.kids[:i:i]), l), join(r, branch(n.kids[i+1:]))
		}
		pos -= k.units
	}
	panic("text: a branch does not know its own length")
}

func splitLeaf(n *node, pos int) (left, right *node) {
	i, inside := n.index(pos)
	if !inside {
		return leaf(n.text[:i]), leaf(n.text[i:])
	}
	_, size := utf8.DecodeRuneInString(n.text[i:])
	return leaf(n.text[:i] + half), leaf(half + n.text[i+size:])
}

// join makes one tree of two that may differ in height; nil is the empty tree. It takes time in proportion to the
// difference of their heights.
func join(a, b *node) *node {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	x, y := join2(a, b)
	if y == nil {
		return x
	}
	return branch([]*node{x, y})
}

// join2 joins two trees into one or two nodes of the greater of their heights. Two are each full enough to be a kid;
// so is one, if the taller of the two trees was.
func join2(a, b *node) (x, y *node) {
	switch {
	case a.height > b.height:
		last := len(a.kids) - 1
		x, y = join2(a.kids[last], b)
		return pack(a.kids[:last], some(x, y))
	case a.height < b.height:
		x, y = join2(a, b.kids[0])
		return pack(some(x, y), b.kids[1:])
	case a.isLeaf():
		return joinLeaves(a, b)
	case len(a.kids) >= minKids && len(b.kids) >= minKids:
		return a, b
	}
	return pack(a.kids, b.kids)
}

func some(x, y *node) []*node {
	if y == nil {
		return []*node{x}
	}
	return []*node{x, y}
}

// pack makes one branch of two lists of kids, or two evenly filled ones when they do not fit.
func pack(a, b []*node) (x, y *node) {
	kids := make([]*node, 0, len(a)+len(b))
	kids = append(append(kids, a...), b...)
	if len(kids) <= maxKids {
		return branch(kids), nil
	}
	mid := len(kids) / 2
	return branch(kids[:mid:mid]), branch(kids[mid:])
}

func joinLeaves(a, b *node) (x, y *node) {
	if a.bytes+b.bytes <= maxLeaf {
		return &node{text: a.text + b.text, units: a.units + b.units, bytes: a.bytes + b.bytes}, nil
	}
	if a.bytes >= minLeaf && b.bytes >= minLeaf {
		return a, b
	}
	all := a.text + b.text
	mid := runeStart(all, len(all)/2)
	return leaf(all[:mid]), leaf(all[mid:])
}

// runeStart returns the start of the character that the byte at i belongs to.
func runeStart(s string, i int) int {
	for i < len(s) && !utf8.RuneStart(s[i]) {
		i--
	}
	return i
}
