package soak

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"codecollab.dev/bench/crowd"
)

func TestOptions(t *testing.T) {
	for _, bad := range [][]string{{"x"}, {"--for", "1s"}, {"--users", "1"}, {"--rate", "0"}, {"--open-close", "-1"}} {
		if _, err := parseOptions(bad, &bytes.Buffer{}); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
	if o, err := parseOptions([]string{"--for", "1h", "--sqlite"}, &bytes.Buffer{}); err != nil || o.every != 15*time.Second || o.nodes != 1 {
		t.Errorf("%+v %v", o, err)
	}
}

// worked is an hour of which every value is of.
func worked(of func(i int) Node) *soak {
	s := &soak{options: &options{length: time.Hour, rooms: 2, users: 3}, began: time.Now()}
	for i := range 101 {
		n := of(i)
		n.Name = "node <1>"
		s.samples = append(s.samples, Sample{At: float64(i * 36), Nodes: []Node{n}, Disk: float64(i)})
	}
	s.result.Rest = s.samples[100]
	s.result.Events = 100_000
	s.judge()
	return s
}

func TestJudge(t *testing.T) {
	if err := worked(func(int) Node { return Node{Megabytes: 60, Goroutines: 100, Descriptors: 50} }).verdict(); err != nil {
		t.Error(err)
	}
	for what, of := range map[string]func(i int) Node{
		"memory":      func(i int) Node { return Node{Megabytes: 60 + float64(i), Goroutines: 100, Descriptors: 50} },
		"goroutines":  func(i int) Node { return Node{Megabytes: 60, Goroutines: 100 + i, Descriptors: 50} },
		"descriptors": func(i int) Node { return Node{Megabytes: 60, Goroutines: 100, Descriptors: 50 + i} },
	} {
		if err := worked(of).verdict(); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("growing %s: %v", what, err)
		}
	}
	lost := worked(func(int) Node { return Node{Megabytes: 60} })
	lost.result.Verdict = crowd.Verdict{Lost: 1}
	lost.result.Limits = nil
	lost.judge()
	if lost.verdict() == nil {
		t.Error("a loss passes")
	}
}

// The page is one file that asks for nothing else, and what it is given stays text.
func TestPage(t *testing.T) {
	s := worked(func(i int) Node { return Node{Megabytes: float64(i), Goroutines: 9, Descriptors: 9} })
	s.report = filepath.Join(t.TempDir(), "soak.html")
	if err := s.page(); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(s.report)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1:00 h with 2 rooms of 3 people", "Goroutines", `points="0.0,130.0 `, "node &lt;1&gt;", "Not all limits kept"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("it lacks %q", want)
		}
	}
	for _, never := range []string{"<script", "http://", "https://", "src=", "node <1>", "NaN"} {
		if strings.Contains(string(page), never) {
			t.Errorf("it has %q", never)
		}
	}
}
