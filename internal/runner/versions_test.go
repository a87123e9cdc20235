package runner

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/Masterminds/semver/v3"
)

// TestSelectors compares with what npm's own library answered.
func TestSelectors(t *testing.T) {
	raw, err := os.ReadFile("testdata/npm-ranges.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	type answer struct {
		Range    string
		Matches  []string
		Versions []string
	}
	var answers []answer
	for line := range strings.Lines(string(raw)) {
		var a answer
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, a)
	}
	versions := answers[len(answers)-1].Versions
	answers = answers[:len(answers)-1]
	if len(versions) < 20 || len(answers) < 90 {
		t.Fatalf("only %d versions and %d ranges", len(versions), len(answers))
	}
	for _, a := range answers {
		sel, _ := parseSelector(a.Range)
		got := []string{}
		for _, v := range versions {
			if sel.has(semver.MustParse(v)) {
				got = append(got, v)
			}
		}
		if !slices.Equal(got, a.Matches) {
			t.Errorf("%q has %v, npm says %v", a.Range, got, a.Matches)
		}
	}
}
