package runner

import (
	"regexp"
	"strings"

	"github.com/Masterminds/semver/v3"
)

// selector is a range of versions as npm writes it, which is what Piston's clients send. The library's own language is
// wider, and differs where a version is a pre-release; testdata/npm-ranges.jsonl holds npm's answers.
type selector []alternative

// alternative is what stands between two "||".
type alternative struct {
	within *semver.Constraints
	// previews are the versions, without what follows the "-", of which pre-releases are wanted.
	previews []string
}

const (
	part    = `(?:[xX*]|\d+)`
	partial = `[vV]?` + part + `(?:\.` + part + `(?:\.` + part + `(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)?)?`
)

var (
	comparator = regexp.MustCompile(`^(?:[~^=]|~>|>=?|<=?)?` + partial + `$`)
	hyphen     = regexp.MustCompile(`^` + partial + `\s+-\s+` + partial + `$`)
	loose      = regexp.MustCompile(`([~^=<>])\s+`)     // an operator with space behind it
	leadingX   = regexp.MustCompile(`^[~^>=<]*[xX*]`)   // any version, whatever the operator
	numberX    = regexp.MustCompile(`[xX*]\.\d`)        // a number after a placeholder
	nothing    = regexp.MustCompile(`^[<>][xX*]`)       // no version is beyond all
	preview    = regexp.MustCompile(`(\d+\.\d+\.\d+)-`) // of which a pre-release is named
)

// parseSelector reads a range; ok is false when npm would not know it.
func parseSelector(s string) (sel selector, ok bool) {
	for part := range strings.SplitSeq(s, "||") {
		a, ok := parseAlternative(strings.TrimSpace(part))
		if !ok {
			return nil, false
		}
		if a.within != nil {
			sel = append(sel, a)
		}
	}
	return sel, true
}

func parseAlternative(s string) (a alternative, ok bool) {
	for _, found := range preview.FindAllStringSubmatch(s, -1) {
		a.previews = append(a.previews, found[1])
	}
	var err error
	if hyphen.MatchString(s) {
		a.within, err = semver.NewConstraint(s)
		return a, err == nil
	}
	words := []string{}
	for _, w := range strings.Fields(loose.ReplaceAllString(s, "$1")) {
		switch {
		case !comparator.MatchString(w) || numberX.MatchString(w):
			return a, false
		case nothing.MatchString(w):
			return alternative{}, true
		case !leadingX.MatchString(w):
			words = append(words, w)
		}
	}
	if len(words) == 0 {
		words = append(words, "*")
	}
	a.within, err = semver.NewConstraint(strings.Join(words, " "))
	return a, err == nil
}

func (s selector) has(v *semver.Version) bool {
	for _, a := range s {
		if a.within.Check(v) && (v.Prerelease() == "" || a.wants(v)) {
			return true
		}
	}
	return false
}

func (a alternative) wants(v *semver.Version) bool {
	base, _ := v.SetPrerelease("")
	for _, p := range a.previews {
		if p == base.String() {
			return true
		}
	}
	return false
}
