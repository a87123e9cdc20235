package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"

	"codecollab.dev/internal/config"
	"codecollab.dev/internal/run/child"
	"codecollab.dev/internal/run/piston"
	"codecollab.dev/internal/run/pool"
)

// ownRunner is the name of the child among the runners of the setting runner-url.
const ownRunner = "own"

// engine is whatever runs programs: a child of this process, Piston servers that the operator names, or both.
type engine struct {
	*pool.Pool
	ctx      context.Context
	log      *slog.Logger
	settings func() config.Settings // as they are now

	mu  sync.Mutex
	kid *child.Runner // nil until it is asked for
}

// startEngine makes the runners of the settings. The child stays once it has been started, also when it gets no more programs.
func startEngine(ctx context.Context, settings func() config.Settings, log *slog.Logger) (*engine, error) {
	e := &engine{Pool: pool.New(log), ctx: ctx, settings: settings, log: log}
	return e, e.update()
}

// update makes the runners those of the settings now.
func (e *engine) update() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.settings()
	var hosts []pool.Host
	for _, name := range runnerNames(s.RunnerURL) {
		if name != ownRunner {
			url := name
			token := func() string { return e.settings().RunnerToken.Reveal() }
			hosts = append(hosts, pool.Host{Name: name, Client: piston.New(func() (string, error) { return url, nil }, token, e.log)})
			continue
		}
		if err := e.startChild(s); err != nil {
			return err
		}
		hosts = append(hosts, pool.Host{Name: name, Client: piston.New(e.kid.Address, e.kid.Token, e.log)})
	}
	e.Set(hosts)
	return nil
}

// runnerNames takes the setting runner-url apart.
func runnerNames(list string) (names []string) {
	for one := range strings.SplitSeq(list, ",") {
		if one = strings.TrimSuffix(strings.TrimSpace(one), "/"); one != "" && !slices.Contains(names, one) {
			names = append(names, one)
		}
	}
	if names == nil {
		return []string{ownRunner}
	}
	return names
}

func (e *engine) startChild(s config.Settings) error {
	if e.kid != nil {
		return nil
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	e.kid, err = child.Start(e.ctx, child.Options{Path: self, Args: append([]string{"runner"}, runnerFlags(s)...), Log: e.log})
	return err
}

// failure says why the child does not run, if it should and does not.
func (e *engine) failure() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.kid == nil {
		return nil
	}
	return e.kid.Failure()
}

// Close ends the child.
func (e *engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	err := e.Pool.Close()
	if e.kid != nil {
		err = errors.Join(err, e.kid.Close())
	}
	return err
}
