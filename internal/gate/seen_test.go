package gate

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"codecollab.dev/internal/answer"
)

// Only a trusted proxy names requests and begins traces, and a name is short and plain.
func TestWhoNamesARequest(t *testing.T) {
	guard, _ := testGuard(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, answer.RequestOf(r.Context()), " ", r.Header.Get("Traceparent"))
	})
	const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	for _, c := range []struct {
		peer, id string
		taken    bool
	}{
		{"10.1.2.3:1", "abc-1.2:3_4", true},
		{"10.1.2.3:1", "", false},
		{"10.1.2.3:1", "a b", false},
		{"10.1.2.3:1", "<b>", false},
		{"10.1.2.3:1", strings.Repeat("a", 65), false},
		{"203.0.113.5:1", "abc", false}, // anybody can say so
	} {
		r := httptest.NewRequest("GET", "http://localhost/x", nil)
		r.RemoteAddr = c.peer
		r.Header.Set("X-Request-Id", c.id)
		r.Header.Set("Traceparent", parent)
		w := httptest.NewRecorder()
		guard.ServeHTTP(w, r)
		id, trace, _ := strings.Cut(w.Body.String(), " ")
		if id != w.Header().Get("X-Request-Id") || (id == c.id) != c.taken || !c.taken && len(id) != 16 {
			t.Errorf("%q of %s is called %q, and %q in the answer", c.id, c.peer, id, w.Header().Get("X-Request-Id"))
		}
		if trusted := strings.HasPrefix(c.peer, "10."); (trace == parent) != trusted {
			t.Errorf("a trace of %s: %q", c.peer, trace)
		}
	}
}

func TestRequestsAreSeenByTheirRoutes(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /rooms/{room}", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		fmt.Fprint(w, "short")
	})
	var seen []Seen
	guard, _ := testGuard(t, mux.ServeHTTP, func(o *GuardOptions) { o.Watch = func(s Seen) { seen = append(seen, s) } })
	for _, path := range []string{"/rooms/secret", "/nowhere"} {
		guard.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "http://localhost"+path, nil))
	}
	if len(seen) != 2 || seen[0].Route != "GET /rooms/{room}" || seen[0].Status != http.StatusTeapot || seen[0].Out != 5 || seen[1].Route != "" || seen[1].Status != http.StatusNotFound {
		t.Errorf("%+v", seen)
	}
}
