package chaos

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"codecollab.dev/bench/fleet"
)

// kind is one way to break something. begin breaks it and returns what mends it.
type kind struct {
	name  string
	what  string
	needs need
	begin func(ctx context.Context, c *chaos, n *fleet.Node, hold time.Duration) (mend func() error, err error)
}

// need is what a kind cannot do without.
type need int

const (
	anything need = iota
	postgres
	redis
	runner
	disk
	loop
)

func (c *chaos) has(n need) bool {
	switch n {
	case postgres:
		return c.fleet.Postgres != nil
	case redis:
		return c.fleet.Redis != nil
	case runner:
		return c.fleet.Runner != nil
	case disk:
		return c.fleet.Disk != nil
	case loop:
		return c.fleet.Disk != nil && c.fleet.Disk.CanSlow
	default:
		return true
	}
}

func (n need) String() string {
	return [...]string{"", "PostgreSQL", "Redis", "a runner", "root", "root and loop devices"}[n]
}

func nothing() error { return nil }

// kinds are all of them, in the order in which they happen when each happens once.
func kinds() []kind {
	return slices.Concat(processKinds(), networkKinds(), serviceKinds(), clientKinds())
}

func processKinds() []kind {
	return []kind{
		{"kill", "SIGKILL to a node; it is started again", anything, func(ctx context.Context, _ *chaos, n *fleet.Node, _ time.Duration) (func() error, error) {
			n.Kill()
			return func() error { return n.Start(ctx) }, nil
		}},
		{"term", "SIGTERM to a node, as for an upgrade; it is started again", anything, func(ctx context.Context, _ *chaos, n *fleet.Node, _ time.Duration) (func() error, error) {
			return func() error { return n.Start(ctx) }, n.Terminate()
		}},
		{"pause", "SIGSTOP to a node and SIGCONT: the machine sleeps, and all its clocks jump", anything, func(_ context.Context, _ *chaos, n *fleet.Node, _ time.Duration) (func() error, error) {
			n.Signal(syscall.SIGSTOP)
			return func() error { n.Signal(syscall.SIGCONT); return nil }, nil
		}},
		{"stutter", "a node that is stopped and goes on twenty times a second: a machine with far too much to do", anything, stutter},
		{"runner", "SIGKILL to the runner, with the programs that it runs; it is started again", runner, func(ctx context.Context, c *chaos, _ *fleet.Node, _ time.Duration) (func() error, error) {
			c.fleet.Runner.Kill()
			return func() error { return c.fleet.Runner.Start(ctx) }, nil
		}},
	}
}

func stutter(ctx context.Context, _ *chaos, n *fleet.Node, _ time.Duration) (func() error, error) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			n.Signal(syscall.SIGSTOP)
			time.Sleep(40 * time.Millisecond)
			n.Signal(syscall.SIGCONT)
			time.Sleep(10 * time.Millisecond)
		}
	}()
	return func() error { cancel(); <-done; return nil }, nil
}

func networkKinds() []kind {
	return []kind{
		{"cut-clients", "nothing gets from a node to its clients and back, and nobody is told", anything, func(_ context.Context, c *chaos, n *fleet.Node, _ time.Duration) (func() error, error) {
			c.fleet.Front.Hold(n.Addr)
			return func() error { c.fleet.Front.Release(); return nil }, nil
		}},
		{"refuse-clients", "a node's connections to clients are closed and new ones refused", anything, func(_ context.Context, c *chaos, n *fleet.Node, _ time.Duration) (func() error, error) {
			c.fleet.Front.Shut(n.Addr)
			return func() error { c.fleet.Front.Release(); return nil }, nil
		}},
		{"cut-postgres", "nothing gets from a node to PostgreSQL and back, and nobody is told", postgres, func(_ context.Context, _ *chaos, n *fleet.Node, _ time.Duration) (func() error, error) {
			n.Database.Hold("")
			return func() error { n.Database.Release(); return nil }, nil
		}},
		{"refuse-postgres", "a node's connections to PostgreSQL are closed and new ones refused", postgres, func(_ context.Context, _ *chaos, n *fleet.Node, _ time.Duration) (func() error, error) {
			n.Database.Shut("")
			return func() error { n.Database.Release(); return nil }, nil
		}},
		{"slow-postgres", "everything between a node and PostgreSQL takes 20 ms longer", postgres, func(_ context.Context, _ *chaos, n *fleet.Node, _ time.Duration) (func() error, error) {
			n.Database.Delay(20 * time.Millisecond)
			return func() error { n.Database.Release(); return nil }, nil
		}},
		{"cut-redis", "nothing gets from a node to Redis and back, and nobody is told", redis, func(_ context.Context, _ *chaos, n *fleet.Node, _ time.Duration) (func() error, error) {
			n.Bus.Hold("")
			return func() error { n.Bus.Release(); return nil }, nil
		}},
		{"refuse-redis", "a node's connections to Redis are closed and new ones refused", redis, func(_ context.Context, _ *chaos, n *fleet.Node, _ time.Duration) (func() error, error) {
			n.Bus.Shut("")
			return func() error { n.Bus.Release(); return nil }, nil
		}},
	}
}

func serviceKinds() []kind {
	restart := func(immediate bool) func(context.Context, *chaos, *fleet.Node, time.Duration) (func() error, error) {
		return func(ctx context.Context, c *chaos, _ *fleet.Node, hold time.Duration) (func() error, error) {
			return nothing, c.fleet.Postgres.Restart(ctx, immediate, hold/4)
		}
	}
	return []kind{
		{"postgres-fast", "PostgreSQL is restarted as for an upgrade", postgres, restart(false)},
		{"postgres-immediate", "PostgreSQL is ended as by a crash, and recovers", postgres, restart(true)},
		{"redis-restart", "Redis is restarted, and has forgotten everything", redis, func(ctx context.Context, c *chaos, _ *fleet.Node, hold time.Duration) (func() error, error) {
			return nothing, c.fleet.Redis.Restart(ctx, hold/2)
		}},
		{"redis-flush", "Redis forgets everything while it runs", redis, func(_ context.Context, c *chaos, _ *fleet.Node, _ time.Duration) (func() error, error) {
			return nothing, c.fleet.Redis.Flush()
		}},
		{"slow-disk", "whoever writes to the disk of the database waits for up to 150 ms", loop, func(_ context.Context, c *chaos, _ *fleet.Node, _ time.Duration) (func() error, error) {
			return c.fleet.Disk.Slow(150 * time.Millisecond)
		}},
		{"slow-commit", "each commit of PostgreSQL waits for 50 ms", postgres, func(_ context.Context, c *chaos, _ *fleet.Node, _ time.Duration) (func() error, error) {
			return func() error { return c.fleet.Postgres.Slow(0) }, c.fleet.Postgres.Slow(50 * time.Millisecond)
		}},
		{"full-disk", "the disk of the database has no byte left, and then has again", disk, fullDisk},
	}
}

// fullDisk also starts PostgreSQL again when it has ended: without space for its log it does.
func fullDisk(ctx context.Context, c *chaos, _ *fleet.Node, _ time.Duration) (func() error, error) {
	mend := func() error {
		if err := c.fleet.Disk.Free(); err != nil {
			return err
		}
		if p := c.fleet.Postgres; p != nil && !p.Running() {
			c.say("PostgreSQL had ended on the full disk, and is started again")
			return p.Start(ctx)
		}
		return nil
	}
	return mend, c.fleet.Disk.Fill()
}

func clientKinds() []kind {
	return []kind{
		{"drop", "half of the clients' connections are closed", anything, func(_ context.Context, c *chaos, _ *fleet.Node, _ time.Duration) (func() error, error) {
			c.fleet.Front.Drop(func(string) bool { return true }, 0.5)
			return nothing, nil
		}},
		{"half-open", "half of the clients' connections carry nothing any more, and are never closed", anything, func(_ context.Context, c *chaos, _ *fleet.Node, _ time.Duration) (func() error, error) {
			c.fleet.Front.HalfOpen(0.5)
			return nothing, nil
		}},
		{"slow-clients", "everything between clients and nodes takes 50 ms longer", anything, func(_ context.Context, c *chaos, _ *fleet.Node, _ time.Duration) (func() error, error) {
			c.fleet.Front.Delay(50 * time.Millisecond)
			return func() error { c.fleet.Front.Release(); return nil }, nil
		}},
		{"twice", "half of all batches arrive twice", anything, func(_ context.Context, c *chaos, _ *fleet.Node, _ time.Duration) (func() error, error) {
			c.fleet.Front.Twice(0.5)
			return func() error { c.fleet.Front.Release(); return nil }, nil
		}},
		{"slow-reader", "somebody in each room joins and reads nothing", anything, func(ctx context.Context, c *chaos, n *fleet.Node, _ time.Duration) (func() error, error) {
			leave, err := c.crowd.Deaf(ctx, n.URL())
			return func() error { leave(); return nil }, err
		}},
	}
}

func list(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, k := range kinds() {
		needs := ""
		if k.needs != anything {
			needs = " (needs " + k.needs.String() + ")"
		}
		_, _ = fmt.Fprintf(t, "%s\t%s%s\n", k.name, k.what, needs)
	}
	return t.Flush()
}

// possible are the kinds that can happen here, and the names of those that were asked for and cannot.
func (c *chaos) possible() (can []kind, cannot []string) {
	for _, k := range kinds() {
		switch {
		case c.only != "" && !slices.Contains(strings.Split(c.only, ","), k.name):
		case c.has(k.needs):
			can = append(can, k)
		default:
			cannot = append(cannot, k.name)
		}
	}
	return can, cannot
}
