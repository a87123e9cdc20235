package sandbox

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"
)

// The view that is used most has Config.Pool cells ready. A few others that have been used lately have one each: on a server with
// several environments, a program rarely waits for its cell, and the memory that ready cells take stays bounded.
const (
	remembered = 32              // cells handed out, by which the view used most is found
	lately     = 5 * time.Minute // since a view was used, to have a cell ready
	others     = 2               // views beside the one used most that have a cell ready
)

// pool is the ready cells of one view.
type pool struct {
	spec   Spec
	stamp  string
	ready  []*Cell
	making int
	used   time.Time
	expiry *time.Timer // looks whether it is still used
}

// drop takes all ready cells out.
func (p *pool) drop() []*Cell {
	all := p.ready
	p.ready = nil
	return all
}

// spec is the shape of cells that show a view.
func (v View) spec(base Spec) Spec {
	base.Root, base.Trees = v.Root, v.Trees
	return base
}

// SetViews says what new cells can show, by names that Acquire knows; the empty name must be among them. Ready cells of views that have
// changed are dropped.
func (s *Sandbox) SetViews(views map[string]View) {
	s.mu.Lock()
	var old []*Cell
	pools := map[string]*pool{}
	for name, v := range views {
		before, spec := s.pools[name], v.spec(s.config.Spec)
		switch {
		case before == nil:
			pools[name] = &pool{spec: spec, stamp: v.Stamp}
		case before.stamp == v.Stamp && reflect.DeepEqual(before.spec, spec):
			pools[name] = before
		default:
			pools[name] = &pool{spec: spec, stamp: v.Stamp, used: before.used}
		}
	}
	for name, p := range s.pools {
		if pools[name] != p {
			old = append(old, p.drop()...)
		}
	}
	s.pools = pools
	s.recent = slices.DeleteFunc(s.recent, func(name string) bool { return pools[name] == nil })
	if pools[s.usual] == nil {
		s.usual = ""
	}
	s.mu.Unlock()
	for _, c := range old {
		c.Close()
	}
	s.fill()
}

// clearly is by how many cells a view must have been used more than another to take its place: two that are used alike would
// else throw each other's cells away again and again.
const clearly = remembered / 8

// elect finds the view that was used most of late. The host's is it until another is used.
func (s *Sandbox) elect() {
	counts := map[string]int{}
	for _, name := range s.recent {
		counts[name]++
	}
	for name, n := range counts {
		if n >= counts[s.usual]+clearly || counts[s.usual] == 0 {
			s.usual = name
		}
	}
}

// wanted says of how many views how many cells should be ready.
func (s *Sandbox) wanted() map[string]int {
	want := map[string]int{s.usual: s.config.Pool}
	for _, name := range slices.Backward(s.recent) {
		if _, known := want[name]; known || len(want) > others {
			continue
		}
		if time.Since(s.pools[name].used) < lately {
			want[name] = 1
		}
	}
	return want
}

// refillAfter is how long the place of a cell that was handed out stays empty while its job goes on: making a cell takes the machine as much as
// a short program does, and would slow it down.
const refillAfter = 200 * time.Millisecond

// refill makes cells at once if there are none, else in a moment, or when a cell is closed.
func (s *Sandbox) refill(view string) {
	s.mu.Lock()
	p := s.pools[view]
	none := p != nil && len(p.ready) == 0
	s.mu.Unlock()
	if none {
		s.fill()
		return
	}
	time.AfterFunc(refillAfter, s.fill)
}

// fill makes cells in the background until as many are ready as there should be, and drops those that nobody needs any more.
func (s *Sandbox) fill() {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	want := s.wanted()
	var spare []*Cell
	for name, p := range s.pools {
		for len(p.ready)+p.making < want[name] {
			p.making++
			s.filler.Add(1)
			go s.makeOne(p)
		}
		if most := want[name]; len(p.ready) > most {
			spare = append(spare, p.ready[most:]...)
			p.ready = slices.Clone(p.ready[:most])
		}
	}
	for _, c := range spare {
		s.filler.Go(c.Close)
	}
	s.mu.Unlock()
}

func (s *Sandbox) makeOne(p *pool) {
	defer s.filler.Done()
	c, err := s.startCell(p.spec)
	s.mu.Lock()
	p.making--
	stale := true
	for _, now := range s.pools {
		stale = stale && now != p
	}
	keep := err == nil && !s.closed && !stale
	if keep {
		p.ready = append(p.ready, c)
	}
	s.mu.Unlock()
	if err != nil {
		s.config.Logger.Error("no cell could be made ready", "err", err)
		return // the next Acquire tries for itself and tells its caller
	}
	if !keep {
		c.Close()
	}
	s.fill() // another view may be the one used most by now
}

// Acquire hands out a ready cell that shows a view, or makes one. The caller closes it after one job.
func (s *Sandbox) Acquire(ctx context.Context, view string) (*Cell, error) {
	defer s.refill(view)
	for first := true; ; first = false {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c, spec, err := s.take(view, first)
		if err != nil {
			return nil, err
		}
		if c == nil {
			return s.startCell(spec)
		}
		if !c.dead.Load() {
			return c, nil
		}
		c.Close()
	}
}

// take takes a ready cell, or gives the shape of one to make.
func (s *Sandbox) take(view string, note bool) (*Cell, Spec, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, Spec{}, errors.New("the sandbox is closed")
	}
	p := s.pools[view]
	if p == nil {
		return nil, Spec{}, fmt.Errorf("the environment %q is not here any more", view)
	}
	if note {
		p.used = time.Now()
		s.recent = append(s.recent, view)
		s.recent = slices.Clone(s.recent[max(0, len(s.recent)-remembered):])
		s.elect()
		if p.expiry == nil {
			p.expiry = time.AfterFunc(lately, s.fill)
		} else {
			p.expiry.Reset(lately)
		}
	}
	if len(p.ready) == 0 {
		return nil, p.spec, nil
	}
	c := p.ready[0]
	p.ready = p.ready[1:]
	return c, Spec{}, nil
}

// Special makes a cell with its own shape of /work and /tmp (0: the usual one), for the runner's own chores.
func (s *Sandbox) Special(view string, disk, inodes int64) (*Cell, error) {
	s.mu.Lock()
	p := s.pools[view]
	s.mu.Unlock()
	if p == nil {
		return nil, fmt.Errorf("the environment %q is not here any more", view)
	}
	spec := p.spec
	if disk > 0 {
		spec.Disk, spec.Inodes = disk, inodes
	}
	return s.startCell(spec)
}
