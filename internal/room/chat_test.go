package room_test

import (
	"fmt"
	"strings"
	"testing"

	"codecollab.dev"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/wire"
)

// What is said comes to everybody as an event, and to those who join later with the snapshot.
func TestChat(t *testing.T) {
	h := newHouse(t)
	b := h.join(h.rooms, "bbbbbbbb", nil, 0)
	said := "<b>hello</b>\n```\n\tx & y 😀\n```"
	v := h.ok("aaaaaaaa", 1, 2, &wire.Chat{Text: said})
	e := until(t, b, func(e *wire.Event) bool { return e.Version == v })
	if c, ok := e.Body.Payload.(*wire.Chat); !ok || c.Text != said || e.By != "paaaaaaaa" {
		t.Errorf("the event is %+v", e)
	}
	if res := h.send(h.rooms, "aaaaaaaa", 1, 2, &wire.Chat{Text: said}); !res.again || res.v != v {
		t.Errorf("sent again: %+v", res)
	}
	snap := h.join(h.rooms, "cccccccc", nil, 0).snapshot(t)
	if len(snap.Chat) != 1 || snap.Chat[0].Text != said || snap.Chat[0].Version != v || snap.Chat[0].By != "paaaaaaaa" || snap.Chat[0].At == 0 || snap.ChatMore {
		t.Errorf("%+v", snap.Chat)
	}
}

func TestChatThatIsRefused(t *testing.T) {
	h := newHouse(t)
	for text, code := range map[string]string{
		"": "bad_message", " \n\t\u00a0": "bad_message", strings.Repeat("x", 301): "too_large", strings.Repeat("😀", 151): "too_large",
	} {
		if res := h.send(h.rooms, "aaaaaaaa", 1, 2, &wire.Chat{Text: text}); codecollab.CodeOf(res.err) != code || res.err == nil {
			t.Errorf("%.20q: %+v, want %s", text, res, code)
		}
	}
	h.ok("aaaaaaaa", 1, 2, &wire.Chat{Text: strings.Repeat("😀", 150)})
}

// The state keeps the newest messages, bounded in number and in bytes, also when it comes out of a snapshot; older ones are read
// from the log, page by page.
func TestOldChat(t *testing.T) {
	h := newHouse(t, func(o *room.Options) { o.Limits.ChatUnits = 40_000 })
	var base codecollab.Version = 2
	for i := range 130 {
		base = h.ok("aaaaaaaa", int64(i+1), base, &wire.Chat{Text: fmt.Sprint("message ", i)})
	}
	again := room.New(h.store, nil, options(t)) // folds the log from a snapshot
	for name, rooms := range map[string]*room.Rooms{"as it grew": h.rooms, "read again": again} {
		snap := h.join(rooms, "zzzzzzzz", nil, 0).snapshot(t)
		if n := len(snap.Chat); n != 100 || !snap.ChatMore || snap.Chat[0].Text != "message 30" || snap.Chat[99].Text != "message 129" {
			t.Errorf("%s: %d messages, more %v", name, n, snap.ChatMore)
		}
	}
	oldest := h.join(h.rooms, "zzzzzzzz", nil, 0).snapshot(t).Chat[0].Version
	page, more, err := room.ChatBefore(t.Context(), h.store, "r", oldest, 20)
	if err != nil || !more || len(page) != 20 || page[0].Text != "message 10" || page[19].Text != "message 29" {
		t.Errorf("%+v %v %v", page, more, err)
	}
	page, more, err = room.ChatBefore(t.Context(), h.store, "r", page[0].Version, 20)
	if err != nil || more || len(page) != 10 || page[0].Text != "message 0" {
		t.Errorf("%+v %v %v", page, more, err)
	}
	if page, more, err = room.ChatBefore(t.Context(), h.store, "r", 0, 3); err != nil || !more || len(page) != 3 || page[2].Text != "message 129" {
		t.Errorf("%+v %v %v", page, more, err)
	}
	for i := range 3 {
		base = h.ok("aaaaaaaa", int64(i+131), base, &wire.Chat{Text: strings.Repeat("x", 30<<10)})
	}
	if snap := h.join(h.rooms, "zzzzzzzz", nil, 0).snapshot(t); len(snap.Chat) != 2 || !snap.ChatMore {
		t.Errorf("%d long messages are kept", len(snap.Chat))
	}
}
