package engine

import "strings"

const zeroEscape = `\u0000`

// CleanJSON writes JSON without the character zero in its texts, which Postgres keeps, and then cannot look for: it becomes U+FFFD.
func CleanJSON(json string) string {
	if !strings.Contains(json, zeroEscape) {
		return json
	}
	var b strings.Builder
	for i := 0; i < len(json); i++ {
		switch {
		case strings.HasPrefix(json[i:], zeroEscape):
			b.WriteString(`\ufffd`)
			i += len(zeroEscape) - 1
		case json[i] == '\\' && i+1 < len(json): // what is escaped is no beginning
			b.WriteString(json[i : i+2])
			i++
		default:
			b.WriteByte(json[i])
		}
	}
	return b.String()
}
