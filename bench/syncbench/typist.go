package syncbench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"codecollab.dev/bench/arrival"
	"codecollab.dev/bench/syncclient"
	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/text"
	"codecollab.dev/internal/wire"
)

// typist is one person of the load. All fields below client belong to whoever holds the client's lock.
type typist struct {
	num       int
	id        string // of the client
	room      *roomLoad
	client    *syncclient.Client
	author    *author
	random    *rand.Rand
	keystroke bool

	file     string
	caret    int
	counter  int         // tokens begun
	word     []rune      // what is left to type of the token, in keystroke mode
	edits    []time.Time // typed since the last batch was made
	tokens   []string    // completed since
	flying   []string    // completed in the batch in flight
	inFlight []time.Time
	acked    []string
	typed    int64
	ackEdits int64
	clock    arrival.Clock
	age      ages      // of other people's edits
	ack      histogram // of own edits when confirmed
}

// hooks ties the typist to its client.
func (t *typist) hooks(reg *registry, receivers int) syncclient.Hooks {
	return syncclient.Hooks{
		Changed: func(file string, c ot.ChangeSet) { t.caret = c.MapPos(t.caret, -1) },
		Flushed: func(seq int64, _ wire.Payload) {
			t.author.flushed(seq, t.edits, receivers)
			t.flying, t.inFlight = t.tokens, t.edits
			t.tokens, t.edits = nil, nil
		},
		Confirmed: func(*wire.Event) {
			now := time.Now()
			for _, at := range t.inFlight {
				t.ack.record(now.Sub(at))
			}
			t.ackEdits += int64(len(t.inFlight))
			t.acked = append(t.acked, t.flying...)
			t.flying, t.inFlight = nil, nil
		},
		Refused: func(r syncclient.Refusal) {
			t.author.refused(r.Seq)
			t.room.refused(r)
			t.flying, t.inFlight = nil, nil
		},
		Event: func(ev *wire.Event) {
			if ev.Client != t.id {
				reg.seen(ev, t.clock.Last(), time.Now(), &t.age)
			}
		},
	}
}

// run types until ctx ends, rate edits a second with a pause of half to one and a half of the mean between them.
func (t *typist) run(ctx context.Context, rate float64) error {
	mean := time.Duration(float64(time.Second) / rate)
	timer := time.NewTimer(rand.N(mean))
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
		if err := t.client.Edit(t.file, t.edit); err != nil {
			return err
		}
		timer.Reset(mean/2 + rand.N(mean))
	}
}

// edit is one edit as a person makes it: mostly an insertion where the caret is, now and then a deletion, and now and
// then the caret goes elsewhere first.
func (t *typist) edit(doc text.Text) ot.ChangeSet {
	t.edits = append(t.edits, time.Now())
	t.typed++
	if len(t.word) > 0 {
		return t.insert(doc, t.nextRune())
	}
	if t.random.IntN(12) == 0 {
		t.caret = outside(doc, t.random.IntN(doc.Len()+1))
	}
	// Somebody else may have typed a token around the place meanwhile.
	t.caret = outside(doc, min(t.caret, doc.Len()))
	switch n := t.random.IntN(100); {
	case n < 12:
		if from := t.erasable(doc); from < t.caret {
			to := t.caret
			t.caret = from
			return ot.Replace(doc.Len(), from, to, "")
		}
	case n < 30:
		return t.insert(doc, fillers()[t.random.IntN(len(fillers()))])
	}
	t.counter++
	token := fmt.Sprintf("«c%d:%d»", t.num, t.counter)
	if t.keystroke {
		t.word = []rune(token)
		return t.insert(doc, t.nextRune())
	}
	t.tokens = append(t.tokens, token)
	return t.insert(doc, token)
}

func (t *typist) nextRune() string {
	r := string(t.word[0])
	t.word = t.word[1:]
	if len(t.word) == 0 {
		t.tokens = append(t.tokens, fmt.Sprintf("«c%d:%d»", t.num, t.counter))
	}
	return r
}

func (t *typist) insert(doc text.Text, s string) ot.ChangeSet {
	at := min(t.caret, doc.Len())
	t.caret = at + text.Units(s)
	return ot.Replace(doc.Len(), at, at, s)
}

// fillers are texts that nobody misses: they may be deleted again.
func fillers() []string { return []string{"x", " ", "\n", "ab", "\tif ", "é", "= 1\n", "()"} }

// reach is how far around a place a token may extend, in UTF-16 units.
const reach = 24

// outside returns pos, or the start of the token or of the character that pos lies in. Tokens that two people are only
// beginning may stand side by side, so what is before a token is looked at again.
func outside(doc text.Text, pos int) int {
	if doc.Splits(pos) {
		pos--
	}
	for {
		from := max(0, pos-reach)
		before := doc.Slice(from, pos)
		open := strings.LastIndex(before, "«")
		if open <= strings.LastIndex(before, "»") {
			return pos
		}
		pos = from + text.Units(before[:open])
	}
}

// erasable returns where the up to three units before the caret begin that belong to no token; the caret, when there
// are none.
func (t *typist) erasable(doc text.Text) int {
	from := max(0, t.caret-1-t.random.IntN(3))
	before := doc.Slice(from, t.caret)
	if i := strings.LastIndex(before, "»"); i >= 0 {
		return t.caret - text.Units(before[i+len("»"):])
	}
	if doc.Splits(from) {
		from++
	}
	return from
}
