package metrics

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
)

// Sample is how a server is at this moment.
type Sample struct {
	Rooms, ReadOnly, Connections, People int
	RunsWaiting, RunsRunning             int
	Runners                              []Runner
	Models                               []Model
	Pool                                 map[string]Pool // of databases, by name; those of a file have none
	Bus                                  Bus
	DatabaseUp                           bool
	DiskFree, DiskTotal                  uint64 // bytes; a total of 0 is not known
	Nodes                                int
	Problems                             []Problem
}

// Runner is one that programs are given to.
type Runner struct {
	Name                          string
	Up                            bool
	Programs, Capacity, Languages int
}

// Model is one that hints may ask.
type Model struct {
	Name string
	Up   bool
}

// Pool are the connections to a database.
type Pool struct {
	Open, InUse, Most int
}

// Bus is how nodes tell each other what happens.
type Bus struct {
	Kind string // "memory" or "redis"
	Up   bool
}

// Problem is something that whoever looks after the server should know.
type Problem struct{ Code, Severity string }

// now collects what is asked at each scrape.
type now struct {
	sample func() Sample
	info   prometheus.Metric
	about  map[string]*prometheus.Desc
}

// descriptions are the metrics of a Sample: name, help, labels.
var descriptions = []struct {
	name, help string
	labels     []string
}{
	{"rooms_loaded", "Rooms in memory.", nil},
	{"rooms_readonly", "Rooms in memory that could not be written to at the last try.", nil},
	{"connections", "Connections to rooms on this node.", nil},
	{"people", "Different people who are connected to this node.", nil},
	{"runs_waiting", "Runs that wait on this node.", nil},
	{"runs_running", "Runs that go on from this node.", nil},
	{"runner_up", "Whether a runner answers.", []string{"runner"}},
	{"runner_programs", "Programs that a runner has: those of this node, and what it says that it has beside them.", []string{"runner"}},
	{"runner_capacity", "Programs that a runner takes at a time, as it says; 0: it does not say.", []string{"runner"}},
	{"runner_languages", "Languages that a runner has.", []string{"runner"}},
	{"hint_provider_up", "Whether a model is asked; 0: it has failed and is left alone for now.", []string{"provider"}},
	{"database_up", "Whether the database answers.", nil},
	{"disk_free_bytes", "What is free on the disk of the data folder.", nil},
	{"disk_size_bytes", "How large that disk is.", nil},
	{"nodes", "Nodes of this installation that are alive, as this one knows.", nil},
	{"database_connections", "Connections of the pool of a database, by state: open, in_use, most (the limit; 0: none).", []string{"database", "state"}},
	{"bus_up", "Whether nodes can tell each other at once what happens. Of kind memory there is one node.", []string{"kind"}},
	{"build_info", "Always 1; its labels say which build and node this is.", []string{"version", "node", "protocol"}},
	{"problem", "1 for everything that whoever looks after this server should know; see the administrators' page for the words.", []string{"code", "severity"}},
}

func newNow(version, node string, protocol int, sample func() Sample) *now {
	n := &now{sample: sample, about: map[string]*prometheus.Desc{}}
	for _, d := range descriptions {
		n.about[d.name] = prometheus.NewDesc(namespace+"_"+d.name, d.help, d.labels, nil)
	}
	n.info = prometheus.MustNewConstMetric(n.about["build_info"], prometheus.GaugeValue, 1, version, node, strconv.Itoa(protocol))
	return n
}

// Describe implements prometheus.Collector.
func (n *now) Describe(to chan<- *prometheus.Desc) {
	for _, d := range n.about {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (n *now) Collect(to chan<- prometheus.Metric) {
	to <- n.info
	gauge := func(name string, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(n.about[name], prometheus.GaugeValue, v, labels...)
	}
	s := n.sample()
	gauge("rooms_loaded", float64(s.Rooms))
	gauge("rooms_readonly", float64(s.ReadOnly))
	gauge("connections", float64(s.Connections))
	gauge("people", float64(s.People))
	gauge("runs_waiting", float64(s.RunsWaiting))
	gauge("runs_running", float64(s.RunsRunning))
	gauge("database_up", truth(s.DatabaseUp))
	gauge("nodes", float64(s.Nodes))
	if s.DiskTotal > 0 {
		gauge("disk_free_bytes", float64(s.DiskFree))
		gauge("disk_size_bytes", float64(s.DiskTotal))
	}
	for _, r := range s.Runners {
		gauge("runner_up", truth(r.Up), r.Name)
		gauge("runner_programs", float64(r.Programs), r.Name)
		gauge("runner_capacity", float64(r.Capacity), r.Name)
		gauge("runner_languages", float64(r.Languages), r.Name)
	}
	for _, m := range s.Models {
		gauge("hint_provider_up", truth(m.Up), m.Name)
	}
	for name, p := range s.Pool {
		gauge("database_connections", float64(p.Open), name, "open")
		gauge("database_connections", float64(p.InUse), name, "in_use")
		gauge("database_connections", float64(p.Most), name, "most")
	}
	if s.Bus.Kind != "" {
		gauge("bus_up", truth(s.Bus.Up), s.Bus.Kind)
	}
	seen := map[Problem]bool{}
	for _, p := range s.Problems {
		if !seen[p] {
			seen[p] = true
			gauge("problem", 1, p.Code, p.Severity)
		}
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
