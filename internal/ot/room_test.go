package ot

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"codecollab.dev/internal/text"
)

// entry is one edit in the log of a simulated room.
type entry struct {
	client string
	seq    int
	edit   ChangeSet
}

// simRoom is the server: a log, and the fold of it.
type simRoom struct {
	log []entry
	doc text.Text
}

// send commits an edit that was made at version base, unless it is in the log already.
func (s *simRoom) send(e entry, base int) error {
	for _, logged := range s.log {
		if logged.client == e.client && logged.seq == e.seq {
			return nil // sent again after a lost answer
		}
	}
	for _, logged := range s.log[base:] {
		mapped, err := e.edit.Map(logged.edit, e.client < logged.client)
		if err != nil {
			return err
		}
		e.edit = mapped
	}
	doc, err := e.edit.Apply(s.doc)
	if err != nil {
		return err
	}
	s.log, s.doc = append(s.log, e), doc
	return nil
}

// simClient is the client's state machine: one batch in flight, one pending.
type simClient struct {
	id      string
	doc     text.Text
	version int

	flying   bool
	inFlight ChangeSet // mapped to version
	sent     ChangeSet // as it was sent, at base
	base     int
	seq      int
	pending  *ChangeSet
	from     int // the caret, for tests that type
}

// edit makes a local change.
func (c *simClient) edit(change ChangeSet) {
	c.doc = must(change.Apply(c.doc))
	if c.pending != nil {
		change = must(c.pending.Compose(change))
	}
	c.pending = &change
}

// send begins a new batch if there is none under way, and gives it to the room; it may be lost on the way there.
func (c *simClient) send(room *simRoom, lost bool) error {
	if !c.flying {
		if c.pending == nil {
			return nil
		}
		c.flying, c.inFlight, c.sent, c.base = true, *c.pending, *c.pending, c.version
		c.pending = nil
		c.seq++
	}
	if lost {
		return nil
	}
	return room.send(entry{c.id, c.seq, c.sent}, c.base)
}

// receive takes the next entry of the log.
func (c *simClient) receive(e entry) error {
	c.version++
	if e.client == c.id && c.flying && e.seq == c.seq {
		if got, want := jsonOf(e.edit), jsonOf(c.inFlight); got != want {
			return fmt.Errorf("%s: committed as %s, expected %s", c.id, got, want)
		}
		c.flying = false
		return nil
	}
	theirs, mineFirst := e.edit, c.id < e.client
	if c.flying {
		theirs, c.inFlight = must(theirs.Map(c.inFlight, !mineFirst)), must(c.inFlight.Map(theirs, mineFirst))
	}
	if c.pending != nil {
		mapped := must(c.pending.Map(theirs, mineFirst))
		theirs = must(theirs.Map(*c.pending, !mineFirst))
		c.pending = &mapped
	}
	doc, err := theirs.Apply(c.doc)
	if err != nil {
		return fmt.Errorf("%s: %w", c.id, err)
	}
	c.doc = doc
	c.from = theirs.MapPos(c.from, -1) // as CodeMirror moves a caret
	return nil
}

// step does one random thing: a client receives, sends or edits.
func step(r *rand.Rand, room *simRoom, c *simClient, edit func(*simClient)) error {
	switch r.IntN(4) {
	case 0, 1:
		for n := 1 + r.IntN(3); n > 0 && c.version < len(room.log); n-- {
			if err := c.receive(room.log[c.version]); err != nil {
				return err
			}
		}
	case 2:
		return c.send(room, r.IntN(4) == 0)
	default:
		edit(c)
	}
	return nil
}

// settle delivers everything.
func settle(room *simRoom, clients []*simClient) error {
	for range 2 * len(clients) {
		for _, c := range clients {
			if err := c.send(room, false); err != nil {
				return err
			}
			for c.version < len(room.log) {
				if err := c.receive(room.log[c.version]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func newRoom(r *rand.Rand, start string) (*simRoom, []*simClient) {
	room := &simRoom{doc: text.Of(start)}
	var clients []*simClient
	for i := range 2 + r.IntN(3) {
		clients = append(clients, &simClient{id: string(rune('a' + i)), doc: room.doc})
	}
	r.Shuffle(len(clients), func(i, j int) { clients[i], clients[j] = clients[j], clients[i] })
	return room, clients
}

func agree(t *testing.T, room *simRoom, clients []*simClient) {
	t.Helper()
	for _, c := range clients {
		if c.flying || c.pending != nil || c.version != len(room.log) {
			t.Errorf("client %s is not done", c.id)
		}
		if c.doc.String() != room.doc.String() || c.doc.Hash() != room.doc.Hash() {
			t.Errorf("client %s has %q, the server %q", c.id, c.doc, room.doc)
		}
	}
}

// Random edits by several clients, with lost and repeated messages.
//
// OT6, OT7, OT10
func TestRoomsConverge(t *testing.T) {
	property(t, func(t *testing.T, r *rand.Rand) {
		room, clients := newRoom(r, randomText(r, 12))
		for range 60 {
			c := clients[r.IntN(len(clients))]
			if err := step(r, room, c, func(c *simClient) { c.edit(change(r, c.doc)) }); err != nil {
				t.Fatal(err)
			}
		}
		if err := settle(room, clients); err != nil {
			t.Fatal(err)
		}
		agree(t, room, clients)
	})
}

// Several people type a word each at the same place at the same time, letter by letter: no word is torn.
//
// OT7
func TestWordsTypedAtOnePlaceStayWhole(t *testing.T) {
	property(t, func(t *testing.T, r *rand.Rand) {
		start := []string{"", "()", "ab"}[r.IntN(3)]
		room, clients := newRoom(r, start)
		left := map[string]string{}
		word := map[string]string{}
		for _, c := range clients {
			word[c.id] = strings.Repeat(strings.ToUpper(c.id), 3) + "-" + strings.Repeat(strings.ToUpper(c.id), 2)
			left[c.id] = word[c.id]
			c.from = len(start) / 2
		}
		typing := func(c *simClient) {
			if left[c.id] == "" {
				return
			}
			c.edit(Replace(c.doc.Len(), c.from, c.from, left[c.id][:1]))
			c.from++
			left[c.id] = left[c.id][1:]
		}
		for range 80 {
			if err := step(r, room, clients[r.IntN(len(clients))], typing); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range clients {
			for left[c.id] != "" {
				typing(c)
			}
		}
		if err := settle(room, clients); err != nil {
			t.Fatal(err)
		}
		agree(t, room, clients)
		for id, w := range word {
			if !strings.Contains(room.doc.String(), w) {
				t.Errorf("the word of %s was torn: %q", id, room.doc)
			}
		}
	})
}
