package run

import (
	"sync"
	"time"
)

// What of a program's output is sent while it runs. Up to liveBudget everything, in pieces of about liveDelay or
// livePiece; beyond that a trickle of the newest, with a line "…" for what was passed over, so that a flood shows as
// motion and costs neither the room nor the page: 16 KiB a second. The result has head and tail in any case.
const (
	liveDelay    = 25 * time.Millisecond
	livePiece    = 8 << 10
	liveBudget   = 256 << 10
	trickleDelay = 250 * time.Millisecond
	trickleBytes = 4 << 10
	passedOver   = "\n…\n"
)

// output is what one attempt at a program prints: on its way to the room, and kept for the result.
type output struct {
	send  func(stream, data string)
	stage string // the one that goes on; "run" before any. Used by the goroutine that adds, as is kept
	kept  kept

	mu     sync.Mutex // guards all below, and makes sends come in order
	wait   pile       // not sent yet
	gap    bool       // something between what was sent and what waits was passed over
	budget int
	timer  *time.Timer
	closed bool
}

func newOutput(opt Options, send func(stream, data string)) *output {
	return &output{
		send: send, stage: "run", budget: liveBudget,
		kept: kept{headMost: opt.HeadBytes, tailMost: opt.TailBytes},
	}
}

// add takes a piece of output.
func (o *output) add(stream, data string) {
	if o.stage == "compile" {
		stream = "compile"
	}
	o.kept.add(stream, data)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.wait.push(stream, data)
	delay := liveDelay
	if o.wait.size() > o.budget {
		o.gap = o.wait.trim(trickleBytes) > 0 || o.gap
		delay = trickleDelay
	} else if o.wait.size() >= livePiece {
		o.flush()
		return
	}
	if o.timer == nil && o.wait.bytes > 0 {
		o.timer = time.AfterFunc(delay, o.tick)
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
	o.budget = max(0, o.budget-o.wait.size())
	for i, c := range o.wait.chunks() {
		if i == 0 && o.gap {
			c.Data = passedOver + c.Data
		}
		o.send(c.Stream, c.Data)
	}
	o.wait, o.gap = pile{}, false
}

// close sends the rest and nothing more.
func (o *output) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush()
	o.closed = true
}
