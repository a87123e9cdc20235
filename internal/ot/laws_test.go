package ot

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"codecollab.dev"
	"codecollab.dev/internal/text"
)

// OT4
func TestApplyIsSplicingANaiveString(t *testing.T) {
	property(t, func(t *testing.T, r *rand.Rand) {
		doc := randomDoc(r)
		c := change(r, doc)
		naive := utf16.Encode([]rune(doc.String()))
		inserted := 0
		c.Each(func(fromA, toA, fromB, toB int, ins string) {
			inserted += units(ins)
			if toB-fromB != units(ins) {
				t.Errorf("%s: %d to %d is not the length of %q", jsonOf(c), fromB, toB, ins)
			}
			naive = slices.Concat(naive[:fromB], utf16.Encode([]rune(ins)), naive[fromB+toA-fromA:])
		})
		got := must(c.Apply(doc))
		if want := string(utf16.Decode(naive)); got.String() != want {
			t.Errorf("%s on %q gives %q, want %q", jsonOf(c), doc, got, want)
		}
		if c.Len() != doc.Len() || c.NewLen() != got.Len() || c.Inserted() != inserted {
			t.Errorf("%s: Len, NewLen, Inserted = %d, %d, %d", jsonOf(c), c.Len(), c.NewLen(), c.Inserted())
		}
	})
}

// OT5: apply(compose(a, b), doc) = apply(b, apply(a, doc))
func TestComposeIsOneAfterTheOther(t *testing.T) {
	property(t, func(t *testing.T, r *rand.Rand) {
		doc := randomDoc(r)
		a := change(r, doc)
		middle := must(a.Apply(doc))
		b := change(r, middle)
		got := must(must(a.Compose(b)).Apply(doc))
		if want := must(b.Apply(middle)); got.String() != want.String() {
			t.Errorf("doc %q, a %s, b %s: composed %q, one by one %q", doc, jsonOf(a), jsonOf(b), got, want)
		}
	})
}

// OT6: TP1. OT10: good changes over good changes stay good, or Apply would refuse.
func TestMappedChangesConverge(t *testing.T) {
	property(t, func(t *testing.T, r *rand.Rand) {
		doc := randomDoc(r)
		a, b, before := change(r, doc), change(r, doc), r.IntN(2) == 0
		converge(t, doc, a, b, before)
	})
}

// OT7
func TestTies(t *testing.T) {
	a, b := Replace(2, 1, 1, "AA"), Replace(2, 1, 1, "BB")
	for before, want := range map[bool]string{true: "xAABBy", false: "xBBAAy"} {
		doc := must(b.Apply(text.Of("xy")))
		if got := must(must(a.Map(b, before)).Apply(doc)); got.String() != want {
			t.Errorf("before %v: %q, want %q", before, got, want)
		}
	}
}

// OT6: the case of docs/design: mapping over a composition is not mapping over its parts. If this ever holds, the
// rule can go.
func TestMappingOverACompositionDiffers(t *testing.T) {
	a1, a2, p := parse(`[[3]]`), parse(`[[0,"ee"]]`), parse(`[2,[1,"d"]]`)
	oneByOne := must(must(must(p.Map(a1, false)).Map(a2, false)).Apply(text.Of("ee")))
	together := must(must(p.Map(must(a1.Compose(a2)), false)).Apply(text.Of("ee")))
	if oneByOne.String() != "eed" || together.String() != "dee" {
		t.Errorf("one by one %q, together %q", oneByOne, together)
	}
}

// OT8: apply(invert(a, doc), apply(a, doc)) = doc
func TestInvertUndoes(t *testing.T) {
	property(t, func(t *testing.T, r *rand.Rand) {
		doc := randomDoc(r)
		a := change(r, doc)
		undo := must(a.Invert(doc))
		if got := must(undo.Apply(must(a.Apply(doc)))); got.String() != doc.String() {
			t.Errorf("doc %q, a %s, undo %s: %q", doc, jsonOf(a), jsonOf(undo), got)
		}
		if again := must(undo.Invert(must(a.Apply(doc)))); jsonOf(again) != jsonOf(a) {
			t.Errorf("%s inverted twice is %s", jsonOf(a), jsonOf(again))
		}
	})
}

// OT9
func TestComposeAllIsOneAfterTheOther(t *testing.T) {
	property(t, func(t *testing.T, r *rand.Rand) {
		doc := randomDoc(r)
		var list []ChangeSet
		want := doc
		for range 1 + r.IntN(20) {
			c := change(r, want)
			list = append(list, c)
			want = must(c.Apply(want))
		}
		kept := slices.Clone(list)
		if got := must(must(ComposeAll(list)).Apply(doc)); got.String() != want.String() {
			t.Errorf("doc %q: %q, want %q", doc, got, want)
		}
		for i := range list {
			if jsonOf(list[i]) != jsonOf(kept[i]) {
				t.Error("ComposeAll wrote to the list it was given")
			}
		}
	})
}

// OT3: no operation leaves the canonical form, so what is parsed again has the same bytes.
func TestEverythingIsCanonical(t *testing.T) {
	property(t, func(t *testing.T, r *rand.Rand) {
		doc := randomDoc(r)
		a, b := change(r, doc), change(r, doc)
		after := must(a.Apply(doc))
		for name, c := range map[string]ChangeSet{
			"a": a, "invert": must(a.Invert(doc)), "map": must(b.Map(a, true)), "compose": must(a.Compose(change(r, after))),
		} {
			again := parse(jsonOf(c))
			if jsonOf(again) != jsonOf(c) || again.Len() != c.Len() || again.NewLen() != c.NewLen() {
				t.Errorf("%s: %s parsed is %s", name, jsonOf(c), jsonOf(again))
			}
			for _, s := range c.sections {
				if s.ins != keep && s.ins != units(s.text) {
					t.Errorf("%s: %s: %q is not of %d units", name, jsonOf(c), s.text, s.ins)
				}
			}
		}
	})
}

// OT10
func TestHalvesOfPairsAreRefused(t *testing.T) {
	doc := text.Of("a😀b")
	for _, s := range []string{`[2,[0,"x"],2]`, `[1,[1],2]`, `[2,[1,"x"],1]`, `[2,[2]]`, `[1,[1,"x"],[1,"y"],1]`} {
		c := parse(s)
		if got, err := c.Apply(doc); codecollab.CodeOf(err) != "bad_edit" || !strings.Contains(err.Error(), "character at 1") {
			t.Errorf("Apply %s = %q, %v", s, got, err)
		}
		if _, err := c.Invert(doc); codecollab.CodeOf(err) != "bad_edit" {
			t.Errorf("Invert %s: %v", s, err)
		}
	}
	for _, s := range []string{`[1,[2],1]`, `[1,[0,"x"],2,[0,"y"],1]`, `[4]`, `[[4]]`} {
		if _, err := parse(s).Apply(doc); err != nil {
			t.Errorf("Apply %s: %v", s, err)
		}
	}
	// Compose knows no document, but it does know the text that it would have to cut.
	for _, s := range []string{`[1,[0,"x"],1]`, `[1,[1]]`, `[[1],1]`} {
		if got, err := parse(`[[0,"😀"]]`).Compose(parse(s)); codecollab.CodeOf(err) != "bad_edit" {
			t.Errorf("Compose with %s = %s, %v", s, jsonOf(got), err)
		}
	}
}

// OT1
func TestLengthsMustMeet(t *testing.T) {
	three, four, empty := parse(`[1,[0,"x"],2]`), parse(`[[1],3]`), parse(`[9]`)
	_, apply := three.Apply(text.Of("1234"))
	_, invert := three.Invert(text.Of("12"))
	_, mapped := three.Map(four, false)
	_, mappedEmpty := three.Map(empty, false)
	_, composed := four.Compose(four)
	_, composedEmpty := empty.Compose(three)
	_, all := ComposeAll([]ChangeSet{three, three})
	_, none := ComposeAll(nil)
	for i, err := range []error{apply, invert, mapped, mappedEmpty, composed, composedEmpty, all, none} {
		if codecollab.CodeOf(err) != "bad_edit" {
			t.Errorf("%d: %v", i, err)
		}
	}
}

// OT11
func TestMapPosStaysInTheDocument(t *testing.T) {
	property(t, func(t *testing.T, r *rand.Rand) {
		c := change(r, randomDoc(r))
		last := [2]int{}
		for pos := -2; pos <= c.Len()+2; pos++ {
			low, high := c.MapPos(pos, -1), c.MapPos(pos, 1)
			if low < last[0] || high < last[1] || low > high || low < 0 || high > c.NewLen() {
				t.Errorf("%s: MapPos(%d) = %d and %d after %v", jsonOf(c), pos, low, high, last)
			}
			last = [2]int{low, high}
		}
	})
}

func TestBuilders(t *testing.T) {
	for want, c := range map[string]ChangeSet{
		`[1,[2,"x","y"],2]`:                Replace(5, 1, 3, "x\r\ny"),
		`[5]`:                              Replace(5, 1, 1, ""),
		`[[5,"","",""]]`:                   Replace(5, 0, 5, "\r\n\r"),
		`[[0,"a` + "\uFFFD\uFFFD" + `b"]]`: Replace(0, 0, 0, "a\xff\xfeb"),
		`[]`:                               ChangeSet{},
		`[[2,"abc"],3]`:                    Replace(5, 0, 2, "abc"),
		`[[0,"ab"],1,[1,"c"],[2],1]`:       must(ReplaceAll(5, Edit{0, 0, "a"}, Edit{0, 0, "b"}, Edit{1, 2, "c"}, Edit{2, 4, ""})),
	} {
		if got := jsonOf(c); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	for _, e := range [][]Edit{{{-1, 0, ""}}, {{2, 1, ""}}, {{0, 6, ""}}, {{2, 3, ""}, {1, 1, ""}}} {
		if _, err := ReplaceAll(5, e...); codecollab.CodeOf(err) != "bad_edit" {
			t.Errorf("ReplaceAll %v: %v", e, err)
		}
	}
}
