package ot

import (
	"flag"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"codecollab.dev/internal/text"
)

var rounds = flag.Int("rounds", 3000, "how many random cases each property test tries, and how many rooms are simulated")

// property runs f with many seeds, each of which is printed when it fails. CODECOLLAB_SEED tries that one only.
func property(t *testing.T, f func(t *testing.T, r *rand.Rand)) {
	t.Helper()
	if s := os.Getenv("CODECOLLAB_SEED"); s != "" {
		seed, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatalf("CODECOLLAB_SEED: %v", err)
		}
		f(t, rand.New(rand.NewPCG(seed, 0)))
		return
	}
	first := rand.Uint64()
	for i := range *rounds {
		seed := first + uint64(i)
		f(t, rand.New(rand.NewPCG(seed, 0)))
		if t.Failed() {
			t.Fatalf("to replay: CODECOLLAB_SEED=%d go test -run '^%s$' ./internal/ot", seed, t.Name())
		}
	}
}

// The letters of random texts: with plain ones, changes meet more often and ties matter; the others are what breaks
// programs that count wrongly.
const (
	plainLetters = "abc\n😀"
	allLetters   = "abc \n\t\"\\\u0000é\u0301שלום\u200d\u2028\uFFFD界\uFFFF\U00010000😀👩\u200d👧🇩🇪\U0010FFFF"
)

func randomText(r *rand.Rand, n int) string {
	letters := []rune(plainLetters)
	if r.IntN(2) == 0 {
		letters = []rune(allLetters)
	}
	var b strings.Builder
	for range r.IntN(n + 1) {
		b.WriteRune(letters[r.IntN(len(letters))])
	}
	return b.String()
}

// place returns a random position of doc from from on, never inside a surrogate pair.
func place(r *rand.Rand, doc text.Text, from int) int {
	pos := from + r.IntN(doc.Len()-from+1)
	if doc.Splits(pos) {
		pos++
	}
	return pos
}

// several makes a change of a few replacements, some of which touch.
func several(r *rand.Rand, doc text.Text) ChangeSet {
	var edits []Edit
	pos := 0
	for range r.IntN(4) {
		from, to, ins := pos, 0, ""
		if r.IntN(5) < 3 {
			from = place(r, doc, pos)
		}
		to = from
		if r.IntN(2) == 0 {
			to = place(r, doc, from)
		}
		if r.IntN(3) > 0 {
			ins = randomText(r, 4)
		}
		edits = append(edits, Edit{from, to, ins})
		pos = to
	}
	return must(ReplaceAll(doc.Len(), edits...))
}

// change makes a good change of any of the shapes that a client may send: plain, composed, undone, rebased.
func change(r *rand.Rand, doc text.Text) ChangeSet {
	a := several(r, doc)
	switch r.IntN(6) {
	case 0:
		return must(a.Compose(several(r, must(a.Apply(doc)))))
	case 1:
		return must(a.Compose(must(a.Invert(doc))))
	case 2:
		return must(a.Compose(must(several(r, doc).Map(a, r.IntN(2) == 0))))
	}
	return a
}

func randomDoc(r *rand.Rand) text.Text { return text.Of(randomText(r, 12)) }

// must is for calls that cannot fail in the test at hand.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func jsonOf(c ChangeSet) string { return string(c.AppendJSON(nil)) }

func parse(s string) ChangeSet { return must(Parse([]byte(s))) }

func units(s string) int { return len(utf16.Encode([]rune(s))) }
