package room

import (
	"cmp"
	"slices"
	"time"

	"codecollab.dev"
)

// Stages are when a batch went through the stages of an edit. Several batches that are appended together have the same.
type Stages struct {
	Taken   time.Time // the room's loop took it
	Ready   time.Time // it was mapped and applied
	Durable time.Time // it was on the disk
	MovedOn int       // how often another node was faster
}

// Reached tells of the events that the last Read has returned: the version of the newest, and since when the earliest was
// durable; zero where there was none. It is for the goroutine that reads.
func (c *Conn) Reached() (codecollab.Version, time.Time) { return c.reached.version, c.reached.durable }

// Overview is what the rooms of a server are together.
type Overview struct {
	Open        int // in memory
	Connections int
	People      int // different ones
	ReadOnly    int // rooms that could not be written to at the last try
	Busiest     []Busy
}

// Busy is a room without anything of its content.
type Busy struct {
	Room        string
	Connections int
	Version     codecollab.Version
	Language    string
}

// Overview looks at all rooms in memory; of the busiest at most so many are told one by one.
func (rs *Rooms) Overview(most int) Overview {
	var o Overview
	people := map[string]bool{}
	for _, r := range rs.loaded() {
		o.Open++
		b := r.lookAt(people, &o)
		if b.Connections > 0 {
			o.Busiest = append(o.Busiest, b)
		}
	}
	o.People = len(people)
	slices.SortFunc(o.Busiest, func(a, b Busy) int {
		return cmp.Or(cmp.Compare(b.Connections, a.Connections), cmp.Compare(b.Version, a.Version), cmp.Compare(a.Room, b.Room))
	})
	o.Busiest = o.Busiest[:min(most, len(o.Busiest))]
	return o
}

// loaded are the rooms in memory.
func (rs *Rooms) loaded() (all []*Room) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for _, e := range rs.rooms {
		select {
		case <-e.ready:
			if e.room != nil {
				all = append(all, e.room)
			}
		default:
		}
	}
	return all
}

func (r *Room) lookAt(people map[string]bool, o *Overview) Busy {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.conns {
		people[c.author.Person] = true
	}
	o.Connections += len(r.conns)
	if !r.writable.OK {
		o.ReadOnly++
	}
	return Busy{Room: r.id, Connections: len(r.conns), Version: r.state.Version, Language: r.state.Language}
}
