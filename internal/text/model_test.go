package text

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

// model is the naive document that the rope is compared with: what a JavaScript string is.
type model []uint16

func modelOf(s string) model { return utf16.Encode([]rune(s)) }

func (m model) splits(pos int) bool {
	return pos > 0 && pos < len(m) && m[pos-1]>>10 == 0xD800>>10 && m[pos]>>10 == 0xDC00>>10
}

// slice decodes halves of pairs to U+FFFD, as the rope promises.
func (m model) slice(from, to int) string { return string(utf16.Decode(m[from:to])) }

func (m model) replace(from, to int, ins string) model {
	if from == to && ins == "" {
		return m
	}
	parts := m.slice(0, from) + ins + m.slice(to, len(m))
	return modelOf(parts)
}

func (m model) hash() uint32 {
	h := fnv.New32a()
	for _, u := range m {
		h.Write([]byte{byte(u), byte(u >> 8)})
	}
	return h.Sum32()
}

// pattern picks the next edit; some leave the places to fate, some are what degrades a tree that is not balanced.
type pattern func(r *rand.Rand, m model) (from, to int, ins string)

func patterns() map[string]pattern {
	insertAt := func(place func(r *rand.Rand, n int) int) pattern {
		return func(r *rand.Rand, m model) (int, int, string) {
			at := place(r, len(m))
			return at, at, word(r, 60)
		}
	}
	caret := 0
	return map[string]pattern{
		"typing": func(r *rand.Rand, m model) (int, int, string) { // letters, backspaces, deletions, small replacements
			caret = min(caret, len(m))
			if r.IntN(30) == 0 {
				caret = r.IntN(len(m) + 1)
			}
			from := max(0, caret-r.IntN(3)*r.IntN(2))
			to := min(len(m), caret+r.IntN(3)*r.IntN(2))
			ins := word(r, 3)
			caret = from + len(modelOf(ins))
			return from, to, ins
		},
		"append":  insertAt(func(_ *rand.Rand, n int) int { return n }),
		"prepend": insertAt(func(*rand.Rand, int) int { return 0 }),
		"random":  insertAt(func(r *rand.Rand, n int) int { return r.IntN(n + 1) }),
		"middle":  insertAt(func(_ *rand.Rand, n int) int { return n / 2 }),
		"mixed": func(r *rand.Rand, m model) (int, int, string) {
			from := r.IntN(len(m) + 1)
			to := from + r.IntN(min(len(m)-from, 40)+1)
			return from, to, word(r, 30)
		},
		"grow and shrink": func(r *rand.Rand, m model) (int, int, string) {
			from := r.IntN(len(m) + 1)
			if r.IntN(4) == 0 {
				return from, from + r.IntN(len(m)-from+1), ""
			}
			return from, from, word(r, 3000)
		},
		"delete at the start": func(r *rand.Rand, m model) (int, int, string) {
			if len(m) < 10 {
				return 0, len(m), word(r, 9000)
			}
			return 0, r.IntN(len(m)/8 + 1), ""
		},
	}
}

func TestRopeIsTheNaiveModel(t *testing.T) {
	for name, next := range patterns() {
		t.Run(name, func(t *testing.T) {
			r := random(t)
			start := word(r, 2000)
			rope, naive := Of(start), modelOf(start)
			for range 400 {
				from, to, ins := next(r, naive)
				rope, naive = rope.Replace(from, to, ins), naive.replace(from, to, ins)
				compare(t, r, rope, naive)
				if t.Failed() {
					t.Fatalf("after Replace(%d, %d, %q)", from, to, ins)
				}
			}
		})
	}
}

func compare(t *testing.T, r *rand.Rand, rope Text, naive model) {
	t.Helper()
	want := naive.slice(0, len(naive))
	if got := rope.String(); got != want {
		t.Errorf("text is %.200q, want %.200q", got, want)
		return
	}
	if rope.Len() != len(naive) || rope.Bytes() != len(want) {
		t.Errorf("Len, Bytes = %d, %d, want %d, %d", rope.Len(), rope.Bytes(), len(naive), len(want))
	}
	if got := rope.Hash(); got != naive.hash() {
		t.Errorf("Hash = %08x, want %08x", got, naive.hash())
	}
	for range 3 {
		from := r.IntN(len(naive) + 1)
		to := from + r.IntN(len(naive)-from+1)
		if got, want := rope.Slice(from, to), naive.slice(from, to); got != want {
			t.Errorf("Slice(%d, %d) = %.200q, want %.200q", from, to, got, want)
		}
		if got := rope.Splits(from); got != naive.splits(from) {
			t.Errorf("Splits(%d) = %v", from, got)
		}
	}
	if err := sound(rope.tree(), true); err != nil {
		t.Error(err)
	}
}

// sound checks what the comment of the package promises of a tree.
func sound(n *node, root bool) error {
	if n == nil {
		return nil
	}
	if n.isLeaf() {
		switch {
		case len(n.kids) != 0 || n.bytes != len(n.text) || n.units != Units(n.text) || !utf8.ValidString(n.text):
			return fmt.Errorf("leaf %q says it has %d units, %d bytes", n.text, n.units, n.bytes)
		case n.bytes > maxLeaf || n.bytes == 0 || !root && n.bytes < minLeaf:
			return fmt.Errorf("leaf of %d bytes (root: %v)", n.bytes, root)
		}
		return nil
	}
	if len(n.kids) > maxKids || len(n.kids) < 2 || !root && len(n.kids) < minKids {
		return fmt.Errorf("branch of %d kids (root: %v)", len(n.kids), root)
	}
	units, size := 0, 0
	for _, k := range n.kids {
		if k.height != n.height-1 {
			return fmt.Errorf("kid of height %d under %d", k.height, n.height)
		}
		if err := sound(k, false); err != nil {
			return err
		}
		units, size = units+k.units, size+k.bytes
	}
	if units != n.units || size != n.bytes {
		return fmt.Errorf("branch says %d units, %d bytes, has %d, %d", n.units, n.bytes, units, size)
	}
	return nil
}

func TestSnapshotsStayAsTheyWere(t *testing.T) {
	r := random(t)
	var texts []Text
	var want []string
	now := Text{}
	for range 500 {
		from := r.IntN(now.Len() + 1)
		to := from + r.IntN(now.Len()-from+1)/4
		now = now.Replace(from, to, word(r, 200))
		texts, want = append(texts, now), append(want, now.String())
	}
	if got := slices.Collect(func(yield func(string) bool) {
		for _, x := range texts {
			if !yield(x.String()) {
				return
			}
		}
	}); !slices.Equal(got, want) {
		t.Error("a later edit changed an earlier text")
	}
}

// A document that was typed, at the end, at the start or at random, must not weigh a multiple of its length.
func TestMemoryIsBounded(t *testing.T) {
	r := random(t)
	for name, place := range map[string]func(int) int{
		"end":    func(n int) int { return n },
		"start":  func(int) int { return 0 },
		"random": func(n int) int { return r.IntN(n + 1) },
	} {
		x := Text{}
		for range 50_000 {
			at := place(x.Len())
			x = x.Replace(at, at, "ab")
		}
		leaves := 0
		x.tree().each(func(string) bool { leaves++; return true })
		if mean := x.Bytes() / leaves; mean < maxLeaf*2/5 {
			t.Errorf("typing at the %s: %d leaves of %d bytes on average", name, leaves, mean)
		}
		if x.tree().height > 4 {
			t.Errorf("typing at the %s: height %d", name, x.tree().height)
		}
	}
}

func TestHash(t *testing.T) {
	// Computed by another program; the client's tests have the same.
	for s, want := range map[string]uint32{
		"":                 0x811c9dc5,
		"a":                0x2b24d044,
		"é":                0x59fb6f0c,
		"😀":                0xb34a1daa,
		"a\nשלום 👩\u200d👧": 0xb82fbe1c,
	} {
		naive := modelOf(s).hash()
		if got := Of(s).Hash(); got != naive {
			t.Errorf("Hash(%q) = %#x, want %#x", s, got, naive)
		}
		if want != naive {
			t.Errorf("the model's hash of %q is %#x, want %#x", s, naive, want)
		}
	}
}

func TestInvalidUTF8(t *testing.T) {
	const bad = "a\xff\xc3b\xed\xa0\x80"
	want := string([]rune(bad))
	if got := Of(bad).String(); got != want {
		t.Errorf("Of: %q, want %q", got, want)
	}
	if got := Of("xy").Replace(1, 1, bad); got.String() != "x"+want+"y" || got.Len() != 9 {
		t.Errorf("Replace: %q of %d units", got.String(), got.Len())
	}
	// The length in units is that of the bytes only for ASCII; one lone byte must not look like it.
	if got := Of("xy").Replace(1, 1, "\xff").String(); got != "x\uFFFDy" {
		t.Errorf("Replace: %q", got)
	}
}

func TestRangesOutsideOfTheTextPanic(t *testing.T) {
	for _, r := range [][2]int{{-1, 0}, {0, 4}, {2, 1}, {4, 4}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("Slice(%d, %d) of three units did not panic", r[0], r[1])
				}
			}()
			Of("abc").Slice(r[0], r[1])
		}()
	}
}

type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, fmt.Errorf("full")
	}
	return len(p), nil
}

func TestWriteTo(t *testing.T) {
	x := Of(strings.Repeat("0123456789", 1000))
	var b bytes.Buffer
	if n, err := x.WriteTo(&b); err != nil || n != 10_000 || b.String() != x.String() {
		t.Errorf("WriteTo = %d, %v", n, err)
	}
	if n, err := x.WriteTo(&failing{1000}); err == nil || n > 1000 {
		t.Errorf("WriteTo a full disk = %d, %v", n, err)
	}
}
