package livekit

import (
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/voice"
	"codecollab.dev/internal/wire"
)

// room is what this desk knows of a room that has seats here, or had some a while ago.
type room struct {
	seats map[string]*seat  // by client: the newest connection of each
	told  *wire.VoicePeople // who is in voice
	hot   time.Time         // until then it is looked at often
	keep  time.Time         // until then it is looked at without seats, for tokens that still count
}

// seat is a client that is connected to a room. The desk's mu guards it.
type seat struct {
	desk *Desk
	who  voice.Sitter
	gone time.Time // its connection is lost since then; zero: it is there
}

// hotFor is how long a room is looked at often in which something may have changed.
const hotFor = 3 * time.Second

// Sit takes in a client that has joined its room, and tells it who talks there.
func (d *Desk) Sit(who voice.Sitter) voice.Chair {
	s := &seat{desk: d, who: who}
	d.mu.Lock()
	r := d.rooms[who.Room]
	if r == nil {
		r = &room{seats: map[string]*seat{}, told: &wire.VoicePeople{Engine: engine}}
		d.rooms[who.Room] = r
	}
	r.seats[who.Client] = s
	who.Tell(r.told)
	d.mu.Unlock()
	d.heat(who.Room)
	return s
}

// Handle implements voice.Chair.
func (s *seat) Handle(m wire.Message) {
	switch m := m.(type) {
	case *wire.VoiceAsk:
		s.ask(m.Test)
	case *wire.VoiceOffer:
		s.who.Tell(&wire.VoiceRefused{Call: m.Call, Code: "voice_off", Message: "Voice is at a LiveKit server here: connect there with the token."})
	default: // their microphone, or they have left: LiveKit knows, and the room wants to
		s.desk.heat(s.who.Room)
	}
}

func (s *seat) ask(test bool) {
	silent, err := s.rights()
	if err != nil {
		s.who.Tell(&wire.VoiceRefused{Code: codecollab.CodeOf(err), Message: err.Error()})
		return
	}
	d := s.desk
	var token string
	var until time.Time
	if test {
		token, until, err = d.testToken(s.who.Room, s.who.Client)
	} else {
		token, until, err = d.Token(s.who.Room, s.who.Client, s.who.Person, silent)
	}
	if err != nil {
		d.opt.Log.Error("no token for LiveKit", "err", err)
		s.who.Tell(&wire.VoiceRefused{Code: "internal", Message: "Voice does not work here now. It is in the server's log."})
		return
	}
	d.mu.Lock()
	if r := d.rooms[s.who.Room]; r != nil && !test {
		r.keep = time.Now().Add(tokensGone)
	}
	d.mu.Unlock()
	d.heat(s.who.Room)
	s.who.Tell(&wire.VoiceWays{Engine: engine, Slots: d.opt.Slots, Expires: until.UnixMilli(), LiveKit: &wire.VoiceLiveKit{URL: d.page, Token: token}})
}

// rights are those of the person now. silent: they may listen only.
func (s *seat) rights() (silent bool, refused error) {
	err := s.who.May()
	if codecollab.CodeOf(err) == "muted" {
		return true, nil
	}
	return false, err
}

// Leave implements voice.Chair. Who does not come back is put out of voice by a look.
func (s *seat) Leave(final bool) {
	d := s.desk
	d.mu.Lock()
	r := d.rooms[s.who.Room]
	if r == nil || r.seats[s.who.Client] != s {
		d.mu.Unlock()
		return // a newer connection has taken over
	}
	if final {
		delete(r.seats, s.who.Client)
	} else {
		s.gone = time.Now()
	}
	d.mu.Unlock()
	d.heat(s.who.Room)
}

// Rights is told that somebody's rights may have changed in a room. It never waits.
func (d *Desk) Rights(room string) { d.heat(room) }

// heat makes a room be looked at now, and often for a while.
func (d *Desk) heat(name string) {
	d.mu.Lock()
	r := d.rooms[name]
	if r != nil {
		r.hot = time.Now().Add(hotFor)
	}
	d.mu.Unlock()
	if r == nil {
		return
	}
	select {
	case d.poke <- struct{}{}:
	default:
	}
}
