package voice

import (
	"slices"
	"time"

	"codecollab.dev/internal/wire"
)

// ways is how a client of a room whose voice is here begins a call.
func (d *Desk) ways(client string) *wire.VoiceWays {
	w := &wire.VoiceWays{Engine: engineSFU, Slots: d.opt.Slots, Bitrate: d.opt.Bitrate, ICE: slices.Clone(d.opt.ICE)}
	var until time.Time
	add := func(s wire.VoiceICE, end time.Time) {
		w.ICE = append(w.ICE, s)
		if until.IsZero() || end.Before(until) {
			until = end
		}
	}
	now := time.Now()
	if d.opt.Turn != nil {
		add(d.opt.Turn.ICE(client, now))
	}
	if d.opt.TurnShared != nil {
		add(d.opt.TurnShared.ICE(client, now))
	}
	if !until.IsZero() {
		w.Expires = until.UnixMilli()
	}
	for _, way := range []Way{ByUDP, ByTCP, ByRelay} {
		if d.opt.Engine.offers(way) && (way != ByRelay || d.opt.Turn != nil || d.opt.TurnShared != nil) {
			w.Tests = append(w.Tests, string(way))
		}
	}
	return w
}
