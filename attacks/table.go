package attacks

import (
	"fmt"
	"io"
	"strings"
)

// table shows people how it goes, row by row.
type table struct {
	w     io.Writer
	quiet bool // only problems' numbers matter to whoever asked for JSON
}

func (t *table) say(format string, args ...any) {
	if !t.quiet {
		_, _ = fmt.Fprintf(t.w, format+"\n", args...)
	}
}

func (t *table) note(text string) { t.say("%s", text) }

func (t *table) head(tier string) {
	t.say("\ntier: %s\n%-24s %-8s %8s  %-20s %s", tier, "attack", "outcome", "time", "ended with", "what it does")
}

func (t *table) row(r Result) {
	t.say("%-24s %-8s %5d ms  %-20s %s", r.Name, r.Outcome, r.Millis, strings.Join(r.Ends, " "), r.Title)
	if r.Why != "" {
		t.say("%-24s          %s", "", strings.Join(strings.Fields(r.Why), " "))
	}
}

// sum is the closing line, in the form that CI reads.
func (t *table) sum(results []Result) {
	n := count(results)
	t.say("%d passed, %d failed, %d skipped; %d of the passed are known to be weaker in this tier",
		n[Held]+n[Weaker], n[Breach]+n[Failed], n[Skipped], n[Weaker])
}
