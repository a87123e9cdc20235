// Package historybench is `codecollab bench history`: it makes up a room with a long history in a real database, and measures what
// looking back at it costs, over HTTP, on a server that has just been started. bench/README.md says how to read the result.
package historybench

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"codecollab.dev/bench/ownserver"
	"codecollab.dev/internal/wire"
)

// Room is the room that is made up.
const Room = "bench-history-room"

// Fill puts events into the room of a data folder: it calls next until there are no more. It does nothing when the room is there.
type Fill func(ctx context.Context, dir, room string, next func() []wire.Event) error

// together is how many events are written at a time.
const together = 2000

type bench struct {
	self    string
	dir     string
	events  int64
	server  *ownserver.Server
	results map[string]float64
	say     func(format string, args ...any)
}

// goals are the most that a value may be, in ms.
var goals = map[string]float64{"overview.first_ms": 1000, "state.p95_ms": 500, "blame.p95_ms": 500, "events.p95_ms": 500}

// Main runs the command with its arguments (those after "bench history"). self is this program, which is started as the server.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer, self string, fill Fill) error {
	b := &bench{self: self, results: map[string]float64{}}
	b.say = func(format string, args ...any) { fmt.Fprintf(stderr, format+"\n", args...) }
	f := flag.NewFlagSet("bench history", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Int64Var(&b.events, "events", 1_000_000, "events in the history")
	f.StringVar(&b.dir, "dir", "", "a data folder to use and to keep; when the room is in it already, it is not made again (default: a folder for the time being)")
	only := f.Bool("fill-only", false, "make the room, and measure nothing")
	asJSON := f.Bool("json", false, "print JSON with stable keys")
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() > 0 || b.events < 100 || *only && b.dir == "" {
		return errors.New("--events must be at least 100, --fill-only needs --dir, and nothing may follow the flags")
	}
	if b.dir == "" {
		dir, err := os.MkdirTemp("", "codecollab-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		b.dir = filepath.Join(dir, "data")
	}
	if err := b.fill(ctx, fill); err != nil || *only {
		return err
	}
	if err := b.measure(ctx); err != nil {
		return err
	}
	return b.print(stdout, *asJSON)
}

func (b *bench) fill(ctx context.Context, fill Fill) error {
	b.say("making a room of %d events in %s", b.events, b.dir)
	t, start := newTyping(), time.Now()
	err := fill(ctx, b.dir, Room, func() []wire.Event {
		return t.next(int(min(together, b.events-t.version)))
	})
	b.results["fill_s"] = time.Since(start).Seconds()
	return err
}

// measure lets a first server look the history through, and asks a second one.
func (b *bench) measure(ctx context.Context) (err error) {
	if b.server, err = b.serve(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.server.Stop()) }()
	b.say("the history is looked through for the first time")
	start := time.Now()
	for {
		o, _, _, err := b.overview(ctx)
		if err != nil {
			return err
		}
		if _, first := b.results["overview.unprepared_ms"]; !first {
			b.results["overview.unprepared_ms"] = ms(time.Since(start))
		}
		if o.Ready == o.Version {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
	b.results["prepare_s"] = time.Since(start).Seconds()
	if err := b.server.Stop(); err != nil {
		return err
	}
	fresh, err := b.serve(ctx)
	if err != nil {
		return err
	}
	b.server = fresh
	return b.ask(ctx)
}

func (b *bench) serve(ctx context.Context) (*ownserver.Server, error) {
	return ownserver.Start(ctx, b.self, b.dir, nil, "--log-level", "error")
}

type overview struct{ Version, Ready int64 }

func (b *bench) overview(ctx context.Context) (o overview, took time.Duration, size int, err error) {
	data, took, err := b.get(ctx, "/history?buckets=600")
	if err == nil {
		err = json.Unmarshal(data, &o)
	}
	return o, took, len(data), err
}

func (b *bench) ask(ctx context.Context) error {
	b.say("asking a server that was just started")
	o, took, size, err := b.overview(ctx)
	if err != nil {
		return err
	}
	b.results["overview.first_ms"], b.results["overview.bytes"] = ms(took), float64(size)
	b.results["events"] = float64(o.Version)
	r := rand.New(rand.NewPCG(3, 4))
	version := func() int64 { return 100 + r.Int64N(o.Version-100) }
	queries := map[string]func() string{
		"overview": func() string { return "/history?buckets=600" },
		"state":    func() string { return fmt.Sprintf("/history/state?version=%d", version()) },
		"blame":    func() string { return fmt.Sprintf("/history/blame?version=%d&file=benchfile%d", version(), people+2) },
		"events": func() string {
			to := version()
			return fmt.Sprintf("/history/events?from=%d&to=%d", max(1, to-999), to)
		},
	}
	for name, query := range queries {
		var all []float64
		for range 60 {
			_, took, err := b.get(ctx, query())
			if err != nil {
				return err
			}
			all = append(all, ms(took))
		}
		slices.Sort(all)
		b.results[name+".p50_ms"], b.results[name+".p95_ms"], b.results[name+".max_ms"] = all[30], all[57], all[59]
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
