package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"strings"
	"time"

	"codecollab.dev/internal/config"
	"codecollab.dev/internal/runner"
	"codecollab.dev/internal/schedule"
	"codecollab.dev/internal/toolchain"
)

// announceVar is set for a runner that serve has started: it then says on standard output where it listens, and ends
// when its standard input does, which is when its parent has gone, however that came about.
const announceVar = "CODECOLLAB_ANNOUNCE"

// runRunner serves the Piston API until ctx ends.
func runRunner(ctx context.Context, s config.Settings, log *slog.Logger, stdin io.Reader, stdout io.Writer, child bool) error {
	// A server that has started this process has short slices of time, which are not for programs: those wait for it, not it for them.
	if err := schedule.Slice(schedule.Usual); err != nil {
		log.Warn("programs may hold up the server that started this runner: their slices of time stay short", "err", err)
	}
	engine, err := runner.New(ctx, runnerOptions(s, log))
	if err != nil {
		return err
	}
	defer func() {
		if err := engine.Close(); err != nil {
			log.Error("the sandbox was not left clean", "err", err)
		}
	}()
	l, err := net.Listen("tcp", s.RunnerAddr)
	if err != nil {
		return fmt.Errorf("the runner cannot listen: %w", err)
	}
	log.Info("runner listening", "addr", l.Addr().String())
	if child {
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx)
		go func() {
			defer cancel()
			_, _ = io.Copy(io.Discard, stdin) // until the parent has gone
		}()
		fmt.Fprintf(stdout, "ready http://%s\n", l.Addr())
	}
	return listenAndServe(ctx, l, engine.Handler(), s.ShutdownTimeout, func(context.Context) error { return nil })
}

// runnerOptions are the settings as the engine takes them.
func runnerOptions(s config.Settings, log *slog.Logger) runner.Options {
	return runner.Options{
		Pool: max(2, runtime.NumCPU()), // no more can begin at once, however many may wait for input
		Addr: s.RunnerAddr, Token: s.RunnerToken.Reveal(), DataDir: s.RunnerData, Concurrency: s.RunnerCapacity,
		RunTimeout: s.RunTimeout, CompileTimeout: s.RunCompileTimeout, MaxTimeout: max(s.RunTimeout, s.RunCompileTimeout, s.RunTerminalTime, time.Minute),
		RunMemory: int64(s.RunMemory), CompileMemory: int64(s.RunCompileMemory), MaxMemory: int64(max(s.RunMemory, s.RunCompileMemory)),
		Tasks: s.RunProcesses, Disk: int64(s.RunDisk), OpenFiles: uint64(s.RunFiles),
		KeepOutput:   int(max(s.RunOutputHead, s.RunOutputTail)),
		CollectFiles: s.RunCollectFiles, CollectBytes: int64(s.RunCollectBytes), CollectTotal: int64(s.RunCollectTotal),
		Sandbox: s.RunnerSandbox, OCIRuntime: s.RunnerOCIRuntime, AllowWeaker: s.RunnerAllowWeaker,
		Finish: s.RunnerOrphans == "finish", Packages: s.RunnerPackages == "on", Logger: log,
		Toolchain: toolchain.Options{Mirror: s.RunnerMirror, ImageMost: int64(s.RunnerImageMax), Log: log},
	}
}

// listenAndServe answers requests until ctx ends; then it closes what drain closes, and waits for what is under way.
func listenAndServe(ctx context.Context, l net.Listener, h http.Handler, patience time.Duration, drain func(context.Context) error) error {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	err := errors.Join(drain(within), srv.Shutdown(within))
	if errors.Is(err, context.DeadlineExceeded) {
		return srv.Close() // patience is over; what is durable is durable
	}
	return err
}

// lookup finds a variable among those of an environment.
func lookup(environ []string, name string) string {
	for _, e := range environ {
		if k, v, ok := strings.Cut(e, "="); ok && k == name {
			return v
		}
	}
	return ""
}
