package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"time"

	"codecollab.dev/internal/config"
	"codecollab.dev/internal/history"
	"codecollab.dev/internal/moving"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/run"
	"codecollab.dev/internal/schedule"
	"codecollab.dev/internal/server"
	"codecollab.dev/internal/store"
	"codecollab.dev/internal/wire"
	"codecollab.dev/languages"
	"codecollab.dev/web/app"
	"codecollab.dev/web/vscode"
)

// gcPercent collects garbage twice as often as Go would by itself: a server mostly holds connections that are idle, and
// memory for them counts more than the little time that it takes.
const gcPercent = 50

// serve runs a server until ctx ends. reread reads its settings again while it runs.
func serve(ctx context.Context, s config.Settings, reread *config.Live, log *slog.Logger) (err error) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if err := schedule.Slice(schedule.Short); err != nil {
		log.Warn("an edit may wait for running programs: the system gives no short slices of time", "err", err)
	}
	var done closers
	defer func() { err = errors.Join(err, done.close()) }()

	catalogue, err := languages.Load()
	if err != nil {
		return err
	}
	if moving.Unfinished(s.Data) {
		return fmt.Errorf("the data folder %q is not whole: a restore or migration into it was broken off. Begin that again, or remove the folder", s.Data)
	}
	kept, err := findStores(ctx, s, log)
	if err != nil {
		return err
	}
	db, err := kept.rooms(ctx, log)
	if err != nil {
		return err
	}
	done.add(db.Close)

	live := newLiveSettings(s, reread, log)
	seen, err := watch(ctx, live, catalogue, log, &done)
	if err != nil {
		return err
	}
	others, err := joinNodes(ctx, s, log)
	if err != nil {
		return err
	}
	done.add(others.Close)
	archive := history.New(store.Archived{Store: db}, history.Options{
		BlockEvents: s.HistoryBlockEvents, PageEvents: s.HistoryPageEvents, PageBytes: int(s.HistoryPageBytes), Readers: s.HistoryReaders, Log: log,
	})
	jobs := &lateRuns{} // rooms need runs, and runs need rooms
	var talk lateVoice  // and voice rooms
	options := roomOptions(live, catalogue, log, jobs.request)
	options.OnMoved, options.OnRights = archive.Note, talk.rights
	rooms := room.New(seen.log(db), others.rooms(), options)
	done.add(others.follow(rooms, db))
	done.add(func() error { rooms.Close(); return nil })
	stopSweeping := every(s.RoomIdle/4, func() { rooms.Sweep() })
	done.add(func() error { stopSweeping(); return nil })

	done.add(background(archive.Work))

	engine, err := startEngine(ctx, live.get, log)
	done.add(engine.Close)
	if err != nil {
		return err
	}
	alive, err := takeLease(ctx, s, kept, log)
	if err != nil {
		return err
	}
	done.add(alive.Close)
	q, err := openQueue(ctx, s, kept, alive.me.ID, log)
	if err != nil {
		return err
	}
	runs, err := run.New(ctx, run.Options{
		Workers: s.RunWorkers, Idle: s.RunIdle, HeadBytes: int(s.RunOutputHead), TailBytes: int(s.RunOutputTail), Log: log,
		TerminalTime: s.RunTerminalTime, Ended: seen.runEnded, Trace: seen.trace,
		Node: alive.me.ID, Others: others.runs(),
	}, q, engine, &runRooms{rooms: rooms, store: db, filesMost: int64(s.RunFilesRoom), log: log})
	if err != nil {
		return err
	}
	jobs.set(runs)
	done.add(background(func(ctx context.Context) { alive.keep(ctx, q) }))
	done.add(func() error {
		within, cancel := context.WithTimeout(context.Background(), s.ShutdownTimeout)
		defer cancel()
		return runs.Close(within)
	})

	asks, models, err := newDesk(live, db, others, engine, runs, seen, log)
	if err != nil {
		return err
	}
	done.add(asks.Close)
	langs := newLanguages(catalogue, engine, log)
	limits := newLimits(s, others)
	door, err := openDoor(ctx, s, kept, db, limits, newKeeper(rooms, db, runs, alive.turns(), s, log), seen, log, &done)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", s.Addr)
	if err != nil {
		return fmt.Errorf("the server cannot listen: %w; is another one running? --addr takes another address", err)
	}
	editors, err := server.NewEditors(s.EditorOrigins)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	voices, err := openVoice(s, l, others.voice(alive), log)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	done.add(voices.Close)
	talk.follow(voices.desk)
	seen.AddVoice(voices.count)
	done.add(others.people(door.desk, log))
	srv, err := server.New(server.Options{
		Voice: voices.desk, Connect: voices.origins(), Others: others.streams(),
		Build: version, Gate: door.gate, Rooms: rooms, Languages: langs, Formatter: langs, Runs: runs, Files: db, Visits: db, History: archive, Events: db, Keeper: db, Doors: db, OrgRooms: db, Orgs: door.people, Hasher: newHasher(s, 1), PasscodeTries: s.PasscodeTries, Hints: asks, Page: app.Page(), Extension: vscode.Extension(), Editors: editors, Ready: db.Ping, Log: log,
		Heartbeat: s.Heartbeat, BatchBytes: int(s.BatchMaxBytes), BatchesPerSec: float64(s.ClientBatchesPerSecond),
		Watch: seen, Trace: seen.trace, Status: seen.health.status,
		BatchBurst: s.ClientBatchBurst, AuditRooms: s.AuditRooms == "all", RoomKeep: s.RoomKeep,
	})
	if err != nil {
		return errors.Join(err, l.Close())
	}
	log.Info("listening", "addr", l.Addr().String(), "open", pageURL(l.Addr()), "data", s.Data, "version", version)
	if err := offerSetup(ctx, door.desk, cmp.Or(s.PublicURL, pageURL(l.Addr())), log); err != nil {
		return errors.Join(err, l.Close())
	}
	done.add(background(func(ctx context.Context) {
		live.follow(ctx, func() {
			if err := engine.update(); err != nil {
				log.Error("the runners stay as they were", "err", err)
			}
		})
	}))
	seen.health.look(sources{rooms: rooms, runs: runs, engine: engine, ping: db.Ping, models: models.States, bus: others.busNow, nodes: alive.nodes, voice: voices.now,
		database: func() server.Database { return databaseNow(kept, db) }})
	if err := seen.serveMetrics(s.MetricsAddr, log, &done); err != nil {
		return errors.Join(err, l.Close())
	}
	guard, err := newGuard(s, limits, srv, seen, log)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	err = listenAndServe(ctx, voices.listener, guard, s.ShutdownTimeout, func(ctx context.Context) error {
		if others.several() {
			drain(ctx, s, alive, runs, srv, voices, log)
		} else {
			voices.drain()
		}
		return srv.Close(ctx)
	})
	log.Info("stopped")
	return err
}

func roomOptions(live *liveSettings, catalogue languages.Catalogue, log *slog.Logger, onRun func(string, int64)) room.Options {
	s := live.get()
	return room.Options{
		Idle: s.RoomIdle, SnapshotEvents: s.RoomSnapshotEvents, TailBytes: int(s.RoomTailBytes), MaxPeople: s.RoomMaxPeople, KnockPause: s.KnockPause,
		Limits:       wire.Limits{BatchBytes: int(s.BatchMaxBytes), FileUnits: s.FileMaxUnits, Files: s.RoomMaxFiles, ChatUnits: s.ChatMaxUnits},
		PresenceTick: s.PresenceTick, CatchupEvents: s.CatchupEvents,
		Runs: func() room.RunLimits {
			s := live.get()
			return room.RunLimits{Room: s.RunRoomMax, Person: s.RunPersonMax, All: s.RunWorkers + s.RunIdle + s.RunQueueMax}
		},
		KnownLanguage: func(id string) bool {
			l, ok := catalogue.Find(id)
			return ok && l.ID == id
		},
		ChatKeep: s.ChatKeep, OnRun: onRun, Log: log, Now: time.Now,
	}
}

// runnerFlags hands on the settings that concern the child; its environment has none of the server's.
func runnerFlags(s config.Settings) []string {
	return []string{
		"--addr=127.0.0.1:0",
		"--runner-data=" + s.RunnerData, "--runner-mirror=" + s.RunnerMirror,
		fmt.Sprintf("--runner-capacity=%d", cmp.Or(s.RunnerCapacity, s.RunWorkers+s.RunIdle)), // those that wait for input take no CPU
		"--log-level=" + s.LogLevel.String(), "--log-format=json",
		"--run-timeout=" + s.RunTimeout.String(), "--run-terminal-time=" + s.RunTerminalTime.String(), "--run-compile-timeout=" + s.RunCompileTimeout.String(),
		"--run-memory=" + s.RunMemory.String(), "--run-compile-memory=" + s.RunCompileMemory.String(),
		"--run-output-head=" + s.RunOutputHead.String(), "--run-output-tail=" + s.RunOutputTail.String(),
		fmt.Sprintf("--run-collect-files=%d", s.RunCollectFiles), "--run-collect-bytes=" + s.RunCollectBytes.String(),
		"--run-collect-total=" + s.RunCollectTotal.String(), "--runner-orphans=" + s.RunnerOrphans, "--runner-packages=" + s.RunnerPackages,
		"--runner-sandbox=" + s.RunnerSandbox, "--runner-oci-runtime=" + s.RunnerOCIRuntime, fmt.Sprintf("--runner-allow-weaker=%t", s.RunnerAllowWeaker),
		fmt.Sprintf("--run-processes=%d", s.RunProcesses), "--run-disk=" + s.RunDisk.String(), fmt.Sprintf("--run-files=%d", s.RunFiles),
	}
}

// pageURL is where a person on this machine opens the page.
func pageURL(a net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return ""
	}
	host := tcp.IP.String()
	if tcp.IP.IsUnspecified() || tcp.IP.IsLoopback() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, fmt.Sprint(tcp.Port)) + "/"
}

// every calls f at an interval until stop, which waits for a call that is under way.
func every(d time.Duration, f func()) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		t := time.NewTicker(d)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				f()
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() { cancel(); <-gone }
}

// background runs f beside everything else; the answer ends it.
func background(f func(context.Context)) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	gone := make(chan struct{})
	go func() { defer close(gone); f(ctx) }()
	return func() error { cancel(); <-gone; return nil }
}

// closers close in the reverse order of their opening.
type closers []func() error

func (c *closers) add(f func() error) { *c = append(*c, f) }

func (c *closers) close() error {
	var errs []error
	for i := len(*c) - 1; i >= 0; i-- {
		errs = append(errs, (*c)[i]())
	}
	return errors.Join(errs...)
}
