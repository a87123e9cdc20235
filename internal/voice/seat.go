package voice

import (
	"context"
	"errors"
	"regexp"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// Sitter is a client that is connected to a room.
type Sitter struct {
	Room, Client, Person string
	// May says why the person may not be heard now; nil when they may. The code "muted" means that they may listen.
	May func() error
	// Tell sends a message to the client. It does not wait.
	Tell func(wire.Message)
}

// Chair is where a sitter sits: what they ask of voice goes there.
type Chair interface {
	// Handle deals with a message about voice. It does not wait; the answer is told.
	Handle(m wire.Message)
	// Leave is called when the connection has ended. final: the person is not to be in the room any more; else their call goes on
	// for a while, and they may come back.
	Leave(final bool)
}

// Seat is a sitter's place at the desk.
type Seat struct {
	desk   *Desk
	who    Sitter
	limit  *rate.Limiter
	expire *time.Timer

	mu   sync.Mutex
	todo []wire.Message // what waits, one after the other
	busy bool
}

// What one client may ask of voice: a person joins now and then, and a network changes now and then.
const (
	asksPerSec = 2
	asksBurst  = 20
)

var callID = regexp.MustCompile(`^[a-z0-9]{8,32}$`)

func (s *Seat) key() seatKey { return seatKey{s.who.Room, s.who.Client} }

// Sit takes a client in that has joined its room, and tells it who talks there. A call that it has from before goes on.
func (d *Desk) Sit(who Sitter) Chair {
	s := &Seat{desk: d, who: who, limit: rate.NewLimiter(asksPerSec, asksBurst)}
	d.mu.Lock()
	old := d.seats[s.key()]
	d.seats[s.key()] = s
	n := d.rooms[who.Room]
	if n == nil {
		n = &roomNews{seats: map[*Seat]struct{}{}, cancel: func() {}}
		d.rooms[who.Room] = n
		defer d.listen(who.Room, n)
	}
	n.seats[s] = struct{}{}
	if old != nil {
		old.forgotten(n)
	}
	people := n.people
	d.mu.Unlock()
	if people == nil {
		people = &wire.VoicePeople{Engine: engineSFU}
	}
	who.Tell(people)
	if talks(people, who.Client) {
		d.send(context.Background(), s.envelope(kindBack))
	}
	return s
}

func talks(people *wire.VoicePeople, client string) bool {
	for _, p := range people.People {
		if p.Client == client {
			return true
		}
	}
	return false
}

// forgotten takes a seat off that another one has replaced, or whose time is over. The caller holds the desk's mu.
func (s *Seat) forgotten(n *roomNews) {
	delete(n.seats, s)
	if s.expire != nil {
		s.expire.Stop()
	}
}

// Leave implements Chair.
func (s *Seat) Leave(final bool) {
	d := s.desk
	d.mu.Lock()
	if d.seats[s.key()] != s {
		d.mu.Unlock()
		return // a newer connection has taken over
	}
	in := false
	if n := d.rooms[s.who.Room]; n != nil {
		in = n.people != nil && talks(n.people, s.who.Client)
		if !in || final {
			d.remove(s)
		} else {
			s.expire = time.AfterFunc(d.opt.Grace+5*time.Second, func() {
				d.mu.Lock()
				defer d.mu.Unlock()
				if d.seats[s.key()] == s {
					d.remove(s)
				}
			})
		}
	}
	d.mu.Unlock()
	switch {
	case final:
		d.send(context.Background(), s.envelope(kindOut))
	case in:
		d.send(context.Background(), s.envelope(kindGone))
	}
}

// remove forgets a seat. The caller holds mu.
func (d *Desk) remove(s *Seat) {
	delete(d.seats, s.key())
	n := d.rooms[s.who.Room]
	if n == nil {
		return
	}
	s.forgotten(n)
	if len(n.seats) == 0 {
		n.cancel()
		delete(d.rooms, s.who.Room)
	}
}

// Handle implements Chair. Answering an offer takes a while, in which edits of the same client must not wait.
func (s *Seat) Handle(m wire.Message) {
	if !s.limit.Allow() {
		s.who.Tell(refusal(callOf(m), codecollab.Errorf(codecollab.Limit, codeSlow, "Too much is asked of voice from here. Wait a few seconds.")))
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.todo = append(s.todo, m) // bounded by the limit of pace, and by how long one answer takes
	if !s.busy {
		s.busy = true
		s.desk.done.Go(s.work)
	}
}

// work deals with what waits.
func (s *Seat) work() {
	for {
		s.mu.Lock()
		if len(s.todo) == 0 {
			s.busy = false
			s.mu.Unlock()
			return
		}
		m := s.todo[0]
		s.todo = s.todo[1:]
		s.mu.Unlock()
		if err := s.handle(context.Background(), m); err != nil {
			s.who.Tell(refusal(callOf(m), err))
		}
	}
}

func (s *Seat) handle(ctx context.Context, m wire.Message) error {
	e := s.envelope("")
	switch m := m.(type) {
	case *wire.VoiceAsk:
		e.Kind = kindAsk
	case *wire.VoiceOffer:
		if !callID.MatchString(m.Call) {
			return codecollab.Errorf(codecollab.Invalid, codeCall, "A call's id has 8 to 32 of a–z and 0–9; %.40q has not.", m.Call)
		}
		e.Kind, e.Offer = kindOffer, m
	case *wire.VoiceMute:
		e.Kind, e.Muted = kindMute, m.Muted
	case *wire.VoiceLeave:
		e.Kind, e.Call = kindLeave, m.Call
	default:
		return codecollab.Errorf(codecollab.Invalid, "bad_message", "This is no message about voice.")
	}
	if e.Kind == kindAsk || e.Kind == kindOffer {
		silent, err := s.rights()
		if err != nil {
			return err
		}
		e.Silent = silent
	}
	return s.desk.send(ctx, e)
}

// rights is what the person may do: talk, or only listen; or why not even that.
func (s *Seat) rights() (silent bool, refused error) {
	err := s.who.May()
	if codecollab.CodeOf(err) == codeMuted {
		return true, nil
	}
	return false, err
}

// recheck tells the node that has the room's voice what the person may do now.
func (s *Seat) recheck() {
	silent, refused := s.rights()
	e := s.envelope(kindRights)
	e.Silent = silent
	if refused != nil {
		e.Code, e.Why = codecollab.CodeOf(refused), refused.Error()
	}
	_ = s.desk.send(context.Background(), e)
}

func callOf(m wire.Message) string {
	switch m := m.(type) {
	case *wire.VoiceOffer:
		return m.Call
	case *wire.VoiceLeave:
		return m.Call
	}
	return ""
}

func refusal(call string, err error) *wire.VoiceRefused {
	r := &wire.VoiceRefused{Call: call, Code: codecollab.CodeOf(err), Message: "Voice does not work here now. It is in the server's log."}
	if e, ok := errors.AsType[*codecollab.Error](err); ok {
		r.Message = e.Message
		r.Retry = e.Kind == codecollab.Unavailable || e.Kind == codecollab.Limit
	}
	if len(r.Call) > 32 {
		r.Call = r.Call[:32]
	}
	return r
}
