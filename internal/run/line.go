package run

import (
	"cmp"
	"slices"
	"time"
)

// line is the order in which jobs are started: by turns over the rooms, so that a room with many runs delays others by
// one run at most before each of theirs, and no run is overtaken for ever.
//
// It is start-time fair queueing. A job's rank is one more than that of its room's job before it, and never less than the
// rank that is being served; the lowest rank goes first. Ranks are milliseconds because that is what the queue can sort
// by and keep. They begin an hour before the process does and grow by one a round, so that they lie in the past, where a
// queue finds a job due.
type line struct {
	served  int64            // the highest rank that was started
	last    map[string]int64 // each room's highest rank, where it is above served
	waiting []place          // sorted
}

// place is a job that waits.
type place struct {
	job  Job
	rank int64
	told int // the place that its room knows, from 1
}

func newLine(now time.Time) *line {
	return &line{served: now.Add(-time.Hour).UnixMilli(), last: map[string]int64{}}
}

// end is the rank that the next job of a room gets.
func (l *line) end(room string) time.Time {
	return time.UnixMilli(max(l.served, l.last[room]+1))
}

// rise lifts the rank that is being served to what it would be for a process that begins now, if nobody waits: so the ranks of nodes
// that share a queue stay comparable.
func (l *line) rise(now time.Time) {
	if len(l.waiting) == 0 {
		l.served = max(l.served, newLine(now).served)
	}
}

// join puts a job in line and returns its rank.
func (l *line) join(j Job) time.Time {
	rank := l.end(j.Room).UnixMilli()
	l.last[j.Room] = rank
	i, _ := slices.BinarySearchFunc(l.waiting, rank+1, func(p place, r int64) int { return cmp.Compare(p.rank, r) })
	l.waiting = slices.Insert(l.waiting, i, place{job: j, rank: rank}) // behind those of the same rank
	return time.UnixMilli(rank)
}

// start takes a job out because its turn has come.
func (l *line) start(j Job) {
	if rank, ok := l.leave(j); ok && rank > l.served {
		l.served = rank
		for room, r := range l.last {
			if r < rank {
				delete(l.last, room) // join would not look at it
			}
		}
	}
}

// before reports whether a job comes before another one. One that is not in line, left by an earlier process, comes first.
func (l *line) before(a, b Job) bool {
	place := func(j Job) int { return slices.IndexFunc(l.waiting, func(p place) bool { return p.job == j }) }
	return place(a) < place(b)
}

// leave takes a job out; ok is false when it was not in line.
func (l *line) leave(j Job) (rank int64, ok bool) {
	for i, p := range l.waiting {
		if p.job == j {
			l.waiting = slices.Delete(l.waiting, i, i+1)
			return p.rank, true
		}
	}
	return 0, false
}

// news lists the jobs whose place has changed since it was last asked, with told as it is now.
func (l *line) news() []place {
	var out []place
	for i := range l.waiting {
		if p := &l.waiting[i]; p.told != i+1 {
			p.told = i + 1
			out = append(out, *p)
		}
	}
	return out
}
