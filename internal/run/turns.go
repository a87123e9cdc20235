package run

import (
	"context"
	"slices"
)

// A worker that has taken a job waits for a turn. There are as many turns as programs may compute at a time; a program that
// waits for input gives its own to another one meanwhile, so that prompts which nobody answers hold nobody up.

// turn waits until a job may begin. false: it may not any more, since the service is closing or ctx has ended; a sweep finds it.
func (s *Service) turn(ctx context.Context, j Job) bool {
	s.mu.Lock()
	st := s.jobs[j]
	if st == nil || st.stopped != "" {
		s.mu.Unlock()
		return true // what was stopped needs none
	}
	may := make(chan struct{})
	st.may = may
	s.ready = append(s.ready, j)
	s.grant()
	s.mu.Unlock()
	select {
	case <-may:
		return true
	case <-ctx.Done():
	case <-s.ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ready = slices.DeleteFunc(s.ready, func(r Job) bool { return r == j })
	s.giveTurn(st)
	return false
}

// grant gives the turns that are free to those who wait, in the order of the line. The caller holds mu.
func (s *Service) grant() {
	for s.busy < s.opt.Workers && len(s.ready) > 0 {
		first := 0
		for i := range s.ready {
			if s.line.before(s.ready[i], s.ready[first]) {
				first = i
			}
		}
		st := s.jobs[s.ready[first]]
		s.ready = slices.Delete(s.ready, first, first+1)
		if st != nil && st.may != nil {
			close(st.may)
			st.may, st.turn = nil, true
			s.busy++
		}
	}
}

// Crowded reports whether a program that people wait for could not begin at once.
func (s *Service) Crowded() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.busy >= s.opt.Workers || len(s.ready) > 0
}

// giveTurn takes the turn of a job back, if it has one. The caller holds mu.
func (s *Service) giveTurn(st *state) {
	st.may = nil
	if st.turn {
		st.turn = false
		s.busy--
		s.grant()
	}
}

// idle says whether a program waits for input. One that goes on has a turn again at once, even if it is one too many.
func (s *Service) idle(j Job, waits bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.jobs[j]
	switch {
	case st == nil || st.cancel == nil:
	case waits:
		s.giveTurn(st)
	case !st.turn:
		st.turn = true
		s.busy++
	}
}
