package ot

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"codecollab.dev/internal/text"
)

// FuzzParse holds Parse against a second reading of the rules by encoding/json.
//
// OT2, OT3
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`[]`, `[5]`, `[5,[2,"ab","c"],3]`, `[[0,"\ud83d\ude00"]]`, `[[0,"\ud83d"]]`, ` [ [ 1 , "" ] , 0 ] `, `[[0,"\u000a"]]`,
		`[1.5]`, `[-1]`, `[05]`, `[1e3]`, `[[0,"😀","é\"\\\/\b\f\t"],[4],1073741824]`, `[[[]]]`, `[[0,"\xed"]]`, `[[0,"` + "\xff" + `"]]`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Parse(data)
		if want := javaScriptAccepts(data); err == nil && !want {
			t.Fatalf("Parse accepts %q, which JavaScript refuses", data)
		}
		if err != nil {
			return
		}
		out := c.AppendJSON(nil)
		if again := parse(string(out)); jsonOf(again) != string(out) || again.Len() != c.Len() || again.NewLen() != c.NewLen() {
			t.Fatalf("%q is read as %s and then as %s", data, out, jsonOf(again))
		}
		if !json.Valid(out) || !utf8.Valid(out) || strings.Contains(string(out), `\u000a`) {
			t.Fatalf("%q is written as %q", data, out)
		}
	})
}

// javaScriptAccepts is ChangeSet.fromJSON(JSON.parse(data)), which must not throw.
func javaScriptAccepts(data []byte) bool {
	var parts []any
	if !utf8.Valid(data) || json.Unmarshal(data, &parts) != nil || parts == nil {
		return false
	}
	for _, part := range parts {
		list, isList := part.([]any)
		if !isList {
			if n, ok := part.(float64); !ok || n < 0 || n != math.Trunc(n) {
				return false
			}
			continue
		}
		for i, e := range list {
			if _, isNumber := e.(float64); isNumber != (i == 0) {
				return false
			}
			if _, isString := e.(string); isString != (i > 0) {
				return false
			}
		}
		if len(list) == 0 {
			return false
		}
	}
	return true
}

// FuzzMap takes a document, a seed for two good changes of it, and two changes of any sort.
//
// OT1, OT6, OT10
func FuzzMap(f *testing.F) {
	f.Add("012", uint64(1), []byte(`[[3]]`), []byte(`[2,[1,"d"]]`), true)
	f.Add("a😀b", uint64(2), []byte(`[2,[1,"x"],1]`), []byte(`[1,[1],2]`), false)
	f.Add("", uint64(3), []byte(`[[0,"a"]]`), []byte(`[[0,"b","c"]]`), true)
	f.Add("אב\n👩\u200d👧", uint64(4), []byte(`[3,[2,"a"],[2,"b"],1]`), []byte(`[[8]]`), true)
	f.Fuzz(func(t *testing.T, s string, seed uint64, one, two []byte, before bool) {
		if len(s) > 200 {
			return
		}
		doc := text.Of(s)
		r := rand.New(rand.NewPCG(seed, 0))
		converge(t, doc, change(r, doc), change(r, doc), before)
		a, errA := Parse(one)
		b, errB := Parse(two)
		if errA != nil || errB != nil {
			return
		}
		mapped, err := a.Map(b, before)
		if (err == nil) != (a.Len() == b.Len()) {
			t.Fatalf("%s over %s: %v", jsonOf(a), jsonOf(b), err)
		}
		if err == nil && (mapped.Len() != b.NewLen() || jsonOf(parse(jsonOf(mapped))) != jsonOf(mapped)) {
			t.Fatalf("%s over %s = %s", jsonOf(a), jsonOf(b), jsonOf(mapped))
		}
		if composed, err := a.Compose(b); err == nil && (composed.Len() != a.Len() || composed.NewLen() != b.NewLen()) {
			t.Fatalf("%s then %s = %s", jsonOf(a), jsonOf(b), jsonOf(composed))
		}
		_, errA = a.Apply(doc)
		_, errB = b.Apply(doc)
		if errA == nil && errB == nil {
			converge(t, doc, a, b, before)
		}
	})
}

// converge fails unless two good changes of doc lead to one document in either order.
func converge(t *testing.T, doc text.Text, a, b ChangeSet, before bool) {
	t.Helper()
	left, err := must(b.Map(a, !before)).Apply(must(a.Apply(doc)))
	if err != nil {
		t.Fatalf("doc %q, %s over %s: %v", doc, jsonOf(b), jsonOf(a), err)
	}
	right, err := must(a.Map(b, before)).Apply(must(b.Apply(doc)))
	if err != nil {
		t.Fatalf("doc %q, %s over %s: %v", doc, jsonOf(a), jsonOf(b), err)
	}
	if left.String() != right.String() {
		t.Fatalf("doc %q, a %s, b %s, before %v: %q and %q", doc, jsonOf(a), jsonOf(b), before, left, right)
	}
}
