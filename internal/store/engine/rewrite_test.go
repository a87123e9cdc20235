package engine

import "testing"

func TestPlaceholders(t *testing.T) {
	for from, want := range map[string]string{
		"SELECT 1":                                   "SELECT 1",
		"a = ? AND b = ?":                            "a = $1 AND b = $2",
		"a = ?2 AND b = ?1 AND c = ?2":               "a = $2 AND b = $1 AND c = $2",
		"a = ?12":                                    "a = $12",
		"a = ?2 AND b = ?":                           "a = $2 AND b = $3",
		"a = '?' AND b = ? AND c = 'it''s ?'":        "a = '?' AND b = $1 AND c = 'it''s ?'",
		`"what?" = ? AND a LIKE ? || '%' ESCAPE '\'`: `"what?" = $1 AND a LIKE $2 || '%' ESCAPE '\'`,
		"broken '?":                                  "broken '?",
		"broken '":                                   "broken '",
	} {
		if got := placeholders(from); got != want {
			t.Errorf("%s: %s, want %s", from, got, want)
		}
	}
}
