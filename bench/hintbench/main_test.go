package hintbench

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestQuantiles(t *testing.T) {
	r := Result{}
	var all []time.Duration
	for i := range 100 {
		all = append(all, time.Duration(100-i)*time.Millisecond)
	}
	r.note("x.", all)
	if r["x.p50_ms"] != 51 || r["x.p95_ms"] != 96 || r["x.max_ms"] != 100 {
		t.Errorf("%v", r)
	}
}

func TestAMissedGoalIsShown(t *testing.T) {
	var b bytes.Buffer
	if err := (Result{"cached.p95_ms": 7, "students.calls": 1}).print(&b); err != nil {
		t.Fatal(err)
	}
	if s := b.String(); strings.Count(s, "missed") != 1 || !strings.Contains(s, "cached.p95_ms") {
		t.Errorf("%s", s)
	}
}

func TestWhatIsCalledWrongly(t *testing.T) {
	var out bytes.Buffer
	for _, args := range [][]string{{"--asks", "1"}, {"--students", "1"}, {"more"}, {"--nonesuch"}} {
		if err := Main(t.Context(), args, &out, &out, "/nowhere"); err == nil {
			t.Errorf("%v is taken", args)
		}
	}
}

func TestTheFirstWordOfTheHintIsKnown(t *testing.T) {
	if firstWord == 0 || firstWord >= len(answer) || answer[firstWord] != "How " {
		t.Errorf("%d of %q", firstWord, answer)
	}
}
