package main

import (
	"context"
	"strings"
	"sync"
	"time"

	"codecollab.dev/internal/doctor"
	"codecollab.dev/internal/hint/provider"
	"codecollab.dev/internal/metrics"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/server"
	"codecollab.dev/internal/store"
)

// busiest is how many rooms the administrators' page names.
const busiest = 10

// health knows how a server does: metrics and the administrators' page ask it. Its parts come as the server is put together.
type health struct {
	live     *liveSettings
	started  time.Time
	diverged func() bool

	mu  sync.Mutex
	see sources
	db  error     // what the database said when it was last asked
	at  time.Time // when that was
}

// sources are what health looks at. All but the first four may be nil.
type sources struct {
	rooms    *room.Rooms
	runs     interface{ Counts() (waiting, running int) }
	engine   *engine
	ping     func(context.Context) error
	models   func() []provider.State
	bus      func() server.BusNow
	nodes    func(context.Context) []server.Node
	database func() server.Database
	voice    func() *server.Voice
}

func newHealth(live *liveSettings) *health { return &health{live: live, started: time.Now()} }

// look says what there is to look at.
func (h *health) look(s sources) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.see = s
}

func (h *health) sources() sources {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.see
}

// pingEvery is how often the database is asked at most, whoever wants to know.
const (
	pingEvery  = 5 * time.Second
	pingWithin = 2 * time.Second
)

// database asks the database, or remembers what it said.
func (h *health) database(ctx context.Context, see *sources) error {
	h.mu.Lock()
	known := time.Since(h.at) < pingEvery
	err := h.db
	h.mu.Unlock()
	if known || see.ping == nil {
		return err
	}
	within, cancel := context.WithTimeout(ctx, pingWithin)
	defer cancel()
	err = see.ping(within)
	h.mu.Lock()
	h.db, h.at = err, time.Now()
	h.mu.Unlock()
	return err
}

// status is how the server does now.
func (h *health) status(ctx context.Context) server.Status {
	see, s := h.sources(), h.live.get()
	st := server.Status{
		At: time.Now().UnixMilli(), Version: version, Node: nodeName(s), Started: h.started.UnixMilli(),
		Queue:    server.QueueNow{Workers: s.RunWorkers},
		Database: server.Database{Kind: "sqlite"}, Bus: server.BusNow{Kind: "memory", Up: true},
		Nodes:   []server.Node{{Name: nodeName(s), Version: version, Since: h.started.UnixMilli(), Here: true}},
		Runners: []server.Runner{}, Models: []server.Model{}, Problems: []server.Problem{},
	}
	st.Rooms.Busiest = []server.BusyRoom{}
	if see.rooms == nil {
		return st // not put together yet
	}
	h.addRooms(&st, see.rooms.Overview(busiest))
	st.Queue.Waiting, st.Queue.Running = see.runs.Counts()
	for _, r := range see.engine.Status() {
		st.Runners = append(st.Runners, server.Runner{
			Name: r.Name, Up: r.Answers, Why: r.Why, Running: r.Running, Others: r.Others, Capacity: r.Capacity, Languages: r.Languages,
		})
	}
	if see.models != nil {
		for _, m := range see.models() {
			st.Models = append(st.Models, server.Model{Name: m.Name, Model: m.Model, Place: m.Place, Up: !m.Rests, Why: m.Why})
		}
	}
	if see.bus != nil {
		st.Bus = see.bus()
	}
	if see.nodes != nil {
		if nodes := see.nodes(ctx); len(nodes) > 0 {
			st.Nodes = nodes
		}
	}
	if see.database != nil {
		st.Database = see.database()
	}
	if see.voice != nil {
		st.Voice = see.voice()
	}
	err := h.database(ctx, &see)
	st.Database.Up = err == nil
	st.Disk.Free, st.Disk.Total, _ = doctor.Space(s.Data) // zero: it cannot be told
	st.Problems = h.problems(&st, err, see.engine.failure())
	return st
}

func (h *health) addRooms(st *server.Status, o room.Overview) {
	st.Rooms.Open, st.Rooms.ReadOnly, st.Rooms.Connections, st.Rooms.People = o.Open, o.ReadOnly, o.Connections, o.People
	for _, b := range o.Busiest {
		st.Rooms.Busiest = append(st.Rooms.Busiest, server.BusyRoom{Room: b.Room, Connections: b.Connections, Language: b.Language, Version: b.Version})
	}
}

// sample is status for the metrics.
func (h *health) sample() metrics.Sample {
	st := h.status(context.Background())
	m := metrics.Sample{
		Rooms: st.Rooms.Open, ReadOnly: st.Rooms.ReadOnly, Connections: st.Rooms.Connections, People: st.Rooms.People,
		RunsWaiting: st.Queue.Waiting, RunsRunning: st.Queue.Running, Bus: metrics.Bus{Kind: st.Bus.Kind, Up: st.Bus.Up},
		DatabaseUp: st.Database.Up, DiskFree: st.Disk.Free, DiskTotal: st.Disk.Total, Nodes: len(st.Nodes),
	}
	if d := st.Database; d.Most > 0 || d.Open > 0 {
		m.Pool = map[string]metrics.Pool{d.Kind: {Open: d.Open, InUse: d.InUse, Most: d.Most}}
	}
	for _, r := range st.Runners {
		m.Runners = append(m.Runners, metrics.Runner{Name: r.Name, Up: r.Up, Programs: r.Running + r.Others, Capacity: r.Capacity, Languages: r.Languages})
	}
	for _, one := range st.Models {
		m.Models = append(m.Models, metrics.Model{Name: one.Name, Up: one.Up})
	}
	for _, p := range st.Problems {
		m.Problems = append(m.Problems, metrics.Problem{Code: p.Code, Severity: p.Severity})
	}
	return m
}

// firstLine is what of an error fits into a sentence.
func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// busNow is the bus as administrators see it.
func (n *nodes) busNow() server.BusNow {
	kind := "memory"
	if n.redis != nil {
		kind = "redis"
	}
	now := n.Health()
	return server.BusNow{Kind: kind, Up: now.OK, Why: now.Why}
}

// databaseNow is the database as administrators see it.
func databaseNow(kept *stores, db *store.Store) server.Database {
	if kept.server == nil {
		return server.Database{Kind: "sqlite"}
	}
	p := db.Pool()
	return server.Database{Kind: "postgres", Open: p.OpenConnections, InUse: p.InUse, Most: p.MaxOpenConnections}
}
