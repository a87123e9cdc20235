package voice

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// stage is the voice of one room, on the node that has it.
type stage struct {
	room   string
	engine *Engine
	opt    *Options
	tell   func(to seatKey, m wire.Message) // to one client, on whatever node
	tells  func(m *wire.VoicePeople)        // to everybody in the room

	offers sync.Mutex // one new call at a time; taken before mu

	mu      sync.Mutex
	people  map[string]*member // by client
	tests   map[string]*member // those who only test their connection
	crowded atomic.Bool        // there are more than can be heard at once
	picked  atomic.Int64       // when, ns
	used    atomic.Int64       // when somebody last asked for anything, ns
	levels  []wire.VoiceLevel  // as last told
	told    time.Time
	rate    bandwidth
	past    tally // of calls that are over
}

// seatKey names a client in a room.
type seatKey struct{ room, client string }

// member is somebody who is in voice.
type member struct {
	client, person string
	call           string
	conn           *call
	src            *source
	since          time.Time   // picked, in a crowded room
	lost           bool        // nothing comes from them
	away           *time.Timer // their room connection is lost, and the call ends when it does not come back
	ended          bool
	tested         Way
}

func newStage(room string, e *Engine, opt *Options, tell func(seatKey, wire.Message), tells func(*wire.VoicePeople)) *stage {
	return &stage{room: room, engine: e, opt: opt, tell: tell, tells: tells, people: map[string]*member{}, tests: map[string]*member{}}
}

// newcomer is who wants to be in voice, with the first offer.
type newcomer struct {
	client, person string
	silent         bool // an owner has muted them
	offer          *wire.VoiceOffer
}

// offer answers an offer: of a new call, or for new addresses of one that goes on. Errors: "bad_sdp", "voice_full", "bad_call".
func (s *stage) offer(n newcomer) (*wire.VoiceAnswer, error) {
	s.offers.Lock()
	defer s.offers.Unlock()
	if n.offer.Test != "" {
		return s.test(n)
	}
	s.mu.Lock()
	old := s.people[n.client]
	s.mu.Unlock()
	if old != nil && old.call == n.offer.Call {
		return s.restart(old, n)
	}
	return s.begin(n, old)
}

func (s *stage) restart(m *member, n newcomer) (*wire.VoiceAnswer, error) {
	sdp, err := m.conn.restart(n.offer.SDP)
	if err != nil {
		return nil, err
	}
	s.setMuted(m, n.offer.Muted)
	s.setSilent(m, n.silent)
	return m.answer(sdp), nil
}

func (m *member) answer(sdp string) *wire.VoiceAnswer {
	a := &wire.VoiceAnswer{Call: m.call, SDP: sdp}
	for _, slot := range m.conn.slots {
		a.Slots = append(a.Slots, slot.mid)
	}
	return a
}

func (s *stage) begin(n newcomer, old *member) (*wire.VoiceAnswer, error) {
	if err := s.opt.places.take(s.room, old != nil); err != nil {
		return nil, err
	}
	m := &member{client: n.client, person: n.person, call: n.offer.Call, src: &source{client: n.client}}
	m.src.muted.Store(n.offer.Muted)
	m.src.silent.Store(n.silent)
	conn, sdp, err := s.engine.call(n.offer.SDP, callOptions{
		slots: s.opt.Slots, src: m.src,
		hears: func(now time.Time) { s.heard(m, now) },
		lost:  func(lost bool) { go s.setLost(m, lost) },
		gone:  func() { go s.end(m, "lost", "The connection for voice was lost.", true) },
	})
	if err != nil {
		s.opt.places.leave(s.room)
		return nil, err
	}
	s.mu.Lock()
	m.conn = conn
	if old = s.people[n.client]; old != nil {
		old.ended = true
		s.past.add(old)
		s.opt.places.leave(s.room)
	}
	s.people[n.client] = m
	s.assign(time.Now())
	s.mu.Unlock()
	if old != nil {
		old.stop()
	}
	s.tellPeople()
	return m.answer(sdp), nil
}

// stop closes what a member has.
func (m *member) stop() {
	if m.away != nil {
		m.away.Stop()
	}
	m.conn.close()
}

// end takes a member out; with a code, they are told why.
func (s *stage) end(m *member, code, why string, retry bool) {
	s.mu.Lock()
	if m.ended || m.conn == nil && code == "lost" {
		s.mu.Unlock()
		return
	}
	m.ended = true
	s.past.add(m)
	test := m.tested != ""
	if test {
		delete(s.tests, m.client)
	} else if s.people[m.client] == m {
		delete(s.people, m.client)
		s.opt.places.leave(s.room)
	}
	s.assign(time.Now())
	s.mu.Unlock()
	m.stop()
	if code != "" {
		s.tell(seatKey{s.room, m.client}, &wire.VoiceEnded{Call: m.call, Code: code, Message: why, Retry: retry})
	}
	if !test {
		s.tellPeople()
	}
}

// leave ends the call of a client, if it is that one. Errors: "no_call".
func (s *stage) leave(client, callID string) error {
	m := s.find(client, callID)
	if m == nil {
		return errNoCall()
	}
	s.end(m, "", "", false)
	return nil
}

// find is a client's call or test of that id; an empty one stands for the call that there is.
func (s *stage) find(client, callID string) *member {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.people[client]; m != nil && (callID == "" || m.call == callID) {
		return m
	}
	if m := s.tests[client]; m != nil && m.call == callID {
		return m
	}
	return nil
}

// mute is what somebody does with their own microphone. Errors: "no_call".
func (s *stage) mute(client string, muted bool) error {
	m := s.find(client, "")
	if m == nil {
		return errNoCall()
	}
	s.setMuted(m, muted)
	return nil
}

func (s *stage) setMuted(m *member, muted bool) {
	if m.src.muted.Swap(muted) == muted {
		return
	}
	m.src.meter.reset()
	s.tellPeople()
}

func (s *stage) setSilent(m *member, silent bool) {
	if m.src.silent.Swap(silent) == silent {
		return
	}
	m.src.meter.reset()
	s.tellPeople()
}

func (s *stage) setLost(m *member, lost bool) {
	s.mu.Lock()
	if m.ended || m.lost == lost {
		s.mu.Unlock()
		return
	}
	m.lost = lost
	s.mu.Unlock()
	s.tellPeople()
}

// rights says what somebody may do now: be heard or not, or (refused) not even listen.
func (s *stage) rights(client string, silent bool, refused error) {
	m := s.find(client, "")
	if m == nil {
		return
	}
	if refused != nil {
		s.end(m, codecollab.CodeOf(refused), refused.Error(), false)
		return
	}
	s.setSilent(m, silent)
}

// away says that a client's connection to the room is lost, or back.
func (s *stage) away(client string, away bool) {
	s.mu.Lock()
	m := s.people[client]
	if m == nil || m.ended {
		s.mu.Unlock()
		return
	}
	if m.away != nil {
		m.away.Stop()
		m.away = nil
	}
	if away {
		m.away = time.AfterFunc(s.opt.Grace, func() { s.end(m, "lost", "The connection to the room was lost for too long.", true) })
	}
	slots := s.slotsOf(m)
	s.mu.Unlock()
	if !away {
		s.tell(seatKey{s.room, client}, slots)
	}
}

// heard is told of each packet that may be passed on. In a crowded room it may be the first word of somebody who is not heard yet.
func (s *stage) heard(m *member, now time.Time) {
	if !s.crowded.Load() || len(m.src.slots()) > 0 {
		return
	}
	if loud, _ := m.src.meter.now(now); loud < audible {
		return
	}
	last := s.picked.Load()
	if now.UnixNano()-last < int64(pickEvery) || !s.picked.CompareAndSwap(last, now.UnixNano()) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.assign(now)
}

// sorted are all members, in an order that does not change by itself. The caller holds mu.
func (s *stage) sorted() []*member {
	all := make([]*member, 0, len(s.people))
	for _, m := range s.people {
		if m.conn != nil {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b *member) int {
		if a.client < b.client {
			return -1
		}
		return 1
	})
	return all
}

// assign decides who is heard, and gives the slots of all listeners to them. The caller holds mu.
func (s *stage) assign(now time.Time) {
	all := s.sorted()
	crowded := len(all) > s.opt.Slots+1
	s.crowded.Store(crowded)
	heard := make(map[*source]bool, len(all))
	if !crowded {
		for _, m := range all {
			m.since = time.Time{}
			heard[m.src] = true
		}
	} else {
		heard = s.pickOf(all, now)
	}
	outs := make(map[*source][]*slot, len(all))
	for _, m := range all {
		changed := seat(m, all, heard, now)
		for _, slot := range m.conn.slots {
			if slot.from != nil {
				outs[slot.from] = append(outs[slot.from], slot)
			}
		}
		if changed {
			s.tell(seatKey{s.room, m.client}, s.slotsOf(m))
		}
	}
	for _, m := range all {
		list := outs[m.src]
		m.src.outs.Store(&list)
	}
}

// pickOf picks who is heard of a crowd. The caller holds mu.
func (s *stage) pickOf(all []*member, now time.Time) map[*source]bool {
	candidates := make([]candidate, len(all))
	for i, m := range all {
		loud, spoke := m.src.meter.now(now)
		candidates[i] = candidate{src: m.src, loud: loud, spoke: spoke, since: m.since}
	}
	heard := map[*source]bool{}
	for _, src := range pick(candidates, s.opt.Slots, now) {
		heard[src] = true
	}
	for _, m := range all {
		switch {
		case !heard[m.src]:
			m.since = time.Time{}
		case m.since.IsZero():
			m.since = now
		}
	}
	return heard
}

// seat gives a listener's slots to those who are heard. Who has a slot keeps it until somebody else needs it. It reports whether
// anything has changed.
func seat(listener *member, all []*member, heard map[*source]bool, now time.Time) (changed bool) {
	has, here := map[*source]bool{}, map[*source]bool{}
	for _, m := range all {
		here[m.src] = true
	}
	for _, slot := range listener.conn.slots {
		if slot.from != nil && !here[slot.from] {
			slot.give(nil)
			changed = true
		}
		has[slot.from] = true
	}
	for _, m := range all {
		if m == listener || !heard[m.src] || has[m.src] {
			continue
		}
		if slot := freeSlot(listener, heard, now); slot != nil {
			slot.give(m.src)
			changed = true
		}
	}
	return changed
}

// freeSlot is a slot that nobody has, or else that of who is not among the heard any more and has been silent for longest.
func freeSlot(m *member, heard map[*source]bool, now time.Time) (free *slot) {
	var quiet time.Time
	for _, slot := range m.conn.slots {
		if slot.from == nil {
			return slot
		}
		if heard[slot.from] {
			continue
		}
		if _, spoke := slot.from.meter.now(now); free == nil || spoke.Before(quiet) {
			free, quiet = slot, spoke
		}
	}
	return free
}

// slotsOf is whom a member hears. The caller holds mu.
func (s *stage) slotsOf(m *member) *wire.VoiceSlots {
	out := &wire.VoiceSlots{Call: m.call}
	for _, slot := range m.conn.slots {
		if slot.from != nil {
			out.Slots = append(out.Slots, wire.VoiceSlot{Mid: slot.mid, Client: slot.from.client})
		}
	}
	return out
}

// list is everybody in voice.
func (s *stage) list() *wire.VoicePeople {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &wire.VoicePeople{Engine: engineSFU}
	for _, m := range s.sorted() {
		out.People = append(out.People, wire.VoicePerson{
			Client: m.client, Person: m.person, Muted: m.src.muted.Load(), Silent: m.src.silent.Load(), Lost: m.lost,
		})
	}
	return out
}

func (s *stage) tellPeople() { s.tells(s.list()) }

// beat looks at everybody now and then: who speaks, and who has stopped.
func (s *stage) beat(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.crowded.Load() {
		s.assign(now)
	}
	var levels []wire.VoiceLevel
	all := s.sorted()
	for _, m := range all {
		if m.src.closed() {
			continue
		}
		if loud, _ := m.src.meter.now(now); step(loud) > 0 {
			levels = append(levels, wire.VoiceLevel{Client: m.client, Level: step(loud)})
		}
	}
	if slices.Equal(levels, s.levels) {
		return
	}
	s.levels, s.told = levels, now
	for _, m := range all {
		s.tell(seatKey{s.room, m.client}, &wire.VoiceLevels{People: levels})
	}
}

// empty reports whether nobody is here.
func (s *stage) empty() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.people)+len(s.tests) == 0
}

// close ends all calls.
func (s *stage) close(code, why string) {
	s.mu.Lock()
	var all []*member
	for _, m := range s.people {
		all = append(all, m)
	}
	for _, m := range s.tests {
		all = append(all, m)
	}
	s.mu.Unlock()
	for _, m := range all {
		s.end(m, code, why, true)
	}
}
