package text

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func BenchmarkReplace(b *testing.B) {
	line := "the quick brown fox jumps over the lazy dog\n"
	for name, doc := range map[string]string{
		"100KB":     strings.Repeat(line, 100<<10/len(line)),
		"5MB":       strings.Repeat(line, 5<<20/len(line)),
		"5MB/wide":  strings.Repeat("schöne Grüße 😀 an alle\n", 5<<20/29),
		"one/line":  line,
		"one/empty": "",
	} {
		b.Run(name, func(b *testing.B) {
			x := Of(doc)
			r := rand.New(rand.NewPCG(1, 2))
			b.ReportAllocs()
			for b.Loop() { // each edit at another place than the last, so that each goes into the tree
				at := r.IntN(x.Len() + 1)
				if !x.Splits(at) {
					x = x.Replace(at, at, "x")
				}
			}
		})
	}
}

func BenchmarkHash5MB(b *testing.B) {
	x := Of(strings.Repeat("0123456789abcdef", 5<<20/16))
	b.SetBytes(int64(x.Bytes()))
	for b.Loop() {
		x.Hash()
	}
}
