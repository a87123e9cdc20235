package server

import (
	"fmt"
	"net/http"
	"testing"

	"codecollab.dev/internal/wire"
)

func TestPagesOfChat(t *testing.T) {
	h := newHouse(t)
	path := "/api/v1/rooms/" + h.room + "/chat"
	var page struct {
		Messages []wire.ChatMessage
		More     bool
	}
	h.call(h.client, "GET", path, "", http.StatusOK, &page)
	if page.Messages == nil || len(page.Messages) != 0 || page.More {
		t.Errorf("an empty room: %+v", page)
	}
	ann := h.socket(h.client)
	base := h.joined(ann).Version
	for i, text := range []string{"one", "two", "three"} {
		ann.say(fmt.Sprintf(`{"t":"batch","seq":%d,"base":%d,"body":{"kind":"chat","text":%q}}`, i+1, base, text))
		base = wait(t, ann, func(e *wire.Event) bool { return e.Seq == int64(i+1) }).Version
	}
	h.call(h.client, "GET", path+"?limit=2", "", http.StatusOK, &page)
	if len(page.Messages) != 2 || !page.More || page.Messages[0].Text != "two" || page.Messages[1].Text != "three" {
		t.Errorf("%+v", page)
	}
	for _, bad := range []string{"?before=x", "?before=-1", "?limit=0", "?limit=201", "?limit=x"} {
		h.call(h.client, "GET", path+bad, "", http.StatusBadRequest, nil)
	}
	h.call(h.client, "GET", "/api/v1/rooms/none/chat", "", http.StatusNotFound, nil)
}
