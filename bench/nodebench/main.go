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
	json    bool
}

// Result is what `codecollab bench nodes --json` prints. Times are in ms, memory in kB of 10³ bytes.
type Result struct {
	CPUs   int  `json:"cpus"`
	Pinned bool `json:"pinned"`

	Shared struct {
		One   Load    `json:"one"`
		Two   Load    `json:"two"`
		Ratio float64 `json:"p99_ratio"`
	} `json:"shared"` // one room whose people are on one node, or half on each

	Many struct {
		One   Load    `json:"one"`
		Two   Load    `json:"two"`
		Ratio float64 `json:"throughput_ratio"`
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
	b := &bench{options: o, out: stderr, result: Result{CPUs: runtime.NumCPU(), Pinned: o.pin && runtime.NumCPU() > 1}}
	opt := fleet.Options{Self: self, Nodes: 2, Postgres: true, Redis: true, Args: []string{"--log-level", "warn", "--room-idle", "1s"}}
	if b.result.Pinned {
		opt.CPUs = [][]int{{0}, {1}}
	}
	if b.fleet, err = fleet.Start(ctx, opt); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.fleet.Stop()) }()
	if err := b.measure(ctx); err != nil {
		return err
	}
	return b.write(stdout)
}

type bench struct {
	*options
	out    io.Writer
	fleet  *fleet.Fleet
	result Result
}

func (b *bench) measure(ctx context.Context) (err error) {
	shared := []string{"--rooms", "1", "--users", fmt.Sprint(b.users), "--rate", fmt.Sprint(b.rate), "--replicas", "4"}
	many := []string{"--rooms", fmt.Sprint(b.rooms), "--users", "4", "--rate", "20", "--replicas", "1"}
	for _, m := range []struct {
		into  *Load
		args  []string
		nodes int
		what  string
	}{
		{&b.result.Shared.One, shared, 1, "one room on one node"},
		{&b.result.Shared.Two, shared, 2, "one room on two nodes"},
		{&b.result.Many.One, many, 1, "many rooms on one node"},
		{&b.result.Many.Two, many, 2, "many rooms on two nodes, each on one"},
	} {
		if *m.into, err = b.load(ctx, m.what, m.nodes, m.args); err != nil {
			return fmt.Errorf("%s: %w", m.what, err)
		}
	}
	b.result.Shared.Ratio = b.result.Shared.Two.P99 / b.result.Shared.One.P99
	b.result.Many.Ratio = b.result.Many.Two.PerSecond / b.result.Many.One.PerSecond
	return b.memory(ctx)
}

// load measures one load. With many rooms on two nodes, each room is on one of them, as a proxy with a hash sends them: those
// are two loads at once.
func (b *bench) load(ctx context.Context, what string, nodes int, args []string) (l Load, err error) {
	_, _ = fmt.Fprintf(b.out, "%s\n", what)
	var urls []string
	for _, n := range b.fleet.Nodes[:nodes] {
		urls = append(urls, n.URL())
	}
	if args[1] != "1" && nodes > 1 {
		args = append([]string{"--apart"}, args...)
	}
	nodesBefore, postgresBefore := b.cpu()
	r, err := syncbench.Measure(ctx, append(args, "--url", strings.Join(urls, ","), "--seconds", fmt.Sprint(b.seconds)), io.Discard)
	if err != nil {
		return l, err
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

// memory opens idle connections, all in few rooms and then each in a room of its own.
func (b *bench) memory(ctx context.Context) error {
	if b.idle == 0 {
		return nil
	}
	for _, m := range []struct {
		into *float64
		each int
	}{{&b.result.Connection, 100}, {&b.result.Room, 1}} {
		_, _ = fmt.Fprintf(b.out, "%d idle connections, %d in a room\n", b.idle, m.each)
		n := b.fleet.Nodes[0]
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
	_, err := fmt.Fprintf(w, "\nthe room on two nodes: p99 × %.2f; many rooms on two: throughput × %.2f (%d CPUs, nodes pinned: %t)\n"+
		"an idle connection in a room with others: %.1f kB; a room with its connection: %.1f kB\n",
		b.result.Shared.Ratio, b.result.Many.Ratio, b.result.CPUs, b.result.Pinned, b.result.Connection, b.result.Room)
	return err
}
