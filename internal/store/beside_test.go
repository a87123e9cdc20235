package store

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"codecollab.dev/internal/hint/desk"
	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/wire"
)

func made(t *testing.T, s *Store, name string, payloads ...wire.Payload) {
	t.Helper()
	if err := s.Create(t.Context(), name, records(t, payloads...)); err != nil {
		t.Fatal(err)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestDoors(t *testing.T) {
	both(t, func(t *testing.T, opt Options) {
		s, ctx := open(t, opt), t.Context()
		made(t, s, "a", &wire.Title{Title: "A"})
		ok(t, s.SetPasscode(ctx, "a", "sealed", []string{"ann", "ann"}))
		ok(t, s.Pass(ctx, "a", "ann"))
		if sealed, err := s.Passcode(ctx, "a"); sealed != "sealed" || err != nil {
			t.Errorf("%q, %v", sealed, err)
		}
		if in, err := s.Passed(ctx, "a", []string{"ben", "ann"}); !in || err != nil {
			t.Errorf("ann has not passed: %v", err)
		}
		ok(t, s.SetPasscode(ctx, "a", "other", nil))
		if in, err := s.Passed(ctx, "a", []string{"ann"}); in || err != nil {
			t.Errorf("ann has passed another passcode: %v", err)
		}
		ok(t, s.Invite(ctx, "a", "ben@example.org", rights.Viewer))
		ok(t, s.Invite(ctx, "a", "ben@example.org", rights.Editor))
		ok(t, s.Invite(ctx, "a", "Cleo@example.org", rights.Viewer))
		if role, err := s.Invited(ctx, "a", []string{"x", "ben@example.org"}); role != rights.Editor || err != nil {
			t.Errorf("%v, %v", role, err)
		}
		if all, err := s.Invitations(ctx, "a"); len(all) != 2 || err != nil {
			t.Errorf("%+v, %v", all, err)
		}
		ok(t, s.Uninvite(ctx, "ben@example.org"))
		ok(t, s.Invite(ctx, "a", "Cleo@example.org", rights.None))
		if all, err := s.Invitations(ctx, "a"); len(all) != 0 || err != nil {
			t.Errorf("%+v, %v", all, err)
		}
		ok(t, s.SetOrg(ctx, "a", "org"))
		ok(t, s.SetOrg(ctx, "a", "org"))
		if rooms, err := s.OrgRooms(ctx, "org", 5); len(rooms) != 1 || err != nil || rooms[0].Title != "A" || rooms[0].Changed != 1000 {
			t.Errorf("%+v, %v", rooms, err)
		}
		wantCode(t, s.Pass(ctx, "nowhere", "ann"), "no_room")
	})
}

func TestLinks(t *testing.T) {
	both(t, func(t *testing.T, opt Options) {
		s, ctx := open(t, opt), t.Context()
		made(t, s, "a", &wire.Title{Title: "A"})
		for _, key := range []string{"one", "two"} {
			ok(t, s.SetLink(ctx, "a", rights.Editor, key))
		}
		if links, err := s.Links(ctx, "a"); len(links) != 1 || links[rights.Editor] != "two" || err != nil {
			t.Errorf("%v, %v", links, err)
		}
		if role, works, err := s.Link(ctx, "a", "one"); role != rights.Editor || works || err != nil {
			t.Errorf("the former link: %v %v %v", role, works, err)
		}
		if _, works, err := s.Link(ctx, "a", "two"); !works || err != nil {
			t.Errorf("the link: %v %v", works, err)
		}
	})
}

// A long room is deleted in steps; what a process did not finish, the next one does.
func TestDeletingRooms(t *testing.T) {
	both(t, func(t *testing.T, opt Options) {
		s, ctx := open(t, opt), t.Context()
		made(t, s, "a", &wire.Title{Title: "A"})
		made(t, s, "b", &wire.Title{Title: "B"})
		ok(t, s.SetLink(ctx, "a", rights.Editor, "key"))
		ok(t, s.DeleteRoom(ctx, "a"))
		wantCode(t, s.DeleteRoom(ctx, "a"), "no_room")
		made(t, s, "a", &wire.Title{Title: "Again"})
		if links, err := s.Links(ctx, "a"); len(links) != 0 || err != nil {
			t.Errorf("%v, %v", links, err)
		}
		if _, err := s.writeDB().Exec("UPDATE rooms SET name = ? WHERE name = ?", goneRoom+"7", "b"); err != nil {
			t.Fatal(err)
		}
		ok(t, s.Close())
		s = open(t, opt)
		var rooms, events int
		ok(t, s.read.QueryRow("SELECT (SELECT count(*) FROM rooms), (SELECT count(*) FROM events)").Scan(&rooms, &events))
		if rooms != 1 || events != 1 {
			t.Errorf("%d rooms and %d events are left", rooms, events)
		}
	})
}

// What somebody has written is found, also beside what a Postgres could not read as JSON.
func TestErasing(t *testing.T) {
	both(t, func(t *testing.T, opt Options) {
		s, ctx := open(t, opt), t.Context()
		made(t, s, "a", &wire.Person{Person: "p1", Name: "Ann"}, &wire.Chat{Text: "zero \x00 and \\u0000"}, &wire.Title{Title: "A"})
		ok(t, s.Visit(ctx, "a", "p1", "owner"))
		ok(t, s.Invite(ctx, "a", "p1", rights.Editor))
		var texts []string
		ok(t, s.WrittenBy(ctx, []string{"nobody", "p1"}, []string{"chat"}, func(w Written) error {
			var e wire.Event
			err := json.Unmarshal(w.Data, &e)
			texts = append(texts, w.Room+" "+e.Body.Payload.(*wire.Chat).Text)
			return err
		}))
		if want := []string{"a zero \x00 and \\u0000"}; !slices.Equal(texts, want) {
			t.Errorf("%q, want %q", texts, want)
		}
		if rooms, err := s.RoomsOf(ctx, []string{"p1"}); !slices.Equal(rooms, []string{"a"}) || err != nil {
			t.Errorf("%v, %v", rooms, err)
		}
		if last, err := s.LastOf(ctx, "a", []string{"p1", "p2"}); last != "p1" || err != nil {
			t.Errorf("%q, %v", last, err)
		}
		ok(t, s.Erase(ctx, "a", []string{"p1"}, "Somebody"))
		all, err := s.Read(ctx, "a", 0, 10)
		ok(t, err)
		if !strings.Contains(string(all[0].Data), "Somebody") || strings.Contains(string(all[0].Data), "Ann") {
			t.Errorf("%s", all[0].Data)
		}
		if n, err := s.ForgetChat(ctx, 5000); n != 1 || err != nil {
			t.Errorf("%d messages forgotten, %v", n, err)
		}
		if idle, err := s.IdleRooms(ctx, 1<<50, 5); !slices.Equal(idle, []string{"a"}) || err != nil {
			t.Errorf("%v, %v", idle, err)
		}
	})
}

func TestHints(t *testing.T) {
	both(t, func(t *testing.T, opt Options) {
		s, ctx := open(t, opt), t.Context()
		made(t, s, "a", &wire.Title{Title: "A"})
		r := desk.Record{Room: "a", ID: "1", Person: "ann", At: 5, Cached: true, Sent: "a zero \x00"}
		ok(t, s.PutHint(ctx, r, 5))
		r.Model = "m"
		ok(t, s.PutHint(ctx, r, 5))
		for _, up := range []bool{true, false} {
			ok(t, s.VoteHint(ctx, "a", "1", "ben", up))
		}
		wantCode(t, s.VoteHint(ctx, "a", "2", "ben", true), "no_hint")
		all, err := s.Hints(ctx, "a", 0, 5)
		if err != nil || len(all) != 1 || all[0].Model != "m" || !all[0].Cached || all[0].Up != 0 || all[0].Down != 1 {
			t.Errorf("%+v, %v", all, err)
		}
		for range 2 {
			ok(t, s.SpendTokens(ctx, "2026-11-28", map[string]int{"ann": 5}))
		}
		if n, err := s.SpentTokens(ctx, "2026-11-28", "ann"); n != 10 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		ok(t, s.HintsOf(ctx, []string{"ann"}, func(m map[string]any) error { return nil }))
		if n, err := s.ForgetHintsBefore(ctx, 6); n != 1 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		ok(t, s.ForgetHints(ctx, []string{"ann"}))
	})
}
