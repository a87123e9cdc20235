package server

import (
	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/rights"
	"codecollab.dev/internal/voice"
)

// Talking is where people talk.
type Talking interface {
	// Sit takes in a client that has joined a room.
	Sit(who voice.Sitter) voice.Chair
}

// sit takes the client to voice. What it may do there is asked whenever it counts: a right may be taken away at any time.
func (c *session) sit() {
	conn := c.conn
	author := conn.Author()
	c.chair = c.server.opt.Voice.Sit(voice.Sitter{
		Room: c.roomID, Client: author.Client, Person: author.Person, Tell: c.reply,
		May: func() error {
			if err := c.id.Need(auth.ScopeRooms); err != nil {
				return err
			}
			return conn.May(rights.Speak)
		},
	})
}

// stand ends what the client has of voice: at once when its person is not to be here any more, and else if it does not come back.
func (c *session) stand() { c.chair.Leave(c.isOver() || c.conn.Why() != nil) }
