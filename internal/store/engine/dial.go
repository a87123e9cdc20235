package engine

import (
	"context"
	"net"
	"strings"
	"syscall"
	"time"
)

// tcpUserTimeout is Linux' TCP_USER_TIMEOUT, which package syscall does not have on all architectures.
const tcpUserTimeout = 18

// dialer makes connections that end when nothing of what is sent arrives for some time. Without it, a server that is cut off without a
// word would be waited for a quarter of an hour.
func dialer(patience time.Duration) func(ctx context.Context, network, address string) (net.Conn, error) {
	d := &net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: patience, Interval: max(patience/4, time.Second), Count: 3},
		Control: func(network, _ string, c syscall.RawConn) (err error) {
			if !strings.HasPrefix(network, "tcp") {
				return nil
			}
			done := c.Control(func(fd uintptr) {
				err = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(patience.Milliseconds()))
			})
			if done != nil {
				return done
			}
			return err
		},
	}
	return d.DialContext
}
