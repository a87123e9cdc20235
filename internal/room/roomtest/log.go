// Package roomtest has the tests that every implementation of package room's interfaces must pass.
package roomtest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"codecollab.dev"
	"codecollab.dev/internal/room"
)

// Log runs the tests of room.Log. open returns a Log without rooms; it is called once for every test.
func Log(t *testing.T, open func(t *testing.T) room.Log) {
	tests := map[string]func(*testing.T, room.Log){
		"a room begins with its first records":                          created,
		"a room is created once":                                        createdOnce,
		"an unknown room is no_room everywhere":                         unknown,
		"records come back as they were appended":                       appended,
		"an append that does not follow is refused and changes nothing": refused,
		"an append of nothing changes nothing":                          probed,
		"of those who append at once, one wins":                         raced,
		"rooms do not disturb each other":                               side,
		"the newest snapshot that is not beyond a version is found":     snapshots,
		"pages are in order and bounded":                                pages,
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// Records makes n records that follow a version.
func Records(after codecollab.Version, n int) []room.Record {
	out := make([]room.Record, n)
	for i := range out {
		v := after + int64(i) + 1
		out[i] = room.Record{Version: v, At: 1000 + v, Kind: "edit", Data: fmt.Appendf(nil, `{"t":"event","version":%d}`, v)}
	}
	return out
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if codecollab.CodeOf(err) != code || err == nil {
		t.Errorf("got error %v, want code %q", err, code)
	}
}

func wantRecords(t *testing.T, l room.Log, name string, after codecollab.Version, limit int, want []room.Record) {
	t.Helper()
	got, err := l.Read(t.Context(), name, after, limit)
	must(t, err)
	if len(got) != len(want) {
		t.Fatalf("read %d records after %d, want %d", len(got), after, len(want))
	}
	for i := range got {
		if got[i].Version != want[i].Version || got[i].At != want[i].At || got[i].Kind != want[i].Kind || string(got[i].Data) != string(want[i].Data) {
			t.Fatalf("record %d is %+v, want %+v", i, got[i], want[i])
		}
	}
}

func created(t *testing.T, l room.Log) {
	must(t, l.Create(t.Context(), "a", Records(0, 2)))
	wantRecords(t, l, "a", 0, 10, Records(0, 2))
}

func createdOnce(t *testing.T, l room.Log) {
	must(t, l.Create(t.Context(), "a", Records(0, 1)))
	wantCode(t, l.Create(t.Context(), "a", Records(0, 3)), "room_exists")
	wantRecords(t, l, "a", 0, 10, Records(0, 1))
}

func unknown(t *testing.T, l room.Log) {
	ctx := t.Context()
	wantCode(t, l.Append(ctx, "a", 0, Records(0, 1)), "no_room")
	_, err := l.Read(ctx, "a", 0, 10)
	wantCode(t, err, "no_room")
	_, err = l.Snapshot(ctx, "a", 0)
	wantCode(t, err, "no_room")
	wantCode(t, l.Save(ctx, "a", room.Snapshot{Version: 1}), "no_room")
}

func appended(t *testing.T, l room.Log) {
	must(t, l.Create(t.Context(), "a", Records(0, 2)))
	must(t, l.Append(t.Context(), "a", 2, Records(2, 3)))
	must(t, l.Append(t.Context(), "a", 5, Records(5, 1)))
	wantRecords(t, l, "a", 0, 10, Records(0, 6))
	wantRecords(t, l, "a", 4, 10, Records(4, 2))
	wantRecords(t, l, "a", 6, 10, nil)
}

func refused(t *testing.T, l room.Log) {
	must(t, l.Create(t.Context(), "a", Records(0, 3)))
	for _, expected := range []codecollab.Version{0, 2, 4, 1000} {
		err := l.Append(t.Context(), "a", expected, Records(expected, 2))
		wantCode(t, err, "moved_on")
		if !room.IsMovedOn(err) {
			t.Error("IsMovedOn does not know the error")
		}
	}
	wantRecords(t, l, "a", 0, 10, Records(0, 3))
	must(t, l.Append(t.Context(), "a", 3, Records(3, 1)))
}

func probed(t *testing.T, l room.Log) {
	must(t, l.Create(t.Context(), "a", Records(0, 3)))
	must(t, l.Append(t.Context(), "a", 3, nil))
	wantCode(t, l.Append(t.Context(), "a", 2, nil), "moved_on")
	wantRecords(t, l, "a", 0, 10, Records(0, 3))
	must(t, l.Append(t.Context(), "a", 3, Records(3, 1)))
}

// raced lets several writers append until each has had its turn; versions must have neither gap nor double.
func raced(t *testing.T, l room.Log) {
	const writers, each = 8, 20
	must(t, l.Create(t.Context(), "a", Records(0, 1)))
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for done := 0; done < each; {
				all, err := l.Read(context.Background(), "a", 0, 1<<20)
				if err != nil {
					t.Error(err)
					return
				}
				head := int64(len(all))
				err = l.Append(context.Background(), "a", head, Records(head, 1))
				if err == nil {
					done++
				} else if !room.IsMovedOn(err) {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	wantRecords(t, l, "a", 0, 1<<20, Records(0, 1+writers*each))
}

func side(t *testing.T, l room.Log) {
	var wg sync.WaitGroup
	for i := range 10 {
		name := fmt.Sprint("room", i)
		must(t, l.Create(t.Context(), name, Records(0, 1)))
		wg.Go(func() {
			for v := int64(1); v <= 20; v++ {
				if err := l.Append(context.Background(), name, v, Records(v, 1)); err != nil {
					t.Error(err)
				}
				if err := l.Append(context.Background(), name, v-1, Records(v-1, 1)); !room.IsMovedOn(err) {
					t.Errorf("a stale append beside others: %v", err)
				}
			}
		})
	}
	wg.Wait()
	for i := range 10 {
		wantRecords(t, l, fmt.Sprint("room", i), 0, 100, Records(0, 21))
	}
}

func snapshots(t *testing.T, l room.Log) {
	ctx := t.Context()
	must(t, l.Create(ctx, "a", Records(0, 1)))
	snap, err := l.Snapshot(ctx, "a", 0)
	must(t, err)
	if snap.Version != 0 || snap.Data != nil {
		t.Fatalf("a room without snapshot has %+v", snap)
	}
	for _, v := range []codecollab.Version{100, 20000, 20500} {
		must(t, l.Save(ctx, "a", room.Snapshot{Version: v, Data: fmt.Append(nil, v)}))
	}
	must(t, l.Save(ctx, "a", room.Snapshot{Version: 20500, Data: []byte("20500")})) // saving again is harmless
	for _, c := range []struct{ atMost, want codecollab.Version }{
		{0, 20500}, {20500, 20500}, {99999, 20500}, {20499, 20000}, {19999, 100}, {99, 0},
	} {
		snap, err := l.Snapshot(ctx, "a", c.atMost)
		must(t, err)
		if snap.Version != c.want || (c.want != 0 && string(snap.Data) != fmt.Sprint(c.want)) {
			t.Errorf("snapshot at most %d is %d %q, want %d", c.atMost, snap.Version, snap.Data, c.want)
		}
	}
}

func pages(t *testing.T, l room.Log) {
	must(t, l.Create(t.Context(), "a", Records(0, 250)))
	wantRecords(t, l, "a", 0, 100, Records(0, 100))
	wantRecords(t, l, "a", 100, 100, Records(100, 100))
	wantRecords(t, l, "a", 200, 100, Records(200, 50))
}
