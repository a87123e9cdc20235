package server

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestTheListOfLanguagesIsShortAndOneOfThemTellsAll(t *testing.T) {
	h := newHouse(t)
	var list []map[string]any
	header := h.call(h.client, "GET", "/api/v1/languages", "", http.StatusOK, &list)
	if len(list) != 1 || list[0]["id"] != "python" || list[0]["sample"] != nil || list[0]["errors"] != nil {
		t.Errorf("the list is %v; want Python without its texts", list)
	}
	if got := header.Get(languagesState); got != "looking" {
		t.Errorf("%s is %q, while the runner looks", languagesState, got)
	}
	var one LanguageDetail
	h.call(h.client, "GET", "/api/v1/languages/py", "", http.StatusOK, &one)
	if one.ID != "python" || one.Sample != python.Sample || len(one.Errors) != 1 || one.Comments.Line != "#" {
		t.Errorf("the language is %+v", one)
	}
	h.call(h.client, "GET", "/api/v1/languages/klingon", "", http.StatusNotFound, nil)
}

func TestFormat(t *testing.T) {
	h := newHouse(t)
	path := "/api/v1/rooms/" + h.room + "/format"
	var out struct{ Content, Code, Message string }
	h.call(h.newMember("editor"), "POST", path, `{"language":"py","name":"a.py","content":"x = 1"}`, http.StatusOK, &out)
	if out.Content != "X = 1" {
		t.Errorf("formatted: %q", out.Content)
	}
	h.call(h.client, "POST", path, `{"language":"python","name":"a.py","content":"("}`, http.StatusBadRequest, &out)
	if out.Code != "not_formatted" || out.Message != "line 1 of a.py: never closed" {
		t.Errorf("the formatter's words came as %+v", out)
	}
	h.call(h.client, "POST", path, `{"language":"klingon","content":""}`, http.StatusNotFound, nil)
	h.call(h.client, "POST", "/api/v1/rooms/nowhere/format", `{"language":"python","content":""}`, http.StatusNotFound, nil)
	long, _ := json.Marshal(map[string]string{"language": "python", "content": strings.Repeat("x", 5000)})
	h.call(h.client, "POST", path, string(long), http.StatusRequestEntityTooLarge, nil)
}

func TestARoomFormatsOneThingAtATime(t *testing.T) {
	f := fakeFormatter{started: make(chan struct{}), wait: make(chan struct{})}
	h := newHouse(t, func(o *Options) { o.Formatter = f })
	path := "/api/v1/rooms/" + h.room + "/format"
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.call(h.client, "POST", path, `{"language":"python","content":"x"}`, http.StatusOK, nil)
	}()
	<-f.started
	h.call(h.newMember("editor"), "POST", path, `{"language":"python","content":"y"}`, http.StatusTooManyRequests, nil)
	close(f.wait)
	<-done
	if h.server.formats.begin(h.room) == nil {
		t.Error("the room is not given back")
	}
}
