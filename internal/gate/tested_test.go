package gate

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"codecollab.dev/internal/auth"
)

// TestTested looks at where a test of a connection ends: at its page, with what was tried behind the #.
func TestTested(t *testing.T) {
	w := httptest.NewRecorder()
	steps := []auth.Step{{Name: "signature", OK: true, Detail: strings.Repeat("ü", 1000)}, {Name: "audience", Detail: "not ours", Fix: "Correct it."}}
	(&Gate{}).tested(w, httptest.NewRequest(http.MethodGet, "/auth/sso/c1/callback", nil), "o1", "c1", steps)
	path, said, ok := strings.Cut(w.Header().Get("Location"), "#")
	if w.Code != http.StatusSeeOther || path != "/orgs/o1/sign-in/c1/tested" || !ok {
		t.Fatalf("%d %q", w.Code, w.Header().Get("Location"))
	}
	if len(w.Header().Get("Set-Cookie")) > 0 {
		t.Error("a test has set a cookie")
	}
	text, err := base64.RawURLEncoding.DecodeString(said)
	if err != nil {
		t.Fatal(err)
	}
	var got []auth.Step
	if err := json.Unmarshal(text, &got); err != nil || len(got) != 2 || got[1] != steps[1] {
		t.Fatalf("%v %+v", err, got)
	}
	if n := len([]rune(got[0].Detail)); n != longestDetail+1 {
		t.Errorf("a detail of %d characters; at most %d and a mark", n, longestDetail)
	}
}
