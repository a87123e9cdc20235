package ot

import (
	"math/rand/v2"
	"strings"
	"testing"

	"codecollab.dev/internal/text"
)

// typed makes n edits of one person who types and deletes here and there in a file of 100 KB.
func typed(seed uint64, n int) (text.Text, []ChangeSet) {
	r := rand.New(rand.NewPCG(seed, 0))
	start := text.Of(strings.Repeat("the quick brown fox\n", 5000))
	length, at := start.Len(), 0
	list := make([]ChangeSet, n)
	for i := range list {
		switch {
		case i%25 == 0:
			at = r.IntN(length)
			fallthrough
		case i%6 > 0 || at == 0:
			list[i] = Replace(length, at, at, "x")
			at++
			length++
		default:
			list[i] = Replace(length, at-1, at, "")
			at--
			length--
		}
	}
	return start, list
}

func BenchmarkMapOneOver1000(b *testing.B) {
	_, log := typed(1, 1000)
	p := Replace(log[0].Len(), 500, 510, "hello")
	b.ReportAllocs()
	for b.Loop() {
		c := p
		for i := range log {
			c, _ = c.Map(log[i], true)
		}
	}
}

func BenchmarkComposeAll10000(b *testing.B) {
	start, list := typed(1, 10_000)
	want := start
	for _, c := range list {
		want = must(c.Apply(want))
	}
	if got := must(must(ComposeAll(list)).Apply(start)); got.String() != want.String() {
		b.Fatal("the composed edit does something else")
	}
	b.ReportAllocs()
	for b.Loop() {
		must(ComposeAll(list))
	}
}

// What a client does that comes back after a long time: it maps all it has over all that it missed.
func BenchmarkMapComposed10000Over10000(b *testing.B) {
	_, mine := typed(1, 10_000)
	_, theirs := typed(2, 10_000)
	a, o := must(ComposeAll(mine)), must(ComposeAll(theirs))
	b.ReportAllocs()
	for b.Loop() {
		must(a.Map(o, true))
		must(o.Map(a, false))
	}
}

func BenchmarkMapOneOverComposed10000(b *testing.B) {
	_, theirs := typed(2, 10_000)
	o := must(ComposeAll(theirs))
	p := Replace(o.Len(), 5000, 5001, "x")
	for b.Loop() {
		must(p.Map(o, true))
	}
}

func BenchmarkApplyComposed10000(b *testing.B) {
	start, list := typed(1, 10_000)
	c := must(ComposeAll(list))
	for b.Loop() {
		must(c.Apply(start))
	}
}

func BenchmarkParse(b *testing.B) {
	for name, s := range map[string]string{
		"letter": `[52134,[0,"x"],41235]`,
		"lines":  `[52134,[0,"func main() {","\tfmt.Println(\"é\")","}",""],41235]`,
		"big":    `[52134,[0` + strings.Repeat(`,"the quick brown fox jumps over the lazy dog"`, 20_000) + `],41235]`,
	} {
		b.Run(name, func(b *testing.B) {
			data := []byte(s)
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				must(Parse(data))
			}
		})
	}
}
