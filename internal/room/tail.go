package room

import (
	"time"

	"codecollab.dev"
)

// tail holds the last frames that a room has sent, encoded once for everybody. Connections read it with cursors of
// their own (R6): a cursor is the number of frames that were ever pushed before the one to read next.
type tail struct {
	frames [][]byte
	marks  []mark // of the frames: what is known of each
	first  int64  // the number of frames[0]
	bytes  int
	limit  int           // bytes
	grown  chan struct{} // closed at the next push
}

// mark is what is known of an event's frame; the zero mark is that of any other frame.
type mark struct {
	version codecollab.Version
	durable time.Time
}

func newTail(limit int) *tail { return &tail{limit: limit, grown: make(chan struct{})} }

func (t *tail) end() int64 { return t.first + int64(len(t.frames)) }

// push adds frames. Wake must follow, so that several pushes wake readers once.
func (t *tail) push(frames ...[]byte) {
	for _, f := range frames {
		t.pushMarked(f, mark{})
	}
}

// pushMarked adds the frame of an event.
func (t *tail) pushMarked(frame []byte, m mark) {
	t.frames = append(t.frames, frame)
	t.marks = append(t.marks, m)
	t.bytes += len(frame)
	drop := 0
	for t.bytes > t.limit && drop < len(t.frames)-1 {
		t.bytes -= len(t.frames[drop])
		drop++
	}
	t.drop(drop)
}

// wake lets everyone who waits on grown look again.
func (t *tail) wake() {
	close(t.grown)
	t.grown = make(chan struct{})
}

// trim forgets what lies before a cursor.
func (t *tail) trim(before int64) {
	n := int(before - t.first)
	if n <= 0 {
		return
	}
	n = min(n, len(t.frames))
	for _, f := range t.frames[:n] {
		t.bytes -= len(f)
	}
	t.drop(n)
}

func (t *tail) drop(n int) {
	clear(t.frames[:n]) // let the frames go even while the array stays
	t.frames, t.marks = t.frames[n:], t.marks[n:]
	t.first += int64(n)
}

// read returns the frames from a cursor on, about maxBytes of them; ok is false when the cursor has fallen out.
func (t *tail) read(cursor int64, maxBytes int) (frames [][]byte, next int64, ok bool) {
	if cursor < t.first {
		return nil, cursor, false
	}
	n := 0
	for _, f := range t.frames[cursor-t.first:] {
		if n > 0 && n+len(f) > maxBytes {
			break
		}
		n += len(f)
		frames = append(frames, f)
	}
	return frames, cursor + int64(len(frames)), true
}

// between are the newest version, and the earliest time of becoming durable, of the events between two cursors.
func (t *tail) between(from, to int64) (m mark) {
	for _, one := range t.marks[from-t.first : to-t.first] {
		if one.version == 0 {
			continue
		}
		m.version = one.version
		if m.durable.IsZero() {
			m.durable = one.durable
		}
	}
	return m
}
