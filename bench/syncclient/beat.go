package syncclient

import "time"

// beat decides when a connection that is silent must be asked whether it lives, and when it must be given up.
type beat struct {
	every time.Duration // joined.heartbeat
	heard time.Time     // the last frame of the server
	said  time.Time     // the last frame of the client
	asked time.Time     // the last ping that was sent because of silence
}

// firstBeat is the heartbeat before joined has told the server's.
const firstBeat = 15 * time.Second

func newBeat(now time.Time) beat { return beat{every: firstBeat, heard: now, said: now} }

// due reports what is to be done now: send a ping, or give the connection up.
func (b *beat) due(now time.Time) (ping, dead bool) {
	silent := now.Sub(b.heard) >= b.every
	waiting := b.asked.After(b.heard)
	switch {
	case silent && waiting:
		return false, now.Sub(b.asked) >= b.every
	case silent:
		b.asked = now
		return true, false
	}
	return now.Sub(b.said) >= 2*b.every, false
}
