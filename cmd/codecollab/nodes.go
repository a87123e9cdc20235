package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"time"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/bus"
	"codecollab.dev/internal/bus/redis"
	"codecollab.dev/internal/config"
	"codecollab.dev/internal/hint/cache"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/run"
	"codecollab.dev/internal/server"
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

// streams is the bus by which what is said on a stream reaches its node; nil where it would reach this process alone.
func (n *nodes) streams() server.Others {
	if n.redis == nil {
		return nil
	}
	return n.redis
}

// runs is the bus for runs; nil where there are no other nodes.
func (n *nodes) runs() run.Others {
	if !n.several() {
		return nil
	}
	return n.bus
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

// cache is where hints are kept: shared by the nodes, where they have Redis.
func (n *nodes) cache(near *cache.Memory) cache.Cache {
	if n.redis == nil {
		return near
	}
	return cache.NewShared(near, n.redis)
}

// topicPeople is where nodes tell of changes about people.
const topicPeople = "people"

// peopleNote is such a change.
type peopleNote struct {
	Node string `json:"node"`
	auth.Change
}

// Without the bus, nobody tells that somebody's session has ended: a token is believed for so long.
const believeAlone = 3 * time.Second

// people has what changes about people known on all nodes, until stop.
func (n *nodes) people(desk *auth.Desk, log *slog.Logger) (stop func() error) {
	none := func() error { return nil }
	if !n.several() {
		return none
	}
	if n.redis == nil {
		desk.Share(nil, func() time.Duration { return believeAlone })
		return none
	}
	self := rand.Text()
	desk.Share(func(c auth.Change) {
		if data, err := json.Marshal(peopleNote{self, c}); err == nil { // it always can
			n.bus.Publish(topicPeople, data)
		}
	}, func() time.Duration {
		if !n.Health().OK {
			return believeAlone
		}
		return time.Hour // the desk has a shorter time of its own
	})
	cancel := n.bus.Follow(topicPeople, func(message []byte) {
		var note peopleNote
		if err := json.Unmarshal(message, &note); err != nil {
			log.Warn("a message of another node is unreadable", "topic", topicPeople, "err", err)
			return
		}
		if note.Node != self {
			desk.Heard(note.Change)
		}
	}, desk.Missed)
	return func() error { cancel(); return nil }
}

// Health says whether the nodes hear of each other at once. Without Redis it is well: that was chosen.
func (n *nodes) Health() redis.Health {
	if n.redis == nil {
		return redis.Health{OK: true, Since: n.since}
	}
	return n.redis.Health()
}
