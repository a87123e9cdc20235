// Package soak is `codecollab bench soak`: an installation works for an hour, or any length, while its memory, goroutines,
// descriptors and disk are looked at; or it opens and closes very many rooms. The result is judged, and drawn on a page.
package soak

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"sync"
	"time"

	"codecollab.dev/bench/crowd"
	"codecollab.dev/bench/fleet"
)

type options struct {
	length time.Duration
	every  time.Duration
	nodes  int
	sqlite bool
	rooms  int
	users  int
	rate   float64
	runs   float64
	visits int
	open   int
	report string
	json   bool
}

func parseOptions(args []string, stderr io.Writer) (*options, error) {
	o := &options{}
	f := flag.NewFlagSet("bench soak", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.DurationVar(&o.length, "for", time.Hour, "how long")
	f.DurationVar(&o.every, "every", 0, "how often to look (default: 240 times in all)")
	f.IntVar(&o.nodes, "nodes", 2, "nodes, on one PostgreSQL and one Redis")
	f.BoolVar(&o.sqlite, "sqlite", false, "one node with SQLite in the place of all that")
	f.IntVar(&o.rooms, "rooms", 8, "rooms")
	f.IntVar(&o.users, "users", 4, "people in each room who stay")
	f.Float64Var(&o.rate, "rate", 2, "edits a second that each of them makes; some are chat")
	f.Float64Var(&o.runs, "runs", 0.02, "programs that each room runs in a second")
	f.IntVar(&o.visits, "visits", 4, "people who come into one of the rooms for some seconds and leave, one after the other, so many at a time")
	f.IntVar(&o.open, "open-close", 0, "in the place of all that: make so many rooms, go in and leave; --for does not count")
	f.StringVar(&o.report, "report", "", "write a page with all curves to this file (HTML without scripts)")
	f.BoolVar(&o.json, "json", false, "print JSON with stable keys")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	return o, o.check()
}

func (o *options) check() error {
	if o.length < 10*time.Second || o.nodes < 1 || o.rooms < 1 || o.users < 2 || o.rate <= 0 || o.runs < 0 || o.visits < 0 || o.open < 0 {
		return errors.New("--for must be at least 10s, --nodes and --rooms at least 1, --users 2, --rate greater than 0, and nothing negative")
	}
	if o.open > 0 && o.every == 0 {
		o.every = time.Second
	}
	if o.every == 0 {
		o.every = max(o.length/240, time.Second)
	}
	if o.sqlite {
		o.nodes = 1
	}
	return nil
}

// Main runs the command with its arguments (those after "bench soak"); self is the program. The error says what was wrong, after the
// result has been printed.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer, self string) error {
	o, err := parseOptions(args, stderr)
	if err != nil {
		return err
	}
	s := &soak{options: o, began: time.Now(), out: stderr}
	if err := s.run(ctx, self); err != nil {
		return err
	}
	s.judge()
	return errors.Join(s.write(stdout), s.page(), s.verdict())
}

// soak is one run of the command.
type soak struct {
	*options
	began time.Time
	out   io.Writer

	fleet   *fleet.Fleet
	crowd   *crowd.Crowd
	samples []Sample
	result  Result
	opened  func() int64
}

func (s *soak) say(format string, args ...any) {
	_, _ = fmt.Fprintf(s.out, "%7.1fs  %s\n", time.Since(s.began).Seconds(), fmt.Sprintf(format, args...))
}

func (s *soak) run(ctx context.Context, self string) (err error) {
	opt := fleet.Options{
		Self: self, Nodes: s.nodes, Postgres: !s.sqlite, Redis: !s.sqlite, Runner: s.runs > 0 && s.open == 0, Say: s.say,
		Args: []string{"--room-idle", "2s", "--catchup-events", "1000000", "--log-level", "warn"},
	}
	s.say("starting %d nodes", s.nodes)
	if s.fleet, err = fleet.Start(ctx, opt); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.fleet.Stop()) }()
	for _, note := range s.fleet.Notes {
		s.say("%s", note)
	}
	s.began = time.Now()
	s.sample()
	if s.open > 0 {
		return s.openAndClose(ctx)
	}
	return s.mixed(ctx)
}

// mixed is people who stay, and people who come and go.
func (s *soak) mixed(ctx context.Context) (err error) {
	runs := s.runs
	if s.fleet.Runner == nil {
		runs = 0
	}
	s.crowd, err = crowd.Start(ctx, crowd.Options{
		URL: s.fleet.Front.URL(), Rooms: s.rooms, Users: s.users, Rate: s.rate, Runs: runs, Seed: rand.Uint64(),
	})
	if err != nil {
		return err
	}
	defer func() { _ = s.crowd.Leave() }()
	busy, stop := context.WithTimeoutCause(ctx, s.length, errOver)
	defer stop()
	var visitors sync.WaitGroup
	failed := make(chan error, s.visits)
	for range s.visits {
		visitors.Go(func() { failed <- s.visiting(busy) })
	}
	s.watch(busy)
	visitors.Wait()
	for range s.visits {
		if err := <-failed; err != nil {
			return fmt.Errorf("visiting: %w", err)
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return s.compare(ctx)
}

var errOver = errors.New("the time is over")

func (s *soak) visiting(ctx context.Context) error {
	for ctx.Err() == nil {
		stay, cancel := context.WithTimeout(ctx, time.Second+rand.N(4*time.Second))
		err := s.crowd.Visit(stay)
		cancel()
		if err != nil && ctx.Err() == nil {
			return err
		}
	}
	return nil
}

// watch looks again and again until ctx ends.
func (s *soak) watch(ctx context.Context) {
	tick := time.NewTicker(s.every)
	defer tick.Stop()
	said := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		s.sample()
		if time.Since(said) >= time.Minute {
			said = time.Now()
			last := s.samples[len(s.samples)-1]
			s.say("%d batches acknowledged, p99 %.0f ms; %s", last.Acknowledged, last.P99, last.nodes())
		}
	}
}

func (s *soak) compare(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute+restTime)
	defer cancel()
	if err := s.crowd.Rest(ctx); err != nil {
		return err
	}
	for end := time.Now().Add(30 * time.Second); ; {
		n, err := s.crowd.UnfinishedRuns(ctx, s.fleet.Nodes[0].URL())
		if err != nil {
			return err
		}
		if n == 0 || time.Now().After(end) {
			break
		}
		time.Sleep(200 * time.Millisecond)
	}
	var nodes []string
	for _, n := range s.fleet.Nodes {
		nodes = append(nodes, n.URL())
	}
	v, err := s.crowd.Judge(ctx, nodes)
	s.result.Verdict = *v
	if err != nil {
		return err
	}
	_ = s.crowd.Leave()
	s.atRest(ctx)
	return nil
}

// restTime is longer than the two minutes after which Go collects garbage where nothing happens.
const restTime = 150 * time.Second

// atRest looks until nodes that nobody uses hold no more than at the start and a little, or the time for that is over.
func (s *soak) atRest(ctx context.Context) {
	s.say("everybody has left; waiting until the nodes are at rest")
	for end := time.Now().Add(restTime); time.Now().Before(end) && ctx.Err() == nil; {
		select {
		case <-ctx.Done():
		case <-time.After(5 * time.Second): // rooms leave memory after two
		}
		now, rested := s.look(), true
		for i, n := range now.Nodes {
			start := s.samples[0].Nodes[i]
			rested = rested && n.Goroutines <= start.Goroutines+moreGoroutines && n.Megabytes <= start.Megabytes+10
		}
		if rested {
			break
		}
	}
	s.result.Rest = s.look()
	s.samples = append(s.samples, s.result.Rest)
}

// diskOf is the size of all that is kept.
func (s *soak) diskOf() (bytes int64) {
	for _, n := range s.fleet.Nodes {
		bytes += folder(n.Data)
	}
	if p := s.fleet.Postgres; p != nil {
		bytes += folder(p.Folder())
	}
	return bytes
}

func folder(dir string) (bytes int64) {
	entries, _ := os.ReadDir(dir) // what goes away meanwhile does not count
	for _, e := range entries {
		if e.IsDir() {
			bytes += folder(dir + "/" + e.Name())
		} else if info, err := e.Info(); err == nil {
			bytes += info.Size()
		}
	}
	return bytes
}
