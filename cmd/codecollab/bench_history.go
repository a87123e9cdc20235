package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"codecollab.dev"
	"codecollab.dev/bench/historybench"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/store"
	"codecollab.dev/internal/wire"
)

func benchHistory(ctx context.Context, args []string, stdout, stderr io.Writer, self string) error {
	return historybench.Main(ctx, args, stdout, stderr, self, fillHistory)
}

// fillHistory writes a history into the store of a folder, without a server. Nobody was made an owner by a link, so the room is open.
func fillHistory(ctx context.Context, dir, name string, next func() []wire.Event) (err error) {
	db, err := store.Open(ctx, store.Options{Dir: dir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var head codecollab.Version
	for {
		events := next()
		if len(events) == 0 {
			return snapshot(ctx, db, name)
		}
		records := make([]room.Record, len(events))
		for i := range events {
			data, err := wire.Marshal(&events[i])
			if err != nil {
				return err
			}
			records[i] = room.Record{Version: events[i].Version, At: events[i].At, Kind: events[i].Body.Kind(), Data: data}
		}
		if head == 0 {
			err = db.Create(ctx, name, records)
			if err != nil && codecollab.CodeOf(err) == "room_exists" {
				return nil
			}
		} else {
			err = db.Append(ctx, name, head, records)
		}
		if err != nil {
			return err
		}
		head = records[len(records)-1].Version
	}
}

// snapshot leaves behind what a room that was used leaves: its newest state, so that it opens without reading the whole log.
func snapshot(ctx context.Context, db *store.Store, name string) error {
	rooms := room.New(db, nil, room.Options{TailBytes: 1 << 20, Log: slog.New(slog.DiscardHandler), Now: time.Now,
		Runs: func() room.RunLimits { return room.RunLimits{} }})
	defer rooms.Close()
	return rooms.Use(ctx, name, func(*room.Room) error { return nil })
}
