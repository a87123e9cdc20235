package ot

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

func TestEveryRuleIsTested(t *testing.T) {
	spec := must(os.ReadFile("SPEC.md"))
	rules := map[string]int{}
	for _, m := range regexp.MustCompile(`(?m)^\*\*(OT\d+):`).FindAllSubmatch(spec, -1) {
		rules[string(m[1])]++
	}
	if len(rules) < 12 {
		t.Errorf("SPEC.md has %d rules only", len(rules))
	}
	cited := map[string]bool{}
	comment := regexp.MustCompile(`(?m)^// .*\bOT\d.*$`)
	for _, name := range must(filepath.Glob("*_test.go")) {
		for _, line := range comment.FindAll(must(os.ReadFile(name)), -1) {
			for _, rule := range regexp.MustCompile(`OT\d+`).FindAllString(string(line), -1) {
				cited[rule] = true
				if rules[rule] == 0 {
					t.Errorf("%s cites %s, which SPEC.md does not have", name, rule)
				}
			}
		}
	}
	for rule, n := range rules {
		if !cited[rule] {
			t.Errorf("no test cites %s", rule)
		}
		if n > 1 {
			t.Errorf("SPEC.md has %s %d times", rule, n)
		}
	}
}
