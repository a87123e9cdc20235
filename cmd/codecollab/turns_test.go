package main

import (
	"context"
	"log/slog"
	"testing"

	"codecollab.dev/internal/servicetest"
	dbengine "codecollab.dev/internal/store/engine"
	nodestore "codecollab.dev/internal/store/nodes"
)

// While one node sweeps, no other does; then it is anybody's turn.
func TestNodesTakeTurns(t *testing.T) {
	server, err := dbengine.Dial(t.Context(), servicetest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	table, err := nodestore.Open(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { table.Close() })
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	here, there := &turns{table, "here", log}, &turns{table, "there", log}
	take := func(who *turns, do func()) bool {
		t.Helper()
		mine, err := who.take(t.Context(), "sweep", func(context.Context) { do() })
		if err != nil {
			t.Fatal(err)
		}
		return mine
	}
	swept := 0
	for _, who := range []*turns{here, there, here} {
		if !take(who, func() {
			swept++
			if take(there, func() { swept += 10 }) && who != there {
				t.Error("two sweep at once")
			}
		}) {
			t.Error("nobody sweeps, and it is no turn")
		}
	}
	if swept != 13 {
		t.Errorf("swept %d", swept)
	}
}
