package run

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// order plays a script: "a" a job of room a comes; "." the first one in line is started. It returns who was started.
func order(l *line, script string) string {
	out, n := "", int64(0)
	for _, c := range script {
		if c == '.' {
			j := l.waiting[0].job
			l.start(j)
			out += j.Room
			continue
		}
		n++
		l.join(Job{string(c), n})
	}
	return out
}

func TestLine(t *testing.T) {
	for _, c := range []struct{ name, script, want string }{
		{"one room in order", "aaa...", "aaa"},
		{"by turns", "aaabbc......", "abcaba"},
		{"whoever comes late does not wait for the many", "aaaaaa..b..", "aaba"},
		{"nor does it overtake for ever", "aaa.b.b.b.b...", "ababa" + "bb"},
		{"a turn just taken counts", "aaaa....bbaa....", "aaaa" + "bbaa"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := order(newLine(time.Now()), c.script); got != c.want {
				t.Errorf("%s → %s, want %s", c.script, got, c.want)
			}
		})
	}
}

func TestRanksLieInThePast(t *testing.T) {
	now := time.Now()
	l := newLine(now)
	for n := range int64(10_000) {
		if rank := l.join(Job{"a", n}); rank.After(now) {
			t.Fatalf("the %dth job is due at %v", n, rank)
		}
	}
	for len(l.waiting) > 0 {
		l.start(l.waiting[0].job)
	}
	if len(l.last) > 1 {
		t.Errorf("%d rooms are remembered", len(l.last))
	}
}

func TestNews(t *testing.T) {
	l := newLine(time.Now())
	news := func() string {
		var out []string
		for _, p := range l.news() {
			out = append(out, fmt.Sprint(p.job.Room, p.job.Run, "→", p.told))
		}
		return strings.Join(out, " ")
	}
	a, b, c := Job{"a", 1}, Job{"a", 2}, Job{"b", 3}
	for _, step := range []struct {
		do   func()
		want string
	}{
		{func() { l.join(a) }, "a1→1"},
		{func() { l.join(b) }, "a2→2"},
		{func() { l.join(c) }, "b3→2 a2→3"},
		{func() {}, ""},
		{func() { l.start(a) }, "b3→1 a2→2"},
		{func() { l.leave(c) }, "a2→1"},
		{func() { l.leave(c) }, ""},
	} {
		step.do()
		if got := news(); got != step.want {
			t.Errorf("%s, want %s", got, step.want)
		}
	}
}
