package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
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
	pools  map[string]*pool // by view
	recent []string         // views of the last cells handed out, the newest last
	usual  string           // the view used most of late
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
	s := &Sandbox{config: config} // without pools: no cells but that of the test are made before a tier has been chosen
	if err := s.choose(ctx); err != nil {
		inUse.Store(false)
		return nil, err
	}
	s.mu.Lock()
	s.pools = map[string]*pool{"": {spec: config.Spec}}
	s.mu.Unlock()
	s.fill()
	return s, nil
}

// trespass says who it is, and then tries what it may not: it must fail.
const trespass = `id -u; if (: >"$0") 2>/dev/null; then exit 0; fi; exec cat "$1"`

// secretFor is a file that programs in a cell must not be able to read. What a container's process 1 has in its environment is no secret, and the kernel
// of another maker may show it; there it is a file of the host.
func (s *Sandbox) secretFor(c *Cell) string {
	if c.plan.Container {
		return filepath.Join(s.config.Dir, supervisorName(), secretName)
	}
	return "/proc/1/environ"
}

// selfTest runs a program in a cell. Building the cell, the groups' limits read back and the checks before the fork
// fail by themselves if anything is not as it must be.
func (s *Sandbox) selfTest(ctx context.Context) error {
	c, err := s.startCell(s.config.Spec)
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
	result, err := c.Run(ctx, Stage{Argv: []string{"sh", "-c", trespass, s.config.Dir + "/escape", s.secretFor(c)}, Env: []string{"PATH=/usr/bin:/bin"},
		Stdin: stdin, Stdout: w, Stderr: null, Wall: buildTime, Memory: s.config.Memory, Tasks: 16})
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
	var ready []*Cell
	for _, p := range s.pools {
		ready = append(ready, p.drop()...)
	}
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
