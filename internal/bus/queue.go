package bus

import "sync"

// What waits for one subscription at most.
const (
	queueMessages = 8192
	queueBytes    = 16 << 20
)

// queue calls one subscriber for one message after the other, on a goroutine that is there only while there are any.
type queue struct {
	f     func([]byte)
	whole func() // may be nil

	mu      sync.Mutex
	waiting [][]byte
	bytes   int
	busy    bool // a goroutine is at work
	lost    bool // whole is due, once what waits has been handed over
	closed  bool
}

func newQueue(f func([]byte), whole func()) *queue { return &queue{f: f, whole: whole} }

// put adds a message, or drops it when too many wait.
func (q *queue) put(message []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) >= queueMessages || q.bytes+len(message) > queueBytes {
		q.lost = true
		return
	}
	q.waiting = append(q.waiting, message)
	q.bytes += len(message)
	q.work()
}

// again has whole called: messages may have been lost until now.
func (q *queue) again() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.lost = true
	q.work()
}

// close ends it. What waits is forgotten.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed, q.waiting, q.bytes = true, nil, 0
}

// work sees to it that somebody is at work. The caller holds mu.
func (q *queue) work() {
	if !q.busy && !q.closed {
		q.busy = true
		go q.drain()
	}
}

func (q *queue) drain() {
	for {
		message, lost, ok := q.take()
		switch {
		case !ok:
			return
		case !lost:
			q.f(message)
		case q.whole != nil:
			q.whole()
		}
	}
}

// take returns the next message, or that whole is to be called. It is not ok when there is neither.
func (q *queue) take() (message []byte, lost, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.closed:
	case len(q.waiting) > 0:
		message = q.waiting[0]
		q.waiting[0] = nil
		q.waiting = q.waiting[1:]
		q.bytes -= len(message)
		return message, false, true
	case q.lost:
		q.lost = false
		return nil, true, true
	}
	q.busy, q.waiting = false, nil
	return nil, false, false
}
