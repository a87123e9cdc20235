package soak

import (
	_ "embed"
	"fmt"
	"html/template"
	"math"
	"os"
	"strings"
	"time"
)

//go:embed page.html
var pageHTML string

// chart is one drawing. Its lines are in the coordinates of the drawing.
type chart struct {
	Title, Unit string
	Lines       []line
	Marks       []tick // of values, from below
	Times       []tick
	Last        string
}

type line struct {
	Name   string
	Class  string
	Points string
}

type tick struct {
	At   float64
	Text string
}

const (
	width  = 420.0 // of the area of a drawing
	height = 130.0
)

// page writes the report, if one was asked for.
func (s *soak) page() (err error) {
	if s.report == "" {
		return nil
	}
	t, err := template.New("page").Parse(pageHTML)
	if err != nil {
		return err
	}
	f, err := os.Create(s.report)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	good := s.verdict() == nil
	return t.Execute(f, map[string]any{
		"Title": s.title(), "When": s.began.UTC().Format("2 January 2006, 15:04 UTC"), "Good": good, "Charts": s.charts(), "Limits": s.result.Limits,
		"Nodes": s.names(), "Result": s.result,
	})
}

func (s *soak) title() string {
	if s.open > 0 {
		return fmt.Sprintf("%d rooms opened and closed", s.open)
	}
	return fmt.Sprintf("%s with %d rooms of %d people", clock(s.length.Seconds()), s.rooms, s.users)
}

func (s *soak) names() (names []line) {
	for i, n := range s.samples[0].Nodes {
		names = append(names, line{Name: n.Name, Class: fmt.Sprintf("n%d", i%4)})
	}
	return names
}

func (s *soak) charts() (all []chart) {
	perNode := func(title, unit string, of func(Node) float64) {
		all = append(all, s.chart(title, unit, len(s.samples[0].Nodes), func(x Sample, i int) float64 { return of(x.Nodes[i]) }))
	}
	perNode("Memory", "MB", func(n Node) float64 { return n.Megabytes })
	if s.samples[0].Nodes[0].Heap > 0 {
		perNode("Heap of Go", "MB", func(n Node) float64 { return n.Heap })
	}
	if s.samples[0].Nodes[0].Goroutines > 0 {
		perNode("Goroutines", "", func(n Node) float64 { return float64(n.Goroutines) })
	}
	perNode("File descriptors", "", func(n Node) float64 { return float64(n.Descriptors) })
	perNode("Threads", "", func(n Node) float64 { return float64(n.Threads) })
	perNode("CPU time", "s", func(n Node) float64 { return n.CPU })
	all = append(all, s.chart("Disk", "MB", 1, func(x Sample, _ int) float64 { return x.Disk }))
	if s.open > 0 {
		return append(all, s.chart("Rooms opened and closed", "", 1, func(x Sample, _ int) float64 { return float64(x.Opened) }))
	}
	return append(all,
		s.chart("Batches acknowledged", "", 1, func(x Sample, _ int) float64 { return float64(x.Acknowledged) }),
		s.chart("Typed to seen, p99", "ms", 1, func(x Sample, _ int) float64 { return x.P99 }),
		s.chart("Connections lost", "", 1, func(x Sample, _ int) float64 { return float64(x.Outages) }),
	)
}

func (s *soak) chart(title, unit string, lines int, of func(Sample, int) float64) chart {
	c := chart{Title: title, Unit: unit}
	most := 0.0
	for _, x := range s.samples {
		for i := range lines {
			most = max(most, of(x, i))
		}
	}
	step := niceStep(most)
	top := step * math.Max(1, math.Ceil(most/step))
	end := s.samples[len(s.samples)-1].At
	for v := 0.0; v <= top*1.001; v += step {
		c.Marks = append(c.Marks, tick{height - v/top*height, short(v)})
	}
	for i := range 5 {
		at := float64(i) / 4
		c.Times = append(c.Times, tick{at * width, strings.TrimSuffix(strings.TrimSuffix(clock(at*end), " min"), " h")})
	}
	for i := range lines {
		var points strings.Builder
		for _, x := range s.samples {
			fmt.Fprintf(&points, "%.1f,%.1f ", x.At/end*width, height-of(x, i)/top*height)
		}
		c.Lines = append(c.Lines, line{Class: fmt.Sprintf("n%d", i%4), Points: strings.TrimSpace(points.String())})
		c.Last = strings.TrimPrefix(c.Last+" · "+short(of(s.samples[len(s.samples)-1], i)), " · ")
	}
	return c
}

// niceStep is a round distance of marks, so that there are three to five of them.
func niceStep(most float64) float64 {
	if most <= 0 {
		return 1
	}
	raw := most / 4
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, f := range []float64{1, 2, 2.5, 5, 10} {
		if f*power >= raw {
			return f * power
		}
	}
	return 10 * power
}

func short(v float64) string {
	switch {
	case v >= 10_000:
		return fmt.Sprintf("%.0fk", v/1000)
	case v >= 10 || v == math.Trunc(v):
		return fmt.Sprintf("%.0f", v)
	default:
		return fmt.Sprintf("%.1f", v)
	}
}

func clock(seconds float64) string {
	d := time.Duration(seconds) * time.Second
	if d >= time.Hour {
		return fmt.Sprintf("%d:%02d h", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%d:%02d min", int(d.Minutes()), int(d.Seconds())%60)
}
