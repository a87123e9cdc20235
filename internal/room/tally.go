package room

import (
	"sync"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// RunLimits bound the runs that are not finished: those that run and those that wait.
type RunLimits struct {
	Room   int // in one room
	Person int // of one person, in all rooms
	All    int // in all rooms
}

// tally counts the unfinished runs of all rooms, those that are on their way into a log included: so many people may press
// Run at once, and yet no limit is passed.
type tally struct {
	mu    sync.Mutex
	rooms map[string]map[string]int // room to person to runs; rooms without are not there
}

func newTally() *tally { return &tally{rooms: map[string]map[string]int{}} }

// set says which runs a room has.
func (t *tally) set(room string, runs []wire.RunRecord) {
	people := map[string]int{}
	for i := range runs {
		if runs[i].Finish == nil {
			people[runs[i].By]++
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(people) == 0 {
		delete(t.rooms, room)
		return
	}
	t.rooms[room] = people
}

// reserve counts one more run of a person, until set says what came of it, or refuses it.
func (t *tally) reserve(room, person string, limits RunLimits) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	here, theirs, all := 0, 0, 0
	for id, people := range t.rooms {
		for who, n := range people {
			all += n
			if id == room {
				here += n
			}
			if who == person {
				theirs += n
			}
		}
	}
	switch {
	case here >= limits.Room:
		return codecollab.Errorf(codecollab.Limit, "too_many_runs",
			"This room has %d runs that are not finished, and no room may have more. Wait for one, or stop it.", here)
	case theirs >= limits.Person:
		return codecollab.Errorf(codecollab.Limit, "too_many_runs",
			"You have %d runs that are not finished, in all your rooms, and nobody may have more. Wait for one, or stop it.", theirs)
	case all >= limits.All:
		return codecollab.Errorf(codecollab.Limit, "queue_full",
			"%d programs run or wait on this server, and no more may. Press Run again in a moment.", all)
	}
	if t.rooms[room] == nil {
		t.rooms[room] = map[string]int{}
	}
	t.rooms[room][person]++
	return nil
}
