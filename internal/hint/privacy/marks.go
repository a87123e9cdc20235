package privacy

import (
	"regexp"
	"strings"
)

// A mark stands in a comment of whichever language: behind one of these signs, or alone on its line.
var (
	alone    = regexp.MustCompile(`(?i)^[^\pL\pN]*(?:rem\s+)?no-ai(-begin|-end)?(?:[^\pL\pN-].*)?$`)
	trailing = regexp.MustCompile("(?i)(?:#|//|--|;|%|/\\*|<!--|\\(\\*|\\{-|'|\"|!|\\*>|\\\\\\*)\\s*no-ai(-begin|-end)?(?:[^\\pL\\pN-].*)?$")
)

// marks finds the lines that stay here. whole is set when a mark stands for the whole file: alone on a line, without
// begin or end. A region without its end goes to the end of the file.
func marks(lines []string) (marked []bool, whole bool) {
	marked = make([]bool, len(lines))
	inside := false
	for i, line := range lines {
		m := alone.FindStringSubmatch(line)
		own := m != nil
		if !own {
			m = trailing.FindStringSubmatch(line)
		}
		if m == nil {
			marked[i] = inside
			continue
		}
		marked[i] = true
		switch strings.ToLower(m[1]) {
		case "-begin":
			inside = true
		case "-end":
			inside = false
		default:
			whole = whole || own && !inside
		}
	}
	return marked, whole
}
