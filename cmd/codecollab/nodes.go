package main

import (
	"context"
	"log/slog"
	"time"

	"codecollab.dev/internal/bus"
	"codecollab.dev/internal/bus/redis"
	"codecollab.dev/internal/config"
	"codecollab.dev/internal/room"
)

// nodes is how this node hears of others: by Redis, where there is one, and else by looking into the database that they share.
type nodes struct {
	bus   bus.Bus      // of this process alone, without Redis
	redis *redis.Redis // nil without
	set   config.Settings
	since time.Time
}

// joinNodes opens what the nodes of an installation share beside the database.
func joinNodes(ctx context.Context, s config.Settings, log *slog.Logger) (*nodes, error) {
	n := &nodes{bus: bus.NewMemory(), set: s, since: time.Now()}
	if s.RedisURL.Reveal() == "" {
		return n, nil
	}
	var err error
	if n.redis, err = redis.Open(ctx, redis.Options{URL: s.RedisURL.Reveal(), Log: log}); err != nil {
		return nil, err
	}
	n.bus = n.redis
	return n, nil
}

// Close ends it.
func (n *nodes) Close() error {
	if n.redis == nil {
		return nil
	}
	return n.redis.Close()
}

// several reports whether there may be other nodes.
func (n *nodes) several() bool { return n.redis != nil || n.set.DatabaseURL.Reveal() != "" }

// rooms is the bus for rooms. Where nothing can come from other nodes there is none, so that nothing is told to nobody.
func (n *nodes) rooms() room.Bus {
	if n.redis == nil {
		return nil
	}
	return n.redis
}

// follow keeps rooms in step with those of other nodes, until stop.
func (n *nodes) follow(rooms *room.Rooms, heads room.Heads) (stop func() error) {
	if !n.several() {
		return func() error { return nil }
	}
	return background(func(ctx context.Context) {
		rooms.Follow(ctx, heads, room.Following{Beat: n.set.NodeBeat, Poll: n.set.NodePoll, Away: func() bool { return !n.Health().OK }})
	})
}

// Health says whether the nodes hear of each other at once. Without Redis it is well: that was chosen.
func (n *nodes) Health() redis.Health {
	if n.redis == nil {
		return redis.Health{OK: true, Since: n.since}
	}
	return n.redis.Health()
}
