package store

import (
	"testing"

	"codecollab.dev/internal/history"
	"codecollab.dev/internal/history/historytest"
	"codecollab.dev/internal/room/roomtest"
)

func TestHistoryConformance(t *testing.T) {
	historytest.Log(t, func(t *testing.T) history.Log {
		s := open(t, Options{})
		for name, n := range map[string]int{"a": 5, "b": 1} {
			if err := s.Create(t.Context(), name, roomtest.Records(0, n)); err != nil {
				t.Fatal(err)
			}
		}
		return Archived{s}
	})
}
