// Package fleet runs a whole installation as real processes on this machine: several nodes of "codecollab serve", one runner,
// PostgreSQL and Redis, with a forwarder of its own between any two of them, so that a measurement can break whatever
// it wants to see broken. It needs no privileges; what would need some says so.
package fleet

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Options say what is started.
type Options struct {
	Self     string // the program
	Nodes    int
	Postgres bool // else SQLite, and one node
	Redis    bool
	Runner   bool
	Small    int64    // bytes of the disk that holds the database (root only); 0: a folder like any other
	Args     []string // further arguments of "serve"
	CPUs     [][]int  // what each node may run on; none: everything
	Share    float64  // the part of one CPU that each node gets (root); 0: all
	Say      func(format string, args ...any)
}

// Fleet is what runs.
type Fleet struct {
	Front    *Link // where clients connect: any node that is ready
	Nodes    []*Node
	Postgres *Postgres // nil with SQLite
	Redis    *Redis    // nil without
	Runner   *Runner   // nil without
	Disk     *Disk     // nil unless Small
	Notes    []string  // what this machine does not allow

	opt  Options
	dir  string
	stop context.CancelFunc
	all  sync.WaitGroup
}

// patience bounds the start of each process.
const patience = time.Minute

// Start starts everything and waits until all nodes are ready. The fleet that comes with an error has been stopped.
func Start(ctx context.Context, opt Options) (f *Fleet, err error) {
	if opt.Say == nil {
		opt.Say = func(string, ...any) {}
	}
	f = &Fleet{opt: opt}
	if f.dir, err = os.MkdirTemp("", "codecollab-fleet-"); err != nil {
		return nil, err
	}
	if err := f.start(ctx); err != nil {
		return nil, errors.Join(err, f.Stop())
	}
	return f, nil
}

func (f *Fleet) start(ctx context.Context) (err error) {
	if f.opt.Small > 0 {
		if f.Disk, err = mountSmall(filepath.Join(f.dir, "disk"), f.opt.Small); err != nil {
			f.Notes = append(f.Notes, fmt.Sprintf("no small disk, so none gets full: %v", err))
		}
	}
	if f.opt.Postgres {
		if f.Postgres, err = startPostgres(ctx, f.Disk); err != nil {
			return fmt.Errorf("PostgreSQL: %w", err)
		}
	}
	if f.opt.Redis {
		if f.Redis, err = startRedis(ctx, f.dir); err != nil {
			return fmt.Errorf("redis: %w", err)
		}
	}
	if f.opt.Runner {
		if f.Runner, err = startRunner(ctx, f.opt.Self, f.dir); err != nil {
			f.Notes = append(f.Notes, fmt.Sprintf("no runner, so no programs: %v", err))
		}
	}
	if f.Front, err = NewLink(f.ready, true); err != nil {
		return err
	}
	for i := range f.opt.Nodes {
		n, err := f.newNode(i)
		if err != nil {
			return err
		}
		f.Nodes = append(f.Nodes, n)
		if err := n.Start(ctx); err != nil { // one after the other: the first makes the tables
			return err
		}
	}
	background, cancel := context.WithCancel(context.Background())
	f.stop = cancel
	for _, n := range f.Nodes {
		f.all.Go(func() { n.watch(background) })
	}
	return nil
}

// ready are the addresses of the nodes that a client may be sent to: those that say that they are ready, else all.
func (f *Fleet) ready() (addresses []string) {
	for _, n := range f.Nodes {
		if n.up.Load() {
			addresses = append(addresses, n.Addr)
		}
	}
	if addresses != nil {
		return addresses
	}
	for _, n := range f.Nodes {
		addresses = append(addresses, n.Addr)
	}
	return addresses
}

// AllReady reports whether every node was ready when it was last asked.
func (f *Fleet) AllReady() bool {
	for _, n := range f.Nodes {
		if !n.up.Load() {
			return false
		}
	}
	return true
}

// Dir is the folder of everything; it goes when the fleet is stopped.
func (f *Fleet) Dir() string { return f.dir }

// Say tells whoever started the fleet how it goes.
func (f *Fleet) Say(format string, args ...any) { f.opt.Say(format, args...) }

// Stop ends everything and removes its folders.
func (f *Fleet) Stop() error {
	if f.stop != nil {
		f.stop()
	}
	f.all.Wait()
	var errs []error
	if f.Front != nil {
		f.Front.Close()
	}
	var nodes sync.WaitGroup
	for _, n := range f.Nodes {
		nodes.Go(n.discard)
	}
	nodes.Wait()
	if f.Runner != nil {
		errs = append(errs, f.Runner.Close())
	}
	if f.Redis != nil {
		errs = append(errs, f.Redis.Close())
	}
	if f.Postgres != nil {
		errs = append(errs, f.Postgres.Close())
	}
	if f.Disk != nil {
		errs = append(errs, f.Disk.Close())
	}
	return errors.Join(append(errs, os.RemoveAll(f.dir))...)
}
