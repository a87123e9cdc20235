package room_test

import (
	"fmt"
	"testing"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/wire"
)

// BenchmarkOpen opens a room of 1,000 characters after histories of different lengths. What it costs must not grow with
// the history: compare the rows.
func BenchmarkOpen(b *testing.B) {
	for _, events := range []int{1_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(events, " events"), func(b *testing.B) {
			h := longHistory(b, events)
			for b.Loop() {
				rooms := room.New(h.store, nil, options(b))
				if err := rooms.Use(b.Context(), "r", func(*room.Room) error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// longHistory writes a history straight into the log: a letter in, the letter out; and then a snapshot.
func longHistory(b *testing.B, events int) *house {
	h := newHouse(b)
	const page = 10_000
	for version := int64(2); version < int64(events); {
		records := make([]room.Record, 0, page)
		for len(records) < page && version < int64(events) {
			version++
			changes := ot.Replace(5, 5, 5, "x")
			if version%2 == 0 {
				changes = ot.Replace(6, 5, 6, "")
			}
			e := wire.Event{Version: version, At: version, By: "p", Client: "aaaaaaaa", Seq: version,
				Body: wire.Body{Payload: &wire.Edit{Edits: []wire.FileEdit{{File: file, Changes: changes}}}}}
			data, err := wire.Marshal(&e)
			if err != nil {
				b.Fatal(err)
			}
			records = append(records, room.Record{Version: version, At: version, Kind: "edit", Data: data})
		}
		if err := h.store.Append(b.Context(), "r", records[0].Version-1, records); err != nil {
			b.Fatal(err)
		}
	}
	loaded := room.New(h.store, nil, options(b))
	if err := loaded.Use(b.Context(), "r", func(*room.Room) error { return nil }); err != nil {
		b.Fatal(err)
	}
	loaded.Close() // saves a snapshot
	return h
}

// BenchmarkSubmit is one person's edit from submission to durable, on the disk that temporary folders are on.
func BenchmarkSubmit(b *testing.B) {
	h := newHouse(b, func(o *room.Options) { o.SnapshotEvents = 500; o.Limits.FileUnits = 1 << 20; o.TailBytes = 4 << 20 })
	base, n := codecollab.Version(2), 5
	seq := int64(0)
	for b.Loop() {
		seq++
		res := h.send(h.rooms, "aaaaaaaa", seq, base, edit(n, n, n, "x"))
		if res.err != nil {
			b.Fatal(res.err)
		}
		base, n = res.v, n+1
	}
	b.ReportMetric(float64(b.Elapsed())/float64(time.Millisecond)/float64(b.N), "ms/edit")
}
