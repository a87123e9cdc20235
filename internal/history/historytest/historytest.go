// Package historytest has the tests that every implementation of history.Log must pass.
package historytest

import (
	"testing"

	"codecollab.dev"
	"codecollab.dev/internal/history"
)

// Log runs the tests of history.Log. open returns a Log with a room "a", whose events have the versions 1 to 5, and a room
// "b" with one event; it is called once for every test.
func Log(t *testing.T, open func(t *testing.T) history.Log) {
	tests := map[string]func(*testing.T, history.Log){
		"an unknown room is no_room everywhere":                     unknown,
		"the head and the events are those of the log":              events,
		"blocks come back in order, after a version":                blocks,
		"the newest mark that is not beyond a version is found":     marks,
		"what is kept twice stays as it was, and rooms stay apart":  twice,
		"a block without a mark leaves the marks as they are":       blockAlone,
		"an empty room has neither blocks nor marks, and no errors": none,
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func part(v codecollab.Version, data string) history.Part {
	return history.Part{Version: v, Data: []byte(data)}
}

func unknown(t *testing.T, l history.Log) {
	ctx := t.Context()
	_, head := l.Head(ctx, "x")
	_, events := l.Events(ctx, "x", 0, 10)
	_, blocks := l.Blocks(ctx, "x", 0)
	_, mark := l.Mark(ctx, "x", 0)
	for what, err := range map[string]error{
		"Head": head, "Events": events, "Blocks": blocks, "Mark": mark, "Keep": l.Keep(ctx, "x", part(1, "b"), history.Part{}),
	} {
		if err == nil || codecollab.CodeOf(err) != "no_room" {
			t.Errorf("%s: got error %v, want no_room", what, err)
		}
	}
}

func events(t *testing.T, l history.Log) {
	head, err := l.Head(t.Context(), "a")
	must(t, err)
	if head != 5 {
		t.Errorf("the head is %d, want 5", head)
	}
	got, err := l.Events(t.Context(), "a", 1, 3)
	must(t, err)
	if len(got) != 3 || got[0].Version != 2 || got[2].Version != 4 || got[0].Kind == "" || len(got[0].Data) == 0 {
		t.Errorf("three events after 1 are %+v", got)
	}
	if got, err = l.Events(t.Context(), "a", 5, 3); err != nil || len(got) != 0 {
		t.Errorf("after the head: %v, %v", got, err)
	}
}

func wantBlocks(t *testing.T, l history.Log, room string, after codecollab.Version, want ...history.Part) {
	t.Helper()
	got, err := l.Blocks(t.Context(), room, after)
	must(t, err)
	if len(got) != len(want) {
		t.Fatalf("%d blocks of %s after %d, want %d", len(got), room, after, len(want))
	}
	for i := range got {
		if got[i].Version != want[i].Version || string(got[i].Data) != string(want[i].Data) {
			t.Errorf("block %d is %d %q, want %d %q", i, got[i].Version, got[i].Data, want[i].Version, want[i].Data)
		}
	}
}

func wantMark(t *testing.T, l history.Log, room string, atMost codecollab.Version, want history.Part) {
	t.Helper()
	got, err := l.Mark(t.Context(), room, atMost)
	must(t, err)
	if got.Version != want.Version || string(got.Data) != string(want.Data) {
		t.Errorf("the mark of %s at most %d is %d %q, want %d %q", room, atMost, got.Version, got.Data, want.Version, want.Data)
	}
}

func blocks(t *testing.T, l history.Log) {
	must(t, l.Keep(t.Context(), "a", part(4, "four"), history.Part{}))
	must(t, l.Keep(t.Context(), "a", part(2, "two"), history.Part{}))
	wantBlocks(t, l, "a", 0, part(2, "two"), part(4, "four"))
	wantBlocks(t, l, "a", 2, part(4, "four"))
	wantBlocks(t, l, "a", 4)
}

func marks(t *testing.T, l history.Log) {
	must(t, l.Keep(t.Context(), "a", part(2, "b"), part(2, "two")))
	must(t, l.Keep(t.Context(), "a", part(4, "b"), part(4, "four")))
	wantMark(t, l, "a", 0, part(4, "four"))
	wantMark(t, l, "a", 4, part(4, "four"))
	wantMark(t, l, "a", 3, part(2, "two"))
	wantMark(t, l, "a", 1, history.Part{})
}

func twice(t *testing.T, l history.Log) {
	must(t, l.Keep(t.Context(), "a", part(2, "first"), part(2, "first")))
	must(t, l.Keep(t.Context(), "a", part(2, "second"), part(2, "second")))
	must(t, l.Keep(t.Context(), "b", part(2, "other"), part(2, "other")))
	wantBlocks(t, l, "a", 0, part(2, "first"))
	wantMark(t, l, "a", 0, part(2, "first"))
	wantBlocks(t, l, "b", 0, part(2, "other"))
}

func blockAlone(t *testing.T, l history.Log) {
	must(t, l.Keep(t.Context(), "a", part(2, "b"), part(2, "mark")))
	must(t, l.Keep(t.Context(), "a", part(4, "b"), history.Part{Version: 4}))
	wantMark(t, l, "a", 0, part(2, "mark"))
}

func none(t *testing.T, l history.Log) {
	wantBlocks(t, l, "a", 0)
	wantMark(t, l, "a", 0, history.Part{})
}
