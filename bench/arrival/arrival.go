// Package arrival tells when a connection's bytes came to this machine, which is earlier than when a program that measures gets a
// processor to read them. It matters where those who measure share the machine with the server that they measure: people's own
// machines have a processor for what comes.
package arrival

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// Clock is the connections of one client.
type Clock struct {
	last atomic.Int64 // wall clock, ns since 1970
}

// Last is when the last byte that was read so far arrived, by the wall clock; the time of reading where the system does not tell, and
// the zero time when nothing was read. Read together with a later one, an earlier message has that one's time: never a better one.
func (c *Clock) Last() time.Time {
	if ns := c.last.Load(); ns != 0 {
		return time.Unix(0, ns)
	}
	return time.Time{}
}

// Transport makes connections that set the clock. It keeps none for later.
func (c *Clock) Transport() *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	return &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			return c.watch(conn), nil
		},
	}
}

// byReading is a connection whose bytes arrive when they are read, as far as anybody knows.
type byReading struct {
	net.Conn
	clock *Clock
}

// Read implements net.Conn.
func (c byReading) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.clock.last.Store(time.Now().UnixNano())
	}
	return n, err
}
