package moving

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/store"
	"codecollab.dev/internal/wire"
)

// TestHowLongItTakes measures with as many events as CODECOLLAB_TEST_EVENTS says, in rooms of 10,000.
func TestHowLongItTakes(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("CODECOLLAB_TEST_EVENTS"))
	if err != nil {
		t.Skip("CODECOLLAB_TEST_EVENTS is not set")
	}
	p := Place{Dir: t.TempDir()}
	furnish(t, p, "calm-heron")
	s, err := store.Open(t.Context(), store.Options{Dir: p.Dir, Log: logger(t)})
	must(t, err)
	for done := 0; done < n; done += 10_000 {
		must(t, s.Create(t.Context(), fmt.Sprint("room-", done), typed(t, 10_000)))
	}
	must(t, s.Close())
	server := postgresPlace(t)
	file := filepath.Join(t.TempDir(), "b.tar.gz")
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"backup of SQLite", func() error { _, err := Backup(t.Context(), p, file, "test", quiet); return err }},
		{"restore into SQLite", func() error {
			_, err := Restore(t.Context(), file, Place{Dir: filepath.Join(t.TempDir(), "new")}, quiet)
			return err
		}},
		{"migrate to Postgres", func() error { _, err := Migrate(t.Context(), p, server, quiet); return err }},
		{"verify of SQLite", func() error { _, err := Verify(t.Context(), p, quiet); return err }},
		{"verify of Postgres", func() error { _, err := Verify(t.Context(), server, quiet); return err }},
	} {
		began := time.Now()
		must(t, step.do())
		took := time.Since(began)
		t.Logf("%s: %.1f s, %.0f events a second", step.name, took.Seconds(), float64(n)/took.Seconds())
	}
}

// typed are the events of somebody who types letter by letter.
func typed(t *testing.T, n int64) []room.Record {
	t.Helper()
	events := []wire.Payload{&wire.Create{File: mainFile, Name: "main.py"}}
	for i := range int(n) - 1 {
		events = append(events, &wire.Edit{Edits: []wire.FileEdit{{File: mainFile, Changes: ot.Replace(i, i, i, "x")}}})
	}
	out := make([]room.Record, n)
	for i, body := range events {
		e := wire.Event{Version: int64(i + 1), At: 1_790_000_000_000 + int64(i), By: "uann", Body: wire.Body{Payload: body}}
		data, err := json.Marshal(e)
		must(t, err)
		out[i] = room.Record{Version: e.Version, At: e.At, Kind: body.Kind(), Data: data}
	}
	return out
}
