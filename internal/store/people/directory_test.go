package people

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"codecollab.dev/internal/auth"
)

func TestFindingPeople(t *testing.T) {
	both(t, func(t *testing.T, open func(t *testing.T) *Store) {
		s := open(t)
		born := time.Now()
		for i, name := range []string{"Ada Lovelace", "Ben 100%", "Cleo_x", "Dora"} {
			a := auth.Account{ID: fmt.Sprintf("u%d", i), Name: name, Email: fmt.Sprintf("p%d@example.org", i), Active: true, Created: born.Add(time.Duration(i/2) * time.Second)}
			if err := s.AddAccount(t.Context(), a, "test", a.ID); err != nil {
				t.Fatal(err)
			}
		}
		ids := func(q auth.PeopleQuery) (out []string) {
			t.Helper()
			found, err := s.People(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range found {
				out = append(out, a.ID)
			}
			return out
		}
		for text, want := range map[string][]string{
			"": {"u3", "u2", "u1", "u0"}, "LOVE example": {"u0"}, "p1@": {"u1"}, "%": {"u1"}, "_": {"u2"}, "nobody": nil, "ada ben": nil,
		} {
			if got := ids(auth.PeopleQuery{Text: text, Limit: 10}); !slices.Equal(got, want) {
				t.Errorf("%q finds %v, want %v", text, got, want)
			}
		}
		var all []string
		for after := ""; ; {
			page := ids(auth.PeopleQuery{After: after, Limit: 1})
			if len(page) == 0 {
				break
			}
			all, after = append(all, page...), page[0]
		}
		if want := []string{"u3", "u2", "u1", "u0"}; !slices.Equal(all, want) {
			t.Errorf("page by page %v, want %v: two were made at the same time", all, want)
		}
	})
}
