package attacks

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// campaign is all attacks on one engine.
type campaign struct {
	engine *engine
	secret string
	host   *host // where the engine is on this host and ours to look into; nil otherwise
	tier   string
	table  *table

	baits     *baits
	languages map[string]bool
	plain     string // the language that shows whether the engine serves
	before    remains
}

const (
	restTime   = 5 * time.Minute  // for a fresh engine to have made its caches
	settleTime = 20 * time.Second // for what a job has left to be gone
)

func (c *campaign) run(ctx context.Context, all []Attack) (results []Result, err error) {
	if c.languages, err = c.engine.languages(ctx); err != nil {
		return nil, err
	}
	c.plain = "python"
	if !c.languages[c.plain] {
		c.plain = "bash"
	}
	if err := c.engine.serves(ctx, c.plain); err != nil {
		return nil, err
	}
	if c.baits, err = layBaits(c.secret, portOfURL(c.engine.url)); err != nil {
		return nil, err
	}
	defer c.baits.remove()
	if c.host != nil {
		c.host.ours = c.baits.pid
		c.engine.http.CloseIdleConnections()
		resting, cancel := context.WithTimeout(ctx, restTime)
		defer cancel()
		if c.before, err = c.host.calm(resting); err != nil {
			return nil, err
		}
	}
	for _, a := range all {
		start := time.Now()
		r := Result{Tier: c.tier, Name: a.Name, Tries: a.Tries, Title: a.Title}
		r.Outcome, r.Why = c.attack(ctx, &a, &r)
		r.Millis = since(start)
		if after := c.afterwards(ctx); after != "" {
			r.Outcome, r.Why = worse(r.Outcome), after+prefixed("; ", r.Why)
		}
		if why := a.Weaker[c.tier]; r.Outcome == Breach && why != "" {
			r.Outcome, r.Why = Weaker, why
		}
		results = append(results, r)
		c.table.row(r)
		if ctx.Err() != nil {
			return results, ctx.Err()
		}
	}
	c.table.sum(results)
	return results, nil
}

// worse keeps a breach one.
func worse(outcome string) string {
	if outcome == Breach {
		return Breach
	}
	return Failed
}

func prefixed(mark, text string) string {
	if text == "" {
		return ""
	}
	return mark + text
}

// attack runs the steps of one attack, up to the first that does not hold.
func (c *campaign) attack(ctx context.Context, a *Attack, r *Result) (outcome, why string) {
	if !c.languages[a.Language] {
		return Skipped, "the engine has no " + a.Language
	}
	for _, s := range a.Steps {
		patience := time.Duration(a.Seconds * float64(time.Second))
		start := time.Now()
		got, err := c.step(ctx, a, s, patience)
		took := time.Since(start)
		if got != nil {
			r.Ends = got.ends()
		}
		if err != nil {
			return Failed, "no answer: " + err.Error()
		}
		if outcome, why := a.judge(got, []string{c.secret, c.engine.token}); outcome != Held {
			return outcome, why
		}
		if what := c.baits.taken(); what != "" {
			return Breach, what
		}
		if took > patience {
			return Failed, fmt.Sprintf("the answer took %.1f s, and %v is allowed", took.Seconds(), patience)
		}
	}
	return Held, ""
}

func (c *campaign) step(ctx context.Context, a *Attack, s Step, patience time.Duration) (*Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*patience+20*time.Second)
	defer cancel()
	request := a.request(s, c.baits.places)
	if a.Terminal {
		return c.engine.terminal(ctx, request)
	}
	return c.engine.execute(ctx, request)
}

// afterwards says what is not as it was before the attack; empty when all is.
func (c *campaign) afterwards(ctx context.Context) string {
	var errs []error
	if err := c.engine.serves(ctx, c.plain); err != nil {
		errs = append(errs, err)
	}
	if what := c.baits.taken(); what != "" {
		errs = append(errs, errors.New(what))
	}
	if c.host != nil {
		c.engine.http.CloseIdleConnections()
		if more := c.host.settle(ctx, c.before, settleTime); more != "" {
			errs = append(errs, errors.New("left behind: "+more))
		}
	}
	if len(errs) == 0 {
		return ""
	}
	return errors.Join(errs...).Error()
}
