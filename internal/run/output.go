package run

import (
	"sync"
	"time"

	"codecollab.dev/internal/excerpt"
)

// What of a program's output is sent while it runs. The first after a pause at once, for somebody may wait for it; then, up
// to liveBudget, everything in pieces of about liveDelay or livePiece; beyond that a trickle of the newest, with a line "…"
// for what was passed over, so that a flood shows as motion and costs neither the room nor the page: 16 KiB a second. The
// budget grows back as fast, for programs that run long and print now and then. The result has head and tail in any case.
const (
	liveDelay    = 25 * time.Millisecond
	livePiece    = 8 << 10
	liveBudget   = 256 << 10
	trickleDelay = 250 * time.Millisecond
	trickleBytes = 4 << 10
	refillPerMs  = trickleBytes / 250
	passedOver   = "\n…\n"
)

// output is what one attempt at a program prints: on its way to the room, and kept for the result.
type output struct {
	send  func(stream, data string)
	stage string // the one that goes on; "run" before any. Used by the goroutine that tells of the program

	mu       sync.Mutex // guards all below, and makes sends come in order
	kept     excerpt.Excerpt
	wait     excerpt.Pile // not sent yet
	gap      bool         // something between what was sent and what waits was passed over
	budget   int
	refilled time.Time // when the budget last grew
	sent     time.Time // when something was sent last
	timer    *time.Timer
	closed   bool
}

func newOutput(opt Options, send func(stream, data string)) *output {
	return &output{
		send: send, stage: "run", budget: liveBudget, refilled: time.Now(),
		kept: excerpt.Excerpt{HeadMost: opt.HeadBytes, TailMost: opt.TailBytes},
	}
}

// add takes a piece of output.
func (o *output) add(stream, data string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed || data == "" {
		return
	}
	o.kept.Add(stream, data)
	o.wait.Push(stream, data)
	o.refill()
	delay := liveDelay
	switch size := o.wait.Size(); {
	case size > o.budget:
		o.gap = o.wait.Trim(trickleBytes) > 0 || o.gap
		delay = trickleDelay
	case size >= livePiece, o.timer == nil && time.Since(o.sent) >= liveDelay:
		o.flush()
		return
	}
	if o.timer == nil && !o.wait.Empty() {
		o.timer = time.AfterFunc(delay, o.tick)
	}
}

// refill lets the budget grow with time. The caller holds mu.
func (o *output) refill() {
	if ms := time.Since(o.refilled).Milliseconds(); ms > 0 {
		o.budget = min(liveBudget, o.budget+int(min(ms, liveBudget))*refillPerMs)
		o.refilled = o.refilled.Add(time.Duration(ms) * time.Millisecond)
	}
}

func (o *output) tick() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.closed {
		o.flush()
	}
}

// flush sends what waits. The caller holds mu.
func (o *output) flush() {
	if o.timer != nil {
		o.timer.Stop()
		o.timer = nil
	}
	if o.wait.Empty() {
		return
	}
	o.budget = max(0, o.budget-o.wait.Size())
	for i, c := range o.wait.Chunks() {
		if i == 0 && o.gap {
			if c.Stream == excerpt.Typed {
				o.send("stdout", passedOver)
			} else {
				c.Data = passedOver + c.Data
			}
		}
		o.send(c.Stream, c.Data)
	}
	o.wait, o.gap, o.sent = excerpt.Pile{}, false, time.Now()
}

// close sends the rest and nothing more.
func (o *output) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush()
	o.closed = true
}
