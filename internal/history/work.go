package history

import (
	"context"

	"codecollab.dev"
	"codecollab.dev/internal/wire"
)

// Note says that a room is at a version. It only remembers that: it is called by those who commit.
func (a *Archive) Note(room string, head codecollab.Version) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if last, ok := a.behind[room]; ok && head-last < int64(a.opt.BlockEvents) {
		return
	}
	a.heads[room] = max(a.heads[room], head)
	select {
	case a.wake <- struct{}{}:
	default: // it is awake
	}
}

// Work makes blocks and marks of the rooms that move on, until ctx ends.
func (a *Archive) Work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-a.wake:
		}
		for room, head := range a.due() {
			if err := a.catchUp(ctx, room, head); err != nil && ctx.Err() == nil {
				a.opt.Log.Error("the history of a room is not summed up", "room", room, "err", err)
			}
		}
	}
}

// due takes the rooms that have moved on.
func (a *Archive) due() map[string]codecollab.Version {
	a.mu.Lock()
	defer a.mu.Unlock()
	heads := a.heads
	a.heads = map[string]codecollab.Version{}
	return heads
}

// known bounds how many rooms are remembered to be up to date; forgetting one costs a look at the store.
const known = 10_000

func (a *Archive) madeUpTo(room string, last codecollab.Version) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.behind) >= known {
		clear(a.behind)
	}
	a.behind[room] = last
}

// maker makes the blocks of one room, from where they end.
type maker struct {
	*Archive
	room   string
	state  *State // that of the last mark, or further; nil while no mark is due
	size   int64  // of the last mark
	bytes  int64  // of the events since
	before int64  // when the last event was
}

// catchUp makes all blocks that are whole, and the marks that are due with them.
func (a *Archive) catchUp(ctx context.Context, room string, head codecollab.Version) error {
	mark, err := a.log.Mark(ctx, room, 0)
	if err != nil {
		return err
	}
	blocks, err := a.log.Blocks(ctx, room, mark.Version)
	if err != nil {
		return err
	}
	m := &maker{Archive: a, room: room, size: int64(len(mark.Data))}
	last := mark.Version
	for _, p := range blocks {
		s, err := summaryOf(p)
		if err != nil {
			return err
		}
		last = s.To
		m.bytes += s.Bytes
		m.before = s.Cells[len(s.Cells)-1].Last
	}
	if m.state, err = stateOf(mark); err != nil {
		return err
	}
	if len(blocks) == 0 {
		m.before = m.state.At
	}
	n := int64(a.opt.BlockEvents)
	for ; head-last >= n; last += n {
		if err := m.block(ctx, last); err != nil {
			return err
		}
		a.madeUpTo(room, last+n)
	}
	a.madeUpTo(room, last)
	return nil
}

// markShare bounds what marks take: at most this part of what the events take. A room with long texts has them further apart.
const markShare = 4

// block makes the block after a version, and a mark at its end when one is due.
func (m *maker) block(ctx context.Context, after codecollab.Version) error {
	end := after + int64(m.opt.BlockEvents)
	sum := newSummary(after, cellEvents)
	err := m.each(ctx, m.room, after, end, func(e *wire.Event, bytes int) error {
		sum.add(e, bytes, m.before)
		m.before = e.At
		if m.state.Version == e.Version-1 { // the state goes along when it can
			return m.state.apply(e)
		}
		return nil
	})
	if err != nil {
		return err
	}
	block, err := sum.block()
	if err != nil {
		return err
	}
	m.bytes += sum.Bytes
	var mark Part
	if m.bytes >= m.size*markShare {
		if mark, err = m.markAt(ctx, end); err != nil {
			return err
		}
	}
	return m.log.Keep(ctx, m.room, block, mark)
}

// markAt makes a mark at a version, which the state may not have reached yet.
func (m *maker) markAt(ctx context.Context, v codecollab.Version) (Part, error) {
	err := m.each(ctx, m.room, m.state.Version, v, func(e *wire.Event, _ int) error { return m.state.apply(e) })
	if err != nil {
		return Part{}, err
	}
	p, err := m.state.mark()
	m.size, m.bytes = int64(len(p.Data)), 0
	return p, err
}
