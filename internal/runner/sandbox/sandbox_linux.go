package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Sandbox makes cells and keeps some ready.
type Sandbox struct {
	config Config
	tier   tier
	serial atomic.Int64
	cells  sync.WaitGroup // every cell not yet closed

	mu     sync.Mutex
	spec   Spec
	shape  int     // counts SetTrees; a cell of an older shape is not handed out
	ready  []*Cell // all of the present shape
	making int
	closed bool
	filler sync.WaitGroup
}

// inUse makes sure that a process has one Sandbox at a time: control groups are named after the process.
var inUse atomic.Bool

// New tests that this host can confine programs, all of it, and returns a *Refusal if not. It removes what an earlier
// supervisor left behind.
func New(ctx context.Context, config Config) (*Sandbox, error) {
	config = config.withDefaults()
	if !inUse.CompareAndSwap(false, true) {
		return nil, errors.New("this process has a sandbox already")
	}
	s := &Sandbox{config: config, spec: config.Spec}
	if err := s.choose(ctx); err != nil {
		inUse.Store(false)
		return nil, err
	}
	s.fill()
	return s, nil
}

// trespass says who it is, and then tries what it may not: it must fail.
const trespass = `id -u; if (: >"$0") 2>/dev/null; then exit 0; fi; exec cat /proc/1/environ`

// selfTest runs a program in a cell. Building the cell, the groups' limits read back and the checks before the fork
// fail by themselves if anything is not as it must be.
func (s *Sandbox) selfTest(ctx context.Context) error {
	c, err := s.startCell(s.spec)
	if err != nil {
		return err
	}
	defer c.Close()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer null.Close()
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()
	stdin, hold, err := os.Pipe()
	if err != nil {
		return errors.Join(err, w.Close())
	}
	defer hold.Close()
	result, err := c.Run(ctx, Stage{Argv: []string{"sh", "-c", trespass, s.config.Dir + "/escape"}, Env: []string{"PATH=/usr/bin:/bin"},
		Stdin: stdin, Stdout: w, Stderr: w, Wall: buildTime, Memory: s.config.Memory, Tasks: 16})
	_ = w.Close()
	_ = stdin.Close()
	if err != nil {
		return err
	}
	out, _ := io.ReadAll(io.LimitReader(r, 4096))
	if user, _, _ := strings.Cut(string(out), "\n"); user != strconv.Itoa(c.user()) || result.Code == 0 || result.Signal != 0 {
		return fmt.Errorf("a test program saw more than it should, or did not run: %q, exit code %d, signal %d, %s",
			out, result.Code, result.Signal, result.Verdict)
	}
	return nil
}

// SetTrees changes what new cells see. Ready cells of the old shape are dropped.
func (s *Sandbox) SetTrees(trees []Tree) {
	s.mu.Lock()
	old := s.ready
	s.ready, s.spec.Trees = nil, trees
	s.shape++
	s.mu.Unlock()
	for _, c := range old {
		c.Close()
	}
	s.fill()
}

// refillAfter is how long the place of a cell that was handed out stays empty while its job goes on: making a cell takes the machine as much as
// a short program does, and would slow it down.
const refillAfter = 200 * time.Millisecond

// refill makes cells at once if there are none, else in a moment, or when a cell is closed.
func (s *Sandbox) refill() {
	s.mu.Lock()
	none := len(s.ready) == 0
	s.mu.Unlock()
	if none {
		s.fill()
		return
	}
	time.AfterFunc(refillAfter, s.fill)
}

// fill makes cells in the background until as many are ready as there should be.
func (s *Sandbox) fill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.closed && len(s.ready)+s.making < s.config.Pool {
		s.making++
		s.filler.Add(1)
		go s.makeOne(s.spec, s.shape)
	}
}

func (s *Sandbox) makeOne(spec Spec, shape int) {
	defer s.filler.Done()
	c, err := s.startCell(spec)
	s.mu.Lock()
	s.making--
	keep := err == nil && !s.closed && shape == s.shape
	if keep {
		s.ready = append(s.ready, c)
	}
	stale := shape != s.shape
	s.mu.Unlock()
	if err != nil {
		s.config.Logger.Error("no cell could be made ready", "err", err)
		return // the next Acquire tries for itself and tells its caller
	}
	if !keep {
		c.Close()
	}
	if stale {
		s.fill()
	}
}

// Acquire hands out a ready cell, or makes one. The caller closes it after one job.
func (s *Sandbox) Acquire(ctx context.Context) (*Cell, error) {
	defer s.refill()
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s.mu.Lock()
		if s.closed {
			s.mu.Unlock()
			return nil, errors.New("the sandbox is closed")
		}
		if n := len(s.ready); n > 0 {
			c := s.ready[0]
			s.ready = s.ready[1:]
			s.mu.Unlock()
			if !c.dead.Load() {
				return c, nil
			}
			c.Close()
			continue
		}
		spec := s.spec
		s.mu.Unlock()
		return s.startCell(spec)
	}
}

// Special makes a cell with its own shape of /work and /tmp, for the runner's own chores.
func (s *Sandbox) Special(disk, inodes int64) (*Cell, error) {
	s.mu.Lock()
	spec := s.spec
	s.mu.Unlock()
	spec.Disk, spec.Inodes = disk, inodes
	return s.startCell(spec)
}

// Report says what confines programs here.
func (s *Sandbox) Report() Report { return s.tier.report() }

// Close ends all cells, also those handed out, and waits until nothing is left of them.
func (s *Sandbox) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	ready := s.ready
	s.ready = nil
	s.mu.Unlock()
	for _, c := range ready {
		c.Close()
	}
	s.filler.Wait()
	if !waitFor(&s.cells, 10*time.Second) {
		return errors.New("some cells were still in use when the sandbox closed")
	}
	err := s.tier.close()
	inUse.Store(false)
	return err
}

func waitFor(wg *sync.WaitGroup, d time.Duration) bool {
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	select {
	case <-done:
		return true
	case <-time.After(d):
		return false
	}
}
