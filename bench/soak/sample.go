package soak

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"codecollab.dev/bench/crowd"
)

// Sample is one look.
type Sample struct {
	At           float64 `json:"at"` // seconds
	Nodes        []Node  `json:"nodes"`
	Disk         float64 `json:"disk_mb"`
	Acknowledged int64   `json:"acknowledged"`
	P99          float64 `json:"p99"` // ms, of the edits since the last look
	Outages      int     `json:"outages"`
	Opened       int64   `json:"opened"` // rooms, with --open-close
}

// Node is one node at that moment.
type Node struct {
	Name        string  `json:"name"`
	Megabytes   float64 `json:"rss_mb"`
	Heap        float64 `json:"heap_mb"` // 0: it does not tell
	Goroutines  int     `json:"goroutines"`
	Threads     int     `json:"threads"`
	Descriptors int     `json:"descriptors"`
	CPU         float64 `json:"cpu_seconds"`
}

func (s Sample) nodes() string {
	var parts []string
	for _, n := range s.Nodes {
		parts = append(parts, fmt.Sprintf("%s %.0f MB, %d goroutines, %d descriptors", n.Name, n.Megabytes, n.Goroutines, n.Descriptors))
	}
	return strings.Join(parts, "; ")
}

func (s *soak) sample() { s.samples = append(s.samples, s.look()) }

// moreGoroutines are the pools of connections that a node makes as it needs them.
const moreGoroutines = 40

func (s *soak) look() Sample {
	x := Sample{At: time.Since(s.began).Seconds(), Disk: float64(s.diskOf()) / 1e6}
	for _, n := range s.fleet.Nodes {
		u := n.Usage()
		x.Nodes = append(x.Nodes, Node{n.Name(), u.Megabytes, u.Heap, u.Goroutines, u.Threads, u.Descriptors, u.CPU.Seconds()})
	}
	if s.crowd != nil {
		x.Acknowledged = s.crowd.Counts().Acknowledged
		ages := s.crowd.Latencies()
		slices.Sort(ages)
		if len(ages) > 0 {
			x.P99 = float64(ages[len(ages)*99/100].Microseconds()) / 1000
		}
		x.Outages = len(s.crowd.Outages())
	}
	if s.opened != nil {
		x.Opened = s.opened()
	}
	return x
}

// Result is what `codecollab bench soak --json` prints.
type Result struct {
	crowd.Verdict

	Seconds float64  `json:"seconds"`
	Rest    Sample   `json:"rest"`   // when nobody is there any more
	Limits  []Limit  `json:"limits"` // what was judged
	Samples []Sample `json:"samples"`
}

// Limit is one thing that was judged.
type Limit struct {
	What string  `json:"what"`
	Is   float64 `json:"is"`
	Most float64 `json:"most"`
	Unit string  `json:"unit"`
}

func (l Limit) ok() bool { return l.Is <= l.Most }

// OK is for the page.
func (l Limit) OK() bool { return l.ok() }

// between is the middle value of something between two parts of the time.
func (s *soak) between(from, to float64, of func(Sample) float64) float64 {
	var list []float64
	end := s.samples[len(s.samples)-1].At
	if s.result.Rest.At > 0 {
		end = s.samples[len(s.samples)-2].At // the last is of the rest
	}
	for _, x := range s.samples {
		if x.At >= from*end && x.At <= to*end {
			list = append(list, of(x))
		}
	}
	if len(list) == 0 {
		return of(s.samples[len(s.samples)-1])
	}
	slices.Sort(list)
	return list[len(list)/2]
}

// judge compares the end with the time after the beginning, and the rest with both.
func (s *soak) judge() {
	s.result.Seconds, s.result.Samples = time.Since(s.began).Seconds(), s.samples
	add := func(what string, is, most float64, unit string) {
		s.result.Limits = append(s.result.Limits, Limit{what, is, most, unit})
	}
	for i, n := range s.samples[0].Nodes {
		rss := func(x Sample) float64 { return x.Nodes[i].Megabytes }
		routines := func(x Sample) float64 { return float64(x.Nodes[i].Goroutines) }
		files := func(x Sample) float64 { return float64(x.Nodes[i].Descriptors) }
		early := s.between(0.15, 0.35, rss)
		add(n.Name+": memory at the end", s.between(0.85, 1, rss), 1.25*early+30, "MB")
		add(n.Name+": memory when nobody is there", rss(s.result.Rest), 1.1*early+20, "MB")
		if n.Goroutines > 0 {
			add(n.Name+": goroutines at the end", s.between(0.85, 1, routines), 1.1*s.between(0.15, 0.35, routines)+20, "")
			add(n.Name+": goroutines when nobody is there", routines(s.result.Rest), float64(n.Goroutines)+moreGoroutines, "")
		}
		add(n.Name+": descriptors at the end", s.between(0.85, 1, files), 1.1*s.between(0.15, 0.35, files)+20, "")
		add(n.Name+": descriptors when nobody is there", files(s.result.Rest), float64(n.Descriptors)+60, "")
	}
	if s.result.Events > 0 {
		grown := s.samples[len(s.samples)-1].Disk - s.samples[0].Disk
		add("disk for each event of the logs, PostgreSQL's own log included", grown*1e6/float64(s.result.Events), 16e3, "bytes")
	}
	add("things that are wrong in the logs", float64(s.result.Wrong()), 0, "")
}

func (s *soak) verdict() error {
	var wrong []error
	for _, l := range s.result.Limits {
		if !l.ok() {
			wrong = append(wrong, fmt.Errorf("%s: %.0f %s, and %.0f is the most", l.What, l.Is, l.Unit, l.Most))
		}
	}
	for _, f := range s.result.Found {
		wrong = append(wrong, errors.New(f))
	}
	return errors.Join(wrong...)
}

func (s *soak) write(w io.Writer) error {
	if s.json {
		e := json.NewEncoder(w)
		e.SetIndent("", " ")
		return e.Encode(s.result)
	}
	last := s.result.Rest
	_, err := fmt.Fprintf(w, "%.0f s: %d batches acknowledged, %d events, %d runs ended, %d rooms opened and closed, disk %.0f MB\n",
		s.result.Seconds, last.Acknowledged, s.result.Events, s.result.Finished, last.Opened, last.Disk)
	for _, l := range s.result.Limits {
		mark := "ok "
		if !l.ok() {
			mark = "BAD"
		}
		_, e := fmt.Fprintf(w, "%s  %-70s %8.0f of %8.0f %s\n", mark, l.What, l.Is, l.Most, l.Unit)
		err = errors.Join(err, e)
	}
	return err
}
