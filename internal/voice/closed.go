package voice

import "codecollab.dev/internal/wire"

// Closed is a desk at which nobody can talk. Why is a sentence for people; empty: voice is turned off.
type Closed struct{ Why string }

// Sit gives a chair at which everything is refused.
func (c Closed) Sit(who Sitter) Chair { return closedChair{c, who} }

// Rights does nothing: nobody talks.
func (Closed) Rights(string) {}

type closedChair struct {
	Closed
	who Sitter
}

// Handle implements Chair.
func (c closedChair) Handle(m wire.Message) { c.who.Tell(refusal(callOf(m), ErrOff(c.Why))) }

// Leave implements Chair.
func (closedChair) Leave(bool) {}
