package crowd

import (
	"slices"
	"testing"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/ot"
	"codecollab.dev/internal/wire"
)

// logOf is a log of a file, two edits, and a run that ends.
func logOf() []*wire.Event {
	body := func(p wire.Payload) wire.Body { return wire.Body{Payload: p} }
	edit := func(length int, s string) wire.Body {
		return body(&wire.Edit{Edits: []wire.FileEdit{{File: "file0000", Changes: ot.Replace(length, length, length, s)}}})
	}
	return []*wire.Event{
		{Version: 1, Body: body(&wire.Create{File: "file0000", Name: "main.sh", Text: "a"})},
		{Version: 2, Client: "annannann", Seq: 1, Body: edit(1, "b")},
		{Version: 3, Client: "annannann", Seq: 2, Body: edit(2, "c")},
		{Version: 4, Client: "annannann", Seq: 3, Body: body(&wire.Run{File: "file0000", Language: "bash"})},
		{Version: 5, Body: body(&wire.Finish{Run: 4, Outcome: "exited"})},
	}
}

// told is a room whose one person was told of all events of a log.
func told(log []*wire.Event) *Room {
	r := &Room{address: "room", crowd: &Crowd{}, seen: map[codecollab.Version]uint64{}, typed: map[batch]time.Time{}}
	p := &Person{id: "annannann", room: r, acked: map[int64]ack{}}
	r.people = []*Person{p}
	for _, ev := range log {
		r.heard(p.id, ev)
		if ev.Client == p.id {
			p.confirmed(ev)
		}
	}
	return r
}

func judged(r *Room, log []*wire.Event) *Verdict {
	v := &Verdict{Outcomes: map[string]int64{}}
	r.fold(log, v)
	r.judgeLog(log, v)
	return v
}

func TestJudge(t *testing.T) {
	if v := judged(told(logOf()), logOf()); v.Wrong() != 0 || v.Events != 5 || v.Finished != 1 {
		t.Fatalf("%+v", v)
	}
	tests := []struct {
		name string
		log  func(log []*wire.Event) []*wire.Event
		want func(v *Verdict) bool
	}{
		{"an acknowledged edit is not there", func(log []*wire.Event) []*wire.Event { log[2].Client = "benbenben"; return log }, func(v *Verdict) bool { return v.Lost == 1 && v.Conflicts == 1 }},
		{"the end is not there", func(log []*wire.Event) []*wire.Event { return log[:2] }, func(v *Verdict) bool { return v.Lost >= 2 }},
		{"a version is left out", func(log []*wire.Event) []*wire.Event { return slices.Delete(log, 1, 2) }, func(v *Verdict) bool { return v.Gaps == 1 && v.Lost > 0 }},
		{"a batch is there twice", func(log []*wire.Event) []*wire.Event {
			again := *log[1]
			again.Version = 6
			return append(log, &again)
		}, func(v *Verdict) bool { return v.Doubled == 1 && v.Lost == 1 }},
		{"an edit is another", func(log []*wire.Event) []*wire.Event {
			log[2].Body.Payload.(*wire.Edit).Edits[0].Changes = ot.Replace(2, 0, 0, "c")
			return log
		}, func(v *Verdict) bool { return v.Lost == 1 && v.Conflicts == 1 }},
		{"an edit does not fit", func(log []*wire.Event) []*wire.Event {
			log[2].Body.Payload.(*wire.Edit).Edits[0].Changes = ot.Replace(7, 0, 0, "c")
			return log
		}, func(v *Verdict) bool { return v.Diverged == 1 }},
		{"a run has no end", func(log []*wire.Event) []*wire.Event { return log[:4] }, func(v *Verdict) bool { return v.Unfinished == 1 }},
		{"a run failed and nobody knows why", func(log []*wire.Event) []*wire.Event {
			log[4].Body.Payload.(*wire.Finish).Outcome = "failed"
			return log
		}, func(v *Verdict) bool { return v.Unsaid == 1 }},
	}
	for _, test := range tests {
		if v := judged(told(logOf()), test.log(logOf())); !test.want(v) {
			t.Errorf("%s: %+v", test.name, v)
		}
	}
}

// Two who are told different things of one version are a conflict, whoever is right.
func TestToldDifferently(t *testing.T) {
	r := told(logOf())
	other := logOf()[1]
	other.At = 1
	r.heard("benbenben", other)
	if v := judged(r, logOf()); v.Conflicts == 0 {
		t.Errorf("%+v", v)
	}
}
