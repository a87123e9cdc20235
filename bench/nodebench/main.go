// Package nodebench is `codecollab bench nodes`: what a second node costs a room that is on both, what it brings where there are
// many rooms, and what an edit, a connection and a room cost. docs/scale.md has the model that these figures go into.
package nodebench

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"codecollab.dev/bench/fleet"
	"codecollab.dev/bench/syncbench"
)

type options struct {
	seconds float64
	users   int
	rate    float64
	rooms   int
	idle    int
	pin     bool
	share   float64
	json    bool
}

// Result is what `codecollab bench nodes --json` prints. Times are in ms, memory in kB of 10³ bytes.
type Result struct {
	CPUs   int     `json:"cpus"`
	Pinned bool    `json:"pinned"`
	Share  float64 `json:"share"` // of one CPU, that each node had with many rooms; 0: all

	Shared struct {
		One   Load    `json:"one"`
		Two   Load    `json:"two"`
		Ratio float64 `json:"p99_ratio"`
	} `json:"shared"` // one room whose people are on one node, or half on each

	Many struct {
		One   Load    `json:"one"`
		Two   Load    `json:"two"`
		Ratio float64 `json:"events_ratio"`
	} `json:"many"` // many rooms with as much to do as the nodes can

	Connection float64 `json:"kb_per_connection"` // in a room with others
	Room       float64 `json:"kb_per_room"`       // with one connection in it, that one included
}

// Load is one measurement.
type Load struct {
	P50       float64 `json:"p50"`
	P99       float64 `json:"p99"`
	PerSecond float64 `json:"edits_per_second"`
	Events    float64 `json:"events_per_second"`        // events that reach clients, all together
	Node      float64 `json:"node_cpu_ms_per_edit"`     // of all nodes together
	Postgres  float64 `json:"postgres_cpu_ms_per_edit"` // of all its processes
	Clients   float64 `json:"client_cpu_ms_per_edit"`
}

func parseOptions(args []string, stderr io.Writer) (*options, error) {
	o := &options{}
	f := flag.NewFlagSet("bench nodes", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Float64Var(&o.seconds, "seconds", 15, "how long each load lasts")
	f.IntVar(&o.users, "users", 50, "people in the room that is on both nodes")
	f.Float64Var(&o.rate, "rate", 5, "edits a second of each of them")
	f.IntVar(&o.rooms, "rooms", 30, "rooms of four people in the measurement of throughput, each person with 20 edits a second")
	f.IntVar(&o.idle, "idle", 1000, "idle connections by which memory is measured; 0: not at all")
	f.BoolVar(&o.pin, "pin", true, "let each node use one CPU of its own, the first node the first")
	f.Float64Var(&o.share, "share", 0.1, "with many rooms each node gets only this part of one CPU (root), so that nodes are the limit and not those who type; 0: all")
	f.BoolVar(&o.json, "json", false, "print JSON with stable keys")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	if o.seconds < 1 || o.users < 2 || o.rate <= 0 || o.rooms < 1 || o.idle < 0 {
		return nil, errors.New("--seconds and --rooms must be at least 1, --users 2, --rate greater than 0, and --idle not negative")
	}
	return o, nil
}

// Main runs the command with its arguments (those after "bench nodes"); self is the program.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer, self string) (err error) {
	o, err := parseOptions(args, stderr)
	if err != nil {
		return err
	}
	b := &bench{options: o, out: stderr, self: self, result: Result{CPUs: runtime.NumCPU(), Pinned: o.pin && runtime.NumCPU() > 1}}
	if err := errors.Join(b.with(ctx, 0, b.shared), b.with(ctx, b.mayShare(), b.many)); err != nil {
		return err
	}
	return b.write(stdout)
}

// mayShare is the share, where control groups are ours.
func (b *bench) mayShare() float64 {
	if os.Geteuid() != 0 {
		return 0
	}
	b.result.Share = b.share
	return b.share
}

// with starts an installation for some of the measurements.
func (b *bench) with(ctx context.Context, share float64, measure func(context.Context) error) (err error) {
	opt := fleet.Options{Self: b.self, Nodes: 2, Postgres: true, Redis: true, Share: share, Args: []string{"--log-level", "warn", "--room-idle", "1s"}}
	if b.result.Pinned {
		opt.CPUs = [][]int{{0}, {1}}
	}
	if b.fleet, err = fleet.Start(ctx, opt); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.fleet.Stop()) }()
	return measure(ctx)
}

type bench struct {
	*options
	out    io.Writer
	self   string
	fleet  *fleet.Fleet
	result Result
}

// shared measures memory, while nodes are fresh, and one room.
func (b *bench) shared(ctx context.Context) (err error) {
	if err := b.memory(ctx); err != nil {
		return err
	}
	args := []string{"--rooms", "1", "--users", fmt.Sprint(b.users), "--rate", fmt.Sprint(b.rate), "--replicas", "4"}
	r := &b.result.Shared
	if r.One, err = b.load(ctx, "one room on one node", 1, args); err != nil {
		return err
	}
	if r.Two, err = b.load(ctx, "one room on two nodes", 2, args); err != nil {
		return err
	}
	r.Ratio = r.Two.P99 / r.One.P99
	return nil
}

// many measures rooms that are each on one node.
func (b *bench) many(ctx context.Context) (err error) {
	args := []string{"--apart", "--rooms", fmt.Sprint(b.rooms), "--users", "4", "--rate", "20", "--replicas", "1"}
	r := &b.result.Many
	if r.One, err = b.load(ctx, "many rooms on one node", 1, args); err != nil {
		return err
	}
	if r.Two, err = b.load(ctx, "many rooms on two nodes, each on one", 2, args); err != nil {
		return err
	}
	r.Ratio = r.Two.Events / r.One.Events // where a node is late, clients put several edits into one event
	return nil
}

// load measures one load.
func (b *bench) load(ctx context.Context, what string, nodes int, args []string) (l Load, err error) {
	_, _ = fmt.Fprintf(b.out, "%s\n", what)
	var urls []string
	for _, n := range b.fleet.Nodes[:nodes] {
		urls = append(urls, n.URL())
	}
	nodesBefore, postgresBefore := b.cpu()
	r, err := syncbench.Measure(ctx, append(args, "--url", strings.Join(urls, ","), "--seconds", fmt.Sprint(b.seconds)), io.Discard)
	if err != nil {
		return l, fmt.Errorf("%s: %w", what, err)
	}
	nodesAfter, postgresAfter := b.cpu()
	edits := float64(r.Acknowledged)
	return Load{
		P50: r.P50, P99: r.P99, PerSecond: float64(r.Acknowledged) / (r.Seconds + r.Settle), Events: float64(r.EventsIn) / r.Seconds,
		Node: 1000 * (nodesAfter - nodesBefore).Seconds() / edits, Postgres: 1000 * (postgresAfter - postgresBefore).Seconds() / edits,
		Clients: 1000 * r.ClientCPU / edits,
	}, nil
}

func (b *bench) cpu() (nodes, postgres time.Duration) {
	for _, n := range b.fleet.Nodes {
		nodes += n.Usage().CPU
	}
	return nodes, b.fleet.Postgres.CPU()
}

// memory opens idle connections, at one node all in few rooms, and at the other each in a room of its own.
func (b *bench) memory(ctx context.Context) error {
	if b.idle == 0 {
		return nil
	}
	for i, m := range []struct {
		into *float64
		each int
	}{{&b.result.Connection, 100}, {&b.result.Room, 1}} {
		_, _ = fmt.Fprintf(b.out, "%d idle connections, %d in a room\n", b.idle, m.each)
		n := b.fleet.Nodes[i]
		before, highest := n.Usage().Megabytes, 0.0
		watching, stop := context.WithCancel(ctx)
		seen := make(chan struct{})
		go func() {
			defer close(seen)
			for watching.Err() == nil {
				highest = max(highest, n.Usage().Megabytes)
				select {
				case <-watching.Done():
				case <-time.After(50 * time.Millisecond):
				}
			}
		}()
		_, err := syncbench.Measure(ctx, []string{
			"--url", n.URL(), "--rooms", "0", "--idle", fmt.Sprint(b.idle), "--idle-per-room", fmt.Sprint(m.each), "--idle-rest", "3s",
		}, io.Discard)
		stop()
		<-seen
		if err != nil {
			return err
		}
		*m.into = (highest - before) * 1e3 / float64(b.idle)
	}
	return nil
}

func (b *bench) write(w io.Writer) error {
	if b.json {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(b.result)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(format string, args ...any) { _, _ = fmt.Fprintf(t, format+"\n", args...) }
	row("\tp50 ms\tp99 ms\tedits/s\tevents/s to clients\tnode CPU ms/edit\tPostgreSQL\tclients")
	for _, x := range []struct {
		what string
		l    Load
	}{{"one room, one node", b.result.Shared.One}, {"one room, two nodes", b.result.Shared.Two}, {"many rooms, one node", b.result.Many.One}, {"many rooms, two nodes", b.result.Many.Two}} {
		row("%s\t%.1f\t%.1f\t%.0f\t%.0f\t%.3f\t%.3f\t%.3f", x.what, x.l.P50, x.l.P99, x.l.PerSecond, x.l.Events, x.l.Node, x.l.Postgres, x.l.Clients)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\nthe room on two nodes: p99 × %.2f; many rooms on two: events × %.2f (%d CPUs, nodes pinned: %t, %.2f of a CPU for each node with many rooms)\n"+
		"an idle connection in a room with others: %.1f kB; a room with its connection: %.1f kB\n",
		b.result.Shared.Ratio, b.result.Many.Ratio, b.result.CPUs, b.result.Pinned, b.result.Share, b.result.Connection, b.result.Room)
	return err
}
