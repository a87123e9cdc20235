package syncbench

import (
	"bytes"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"time"

	"codecollab.dev"
	"codecollab.dev/bench/syncclient"
	"codecollab.dev/internal/wire"
)

// idleConn is a WebSocket with the least that a client needs: a handshake, and short frames of text.
type idleConn struct {
	net.Conn
	heartbeat time.Duration
}

// joinTime is how long the server may take to answer an idle connection's join.
const joinTime = 30 * time.Second

// join makes a WebSocket of the connection and joins the room.
func (c *idleConn) join(host, room, token, client string) error {
	if err := c.SetDeadline(time.Now().Add(joinTime)); err != nil {
		return err
	}
	room, link := syncclient.Address(room)
	// The key is the example of RFC 6455: the answer to it proves nothing that we need.
	request := fmt.Sprintf("GET /api/v1/rooms/%s/socket HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer %s\r\n\r\n", room, host, token)
	if _, err := c.Write([]byte(request)); err != nil {
		return err
	}
	head, err := c.readUntil(nil, []byte("\r\n\r\n"))
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(head, []byte("HTTP/1.1 101 ")) {
		line, _, _ := bytes.Cut(head, []byte("\r\n"))
		return fmt.Errorf("the server answers %q", line)
	}
	join, err := wire.Marshal(&wire.Join{Protocol: codecollab.Protocol, Client: client, Name: client, Key: link})
	if err != nil {
		return err
	}
	if _, err := c.Write(maskedText(join)); err != nil {
		return err
	}
	_, rest, _ := bytes.Cut(head, []byte("\r\n\r\n"))
	answer, err := c.readUntil(rest, []byte(`"limits":`))
	if err != nil {
		return fmt.Errorf("joining: %w", err)
	}
	if ms := heartbeatOf(answer); ms > 0 {
		c.heartbeat = time.Duration(ms) * time.Millisecond
	}
	return c.SetDeadline(time.Time{})
}

// readUntil reads until what was read, have included, holds mark.
func (c *idleConn) readUntil(have, mark []byte) ([]byte, error) {
	buf := make([]byte, 2048)
	for !bytes.Contains(have, mark) {
		n, err := c.Read(buf)
		have = append(have, buf[:n]...)
		if err != nil {
			return nil, fmt.Errorf("%w (after %.200q)", err, have)
		}
	}
	return have, nil
}

// heartbeatOf finds the heartbeat in a joined message, in ms.
func heartbeatOf(joined []byte) int {
	m := regexp.MustCompile(`"heartbeat":(\d+)`).FindSubmatch(joined)
	if m == nil {
		return 0
	}
	ms, _ := strconv.Atoi(string(m[1]))
	return ms
}

// maskedText makes a WebSocket frame of text. The mask is zero: it is there for proxies, and we have none.
func maskedText(payload []byte) []byte {
	const final, text, masked = 0x80, 0x1, 0x80
	frame := []byte{final | text}
	if n := len(payload); n < 126 {
		frame = append(frame, masked|byte(n))
	} else {
		frame = append(frame, masked|126, byte(n>>8), byte(n)) // all that we send fits 16 bits
	}
	frame = append(frame, 0, 0, 0, 0)
	return append(frame, payload...)
}
