// Package chaos is `codecollab bench chaos`: a whole installation works for a crowd while one thing after the other is broken in
// it, by a seed that repeats. In the end the log is held against what everybody was told. docs/adr/0027-chaos.md says why it
// is as it is.
package chaos

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"codecollab.dev/bench/crowd"
	"codecollab.dev/bench/fleet"
)

// options are the flags of the command.
type options struct {
	nodes   int
	sqlite  bool
	noRedis bool
	faults  int
	only    string
	rolling int
	hold    time.Duration
	rooms   int
	users   int
	rate    float64
	runs    float64
	within  time.Duration
	outage  time.Duration
	seed    uint64
	json    bool
	keep    bool
	list    bool
}

func parseOptions(args []string, stderr io.Writer) (*options, error) {
	o := &options{}
	f := flag.NewFlagSet("bench chaos", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.IntVar(&o.nodes, "nodes", 3, "nodes, on one PostgreSQL and one Redis")
	f.BoolVar(&o.sqlite, "sqlite", false, "one node with SQLite in the place of all that")
	f.BoolVar(&o.noRedis, "no-redis", false, "nodes without Redis, which look into the database")
	f.IntVar(&o.faults, "faults", 0, "how many faults (default: each kind once)")
	f.StringVar(&o.only, "only", "", "only these kinds, with commas between (--list names them)")
	f.IntVar(&o.rolling, "rolling", 0, "in the place of faults: restart all nodes, one after the other, so many times")
	f.DurationVar(&o.hold, "hold", 2*time.Second, "the longest that a fault lasts")
	f.IntVar(&o.rooms, "rooms", 4, "rooms")
	f.IntVar(&o.users, "users", 4, "people in each room")
	f.Float64Var(&o.rate, "rate", 3, "edits a second that each person makes")
	f.Float64Var(&o.runs, "runs", 0.1, "programs that each room runs in a second")
	f.DurationVar(&o.within, "recover", 40*time.Second, "how soon after a fault everything has to be well again")
	f.DurationVar(&o.outage, "outage-max", 0, "fail when somebody is without a connection for longer (default: with --rolling 2s)")
	f.Uint64Var(&o.seed, "seed", 0, "the seed of what is broken, in which order and for how long (default: a random one, which is printed)")
	f.BoolVar(&o.json, "json", false, "print JSON with stable keys")
	f.BoolVar(&o.keep, "keep", false, "print the ends of all logs when something was wrong")
	f.BoolVar(&o.list, "list", false, "list the kinds of faults, and what each needs")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	return o, o.check()
}

func (o *options) check() error {
	switch {
	case o.nodes < 1 || o.rooms < 1 || o.users < 2 || o.rate <= 0 || o.runs < 0 || o.faults < 0 || o.rolling < 0:
		return errors.New("--nodes and --rooms must be at least 1, --users 2, --rate greater than 0, and nothing negative")
	case o.hold < 100*time.Millisecond || o.within < time.Second:
		return errors.New("--hold must be at least 100ms and --recover 1s")
	case o.rolling > 0 && o.nodes < 2:
		return errors.New("--rolling needs two nodes or more")
	}
	if o.sqlite {
		o.nodes, o.noRedis = 1, true
	}
	if o.rolling > 0 && o.outage == 0 {
		o.outage = 2 * time.Second
	}
	if o.seed == 0 {
		o.seed = rand.Uint64() >> 12 // fits a JSON number
	}
	for name := range strings.SplitSeq(o.only, ",") {
		if name != "" && !slices.ContainsFunc(kinds(), func(k kind) bool { return k.name == name }) {
			return fmt.Errorf("there is no kind of fault %q: --list names them", name)
		}
	}
	return nil
}

// Main runs the command with its arguments (those after "bench chaos"); self is the program. The error says what was wrong, after
// the result has been printed.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer, self string) error {
	o, err := parseOptions(args, stderr)
	if err != nil {
		return err
	}
	if o.list {
		return list(stdout)
	}
	c := &chaos{options: o, random: rand.New(rand.NewPCG(o.seed, 0)), began: time.Now(), out: stderr}
	result, err := c.run(ctx, self)
	if result != nil {
		err = errors.Join(result.write(stdout, o.json), err, result.verdict())
	}
	if err != nil {
		return fmt.Errorf("%w\nseed %d", err, o.seed)
	}
	return nil
}

// chaos is one run of the command.
type chaos struct {
	*options
	random *rand.Rand
	began  time.Time
	out    io.Writer

	fleet  *fleet.Fleet
	crowd  *crowd.Crowd
	result *Result
}

func (c *chaos) say(format string, args ...any) {
	_, _ = fmt.Fprintf(c.out, "%6.1fs  %s\n", time.Since(c.began).Seconds(), fmt.Sprintf(format, args...))
}

// smallDisk holds PostgreSQL or SQLite when disks get full.
const smallDisk = 400 << 20

func (c *chaos) run(ctx context.Context, self string) (_ *Result, err error) {
	opt := fleet.Options{
		Self: self, Nodes: c.nodes, Postgres: !c.sqlite, Redis: !c.noRedis, Runner: c.runs > 0, Say: c.say,
		Args: []string{"--heartbeat", "1s", "--room-idle", "1s", "--catchup-events", "1000000", "--room-snapshot-events", "100"},
	}
	if os.Geteuid() == 0 && c.rolling == 0 {
		opt.Small = smallDisk
	}
	c.say("seed %d: starting %s", c.seed, c.what())
	if c.fleet, err = fleet.Start(ctx, opt); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.fleet.Stop()) }()
	for _, note := range c.fleet.Notes {
		c.say("%s", note)
	}
	result, err := c.work(ctx)
	if err != nil || c.keep && result.verdict() != nil {
		for _, n := range c.fleet.Nodes {
			c.say("the log of %s ends with:\n%s", n.Name(), n.LogTail(3000))
		}
	}
	return result, err
}

func (c *chaos) what() string {
	switch {
	case c.sqlite:
		return "one node with SQLite"
	case c.noRedis:
		return fmt.Sprintf("%d nodes with PostgreSQL and no Redis", c.nodes)
	default:
		return fmt.Sprintf("%d nodes with PostgreSQL and Redis", c.nodes)
	}
}

func (c *chaos) work(ctx context.Context) (*Result, error) {
	before := c.atRest()
	var err error
	c.crowd, err = crowd.Start(ctx, crowd.Options{
		URL: c.fleet.Front.URL(), Rooms: c.rooms, Users: c.users, Rate: c.rate, Runs: c.mayRun(), Seed: c.seed,
	})
	if err != nil {
		return nil, err
	}
	defer func() { _ = c.crowd.Leave() }()
	c.say("%d people type in %d rooms", c.rooms*c.users, c.rooms)
	c.result = &Result{Seed: c.seed, What: c.what(), Nodes: c.nodes, Notes: c.fleet.Notes, Faults: map[string]*Kind{}}
	breaking := c.breakAll
	if c.rolling > 0 {
		breaking = c.rollAll
	}
	if err := breaking(ctx); err != nil {
		return c.result, err
	}
	if err := c.judge(ctx); err != nil {
		return c.result, err
	}
	return c.result, c.leftovers(ctx, before)
}

func (c *chaos) mayRun() float64 {
	if c.fleet.Runner == nil {
		return 0
	}
	return c.runs
}

// judge lets everybody come to rest, and compares.
func (c *chaos) judge(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 3*c.within)
	defer cancel()
	c.say("waiting until everything is confirmed")
	if err := c.crowd.Rest(ctx); err != nil {
		return err
	}
	if err := c.runsEnd(ctx); err != nil {
		return err
	}
	c.say("comparing")
	var nodes []string
	for _, n := range c.fleet.Nodes {
		nodes = append(nodes, n.URL())
	}
	v, err := c.crowd.Judge(ctx, nodes)
	c.result.Verdict = *v
	c.result.counted(c.crowd)
	for _, n := range c.fleet.Nodes {
		c.result.Trouble = append(c.result.Trouble, n.Trouble()...)
	}
	if damage := c.fleet.Verify(ctx); damage != nil {
		c.result.Trouble = append(c.result.Trouble, damage.Error())
	}
	return err
}

// runsEnd waits until all runs have an end, or the time is over: then the verdict says which has none.
func (c *chaos) runsEnd(ctx context.Context) error {
	end := time.Now().Add(c.within)
	for {
		n, err := c.crowd.UnfinishedRuns(ctx, c.fleet.Nodes[0].URL())
		if err != nil || n == 0 || time.Now().After(end) {
			return err
		}
		if err := pause(ctx, 200*time.Millisecond); err != nil {
			return err
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}
