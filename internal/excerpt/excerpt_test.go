package excerpt

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"codecollab.dev/internal/wire"
)

func show(chunks []wire.Chunk) string {
	var b strings.Builder
	for _, c := range chunks {
		fmt.Fprintf(&b, "[%s", c.Stream)
		if c.Omitted > 0 {
			fmt.Fprintf(&b, " -%d", c.Omitted)
		}
		fmt.Fprintf(&b, "]%s", c.Data)
	}
	return b.String()
}

func TestExcerpt(t *testing.T) {
	type add = [2]string
	for _, c := range []struct {
		name       string
		head, tail int
		lost       int64
		adds       []add
		want       string
		omitted    int64
	}{
		{name: "nothing", head: 4, tail: 4},
		{name: "all", head: 4, tail: 4, adds: []add{{"stdout", "ab"}, {"stdout", "cd"}}, want: "[stdout]abcd"},
		{name: "head and tail", head: 4, tail: 4, adds: []add{{"stdout", "abcdefgh"}}, want: "[stdout]abcd[stdout]efgh"},
		{name: "a gap", head: 4, tail: 4, adds: []add{{"stdout", "abcdefghij"}}, want: "[stdout]abcd[stdout -2]ghij", omitted: 2},
		{name: "in pieces", head: 4, tail: 4, adds: []add{{"stdout", "abc"}, {"stdout", "def"}, {"stdout", "ghij"}}, want: "[stdout]abcd[stdout -2]ghij", omitted: 2},
		{name: "what was lost before", head: 4, tail: 4, lost: 10, adds: []add{{"stdout", "abcdefghij"}}, want: "[stdout]abcd[stdout -12]ghij", omitted: 12},
		{name: "whole characters", head: 4, tail: 4, adds: []add{{"stdout", "abcéfghiéj"}}, want: "[stdout]abc[stdout -5]iéj", omitted: 5},
		{name: "a wide one", head: 2, tail: 2, adds: []add{{"stdout", "😀"}}, want: "", omitted: 4},
		{name: "no overtaking", head: 4, tail: 9, adds: []add{{"stdout", "abc😀"}, {"stdout", "x"}}, want: "[stdout]abc[stdout]😀x"},
		{name: "streams", head: 100, tail: 4, adds: []add{{"stdout", "a"}, {"stderr", "b"}, {"stderr", "c"}, {"stdout", "d"}}, want: "[stdout]a[stderr]bc[stdout]d"},
		{name: "a mark is whole", head: 3, tail: 40, adds: []add{{"typed", "ann\n"}, {"stdout", "x"}}, want: "[typed]ann\n[stdout]x"},
		{name: "a mark goes as a whole", head: 0, tail: 6, adds: []add{{"typed", "ann\nben\n"}}, want: "[typed]ben\n"},
		{name: "and is no output", head: 0, tail: 3, adds: []add{{"typed", "ann\n"}, {"stdout", "xyzw"}}, want: "[stdout -1]yzw", omitted: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := Excerpt{HeadMost: c.head, TailMost: c.tail}
			for _, a := range c.adds {
				k.Add(a[0], a[1])
			}
			chunks, omitted := k.Result(c.lost)
			if got := show(chunks); got != c.want || omitted != c.omitted {
				t.Errorf("%s, %d left out; want %s, %d", got, omitted, c.want, c.omitted)
			}
		})
	}
}

// Whatever is printed: what is kept is a beginning and an end of it, of bounded size, and the count is right.
func TestExcerptOfAnything(t *testing.T) {
	for seed := range uint64(300) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		k := Excerpt{HeadMost: rnd.IntN(300), TailMost: rnd.IntN(300)}
		var all strings.Builder
		for range rnd.IntN(60) {
			stream := []string{"stdout", "stderr"}[rnd.IntN(2)]
			data := strings.Repeat([]string{"a", "é", "€", "😀"}[rnd.IntN(4)], rnd.IntN(40))
			all.WriteString(data)
			k.Add(stream, data)
		}
		chunks, omitted := k.Result(0)
		head, tail, gap := "", "", false
		size := 0
		for _, c := range chunks {
			size += len(c.Data) + partCost
			if gap = gap || c.Omitted > 0; gap {
				tail += c.Data
			} else {
				head += c.Data
			}
		}
		switch {
		case !utf8.ValidString(head) || !utf8.ValidString(tail):
			t.Fatalf("seed %d: a character is cut", seed)
		case !strings.HasPrefix(all.String(), head) || !strings.HasSuffix(all.String(), tail):
			t.Fatalf("seed %d: %q … %q of %q", seed, head, tail, all.String())
		case len(head)+len(tail)+int(omitted) != all.Len():
			t.Fatalf("seed %d: %d + %d + %d is not %d", seed, len(head), omitted, len(tail), all.Len())
		case size > k.HeadMost+k.TailMost+2*partCost:
			t.Fatalf("seed %d: %d is more than %d + %d", seed, size, k.HeadMost, k.TailMost)
		}
	}
}

// A flood costs the same memory as what is kept of it.
func TestAFloodIsFlat(t *testing.T) {
	k := Excerpt{HeadMost: 64 << 10, TailMost: 64 << 10}
	line := strings.Repeat("y\n", 4<<10)
	for range 5000 { // 40 MB
		k.Add("stdout", line)
	}
	for range 50_000 {
		k.Add("stdout", "o")
		k.Add("stderr", "e")
	}
	held := 0
	for _, p := range append(k.head.parts, k.tail.parts...) {
		held += cap(p.data) + partCost
	}
	if held > 512<<10 {
		t.Errorf("%d bytes are held", held)
	}
	if _, omitted := k.Result(0); omitted < 40_000_000 {
		t.Errorf("%d left out", omitted)
	}
}
