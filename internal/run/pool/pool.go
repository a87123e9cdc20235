// Package pool spreads programs over several runners, each of which speaks Piston's API.
//
// A program goes to the runner with the most free capacity among those that answer and have its language. A runner that fails
// is avoided until it answers again, so that the second attempt at a program goes to another one. Runners may come
// and go while programs run.
package pool

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/run"
	"codecollab.dev/internal/run/piston"
	"codecollab.dev/internal/wire"
)

// Host is a runner. Its name is its address, or anything else that tells it from others.
type Host struct {
	Name   string
	Client *piston.Client
}

// Pool is a run.Executor.
type Pool struct {
	log  *slog.Logger
	ctx  context.Context // ends with Close
	stop context.CancelFunc
	gone sync.WaitGroup

	mu    sync.Mutex // guards all below, and the members
	hosts []*member
}

// member is a runner as the pool knows it.
type member struct {
	Host
	leave context.CancelFunc // ends its probing

	running  int // programs of ours
	others   int // what it said that it has beside them
	capacity int // 0: it does not say
	runtimes []piston.Runtime
	asked    bool   // runtimes is its answer
	failures int    // in a row
	why      string // the last failure
	fullTill time.Time
}

const (
	probeEvery   = 10 * time.Second
	probeWithin  = 5 * time.Second
	firstBackoff = 500 * time.Millisecond
	lastBackoff  = 30 * time.Second
	guess        = 4 // the capacity of a server that does not say it
)

// New makes a pool without runners; Set brings them.
func New(log *slog.Logger) *Pool {
	p := &Pool{log: log}
	p.ctx, p.stop = context.WithCancel(context.Background())
	return p
}

// Close ends the probing.
func (p *Pool) Close() error {
	p.stop()
	p.gone.Wait()
	return nil
}

// Set says which runners there are from here on. One whose name is known stays as it is. One that is gone gets no more
// programs; those that it has go on.
func (p *Pool) Set(hosts []Host) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var now []*member
	for _, h := range hosts {
		i := slices.IndexFunc(p.hosts, func(m *member) bool { return m.Name == h.Name })
		if i >= 0 {
			now = append(now, p.hosts[i])
			p.hosts = slices.Delete(p.hosts, i, i+1)
			continue
		}
		m := &member{Host: h}
		var ctx context.Context
		ctx, m.leave = context.WithCancel(p.ctx)
		now = append(now, m)
		p.gone.Go(func() { p.watch(ctx, m) })
	}
	for _, m := range p.hosts {
		m.leave()
	}
	p.hosts = now
}

// watch asks a runner now and then how it is; one that fails at growing distances.
func (p *Pool) watch(ctx context.Context, m *member) {
	for {
		p.probe(ctx, m)
		p.mu.Lock()
		pause := probeEvery
		if m.failures > 0 {
			pause = min(firstBackoff<<min(m.failures-1, 10), lastBackoff)
		}
		p.mu.Unlock()
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}

func (p *Pool) probe(ctx context.Context, m *member) {
	within, cancel := context.WithTimeout(ctx, probeWithin)
	defer cancel()
	runtimes, err := m.Client.Runtimes(within)
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case ctx.Err() != nil:
	case err != nil:
		p.failed(m, err)
	default:
		if m.failures > 0 {
			p.log.Info("a runner answers again", "runner", m.Name)
		}
		m.failures, m.why = 0, ""
		m.runtimes, m.asked = runtimes, true
		m.hear()
	}
}

// failed notes that a runner did. The caller holds mu.
func (p *Pool) failed(m *member, err error) {
	if m.failures == 0 && len(p.hosts) > 1 {
		p.log.Warn("a runner fails and is avoided", "runner", m.Name, "err", err)
	}
	m.failures++
	m.why = err.Error()
}

// hear reads what the runner has said of its load. The caller holds mu.
func (m *member) hear() {
	l := m.Client.Load()
	m.capacity = l.Capacity
	m.others = max(0, l.Running+l.Waiting-m.running)
}

// load is what a runner has to do, in parts of what it can.
func (m *member) load() float64 {
	return float64(m.running+m.others) / float64(cmp.Or(m.capacity, guess))
}

func (m *member) has(language string) bool {
	return !m.asked || slices.ContainsFunc(m.runtimes, func(r piston.Runtime) bool {
		return r.Language == language || slices.Contains(r.Aliases, language)
	})
}

// errNone is the error of a pool without runners.
var errNone = codecollab.Errorf(codecollab.Unavailable, "no_runner", "no runner is set")

// Execute implements run.Executor. While all runners are full it waits.
func (p *Pool) Execute(ctx context.Context, prog run.Program, on func(run.Event)) (wire.Finish, error) {
	for {
		m, pause := p.take(prog.Language, time.Now())
		switch {
		case m != nil:
			f, err := m.Client.Try(ctx, prog, on)
			if !p.giveBack(ctx, m, err) {
				return f, err
			}
		case pause == 0:
			return wire.Finish{}, errNone
		default:
			select {
			case <-time.After(pause):
			case <-ctx.Done():
				return wire.Finish{}, ctx.Err()
			}
		}
	}
}

// Format has a runner format a source. One that is full is not waited for: whoever asked is there to ask again.
func (p *Pool) Format(ctx context.Context, s piston.Source) (string, error) {
	busy := codecollab.Errorf(codecollab.Unavailable, "busy", "The runner has a lot to do just now. Try again in a moment.")
	m, pause := p.take(s.Language, time.Now())
	if m == nil && pause == 0 {
		return "", errNone
	}
	if m == nil {
		return "", busy
	}
	text, err := m.Client.Format(ctx, s)
	said, isSaid := errors.AsType[*codecollab.Error](err)
	if isSaid && said.Code == "not_formatted" { // the source is at fault, the runner is well
		p.giveBack(ctx, m, nil)
		return "", err
	}
	p.giveBack(ctx, m, err)
	if _, full := errors.AsType[piston.Full](err); full {
		return "", busy
	}
	return text, err
}

// take chooses a runner; nil when all that could be are full, with the time after which to ask again.
func (p *Pool) take(language string, now time.Time) (*member, time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	candidates := p.among(func(m *member) bool { return m.failures == 0 && m.has(language) })
	if len(candidates) == 0 { // the best of the rest says why not
		candidates = p.among(func(m *member) bool { return m.failures == 0 })
	}
	if len(candidates) == 0 {
		candidates = p.among(func(*member) bool { return true })
	}
	var best *member
	pause := time.Duration(0)
	for _, m := range candidates {
		if wait := m.fullTill.Sub(now); wait > 0 {
			if pause == 0 || wait < pause {
				pause = wait
			}
			continue
		}
		if best == nil || m.failures < best.failures || m.failures == best.failures && m.load() < best.load() {
			best = m
		}
	}
	if best != nil {
		best.running++
	}
	return best, pause
}

func (p *Pool) among(ok func(*member) bool) (out []*member) {
	for _, m := range p.hosts {
		if ok(m) {
			out = append(out, m)
		}
	}
	return out
}

// giveBack notes how it went; true when the program is to be given to another runner, since this one is full.
func (p *Pool) giveBack(ctx context.Context, m *member, err error) (again bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m.running--
	m.hear()
	full, isFull := errors.AsType[piston.Full](err)
	switch {
	case isFull:
		m.fullTill = time.Now().Add(full.After)
		return ctx.Err() == nil
	case err != nil && ctx.Err() == nil:
		p.failed(m, err)
	case err == nil:
		m.failures, m.why = 0, ""
	}
	return false
}

// Runtimes lists what the runners have together.
func (p *Pool) Runtimes(ctx context.Context) ([]piston.Runtime, error) {
	p.mu.Lock()
	hosts := slices.Clone(p.hosts)
	p.mu.Unlock()
	var asking sync.WaitGroup
	for _, m := range hosts {
		asking.Go(func() { p.probe(ctx, m) })
	}
	asking.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []piston.Runtime
	var errs []error
	for _, m := range hosts {
		if m.failures > 0 {
			errs = append(errs, errors.New(m.Name+": "+m.why))
			continue
		}
		all = append(all, m.runtimes...)
	}
	if len(all) > 0 {
		return all, nil
	}
	return nil, errors.Join(errs...)
}

// Status is a runner as an operator sees it.
type Status struct {
	Name      string `json:"name"`
	Answers   bool   `json:"answers"`
	Why       string `json:"why,omitempty"` // it does not
	Running   int    `json:"running"`       // programs of this server
	Others    int    `json:"others"`        // what it said that it has beside them
	Capacity  int    `json:"capacity"`      // 0: it does not say
	Languages int    `json:"languages"`
}

// Status tells of every runner, in the order of the setting.
func (p *Pool) Status() []Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := []Status{}
	for _, m := range p.hosts {
		out = append(out, Status{
			Name: m.Name, Answers: m.failures == 0, Why: m.why, Running: m.running, Others: m.others, Capacity: m.capacity,
			Languages: len(m.runtimes),
		})
	}
	return out
}
