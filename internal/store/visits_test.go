package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"testing"

	"codecollab.dev"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/wire"
)

func records(t *testing.T, payloads ...wire.Payload) []room.Record {
	t.Helper()
	var out []room.Record
	for i, p := range payloads {
		v := codecollab.Version(i + 1)
		data, err := json.Marshal(wire.Event{Version: v, At: int64(1000 + i), By: "p1", Body: wire.Body{Payload: p}})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, room.Record{Version: v, At: int64(1000 + i), Kind: p.Kind(), Data: data})
	}
	return out
}

func TestVisits(t *testing.T) {
	s := open(t, Options{})
	ctx := t.Context()
	first := records(t, &wire.Language{Language: "python"}, &wire.Title{Title: "Old"}, &wire.Title{Title: "New"}, &wire.Language{Language: "go"})
	if err := s.Create(ctx, "calm-heron-1", first); err != nil {
		t.Fatal(err)
	}
	if err := s.Create(ctx, "bold-lynx-2", records(t, &wire.Language{Language: "rust"})); err != nil {
		t.Fatal(err)
	}
	for _, v := range [][3]string{{"calm-heron-1", "ann", "owner"}, {"bold-lynx-2", "ann", "editor"}, {"calm-heron-1", "ben", "viewer"}, {"nowhere", "ann", "owner"}} {
		if err := s.Visit(ctx, v[0], v[1], v[2]); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Visited(ctx, "ann", 10)
	if err != nil || len(got) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	for _, v := range got {
		if v.Last < v.Visited || v.Visited == 0 {
			t.Errorf("somebody was there at %d, and anybody at %d", v.Visited, v.Last)
		}
		v.Visited, v.Last = 0, 0
		want := room.Visited{Room: "bold-lynx-2", Language: "rust", Role: "editor", Changed: 1000}
		if v.Room == "calm-heron-1" {
			want = room.Visited{Room: "calm-heron-1", Title: "New", Language: "go", Role: "owner", Changed: 1003}
		}
		if v != want {
			t.Errorf("%+v, want %+v", v, want)
		}
	}
	if got, err := s.Visited(ctx, "ann", 1); err != nil || len(got) != 1 {
		t.Errorf("at most one: %+v, %v", got, err)
	}
	if err := s.SetVisitRole(ctx, "calm-heron-1", "ben", "editor"); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Visited(ctx, "ben", 10); err != nil || len(got) != 1 || got[0].Role != "editor" {
		t.Errorf("another role: %+v, %v", got, err)
	}
	if err := s.ForgetVisit(ctx, "calm-heron-1", "ben"); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Visited(ctx, "ben", 10); err != nil || len(got) != 0 {
		t.Errorf("forgotten: %+v, %v", got, err)
	}
}

// A visit that is known already writes nothing, or each reconnecting of a class would be as many writes.
func TestAVisitThatIsKnownIsNotWritten(t *testing.T) {
	s := open(t, Options{})
	ctx := t.Context()
	if err := s.Create(ctx, "a", records(t, &wire.Language{Language: "go"})); err != nil {
		t.Fatal(err)
	}
	at := func() (n int64) {
		if err := s.read.QueryRowContext(ctx, "SELECT at FROM visits").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if err := s.Visit(ctx, "a", "ann", "owner"); err != nil {
		t.Fatal(err)
	}
	older := func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE visits SET at = at - 60000")
		return err
	}
	if err := s.writer.submit(ctx, older); err != nil {
		t.Fatal(err)
	}
	first := at()
	if err := s.Visit(ctx, "a", "ann", "owner"); err != nil || at() != first {
		t.Errorf("written again: %v", err)
	}
	if err := s.Visit(ctx, "a", "ann", "viewer"); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Visited(ctx, "ann", 1); err != nil || got[0].Role != "viewer" {
		t.Errorf("%+v, %v", got, err)
	}
}
