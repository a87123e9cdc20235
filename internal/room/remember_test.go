package room

import (
	"testing"
	"time"

	"codecollab.dev/internal/wire"
)

// TestOldChatDoesNotReachThoseWhoJoin: what is still in memory has been forgotten for everybody who comes.
func TestOldChatDoesNotReachThoseWhoJoin(t *testing.T) {
	now := time.Now()
	r := &Room{opt: Options{ChatKeep: time.Hour, Now: func() time.Time { return now }}}
	s := newState()
	for _, age := range []time.Duration{3 * time.Hour, 61 * time.Minute, 59 * time.Minute, 0} {
		s.Chat.add(wire.ChatMessage{At: now.Add(-age).UnixMilli(), Text: age.String()})
	}
	s.Chat.add(wire.ChatMessage{At: now.UnixMilli()}) // forgotten in the log
	if got := r.remembered(s).Wire().Chat; len(got) != 2 || got[0].Text != "59m0s" || len(s.Chat.messages) != 4 {
		t.Errorf("who joins gets %+v; the room has %+v", got, s.Chat.messages)
	}
	r.opt.ChatKeep = 0
	if got := r.remembered(s).Wire().Chat; len(got) != 4 {
		t.Errorf("without a limit who joins gets %+v", got)
	}
}
