package room_test

import (
	"fmt"
	"testing"

	"codecollab.dev"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/wire"
)

func TestOnlyTheOwnerTurnsHintsOn(t *testing.T) {
	h := newHouse(t)
	on := &wire.Hints{On: true, Level: 3, Models: true, Share: true}
	if s := h.join(h.rooms, "bbbbbbbb", nil, 0).snapshot(t).Hints; s != nil {
		t.Errorf("hints are on in a new room: %+v", s)
	}
	if res := h.send(h.rooms, "bbbbbbbb", 1, 2, on); codecollab.CodeOf(res.err) != "owner_only" || res.err == nil {
		t.Errorf("an editor: %+v", res)
	}
	for _, level := range []int{0, 5} {
		if res := h.send(h.rooms, "owner", 1, 2, &wire.Hints{On: true, Level: level}); codecollab.CodeOf(res.err) != "bad_settings" || res.err == nil {
			t.Errorf("level %d: %+v", level, res)
		}
	}
	h.ok("owner", 1, 2, on)
	again := room.New(h.store, nil, options(t))
	for name, rooms := range map[string]*room.Rooms{"as it grew": h.rooms, "read again": again} {
		if s := h.join(rooms, "cccccccc", nil, 0).snapshot(t).Hints; s == nil || *s != *on {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

func TestHintsThatAreShownToAll(t *testing.T) {
	h := newHouse(t)
	b := h.join(h.rooms, "bbbbbbbb", nil, 0)
	for i := range 25 {
		err := h.rooms.Use(t.Context(), "r", func(r *room.Room) error {
			_, err := r.Tell(t.Context(), "paaaaaaaa", wire.Hint{ID: fmt.Sprint("h", i), Ask: "hint", Level: 3, Line: 2, Text: "Look.", Source: "grounded"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	e := until(t, b, func(e *wire.Event) bool { h, ok := e.Body.Payload.(*wire.Hint); return ok && h.ID == "h24" })
	if e.By != "paaaaaaaa" {
		t.Errorf("%+v", e)
	}
	again := room.New(h.store, nil, options(t))
	for name, rooms := range map[string]*room.Rooms{"as it grew": h.rooms, "read again": again} {
		s := h.join(rooms, "cccccccc", nil, 0).snapshot(t)
		if n := len(s.Told); n != 20 || s.Told[0].Hint.ID != "h5" || s.Told[19].Hint.ID != "h24" || s.Told[19].By != "paaaaaaaa" {
			t.Errorf("%s: %d hints", name, n)
		}
	}
}

func TestTheLastRunCountsUntilSomethingChanges(t *testing.T) {
	h := newHouse(t)
	file := h.join(h.rooms, "aaaaaaaa", nil, 0).snapshot(t).Files[0].ID
	run := func() (f room.HintFacts) {
		t.Helper()
		err := h.rooms.Use(t.Context(), "r", func(r *room.Room) (err error) { f, err = r.HintFacts(t.Context()); return err })
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	v := h.ok("aaaaaaaa", 1, 2, &wire.Run{File: file, Language: "go"})
	if f := run(); f.Run != nil {
		t.Error("a run that goes on counts")
	}
	err := h.rooms.Use(t.Context(), "r", func(r *room.Room) error {
		return r.Finish(t.Context(), wire.Finish{Run: v, Stage: "run", Outcome: "exited"})
	})
	if err != nil {
		t.Fatal(err)
	}
	v = h.ok("aaaaaaaa", 2, v, &wire.Language{Language: "python"})
	if f := run(); f.Run == nil || f.Run.Finish == nil || f.State.Version != v {
		t.Errorf("%+v", f.Run)
	}
	h.ok("aaaaaaaa", 3, v, edit(5, 0, 0, "z"))
	if f := run(); f.Run != nil {
		t.Error("it counts although the text has changed")
	}
}
