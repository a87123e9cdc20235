package main

import (
	"encoding/json"
	"log/slog"

	"codecollab.dev/internal/bus"
)

// told tells over the bus which rooms have moved on.
type told struct {
	bus bus.Bus
	log *slog.Logger
}

const roomsMoved = "rooms"

type movedTo struct {
	Room    string `json:"room"`
	Version int64  `json:"version"`
}

// Publish implements room.Bus.
func (t told) Publish(room string, version int64) {
	message, err := json.Marshal(movedTo{room, version})
	if err != nil {
		t.log.Error("nobody is told of an event", "room", room, "err", err)
		return
	}
	t.bus.Publish(roomsMoved, message)
}

// hear calls f for every room that moves on.
func (t told) hear(f func(room string, version int64)) (cancel func()) {
	return t.bus.Subscribe(roomsMoved, func(message []byte) {
		var m movedTo
		if err := json.Unmarshal(message, &m); err != nil {
			t.log.Warn("a message of the bus is unreadable", "err", err)
			return
		}
		f(m.Room, m.Version)
	})
}
