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
	both(t, func(t *testing.T, opt Options) {
		s := open(t, opt)
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
	})
}

// A visit that is known already writes nothing, or each reconnecting of a class would be as many writes.
func TestAVisitThatIsKnownIsNotWritten(t *testing.T) {
	both(t, func(t *testing.T, opt Options) {
		s := open(t, opt)
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
		if err := s.submit(ctx, older); err != nil {
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
	})
}

// A guest who signs in keeps their rooms; where the account has been, too, the later visit counts.
func TestMovingVisits(t *testing.T) {
	both(t, func(t *testing.T, opt Options) {
		s := open(t, opt)
		ctx := t.Context()
		visits := []struct {
			room, person, role string
			at                 int64
		}{{"one", "guest", "owner", 10}, {"two", "guest", "owner", 30}, {"two", "account", "viewer", 20}, {"three", "guest", "viewer", 20}, {"three", "account", "editor", 30}, {"one", "other", "editor", 10}}
		for _, room := range []string{"one", "two", "three"} {
			if err := s.Create(ctx, room, records(t, &wire.Language{Language: "go"})); err != nil {
				t.Fatal(err)
			}
		}
		for _, v := range visits {
			if err := s.Visit(ctx, v.room, v.person, v.role); err != nil {
				t.Fatal(err)
			}
			err := s.submit(ctx, func(ctx context.Context, tx *sql.Tx) error {
				_, err := tx.ExecContext(ctx, "UPDATE visits SET at = ? WHERE person = ? AND room = (SELECT id FROM rooms WHERE name = ?)", v.at, v.person, v.room)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for range 2 { // once more changes nothing
			if err := s.MoveVisits(ctx, "guest", "account"); err != nil {
				t.Fatal(err)
			}
		}
		for person, want := range map[string]map[string]string{
			"account": {"one": "owner", "two": "owner", "three": "editor"}, "guest": {}, "other": {"one": "editor"},
		} {
			got, err := s.Visited(ctx, person, 10)
			if err != nil || len(got) != len(want) {
				t.Errorf("%s: %+v, %v", person, got, err)
			}
			for _, v := range got {
				if want[v.Room] != v.Role {
					t.Errorf("%s is %s in %s, want %s", person, v.Role, v.Room, want[v.Room])
				}
			}
		}
	})
}
