package syncclient

import (
	"context"
	"time"

	"github.com/coder/websocket"

	"codecollab.dev/internal/wire"
)

// write sends what there is to be sent until the connection fails. It is a goroutine of its own because a write may
// block for as long as the server does not read, and the server may not read while we do not.
func (c *Client) write(ctx context.Context, conn *websocket.Conn) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		frame, wait, dead := c.outgoing(time.Now())
		if dead {
			return
		}
		if frame != nil {
			if writeFrame(ctx, conn, frame) != nil {
				return
			}
			continue
		}
		timer.Reset(wait)
		select {
		case <-ctx.Done():
			return
		case <-c.wake:
		case <-timer.C:
		}
	}
}

func writeFrame(ctx context.Context, conn *websocket.Conn, frame []byte) error {
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	return conn.Write(ctx, websocket.MessageText, frame)
}

// outgoing returns the next frame, or nil and how long to wait for one. With dead, the server has been silent for too
// long.
func (c *Client) outgoing(now time.Time) (frame []byte, wait time.Duration, dead bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	messages := c.extra
	c.extra = nil
	if b := c.state.Next(); b != nil {
		messages = append(messages, b)
	}
	ping, dead := c.beat.due(now)
	if ping {
		messages = append(messages, &wire.Ping{})
	}
	if dead || len(messages) == 0 {
		return nil, c.beat.every / 2, dead
	}
	c.beat.said = now
	lines := make([][]byte, 0, len(messages))
	for _, m := range messages {
		line, err := wire.Marshal(m)
		if err != nil {
			panic("a message of the client's own cannot be marshalled: " + err.Error())
		}
		lines = append(lines, line)
	}
	return wire.JoinFrame(lines), 0, false
}
