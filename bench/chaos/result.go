package chaos

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"codecollab.dev/bench/crowd"
)

// Result is what `codecollab bench chaos --json` prints. Its keys are stable; times are in seconds.
type Result struct {
	What   string           `json:"what"`
	Seed   uint64           `json:"seed"`
	Nodes  int              `json:"nodes"`
	Faults map[string]*Kind `json:"faults"` // by kind
	Left   []string         `json:"left_out"`
	Notes  []string         `json:"notes"`

	Typed        int64            `json:"typed"`
	Acknowledged int64            `json:"acknowledged"` // batches
	Refused      map[string]int64 `json:"refused"`      // by code
	Reconnects   int64            `json:"reconnects"`
	Resyncs      int64            `json:"resyncs"`
	Catchups     int64            `json:"catchups"`
	P99          float64          `json:"reconnect_p99"`
	Max          float64          `json:"reconnect_max"`

	crowd.Verdict

	Rest    []Rest   `json:"rest"`
	Trouble []string `json:"trouble"` // lines of logs that must not be there, and what was not given back
	Seconds float64  `json:"seconds"`

	outageMax time.Duration
}

// Kind is what became of the faults of one kind.
type Kind struct {
	Times   int     `json:"times"`
	Recover float64 `json:"recover_max"`   // from the mending until all was well
	Lost    int     `json:"connections"`   // that were lost
	Max     float64 `json:"reconnect_max"` // the fault itself included

	outages []time.Duration
}

// Rest is what a node needs when nobody is there, before and after.
type Rest struct {
	Node              string  `json:"node"`
	Goroutines        int     `json:"goroutines"`
	GoroutinesBefore  int     `json:"goroutines_before"`
	Descriptors       int     `json:"descriptors"`
	DescriptorsBefore int     `json:"descriptors_before"`
	Megabytes         float64 `json:"rss_mb"`
	MegabytesBefore   float64 `json:"rss_mb_before"`
	Restarted         bool    `json:"restarted"`
}

func (r *Result) kind(name string) *Kind {
	k := r.Faults[name]
	if k == nil {
		k = &Kind{}
		r.Faults[name] = k
	}
	return k
}

func (r *Result) counted(c *crowd.Crowd) {
	n := c.Counts()
	r.Typed, r.Acknowledged, r.Refused = n.Typed, n.Acknowledged, n.Codes
	r.Reconnects, r.Resyncs, r.Catchups = n.Reconnects, n.Resyncs, n.Catchups
	var all []time.Duration
	for _, k := range r.Faults {
		all = append(all, k.outages...)
		k.Lost, k.Max = len(k.outages), longest(k.outages).Seconds()
	}
	slices.Sort(all)
	if len(all) > 0 {
		r.P99, r.Max = all[len(all)*99/100].Seconds(), all[len(all)-1].Seconds()
	}
}

// verdict says what is wrong, if anything is.
func (r *Result) verdict() error {
	var wrong []error
	if n := r.Wrong(); n > 0 {
		wrong = append(wrong, fmt.Errorf("%d things are wrong:\n%s", n, strings.Join(r.Found, "\n")))
	}
	if len(r.Trouble) > 0 {
		wrong = append(wrong, errors.New(strings.Join(r.Trouble, "\n")))
	}
	if r.outageMax > 0 && r.Max > r.outageMax.Seconds() {
		wrong = append(wrong, fmt.Errorf("somebody was without a connection for %.2f s; %v is the most", r.Max, r.outageMax))
	}
	return errors.Join(wrong...)
}

func (r *Result) write(w io.Writer, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(format string, args ...any) { _, _ = fmt.Fprintf(t, format+"\n", args...) }
	row("fault\ttimes\twell again after\tconnections lost\tlongest without")
	times := 0
	for _, name := range slices.Sorted(maps.Keys(r.Faults)) {
		k := r.Faults[name]
		times += k.Times
		row("%s\t%d\t%.1f s\t%d\t%.1f s", name, k.Times, k.Recover, k.Lost, k.Max)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(w)
	row("all\t%d faults in %.0f s on %s, seed %d", times, r.Seconds, r.What, r.Seed)
	row("edits\t%d typed, %d batches acknowledged, %d events in the logs", r.Typed, r.Acknowledged, r.Events)
	row("kept\t%d lost, %d doubled, %d gaps, %d told differently", r.Lost, r.Doubled, r.Gaps, r.Conflicts)
	row("alike\t%d diverged, %d mismatches, %d resyncs, %d catchups", r.Diverged, r.Mismatches, r.Resyncs, r.Catchups)
	row("connections\t%d came again; p99 after %.2f s, at the latest after %.2f s (faults included)", r.Reconnects, r.P99, r.Max)
	row("runs\t%d asked for, %d ended (%s), %d did not", r.Runs, r.Finished, each(r.Outcomes), r.Unfinished)
	if len(r.Refused) > 0 {
		row("refused\t%s", each(r.Refused))
	}
	for _, x := range r.Rest {
		row("%s at rest\t%d goroutines (%d before), %d descriptors (%d), %.0f MB (%.0f)%s", x.Node, x.Goroutines, x.GoroutinesBefore,
			x.Descriptors, x.DescriptorsBefore, x.Megabytes, x.MegabytesBefore, map[bool]string{true: ", restarted meanwhile"}[x.Restarted])
	}
	if left := append(slices.Clone(r.Notes), r.Left...); len(left) > 0 {
		row("left out\t%s", strings.Join(left, "; "))
	}
	return t.Flush()
}

func each(counts map[string]int64) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%d × %s", counts[name], name))
	}
	return strings.Join(parts, ", ")
}
