package runbench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"codecollab.dev/bench/arrival"
	"codecollab.dev/bench/ownserver"
	"codecollab.dev/bench/syncclient"
	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/text"
	"codecollab.dev/internal/wire"
)

const (
	pairs    = 10                     // rooms in which one person types and another sees it
	pace     = 100 * time.Millisecond // between two edits of a person
	roomRuns = 4                      // runs of one room of the burst, which is what a room may ask for at a time
	before   = time.Minute            // the longest that a server and its people may take to be there
	eachRun  = 350 * time.Millisecond // the longest that a run of a burst may take, on average
	leave    = 20 * time.Second       // until a server that does not end by itself is ended
)

// busy computes for about a third of a second.
const busy = "n = 0\nfor i in range(6_000_000):\n    n += i\nprint(n)\n"

// whileBurst measures how old edits are when others see them, while a burst of runs is going on, and before and after it.
func (b *bench) whileBurst(ctx context.Context) (err error) {
	most := before + 4*b.seconds + time.Duration(b.burst)*eachRun
	ctx, cancel := context.WithTimeoutCause(ctx, most, fmt.Errorf("it was cut off after %v", most))
	defer cancel()
	server, err := ownserver.Start(ctx, b.self, "", nil, "--run-queue-max=10000", "--run-person-max=10000")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	s := &session{url: server.URL}
	crowd, err := s.gather(ctx, b.burst)
	if err != nil {
		return fmt.Errorf("before the burst: %w", errors.Join(err, context.Cause(ctx)))
	}
	fmt.Fprintf(b.progress, "%d rooms in which people type, %d that run programs\n", pairs, len(crowd))
	calm := func() { wait(ctx, 2*b.seconds, func() bool { return false }) }
	idle := s.during(calm)
	start := time.Now()
	burst := s.during(func() {
		for i := range b.burst {
			s.ask(crowd[i/roomRuns])
		}
		wait(ctx, most, func() bool { return s.finished.Load() >= int64(b.burst) })
	})
	ended, failed, took := s.finished.Load(), s.failed.Load(), time.Since(start)
	idle.add(s.during(calm))
	b.burstResults(idle, burst, ended, took)
	if ended < int64(b.burst) || failed > 0 {
		return errors.Join(fmt.Errorf("%d of %d runs of the burst have ended, %d of them badly", ended, b.burst, failed), context.Cause(ctx))
	}
	return nil
}

func (b *bench) burstResults(idle, burst ages, ended int64, took time.Duration) {
	b.results["burst.runs"], b.results["burst.seconds"] = float64(ended), took.Seconds()
	b.results["burst.idle_edits"], b.results["burst.edits"] = float64(len(idle.seen)), float64(len(burst.seen))
	if len(idle.seen) == 0 || len(burst.seen) == 0 {
		return // there is no age of nothing
	}
	b.results["burst.idle_p50_ms"], b.results["burst.idle_p99_ms"] = ms(quantile(idle.arrived, .5)), ms(quantile(idle.arrived, .99))
	b.results["burst.edit_p50_ms"], b.results["burst.edit_p99_ms"] = ms(quantile(burst.arrived, .5)), ms(quantile(burst.arrived, .99))
	b.results["burst.edit_p99_ratio"] = float64(quantile(burst.arrived, .99)) / float64(max(quantile(idle.arrived, .99), 1))
	b.results["burst.idle_seen_p99_ms"], b.results["burst.seen_p99_ms"] = ms(quantile(idle.seen, .99)), ms(quantile(burst.seen, .99))
}

// wait returns when cond holds, or when that has taken too long.
func wait(ctx context.Context, most time.Duration, cond func() bool) bool {
	end := time.After(most)
	every := time.NewTicker(20 * time.Millisecond)
	defer every.Stop()
	for {
		if cond() {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-end:
			return false
		case <-every.C:
		}
	}
}

// session is all people of the measurement.
type session struct {
	url      string
	people   int
	finished atomic.Int64
	failed   atomic.Int64

	mu   sync.Mutex
	ages ages // since during began
}

// ages are how old edits were.
type ages struct {
	arrived []time.Duration // when the other's machine had them
	seen    []time.Duration // when the other's program had taken them up, for which it has to get a processor
}

func (a *ages) add(b ages) {
	a.arrived, a.seen = append(a.arrived, b.arrived...), append(a.seen, b.seen...)
}

// gather makes the rooms of those who type, and the rooms that can ask for so many runs.
func (s *session) gather(ctx context.Context, runs int) (crowd []*syncclient.Client, err error) {
	for range pairs {
		if err := s.pair(ctx); err != nil {
			return nil, err
		}
	}
	for len(crowd)*roomRuns < runs {
		c, err := s.crowd(ctx)
		if err != nil {
			return nil, err
		}
		crowd = append(crowd, c)
	}
	return crowd, nil
}

// during gives the ages of the edits that were seen while f was under way.
func (s *session) during(f func()) ages {
	s.mu.Lock()
	s.ages = ages{}
	s.mu.Unlock()
	f()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ages
}

// join connects a person to a room; room is "" for a new one.
func (s *session) join(ctx context.Context, room string, by *http.Client, hooks syncclient.Hooks) (*syncclient.Client, string, error) {
	token, err := syncclient.Guest(ctx, http.DefaultClient, s.url)
	if err != nil {
		return nil, "", err
	}
	if room == "" {
		if room, err = syncclient.CreateRoom(ctx, http.DefaultClient, s.url, token, "python"); err != nil {
			return nil, "", err
		}
	}
	s.people++
	c := syncclient.New(syncclient.Config{URL: s.url, Room: room, Token: token, ID: fmt.Sprintf("bench%05d", s.people), Name: "bench", Hooks: hooks, HTTP: by})
	go func() { _ = c.Run(ctx) }()
	return c, room, c.Wait(ctx, func(st *syncclient.State) bool { return st.Ready() && len(st.Files()) > 0 })
}

// pair makes a room with one who types, until ctx ends, and one who sees it.
func (s *session) pair(ctx context.Context) error {
	var mu sync.Mutex
	var typed []time.Time      // not sent yet
	var sent = [][]time.Time{} // batches in their order, which is that of the log
	writer, room, err := s.join(ctx, "", http.DefaultClient, syncclient.Hooks{Flushed: func(int64, wire.Payload) {
		mu.Lock()
		sent, typed = append(sent, typed), nil
		mu.Unlock()
	}})
	if err != nil {
		return err
	}
	clock := &arrival.Clock{}
	if _, _, err := s.join(ctx, room, &http.Client{Transport: clock.Transport()}, syncclient.Hooks{Event: func(*wire.Event) {
		now := time.Now()
		mu.Lock()
		defer mu.Unlock()
		if len(sent) == 0 {
			return // of before this person came
		}
		s.took(sent[0], clock.Last(), now)
		sent = sent[1:]
	}}); err != nil {
		return err
	}
	go func() {
		every := time.NewTicker(pace)
		defer every.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-every.C:
			}
			_ = writer.Edit(first(writer), func(doc text.Text) ot.ChangeSet {
				mu.Lock()
				typed = append(typed, time.Now())
				mu.Unlock()
				return ot.Replace(doc.Len(), doc.Len(), doc.Len(), "x")
			})
		}
	}()
	return nil
}

// took notes how old the edits of a batch were when it had arrived, and when it was seen.
func (s *session) took(typed []time.Time, arrived, seen time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, at := range typed {
		// The system's time of arrival is of the wall clock.
		s.ages.arrived = append(s.ages.arrived, time.Duration(arrived.UnixNano()-at.UnixNano()))
		s.ages.seen = append(s.ages.seen, seen.Sub(at))
	}
}

func first(c *syncclient.Client) (id string) {
	c.With(func(s *syncclient.State) { id = s.Files()[0].ID })
	return id
}

// crowd makes a room whose program computes.
func (s *session) crowd(ctx context.Context) (*syncclient.Client, error) {
	c, _, err := s.join(ctx, "", http.DefaultClient, syncclient.Hooks{
		Event: func(e *wire.Event) {
			if f, ok := e.Body.Payload.(*wire.Finish); ok {
				if f.Outcome != "exited" {
					s.failed.Add(1)
				}
				s.finished.Add(1)
			}
		},
		Refused: func(syncclient.Refusal) { s.failed.Add(1); s.finished.Add(1) },
	})
	if err != nil {
		return nil, err
	}
	if err := c.Edit(first(c), func(doc text.Text) ot.ChangeSet { return ot.Replace(doc.Len(), 0, doc.Len(), busy) }); err != nil {
		return nil, err
	}
	return c, c.Wait(ctx, func(st *syncclient.State) bool { return st.Ready() && st.Quiet() })
}

func (s *session) ask(c *syncclient.Client) { c.Do(&wire.Run{File: first(c), Language: "python"}) }
