// Package metrics is what a server counts of itself, for Prometheus. Package main tells it what happens; docs/metrics.md explains
// every metric, and a test holds that page to what is here.
//
// Names of people, rooms and files are in no label, and every label has a bounded set of values.
package metrics

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

//go:generate go run ./gen -out ../../docs/metrics.md

const namespace = "codecollab"

// Metrics are those of one server.
type Metrics struct {
	registry *prometheus.Registry
	about    []About

	edits, refused        *prometheus.CounterVec
	stages                *prometheus.HistogramVec
	durable, echo, send   prometheus.Histogram
	retries               prometheus.Counter
	joins                 *prometheus.CounterVec
	checks, divergences   prometheus.Counter
	diverged              atomic.Bool
	received, sent        prometheus.Counter
	requests              *prometheus.CounterVec
	requestTime           *prometheus.HistogramVec
	requestIn, requestOut prometheus.Counter
	runs                  *prometheus.CounterVec
	runTime               *prometheus.HistogramVec
	runWait               prometheus.Histogram
	hints, hintCache      *prometheus.CounterVec
	hintTokens            *prometheus.CounterVec
	hintFirst, hintTime   prometheus.Histogram
	signIns               *prometheus.CounterVec
	commit                prometheus.Histogram
	storeErrors           *prometheus.CounterVec
}

// Buckets in seconds: what a person who types feels, what they wait for, and what runs for long.
var (
	quick = []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5}
	calm  = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}
	long  = []float64{.01, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 1800}
)

// New makes the metrics of a server. now is asked at each scrape.
func New(version, node string, protocol int, now func() Sample) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	m.makeEdits()
	m.makeRequests()
	m.makeRuns()
	m.makeHints()
	m.commit = m.histogram("database_commit_seconds", "How long an append to the log of a room takes until it is on the disk.", quick)
	m.storeErrors = m.counters("database_errors_total", "Calls of the log of rooms that failed, by operation. A lost race for an append is none.", "operation")
	m.signIns = m.counters("sign_ins_total", "Sign-ins and tries, by way and outcome (ok, or the code of what was wrong).", "way", "outcome")
	m.registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		newNow(version, node, protocol, now),
	)
	return m
}

// Register adds metrics that somebody else keeps.
func (m *Metrics) Register(c prometheus.Collector) { m.registry.MustRegister(c) }

// Handler answers a scrape.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 30 * time.Second})
}

// Gatherer is what the tests look into.
func (m *Metrics) Gatherer() prometheus.Gatherer { return m.registry }

func (m *Metrics) counters(name, help string, labels ...string) *prometheus.CounterVec {
	m.note("counter", name, help, labels)
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
	m.registry.MustRegister(c)
	return c
}

func (m *Metrics) counter(name, help string) prometheus.Counter {
	m.note("counter", name, help, nil)
	c := prometheus.NewCounter(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help})
	m.registry.MustRegister(c)
	return c
}

func (m *Metrics) histogram(name, help string, buckets []float64) prometheus.Histogram {
	m.note("histogram", name, help, nil)
	h := prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets})
	m.registry.MustRegister(h)
	return h
}

func (m *Metrics) histograms(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	m.note("histogram", name, help, labels)
	h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets}, labels)
	m.registry.MustRegister(h)
	return h
}

// About is what is known of a metric.
type About struct {
	Name, Type, Help string
	Labels           []string
}

func (m *Metrics) note(kind, name, help string, labels []string) {
	m.about = append(m.about, About{Name: namespace + "_" + name, Type: kind, Help: help, Labels: labels})
}

// All are all metrics of our own, by name.
func (m *Metrics) All() []About {
	all := slices.Clone(m.about)
	for _, d := range descriptions {
		all = append(all, About{Name: namespace + "_" + d.name, Type: kindOf(d.name), Help: d.help, Labels: d.labels})
	}
	for _, d := range voiceMetrics {
		all = append(all, About{Name: namespace + "_" + d.name, Type: kindOf(d.name), Help: d.help})
	}
	slices.SortFunc(all, func(a, b About) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// kindOf is the kind of a metric that is asked for at a scrape.
func kindOf(name string) string {
	if strings.HasSuffix(name, "_total") {
		return "counter"
	}
	return "gauge"
}

// Commit tells of an append to a log.
func (m *Metrics) Commit(took time.Duration) { m.commit.Observe(took.Seconds()) }

// StoreFailed tells of a call of the log that failed: "append", "read", "snapshot", "save" or "create".
func (m *Metrics) StoreFailed(operation string) { m.storeErrors.WithLabelValues(operation).Inc() }

// SignIn tells of somebody who came in or tried to.
func (m *Metrics) SignIn(way, outcome string) { m.signIns.WithLabelValues(way, outcome).Inc() }
