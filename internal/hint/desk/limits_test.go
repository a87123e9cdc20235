package desk_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"codecollab.dev"
	"codecollab.dev/internal/hint"
	"codecollab.dev/internal/hint/desk"
)

func TestLimitsOfADay(t *testing.T) {
	for _, c := range []struct {
		note  string
		day   desk.DayLimits
		other desk.Question // who still may, or may not either
		may   bool
	}{
		{"limit_person", desk.DayLimits{Person: 1200, Room: 1e6, Server: 1e6}, question("ben"), true},
		{"limit_room", desk.DayLimits{Person: 1e6, Room: 1200, Server: 1e6}, question("ben"), false},
		{"limit_server", desk.DayLimits{Person: 1e6, Room: 1e6, Server: 1200}, question("ben"), false},
	} {
		t.Run(c.note, func(t *testing.T) {
			h := newHouse(t, func(o *desk.Options) { o.Day = c.day })
			different := func(q desk.Question, n int) desk.Question {
				q.Ask.Files = []hint.File{{Name: "main.py", Text: fmt.Sprintf("%s# %d\n", program, n)}}
				return q
			}
			if a, _ := h.ask(different(question("ann"), 1)); a.Source != "model" {
				t.Fatalf("%+v", a)
			}
			if a, _ := h.ask(different(question("ann"), 2)); a.Source != hint.SourceGrounded || !hasNote(a, c.note) {
				t.Errorf("%+v", a)
			}
			if a, _ := h.ask(different(c.other, 3)); (a.Source == "model") != c.may {
				t.Errorf("the other one: %+v", a)
			}
			if a, _ := h.ask(different(question("ann"), 1)); !a.Cached {
				t.Errorf("what is cached costs nothing: %+v", a)
			}
		})
	}
}

// Who waits for the answer of somebody who may not ask asks by themselves.
func TestALimitOfOneStopsNoOther(t *testing.T) {
	h := newHouse(t, func(o *desk.Options) { o.Day.Person = 1200 })
	h.ask(question("ann"))
	var all sync.WaitGroup
	for i := range 10 {
		all.Go(func() {
			q := question([]string{"ann", "ben"}[i%2] + fmt.Sprint(i/2*(i%2)))
			if i%2 == 0 {
				q.Person = "ann"
			}
			q.Ask.Files = []hint.File{{Name: "main.py", Text: program + "# new\n"}}
			a, err := h.Ask(t.Context(), q, func(desk.Piece) {})
			if err != nil && codecollab.CodeOf(err) != "too_many_hints" || err == nil && q.Person != "ann" && a.Source != "model" {
				t.Errorf("%s: %+v, %v", q.Person, a, err)
			}
		})
	}
	all.Wait()
}

func TestWhatWasSpentOutlivesTheProcess(t *testing.T) {
	h := newHouse(t)
	h.ask(question("ann"))
	again := newHouse(t, func(o *desk.Options) { o.Store = h.store; o.Day.Person = 1200 })
	if a, _ := again.ask(question("ann")); !hasNote(a, "limit_person") {
		t.Errorf("%+v", a)
	}
}

func TestQuestionsOfOnePerson(t *testing.T) {
	h := newHouse(t, func(o *desk.Options) { o.PersonMost = 1; o.PersonMinute = 3 })
	open := make(chan struct{})
	answer := h.answer
	h.say(func(w http.ResponseWriter, r *http.Request) { <-open; answer(w, r) })
	first := make(chan error)
	go func() { _, err := h.Ask(t.Context(), question("ann"), func(desk.Piece) {}); first <- err }()
	until(t, "the first is asked", func() bool { return h.calls.Load() == 1 })
	if _, err := h.Ask(t.Context(), question("ann"), func(desk.Piece) {}); codecollab.CodeOf(err) != "too_many_hints" {
		t.Error(err)
	}
	close(open)
	if err := <-first; err != nil {
		t.Error(err)
	}
	h.ask(question("ann"))
	h.ask(question("ann"))
	if _, err := h.Ask(t.Context(), question("ann"), func(desk.Piece) {}); codecollab.CodeOf(err) != "too_many_hints" {
		t.Error(err)
	}
	h.ask(question("ben"))
}
