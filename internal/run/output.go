package run

import (
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"codecollab.dev/internal/wire"
)

// What of a program's output is sent while it runs. Up to liveBudget everything, in pieces of about liveDelay; beyond
// that only a trickle of the newest, so that a flood shows as motion and costs neither the room nor the page.
const (
	liveDelay    = 25 * time.Millisecond
	livePiece    = 8 << 10
	liveBudget   = 256 << 10
	trickleDelay = 250 * time.Millisecond
	trickleBytes = 4 << 10
)

// output is what a program prints: on its way to the room, and kept as head and tail.
type output struct {
	compiling bool // what comes is a compiler's; used by the goroutine that adds
	send      func(stream, data string)
	head      pile
	tail      pile
	headLeft  int
	tailMost  int
	omitted   int64

	mu     sync.Mutex // guards all below
	wait   pile       // not sent yet
	budget int
	timer  *time.Timer
	closed bool
}

func newOutput(opt Options, send func(stream, data string)) *output {
	return &output{send: send, headLeft: opt.HeadBytes, tailMost: opt.TailBytes, budget: liveBudget}
}

// add takes a piece of output.
func (o *output) add(stream, data string) {
	if o.compiling {
		stream = "compile"
	}
	o.keep(stream, data)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.wait.push(stream, data)
	if o.budget <= 0 {
		o.wait.trim(trickleBytes)
		o.later(trickleDelay)
		return
	}
	if o.wait.bytes >= livePiece {
		o.flush()
		return
	}
	o.later(liveDelay)
}

func (o *output) later(d time.Duration) {
	if o.timer != nil {
		return
	}
	o.timer = time.AfterFunc(d, func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		if !o.closed {
			o.flush()
		}
	})
}

// flush sends what waits. The caller holds mu.
func (o *output) flush() {
	if o.timer != nil {
		o.timer.Stop()
		o.timer = nil
	}
	for _, c := range o.wait.joined() {
		o.budget -= len(c.Data)
		o.send(c.Stream, c.Data)
	}
	o.wait = pile{}
}

// close sends the rest and nothing more.
func (o *output) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush()
	o.closed = true
}

// keep puts data into the head while that has room, then into the tail.
func (o *output) keep(stream, data string) {
	if n := cut(data, o.headLeft); n > 0 {
		o.head.push(stream, data[:n])
		o.headLeft -= n
		data = data[n:]
	}
	if data == "" {
		return
	}
	o.headLeft = 0 // what comes later must not overtake
	o.tail.push(stream, data)
	o.omitted += int64(o.tail.trim(o.tailMost))
}

// kept returns head and tail in order, and how many bytes are missing between them.
func (o *output) kept() ([]wire.Chunk, int64) {
	chunks := append([]wire.Chunk{}, o.head.joined()...)
	tail := o.tail.joined()
	if len(tail) > 0 {
		tail[0].Omitted = o.omitted
	}
	return append(chunks, tail...), o.omitted
}

// cut is the length of the longest beginning of s that has at most n bytes and ends with a whole character.
func cut(s string, n int) int {
	if len(s) <= n {
		return len(s)
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}

// pile is output in order.
type pile struct {
	chunks []wire.Chunk
	bytes  int
}

func (p *pile) push(stream, data string) {
	if data != "" {
		p.chunks = append(p.chunks, wire.Chunk{Stream: stream, Data: data})
		p.bytes += len(data)
	}
}

// trim drops the oldest bytes beyond most, whole characters only, and returns how many that were.
func (p *pile) trim(most int) (dropped int) {
	for p.bytes > most {
		first := &p.chunks[0]
		n := min(p.bytes-most, len(first.Data))
		for n < len(first.Data) && !utf8.RuneStart(first.Data[n]) {
			n++
		}
		if n == len(first.Data) {
			p.chunks = p.chunks[1:]
		} else {
			first.Data = strings.Clone(first.Data[n:]) // do not hold on to what was dropped
		}
		p.bytes -= n
		dropped += n
	}
	return dropped
}

// joined merges neighbours of the same stream.
func (p *pile) joined() []wire.Chunk {
	var out []wire.Chunk
	for i := 0; i < len(p.chunks); {
		stream, b := p.chunks[i].Stream, strings.Builder{}
		for ; i < len(p.chunks) && p.chunks[i].Stream == stream; i++ {
			b.WriteString(p.chunks[i].Data)
		}
		out = append(out, wire.Chunk{Stream: stream, Data: b.String()})
	}
	return out
}
