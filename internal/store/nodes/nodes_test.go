package nodes_test

import (
	"testing"
	"time"

	"codecollab.dev/internal/servicetest"
	"codecollab.dev/internal/store/engine"
	"codecollab.dev/internal/store/nodes"
)

func TestWhoIsAlive(t *testing.T) {
	ctx := t.Context()
	server, err := engine.Dial(ctx, servicetest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	table, err := nodes.Open(ctx, server)
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	live := func(within time.Duration) (ids []string) {
		t.Helper()
		all, err := table.Live(ctx, within)
		must(err)
		for _, n := range all {
			ids = append(ids, n.ID)
		}
		return ids
	}
	must(table.Beat(ctx, nodes.Node{ID: "a1", Name: "a", Version: "v1", Protocol: 2}))
	for len(live(20*time.Millisecond)) > 0 { // until it is long ago
	}
	must(table.Beat(ctx, nodes.Node{ID: "b1", Name: "b", Version: "v2", Protocol: 3, Leaving: true}))
	all, err := table.Live(ctx, time.Minute)
	must(err)
	if len(all) != 2 || all[0].Name != "a" || all[1].Version != "v2" || !all[1].Leaving || all[1].Protocol != 3 || time.Since(all[1].Seen).Abs() > time.Minute {
		t.Fatalf("%+v", all)
	}
	must(table.Beat(ctx, nodes.Node{ID: "a1", Name: "a", Version: "v1"}))
	again, err := table.Live(ctx, time.Minute)
	must(err)
	if again[0].ID != "a1" || !again[0].Since.Equal(all[0].Since) || !again[0].Seen.After(all[0].Seen) {
		t.Errorf("%+v after another beat, before %+v", again, all)
	}
	must(table.Leave(ctx, "b1"))
	if ids := live(time.Minute); len(ids) != 1 || ids[0] != "a1" {
		t.Errorf("%v", ids)
	}
}
