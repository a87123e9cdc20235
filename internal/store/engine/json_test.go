package engine

import "testing"

func TestCleanJSON(t *testing.T) {
	for json, want := range map[string]string{
		`{"a":"b"}`:                `{"a":"b"}`,
		`{"a":"\u0000"}`:           `{"a":"\ufffd"}`,
		`{"a":"x\u0000\u0000y"}`:   `{"a":"x\ufffd\ufffdy"}`,
		`{"a":"\\u0000"}`:          `{"a":"\\u0000"}`,
		`{"a":"\\\u0000 \u00000"}`: `{"a":"\\\ufffd \ufffd0"}`,
		`{"\u0000":"\"\u0000"}`:    `{"\ufffd":"\"\ufffd"}`,
	} {
		if got := CleanJSON(json); got != want {
			t.Errorf("%s becomes %s, want %s", json, got, want)
		}
	}
}
