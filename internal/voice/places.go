package voice

import (
	"sync"

	"codecollab.dev"
)

// places bounds how many people talk, in a room and on this node.
type places struct {
	room, node int

	mu    sync.Mutex
	rooms map[string]int
	all   int
	calls int64
}

func newPlaces(room, node int) *places {
	return &places{room: room, node: node, rooms: map[string]int{}}
}

// take gives somebody a place, or says why there is none. again: they have one already, which they give back right after.
func (p *places) take(room string, again bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case again:
	case p.rooms[room] >= p.room:
		return full("%d people talk in this room, and no more can. Try again when somebody has left.", p.room)
	case p.all >= p.node:
		return full("%d people talk on this server, and no more can. Try again later.", p.node)
	}
	p.rooms[room]++
	p.all++
	p.calls++
	return nil
}

func full(format string, n int) error {
	return codecollab.Errorf(codecollab.Limit, codeFull, format, n)
}

// begun is how many calls there have been.
func (p *places) begun() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls
}

// leave gives a place back.
func (p *places) leave(room string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all--
	if p.rooms[room]--; p.rooms[room] <= 0 {
		delete(p.rooms, room)
	}
}
