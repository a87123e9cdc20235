package syncbench

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"codecollab.dev/bench/syncclient"
)

// idlers are connections that join a room and then only keep themselves alive: what a server must be able to hold.
// Each is a socket and a goroutine, and knows nothing of its room.
type idlers struct {
	conns  []atomic.Pointer[idleConn]
	beat   atomic.Int64 // the server's heartbeat in ns
	lost   atomic.Int64 // closed by the server
	ended  atomic.Bool
	cancel context.CancelFunc
	all    sync.WaitGroup
}

// portsPerAddress is how many connections to one port leave from one address of this machine; the range of ephemeral
// ports is usually a little larger. The loopback network has addresses enough for more.
const portsPerAddress = 20_000

// startIdle opens the idle connections, waits until the server's memory has come to rest and notes it.
func (b *bench) startIdle(ctx context.Context, result *Result) (*idlers, error) {
	ctx, cancel := context.WithCancel(ctx)
	x := &idlers{conns: make([]atomic.Pointer[idleConn], b.idle), cancel: cancel}
	if b.idle == 0 {
		return x, nil
	}
	x.beat.Store(int64(shortestBeat))
	x.all.Go(func() { x.keepAlive(ctx) }) // the first ones wait while the last ones are opened
	b.say("opening %d idle connections, %d in each room", b.idle, b.idleRoom)
	before := b.memory()
	rooms := (b.idle + b.idleRoom - 1) / b.idleRoom
	err := each(ctx, rooms, func(ctx context.Context, i int) error { return b.idleRoomAt(ctx, x, i*b.idleRoom) })
	if err != nil {
		x.stop()
		return nil, fmt.Errorf("opening idle connections: %w", err)
	}
	if err := b.restIdle(ctx, result, before); err != nil {
		x.stop()
		return nil, err
	}
	return x, nil
}

// idleRoomAt makes a room and its idle connections, the first of which has the number from.
func (b *bench) idleRoomAt(ctx context.Context, x *idlers, from int) error {
	token, err := patiently(ctx, func() (string, error) { return syncclient.Guest(ctx, b.http, b.url) })
	if err != nil {
		return err
	}
	room, err := patiently(ctx, func() (string, error) {
		return syncclient.CreateRoom(ctx, b.http, b.url, token, b.language)
	})
	if err != nil {
		return err
	}
	for i := from; i < min(from+b.idleRoom, b.idle); i++ {
		if i > from {
			if token, err = patiently(ctx, func() (string, error) { return syncclient.Guest(ctx, b.http, b.url) }); err != nil {
				return err
			}
		}
		conn, err := b.openIdle(ctx, i, room, token)
		if err != nil {
			return err
		}
		x.conns[i].Store(conn)
		x.beat.Store(int64(conn.heartbeat))
		x.all.Go(func() { x.listen(conn) })
	}
	return nil
}

func (b *bench) openIdle(ctx context.Context, i int, room, token string) (*idleConn, error) {
	u, err := url.Parse(b.url)
	if err != nil {
		return nil, err
	}
	dialer := net.Dialer{Timeout: 30 * time.Second}
	if ip := net.ParseIP(u.Hostname()); ip != nil && ip.IsLoopback() && ip.To4() != nil {
		dialer.LocalAddr = &net.TCPAddr{IP: net.IPv4(127, 0, byte(i/portsPerAddress/250), byte(1+i/portsPerAddress%250))}
	}
	conn, err := dialer.DialContext(ctx, "tcp", u.Host)
	if err != nil {
		return nil, err
	}
	ic := &idleConn{Conn: conn, heartbeat: shortestBeat}
	if err := ic.join(u.Host, room, token, fmt.Sprintf("idle%08d", i)); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return ic, nil
}

// listen reads and forgets, so that nothing piles up in the server.
func (x *idlers) listen(c *idleConn) {
	var buf [512]byte
	for {
		if _, err := c.Read(buf[:]); err != nil {
			if !x.ended.Load() {
				x.lost.Add(1)
			}
			return
		}
	}
}

// shortestBeat is the heartbeat before a server has told its own.
const shortestBeat = 5 * time.Second

// keepAlive pings once each two heartbeats on every connection, spread evenly.
func (x *idlers) keepAlive(ctx context.Context) {
	ping := maskedText([]byte(`{"t":"ping"}`))
	every := time.NewTicker(20 * time.Millisecond)
	defer every.Stop()
	last := time.Now()
	for next, due := 0, 0.0; ; {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
		now := time.Now()
		due += float64(now.Sub(last)) / float64(2*x.beat.Load()) * float64(len(x.conns))
		last = now
		for ; due >= 1; due-- {
			if c := x.conns[next].Load(); c != nil {
				_, _ = c.Write(ping) // a failure shows itself to listen
			}
			next = (next + 1) % len(x.conns)
		}
	}
}

func (x *idlers) stop() {
	x.ended.Store(true)
	x.cancel()
	for i := range x.conns {
		if c := x.conns[i].Load(); c != nil {
			_ = c.Close()
		}
	}
	x.all.Wait()
}

// restIdle waits for a collection of what the opening has left, and notes the server's memory.
func (b *bench) restIdle(ctx context.Context, result *Result, before float64) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(b.idleRest):
	}
	result.Idle = Idle{Connections: b.idle}
	if b.server != nil {
		after := b.memory()
		result.Server.RSSIdle = &after
		result.Idle.KBEach = (after - before) * 1000 / float64(b.idle)
		b.say("the server holds %d idle connections in %.0f MB (%.0f MB before)", b.idle, after, before)
	}
	return nil
}

func (b *bench) memory() float64 {
	if b.server == nil {
		return 0
	}
	return b.server.usage().rss
}
