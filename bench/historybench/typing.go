package historybench

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/wire"
)

// typing makes up the history of a room: people who write programs in turns, delete some of it, run them and go home.
type typing struct {
	r       *rand.Rand
	version int64
	at      int64
	files   []file
	who     int
	run     int64 // one that has not ended
}

type file struct {
	id     string
	length int
	caret  int
}

const (
	people   = 6
	fileMost = 40_000 // units; a file that is longer loses some
)

func newTyping() *typing {
	return &typing{r: rand.New(rand.NewPCG(1, 2)), at: 1_700_000_000_000}
}

// next makes at most n events.
func (t *typing) next(n int) []wire.Event {
	out := make([]wire.Event, 0, n)
	for len(out) < n {
		t.version++
		t.at += int64(60 + t.r.IntN(300))
		p, by := t.payload()
		out = append(out, wire.Event{Version: t.version, At: t.at, By: by, Body: wire.Body{Payload: p}})
	}
	return out
}

func (t *typing) payload() (wire.Payload, string) {
	switch v := t.version; {
	case v == 1:
		return &wire.Language{Language: "python"}, person(0)
	case v <= 1+people:
		i := int(v - 2)
		return &wire.Person{Person: person(i), Name: fmt.Sprintf("Person %d", i+1), Color: 2 * i}, ""
	case v <= 4+people:
		f := file{id: fmt.Sprintf("benchfile%d", v), length: 10, caret: 10}
		t.files = append(t.files, f)
		return &wire.Create{File: f.id, Name: fmt.Sprintf("part%d.py", len(t.files)), Text: "# a file\n\n"}, person(0)
	case t.run != 0:
		code := int(v) % 5 / 4
		run := t.run
		t.run = 0
		return &wire.Finish{Run: run, Stage: "run", Outcome: "exited", Code: &code, Wall: 40, Output: []wire.Chunk{{Stream: "stdout", Data: strings.Repeat("out\n", 50)}}}, ""
	case v%1500 == 0:
		t.run = v
		return &wire.Run{File: t.files[0].id, Language: "python"}, person(t.who)
	case v%4000 == 1:
		t.at += int64(t.r.IntN(20)) * 3_600_000
		fallthrough
	case v%97 == 0:
		t.who = t.r.IntN(people)
	}
	return t.edit(), person(t.who)
}

func person(i int) string { return fmt.Sprintf("pbench%d", i) }

// edit is a key or two at the caret, a jump of the caret now and then, and a piece that goes when the file has become long.
func (t *typing) edit() *wire.Edit {
	f := &t.files[(t.who+int(t.version/500))%len(t.files)]
	if t.r.IntN(40) == 0 {
		f.caret = t.r.IntN(f.length + 1)
	}
	var c ot.ChangeSet
	switch n := t.r.IntN(10); {
	case f.length > fileMost:
		from := t.r.IntN(f.length - 300)
		c, f.caret = ot.Replace(f.length, from, from+300, ""), from
	case n == 0 && f.caret > 0:
		c = ot.Replace(f.length, f.caret-1, f.caret, "")
		f.caret--
	default:
		s := []string{"e", "a", " ", "x1", "\n    ", "return ", "(n)", "t", "o"}[n%9]
		c = ot.Replace(f.length, f.caret, f.caret, s)
		f.caret += len(s)
	}
	f.length = c.NewLen()
	return &wire.Edit{Edits: []wire.FileEdit{{File: f.id, Changes: c}}}
}
