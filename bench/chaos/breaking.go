package chaos

import (
	"context"
	"errors"
	"fmt"
	"time"

	"codecollab.dev/bench/fleet"
)

// plan is what will happen: each kind once in its order, or as many as were asked for in any order. The first of them come in a
// shuffled order, too, so that each kind comes before one comes twice.
func (c *chaos) plan(can []kind) (plan []kind) {
	if c.faults == 0 {
		return can
	}
	for len(plan) < c.faults {
		for _, i := range c.random.Perm(len(can)) {
			plan = append(plan, can[i])
		}
	}
	return plan[:c.faults]
}

// breakAll breaks one thing after the other and waits each time until all is well again.
func (c *chaos) breakAll(ctx context.Context) error {
	can, cannot := c.possible()
	c.result.Left = cannot
	if len(can) == 0 {
		return errors.New("none of these faults can be made here")
	}
	for i, k := range c.plan(can) {
		n := c.fleet.Nodes[c.random.IntN(len(c.fleet.Nodes))]
		hold := c.hold/4 + time.Duration(c.random.Int64N(int64(c.hold-c.hold/4)))
		if err := c.breakOne(ctx, i+1, k, n, hold); err != nil {
			return err
		}
	}
	return nil
}

func (c *chaos) breakOne(ctx context.Context, number int, k kind, n *fleet.Node, hold time.Duration) error {
	if err := c.spread(ctx, n); err != nil {
		return fmt.Errorf("before fault %d: %w", number, err)
	}
	c.crowd.Outages() // those before do not count
	mend, err := k.begin(ctx, c, n, hold)
	if err == nil {
		err = pause(ctx, hold)
	}
	if mend != nil {
		err = errors.Join(err, mend())
	}
	if err != nil {
		return fmt.Errorf("fault %d (%s, %s): %w", number, k.name, n.Name(), err)
	}
	mended := time.Now()
	if err := c.well(ctx); err != nil {
		return fmt.Errorf("fault %d (%s, %s, %.1f s) is mended, and after %v: %w", number, k.name, n.Name(), hold.Seconds(), c.within, err)
	}
	r := c.result.kind(k.name)
	r.Times++
	took := time.Since(mended).Seconds()
	r.Recover = max(r.Recover, took)
	outages := c.crowd.Outages()
	r.outages = append(r.outages, outages...)
	c.say("%3d  %-18s %-7s for %.1f s; well again after %.1f s; %d connections were lost, for %.1f s at the most",
		number, k.name, n.Name(), hold.Seconds(), took, len(outages), longest(outages).Seconds())
	return nil
}

// spread brings people to a node that has none, since nobody would notice what happens to it: after a restart all are elsewhere.
func (c *chaos) spread(ctx context.Context, n *fleet.Node) error {
	enough := c.rooms * c.users / (2 * len(c.fleet.Nodes))
	for try := 0; try < 10 && c.fleet.Front.Sockets(n.Addr) < enough; try++ {
		c.fleet.Front.Drop(func(target string) bool { return target != n.Addr }, 0.5)
		if err := c.well(ctx); err != nil {
			return err
		}
	}
	return nil
}

// well waits until all nodes are ready, everybody is connected, and everybody's edits are confirmed again.
func (c *chaos) well(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.within)
	defer cancel()
	for {
		if away := c.crowd.SentAway(); len(away) > 0 {
			return errors.Join(append([]error{errors.New("people were sent away")}, away...)...)
		}
		online := c.crowd.Online()
		if c.fleet.AllReady() && online == c.rooms*c.users {
			break
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return fmt.Errorf("%d of %d people are connected, nodes ready: %s", c.crowd.Online(), c.rooms*c.users, c.readiness())
		}
	}
	if err := c.crowd.Beat(ctx); err != nil {
		return fmt.Errorf("not everybody's edits are confirmed: %w", err)
	}
	return nil
}

func (c *chaos) readiness() (s string) {
	for _, n := range c.fleet.Nodes {
		s += fmt.Sprintf("%s %t ", n.Name(), n.Up())
	}
	return s
}

// rollAll restarts one node after the other, as an operator upgrades.
func (c *chaos) rollAll(ctx context.Context) error {
	for round := range c.rolling {
		for _, n := range c.fleet.Nodes {
			if err := c.spread(ctx, n); err != nil {
				return fmt.Errorf("round %d, before %s: %w", round+1, n.Name(), err)
			}
			c.crowd.Outages()
			began := time.Now()
			if err := errors.Join(n.Terminate(), n.Start(ctx)); err != nil {
				return fmt.Errorf("round %d: %w", round+1, err)
			}
			if err := c.well(ctx); err != nil {
				return fmt.Errorf("round %d, %s: %w", round+1, n.Name(), err)
			}
			r := c.result.kind("rolling")
			r.Times++
			r.Recover = max(r.Recover, time.Since(began).Seconds())
			outages := c.crowd.Outages()
			r.outages = append(r.outages, outages...)
			c.say("round %d: %s restarted in %.1f s; %d connections moved, for %.2f s at the most",
				round+1, n.Name(), time.Since(began).Seconds(), len(outages), longest(outages).Seconds())
		}
	}
	return nil
}

func longest(list []time.Duration) (most time.Duration) {
	for _, d := range list {
		most = max(most, d)
	}
	return most
}
