package main

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"codecollab.dev/internal/voice"
)

// sharedPort is the port of the page on which voice comes as well: what begins like STUN is handed to voice, all else is HTTP.
// So one open TCP port is enough for everything.
type sharedPort struct {
	net.Listener
	http  chan accepted
	ended chan struct{}
	once  sync.Once
	voice func(net.Conn)
	relay *voice.Relay
}

type accepted struct {
	conn net.Conn
	err  error
}

const (
	firstBytes   = 10 * time.Second // as long as HTTP waits for a header
	stunCookie   = 0x2112A442
	turnHead     = 8  // bytes, up to the cookie of a STUN message
	framedHead   = 10 // of one with its length before it (RFC 4571), as ICE has it over TCP
	lowestLetter = 'A'
)

func newSharedPort(l net.Listener, voice func(net.Conn), relay *voice.Relay) *sharedPort {
	p := &sharedPort{Listener: l, http: make(chan accepted), ended: make(chan struct{}), voice: voice, relay: relay}
	go p.accept()
	return p
}

// Accept implements net.Listener, for HTTP.
func (p *sharedPort) Accept() (net.Conn, error) {
	select {
	case a := <-p.http:
		return a.conn, a.err
	case <-p.ended:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (p *sharedPort) Close() error {
	p.once.Do(func() { close(p.ended) })
	return p.Listener.Close()
}

func (p *sharedPort) accept() {
	for {
		c, err := p.Listener.Accept()
		if err != nil {
			p.toHTTP(accepted{err: err}) // which waits a little and goes on, or stops
			if errors.Is(err, net.ErrClosed) {
				return
			}
			continue
		}
		go p.sort(c)
	}
}

func (p *sharedPort) toHTTP(a accepted) {
	select {
	case p.http <- a:
	case <-p.ended:
		if a.conn != nil {
			_ = a.conn.Close()
		}
	}
}

// sort reads as much of a connection as it takes to know whose it is.
func (p *sharedPort) sort(c net.Conn) {
	head := make([]byte, framedHead)
	_ = c.SetReadDeadline(time.Now().Add(firstBytes))
	if _, err := io.ReadFull(c, head[:1]); err != nil {
		_ = c.Close()
		return
	}
	if head[0] >= lowestLetter || head[0] == '\r' || head[0] == '\n' {
		_ = c.SetReadDeadline(time.Time{})
		p.toHTTP(accepted{conn: &begun{Conn: c, head: head[:1]}})
		return
	}
	if _, err := io.ReadFull(c, head[1:]); err != nil {
		_ = c.Close()
		return
	}
	_ = c.SetReadDeadline(time.Time{})
	whole := &begun{Conn: c, head: head}
	switch {
	case binary.BigEndian.Uint32(head[turnHead-4:]) == stunCookie && p.relay != nil:
		p.relay.Feed(whole)
	case binary.BigEndian.Uint32(head[framedHead-4:]) == stunCookie:
		p.voice(whole)
	default:
		p.toHTTP(accepted{conn: whole}) // which says 400
	}
}

// begun is a connection of which some bytes have been read already.
type begun struct {
	net.Conn
	head []byte
}

// Read implements net.Conn.
func (b *begun) Read(into []byte) (int, error) {
	if len(b.head) > 0 {
		n := copy(into, b.head)
		if b.head = b.head[n:]; len(b.head) == 0 {
			b.head = nil
		}
		return n, nil
	}
	return b.Conn.Read(into)
}

// CloseWrite is what HTTP does at the end of a connection.
func (b *begun) CloseWrite() error {
	if c, ok := b.Conn.(interface{ CloseWrite() error }); ok {
		return c.CloseWrite()
	}
	return nil
}
