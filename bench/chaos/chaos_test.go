package chaos

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"codecollab.dev/bench/crowd"
)

func TestOptions(t *testing.T) {
	for _, bad := range [][]string{{"x"}, {"--nodes", "0"}, {"--users", "1"}, {"--only", "kill,rain"}, {"--hold", "1ms"}, {"--sqlite", "--rolling", "1", "--nodes", "1"}} {
		if _, err := parseOptions(bad, &bytes.Buffer{}); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
	o, err := parseOptions([]string{"--rolling", "1", "--only", "kill,twice"}, &bytes.Buffer{})
	if err != nil || o.outage != 2*time.Second || o.seed == 0 {
		t.Errorf("%+v %v", o, err)
	}
}

// A seed breaks the same things in the same order, and every kind comes before one comes twice.
func TestPlan(t *testing.T) {
	names := func(seed uint64, faults int) (names []string) {
		c := &chaos{options: &options{faults: faults}, random: rand.New(rand.NewPCG(seed, 0))}
		for _, k := range c.plan(kinds()) {
			names = append(names, k.name)
		}
		return names
	}
	all := len(kinds())
	once := names(1, all+5)
	if len(once) != all+5 || !slices.Equal(once, names(1, all+5)) || slices.Equal(once, names(2, all+5)) {
		t.Errorf("%q", once)
	}
	first := slices.Clone(once[:all])
	slices.Sort(first)
	if len(slices.Compact(first)) != all || len(names(1, 0)) != all {
		t.Errorf("not every kind is among %q", once[:all])
	}
}

func TestVerdict(t *testing.T) {
	for _, bad := range []*Result{
		{Verdict: crowd.Verdict{Lost: 1}}, {Verdict: crowd.Verdict{Unfinished: 1}}, {Verdict: crowd.Verdict{Diverged: 1}},
		{Trouble: []string{"panic"}}, {Max: 2.5, outageMax: 2 * time.Second},
	} {
		if bad.verdict() == nil {
			t.Errorf("%+v passes", bad)
		}
	}
	if err := (&Result{Max: 1.5, outageMax: 2 * time.Second, Reconnects: 9}).verdict(); err != nil {
		t.Error(err)
	}
}
