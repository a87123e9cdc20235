package chaos

import (
	"context"
	"fmt"
	"time"

	"codecollab.dev/bench/fleet"
)

// atRest is what nodes need before anybody comes.
func (c *chaos) atRest() (all []fleet.Usage) {
	for _, n := range c.fleet.Nodes {
		all = append(all, n.Usage())
	}
	return all
}

const (
	moreGoroutines  = 40 // the pools of connections that a node makes as it needs them
	moreDescriptors = 60
	moreMegabytes   = 150
	restTime        = 30 * time.Second // rooms leave memory a second after their last person; garbage takes a little longer
)

// leftovers waits until nodes that nobody uses have given back what they held.
func (c *chaos) leftovers(ctx context.Context, before []fleet.Usage) error {
	c.say("everybody leaves; waiting until the nodes are at rest")
	_ = c.crowd.Leave()
	c.fleet.Front.Forget()
	end := time.Now().Add(restTime)
	for i, n := range c.fleet.Nodes {
		now := n.Usage()
		for c.tooMuch(now, before[i]) && time.Now().Before(end) {
			if err := pause(ctx, 200*time.Millisecond); err != nil {
				return err
			}
			now = n.Usage()
		}
		c.result.Rest = append(c.result.Rest, Rest{
			Node: n.Name(), Goroutines: now.Goroutines, GoroutinesBefore: before[i].Goroutines,
			Descriptors: now.Descriptors, DescriptorsBefore: before[i].Descriptors,
			Megabytes: now.Megabytes, MegabytesBefore: before[i].Megabytes, Restarted: now.Pid != before[i].Pid,
		})
		if c.tooMuch(now, before[i]) {
			c.result.Trouble = append(c.result.Trouble, fmt.Sprintf("%s does not give back what it held: %+v, and before %+v", n.Name(), now, before[i]))
		}
	}
	c.result.Seconds = time.Since(c.began).Seconds()
	c.result.outageMax = c.outage
	return nil
}

func (c *chaos) tooMuch(now, before fleet.Usage) bool {
	return now.Goroutines > before.Goroutines+moreGoroutines || now.Descriptors > before.Descriptors+moreDescriptors || now.Megabytes > before.Megabytes+moreMegabytes
}
