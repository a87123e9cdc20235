package runner

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"codecollab.dev/internal/toolchain"
)

// lookEvery is how often the runner looks whether languages have been installed or removed beside it.
const lookEvery = 5 * time.Second

// lookPatience is how long those who ask for a list wait for such a look.
const lookPatience = 5 * time.Second

// watch looks now and then whether environments have changed, until the server stops.
func (s *Server) watch() {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			s.refresh()
		case <-s.stopping.Done():
			return
		}
	}
}

// refresh looks for all languages again if anything on the disk says that they may have changed. What was found before serves until
// then.
func (s *Server) refresh() {
	s.refreshing.Lock()
	defer s.refreshing.Unlock()
	now := s.stateNow()
	if s.stopping.Err() != nil || !s.askAgain.Swap(false) && now == s.state {
		return
	}
	s.state = now
	s.show()
	s.each(func(a *asker, l *search) {
		if l.claimed.Load() {
			s.look(a, l)
		}
	})
	s.remember()
	s.show()
	s.begin(s.warmAll)
}

// current waits until the lists are as the disk is, but not for long.
func (s *Server) current(ctx context.Context) error {
	if err := s.await(ctx); err != nil {
		return err
	}
	done := make(chan struct{})
	if !s.begin(func() { s.refresh(); close(done) }) {
		return errStopped
	}
	limit := time.NewTimer(lookPatience)
	defer limit.Stop()
	select {
	case <-done:
	case <-limit.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// stateNow identifies what is installed: environments, what npm and Go brought, and the host's programs.
func (s *Server) stateNow() string {
	var b strings.Builder
	for _, e := range s.environments() {
		fmt.Fprintln(&b, e.Name, e.Root, e.Changed)
	}
	places := []string{"/var/lib/dpkg/status", s.options.toolsDir()}
	if entries, err := os.ReadDir(s.options.toolsDir()); err == nil {
		for _, e := range entries {
			places = append(places, filepath.Join(s.options.toolsDir(), e.Name()))
		}
	}
	for _, place := range append(places, strings.Split(usualPath, ":")...) {
		if st, err := os.Stat(place); err == nil {
			fmt.Fprintln(&b, place, stampOf(st))
		}
	}
	return b.String()
}

// environments are the root file systems that programs can be run in; the host is always one.
func (s *Server) environments() []toolchain.Environment {
	host := []toolchain.Environment{{Name: toolchain.Host, Root: "/"}}
	if s.sandbox != nil && s.sandbox.Report().OneRoot {
		return host
	}
	all, err := s.store.Environments()
	if err != nil {
		s.options.Logger.Error("the environments cannot be listed; only the host's languages are here", "err", err)
		return host
	}
	return all
}
