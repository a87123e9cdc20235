package server

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"codecollab.dev/internal/history"
	"codecollab.dev/internal/store"
	"codecollab.dev/internal/wire"
)

func testArchive(db *store.Store, log *slog.Logger) *history.Archive {
	return history.New(store.Archived{Store: db}, history.Options{BlockEvents: 64, PageEvents: 4, PageBytes: 1 << 20, Readers: 2, Log: log})
}

// typed makes a room in which Ann puts n words in front of the sample, and returns the file.
func (h *house) typed(n int) (file string, head int64) {
	h.t.Helper()
	ann := h.socket(h.client)
	j := h.joined(ann)
	file = j.Snapshot.Files[0].ID
	length, base := len(python.Sample), j.Version
	for i := range n {
		word := fmt.Sprintf("w%02d ", i)
		ann.say(edit(int64(i+1), base, file, length, word))
		base = wait(h.t, ann, func(e *wire.Event) bool { return e.Seq == int64(i+1) }).Version
		length += len(word)
	}
	return file, base
}

func TestTheHistoryOfARoom(t *testing.T) {
	h := newHouse(t)
	file, head := h.typed(10)
	base := "/api/v1/rooms/" + h.room + "/history"

	var o history.Overview
	h.call(h.client, "GET", base+"?buckets=5", "", http.StatusOK, &o)
	if o.Version != head || o.Ready != head || len(o.Buckets) == 0 || len(o.Buckets) > 5 || len(o.People) != 1 || o.People[0].Name != "Ann" {
		t.Errorf("overview %+v", o)
	}
	var first, last history.Answer
	h.call(h.client, "GET", base+"/state?version=2", "", http.StatusOK, &first)
	h.call(h.client, "GET", fmt.Sprintf("%s/state?version=%d", base, head), "", http.StatusOK, &last)
	if first.Files[0].Text != python.Sample || !strings.HasPrefix(last.Files[0].Text, "w09 w08 ") || last.People[0].Name != "Ann" {
		t.Errorf("states %+v and %+v", first, last)
	}
	var b history.Blamed
	h.call(h.client, "GET", fmt.Sprintf("%s/blame?version=%d&file=%s", base, head, file), "", http.StatusOK, &b)
	if len(b.Stints) == 0 || len(b.Spans)%2 != 0 || b.People[0].Name != "Ann" {
		t.Errorf("blame %+v", b)
	}

	next, seen := int64(1), int64(0)
	for next != 0 {
		var page struct {
			Events []wire.Event
			Next   int64
		}
		h.call(h.client, "GET", fmt.Sprintf("%s/events?from=%d&to=%d", base, next, head), "", http.StatusOK, &page)
		for _, e := range page.Events {
			if e.Version <= seen {
				t.Errorf("event %d after %d", e.Version, seen)
			}
			seen = e.Version
		}
		next = page.Next
	}
	if seen != head {
		t.Errorf("the last event was %d, want %d", seen, head)
	}
}

func TestWhatCannotBeAskedOfAHistory(t *testing.T) {
	h := newHouse(t)
	base := "/api/v1/rooms/" + h.room + "/history"
	for path, want := range map[string]string{
		"?buckets=0": "bad_version", "?buckets=many": "bad_version", "?buckets=100000": "bad_version",
		"/state": "bad_version", "/state?version=0": "bad_version", "/state?version=-3": "bad_version", "/state?version=1e3": "bad_version",
		"/state?version=99999999999999999999": "bad_version", "/state?version=77": "no_version",
		"/blame?version=2&file=nothing": "no_file", "/blame?version=0&file=x": "bad_version", "/blame?version=77&file=x": "no_version",
		"/events?from=2&to=1": "bad_version", "/events?from=0&to=1": "bad_version", "/events?from=1": "bad_version", "/events?from=1&to=77": "no_version",
	} {
		status := map[bool]int{true: http.StatusBadRequest, false: http.StatusNotFound}[want == "bad_version"]
		var e struct{ Code, Message string }
		h.call(h.client, "GET", base+path, "", status, &e)
		if e.Code != want || e.Message == "" {
			t.Errorf("%s: %+v, want %s", path, e, want)
		}
	}
	for _, path := range []string{"", "/state?version=1", "/blame?version=1&file=x", "/events?from=1&to=1"} {
		var e struct{ Code string }
		h.call(h.client, "GET", "/api/v1/rooms/no-such-room/history"+path, "", http.StatusNotFound, &e)
		if e.Code != "no_room" {
			t.Errorf("%q of an unknown room: %s", path, e.Code)
		}
	}
}

func TestALargeAnswerIsCompressed(t *testing.T) {
	h := newHouse(t)
	_, head := h.typed(40)
	req, err := http.NewRequestWithContext(t.Context(), "GET", h.http.URL+"/api/v1/rooms/"+h.room+"/history", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "gzip") // set by hand, so that the client does not unpack it
	resp, err := h.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.Header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("the answer is %q", resp.Header.Get("Content-Encoding"))
	}
	z, err := gzip.NewReader(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var o history.Overview
	if err := json.NewDecoder(z).Decode(&o); err != nil || o.Version != head {
		t.Errorf("overview %+v, %v", o, err)
	}
}
