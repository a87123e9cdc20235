package text

import (
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
)

// random returns a source of random numbers whose seed a failing test prints; CODECOLLAB_SEED replays it.
func random(t *testing.T) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	if s := os.Getenv("CODECOLLAB_SEED"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatalf("CODECOLLAB_SEED: %v", err)
		}
		seed = n
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("to replay: CODECOLLAB_SEED=%d go test -run '^%s$' ./internal/text", seed, t.Name())
		}
	})
	return rand.New(rand.NewPCG(seed, 0))
}

// alphabet has one, two, three and four byte characters: ASCII, RTL, combining, ZWJ sequences, the replacement
// character itself and both ends of the astral range.
const alphabet = "abc \n\t\"\\\u0000é\u0301שלום\u200d\u2028\uFFFD界\uFFFF\U00010000😀👩\u200d👧🇩🇪\U0010FFFF"

// word returns up to n random characters; about a third of the words is ASCII.
func word(r *rand.Rand, n int) string {
	letters := []rune(alphabet)
	if r.IntN(3) == 0 {
		letters = letters[:8]
	}
	var b strings.Builder
	for range r.IntN(n + 1) {
		b.WriteRune(letters[r.IntN(len(letters))])
	}
	return b.String()
}
