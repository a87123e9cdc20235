package run

import (
	"context"
	"time"

	"codecollab.dev/internal/trace"
	"codecollab.dev/internal/wire"
)

// watched is a run on its way, for those who count and trace.
type watched struct {
	service *Service
	job     Job
	span    *trace.Span
	since   time.Time // when it was asked for
	began   time.Time
	failed  string
}

// watch begins to watch a run whose turn has come.
func (s *Service) watch(j Job) *watched {
	w := &watched{service: s, job: j, began: time.Now(), failed: "no_result"}
	s.mu.Lock()
	if st := s.jobs[j]; st != nil {
		w.since = st.since
	}
	s.mu.Unlock()
	if s.opt.Trace != nil {
		w.span = s.opt.Trace.Begin("run", trace.From{At: w.since, Of: TraceOf(j.Room, j.Run)})
		w.span.Note("run.queue", w.since, w.began)
	}
	return w
}

// known notes a run's language.
func (s *Service) known(j Job, language string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.jobs[j]; st != nil {
		st.language = language
	}
}

func (w *watched) language() string {
	w.service.mu.Lock()
	defer w.service.mu.Unlock()
	if st := w.service.jobs[w.job]; st != nil {
		return st.language
	}
	return ""
}

// stored tells that there is a result.
func (w *watched) stored(from time.Time, f wire.Finish, err error) {
	now := time.Now()
	w.span.Note("run.result", from, now)
	if err != nil {
		return
	}
	e := Ended{Language: w.language(), Outcome: f.Outcome, Waited: w.began.Sub(w.since), Took: now.Sub(w.began)}
	w.span.Set("codecollab.run.language", e.Language)
	w.span.Set("codecollab.run.outcome", e.Outcome)
	if w.failed = ""; f.Outcome == "failed" { // not the program: we have
		w.failed = "failed"
	}
	if w.service.opt.Ended != nil {
		w.service.opt.Ended(e)
	}
}

// over ends the watching.
func (w *watched) over() { w.span.End(w.failed) }

// stages are the spans of what a runner says that it does.
type stages struct{ whole, now *trace.Span }

func newStages(ctx context.Context, attempt int) (context.Context, *stages) {
	ctx, span := trace.Start(ctx, "run.execute")
	span.Set("codecollab.run.attempt", attempt)
	return ctx, &stages{whole: span}
}

func (s *stages) hear(state string) {
	if state == "" || s.whole == nil {
		return
	}
	s.now.End("")
	s.now = s.whole.Child("runner."+state, time.Now())
}

func (s *stages) end(err error) {
	s.now.End("")
	if err != nil {
		s.whole.End("runner_failed")
		return
	}
	s.whole.End("")
}
