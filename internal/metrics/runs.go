package metrics

import "time"

func (m *Metrics) makeRuns() {
	m.runs = m.counters("runs_total", "Runs that have a result, by language and outcome (exited, signalled, timeout … as in docs/protocol.md; failed: we have).", "language", "outcome")
	m.runTime = m.histograms("run_seconds", "From a run's turn until its result is in the log, by language.", long, "language")
	m.runWait = m.histogram("run_wait_seconds", "From a request to run until its turn.", long)
}

// RunEnded tells of a run that has a result. language is of a bounded set.
func (m *Metrics) RunEnded(language, outcome string, waited, took time.Duration) {
	m.runs.WithLabelValues(language, outcome).Inc()
	m.runTime.WithLabelValues(language).Observe(took.Seconds())
	m.runWait.Observe(waited.Seconds())
}

func (m *Metrics) makeHints() {
	m.hints = m.counters("hints_total", "Questions for hints, by source (model, grounded: facts alone) and outcome (answered, nothing, withheld, cancelled, failed).", "source", "outcome")
	m.hintCache = m.counters("hint_cache_total", "Answers of models by where they came from: hit (the cache, or somebody else's question) or miss (the model was asked).", "result")
	m.hintTokens = m.counters("hint_tokens_total", "Tokens that models were sent (in) and answered with (out).", "direction")
	m.hintFirst = m.histogram("hint_first_seconds", "From a question to a model until its first word was shown.", long)
	m.hintTime = m.histogram("hint_seconds", "From a question to the whole answer.", long)
}

// Hint is a question that was answered or failed.
type Hint struct {
	Source, Outcome     string
	Cached              bool
	First, Whole        time.Duration
	TokensIn, TokensOut int
}

// Hinted tells of a question for a hint.
func (m *Metrics) Hinted(h Hint) {
	if h.Source == "" {
		h.Source = "none"
	}
	m.hints.WithLabelValues(h.Source, h.Outcome).Inc()
	m.hintTime.Observe(h.Whole.Seconds())
	if h.Source != "model" {
		return
	}
	if h.Cached {
		m.hintCache.WithLabelValues("hit").Inc()
		return
	}
	m.hintCache.WithLabelValues("miss").Inc()
	m.hintFirst.Observe(h.First.Seconds())
	m.hintTokens.WithLabelValues("in").Add(float64(h.TokensIn))
	m.hintTokens.WithLabelValues("out").Add(float64(h.TokensOut))
}
