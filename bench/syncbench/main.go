// Package syncbench is `codecollab bench sync`: many headless clients type in rooms of a real server, which may be
// killed meanwhile. It measures how old an edit is when the others see it, what the server needs for it, and whether
// anything that was acknowledged is lost, doubled or different anywhere. bench/README.md says how to read the result.
package syncbench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"codecollab.dev"
)

// bench is one measurement.
type bench struct {
	*options
	http     *http.Client // for what is not a socket
	server   *process     // nil with --url
	loads    []*roomLoad
	progress io.Writer

	registryMu sync.Mutex // while the clients are made
	registry   registry
	received   atomic.Int64 // bytes by the people's connections
}

// Main runs the command with its arguments (those after "bench sync") and prints the result to stdout and progress to
// stderr. The server is started with the command line serve, to which "--addr A --data D" are added, unless --url names
// one that runs. The error is flag.ErrHelp after --help; it says what is wrong when something was lost, doubled or
// different (the result has been printed then) or when the measurement failed.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer, serve []string) error {
	o, err := parseOptions(args, stderr)
	if err != nil {
		return err
	}
	result, err := run(ctx, o, serve, stderr)
	if err != nil {
		return err
	}
	return errors.Join(result.write(stdout, o.json), result.verdict())
}

// Measure puts load on servers that run (--url must be among args), and returns what Main would print.
func Measure(ctx context.Context, args []string, progress io.Writer) (*Result, error) {
	o, err := parseOptions(args, progress)
	if err != nil {
		return nil, err
	}
	result, err := run(ctx, o, nil, progress)
	if err != nil {
		return nil, err
	}
	return result, result.verdict()
}

func run(ctx context.Context, o *options, serve []string, progress io.Writer) (result *Result, err error) {
	if err := allowFiles(uint64(o.idle + 2*o.rooms*o.users + 200)); err != nil {
		return nil, err
	}
	b := &bench{
		options: o, progress: progress,
		registry: registry{map[string]*author{}},
		http:     &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: setupWorkers}},
	}
	if o.url == "" {
		if b.server, err = startProcess(ctx, serve); err != nil {
			return nil, err
		}
		o.url = b.server.url
		o.urls = []string{o.url}
		b.say("server started at %s, its folder is %s", b.url, b.server.dir)
		defer func() { err = errors.Join(err, b.server.stop(o.keep)) }()
	}
	result, err = b.measure(ctx)
	if err != nil && b.server != nil {
		err = fmt.Errorf("%w\nthe server's log ends with:\n%s", err, b.server.logTail())
	}
	return result, err
}

func (b *bench) measure(ctx context.Context) (*Result, error) {
	result := b.newResult()
	idle, err := b.startIdle(ctx, result)
	if err != nil {
		return nil, err
	}
	defer idle.stop()
	if b.users > 0 && b.rooms > 0 {
		if err := b.load(ctx, result); err != nil {
			return nil, err
		}
	}
	result.Idle.Lost = idle.lost.Load()
	return result, nil
}

func (b *bench) say(format string, args ...any) {
	_, _ = fmt.Fprintf(b.progress, format+"\n", args...)
}

// setupWorkers is how many rooms or idle connections are set up at the same time.
const setupWorkers = 16

// each calls fn for 0 … n-1, a few at a time, until one fails.
func each(ctx context.Context, n int, fn func(context.Context, int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(n, setupWorkers) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				if err := fn(ctx, i); err != nil {
					cancel(err)
				}
			}
		})
	}
	workers.Wait()
	return context.Cause(ctx)
}

// temporary reports whether the server has said that the same may succeed later.
func temporary(err error) bool {
	e, ok := errors.AsType[*codecollab.Error](err)
	return ok && (e.Kind == codecollab.Unavailable || e.Kind == codecollab.Limit)
}
