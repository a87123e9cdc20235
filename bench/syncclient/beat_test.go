package syncclient

import (
	"testing"
	"time"
)

func TestBeat(t *testing.T) {
	start := time.Unix(1000, 0)
	b := newBeat(start)
	b.every = 10 * time.Second
	at := func(s int) time.Time { return start.Add(time.Duration(s) * time.Second) }
	for _, step := range []struct {
		at         int
		heard      bool
		ping, dead bool
	}{
		{at: 5},
		{at: 10, ping: true}, // silent for a heartbeat
		{at: 15},             // asked already
		{at: 16, heard: true},
		{at: 20, ping: true}, // has said nothing for two heartbeats, to the server's knowledge
		{at: 26, ping: true}, // silent again
		{at: 35},
		{at: 36, dead: true},
	} {
		if step.heard {
			b.heard = at(step.at)
		}
		ping, dead := b.due(at(step.at))
		if ping != step.ping || dead != step.dead {
			t.Fatalf("at %d s: ping %v, dead %v", step.at, ping, dead)
		}
		if ping && step.at == 20 {
			b.said = at(step.at)
		}
	}
}
