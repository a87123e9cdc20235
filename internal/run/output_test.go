package run

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"
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

func TestKept(t *testing.T) {
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
	} {
		t.Run(c.name, func(t *testing.T) {
			k := kept{headMost: c.head, tailMost: c.tail}
			for _, a := range c.adds {
				k.add(a[0], a[1])
			}
			chunks, omitted := k.result(c.lost)
			if got := show(chunks); got != c.want || omitted != c.omitted {
				t.Errorf("%s, %d left out; want %s, %d", got, omitted, c.want, c.omitted)
			}
		})
	}
}

// Whatever is printed: what is kept is a beginning and an end of it, of bounded size, and the count is right.
func TestKeptOfAnything(t *testing.T) {
	for seed := range uint64(300) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		k := kept{headMost: rnd.IntN(300), tailMost: rnd.IntN(300)}
		var all strings.Builder
		for range rnd.IntN(60) {
			stream := []string{"stdout", "stderr"}[rnd.IntN(2)]
			data := strings.Repeat([]string{"a", "é", "€", "😀"}[rnd.IntN(4)], rnd.IntN(40))
			all.WriteString(data)
			k.add(stream, data)
		}
		chunks, omitted := k.result(0)
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
		case size > k.headMost+k.tailMost+2*partCost:
			t.Fatalf("seed %d: %d is more than %d + %d", seed, size, k.headMost, k.tailMost)
		}
	}
}

// A flood costs the same memory as what is kept of it.
func TestAFloodIsFlat(t *testing.T) {
	k := kept{headMost: 64 << 10, tailMost: 64 << 10}
	line := strings.Repeat("y\n", 4<<10)
	for range 5000 { // 40 MB
		k.add("stdout", line)
	}
	for range 50_000 {
		k.add("stdout", "o")
		k.add("stderr", "e")
	}
	held := 0
	for _, p := range append(k.head.parts, k.tail.parts...) {
		held += cap(p.data) + partCost
	}
	if held > 512<<10 {
		t.Errorf("%d bytes are held", held)
	}
	if _, omitted := k.result(0); omitted < 40_000_000 {
		t.Errorf("%d left out", omitted)
	}
}

type sent struct {
	at   time.Duration
	data string
}

// listen makes an output whose pieces are noted with their time.
func listen() (o *output, all *[]sent) {
	begun, all := time.Now(), &[]sent{}
	return newOutput(Options{HeadBytes: 100, TailBytes: 100}, func(_, data string) {
		*all = append(*all, sent{time.Since(begun), data})
	}), all
}

func TestLiveOutput(t *testing.T) {
	t.Run("is gathered for a moment", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			o, all := listen()
			for range 10 {
				o.add("stdout", "x")
				time.Sleep(6 * time.Millisecond)
			}
			o.close()
			time.Sleep(time.Second)
			if got := fmt.Sprint(*all); got != "[{25000000 xxxxx} {55000000 xxxxx}]" {
				t.Error(got)
			}
		})
	})
	t.Run("is sent at once when it is much", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			o, all := listen()
			o.add("stdout", strings.Repeat("x", livePiece))
			if len(*all) != 1 {
				t.Error(len(*all))
			}
			o.close()
		})
	})
	t.Run("of a flood is a trickle", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			o, all := listen()
			piece := strings.Repeat("0123456\n", 128)
			for range 10_000 { // 1 MB a second for ten seconds
				o.add("stdout", piece)
				time.Sleep(time.Millisecond)
			}
			o.add("stdout", "the end")
			o.close()
			bytes, last := 0, sent{}
			for _, s := range *all {
				bytes += len(s.data)
				last = s
			}
			if most := liveBudget + 42*(trickleBytes+len(passedOver)); bytes < liveBudget || bytes > most || len(*all) < 60 {
				t.Errorf("%d bytes in %d pieces, at most %d", bytes, len(*all), most)
			}
			if !strings.HasPrefix(last.data, passedOver) || !strings.HasSuffix(last.data, "the end") {
				t.Errorf("the last piece is %.20q … of %d bytes", last.data, len(last.data))
			}
		})
	})
}
