package ot

import (
	"encoding/json"
	"os"
	"testing"

	"codecollab.dev"
	"codecollab.dev/internal/text"
)

// vectors reads the cases of one file that JavaScript wrote (testdata/ot/README.md).
func vectors[T any](t *testing.T, name string) []T {
	t.Helper()
	data, err := os.ReadFile("../../testdata/ot/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var cases []T
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 100 {
		t.Fatalf("%d cases only", len(cases))
	}
	return cases
}

// raw keeps the bytes of a change as JavaScript wrote them.
type raw = json.RawMessage

func read(t *testing.T, r raw) ChangeSet {
	t.Helper()
	c, err := Parse(r)
	if err != nil {
		t.Fatalf("Parse %s: %v", r, err)
	}
	if got := jsonOf(c); got != string(r) {
		t.Fatalf("%s comes back as %s", r, got)
	}
	return c
}

// OT12
func TestMapIsJavaScripts(t *testing.T) {
	for _, v := range vectors[struct{ A, B, After, Before raw }](t, "map.json") {
		a, b := read(t, v.A), read(t, v.B)
		if got := jsonOf(must(a.Map(b, false))); got != string(v.After) {
			t.Errorf("%s after %s = %s, want %s", v.A, v.B, got, v.After)
		}
		if got := jsonOf(must(a.Map(b, true))); got != string(v.Before) {
			t.Errorf("%s before %s = %s, want %s", v.A, v.B, got, v.Before)
		}
	}
}

// OT12
func TestComposeIsJavaScripts(t *testing.T) {
	for _, v := range vectors[struct{ A, B, Want raw }](t, "compose.json") {
		if got := jsonOf(must(read(t, v.A).Compose(read(t, v.B)))); got != string(v.Want) {
			t.Errorf("%s then %s = %s, want %s", v.A, v.B, got, v.Want)
		}
	}
}

// OT12
func TestApplyAndInvertAreJavaScripts(t *testing.T) {
	for _, v := range vectors[struct {
		Doc, Want string
		A, Invert raw
	}](t, "apply.json") {
		a, doc := read(t, v.A), text.Of(v.Doc)
		if got := must(a.Apply(doc)); got.String() != v.Want {
			t.Errorf("%s on %q = %q, want %q", v.A, v.Doc, got, v.Want)
		}
		if got := jsonOf(must(a.Invert(doc))); got != string(v.Invert) {
			t.Errorf("%s on %q inverted = %s, want %s", v.A, v.Doc, got, v.Invert)
		}
	}
}

// OT11, OT12
func TestMapPosIsJavaScripts(t *testing.T) {
	for _, v := range vectors[struct {
		A             raw
		Before, After []int
	}](t, "mappos.json") {
		a := read(t, v.A)
		for pos := range v.Before {
			if got := a.MapPos(pos, -1); got != v.Before[pos] {
				t.Errorf("%s: MapPos(%d, -1) = %d, want %d", v.A, pos, got, v.Before[pos])
			}
			if got := a.MapPos(pos, 1); got != v.After[pos] {
				t.Errorf("%s: MapPos(%d, 1) = %d, want %d", v.A, pos, got, v.After[pos])
			}
		}
	}
}

// OT2, OT3
func TestParseRefusesWhatJavaScriptRefuses(t *testing.T) {
	for _, v := range vectors[struct {
		JSON string
		JS   bool
		Want raw
	}](t, "parse.json") {
		want := string(v.Want)
		if !v.JS && want != "null" {
			t.Errorf("%q: the vectors want what JavaScript refuses", v.JSON)
		}
		c, err := Parse([]byte(v.JSON))
		switch {
		case err == nil && want == "null":
			t.Errorf("Parse %q = %s, want an error", v.JSON, jsonOf(c))
		case err != nil && (want != "null" || codecollab.CodeOf(err) != "bad_edit"):
			t.Errorf("Parse %q: %v", v.JSON, err)
		case err == nil && jsonOf(c) != want:
			t.Errorf("Parse %q = %s, want %s", v.JSON, jsonOf(c), want)
		}
	}
}

// OT2: what no JSON text in JavaScript can be, because it is not text.
func TestParseRefusesInvalidUTF8(t *testing.T) {
	for _, s := range []string{"[[0,\"\xff\"]]", "[[0,\"a\xc3\"]]", "[[0,\"\xed\xa0\xbd\xed\xb8\x80\"]]", "[[0,\"\xf0\x9f\x98\"]]", "[\xff5]"} {
		if c, err := Parse([]byte(s)); codecollab.CodeOf(err) != "bad_edit" {
			t.Errorf("Parse %q = %s, %v", s, jsonOf(c), err)
		}
	}
}

// OT12
func TestInAStruct(t *testing.T) {
	var m struct{ Edit ChangeSet }
	const in = `{"Edit":[1,[2,"é","<"],3]}`
	if err := json.Unmarshal([]byte(in), &m); err != nil {
		t.Fatal(err)
	}
	// encoding/json itself escapes the HTML in what MarshalJSON returns, unless it is told not to.
	if out := must(json.Marshal(m)); string(out) != `{"Edit":[1,[2,"é","\u003c"],3]}` {
		t.Errorf("%s", out)
	}
	if err := json.Unmarshal([]byte(`{"Edit":[-1]}`), &m); codecollab.CodeOf(err) != "bad_edit" {
		t.Errorf("%v", err)
	}
}
