package room_test

import (
	"fmt"
	"testing"

	"codecollab.dev"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/wire"
)

// Runs that the state has forgotten are read from the log: page by page, and each with its output.
func TestOldRuns(t *testing.T) {
	h := newHouse(t)
	var base codecollab.Version = 2
	var runs []codecollab.Version
	finish := func(i int) {
		h.room(func(r *room.Room) {
			f := wire.Finish{Run: runs[i], Outcome: "exited", Memory: int64(i), Output: []wire.Chunk{{Stream: "stdout", Data: fmt.Sprint("output ", i)}}}
			if err := r.Finish(t.Context(), f); err != nil {
				t.Fatal(err)
			}
		})
	}
	for i := range 41 {
		base = h.ok("aaaaaaaa", int64(i+1), base, &wire.Run{File: file, Language: "python", Args: []string{fmt.Sprint(i)}})
		runs = append(runs, base)
		if i > 0 {
			finish(i - 1) // each ends after the next has begun
		}
	}
	snap := h.join(h.rooms, "zzzzzzzz", nil, 0).snapshot(t)
	if len(snap.Runs) != 30 || snap.Runs[0].Run != runs[11] {
		t.Fatalf("the state has %d runs", len(snap.Runs))
	}
	page, more, err := room.RunsBefore(t.Context(), h.store, "r", runs[11], 4)
	if err != nil || !more || len(page) != 4 {
		t.Fatalf("%+v %v %v", page, more, err)
	}
	for i, r := range page {
		if n := i + 7; r.Run != runs[n] || r.By != "paaaaaaaa" || r.Request.Args[0] != fmt.Sprint(n) || r.Finish == nil || r.Finish.Memory != int64(n) || len(r.Finish.Output) != 0 {
			t.Errorf("%+v", r)
		}
	}
	if page, more, err = room.RunsBefore(t.Context(), h.store, "r", runs[7], 100); err != nil || more || len(page) != 7 {
		t.Errorf("%d %v %v", len(page), more, err)
	}
	if page, _, err = room.RunsBefore(t.Context(), h.store, "r", 0, 2); err != nil || page[1].Run != runs[40] || page[1].Finish != nil || page[0].Finish == nil {
		t.Errorf("the newest are %+v, %v", page, err)
	}
	one, err := room.RunOf(t.Context(), h.store, "r", runs[3])
	if err != nil || one.Finish == nil || one.Finish.Output[0].Data != "output 3" || one.Request.Args[0] != "3" {
		t.Errorf("%+v %v", one, err)
	}
	for _, none := range []codecollab.Version{1, 0, -5, 99999} {
		if _, err := room.RunOf(t.Context(), h.store, "r", none); codecollab.CodeOf(err) != "no_run" {
			t.Errorf("run %d: %v", none, err)
		}
	}
}
