package store

import (
	"fmt"
	"testing"

	"codecollab.dev/internal/hint/desk"
	"codecollab.dev/internal/room"
)

func TestRecordsOfHintsGoWithTheirRoom(t *testing.T) {
	both(t, func(t *testing.T, opt Options) {
		s := open(t, opt)
		for _, name := range []string{"a", "b"} {
			if err := s.Create(t.Context(), name, []room.Record{{Version: 1, Kind: "x", Data: []byte("{}")}}); err != nil {
				t.Fatal(err)
			}
			for i := range 3 {
				r := desk.Record{Room: name, ID: fmt.Sprint(i), Person: "ann", At: int64(i + 1), Sent: "text", To: []string{"x", "y"}}
				if err := s.PutHint(t.Context(), r, 2); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.VoteHint(t.Context(), name, "2", "ann", true); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.DeleteRoom(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]int{"a": 0, "b": 2} {
			all, err := s.Hints(t.Context(), name, 0, 10)
			if err != nil || len(all) != want {
				t.Fatalf("%s: %+v, %v", name, all, err)
			}
			if want > 0 && (all[0].ID != "2" || all[0].Up != 1 || len(all[0].To) != 2 || all[1].ID != "1") {
				t.Errorf("%+v", all)
			}
		}
		if older, err := s.Hints(t.Context(), "b", 3, 10); err != nil || len(older) != 1 || older[0].ID != "1" {
			t.Errorf("%+v, %v", older, err)
		}
	})
}
