package nodes_test

import (
	"testing"
	"time"

	"codecollab.dev/internal/servicetest"
	"codecollab.dev/internal/store/engine"
	"codecollab.dev/internal/store/nodes"
)

func open(t *testing.T) *nodes.Table {
	t.Helper()
	server, err := engine.Dial(t.Context(), servicetest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	table, err := nodes.Open(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { table.Close() })
	return table
}

func TestWhoIsAlive(t *testing.T) {
	table, ctx := open(t), t.Context()
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

func TestOneNodeHasIt(t *testing.T) {
	table := open(t)
	want := func(node string, d time.Duration, holder string) {
		t.Helper()
		if got, err := table.Lease(t.Context(), "voice of r", node, d); err != nil || got != holder {
			t.Errorf("%s asks, and %s has it, %v; want %s", node, got, err, holder)
		}
	}
	want("a", time.Minute, "a")
	want("b", time.Minute, "a")
	want("a", time.Minute, "a")
	for _, node := range []string{"b", "a"} {
		if err := table.Release(t.Context(), "voice of r", node); err != nil {
			t.Error(err)
		}
		if node == "b" {
			want("b", time.Minute, "a") // who has nothing gives nothing back
		}
	}
	want("b", time.Millisecond, "b")
	for holder := "b"; holder == "b"; { // until it has ended
		var err error
		if holder, err = table.Lease(t.Context(), "voice of r", "a", time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	want("b", time.Minute, "a")
}
