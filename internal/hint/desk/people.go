package desk

import (
	"sync"
	"time"

	"codecollab.dev"
)

// people counts the questions of each person.
type people struct {
	most, minute int
	now          func() time.Time

	mu  sync.Mutex
	all map[string]*asker
}

type asker struct {
	open  int
	times []time.Time // of the questions of the last minute
}

func newPeople(most, minute int, now func() time.Time) *people {
	return &people{most: most, minute: minute, now: now, all: map[string]*asker{}}
}

// enter counts a question; the answer ends it.
func (p *people) enter(person string) (leave func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a := p.all[person]
	if a == nil {
		a = &asker{}
		p.all[person] = a
	}
	a.forget(p.now().Add(-time.Minute))
	switch {
	case a.open >= p.most:
		return nil, codecollab.Errorf(codecollab.Limit, "too_many_hints", "You have %d questions open, and may have no more. Wait for an answer, or cancel one.", a.open)
	case len(a.times) >= p.minute:
		return nil, codecollab.Errorf(codecollab.Limit, "too_many_hints", "You may ask %d times a minute. Try again in a moment.", p.minute)
	}
	a.open++
	a.times = append(a.times, p.now())
	return sync.OnceFunc(func() { p.leave(person) }), nil
}

func (p *people) leave(person string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all[person].open--
	if len(p.all) > 1000 { // now and then, those who have gone are forgotten
		for name, a := range p.all {
			if a.forget(p.now().Add(-time.Minute)); a.open == 0 && len(a.times) == 0 {
				delete(p.all, name)
			}
		}
	}
}

func (a *asker) forget(before time.Time) {
	for len(a.times) > 0 && a.times[0].Before(before) {
		a.times = a.times[1:]
	}
}
