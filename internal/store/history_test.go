package store

import (
	"testing"

	"codecollab.dev/internal/history"
	"codecollab.dev/internal/history/historytest"
	"codecollab.dev/internal/room/roomtest"
)

func TestHistoryConformance(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { archived(t, func(*testing.T) Options { return Options{} }) })
	t.Run("postgres", func(t *testing.T) { archived(t, func(t *testing.T) Options { return Options{Database: postgres(t)} }) })
}

func archived(t *testing.T, opt func(*testing.T) Options) {
	historytest.Log(t, func(t *testing.T) history.Log {
		s := open(t, opt(t))
		for name, n := range map[string]int{"a": 5, "b": 1} {
			if err := s.Create(t.Context(), name, roomtest.Records(0, n)); err != nil {
				t.Fatal(err)
			}
		}
		return Archived{s}
	})
}
