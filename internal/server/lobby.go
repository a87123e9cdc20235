package server

import (
	"context"

	"codecollab.dev"
	"codecollab.dev/internal/room"
	"codecollab.dev/internal/wire"
)

// wait keeps the connection of somebody before the door until they may come in. What is known of them is asked for anew whenever the
// room moves: an owner's word lets them in, and so does the end of the waiting room.
func (c *session) wait(ctx context.Context, j *wire.Join) (*room.Joined, error) {
	place, err := c.room.Knock(c.visitor, j)
	if err != nil {
		return nil, err
	}
	defer place.Leave()
	if err := c.say(ctx, &wire.Waiting{Heartbeat: int(c.server.opt.Heartbeat.Milliseconds())}); err != nil {
		return nil, err
	}
	ahead := readAhead(ctx, c.link)
	c.link = ahead
	for {
		moved := place.Moved() // before the try, so that nothing is missed behind it
		joined, err := c.enter(ctx, j)
		if codecollab.CodeOf(err) != "waiting" {
			return joined, err
		}
		if err := place.Refused(); err != nil {
			return nil, err
		}
		if err := c.idle(ctx, ahead, moved); err != nil {
			return nil, err
		}
	}
}

// idle answers whoever waits for as long as nothing has moved.
func (c *session) idle(ctx context.Context, ahead *aheadLink, moved <-chan struct{}) error {
	for {
		within, cancel := context.WithTimeout(ctx, 4*c.server.opt.Heartbeat)
		select {
		case <-moved:
			cancel()
			return nil
		case <-c.over:
			cancel()
			c.farewell(ctx)
			return gone{context.Canceled}
		case <-c.server.ctx.Done():
			cancel()
			c.bye(ctx, "restart", restartRetry)
			return gone{context.Canceled}
		case f := <-ahead.frames:
			cancel()
			if f.err != nil {
				return f.err
			}
			if err := c.answerPings(ctx, f.data); err != nil {
				return err
			}
		case <-within.Done(): // it has been silent for too long, or it has gone
			cancel()
			return gone{within.Err()}
		}
	}
}

// answerPings shows a client that waits that somebody is here. It can do nothing else before it is in.
func (c *session) answerPings(ctx context.Context, frame []byte) error {
	for _, line := range wire.SplitFrame(frame) {
		m, err := wire.ParseClient(line)
		if err != nil {
			return err
		}
		if _, ok := m.(*wire.Ping); !ok {
			return errNotJoined()
		}
		if err := c.say(ctx, &wire.Pong{}); err != nil {
			return err
		}
	}
	return nil
}

// say sends a message at once. Only before the session writes by itself.
func (c *session) say(ctx context.Context, m wire.Message) error {
	frame, err := wire.Marshal(m)
	if err != nil {
		return err
	}
	return c.send(ctx, [][]byte{frame})
}

// aheadLink is a link of which the next frame is read while something else is waited for. (A read that is broken off would end a
// WebSocket.)
type aheadLink struct {
	link
	frames chan readFrame
}

type readFrame struct {
	data []byte
	err  error
}

// readAhead reads for as long as ctx lives.
func readAhead(ctx context.Context, l link) *aheadLink {
	a := &aheadLink{link: l, frames: make(chan readFrame)}
	go func() {
		for {
			data, err := l.Read(ctx)
			select {
			case a.frames <- readFrame{data, err}:
			case <-ctx.Done():
				return
			}
			if err != nil && err != errTooLarge {
				return
			}
		}
	}()
	return a
}

// Read implements link.
func (a *aheadLink) Read(ctx context.Context) ([]byte, error) {
	select {
	case f := <-a.frames:
		return f.data, f.err
	case <-ctx.Done():
		return nil, gone{ctx.Err()}
	}
}
