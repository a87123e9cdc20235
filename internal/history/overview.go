package history

import (
	"cmp"
	"slices"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// Overview is a whole history at a glance. Its size is bounded, however long the history is.
type Overview struct {
	Version codecollab.Version `json:"version"` // the last one
	// Ready is how far the overview reaches. It is less than Version while a long history is looked through for the first time.
	Ready   codecollab.Version `json:"ready"`
	Began   int64              `json:"began"` // when the first event was, ms since the Unix epoch
	Ended   int64              `json:"ended"` // when the last one was
	People  []Person           `json:"people"`
	Buckets []Bucket           `json:"buckets"`
	Gaps    []Gap              `json:"gaps"` // the longest ones
	Runs    []Run              `json:"runs"` // the newest ones
	// RunCount is how many runs there were in all.
	RunCount int64 `json:"runCount"`
}

// Person is somebody who has written in the room. The last one may stand for all who wrote least; its Person is empty then.
type Person struct {
	Person   string `json:"person"`
	Name     string `json:"name"`
	Color    int    `json:"color"`
	Inserted int64  `json:"inserted"` // UTF-16 units
	Deleted  int64  `json:"deleted"`
}

// Bucket is a stretch of the history.
type Bucket struct {
	From  codecollab.Version `json:"from"`
	To    codecollab.Version `json:"to"`
	At    int64              `json:"at"`    // when its first event was
	Until int64              `json:"until"` // when its last one was
	By    [][3]int64         `json:"by"`    // index into People, units inserted, units deleted
	Runs  int64              `json:"runs"`
}

const (
	// overviewPeople, overviewGaps and overviewRuns bound what an overview lists.
	overviewPeople = 64
	overviewGaps   = 200
	overviewRuns   = 500
)

// overviewOf puts summaries together that follow each other, in about so many buckets.
func overviewOf(parts []*summary, buckets int) *Overview {
	o := &Overview{People: []Person{}, Buckets: []Bucket{}, Gaps: []Gap{}, Runs: []Run{}}
	index := o.people(parts)
	cells := 0
	for _, s := range parts {
		cells += len(s.Cells)
	}
	each := max(1, (cells+buckets-1)/buckets)
	n := 0
	for _, s := range parts {
		from := s.From
		for _, c := range s.Cells {
			if n%each == 0 {
				o.Buckets = append(o.Buckets, Bucket{From: from, At: c.First, By: [][3]int64{}})
			}
			b := &o.Buckets[len(o.Buckets)-1]
			b.add(from, &c, func(author int64) int64 { return index[s.Authors[author]] })
			from += c.Events
			n++
		}
		o.Ready = s.To
		o.Gaps = append(o.Gaps, s.Gaps...)
		o.Runs = append(o.Runs, s.Runs...)
	}
	if n := len(o.Buckets); n > 0 {
		o.Began, o.Ended = o.Buckets[0].At, o.Buckets[n-1].Until
	}
	o.trim(parts)
	return o
}

func (b *Bucket) add(from codecollab.Version, c *cell, person func(int64) int64) {
	b.To, b.Until = from+c.Events-1, c.Last
	b.Runs += c.Runs
	for _, by := range c.By {
		b.By = share(b.By, person(by[0]), by[1], by[2])
	}
}

// people lists who wrote, most first, and returns the place of each in the list.
func (o *Overview) people(parts []*summary) map[string]int64 {
	names, sums := map[string]wire.Person{}, map[string]*Person{}
	for _, s := range parts {
		for _, p := range s.People {
			names[p.Person] = p
		}
		for _, c := range s.Cells {
			for _, by := range c.By {
				id := s.Authors[by[0]]
				p := sums[id]
				if p == nil {
					p = &Person{Person: id}
					sums[id] = p
				}
				p.Inserted += by[1]
				p.Deleted += by[2]
			}
		}
	}
	for id, p := range sums {
		p.Name, p.Color = names[id].Name, names[id].Color
		o.People = append(o.People, *p)
	}
	slices.SortFunc(o.People, func(a, b Person) int {
		return cmp.Or(cmp.Compare(b.Inserted+b.Deleted, a.Inserted+a.Deleted), cmp.Compare(a.Person, b.Person))
	})
	index := map[string]int64{}
	for i, p := range o.People {
		index[p.Person] = int64(min(i, overviewPeople))
	}
	o.others()
	return index
}

// others makes one of the people beyond the limit.
func (o *Overview) others() {
	if len(o.People) <= overviewPeople {
		return
	}
	var rest Person
	for _, p := range o.People[overviewPeople:] {
		rest.Inserted += p.Inserted
		rest.Deleted += p.Deleted
	}
	o.People = append(o.People[:overviewPeople:overviewPeople], rest)
}

// trim keeps the longest gaps and the newest runs, and tells how those ended.
func (o *Overview) trim(parts []*summary) {
	if len(o.Gaps) > overviewGaps {
		slices.SortFunc(o.Gaps, func(a, b Gap) int { return cmp.Compare(b.Length, a.Length) })
		o.Gaps = o.Gaps[:overviewGaps]
		slices.SortFunc(o.Gaps, func(a, b Gap) int { return cmp.Compare(a.Version, b.Version) })
	}
	o.RunCount = int64(len(o.Runs))
	o.Runs = o.Runs[max(0, len(o.Runs)-overviewRuns):]
	place := map[codecollab.Version]int{}
	for i, r := range o.Runs {
		place[r.Version] = i
	}
	for _, s := range parts {
		for _, end := range s.Ends {
			if i, ok := place[end.Version]; ok {
				o.Runs[i].Outcome, o.Runs[i].Code = end.Outcome, end.Code
			}
		}
	}
}
