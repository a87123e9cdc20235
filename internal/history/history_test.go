package history

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

func archive(t *testing.T, log Log, change ...func(*Options)) *Archive {
	opt := Options{BlockEvents: 64, PageEvents: 50, PageBytes: 1 << 20, Readers: 2, Log: slog.New(slog.NewTextHandler(t.Output(), nil))}
	for _, f := range change {
		f(&opt)
	}
	return New(log, opt)
}

func TestTheFoldIsTheNaiveModel(t *testing.T) {
	w := newWriter(seed(t))
	s := newState()
	for range 3000 {
		w.step()
		if err := s.apply(&w.events[len(w.events)-1]); err != nil {
			t.Fatal(err)
		}
		if s.Version%7 == 0 {
			w.compare(t, s)
		}
	}
	w.compare(t, s)
}

func TestAMarkIsTheState(t *testing.T) {
	w := newWriter(seed(t))
	s := newState()
	for range 600 {
		w.step()
		if err := s.apply(&w.events[len(w.events)-1]); err != nil {
			t.Fatal(err)
		}
		if s.Version%20 != 0 {
			continue
		}
		p, err := s.mark() // and goes on from it, as if it had been kept
		if err != nil {
			t.Fatal(err)
		}
		if s, err = stateOf(p); err != nil {
			t.Fatal(err)
		}
		w.compare(t, s)
	}
}

// Wherever marks lie, a version is what the model was then.
func TestEveryVersionFromTheMarksBeforeIt(t *testing.T) {
	w := newWriter(seed(t))
	for range 1000 {
		w.step()
	}
	log := newMemory(t, w.events)
	a := archive(t, log)
	if err := a.catchUp(t.Context(), "r", 700); err != nil { // in two goes, as a room grows
		t.Fatal(err)
	}
	if err := a.catchUp(t.Context(), "r", 1000); err != nil {
		t.Fatal(err)
	}
	if len(log.blocks) != 1000/64 || len(log.marks) < 3 {
		t.Fatalf("%d blocks and %d marks", len(log.blocks), len(log.marks))
	}
	naive := newState()
	for v := int64(1); v <= 1000; v++ {
		if err := naive.apply(&w.events[v-1]); err != nil {
			t.Fatal(err)
		}
		if v%13 != 0 && v%64 > 1 {
			continue
		}
		got, err := a.State(t.Context(), "r", v)
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, got, naive)
	}
}

func wantSame(t *testing.T, got, want *State) {
	t.Helper()
	a, err := got.mark()
	if err != nil {
		t.Fatal(err)
	}
	b, err := want.mark()
	if err != nil {
		t.Fatal(err)
	}
	if string(a.Data) != string(b.Data) {
		t.Fatalf("version %d is not what it was", want.Version)
	}
}

func TestBlameNamesTheWriter(t *testing.T) {
	w := newWriter(seed(t))
	for range 300 {
		w.step()
	}
	a := archive(t, newMemory(t, w.events))
	for _, want := range w.files {
		got, err := a.Blame(t.Context(), "r", 300, want.id)
		if err != nil {
			t.Fatal(err)
		}
		at := 0
		for i := 0; i < len(got.Spans); i += 2 {
			for range got.Spans[i] {
				if got.Stints[got.Spans[i+1]] != want.by[at] {
					t.Fatalf("unit %d of %s: %+v, want %+v", at, want.name, got.Stints[got.Spans[i+1]], want.by[at])
				}
				at++
			}
		}
	}
	_, err := a.Blame(t.Context(), "r", 300, "nofilenofile")
	if codecollab.CodeOf(err) != "no_file" {
		t.Errorf("an unknown file: %v", err)
	}
}

// The overview adds up to what the log holds, whether it comes from blocks or not, and is bounded.
func TestTheOverviewAddsUp(t *testing.T) {
	w := newWriter(seed(t))
	for range 2000 {
		w.step()
	}
	log := newMemory(t, w.events)
	whole := newSummary(0, 1)
	var before, ins int64
	for i := range w.events {
		whole.add(&w.events[i], 1, before)
		before = w.events[i].At
	}
	for _, c := range whole.Cells {
		for _, by := range c.By {
			ins += by[1]
		}
	}
	a := archive(t, log)
	if err := a.catchUp(t.Context(), "r", 2000); err != nil {
		t.Fatal(err)
	}
	for _, buckets := range []int{1, 7, 60, 2000} {
		o, err := a.Overview(t.Context(), "r", buckets)
		if err != nil {
			t.Fatal(err)
		}
		if o.Version != 2000 || o.Ready != 2000 || len(o.Buckets) > buckets || len(o.People) != len(people) {
			t.Errorf("%d buckets: version %d, ready %d, %d buckets, people %+v", buckets, o.Version, o.Ready, len(o.Buckets), o.People)
		}
		next, sum, runs := int64(1), int64(0), int64(0)
		for _, b := range o.Buckets {
			if b.From != next || b.To < b.From || b.Until < b.At {
				t.Fatalf("bucket %+v does not follow %d", b, next)
			}
			next = b.To + 1
			runs += b.Runs
			for _, by := range b.By {
				sum += by[1]
			}
		}
		if next != 2001 || sum != ins || runs != int64(len(w.runs)) || o.RunCount != runs || len(o.Gaps) != len(whole.Gaps) {
			t.Errorf("%d buckets end at %d, %d inserted (want %d), %d runs (want %d), %d gaps (want %d)",
				buckets, next, sum, ins, runs, len(w.runs), len(o.Gaps), len(whole.Gaps))
		}
	}
	if _, err := a.Overview(t.Context(), "r", 0); codecollab.CodeOf(err) != "bad_version" {
		t.Errorf("no bucket: %v", err)
	}
}

func TestTheOverviewKeepsTheRunsOutcome(t *testing.T) {
	code := 0
	events := []wire.Event{
		{Version: 1, At: 5, By: "p", Body: wire.Body{Payload: &wire.Run{File: "f"}}},
		{Version: 2, At: 9, Body: wire.Body{Payload: &wire.Finish{Run: 1, Outcome: "exited", Code: &code}}},
		{Version: 3, At: 12, By: "p", Body: wire.Body{Payload: &wire.Run{File: "f"}}},
	}
	o, err := archive(t, newMemory(t, events)).Overview(t.Context(), "r", 10)
	if err != nil || len(o.Runs) != 2 || o.Runs[0].Outcome != "exited" || o.Runs[0].Code == nil || o.Runs[1].Outcome != "" {
		t.Fatalf("%+v, %v", o, err)
	}
}

// What an answer costs does not grow with the history.
func TestAnAnswerReadsFewEvents(t *testing.T) {
	w := newWriter(seed(t))
	for range 6000 {
		w.step()
	}
	log := newMemory(t, w.events)
	a := archive(t, log)
	if err := a.catchUp(t.Context(), "r", 6000); err != nil {
		t.Fatal(err)
	}
	log.read = 0
	if _, err := a.Overview(t.Context(), "r", 100); err != nil {
		t.Fatal(err)
	}
	if log.read > 64 {
		t.Errorf("the overview read %d events", log.read)
	}
	for v := int64(100); v < 6000; v += 731 {
		log.read = 0
		if _, err := a.State(t.Context(), "r", v); err != nil {
			t.Fatal(err)
		}
		if log.read > 64*lag {
			t.Errorf("version %d read %d events", v, log.read)
		}
	}
}

// A long log without blocks (of an older server) is answered for in time: not yet, and then it is.
func TestALongLogIsLookedThroughOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWriter(seed(t))
		for range 3000 {
			w.step()
		}
		log := newMemory(t, w.events)
		a := archive(t, log)
		o, err := a.Overview(t.Context(), "r", 100)
		if err != nil || o.Ready != 0 || o.Version != 3000 {
			t.Fatalf("%+v, %v", o, err)
		}
		if _, err := a.State(t.Context(), "r", 2999); codecollab.CodeOf(err) != "history_pending" {
			t.Fatalf("state: %v", err)
		}
		if log.read > 64*lag {
			t.Errorf("%d events were read", log.read)
		}
		ctx, stop := context.WithCancel(t.Context())
		go a.Work(ctx)
		synctest.Wait()
		stop()
		if o, err = a.Overview(t.Context(), "r", 100); err != nil || o.Ready != 3000 {
			t.Fatalf("%+v, %v", o, err)
		}
		s, err := a.State(t.Context(), "r", 3000)
		if err != nil {
			t.Fatal(err)
		}
		w.compare(t, s)
	})
}

func TestWorkFollowsTheRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWriter(seed(t))
		for range 200 {
			w.step()
		}
		log := newMemory(t, w.events)
		a := archive(t, log)
		ctx, stop := context.WithCancel(t.Context())
		go a.Work(ctx)
		for v := int64(1); v <= 200; v++ {
			a.Note("r", v)
			time.Sleep(time.Millisecond) // of the test's own clock
		}
		synctest.Wait()
		stop()
		if len(log.blocks) != 3 {
			t.Errorf("%d blocks of 64 in 200 events", len(log.blocks))
		}
	})
}

func TestPagesOfEvents(t *testing.T) {
	w := newWriter(seed(t))
	for range 300 {
		w.step()
	}
	a := archive(t, newMemory(t, w.events))
	next, seen := int64(20), int64(20)
	for next != 0 {
		list, more, err := a.Events(t.Context(), "r", next, 290)
		if err != nil {
			t.Fatal(err)
		}
		for _, data := range list {
			var e wire.Event
			if err := json.Unmarshal(data, &e); err != nil || e.Version != seen {
				t.Fatalf("event %d: %v, want %d", e.Version, err, seen)
			}
			if strings.Contains(string(data), `"data":"out"`) {
				t.Errorf("event %d brings output along", e.Version)
			}
			seen++
		}
		next = more
	}
	if seen != 291 {
		t.Errorf("the last event was %d, want 290", seen-1)
	}
	small := archive(t, newMemory(t, w.events), func(o *Options) { o.PageBytes = 10 })
	if list, more, err := small.Events(t.Context(), "r", 1, 5); err != nil || len(list) != 1 || more != 2 {
		t.Errorf("a page of few bytes: %d events, next %d, %v", len(list), more, err)
	}
}

func TestWhatCannotBeAsked(t *testing.T) {
	w := newWriter(1)
	for range 10 {
		w.step()
	}
	a := archive(t, newMemory(t, w.events))
	for _, v := range []int64{0, -1, 11} {
		_, err := a.State(t.Context(), "r", v)
		if want := map[bool]string{true: "no_version", false: "bad_version"}[v > 10]; codecollab.CodeOf(err) != want {
			t.Errorf("version %d: %v, want %s", v, err, want)
		}
	}
	for _, r := range [][2]int64{{0, 3}, {5, 4}, {-2, -1}} {
		if _, _, err := a.Events(t.Context(), "r", r[0], r[1]); codecollab.CodeOf(err) != "bad_version" {
			t.Errorf("events %v: %v", r, err)
		}
	}
	if _, _, err := a.Events(t.Context(), "r", 5, 11); codecollab.CodeOf(err) != "no_version" {
		t.Errorf("events beyond the head: %v", err)
	}
}

func TestADamagedPartIsAnError(t *testing.T) {
	w := newWriter(1)
	for range 200 {
		w.step()
	}
	log := newMemory(t, w.events)
	a := archive(t, log)
	if err := a.catchUp(t.Context(), "r", 200); err != nil {
		t.Fatal(err)
	}
	for v, p := range log.marks {
		log.marks[v] = Part{Version: v, Data: p.Data[:len(p.Data)/2]}
	}
	if _, err := a.State(t.Context(), "r", 199); err == nil {
		t.Error("half of a mark was taken for a whole one")
	}
}
